//! The rule table: `[meta]`, `[variables]`, `[outcomes]`, `[groups]`, `[[rule]]`, `[[snapshot]]`.

use std::collections::BTreeSet;
use units::{Date, Problem, Problems, nearest};

use super::{
    fields::{Fields, File, wrong_type},
    rule::rule,
};
use crate::{
    Outcome,
    book::{Groups, Snapshot},
    place,
    predicate::names,
    rule::Rule,
};

/// What a rule table holds.
#[derive(Clone, Debug)]
pub struct Contents {
    /// The last day that the table speaks of.
    pub as_of: Date,
    /// Groups of countries.
    pub groups: Groups,
    /// Rules, in the order of evaluation.
    pub rules: Vec<Rule>,
    /// Named lists of rules.
    pub snapshots: Vec<Snapshot>,
}

/// Reads a rule table.
///
/// # Errors
/// All problems at once.
pub fn contents(text: &str, name: &str) -> Result<Contents, Problems> {
    let mut file = File::new(name, text);
    let nothing =
        Contents { as_of: Date::default(), groups: Groups::default(), rules: Vec::new(), snapshots: Vec::new() };
    let Some(table) = file.table() else { return file.problems.check(nothing) };
    let mut top = Fields::new(&table, 0..0);
    let as_of = meta(&mut file, &mut top);
    if let Some(variables) = top.table(&mut file, "variables") {
        for (key, _, at) in variables.entries() {
            if !names::all().any(|name| name == key) {
                let problem = Problem::new("unknown_variable", format!("'{key}' is no variable of conditions"));
                file.note(at, problem.key(key).suggest(nearest(key, names::all()).into_iter().next()));
            }
        }
    }
    outcomes(&mut file, &mut top);
    let groups = groups(&mut file, &mut top);
    let mut rules = Vec::new();
    for (index, fields) in top.tables(&mut file, "rule").into_iter().enumerate() {
        rules.extend(rule(&mut file, fields, &groups, index + 1));
    }
    let mut ids = BTreeSet::new();
    for rule in &rules {
        if !ids.insert(rule.id.as_str()) {
            let problem = Problem::new("doubled_id", format!("two rules have the id '{}'", rule.id));
            file.problems.push(problem.file(&rule.place.file).line(rule.place.line).key("id"));
        }
    }
    let mut snapshots = Vec::new();
    for fields in top.tables(&mut file, "snapshot") {
        snapshots.extend(snapshot(&mut file, fields, &groups, &ids));
    }
    top.finish(&mut file);
    file.problems.check(Contents { as_of: as_of.unwrap_or_default(), groups, rules, snapshots })
}

fn meta(file: &mut File, top: &mut Fields) -> Option<Date> {
    let table = top.table(file, "meta");
    let mut fields = top.wanted(file, "meta", table)?;
    let as_of = fields.date(file, "as_of");
    fields.wanted(file, "as_of", as_of)
}

/// The ranks are those of [`Outcome`]: a table that says otherwise would be evaluated wrongly.
fn outcomes(file: &mut File, top: &mut Fields) {
    let Some(fields) = top.table(file, "outcomes") else { return };
    for (key, value, at) in fields.entries() {
        match key.parse::<Outcome>() {
            Ok(outcome) => {
                let rank = value.as_integer().and_then(|number| number.as_str().parse::<u8>().ok());
                if rank.is_none() || rank != outcome.rank() {
                    let message = format!("the rank of '{key}' is {:?}, which is fixed", outcome.rank());
                    file.note(at, Problem::new("bad_rank", message).key(key));
                }
            }
            Err(problem) => file.note(at, problem.key(key)),
        }
    }
}

fn groups(file: &mut File, top: &mut Fields) -> Groups {
    let mut groups = Groups::default();
    let table = top.table(file, "groups");
    let Some(fields) = top.wanted(file, "groups", table) else { return groups };
    for (name, value, at) in fields.entries() {
        // One key of the table is prose.
        if name == "group_notes" {
            continue;
        }
        let Some(list) = value.as_array() else {
            wrong_type(file, at, name, "a list of countries", value);
            continue;
        };
        let mut members = Vec::new();
        for entry in list {
            match entry.get_ref().as_str().map(place::country) {
                Some(Ok(country)) => members.push(country),
                Some(Err(problem)) => file.note(entry.span().start, problem.key(name)),
                None => wrong_type(file, entry.span().start, name, "a country", entry.get_ref()),
            }
        }
        groups.add(name, members);
    }
    groups
}

fn snapshot(file: &mut File, mut fields: Fields, groups: &Groups, ids: &BTreeSet<&str>) -> Option<Snapshot> {
    let id = fields.text(file, "id");
    let id = fields.wanted(file, "id", id);
    let date = fields.date(file, "date");
    let date = fields.wanted(file, "date", date);
    let counterfactual = fields.flag(file, "counterfactual").unwrap_or(false);
    let mut rules = Vec::new();
    for (rule, at) in fields.texts(file, "rules") {
        if !ids.contains(rule.as_str()) {
            let problem = Problem::new("unknown_rule", format!("there is no rule '{rule}'")).key("rules");
            file.note(at, problem.suggest(nearest(&rule, ids).into_iter().next()));
        }
        rules.push(rule);
    }
    let mut named = Vec::new();
    for (key, base) in [("d4", "D4"), ("a5", "A5")] {
        let Some((name, at)) = fields.text_at(file, key) else { continue };
        if let (Some(base), Some(group)) = (groups.id(base), groups.id(name)) {
            named.push((base, group));
        } else {
            let problem = Problem::new("unknown_group", format!("there is no group '{name}'")).key(key);
            file.note(at, problem.suggest(nearest(name, groups.names()).into_iter().next()));
        }
    }
    fields.finish(file);
    Some(Snapshot { id: id?, date: date?, counterfactual, rules, groups: named })
}
