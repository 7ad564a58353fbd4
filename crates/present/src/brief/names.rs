//! How ids of a run are said: policies, blocs, camps, inputs, variables.

use std::collections::BTreeMap;
use study::findings::{Brief, Camp, ClaimFinding};

use crate::Language;

/// The words for the ids of one run.
pub struct Names<'a> {
    /// The reader's language.
    pub language: Language,
    policies: BTreeMap<&'a str, &'a str>,
    inputs: BTreeMap<&'a str, &'a str>,
}

impl<'a> Names<'a> {
    /// The words of this run.
    pub fn new(brief: &'a Brief, language: Language) -> Self {
        let policies =
            brief.scenario.policies.iter().map(|policy| (policy.id.as_str(), policy.title.as_str())).collect();
        let inputs = brief.assumptions.iter().map(|input| (input.id.as_str(), input.title.as_str())).collect();
        Self { language, policies, inputs }
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

    /// A named number of a claim, with the date or the input that its name ends with.
    pub fn metric(&self, id: &str) -> String {
        let known = |id: &str| self.language.find(&format!("metric.{id}")).map(str::to_string);
        let dated = || {
            let (stem, date) = id.rsplit_once('_').filter(|(_, date)| date.starts_with("20") && date.contains('-'))?;
            Some(self.language.fill("metric.at_date", &[("metric", &known(stem)?), ("date", date)]))
        };
        let raised = || {
            let (stem, input) = id.strip_suffix("_high")?.split_once("_with_")?;
            Some(self.language.fill("metric.with_high", &[("metric", &known(stem)?), ("input", &self.input(input))]))
        };
        known(id).or_else(dated).or_else(raised).unwrap_or_else(|| crate::language::in_words(id))
    }

    /// The unit in which a named number of a claim is written: a difference of shares is said in points.
    pub fn unit<'u>(id: &str, unit: &'u str) -> &'u str {
        const DIFFERENCES: [&str; 5] = ["gain_over", "lead_change", "adoption_gain", "adoption_change", "points"];
        let difference = DIFFERENCES.iter().any(|part| id.contains(part));
        if unit == "fraction" && difference { "fraction_points" } else { unit }
    }

    /// An input: its id in words, without the unit that it ends with.
    pub fn input(&self, id: &str) -> String {
        const UNITS: [&str; 7] =
            ["_usd_per_year", "_per_year", "_quarters", "_months", "_years", "_points", "_usd_per_kwh"];
        let stem = UNITS.iter().find_map(|unit| id.strip_suffix(unit)).unwrap_or(id);
        self.language.name("input", stem)
    }

    /// What an input is, by its registry; its id in words where the run does not list it.
    pub fn input_title(&self, id: &str) -> String {
        self.inputs.get(id).map_or_else(|| self.input(id), ToString::to_string)
    }

    /// What votes on a claim: futures, draws of prices, weightings.
    pub fn voters(&self, claim: &ClaimFinding) -> &'static str {
        self.language.find(&format!("voters.{}", claim.id)).unwrap_or_else(|| self.language.text("voters.futures"))
    }

    /// A camp: `default camps`, or who says so on what.
    pub fn camp(&self, camp: &Camp) -> String {
        match (&camp.input, &camp.name) {
            (Some(input), Some(name)) => {
                let what = self.language.find(&format!("disagreement.{input}"));
                let what = what.map_or_else(|| self.input(input), str::to_string);
                self.language.fill("claim.camp_of", &[("input", &what), ("camp", &self.camp_name(name))])
            }
            _ if camp.camp == "default" => self.language.text("claim.default_camp").into(),
            _ => self.language.name("camp", &camp.camp),
        }
    }

    /// A camp's own name, without the disagreement that may stand before it.
    pub fn camp_name(&self, name: &str) -> String {
        let own = name.rsplit('/').next().unwrap_or(name);
        self.language.name("camp", own)
    }
}
