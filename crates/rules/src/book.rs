//! All rules, groups and snapshots of a world: those of history, or a policy's.

mod alike;
mod groups;

use std::sync::LazyLock;
use units::{Date, Problem, Problems, nearest};

pub use groups::{GroupId, GroupView, Groups};

use crate::{confirmation::Confirmation, read, rule::Rule};

/// The built-in table.
const BUILTIN: &str = include_str!("../../../data/export_rules.toml");

static HISTORY: LazyLock<Result<RuleBook, Problems>> =
    LazyLock::new(|| RuleBook::parse(BUILTIN, "data/export_rules.toml"));

/// A fixed list of rules, for tables and for what might have been.
#[derive(Clone, Debug, PartialEq)]
pub struct Snapshot {
    /// Its id, such as `2025-04`.
    pub id: String,
    /// A day on which the list holds.
    pub date: Date,
    /// Never was law (the diffusion rule, had it been enforced).
    pub counterfactual: bool,
    /// Ids of its rules.
    pub rules: Vec<String>,
    /// The lists that it means by D4 and A5.
    pub groups: Vec<(GroupId, GroupId)>,
}

/// Rules, groups, snapshots.
#[derive(Clone, Debug, PartialEq)]
pub struct RuleBook {
    /// The last day that the table speaks of.
    pub as_of: Date,
    /// Groups of countries.
    pub groups: Groups,
    /// In the order in which they are evaluated.
    pub rules: Vec<Rule>,
    /// Named lists of rules.
    pub snapshots: Vec<Snapshot>,
    /// Public statements about single chips.
    pub(crate) confirmations: Vec<Confirmation>,
}

impl RuleBook {
    /// The built-in history (`data/export_rules.toml`).
    ///
    /// # Panics
    /// Never in a build whose tests passed: they read the built-in table.
    pub fn builtin() -> Self {
        match &*HISTORY {
            Ok(book) => book.clone(),
            Err(problems) => panic!("the built-in rule table is broken: {problems}"),
        }
    }

    /// Reads a rule table.
    ///
    /// # Errors
    /// All problems at once, with line and column: unknown keys, conditions that do not parse, unknown groups,
    /// countries, rules and classes.
    pub fn parse(text: &str, file: &str) -> Result<Self, Problems> {
        let read::Contents { as_of, groups, rules, snapshots } = read::contents(text, file)?;
        let confirmations = crate::confirmation::builtin();
        let book = Self { as_of, groups, rules, snapshots, confirmations };
        book.unknown_classes().check(())?;
        Ok(book)
    }

    /// The groups of the built-in table and no rule: all US chip controls removed.
    pub fn none() -> Self {
        Self { rules: Vec::new(), snapshots: Vec::new(), ..Self::builtin() }
    }

    /// The `[[rule]]` tables of a policy file, in the full or the short form (`deny = "..."`); other keys are left
    /// to whoever reads the rest. Conditions and destinations may name the groups of this book.
    ///
    /// # Errors
    /// All problems at once.
    pub fn rules_from_toml(&self, text: &str, file: &str) -> Result<Vec<Rule>, Problems> {
        read::rules(text, file, &self.groups)
    }

    /// This book with a policy's rules after its own; one with the id of an existing rule takes its place.
    ///
    /// # Errors
    /// A licence block for a class that no rule of the book defines: it could never fire.
    pub fn with_rules(mut self, rules: Vec<Rule>) -> Result<Self, Problems> {
        for rule in rules {
            match self.rules.iter_mut().find(|existing| existing.id == rule.id) {
                Some(existing) => *existing = rule,
                None => self.rules.push(rule),
            }
        }
        self.unknown_classes().check(self)
    }

    /// A snapshot by its id.
    ///
    /// # Errors
    /// None of that id.
    pub fn snapshot(&self, id: &str) -> Result<&Snapshot, Problem> {
        self.snapshots.iter().find(|snapshot| snapshot.id == id).ok_or_else(|| {
            let ids: Vec<&str> = self.snapshots.iter().map(|snapshot| snapshot.id.as_str()).collect();
            Problem::new("unknown_snapshot", format!("there is no snapshot '{id}'; use one of {}", ids.join(", ")))
                .key("snapshot")
                .suggest(nearest(id, ids).into_iter().next())
        })
    }

    fn unknown_classes(&self) -> Problems {
        let known: Vec<&str> =
            self.rules.iter().flat_map(|rule| &rule.classes).map(|class| class.code.as_str()).collect();
        let mut problems = Problems::default();
        for rule in &self.rules {
            for code in rule.licences.iter().flat_map(|licence| &licence.classes) {
                if !known.contains(&code.as_str()) {
                    let message = format!("rule '{}' names the class '{code}', which no rule defines", rule.id);
                    problems.push(
                        Problem::new("unknown_class", message)
                            .file(&rule.place.file)
                            .line(rule.place.line)
                            .key("classes")
                            .suggest(nearest(code, &known).into_iter().next()),
                    );
                }
            }
        }
        problems
    }
}
