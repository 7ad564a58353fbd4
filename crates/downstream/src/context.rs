//! What a command needs before it starts: flags, facts, threads.

use facts::Facts;
use rules::RuleBook;
use std::cell::OnceCell;

use crate::{
    cli::Global,
    failure::Failure,
    output::{self, Answer, DataStamp},
};

/// The flags, and the facts as soon as somebody asks for them.
pub struct Context {
    /// The flags of every verb.
    pub global: Global,
    facts: OnceCell<Facts>,
    rules: OnceCell<RuleBook>,
}

impl Context {
    /// Sets up the threads; loads nothing yet.
    ///
    /// # Errors
    /// Our failure, where the threads cannot be started.
    pub fn new(global: Global) -> Result<Self, Failure> {
        if let Some(threads) = global.threads {
            rayon::ThreadPoolBuilder::new()
                .num_threads(threads.into())
                .build_global()
                .map_err(|error| Failure::Ours(format!("{threads} threads cannot be started: {error}")))?;
        }
        Ok(Self { global, facts: OnceCell::new(), rules: OnceCell::new() })
    }

    /// The facts: built in, with the tables of `--data` in place of their namesakes.
    ///
    /// # Errors
    /// All problems of the tables in `--data`.
    pub fn facts(&self) -> Result<&Facts, Failure> {
        if self.facts.get().is_none() {
            let facts = Facts::load(self.global.data.as_deref())?;
            let _ = self.facts.set(facts);
        }
        self.facts.get().ok_or_else(|| Failure::Ours("the facts were not kept".into()))
    }

    /// The export rules among the facts.
    ///
    /// # Errors
    /// All problems of the rule table in `--data`.
    pub fn rules(&self) -> Result<&RuleBook, Failure> {
        if self.rules.get().is_none() {
            let text = &self.facts()?.export_rules_text;
            let _ = self.rules.set(RuleBook::parse(text, "export_rules.toml")?);
        }
        self.rules.get().ok_or_else(|| Failure::Ours("the rules were not kept".into()))
    }

    /// Prints an answer.
    ///
    /// # Errors
    /// As [`output::print_answer`].
    pub fn answer(&self, answer: &Answer) -> Result<(), Failure> {
        let stamp = DataStamp { as_of: facts::load::AS_OF.to_string(), sha256: study::data_sha256(self.facts()?) };
        output::print_answer(answer, &stamp, self.global.json)
    }
}
