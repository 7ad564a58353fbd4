//! The constants refit without some of the measurements: `data/engine_folds.csv`.

use facts::{
    Facts,
    table::{self, PROVENANCE},
};
use performance::{Constant, Efficiencies, EngineKind, EngineRow, EngineTable};
use std::{collections::BTreeSet, fmt::Write, sync::LazyLock};
use units::{Confidence, Problems, Provenance, Range};

use super::fit::{Case, Fitted, Tried};
use crate::validation::{LeaveOut, shape};

const TABLE: &str = include_str!("../../../../data/engine_folds.csv");
const COLUMNS: [&str; 5] = ["without_chip", "without_model", "engine", "constant", "value"];
/// How far from the best constants neighbours are tried, for the folds [ln].
const NEIGHBOURS: [f64; 1] = [0.2];
/// Where the table comes from.
const SOURCE: &str = "fitted to silicon_sample.csv without them (study::calibration::folds)";

/// What the measurements of a fold lack.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Hole {
    chip: Option<String>,
    model: Option<String>,
}

impl Hole {
    /// Whether a case of a model's shape lies in it.
    fn holds(&self, case: &Case, shape: &str) -> bool {
        self.chip.as_deref().is_none_or(|chip| chip == case.chip())
            && self.model.as_deref().is_none_or(|model| model == shape)
    }
}

#[derive(Clone, Debug)]
struct Row {
    hole: Hole,
    engine: EngineKind,
    constant: Constant,
    value: f64,
}

/// Constants of every fold.
#[derive(Clone, Debug)]
pub struct Folds(Vec<Row>);

impl Folds {
    /// The embedded table.
    pub fn builtin() -> &'static Self {
        static FOLDS: LazyLock<Folds> = LazyLock::new(|| Folds::parse(TABLE).expect("a test reads the embedded table"));
        &FOLDS
    }

    fn parse(text: &str) -> Result<Self, Problems> {
        let engines = EngineKind::ALL.map(|engine| (engine.name(), engine));
        let constants = Constant::ALL.map(|constant| (constant.name(), constant));
        let columns = [&COLUMNS[..], &PROVENANCE].concat();
        let rows = table::read(text, "data/engine_folds.csv", &columns, |row| {
            row.provenance();
            Row {
                hole: Hole { chip: row.optional_text("without_chip"), model: row.optional_text("without_model") },
                engine: row.one_of("engine", &engines),
                constant: row.one_of("constant", &constants),
                value: row.number("value", table::POSITIVE),
            }
        })?;
        Ok(Self(rows))
    }

    /// Efficiencies that have not seen what is left out for a chip and a model's shape. A chip or model of which no
    /// measurement was fitted is left out as it is.
    pub(crate) fn without(
        &self,
        efficiencies: &Efficiencies,
        leave_out: LeaveOut,
        (chip, shape): (&str, &str),
    ) -> Efficiencies {
        let hole = Hole {
            chip: leave_out.without_chip().then(|| chip.to_string()),
            model: matches!(leave_out, LeaveOut::Model | LeaveOut::ChipModel).then(|| shape.to_string()),
        };
        let mut engines = efficiencies.engines().clone();
        for row in self.0.iter().filter(|row| row.hole == hole) {
            engines = engines.with(row.engine, None, &[(row.constant, row.value)]);
        }
        let table = efficiencies.with_engines(engines);
        if leave_out.without_chip() { table.without_chip(chip) } else { table }
    }
}

/// The constants of all cases and of every fold.
#[derive(Clone, Debug)]
pub struct Refit {
    /// By engine, of all cases.
    pub all: Vec<(EngineKind, Fitted)>,
    /// The table of folds, as CSV.
    pub folds_csv: String,
    /// By engine and fold, for the ranges.
    rows: Vec<(Hole, EngineKind, Fitted)>,
}

impl Refit {
    /// The table of constants with those that were fitted, their range that over all folds, as CSV.
    pub fn constants_csv(&self, table: &EngineTable) -> String {
        let rows: Vec<EngineRow> = table.rows().iter().map(|row| self.row(row)).collect();
        EngineTable::csv(&rows)
    }

    fn row(&self, row: &EngineRow) -> EngineRow {
        let all = self.all.iter().find(|(engine, _)| *engine == row.engine && row.chip.is_none());
        let fitted = all.and_then(|(_, fitted)| {
            let (_, value) = fitted.values.iter().find(|(constant, _)| *constant == row.constant)?;
            Some((fitted, *value))
        });
        let Some((Fitted { figures, loss, .. }, central)) = fitted else { return row.clone() };
        let (low, high) = self.range(row.engine, row.constant).unwrap_or((central, central));
        let source = format!(
            "fitted to {figures} figures of the kept rows of silicon_sample.csv (refit_engines); mean error {:.0} %; \
             range over the folds without a chip or a model",
            (loss.exp() - 1.0) * 100.0
        );
        let range = Range { low: low.min(central), central, high: high.max(central) };
        let provenance = Provenance { source, confidence: Confidence::Medium, ..row.provenance.clone() };
        EngineRow { range, provenance, ..row.clone() }
    }

    /// Smallest and largest value of a constant over all folds [its unit].
    pub fn range(&self, engine: EngineKind, constant: Constant) -> Option<(f64, f64)> {
        let rows = self.rows.iter().filter(|row| row.1 == engine);
        let values = rows.flat_map(|row| &row.2.values).filter(|pair| pair.0 == constant).map(|pair| pair.1);
        values.fold(None, |range: Option<(f64, f64)>, value| {
            Some(range.map_or((value, value), |(low, high)| (low.min(value), high.max(value))))
        })
    }
}

/// Fits every engine to all cases, and to those that each chip, model and pair leaves.
///
/// # Errors
/// A chip or model that is in no table.
pub fn refit(cases: &[Case], facts: &Facts, efficiencies: &Efficiencies) -> Result<Refit, Problems> {
    let (mut all, mut rows) = (Vec::new(), Vec::new());
    for engine in EngineKind::ALL {
        let ours: Vec<&Case> = cases.iter().filter(|case| case.engine() == engine).collect();
        let shapes: Vec<&str> = ours.iter().map(|case| shape::of(facts, case.model())).collect();
        let Some(tried) = Tried::search(&ours, facts, efficiencies, (engine, None), &NEIGHBOURS)? else { continue };
        all.extend(tried.best(&|_| true).map(|best| (engine, best)));
        let mut holes = BTreeSet::new();
        for (case, shape) in ours.iter().zip(&shapes) {
            let (chip, model) = (Some(case.chip().to_string()), Some((*shape).to_string()));
            holes.insert(Hole { chip: chip.clone(), model: None });
            holes.insert(Hole { chip: None, model: model.clone() });
            holes.insert(Hole { chip, model });
        }
        for hole in holes {
            let best = tried.best(&|case| !hole.holds(ours[case], shapes[case]));
            rows.extend(best.map(|best| (hole, engine, best)));
        }
    }
    rows.sort_by(|a, b| (&a.0, a.1).cmp(&(&b.0, b.1)));
    Ok(Refit { all, folds_csv: folds_csv(&rows), rows })
}

fn folds_csv(rows: &[(Hole, EngineKind, Fitted)]) -> String {
    let mut text = format!("{},{}\n", COLUMNS.join(","), PROVENANCE.join(","));
    for (hole, engine, fitted) in rows {
        for (constant, value) in &fitted.values {
            let [chip, model] = [&hole.chip, &hole.model].map(|id| id.as_deref().unwrap_or_default());
            let value = format!("{value:.6e}").parse::<f64>().unwrap_or(*value);
            let (engine, constant) = (engine.name(), constant.name());
            // Writing to a string does not fail.
            let _ =
                writeln!(text, "{chip},{model},{engine},{constant},{value},{SOURCE},2026-11,\"facts, cited\",medium");
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_embedded_folds_read() {
        Folds::parse(TABLE).unwrap();
    }
}
