//! Public statements that confirm what the rules say of a chip: `data/rule_confirmations.csv`.

use facts::table::{self, PROVENANCE};
use std::sync::LazyLock;
use units::Problems;

use crate::{Iso2, Outcome, place};

const TABLE: &str = include_str!("../../../data/rule_confirmations.csv");

static ROWS: LazyLock<Result<Vec<Confirmation>, Problems>> = LazyLock::new(|| read(TABLE, "rule_confirmations.csv"));

/// A statement by a firm or the agency about one chip under one regime.
#[derive(Clone, Debug, PartialEq)]
pub struct Confirmation {
    /// The chip's id.
    pub chip: String,
    /// The destination.
    pub destination: Iso2,
    /// The snapshot whose rules were in force.
    pub snapshot: String,
    /// The outcome that was confirmed.
    pub outcome: Outcome,
    /// The rule that set it; `None` where none did (free).
    pub rule: Option<String>,
    /// All of it (`yes`), or a part (`partial`).
    pub whole: bool,
}

/// The built-in rows.
pub fn builtin() -> Vec<Confirmation> {
    match &*ROWS {
        Ok(rows) => rows.clone(),
        Err(problems) => panic!("the built-in table of confirmations is broken: {problems}"),
    }
}

fn read(text: &str, file: &str) -> Result<Vec<Confirmation>, Problems> {
    let columns = [&["chip", "destination", "snapshot", "outcome", "rule", "confirmation"][..], &PROVENANCE].concat();
    let rows = table::read(text, file, &columns, |row| {
        let destination = row.text("destination");
        let country = place::country(&destination);
        if country.is_err() {
            row.refuse("destination", "unknown_country", format!("'{destination}' is no country"));
        }
        row.provenance();
        let whole = row.one_of("confirmation", &[("yes", true), ("partial", false)]);
        let outcome = row.one_of("outcome", &Outcome::ALL.map(|outcome| (outcome.name(), outcome)));
        let (chip, snapshot, rule) = (row.text("chip"), row.text("snapshot"), row.optional_text("rule"));
        country.ok().map(|destination| Confirmation { chip, destination, snapshot, outcome, rule, whole })
    })?;
    Ok(rows.into_iter().flatten().collect())
}
