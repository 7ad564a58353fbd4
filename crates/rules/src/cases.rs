//! A file of cases with expected answers: what the rules say beside what someone expects.

mod case;

use facts::Chip;
use serde::Serialize;
use std::{collections::BTreeMap, path::Path};
use units::{Problem, Problems};

use crate::{Outcome, RuleBook, sheet::Sheet};

/// Columns that a case file must have.
const REQUIRED: [&str; 4] = ["case_id", "chip_id", "date", "destination"];
/// Columns that are read where they stand.
const OPTIONAL: [&str; 16] = [
    "exported_from_us",
    "datacenter",
    "tpp",
    "pd",
    "io_GBs",
    "dram_bw_GBs",
    "expected_class",
    "expected_outcome",
    "snapshot",
    "headquartered_in",
    "vendor",
    "kind",
    "origin",
    "hbm_GBs",
    "hbm_mm2",
    "chip_name",
];

/// The `result` of `rules check --cases`.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct CasesReport {
    /// The file's name, without its folder.
    pub file: String,
    /// Cases.
    pub rows: usize,
    /// Those with an expectation.
    pub compared: usize,
    /// Those that meet it.
    pub matched: usize,
    /// Those that do not.
    pub mismatched: usize,
    /// Every case, in file order.
    pub cases: Vec<CaseLine>,
}

/// One case.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct CaseLine {
    /// Its id.
    pub case_id: String,
    /// Its line in the file.
    pub line: u64,
    /// What the rules say.
    pub outcome: Outcome,
    /// The class.
    pub class: String,
    /// What was expected; null = not compared.
    pub expected_outcome: Option<Outcome>,
    /// The class that was expected; null = not compared.
    pub expected_class: Option<String>,
    /// Whether all that was expected came; null where nothing was.
    #[serde(rename = "match")]
    pub matches: Option<bool>,
    /// The rule that set the outcome.
    pub rule: Option<String>,
}

/// Checks every case of a file; `chip` looks a built-in chip up.
///
/// # Errors
/// All problems at once: a missing column, a record of another length, an unknown chip, country or snapshot, a
/// figure that is no number.
pub fn check(
    text: &str,
    file: &str,
    chip: &dyn Fn(&str) -> Result<Chip, Problem>,
    book: &RuleBook,
) -> Result<CasesReport, Problems> {
    let sheet = Sheet::read(text, file, &REQUIRED, &OPTIONAL)?;
    let mut problems = Problems::default();
    let mut cases = Vec::new();
    let mut seen = BTreeMap::new();
    for row in sheet.rows() {
        let mut reader = case::Reader { sheet: &sheet, row, file, problems: &mut problems };
        let Some(case) = reader.case(chip, book) else { continue };
        if let Some(line) = seen.insert(case.id.clone(), row.line) {
            let message = format!("the case '{}' stands already on line {line}", case.id);
            problems.push(Problem::new("doubled_case", message).file(file).line(row.line).key("case_id"));
        }
        match book.check(&case.item, &case.query) {
            Ok(answer) => {
                let outcome = case.expected_outcome.map(|expected| expected == answer.outcome);
                let class = case.expected_class.as_ref().map(|expected| *expected == answer.class);
                let matches = match (outcome, class) {
                    (None, None) => None,
                    (outcome, class) => Some(outcome.unwrap_or(true) && class.unwrap_or(true)),
                };
                cases.push(CaseLine {
                    case_id: case.id,
                    line: row.line,
                    outcome: answer.outcome,
                    class: answer.class,
                    expected_outcome: case.expected_outcome,
                    expected_class: case.expected_class,
                    matches,
                    rule: answer.rule.map(|rule| rule.id),
                });
            }
            Err(problem) => problems.push(problem.file(file).line(row.line)),
        }
    }
    let count = |wanted| cases.iter().filter(|case| case.matches == Some(wanted)).count();
    let (matched, mismatched) = (count(true), count(false));
    let name = Path::new(file).file_name().map_or_else(|| file.into(), |name| name.to_string_lossy().into_owned());
    problems.check(CasesReport {
        file: name,
        rows: cases.len(),
        compared: matched + mismatched,
        matched,
        mismatched,
        cases,
    })
}
