//! `[inputs.ID]`: how an input varies.

use explore::distribution::Form;
use units::{Problems, nearest};

use super::{
    Chosen, InputSetting, Known, Shape, Spread,
    layer::{unknown_input, unknown_key},
    tree::{Node, Value},
};

/// Fields of an input beside those of its distribution.
const OWN: [&str; 4] = ["unit", "source", "camps", "camp"];
/// Fields of a distribution.
pub(crate) const FORM: [&str; 15] = [
    "dist", "value", "low", "mode", "central", "high", "mean", "sd", "median", "sigma", "alpha", "beta", "values",
    "weights", "scale",
];
/// Runs every camp in turn.
const EACH: &str = "each";

/// Reads every input of the registry, in its order.
pub fn read(node: &Node, known: &Known, problems: &mut Problems) -> Vec<InputSetting> {
    let Some(entries) = node.table() else {
        problems.push(node.place.problem("wrong_type", "'inputs' is not a table").key("inputs"));
        return Vec::new();
    };
    for (id, input) in entries {
        if !known.inputs.iter().any(|known| known.id == *id) {
            problems.push(unknown_input(&input.place, id, known));
        }
    }
    let read = |(index, registered): (usize, &InputSetting)| {
        let node = node.get(&registered.id)?;
        let bounds = known.bounds.get(index).copied().unwrap_or((f64::NEG_INFINITY, f64::INFINITY));
        read_input(node, registered, bounds, problems)
    };
    known.inputs.iter().enumerate().filter_map(read).collect()
}

fn read_input(
    node: &Node,
    registered: &InputSetting,
    bounds: (f64, f64),
    problems: &mut Problems,
) -> Option<InputSetting> {
    let path = format!("inputs.{}", registered.id);
    let Some(entries) = node.table() else {
        let message = format!("'{path}' is {}; a table is wanted", node.value.kind());
        problems.push(node.place.problem("wrong_type", message).key(&path));
        return None;
    };
    for (key, value) in entries {
        let allowed: Vec<&str> = FORM.into_iter().chain(OWN).collect();
        if !allowed.contains(&key.as_str()) {
            problems.push(unknown_key(&value.place, &path, key, &allowed));
        }
    }
    let unit = text(node, &path, "unit", problems);
    if let Some((unit, place)) = unit.as_ref().zip(node.get("unit")).filter(|(unit, _)| **unit != registered.unit) {
        let message = format!("'{path}' is in '{unit}' here; the model takes it in '{}'", registered.unit);
        let problem = place.place.problem("wrong_unit", message).key(format!("{path}.unit"));
        problems.push(problem.suggest(Some(registered.unit.clone())));
    }
    let source = text(node, &path, "source", problems);
    let spread = match (node.get("camps"), node.get("dist")) {
        (Some(camps), None) => read_camps(camps, node.get("camp"), registered, bounds, problems),
        (None, Some(_)) => {
            if let Some(camp) = node.get("camp") {
                let message = format!("'{path}' names a camp but has no camps");
                problems.push(camp.place.problem("unknown_camp", message).key(format!("{path}.camp")));
            }
            distribution(node, &path, bounds, problems).map(Spread::One)
        }
        (Some(camps), Some(_)) => {
            let message =
                format!("'{path}' has both 'camps' and 'dist'; sources that disagree are camps, else one dist");
            problems.push(camps.place.problem("camps_and_dist", message).key(&path));
            None
        }
        (None, None) => {
            let message = format!("'{path}' does not say how it varies; add 'dist' or 'camps'");
            problems.push(node.place.problem("missing_key", message).key(format!("{path}.dist")));
            None
        }
    };
    Some(InputSetting { id: registered.id.clone(), unit: unit?, source: source?, spread: spread? })
}

fn read_camps(
    node: &Node,
    chosen: Option<&Node>,
    registered: &InputSetting,
    bounds: (f64, f64),
    problems: &mut Problems,
) -> Option<Spread> {
    let path = format!("inputs.{}.camps", registered.id);
    let Some(entries) = node.table().filter(|entries| !entries.is_empty()) else {
        problems.push(node.place.problem("wrong_type", format!("'{path}' is not a table of camps")).key(path));
        return None;
    };
    let mut camps = Vec::new();
    for (name, camp) in entries {
        let path = format!("{path}.{name}");
        if name == EACH {
            problems.push(camp.place.problem("bad_camp_name", "a camp cannot be named 'each'").key(&path));
        }
        for (key, value) in camp.table().unwrap_or_default() {
            if !FORM.contains(&key.as_str()) {
                problems.push(unknown_key(&value.place, &path, key, &FORM));
            }
        }
        match distribution(camp, &path, bounds, problems) {
            Some(shape) => camps.push((name.clone(), shape)),
            None => return None,
        }
    }
    // The registered default stays the default as long as it is among the camps.
    if let Spread::Camps { camps: known, .. } = &registered.spread
        && let Some(index) = camps.iter().position(|(name, _)| *name == known[0].0)
    {
        let default = camps.remove(index);
        camps.insert(0, default);
    }
    let chosen = match chosen.map(|node| (&node.value, &node.place)) {
        None => Chosen::Each,
        Some((Value::Text(name), _)) if name == EACH => Chosen::Each,
        Some((Value::Text(name), place)) => {
            if !camps.iter().any(|(camp, _)| camp == name) {
                let names: Vec<&str> = camps.iter().map(|(camp, _)| camp.as_str()).chain([EACH]).collect();
                let message = format!("'{name}' is no camp of '{}'; use {}", registered.id, names.join(", "));
                let problem = place.problem("unknown_camp", message).key(format!("inputs.{}.camp", registered.id));
                problems.push(problem.suggest(nearest(name, names).into_iter().next()));
            }
            Chosen::Only(name.clone())
        }
        Some((other, place)) => {
            let message = format!("'camp' is {}; a camp's name or \"each\" is wanted", other.kind());
            problems.push(place.problem("wrong_type", message).key(format!("inputs.{}.camp", registered.id)));
            return None;
        }
    };
    let disagreement = match &registered.spread {
        Spread::Camps { disagreement, .. } => disagreement.clone(),
        Spread::One(_) => registered.id.clone(),
    };
    Some(Spread::Camps { disagreement, camps, chosen })
}

/// Reads the fields of a distribution; `explore` checks them, we point at them.
pub(crate) fn distribution(node: &Node, path: &str, bounds: (f64, f64), problems: &mut Problems) -> Option<Shape> {
    let before = problems.0.len();
    let mut form = toml::Table::new();
    for (key, field) in node.table()?.iter().filter(|(key, _)| FORM.contains(&key.as_str())) {
        let number = |node: &Node, problems: &mut Problems| match node.value {
            Value::Number(number) => Some(number),
            Value::Integer(number) => Some(number as f64),
            _ => {
                let message = format!("'{path}.{key}' is {}; a number is wanted", node.value.kind());
                problems.push(node.place.problem("wrong_type", message).key(format!("{path}.{key}")));
                None
            }
        };
        let value = match (key.as_str(), &field.value) {
            ("dist" | "scale", Value::Text(text)) => Some(toml::Value::String(text.clone())),
            ("values" | "weights", Value::List(items)) => {
                let numbers = items.iter().filter_map(|item| number(item, problems)).map(toml::Value::Float);
                Some(toml::Value::Array(numbers.collect()))
            }
            ("dist" | "scale" | "values" | "weights", other) => {
                let message = format!("'{path}.{key}' cannot be {}", other.kind());
                problems.push(field.place.problem("wrong_type", message).key(format!("{path}.{key}")));
                None
            }
            _ => number(field, problems).map(toml::Value::Float),
        };
        if let Some(value) = value {
            form.insert(key.clone(), value);
        }
    }
    if problems.0.len() > before {
        return None;
    }
    if node.get("dist").is_none() {
        let message = format!("'{path}.dist' is missing; use one of {}", Form::kinds().collect::<Vec<_>>().join(", "));
        problems.push(node.place.problem("missing_key", message).key(format!("{path}.dist")));
        return None;
    }
    let form: Form = match form.try_into() {
        Ok(form) => form,
        Err(error) => {
            problems.push(node.place.problem("bad_distribution", format!("'{path}': {}", error.message())).key(path));
            return None;
        }
    };
    let dist = form.dist.clone();
    let shape = match Shape::read(form) {
        Ok(shape) => shape,
        Err(errors) => {
            for (name, message) in errors {
                let place = node.get(name).map_or(&node.place, |field| &field.place);
                let near = (name == "dist").then(|| nearest(&dist, Form::kinds()).into_iter().next()).flatten();
                let problem = place.problem("bad_distribution", format!("'{path}.{name}': {message}"));
                problems.push(problem.key(format!("{path}.{name}")).suggest(near));
            }
            return None;
        }
    };
    let (low, high) = shape.ends();
    if low < bounds.0 || high > bounds.1 {
        let message = format!(
            "'{path}' reaches from {low} to {high}; the model is made for values from {} to {}",
            bounds.0, bounds.1
        );
        let field = if high > bounds.1 { ["high", "value"] } else { ["low", "value"] };
        let place = field.iter().find_map(|field| node.get(field)).map_or(&node.place, |field| &field.place);
        problems.push(place.problem("out_of_bounds", message).key(path));
        return None;
    }
    Some(shape)
}

/// A string that must be there.
pub(crate) fn text(node: &Node, path: &str, key: &str, problems: &mut Problems) -> Option<String> {
    let path = format!("{path}.{key}");
    match node.get(key).map(|field| (&field.value, &field.place)) {
        Some((Value::Text(text), place)) => {
            if text.trim().is_empty() {
                problems.push(place.problem("empty_text", format!("'{path}' is empty")).key(&path));
            }
            Some(text.clone())
        }
        Some((other, place)) => {
            let message = format!("'{path}' is {}; a string is wanted", other.kind());
            problems.push(place.problem("wrong_type", message).key(&path));
            None
        }
        None => {
            problems.push(node.place.problem("missing_key", format!("'{path}' is missing")).key(&path));
            None
        }
    }
}
