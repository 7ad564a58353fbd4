//! The space of a model of one's own: its inputs, their distributions, its outputs.
//!
//! ```toml
//! schema = "downstream/space/1"
//! name = "a pond"
//! [inputs.depth]          # distributions as in a scenario
//! dist = "uniform"
//! low = 1.0
//! high = 3.0
//! unit = "m"              # may be left out
//! [outputs.cost]          # what every answer must give
//! unit = "USD"
//! [[correlations]]
//! inputs = ["depth", "price"]
//! rank = 0.5
//! ```

use explore::{process::RESERVED, store::Output};
use std::path::Path;
use units::{Problem, Problems, nearest, read_text};

use crate::scenario::{
    Correlation, InputSetting, Known, Spread,
    input::{FORM, distribution, text},
    read::read_correlations,
    tree::{self, Node, Place, Value},
};

/// The schema that a space file names.
pub const SCHEMA: &str = "downstream/space/1";
const KEYS: [&str; 5] = ["schema", "name", "inputs", "outputs", "correlations"];
/// The least and the greatest value that an input may have: what arithmetic still takes.
const BOUNDS: (f64, f64) = (-1e300, 1e300);

/// What a model of one's own takes and gives.
#[derive(Clone, Debug, PartialEq)]
pub struct Space {
    /// Its name.
    pub name: String,
    /// Its inputs, in the order of the file.
    pub inputs: Vec<InputSetting>,
    /// Its outputs, in the order of the file.
    pub outputs: Vec<Output>,
    /// Rank correlations between inputs.
    pub correlations: Vec<Correlation>,
    /// The file's text.
    pub text: String,
}

impl Space {
    /// Reads a file.
    ///
    /// # Errors
    /// Everything that is wrong with it, with its place.
    pub fn load(path: &Path) -> Result<Self, Problems> {
        Self::parse(&read_text(path)?, &path.display().to_string())
    }

    /// Reads a file's text.
    ///
    /// # Errors
    /// Everything that is wrong with it, with its place.
    ///
    /// # Examples
    /// ```
    /// use study::exploration::Space;
    ///
    /// let text = "schema = \"downstream/space/1\"\n[inputs.x]\ndist = \"unifrom\"\n[outputs.y]\n";
    /// let problems = Space::parse(text, "space.toml").unwrap_err();
    /// assert_eq!((problems.0[0].line, problems.0[0].suggestion.as_deref()), (Some(3), Some("uniform")));
    /// ```
    pub fn parse(text: &str, file: &str) -> Result<Self, Problems> {
        let root = tree::read(text, file)?;
        let mut problems = Problems::default();
        for (key, node) in root.table().unwrap_or_default() {
            if !KEYS.contains(&key.as_str()) {
                problems.push(unknown(&node.place, "", key, &KEYS));
            }
        }
        match root.get("schema").map(|schema| (&schema.value, &schema.place)) {
            Some((Value::Text(schema), _)) if schema == SCHEMA => {}
            found => {
                let place = found.map_or(&root.place, |(_, place)| place);
                let message = format!("a space begins with schema = \"{SCHEMA}\"");
                problems.push(place.problem("wrong_schema", message).key("schema").suggest(Some(SCHEMA.into())));
            }
        }
        let name = match root.get("name").map(|name| (&name.value, &name.place)) {
            Some((Value::Text(name), _)) => name.clone(),
            Some((other, place)) => {
                let message = format!("'name' is {}; a string is wanted", other.kind());
                problems.push(place.problem("wrong_type", message).key("name"));
                String::new()
            }
            None => String::new(),
        };
        let inputs = entries(&root, "inputs", &mut problems);
        let inputs: Vec<InputSetting> =
            inputs.into_iter().filter_map(|(id, node)| input(id, node, &mut problems)).collect();
        let outputs: Vec<Output> = entries(&root, "outputs", &mut problems)
            .into_iter()
            .map(|(name, node)| Output {
                name: name.into(),
                unit: unit(node, &format!("outputs.{name}"), &["unit"], &mut problems),
            })
            .collect();
        for output in &outputs {
            if inputs.iter().any(|input| input.id == output.name) {
                let node = root.get("outputs").and_then(|outputs| outputs.get(&output.name)).unwrap_or(&root);
                let message = format!("'{}' is an input and an output", output.name);
                problems.push(node.place.problem("bad_name", message).key(format!("outputs.{}", output.name)));
            }
        }
        let known = Known { inputs: inputs.clone(), ..Known::default() };
        let correlations =
            root.get("correlations").map(|node| read_correlations(node, &known, &mut problems)).unwrap_or_default();
        problems.check(Self { name, inputs, outputs, correlations, text: text.into() })
    }
}

/// The entries of a table that must hold some, each by a name that may head a column and be a key of JSON lines.
fn entries<'a>(root: &'a Node, table: &str, problems: &mut Problems) -> Vec<(&'a str, &'a Node)> {
    let Some(node) = root.get(table) else {
        let one = table.trim_end_matches('s');
        let message = format!("'{table}' is missing: each {one} of the model is a table [{table}.NAME]");
        problems.push(root.place.problem("missing_key", message).key(table));
        return Vec::new();
    };
    let Some(entries) = node.table().filter(|entries| !entries.is_empty()) else {
        let message = format!("'{table}' is no table with a table for each of them");
        problems.push(node.place.problem("wrong_type", message).key(table));
        return Vec::new();
    };
    let mut named = Vec::new();
    for (name, entry) in entries {
        let path = format!("{table}.{name}");
        let plain = |letter: char| letter.is_alphanumeric() || "_-.:".contains(letter);
        if name.is_empty() || !name.chars().all(plain) {
            let message = format!("'{path}': a name has letters, digits and _ - . : only");
            problems.push(entry.place.problem("bad_name", message).key(&path));
        } else if RESERVED.contains(&name.as_str()) || name == "failure" {
            let message =
                format!("'{path}': '{name}' has a meaning of its own in the lines or the table; choose another");
            problems.push(entry.place.problem("bad_name", message).key(&path));
        } else if entry.table().is_none() {
            let message = format!("'{path}' is {}; a table is wanted", entry.value.kind());
            problems.push(entry.place.problem("wrong_type", message).key(&path));
        } else {
            named.push((name.as_str(), entry));
        }
    }
    named
}

fn input(id: &str, node: &Node, problems: &mut Problems) -> Option<InputSetting> {
    let path = format!("inputs.{id}");
    let allowed: Vec<&str> = FORM.into_iter().chain(["unit", "source"]).collect();
    let unit = unit(node, &path, &allowed, problems);
    let source = node.get("source").and_then(|_| text(node, &path, "source", problems)).unwrap_or_default();
    let shape = distribution(node, &path, BOUNDS, problems)?;
    Some(InputSetting { id: id.into(), unit, source, spread: Spread::One(shape) })
}

/// The unit, which may be left out, after a look at the keys.
fn unit(node: &Node, path: &str, allowed: &[&str], problems: &mut Problems) -> String {
    for (key, value) in node.table().unwrap_or_default() {
        if !allowed.contains(&key.as_str()) {
            problems.push(unknown(&value.place, path, key, allowed));
        }
    }
    node.get("unit").and_then(|_| text(node, path, "unit", problems)).unwrap_or_default()
}

fn unknown(place: &Place, parent: &str, key: &str, allowed: &[&str]) -> Problem {
    let path = if parent.is_empty() { key.to_string() } else { format!("{parent}.{key}") };
    let message = format!("'{path}' is not a key of a space; allowed here: {}", allowed.join(", "));
    place.problem("unknown_key", message).key(path).suggest(nearest(key, allowed).into_iter().next())
}

#[cfg(test)]
mod tests {
    use super::*;

    const POND: &str = r#"schema = "downstream/space/1"
name = "a pond"
[inputs.depth]
dist = "uniform"
low = 1
high = 3.0
unit = "m"
[inputs.price]
dist = "lognormal"
median = 0.1
sigma = 0.3
[outputs.cost]
unit = "USD"
[outputs.reliability]
[[correlations]]
inputs = ["depth", "price"]
rank = 0.5
"#;

    #[test]
    fn a_space_is_read_in_the_order_of_the_file() {
        let space = Space::parse(POND, "pond.toml").unwrap();
        assert_eq!(space.inputs.iter().map(|input| input.id.as_str()).collect::<Vec<_>>(), ["depth", "price"]);
        assert_eq!(
            space.outputs.iter().map(|output| output.name.as_str()).collect::<Vec<_>>(),
            ["cost", "reliability"]
        );
        assert_eq!((space.inputs[0].unit.as_str(), space.inputs[1].unit.as_str()), ("m", ""));
        assert_eq!(space.correlations.len(), 1);
    }

    #[test]
    fn each_mistake_is_named_with_its_line() {
        for (from, to, line, code) in [
            ("space/1", "space/2", 1, "wrong_schema"),
            ("low = 1\n", "low = 5\n", 6, "bad_distribution"),
            ("high = 3.0", "hgih = 3.0", 6, "unknown_key"),
            ("[inputs.depth]", "[inputs.run]", 3, "bad_name"),
            ("[outputs.cost]", "[outputs.\"a,b\"]", 12, "bad_name"),
            ("[outputs.cost]", "[outputs.price]", 12, "bad_name"),
            ("[outputs.cost]\nunit = \"USD\"", "[outputs.cost]\nunit = 3", 13, "wrong_type"),
            ("\"depth\", \"price\"", "\"depth\", \"prize\"", 16, "unknown_input"),
            ("rank = 0.5", "rank = 1.5", 17, "bad_correlation"),
            ("name = \"a pond\"", "name = [1]", 2, "wrong_type"),
            ("dist = \"uniform\"\n", "dist = \"uniform\n", 4, "bad_toml"),
        ] {
            let text = POND.replacen(from, to, 1);
            assert_ne!(text, POND, "{from}");
            let problems = Space::parse(&text, "pond.toml").unwrap_err();
            let found = problems.0.iter().find(|problem| problem.code == code);
            assert_eq!(found.and_then(|problem| problem.line), Some(line), "{to}: {problems}");
        }
        let nothing = Space::parse("schema = \"downstream/space/1\"\n", "pond.toml").unwrap_err();
        assert_eq!(nothing.0.len(), 2, "inputs and outputs are missing: {nothing}");
    }
}
