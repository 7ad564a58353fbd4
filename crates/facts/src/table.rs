//! Reading a table: CSV with a header row, where every problem is reported at once.
//!
//! A getter that fails notes the problem and hands back a placeholder, so that reading goes on; no placeholder
//! is ever seen, since a table with a problem is refused as a whole.
//!
//! # Examples
//! ```
//! let rows = facts::table::read("id,mass_kg\na,1.5\n", "t.csv", &["id", "mass_kg"], |row| {
//!     (row.text("id"), row.number("mass_kg", 0.0..=10.0))
//! });
//! assert_eq!(rows.unwrap(), [("a".to_string(), 1.5)]);
//!
//! // Two problems, and both are reported.
//! let problems = facts::table::read("id,mass_kg\na,heavy\n,2\n", "t.csv", &["id", "mass_kg"], |row| {
//!     (row.text("id"), row.number("mass_kg", 0.0..=10.0))
//! });
//! assert_eq!(problems.unwrap_err().0.len(), 2);
//! ```

use std::{collections::BTreeMap, ops::RangeInclusive, str::FromStr};

use units::{Confidence, Problem, Problems, Provenance, Quarter, Range, nearest};

use crate::Period;

/// The columns that every table carries beside its own.
pub const PROVENANCE: [&str; 4] = ["source", "date", "licence", "confidence"];

/// Any finite number.
pub const ANY: RangeInclusive<f64> = f64::MIN..=f64::MAX;
/// Zero or more.
pub const NOT_NEGATIVE: RangeInclusive<f64> = 0.0..=f64::MAX;
/// More than zero.
pub const POSITIVE: RangeInclusive<f64> = f64::MIN_POSITIVE..=f64::MAX;
/// A share.
pub const FRACTION: RangeInclusive<f64> = 0.0..=1.0;

/// Reads every record of `text` with `read`, which asks the row for its columns by name.
///
/// The header must hold exactly `columns`, in any order.
///
/// # Errors
/// Every problem of the table, sorted by line: an empty file, a missing, unknown or doubled column, a record
/// of another length, an unclosed quote, and whatever the getters of [`Row`] refuse.
pub fn read<T>(
    text: &str,
    file: &str,
    columns: &[&str],
    mut read: impl FnMut(&mut Row<'_>) -> T,
) -> Result<Vec<T>, Problems> {
    let mut problems = Problems::default();
    let mut rows = Vec::new();
    let Some(header) = header(text, file, columns, &mut problems) else { return problems.check(rows) };
    let lines = Lines::new(text);
    let mut reader = csv::ReaderBuilder::new().flexible(true).from_reader(text.as_bytes());
    for record in reader.records() {
        let record = match record {
            Ok(record) => record,
            Err(error) => {
                let line = error.position().map_or(1, csv::Position::line);
                problems.push(Problem::new("bad_csv", format!("is no CSV: {error}")).file(file).line(line));
                continue;
            }
        };
        let line = lines.first_of(&record);
        if record.len() != header.len() {
            let message = format!("has {} fields where the header has {}", record.len(), header.len());
            problems.push(Problem::new("bad_record", message).file(file).line(line));
            continue;
        }
        rows.push(read(&mut Row {
            file,
            line,
            lines: &lines,
            header: &header,
            record: &record,
            problems: &mut problems,
        }));
    }
    problems.check(rows)
}

/// Where each column stands, or nothing where the table cannot be read at all.
fn header<'t>(
    text: &str,
    file: &str,
    columns: &[&'t str],
    problems: &mut Problems,
) -> Option<BTreeMap<&'t str, usize>> {
    let problem = |code, message: String| Problem::new(code, message).file(file).line(1);
    if let Some(line) = unclosed_quote(text) {
        problems.push(problem("unclosed_quote", "a quote is opened here and never closed".into()).line(line));
        return None;
    }
    let mut reader = csv::ReaderBuilder::new().flexible(true).from_reader(text.as_bytes());
    let found = match reader.headers() {
        Ok(found) if !found.is_empty() => found.clone(),
        Ok(_) => {
            problems.push(problem("empty_table", "is empty; a header row is wanted".into()));
            return None;
        }
        Err(error) => {
            problems.push(problem("bad_csv", format!("is no CSV: {error}")));
            return None;
        }
    };
    let mut header = BTreeMap::new();
    let before = problems.0.len();
    for (index, name) in found.iter().enumerate() {
        match columns.iter().find(|column| **column == name) {
            Some(column) => {
                if header.insert(*column, index).is_some() {
                    problems.push(problem("doubled_column", format!("the column '{name}' stands twice")).key(name));
                }
            }
            None => problems.push(
                problem("unknown_column", format!("the column '{name}' is not known"))
                    .key(name)
                    .suggest(nearest(name, columns).into_iter().find(|near| !found.iter().any(|other| other == near))),
            ),
        }
    }
    for column in columns.iter().filter(|column| !header.contains_key(**column)) {
        problems.push(problem("missing_column", format!("the column '{column}' is missing")).key(*column));
    }
    (problems.0.len() == before).then_some(header)
}

/// The line where a quoted field opens that never closes.
fn unclosed_quote(text: &str) -> Option<u64> {
    let mut line = 1;
    let mut opened = None;
    let mut field_start = true;
    let mut bytes = text.bytes().peekable();
    while let Some(byte) = bytes.next() {
        if byte == b'\n' {
            line += 1;
        }
        if opened.is_some() {
            if byte == b'"' && bytes.next_if_eq(&b'"').is_none() {
                opened = None;
            }
            continue;
        }
        if byte == b'"' && field_start {
            opened = Some(line);
        }
        field_start = matches!(byte, b',' | b'\n' | b'\r');
    }
    opened
}

/// Where the lines of a text begin.
struct Lines<'t> {
    text: &'t str,
    /// The byte after each line break.
    starts: Vec<usize>,
}

impl<'t> Lines<'t> {
    fn new(text: &'t str) -> Self {
        let starts = text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n').map(|(at, _)| at + 1).collect();
        Self { text, starts }
    }

    /// The line a record begins on, from 1: the reader's position may still stand at line breaks before it.
    fn first_of(&self, record: &csv::StringRecord) -> u64 {
        let at = record.position().map_or(0, |position| position.byte() as usize);
        let breaks = self.text.bytes().skip(at).take_while(|byte| matches!(byte, b'\n' | b'\r')).count();
        self.starts.partition_point(|start| *start <= at + breaks) as u64 + 1
    }

    /// The text of a line, from 1.
    fn text(&self, line: u64) -> &'t str {
        let start = line.checked_sub(2).map_or(0, |before| self.starts.get(before as usize).copied().unwrap_or(0));
        self.text.get(start..).and_then(|rest| rest.lines().next()).unwrap_or_default()
    }
}

/// One record of a table; every getter takes the column's name.
pub struct Row<'t> {
    file: &'t str,
    line: u64,
    lines: &'t Lines<'t>,
    header: &'t BTreeMap<&'t str, usize>,
    record: &'t csv::StringRecord,
    problems: &'t mut Problems,
}

impl Row<'_> {
    /// The line of the record in its file.
    pub fn line(&self) -> u64 {
        self.line
    }

    /// Notes a problem of this column.
    pub fn refuse(&mut self, column: &str, code: &'static str, message: impl Into<String>) {
        self.note(column, Problem::new(code, message));
    }

    /// The cell without surrounding blanks; `None` where nothing stands.
    pub fn optional_text(&mut self, column: &str) -> Option<String> {
        let cell = self.cell(column);
        (!cell.is_empty()).then(|| cell.to_string())
    }

    /// A cell that must not be blank.
    pub fn text(&mut self, column: &str) -> String {
        let text = self.optional_text(column);
        self.wanted(column, text).unwrap_or_default()
    }

    /// The parts of a cell, separated by `|`.
    pub fn list(&mut self, column: &str) -> Vec<String> {
        self.cell(column).split('|').map(str::trim).filter(|part| !part.is_empty()).map(str::to_string).collect()
    }

    /// A finite number inside `allowed`, or nothing.
    pub fn optional_number(&mut self, column: &str, allowed: RangeInclusive<f64>) -> Option<f64> {
        let text = self.optional_text(column)?;
        match text.parse::<f64>() {
            Ok(value) if value.is_finite() && allowed.contains(&value) => Some(value),
            Ok(value) if value.is_finite() => {
                let bound = if value < *allowed.start() {
                    format!("at least {}", allowed.start())
                } else {
                    format!("at most {}", allowed.end())
                };
                let bound = if allowed == POSITIVE { "above zero".into() } else { bound };
                self.refuse(column, "out_of_range", format!("{column} is {text}; it must be {bound}"));
                None
            }
            _ => {
                self.refuse(column, "not_a_number", format!("{column} is '{text}'; a finite number is wanted"));
                None
            }
        }
    }

    /// A finite number inside `allowed`.
    pub fn number(&mut self, column: &str, allowed: RangeInclusive<f64>) -> f64 {
        if self.cell(column).is_empty() {
            return self.wanted(column, None).unwrap_or_default();
        }
        self.optional_number(column, allowed).unwrap_or_default()
    }

    /// A whole number, zero or more, or nothing.
    pub fn optional_count(&mut self, column: &str) -> Option<u64> {
        let value = self.optional_number(column, 0.0..=9e15)?;
        if value.fract() != 0.0 {
            self.refuse(column, "not_a_count", format!("{column} is {value}; a whole number is wanted"));
        }
        Some(value as u64)
    }

    /// `yes` or `no`.
    pub fn yes_no(&mut self, column: &str) -> bool {
        self.one_of(column, &[("yes", true), ("no", false)])
    }

    /// One of the words given, as its value.
    pub fn one_of<T: Copy>(&mut self, column: &str, words: &[(&str, T)]) -> T {
        let text = self.cell(column).to_string();
        if let Some((_, value)) = words.iter().find(|(word, _)| *word == text) {
            return *value;
        }
        let names: Vec<&str> = words.iter().map(|(word, _)| *word).collect();
        let message = format!("{column} is '{text}'; use one of {}", names.join(", "));
        let suggestion = nearest(&text, &names).into_iter().next();
        self.note(column, Problem::new("unknown_word", message).suggest(suggestion));
        words[0].1
    }

    /// Whatever parses itself, or nothing.
    pub fn optional_parsed<T: FromStr<Err = Problem>>(&mut self, column: &str) -> Option<T> {
        let text = self.optional_text(column)?;
        match text.parse() {
            Ok(value) => Some(value),
            Err(problem) => {
                self.note(column, problem);
                None
            }
        }
    }

    /// A day, month, quarter, half-year or year.
    pub fn period(&mut self, column: &str) -> Period {
        let period = self.optional_parsed(column);
        let blank = self.cell(column).is_empty();
        if blank { self.wanted(column, None) } else { period }.unwrap_or(Period::PLACEHOLDER)
    }

    /// A quarter.
    pub fn quarter(&mut self, column: &str) -> Quarter {
        let quarter = self.optional_parsed(column);
        let blank = self.cell(column).is_empty();
        if blank { self.wanted(column, None) } else { quarter }.unwrap_or(Quarter::new(2000, 1))
    }

    /// A range from three columns: central must be given; low and high, where blank, are the central value.
    pub fn range(&mut self, [low, central, high]: [&str; 3], allowed: RangeInclusive<f64>) -> Range {
        let middle = self.number(central, allowed.clone());
        let bottom = self.optional_number(low, allowed.clone()).unwrap_or(middle);
        let top = self.optional_number(high, allowed).unwrap_or(middle);
        Range::new(bottom, middle, top).unwrap_or_else(|| {
            let message = format!("{low} {bottom}, {central} {middle}, {high} {top} are not in rising order");
            self.refuse(central, "bad_range", message);
            Range::fixed(middle)
        })
    }

    /// The four columns that say where the row comes from.
    pub fn provenance(&mut self) -> Provenance {
        let confidence = self.one_of(
            "confidence",
            &[("low", Confidence::Low), ("medium", Confidence::Medium), ("high", Confidence::High)],
        );
        Provenance { source: self.text("source"), date: self.text("date"), licence: self.text("licence"), confidence }
    }

    /// The cell as it stands, without surrounding blanks. A column that is not in the header is blank, and a
    /// defect of ours that the first test of the table shows.
    fn cell(&mut self, column: &str) -> &str {
        if !self.header.contains_key(column) {
            self.note(column, Problem::new("missing_column", format!("the column '{column}' is not in the table")));
        }
        self.header.get(column).and_then(|index| self.record.get(*index)).unwrap_or_default().trim()
    }

    fn wanted<T>(&mut self, column: &str, value: Option<T>) -> Option<T> {
        if value.is_none() {
            self.refuse(column, "missing_value", format!("{column} is blank; a value is wanted"));
        }
        value
    }

    fn note(&mut self, column: &str, problem: Problem) {
        let mut problem = problem.file(self.file).line(self.line).key(column);
        problem.column = self.header.get(column).and_then(|index| self.column_of(*index));
        self.problems.push(problem);
    }

    /// The character, from 1, where a field begins; only known where the record stands on one line.
    fn column_of(&self, index: usize) -> Option<u64> {
        let line = self.lines.text(self.line);
        let mut quoted = false;
        let mut field = 0;
        for (at, character) in line.chars().enumerate() {
            if field == index {
                return Some(at as u64 + 1);
            }
            match character {
                '"' => quoted = !quoted,
                ',' if !quoted => field += 1,
                _ => {}
            }
        }
        (field == index).then(|| line.chars().count() as u64 + 1)
    }
}
