//! `[[rule]]`: the full form with class and licence blocks, and the short form with `deny`.

use units::{Problem, Problems, nearest};

use super::fields::{Fields, File};
use crate::{
    Iso2, Outcome,
    book::Groups,
    place,
    predicate::Predicate,
    rule::{Class, Destination, Duty, Effect, Kind, Licence, Rule},
};

/// Every `[[rule]]` of a policy file; its other keys are left to whoever reads the rest.
///
/// # Errors
/// All problems of these tables at once.
pub fn rules(text: &str, name: &str, groups: &Groups) -> Result<Vec<Rule>, Problems> {
    let mut file = File::new(name, text);
    let Some(table) = file.table() else { return file.problems.check(Vec::new()) };
    let mut top = Fields::new(&table, 0..0);
    let mut rules = Vec::new();
    for (index, fields) in top.tables(&mut file, "rule").into_iter().enumerate() {
        rules.extend(rule(&mut file, fields, groups, index + 1).map(|rule| Rule { added: true, ..rule }));
    }
    file.problems.check(rules)
}

/// One rule, the `number`-th of its file; `None` where a problem was noted.
pub fn rule(file: &mut File, mut fields: Fields, groups: &Groups, number: usize) -> Option<Rule> {
    let before = file.problems.0.len();
    let place = file.place(fields.at());
    let short = fields.value("deny").is_some();
    let id = fields.text(file, "id");
    let title = fields.text(file, "title");
    let kind: Option<Kind> = fields.parsed(file, "kind");
    let (id, title, kind) = if short {
        let id = id.unwrap_or_else(|| format!("rule-{number}"));
        (Some(id.clone()), Some(title.unwrap_or(id)), Some(kind.unwrap_or(Kind::Regulation)))
    } else {
        (fields.wanted(file, "id", id), fields.wanted(file, "title", title), fields.wanted(file, "kind", kind))
    };
    let effective = fields.date(file, "effective");
    let announced = fields.date(file, "announced");
    // What never binds by date may have no first day (a draft): the day of its announcement stands for it.
    let optional = kind.is_some_and(|kind| !kind.binds());
    let effective = if optional && effective.is_none() { announced } else { effective };
    let effective = fields.wanted(file, if optional { "announced" } else { "effective" }, effective);
    let destinations = destinations(file, &mut fields, groups);
    let mut rule = Rule {
        id: id.unwrap_or_default(),
        title: title.unwrap_or_default(),
        kind: kind.unwrap_or(Kind::Regulation),
        effective: effective.unwrap_or_default(),
        end: fields.date(file, "end"),
        superseded: fields.date(file, "superseded"),
        early_effective: fields.date(file, "early_effective"),
        early_chips: fields.texts(file, "early_chips").into_iter().map(|(chip, _)| chip).collect(),
        citation: fields.text(file, "citation"),
        source: fields.text(file, "source"),
        confidence: fields.parsed(file, "confidence"),
        destinations,
        chips: fields.texts(file, "chips").into_iter().map(|(chip, _)| chip).collect(),
        classes: Vec::new(),
        licences: Vec::new(),
        duty: None,
        added: false,
        place,
    };
    for key in ["text", "notes", "demand_effect", "source_licence"] {
        fields.text(file, key);
    }
    for key in ["compliance", "nonenforced_from"] {
        fields.date(file, key);
    }
    if short {
        deny(file, &mut fields, groups, &mut rule);
    }
    for class_fields in fields.tables(file, "class") {
        rule.classes.extend(class(file, class_fields, groups));
    }
    for licence_fields in fields.tables(file, "licence") {
        rule.licences.push(licence(file, licence_fields, groups));
    }
    if let Some(parameters) = fields.table(file, "parameters") {
        rule.duty = duty(file, parameters, groups, rule.kind);
    }
    fields.finish(file);
    (file.problems.0.len() == before).then_some(rule)
}

/// The short form: what meets the condition is denied to the destinations.
fn deny(file: &mut File, fields: &mut Fields, groups: &Groups, rule: &mut Rule) {
    let predicate = predicate(file, fields, "deny", groups);
    let destinations = std::mem::take(&mut rule.destinations);
    if destinations.is_empty() && fields.value("destinations").is_none() {
        fields.wanted::<()>(file, "destinations", None);
    }
    let code = rule.id.clone();
    rule.classes.extend(predicate.map(|predicate| Class { code: code.clone(), predicate, scope: None }));
    rule.licences.push(Licence {
        classes: vec![code],
        item: None,
        destinations,
        when: None,
        from: None,
        effect: Effect::Require,
        outcome: Outcome::Denial,
        notes: None,
    });
}

fn class(file: &mut File, mut fields: Fields, groups: &Groups) -> Option<Class> {
    let code = fields.text(file, "code");
    let code = fields.wanted(file, "code", code);
    let condition = predicate(file, &mut fields, "predicate", groups);
    let condition = fields.wanted(file, "predicate", condition);
    let scope = fields.text(file, "scope");
    fields.finish(file);
    Some(Class { code: code?, predicate: condition?, scope })
}

fn licence(file: &mut File, mut fields: Fields, groups: &Groups) -> Licence {
    let mut classes: Vec<String> = fields.texts(file, "classes").into_iter().map(|(code, _)| code).collect();
    if fields.value("classes").is_none() {
        fields.wanted::<()>(file, "classes", None);
    }
    classes.retain(|code| code != "*");
    let destinations = destinations(file, &mut fields, groups);
    if fields.value("destinations").is_none() {
        fields.wanted::<()>(file, "destinations", None);
    }
    let effect = match fields.text_at(file, "effect") {
        Some(("require", _)) => Some(Effect::Require),
        Some(("replace", _)) => Some(Effect::Replace),
        Some((other, at)) => {
            let message = format!("'{other}' is no effect; use require or replace");
            let suggestion = nearest(other, ["require", "replace"]).into_iter().next();
            file.note(at, Problem::new("unknown_effect", message).key("effect").suggest(suggestion));
            None
        }
        None => fields.wanted(file, "effect", None),
    };
    let outcome: Option<Outcome> = fields.parsed(file, "outcome");
    let outcome = fields.wanted(file, "outcome", outcome);
    if outcome.is_some_and(|outcome| outcome.rank().is_none()) {
        let at = fields.value("outcome").map_or(fields.at(), |(_, at)| at);
        file.note(at, Problem::new("unranked_outcome", "a rule cannot require this outcome").key("outcome"));
    }
    let block = Licence {
        classes,
        item: predicate(file, &mut fields, "item", groups),
        destinations,
        when: predicate(file, &mut fields, "when", groups),
        from: fields.date(file, "from"),
        effect: effect.unwrap_or(Effect::Require),
        outcome: outcome.unwrap_or(Outcome::Denial),
        notes: fields.text(file, "notes"),
    };
    fields.finish(file);
    block
}

/// `[rule.parameters]`: documentation but for a tariff's rate and band.
fn duty(file: &mut File, mut fields: Fields, groups: &Groups, kind: Kind) -> Option<Duty> {
    if kind != Kind::Tariff {
        return None;
    }
    let rate = fields.number(file, "rate");
    let rate_fraction = fields.wanted(file, "rate", rate);
    let band = predicate(file, &mut fields, "band_predicate", groups);
    let band = fields.wanted(file, "band_predicate", band);
    fields.finish(file);
    Some(Duty { rate_fraction: rate_fraction?, band: band? })
}

fn predicate(file: &mut File, fields: &mut Fields, key: &'static str, groups: &Groups) -> Option<Predicate> {
    let (text, at) = fields.text_at(file, key)?;
    Predicate::parse(text, groups).map_err(|problem| file.note(at, problem.key(key))).ok()
}

fn destinations(file: &mut File, fields: &mut Fields, groups: &Groups) -> Vec<Destination> {
    let mut found = Vec::new();
    for (name, at) in fields.texts(file, "destinations") {
        match destination(&name, groups) {
            Ok(destination) => found.push(destination),
            Err(problem) => file.note(at, problem.key("destinations")),
        }
    }
    found
}

/// `*`, a group, a group without the allies (`D1-A56`), or a country.
fn destination(name: &str, groups: &Groups) -> Result<Destination, Problem> {
    if name == "*" {
        return Ok(Destination::Anywhere);
    }
    if let Some(group) = groups.id(name) {
        return Ok(Destination::Group(group));
    }
    if let Some(group) = name.strip_suffix("-A56").and_then(|base| groups.id(base)) {
        return Ok(Destination::GroupWithoutAllies(group));
    }
    place::country(name).map(Iso2::under_the_rules).map(Destination::Country).map_err(|unknown| {
        let suggestion = unknown.suggestion.or_else(|| nearest(name, groups.names()).into_iter().next());
        let message = format!("'{name}' is neither '*', a group, a group with -A56, nor a country");
        Problem::new("unknown_destination", message).suggest(suggestion)
    })
}
