//! `[[switch]]`: the signposts of an adaptive policy.

use units::{Problem, Problems, Quarter, nearest};

use super::{Entry, File, Policy, Top, entries};
use crate::{
    Variable,
    policy::{Side, Signpost, Switch},
};

/// The keys of a switch.
const KEYS: [&str; 8] = ["to", "variable", "bloc", "of", "above", "below", "quarters", "from"];

/// Reads every switch; `find` makes the policy that one names.
pub(super) fn read(file: &mut File, entry: Entry, find: &dyn Fn(&str) -> Result<Policy, Problems>) -> Vec<Switch> {
    let Some(array) = entry.value.as_array() else {
        file.wrong(entry, "a list of tables, [[switch]]");
        return Vec::new();
    };
    let mut switches = Vec::new();
    for value in array {
        let at = value.span().start;
        let Some(table) = value.get_ref().as_table() else {
            file.wrong(Entry { key: entry.key, value: value.get_ref(), at }, "a table");
            continue;
        };
        let top = Top { entries: entries(table) };
        for field in top.entries.iter().filter(|field| !KEYS.contains(&field.key)) {
            file.unknown(*field, "key", &KEYS);
        }
        let (when, to) = (signpost(file, &top, at), target(file, &top, at, find));
        switches.extend(when.zip(to).map(|(when, to)| Switch { when, to: Box::new(to) }));
    }
    switches
}

fn target(file: &mut File, top: &Top, at: usize, find: &dyn Fn(&str) -> Result<Policy, Problems>) -> Option<Policy> {
    let Some(named) = top.text(file, "to") else {
        missing(file, at, "to", "the policy to switch to, as builtin:ID or file:NAME");
        return None;
    };
    match find(named) {
        Ok(policy) => Some(policy),
        Err(problems) => {
            for problem in problems.0 {
                // What is wrong within another file keeps its own place.
                if problem.line.is_some() {
                    file.problems.push(problem)
                } else {
                    file.note(top.at("to"), problem.key("to"))
                }
            }
            None
        }
    }
}

fn signpost(file: &mut File, top: &Top, at: usize) -> Option<Signpost> {
    let watched: Vec<&str> =
        Variable::ALL.into_iter().filter(|variable| Signpost::can_watch(*variable)).map(Variable::name).collect();
    let name = top.text(file, "variable");
    if name.is_none() {
        missing(file, at, "variable", "the variable to watch");
    }
    let variable = name.and_then(|name| {
        let found = Variable::ALL.into_iter().find(|known| known.name() == name && Signpost::can_watch(*known));
        if found.is_none() {
            let near = nearest(name, &watched).into_iter().next();
            let message = format!("'{name}' is no variable by bloc that could be watched");
            file.note(top.at("variable"), Problem::new("unknown_variable", message).key("variable").suggest(near));
        }
        found
    });
    let bloc = top.text(file, "bloc").map(String::from);
    if bloc.is_none() {
        missing(file, at, "bloc", "the bloc to watch, or \"world\"");
    }
    let share_of_world = match top.find("of") {
        Some(_) => top.word(file, "of", &["world"]).is_some(),
        None => false,
    };
    let (above, below) = (top.number(file, "above", f64::MIN, f64::MAX), top.number(file, "below", f64::MIN, f64::MAX));
    let trigger = match (above, below) {
        (Some(threshold), None) => Some((Side::Above, threshold)),
        (None, Some(threshold)) => Some((Side::Below, threshold)),
        _ => {
            missing(file, at, "above", "one of above and below: the threshold");
            None
        }
    };
    let quarters = top.number(file, "quarters", 1.0, 80.0).unwrap_or(1.0) as u32;
    let from = top.text(file, "from").and_then(|text| match text.parse::<Quarter>() {
        Ok(quarter) => Some(quarter),
        Err(problem) => {
            file.note(top.at("from"), problem.key("from"));
            None
        }
    });
    let (side, threshold) = trigger?;
    Some(Signpost { variable: variable?, bloc: bloc?, share_of_world, side, threshold, quarters, from })
}

fn missing(file: &mut File, at: usize, key: &'static str, wanted: &str) {
    let message = format!("the switch wants '{key}': {wanted}");
    file.note(at, Problem::new("missing_key", message).key(key));
}
