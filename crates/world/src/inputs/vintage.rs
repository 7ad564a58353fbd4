//! What the inputs were at an earlier date: `data/input_vintages.csv`, for worlds that are frozen there.

use std::path::Path;

use facts::Period;
use units::{Date, Problem, Problems, Quarter};

use super::{InputKind, InputSpec, Registry, read, table_text};

/// The last day of what an input's source speaks of; `None` where the table's date cannot be read.
fn dated(input: &InputSpec) -> Option<Date> {
    input.provenance.date.parse::<Period>().ok().map(|period| period.last)
}

/// Whether a source after `freeze` is cited for an input. Assumptions are ours: they are counted
/// ([`Registry::hindsight`]), not refused.
fn from_the_future(input: &InputSpec, freeze: Quarter) -> bool {
    input.kind != InputKind::Assumption && dated(input).is_none_or(|day| day > freeze.last_day())
}

impl Registry {
    /// This registry as it could have been written at the end of `freeze`: every input that is dated later gets its
    /// latest earlier view of `input_vintages.csv`, if there is one. Camps that did not exist then go with it.
    /// Inputs named after 2025 hold what they name at the freeze.
    ///
    /// # Errors
    /// All problems of the table; `from_the_future` for every input that has no earlier view.
    pub fn known_at(mut self, freeze: Quarter, folder: Option<&Path>) -> Result<Self, Problems> {
        let embedded = include_str!("../../../../data/input_vintages.csv");
        let (file, text) = table_text(folder, "input_vintages.csv", embedded)?;
        let vintages = read::rows(&file, &text)?;
        let mut problems = Problems::default();
        for vintage in &vintages {
            if let Err(problem) = self.index(&vintage.key) {
                problems.push(problem.file(file.clone()));
            }
        }
        let day = freeze.last_day();
        for input in self.inputs.iter_mut().filter(|input| dated(input).is_none_or(|dated| dated > day)) {
            let of_key = vintages.iter().filter(|vintage| vintage.key == input.key);
            let seen = of_key.filter(|vintage| dated(vintage).is_some_and(|dated| dated <= day));
            let Some(vintage) = seen.max_by_key(|vintage| dated(vintage)) else { continue };
            if vintage.unit != input.unit {
                let message = format!("'{}' is in '{}', not in '{}'", input.key, input.unit, vintage.unit);
                problems.push(Problem::new("wrong_unit", message).file(file.clone()).key(input.key.clone()));
            }
            input.distribution = vintage.distribution.clone();
            input.kind = vintage.kind;
            input.provenance = vintage.provenance.clone();
            input.note.clone_from(&vintage.note);
            (input.disagreement, input.camps) = (None, Vec::new());
            (input.camp, input.camp_default) = (None, None);
        }
        problems.check(())?;
        self.check_known(freeze)?;
        Ok(self)
    }

    /// Checks that no input rests on a source after `freeze`.
    ///
    /// # Errors
    /// `from_the_future` for each that does.
    pub fn check_known(&self, freeze: Quarter) -> Result<(), Problems> {
        let mut problems = Problems::default();
        for input in self.inputs.iter().filter(|input| from_the_future(input, freeze)) {
            let message = format!(
                "'{}' rests on a source of {}, and this world sees nothing after {freeze}",
                input.key, input.provenance.date
            );
            problems.push(
                Problem::new("from_the_future", message)
                    .key(input.key.clone())
                    .suggest(Some("a row of input_vintages.csv dated before".into())),
            );
        }
        problems.check(())
    }

    /// Inputs that are assumptions: they are ours and were written after every freeze, which a hindcast says.
    pub fn hindsight(&self) -> Vec<&str> {
        let ours = self.inputs.iter().filter(|input| input.kind == InputKind::Assumption);
        ours.map(|input| input.key.as_str()).collect()
    }
}
