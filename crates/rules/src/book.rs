//! All rules, groups and snapshots, and what is asked of them.

use units::{Date, Problem, Problems};

use crate::{Answer, Iso2, Item, Outcome, Query};

/// One rule with its classes and licence blocks.
#[derive(Clone, Debug)]
pub struct Rule {
    /// Unique in a book.
    pub id: String,
}

/// The rules of a world: those of history, or a policy's.
#[derive(Clone, Debug)]
pub struct RuleBook {
    /// In the order in which they are evaluated.
    pub rules: Vec<Rule>,
}

impl RuleBook {
    /// The built-in history (`data/export_rules.toml`).
    pub fn builtin() -> Self {
        unimplemented!("API skeleton")
    }

    /// Reads a rule table.
    ///
    /// # Errors
    /// All problems at once, with line and column: unknown keys, predicates that do not parse, unknown groups.
    pub fn parse(_text: &str, _file: &str) -> Result<Self, Problems> {
        unimplemented!("API skeleton")
    }

    /// The groups of the built-in table and no rule: all US chip controls removed.
    pub fn none() -> Self {
        unimplemented!("API skeleton")
    }

    /// This book with a policy's rules after its own; one with the id of an existing rule takes its place.
    ///
    /// # Errors
    /// A rule that names a class or a group that the book does not define.
    pub fn with_rules(self, _rules: Vec<Rule>) -> Result<Self, Problems> {
        unimplemented!("API skeleton")
    }

    /// The `[[rule]]` tables of a policy file, in the full or the short form (`deny = "..."`); other keys are left
    /// to whoever reads the rest.
    ///
    /// # Errors
    /// All problems at once.
    pub fn rules_from_toml(&self, _text: &str, _file: &str) -> Result<Vec<Rule>, Problems> {
        unimplemented!("API skeleton")
    }

    /// The full answer.
    ///
    /// # Errors
    /// An unknown country or snapshot.
    pub fn check(&self, _item: &Item, _query: &Query) -> Result<Answer, Problem> {
        unimplemented!("API skeleton")
    }

    /// Only the outcome of a direct export to a buyer at home in the destination: what the world model asks.
    pub fn outcome(&self, _item: &Item, _to: Iso2, _on: Date) -> Outcome {
        unimplemented!("API skeleton")
    }
}
