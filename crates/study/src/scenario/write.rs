//! A scenario as text.

use std::collections::BTreeMap;
use std::fmt::Write;

use super::{BUILTIN, Bloc, Chosen, Correlation, InputSetting, Known, Run, SCHEMA, Scenario, Shape, Spread};

/// The built-in scenario as text, from the registry.
pub fn builtin(known: &Known) -> String {
    let quarter = units::Quarter::new;
    let run = Run {
        start: quarter(2022, 1),
        until: quarter(2035, 4),
        policy_start: quarter(2026, 1),
        policies: known.policies.clone(),
        futures: 1000,
        seed: 1,
    };
    let mut text = head("built-in study");
    write_run(&mut text, &run);
    write_blocs(&mut text, &known.blocs);
    write_inputs(&mut text, &known.inputs);
    text
}

/// A resolved scenario as text: every key stands in it, so that it does not change with the built-in one.
pub fn to_toml(scenario: &Scenario) -> String {
    let mut text = head(&scenario.name);
    write_run(&mut text, &scenario.run);
    write_blocs(&mut text, &scenario.blocs);
    write_inputs(&mut text, &scenario.inputs);
    for Correlation { inputs, rank } in &scenario.correlations {
        line(&mut text, "\n[[correlations]]");
        line(&mut text, &format!("inputs = {}", list(inputs)));
        line(&mut text, &format!("rank = {}", number(*rank)));
    }
    text
}

/// The same text with the origin of each key as a comment: behind the header of an input, behind every other key.
pub fn with_origins(scenario: &Scenario) -> String {
    let mut section = String::new();
    let mut text = String::new();
    for plain in to_toml(scenario).lines() {
        let path = if let Some(header) = plain.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
            section = header.trim_matches(['[', ']']).to_string();
            section.clone()
        } else {
            let key = plain.split_once(" = ").map_or("", |(key, _)| key);
            if section.is_empty() { key.to_string() } else { format!("{section}.{key}") }
        };
        match scenario.origins.iter().find(|(known, _)| *known == path) {
            Some((_, origin)) => {
                let at = origin.line.filter(|_| origin.layer != BUILTIN).map_or(String::new(), |at| format!(":{at}"));
                line(&mut text, &format!("{plain}  # {}{at}", origin.layer));
            }
            None => line(&mut text, plain),
        }
    }
    text
}

/// What a text says under each path that has an origin: a key of the head, of `[run]` or `[blocs]`, or a whole input.
pub fn pieces(text: &str) -> BTreeMap<String, Vec<&str>> {
    let mut pieces: BTreeMap<String, Vec<&str>> = BTreeMap::new();
    let mut section = "";
    for plain in text.lines().filter(|line| !line.is_empty()) {
        if let Some(header) = plain.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
            section = header.trim_matches(['[', ']']);
            continue;
        }
        let key = plain.split_once(" = ").map_or("", |(key, _)| key);
        let path = match section {
            "" => key.to_string(),
            "run" | "blocs" => format!("{section}.{key}"),
            whole => whole.to_string(),
        };
        pieces.entry(path).or_default().push(plain);
    }
    pieces
}

fn head(name: &str) -> String {
    format!("schema = {}\nname = {}\nbase = {}\n", quoted(SCHEMA), quoted(name), quoted(BUILTIN))
}

fn write_run(text: &mut String, run: &Run) {
    line(text, "\n[run]");
    for (key, quarter) in [("start", run.start), ("until", run.until), ("policy_start", run.policy_start)] {
        line(text, &format!("{key} = \"{quarter}\""));
    }
    line(text, &format!("policies = {}", list(&run.policies)));
    line(text, &format!("futures = {}", run.futures));
    line(text, &format!("seed = {}", run.seed));
}

fn write_blocs(text: &mut String, blocs: &[Bloc]) {
    if blocs.is_empty() {
        return;
    }
    line(text, "\n[blocs]");
    for bloc in blocs {
        line(text, &format!("{} = {}", bloc.id, list(&bloc.members)));
    }
}

fn write_inputs(text: &mut String, inputs: &[InputSetting]) {
    if inputs.is_empty() {
        line(text, "\n[inputs]");
    }
    for input in inputs {
        line(text, &format!("\n[inputs.{}]", input.id));
        match &input.spread {
            Spread::One(distribution) => {
                for (key, value) in fields(distribution) {
                    line(text, &format!("{key} = {value}"));
                }
            }
            Spread::Camps { camps, chosen, .. } => {
                let camps: Vec<String> = camps
                    .iter()
                    .map(|(name, distribution)| {
                        let fields: Vec<String> =
                            fields(distribution).iter().map(|(key, value)| format!("{key} = {value}")).collect();
                        format!("{} = {{ {} }}", quoted(name), fields.join(", "))
                    })
                    .collect();
                line(text, &format!("camps = {{ {} }}", camps.join(", ")));
                let chosen = match chosen {
                    Chosen::Each => "each",
                    Chosen::Only(name) => name,
                };
                line(text, &format!("camp = {}", quoted(chosen)));
            }
        }
        line(text, &format!("unit = {}", quoted(&input.unit)));
        line(text, &format!("source = {}", quoted(&input.source)));
    }
}

/// The fields of a distribution as they are written, `dist` first: it says which fields follow.
fn fields(shape: &Shape) -> Vec<(String, String)> {
    let (dist, fields) = shape.fields();
    std::iter::once(("dist".to_string(), quoted(&dist))).chain(fields).collect()
}

fn line(text: &mut String, content: &str) {
    // Writing to a string cannot fail.
    let _ = writeln!(text, "{content}");
}

fn quoted(text: &str) -> String {
    toml::Value::String(text.into()).to_string()
}

fn number(value: f64) -> String {
    toml::Value::Float(value).to_string()
}

fn list(items: &[String]) -> String {
    format!("[{}]", items.iter().map(|item| quoted(item)).collect::<Vec<_>>().join(", "))
}
