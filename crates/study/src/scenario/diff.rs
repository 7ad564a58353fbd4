//! What two resolved scenarios say differently, key by key.

use serde::Serialize;
use std::collections::BTreeMap;

use super::{Scenario, write};

/// A key on which two scenarios differ; `None` where one of them does not have it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Difference {
    /// Dotted path, such as `inputs.chip_learning_rate.mode`.
    pub key: String,
    /// What the first says, as it is written in a file.
    pub a: Option<String>,
    /// What the second says.
    pub b: Option<String>,
}

/// Every key on which two scenarios differ, in the order of the first's file, then what only the second has.
///
/// Both are resolved, so a key that one leaves unsaid is compared by what then holds.
pub fn diff(a: &Scenario, b: &Scenario) -> Vec<Difference> {
    let (a, b) = (keys(a), keys(b));
    let find = |list: &[(String, String)]| list.iter().cloned().collect::<BTreeMap<_, _>>();
    let (in_a, in_b) = (find(&a), find(&b));
    let ours = a.iter().map(|(key, value)| (key, Some(value), in_b.get(key)));
    let theirs = b.iter().filter(|(key, _)| !in_a.contains_key(key)).map(|(key, value)| (key, None, Some(value)));
    ours.chain(theirs)
        .filter(|(_, a, b)| a != b)
        .map(|(key, a, b)| Difference { key: key.clone(), a: a.cloned(), b: b.cloned() })
        .collect()
}

/// Every key of a scenario with what it says. Correlations have no name of their own: each is a key by its inputs.
fn keys(scenario: &Scenario) -> Vec<(String, String)> {
    let (mut keys, mut section, mut correlated) = (Vec::new(), String::new(), String::new());
    for line in write::to_toml(scenario).lines() {
        if let Some(header) = line.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
            section = header.trim_matches(['[', ']']).to_string();
            continue;
        }
        let Some((key, value)) = line.split_once(" = ") else { continue };
        match (section.as_str(), key) {
            ("correlations", "inputs") => correlated = value.to_string(),
            ("correlations", key) => keys.push((format!("correlations.{correlated}.{key}"), value.to_string())),
            ("", "schema" | "base") => {}
            ("", key) => keys.push((key.to_string(), value.to_string())),
            (section, key) => keys.push((format!("{section}.{key}"), value.to_string())),
        }
    }
    keys
}
