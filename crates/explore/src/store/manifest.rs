//! What was run, in words that a reader of the table needs.

use serde::{Deserialize, Serialize};
use std::{collections::BTreeMap, path::Path};

use super::{Shard, StoreError};
use crate::{design::Scheme, distribution::Form};

/// The manifest's name in a folder.
pub const MANIFEST: &str = "manifest.json";

/// What was run.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Manifest {
    /// The form of the folder: [`Manifest::SCHEMA`].
    pub schema: String,
    /// The design, over the inputs in their order.
    pub design: Scheme,
    /// Which part of the runs the folder holds; none where it holds them all.
    pub shard: Option<Shard>,
    /// What varies, a column each.
    pub inputs: Vec<Input>,
    /// What is compared: every run gives each output once for each of them. Empty where there is nothing to compare.
    pub alternatives: Vec<String>,
    /// What a run gives.
    pub outputs: Vec<Output>,
    /// What the runs rest on beside: versions, hashes, the model's name.
    pub about: BTreeMap<String, String>,
}

/// What varies.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Input {
    /// Its name, the column's header.
    pub name: String,
    /// Its unit; empty where it has none (null in JSON).
    #[serde(with = "crate::absent")]
    pub unit: String,
    /// How it varies, where one distribution says so.
    pub distribution: Option<Form>,
    /// Names of the values 0, 1, ... of an input that is one of several cases; else empty.
    pub levels: Vec<String>,
}

/// What a run gives.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Output {
    /// Its name; the column's header is the alternative, a slash and this, or this alone where there are none.
    pub name: String,
    /// Its unit; empty where it has none (null in JSON).
    #[serde(with = "crate::absent")]
    pub unit: String,
}

impl Manifest {
    /// The form of a folder.
    pub const SCHEMA: &str = "explore/runs/1";

    /// The first run of the folder, and the one after its last.
    pub fn runs(&self) -> std::ops::Range<u64> {
        self.shard.map_or(0..self.design.runs, |shard| shard.of_runs(self.design.runs))
    }

    /// The header of an output's column.
    pub fn header(&self, alternative: usize, output: usize) -> String {
        match self.alternatives.get(alternative) {
            Some(alternative) => format!("{alternative}/{}", self.outputs[output].name),
            None => self.outputs[output].name.clone(),
        }
    }

    /// Headers of all columns: `run`, inputs, outputs alternative by alternative, `failure`.
    pub fn headers(&self) -> Vec<String> {
        let mut headers = vec!["run".to_string()];
        headers.extend(self.inputs.iter().map(|input| input.name.clone()));
        for alternative in 0..self.alternatives.len().max(1) {
            headers.extend((0..self.outputs.len()).map(|output| self.header(alternative, output)));
        }
        headers.push("failure".into());
        headers
    }

    /// Numbers that a run gives: outputs times alternatives.
    pub fn width(&self) -> usize {
        self.outputs.len() * self.alternatives.len().max(1)
    }

    /// Checks that the headers can be a table's: no two alike, none empty, nothing that would need quoting.
    ///
    /// # Errors
    /// The first header that cannot be.
    pub fn check(&self) -> Result<(), String> {
        let headers = self.headers();
        for (index, header) in headers.iter().enumerate() {
            if header.is_empty() || header.contains([',', '"', '\n', '\r']) {
                return Err(format!("'{}' cannot head a column", header.escape_debug()));
            }
            if headers[..index].contains(header) {
                return Err(format!("two columns are called '{header}'"));
            }
        }
        Ok(())
    }

    /// Reads a folder's manifest.
    ///
    /// # Errors
    /// A folder without one, or with one of another form.
    pub fn read(folder: &Path) -> Result<Self, StoreError> {
        let path = folder.join(MANIFEST);
        let text = std::fs::read(&path).map_err(|error| match error.kind() {
            std::io::ErrorKind::NotFound => {
                StoreError::new("unreadable", folder, format!("holds no runs: there is no {MANIFEST} in it"))
            }
            _ => StoreError::unreadable(&path, &error),
        })?;
        let manifest: Self = serde_json::from_slice(&text).map_err(|error| {
            StoreError::new("damaged", &path, format!("is no manifest of runs: {error}")).at(error.line() as u64)
        })?;
        if manifest.schema != Self::SCHEMA {
            let message = format!("has the form '{}'; this version reads '{}'", manifest.schema, Self::SCHEMA);
            return Err(StoreError::new("damaged", &path, message));
        }
        manifest.check().map_err(|message| StoreError::new("damaged", &path, message))?;
        Ok(manifest)
    }

    /// The text of the file.
    pub(super) fn text(&self) -> String {
        // Strings, numbers and lists of them: nothing that JSON cannot hold.
        let mut text = serde_json::to_string_pretty(self).unwrap_or_default();
        text.push('\n');
        text
    }

    /// The keys on which two manifests differ, the shard aside: as `seed: 1, not 2`.
    pub fn differences(&self, other: &Self) -> Vec<String> {
        let mut found = Vec::new();
        let mut compare = |key: &str, own: String, others: String| {
            if own != others {
                found.push(format!("{key}: {own}, not {others}"));
            }
        };
        let json = |value: &Scheme| serde_json::to_value(value).unwrap_or_default();
        let (own, others) = (json(&self.design), json(&other.design));
        for (key, value) in own.as_object().into_iter().flatten() {
            compare(key, value.to_string(), others[key].to_string());
        }
        let names = |list: &[Input]| list.iter().map(|input| input.name.clone()).collect::<Vec<_>>().join(" ");
        let outputs = |list: &[Output]| list.iter().map(|output| output.name.clone()).collect::<Vec<_>>().join(" ");
        if names(&self.inputs) == names(&other.inputs) {
            for (own, others) in self.inputs.iter().zip(&other.inputs).filter(|(own, others)| own != others) {
                let text = |input: &Input| serde_json::to_string(input).unwrap_or_default();
                compare(&format!("input {}", own.name), text(own), text(others));
            }
        } else {
            compare("inputs", names(&self.inputs), names(&other.inputs));
        }
        compare("alternatives", self.alternatives.join(" "), other.alternatives.join(" "));
        compare("outputs", outputs(&self.outputs), outputs(&other.outputs));
        let keys: std::collections::BTreeSet<&String> = self.about.keys().chain(other.about.keys()).collect();
        for key in keys {
            let text = |about: &BTreeMap<String, String>| about.get(key).cloned().unwrap_or_else(|| "nothing".into());
            compare(key, text(&self.about), text(&other.about));
        }
        found
    }
}
