//! Reading `data/inputs.csv`: one row an input, or one a camp of it.

use std::str::FromStr;

use facts::table::{self, Row};
use units::{Problem, Problems};

use super::{CampView, Distribution, InputKind, InputSpec};

/// One row: an input's only view, or one camp's.
struct Line {
    number: u64,
    spec: InputSpec,
    camp: Option<Camp>,
    is_default: bool,
}

/// `disagreement/camp`, as a cell writes it.
struct Camp {
    disagreement: String,
    name: String,
}

impl FromStr for Camp {
    type Err = Problem;

    fn from_str(text: &str) -> Result<Self, Problem> {
        match text.split_once('/') {
            Some((disagreement, name)) if !disagreement.is_empty() && !name.is_empty() => {
                Ok(Self { disagreement: disagreement.into(), name: name.into() })
            }
            _ => Err(Problem::new("bad_camp", format!("camp is '{text}'; write it as disagreement/camp"))),
        }
    }
}

/// The columns of a table of inputs, beside those of provenance.
const OWN: [&str; 13] = [
    "key",
    "title",
    "unit",
    "dist",
    "low",
    "central",
    "high",
    "camp",
    "camp_default",
    "equation",
    "mechanism",
    "kind",
    "note",
];

/// Reads the rows of a table as they stand, each an input of its own.
pub(super) fn rows(file: &str, text: &str) -> Result<Vec<InputSpec>, Problems> {
    let columns = [&OWN[..], &table::PROVENANCE].concat();
    Ok(table::read(text, file, &columns, line)?.into_iter().map(|line| line.spec).collect())
}

/// Reads the inputs of a table; rows of one key are camps of one disagreement.
pub(super) fn read(file: &str, text: &str) -> Result<Vec<InputSpec>, Problems> {
    let columns = [&OWN[..], &table::PROVENANCE].concat();
    let lines = table::read(text, file, &columns, line)?;
    let mut problems = Problems::default();
    let mut inputs: Vec<InputSpec> = Vec::new();
    for line in lines {
        let mut refuse = |message: String| {
            let problem = Problem::new("bad_input", message).file(file).line(line.number).key("camp");
            problems.push(problem);
        };
        match inputs.iter_mut().find(|input| input.key == line.spec.key) {
            None => {
                let mut spec = line.spec;
                if let Some(camp) = line.camp {
                    spec.disagreement = Some(camp.disagreement);
                    add_camp(&mut spec, camp.name, line.is_default);
                }
                inputs.push(spec);
            }
            Some(known) => match line.camp {
                Some(camp) if known.disagreement.as_ref() == Some(&camp.disagreement) => {
                    if known.unit != line.spec.unit {
                        refuse(format!("'{}' has two units, {} and {}", known.key, known.unit, line.spec.unit));
                    }
                    if known.camps.iter().any(|view| view.camp == camp.name) {
                        refuse(format!("'{}' has the camp '{}' twice", known.key, camp.name));
                    }
                    let own = (known.distribution.clone(), known.provenance.clone(), known.note.clone());
                    known.distribution = line.spec.distribution;
                    known.provenance = line.spec.provenance;
                    known.note = line.spec.note;
                    add_camp(known, camp.name, line.is_default);
                    if !line.is_default {
                        (known.distribution, known.provenance, known.note) = own;
                    }
                }
                _ => refuse(format!("'{}' stands twice and its rows are no camps of one disagreement", known.key)),
            },
        }
    }
    for input in inputs.iter().filter(|input| input.disagreement.is_some() && input.camp_default.is_none()) {
        let message = format!("'{}' has camps and none of them is the default", input.key);
        problems.push(Problem::new("bad_input", message).file(file).key("camp_default"));
    }
    problems.check(inputs)
}

/// Notes the active view of a spec as one camp's.
fn add_camp(spec: &mut InputSpec, camp: String, is_default: bool) {
    spec.camps.push(CampView {
        camp: camp.clone(),
        distribution: spec.distribution.clone(),
        provenance: spec.provenance.clone(),
        note: spec.note.clone(),
    });
    if is_default {
        spec.camp_default = Some(camp.clone());
        spec.camp = Some(camp);
    }
}

fn line(row: &mut Row<'_>) -> Line {
    let kind =
        [("measured", InputKind::Measured), ("derived", InputKind::Derived), ("assumption", InputKind::Assumption)];
    let distribution = distribution(row);
    let spec = InputSpec {
        key: row.text("key"),
        title: row.text("title"),
        unit: row.text("unit"),
        distribution,
        disagreement: None,
        camps: Vec::new(),
        camp: None,
        camp_default: None,
        equations: row.list("equation"),
        claims: row.list("mechanism"),
        kind: row.one_of("kind", &kind),
        provenance: row.provenance(),
        note: row.optional_text("note"),
    };
    let is_default = row.optional_text("camp_default").is_some() && row.yes_no("camp_default");
    Line { number: row.line(), spec, camp: row.optional_parsed("camp"), is_default }
}

/// The distribution of a row; for a discrete one, `low` to `high` are the whole numbers that it may take.
fn distribution(row: &mut Row<'_>) -> Distribution {
    let range = row.range(["low", "central", "high"], table::ANY);
    let (low, central, high) = (range.low, range.central, range.high);
    let name = row.text("dist");
    if matches!(name.as_str(), "loguniform" | "lognormal") && low <= 0.0 {
        row.refuse("low", "out_of_range", format!("low is {low}; a logarithm wants more than zero"));
        return Distribution::Fixed { value: central };
    }
    match name.as_str() {
        "fixed" => Distribution::Fixed { value: central },
        "uniform" => Distribution::Uniform { low, high },
        "loguniform" => Distribution::LogUniform { low, high },
        "triangular" => Distribution::Triangular { low, mode: central, high },
        "normal" => Distribution::Normal { low, central, high },
        "lognormal" => Distribution::LogNormal { low, central, high },
        "discrete" => Distribution::Discrete { values: (low as i64..=high as i64).map(|value| value as f64).collect() },
        _ => {
            let message = format!(
                "dist is '{name}'; use one of fixed, uniform, loguniform, triangular, normal, lognormal, discrete"
            );
            row.refuse("dist", "unknown_distribution", message);
            Distribution::Fixed { value: central }
        }
    }
}
