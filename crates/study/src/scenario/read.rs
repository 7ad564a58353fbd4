//! From the laid-over tree to a scenario.

use units::{Problems, Quarter, nearest};

use super::{
    BUILTIN, Correlation, Known, Origin, Run, Scenario, bloc, input,
    layer::{unknown_input, unknown_key},
    tree::{Node, Place, Value},
};

/// Keys of `[run]`.
const RUN: [&str; 6] = ["start", "until", "policy_start", "policies", "futures", "seed"];
/// Most futures in a camp: a hundred thousand take a workstation minutes, and more is a slip of the keyboard.
const MOST_FUTURES: i64 = 1_000_000;
/// Earliest and latest quarter that the data and the ranges are made for.
const EARLIEST: Quarter = Quarter::new(2022, 1);
const LATEST: Quarter = Quarter::new(2060, 4);

/// Reads and checks everything.
pub fn read(laid: &Node, known: &Known) -> Result<Scenario, Problems> {
    let mut problems = Problems::default();
    let name = match laid.get("name").map(|name| (&name.value, &name.place)) {
        Some((Value::Text(name), _)) if name.chars().count() <= 200 => name.clone(),
        Some((_, place)) => {
            problems.push(place.problem("wrong_type", "'name' is not a string of at most 200 letters").key("name"));
            String::new()
        }
        None => String::new(),
    };
    let run = laid.get("run").and_then(|node| read_run(node, known, &mut problems));
    let blocs = laid.get("blocs").map(|node| bloc::read(node, known, &mut problems)).unwrap_or_default();
    let inputs = laid.get("inputs").map(|node| input::read(node, known, &mut problems)).unwrap_or_default();
    let correlations =
        laid.get("correlations").map(|node| read_correlations(node, known, &mut problems)).unwrap_or_default();
    let Some(run) = run.filter(|_| problems.0.is_empty()) else {
        if problems.0.is_empty() {
            problems.push(laid.place.problem("missing_key", "'run' is missing").key("run"));
        }
        return Err(sorted(problems));
    };
    Ok(Scenario { name, run, blocs, inputs, correlations, origins: origins(laid) })
}

fn sorted(problems: Problems) -> Problems {
    match problems.check(()) {
        Ok(()) => Problems::default(),
        Err(problems) => problems,
    }
}

fn read_run(node: &Node, known: &Known, problems: &mut Problems) -> Option<Run> {
    for (key, value) in node.table().unwrap_or_default() {
        if !RUN.contains(&key.as_str()) {
            problems.push(unknown_key(&value.place, "run", key, &RUN));
        }
    }
    let start = quarter(node, "start", problems);
    let until = quarter(node, "until", problems);
    let policy_start = quarter(node, "policy_start", problems);
    if let (Some((start, _)), Some((until, place))) = (&start, &until)
        && until <= start
    {
        problems.push(
            place.problem("bad_run", format!("'run.until' {until} is not after 'run.start' {start}")).key("run.until"),
        );
    }
    if let (Some((start, _)), Some((until, _)), Some((from, place))) = (&start, &until, &policy_start)
        && (from < start || from > until)
    {
        let message = format!("'run.policy_start' {from} lies outside the run, {start} to {until}");
        problems.push(place.problem("policy_start_outside", message).key("run.policy_start"));
    }
    let policies = read_policies(node, known, problems);
    let futures = whole(node, "futures", 1..=MOST_FUTURES, problems);
    let seed = whole(node, "seed", 0..=i64::MAX, problems);
    Some(Run {
        start: start?.0,
        until: until?.0,
        policy_start: policy_start?.0,
        policies: policies?,
        futures: futures? as usize,
        seed: seed? as u64,
    })
}

fn quarter<'a>(node: &'a Node, key: &str, problems: &mut Problems) -> Option<(Quarter, &'a Place)> {
    let path = format!("run.{key}");
    let field = node.get(key).or_else(|| {
        problems.push(node.place.problem("missing_key", format!("'{path}' is missing")).key(&path));
        None
    })?;
    let Value::Text(text) = &field.value else {
        let message = format!("'{path}' is {}; a quarter such as \"2026Q1\" is wanted", field.value.kind());
        problems.push(field.place.problem("wrong_type", message).key(path));
        return None;
    };
    match text.parse::<Quarter>() {
        Ok(quarter) if (EARLIEST..=LATEST).contains(&quarter) => Some((quarter, &field.place)),
        Ok(quarter) => {
            let message = format!("'{path}' {quarter} lies outside {EARLIEST} to {LATEST}, for which there is data");
            problems.push(field.place.problem("bad_quarter", message).key(path));
            None
        }
        Err(problem) => {
            problems.push(field.place.problem("bad_quarter", problem.message).key(path));
            None
        }
    }
}

fn whole(node: &Node, key: &str, allowed: std::ops::RangeInclusive<i64>, problems: &mut Problems) -> Option<i64> {
    let path = format!("run.{key}");
    match node.get(key).map(|field| (&field.value, &field.place)) {
        Some((Value::Integer(number), _)) if allowed.contains(number) => Some(*number),
        Some((_, place)) => {
            let message = format!("'{path}' is not a whole number from {} to {}", allowed.start(), allowed.end());
            problems.push(place.problem("bad_number", message).key(path));
            None
        }
        None => {
            problems.push(node.place.problem("missing_key", format!("'{path}' is missing")).key(path));
            None
        }
    }
}

fn read_policies(node: &Node, known: &Known, problems: &mut Problems) -> Option<Vec<String>> {
    let field = node.get("policies")?;
    let Value::List(items) = &field.value else {
        let message = format!("'run.policies' is {}; a list of policies is wanted", field.value.kind());
        problems.push(field.place.problem("wrong_type", message).key("run.policies"));
        return None;
    };
    if items.is_empty() {
        problems.push(field.place.problem("no_policies", "'run.policies' names none").key("run.policies"));
    }
    let mut policies: Vec<String> = Vec::new();
    for item in items {
        match &item.value {
            Value::Text(id) if policies.contains(id) => {
                problems.push(item.place.problem("policy_twice", format!("'{id}' is named twice")).key("run.policies"));
            }
            Value::Text(id) if id.starts_with("file:") || known.policies.contains(id) => policies.push(id.clone()),
            Value::Text(id) => {
                let near = nearest(id, &known.policies);
                let message = format!("'{id}' is not a preset; use one of {}, or file:PATH", known.policies.join(", "));
                let problem = item.place.problem("unknown_policy", message).key("run.policies");
                problems.push(problem.suggest(near.into_iter().next()));
            }
            other => {
                let message = format!("{} is no policy; a name is wanted", other.kind());
                problems.push(item.place.problem("wrong_type", message).key("run.policies"));
            }
        }
    }
    Some(policies)
}

pub(crate) fn read_correlations(node: &Node, known: &Known, problems: &mut Problems) -> Vec<Correlation> {
    const KEYS: [&str; 2] = ["inputs", "rank"];
    let Value::List(items) = &node.value else {
        problems.push(node.place.problem("wrong_type", "'correlations' is not a list of tables").key("correlations"));
        return Vec::new();
    };
    let mut correlations = Vec::new();
    for item in items {
        for (key, value) in item.table().unwrap_or_default() {
            if !KEYS.contains(&key.as_str()) {
                problems.push(unknown_key(&value.place, "correlations", key, &KEYS));
            }
        }
        let mut inputs = Vec::new();
        match item.get("inputs").map(|inputs| &inputs.value) {
            Some(Value::List(names)) => {
                for name in names {
                    match &name.value {
                        Value::Text(id) if known.inputs.iter().any(|input| input.id == *id) => inputs.push(id.clone()),
                        Value::Text(id) => problems.push(unknown_input(&name.place, id, known)),
                        other => {
                            let message = format!("{} is no input; a name is wanted", other.kind());
                            problems.push(name.place.problem("wrong_type", message).key("correlations.inputs"));
                        }
                    }
                }
                let repeated = (1..inputs.len()).any(|index| inputs[..index].contains(&inputs[index]));
                if names.len() < 2 || repeated {
                    let message = "a correlation is between two different inputs or more";
                    problems.push(item.place.problem("bad_correlation", message).key("correlations.inputs"));
                }
            }
            _ => {
                problems.push(
                    item.place.problem("missing_key", "'correlations.inputs' is missing").key("correlations.inputs"),
                );
            }
        }
        let rank = match item.get("rank").map(|rank| &rank.value) {
            Some(Value::Number(rank)) => *rank,
            Some(Value::Integer(rank)) => *rank as f64,
            _ => f64::NAN,
        };
        if !(rank > -1.0 && rank < 1.0) {
            let place = item.get("rank").map_or(&item.place, |rank| &rank.place);
            problems.push(
                place
                    .problem("bad_correlation", "'correlations.rank' is not between -1 and 1")
                    .key("correlations.rank"),
            );
        }
        correlations.push(Correlation { inputs, rank });
    }
    correlations
}

/// Where each key came from. A whole input, bloc or list is one key.
fn origins(laid: &Node) -> Vec<(String, Origin)> {
    let mut origins = Vec::new();
    for (key, node) in laid.table().unwrap_or_default() {
        match (key.as_str(), node.table()) {
            ("run" | "blocs" | "inputs", Some(entries)) => {
                for (inner, node) in entries {
                    origins.push((format!("{key}.{inner}"), origin(node)));
                }
            }
            ("schema" | "base", _) => {}
            _ => origins.push((key.clone(), origin(node))),
        }
    }
    origins
}

/// The layer of a value: of the part that is not built in, where one is.
fn origin(node: &Node) -> Origin {
    let parts = node.table().unwrap_or_default().iter().map(|(_, part)| &part.place);
    let place = parts.chain([&node.place]).find(|place| &*place.file != BUILTIN).unwrap_or(&node.place);
    Origin { layer: place.file.to_string(), line: place.at.map(|(line, _)| line), differs: false }
}
