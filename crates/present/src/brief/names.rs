//! How ids of a run are said: policies, blocs, camps, inputs, variables.

use std::collections::BTreeMap;
use study::findings::{Brief, Camp};

use crate::Language;

/// The words for the ids of one run.
pub struct Names<'a> {
    /// The reader's language.
    pub language: Language,
    policies: BTreeMap<&'a str, &'a str>,
}

impl<'a> Names<'a> {
    /// The words of this run.
    pub fn new(brief: &'a Brief, language: Language) -> Self {
        let policies =
            brief.scenario.policies.iter().map(|policy| (policy.id.as_str(), policy.title.as_str())).collect();
        Self { language, policies }
    }

    /// A policy: its short name where it is a preset, else the title of its file, else its id.
    pub fn policy(&self, id: &str) -> String {
        let known = self.language.find(&format!("policy.{id}")).map(str::to_string);
        let titled = || self.policies.get(id).filter(|title| !title.trim().is_empty()).map(ToString::to_string);
        known.or_else(titled).unwrap_or_else(|| self.language.name("policy", id))
    }

    /// A bloc.
    pub fn bloc(&self, id: &str) -> String {
        self.language.name("bloc", id)
    }

    /// A bloc within a sentence.
    pub fn bloc_in(&self, id: &str) -> String {
        self.language.name("bloc_in", id)
    }

    /// A variable of the trajectories.
    pub fn variable(&self, id: &str) -> String {
        self.language.name("variable", id)
    }

    /// A named number of a claim.
    pub fn metric(&self, id: &str) -> String {
        self.language.name("metric", id)
    }

    /// An input: its id in words.
    pub fn input(&self, id: &str) -> String {
        self.language.name("input", id)
    }

    /// A camp: `default camps`, or the input and the camp's name.
    pub fn camp(&self, camp: &Camp) -> String {
        match (&camp.input, &camp.name) {
            (Some(input), Some(name)) => self
                .language
                .fill("claim.camp_of", &[("input", &self.input(input)), ("camp", &self.language.name("camp", name))]),
            _ if camp.camp == "default" => self.language.text("claim.default_camp").into(),
            _ => self.language.name("camp", &camp.camp),
        }
    }
}
