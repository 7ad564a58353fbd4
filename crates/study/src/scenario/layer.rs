//! Layers: the base, the file, `--set`, laid over one another.

use std::path::Path;
use units::{Problem, Problems, nearest, read_text};

use super::{
    BUILTIN, Known, SCHEMA,
    tree::{self, Node, Place, Value},
    write,
};

/// Longest chain of files by `base`.
const LONGEST_CHAIN: usize = 8;
/// Keys of the top level.
pub const KEYS: [&str; 7] = ["schema", "name", "base", "run", "blocs", "inputs", "correlations"];

/// The layers of a scenario, laid over one another.
pub fn resolve(text: &str, file: &str, sets: &[String], known: &Known) -> Result<Node, Problems> {
    let builtin = tree::read(&write::builtin(known), BUILTIN)?;
    let mut layers = vec![first_checks(text, file)?];
    while let Some((base, place)) = base_of(&layers[layers.len() - 1])? {
        if base == BUILTIN {
            break;
        }
        if layers.len() == LONGEST_CHAIN {
            let message =
                format!("the chain of 'base' is longer than {LONGEST_CHAIN} files; does it lead back to itself?");
            return Err(place.problem("base_chain", message).key("base").into());
        }
        let Some(path) = base.strip_prefix("file:") else {
            let message = format!("'{base}' is no base; use \"{BUILTIN}\" or \"file:PATH\"");
            return Err(place.problem("unknown_base", message).key("base").suggest(Some(BUILTIN.into())).into());
        };
        let folder = Path::new(&*place.file).parent().unwrap_or(Path::new(""));
        let path = folder.join(path);
        layers.push(first_checks(&read_text(&path)?, &path.display().to_string())?);
    }
    let mut laid = builtin;
    for layer in layers.into_iter().rev() {
        lay(&mut laid, layer);
    }
    let mut problems = Problems::default();
    for set in sets {
        if let Err(problem) = apply(&mut laid, set, known) {
            problems.push(problem);
        }
    }
    problems.check(laid)
}

/// What must be right before layers are laid over one another: grammar, schema, top-level keys.
fn first_checks(text: &str, file: &str) -> Result<Node, Problems> {
    let node = tree::read(text, file)?;
    let mut problems = Problems::default();
    let entries = node.table().unwrap_or_default();
    if entries.is_empty() {
        let message = format!("holds no keys; a scenario begins with schema = \"{SCHEMA}\"");
        return Err(node.place.problem("empty_file", message).into());
    }
    for (key, value) in entries {
        if !KEYS.contains(&key.as_str()) {
            problems.push(unknown_key(&value.place, "", key, &KEYS));
        }
    }
    match node.get("schema").map(|schema| (&schema.value, &schema.place)) {
        Some((Value::Text(schema), _)) if schema == SCHEMA => {}
        Some((_, place)) => problems.push(
            place
                .problem("wrong_schema", format!("the schema is not \"{SCHEMA}\""))
                .key("schema")
                .suggest(Some(SCHEMA.into())),
        ),
        None => {
            let message = format!("'schema' is missing; write schema = \"{SCHEMA}\"");
            problems.push(node.place.problem("missing_key", message).key("schema").suggest(Some(SCHEMA.into())));
        }
    }
    problems.check(node)
}

/// The base that a layer names.
fn base_of(layer: &Node) -> Result<Option<(String, Place)>, Problems> {
    match layer.get("base").map(|base| (&base.value, &base.place)) {
        None => Ok(None),
        Some((Value::Text(base), place)) => Ok(Some((base.clone(), place.clone()))),
        Some((other, place)) => {
            let message = format!("'base' is {}; a string is wanted", other.kind());
            Err(place.problem("wrong_type", message).key("base").into())
        }
    }
}

/// Lays one layer over the whole: `[run]` and `[inputs]` key by key, everything else in one piece. An input that says
/// how it varies (`dist` or `camps`) replaces the one below, so that no field of another distribution is left over.
fn lay(below: &mut Node, layer: Node) {
    let Value::Table(entries) = layer.value else { return };
    for (key, node) in entries {
        match key.as_str() {
            "schema" | "base" => {}
            "run" => lay_keys(below, "run", node, |_| false),
            "inputs" => lay_keys(below, "inputs", node, |input| {
                input.table().is_some() && input.get("dist").is_none() && input.get("camps").is_none()
            }),
            _ => below.put(&key, node),
        }
    }
}

/// Lays a table over `below[name]`, going one level deeper where `deeper` says so.
fn lay_keys(below: &mut Node, name: &str, node: Node, deeper: fn(&Node) -> bool) {
    let target = below.table_mut().and_then(|entries| entries.iter_mut().find(|(key, _)| key == name));
    match (target, node.value) {
        (Some((_, target)), Value::Table(entries)) if target.table().is_some() => {
            for (key, node) in entries {
                let existing = deeper(&node).then(|| target.get(&key).is_some_and(|old| old.table().is_some()));
                if existing == Some(true) {
                    lay_keys(target, &key, node, |_| false);
                } else {
                    target.put(&key, node);
                }
            }
        }
        (_, value) => below.put(name, Node { value, place: node.place }),
    }
}

/// Applies one `path=value`.
fn apply(laid: &mut Node, set: &str, known: &Known) -> Result<(), Problem> {
    let place = Place { file: "--set".into(), at: None };
    let Some((path, text)) = set.split_once('=') else {
        return Err(place.problem("bad_set", format!("'{set}' is not path=value, such as run.futures=200")));
    };
    let (path, node) = (path.trim(), Node { value: tree::read_value(text), place: place.clone() });
    let parts: Vec<&str> = path.split('.').collect();
    match parts.as_slice() {
        ["name"] => laid.put("name", node),
        ["run", key] => put_at(laid, &["run", key], node),
        ["blocs", key] => put_at(laid, &["blocs", key], node),
        ["inputs", id] => {
            let Some(input) = known.inputs.iter().find(|input| input.id == *id) else {
                return Err(unknown_input(&place, id, known));
            };
            let fixed = match node.value {
                Value::Table(_) => node,
                _ => fixed_table(node, &input.unit, &place),
            };
            put_at(laid, &["inputs", id], fixed);
        }
        ["inputs", id, field] => {
            if !known.inputs.iter().any(|input| input.id == *id) {
                return Err(unknown_input(&place, id, known));
            }
            put_at(laid, &["inputs", id, field], node);
        }
        _ => {
            let paths = known.inputs.iter().map(|input| format!("inputs.{}", input.id)).chain(
                ["start", "until", "policy_start", "policies", "futures", "seed"].map(|key| format!("run.{key}")),
            );
            let message =
                format!("'{path}' is no path of a scenario; use run.KEY, blocs.KEY, inputs.ID or inputs.ID.FIELD");
            let wanted = if path.contains('.') { path.to_string() } else { format!("inputs.{path}") };
            return Err(place
                .problem("unknown_path", message)
                .key(path)
                .suggest(nearest(&wanted, paths).into_iter().next()));
        }
    }
    Ok(())
}

/// `inputs.ID=VALUE` holds the input at that value.
fn fixed_table(value: Node, unit: &str, place: &Place) -> Node {
    let text = |text: &str| Node { value: Value::Text(text.into()), place: place.clone() };
    let entries = vec![
        ("dist".to_string(), text("fixed")),
        ("value".to_string(), value),
        ("unit".to_string(), text(unit)),
        ("source".to_string(), text("--set")),
    ];
    Node { value: Value::Table(entries), place: place.clone() }
}

/// Puts a value at a path of tables that exist.
fn put_at(node: &mut Node, path: &[&str], value: Node) {
    match path {
        [] => {}
        [key] => node.put(key, value),
        [key, rest @ ..] => {
            if let Some((_, inner)) =
                node.table_mut().and_then(|entries| entries.iter_mut().find(|(name, _)| name == key))
            {
                put_at(inner, rest, value);
            }
        }
    }
}

/// "Unknown input", with the nearest.
pub fn unknown_input(place: &Place, id: &str, known: &Known) -> Problem {
    let near = nearest(id, known.inputs.iter().map(|input| &input.id));
    let hint = if near.is_empty() { String::new() } else { format!("; near it: {}", near.join(", ")) };
    place
        .problem("unknown_input", format!("'{id}' is not an input of the model{hint}"))
        .key(format!("inputs.{id}"))
        .suggest(near.into_iter().next())
}

/// "Unknown key", with the nearest of those allowed.
pub fn unknown_key(place: &Place, parent: &str, key: &str, allowed: &[&str]) -> Problem {
    let path = if parent.is_empty() { key.to_string() } else { format!("{parent}.{key}") };
    place
        .problem("unknown_key", format!("'{path}' is not a key of a scenario; allowed here: {}", allowed.join(", ")))
        .key(path)
        .suggest(nearest(key, allowed).into_iter().next())
}
