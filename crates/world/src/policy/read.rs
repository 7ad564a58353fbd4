//! Reading a policy file: every problem at once, each with its line.

mod switch;

use std::collections::BTreeMap;

use rules::{Outcome, RuleBook};
use toml::de::{DeTable, DeValue};
use units::{Problem, Problems, Range, nearest};

use super::{Levers, Money, Policy, Stance, builtin};

/// The schema that a file must name.
const SCHEMA: &str = "downstream/policy/1";
/// The levers of POLICIES.
const LEVERS: [&str; 9] = [
    "adoption_programme",
    "adoption_sectors",
    "capital",
    "open_science",
    "open_stance",
    "enforcement",
    "location_checks",
    "remote_access_licensed",
    "cooperation",
];
/// The keys of a policy file.
const KEYS: [&str; 16] = [
    "schema",
    "id",
    "title",
    "note",
    "base",
    "actor",
    "envelope_usd_per_year",
    "rules",
    "rule",
    "accepting_buyers",
    "flow",
    "levers",
    "strength",
    "defection_probability",
    "equalise",
    "switch",
];

/// Ten times what the world produced in 2025, some 1.1e14 USD: no policy spends more [USD per year].
const MOST_USD_PER_YEAR: f64 = 1e15;

/// A file that is being read.
struct File<'a> {
    name: &'a str,
    text: &'a str,
    problems: Problems,
}

/// A value with its key and place.
#[derive(Clone, Copy)]
struct Entry<'t, 'a> {
    key: &'t str,
    value: &'t DeValue<'a>,
    at: usize,
}

pub(super) fn parse(
    text: &str,
    name: &str,
    history: &RuleBook,
    read: &dyn Fn(&str) -> Result<String, Problem>,
    depth: usize,
) -> Result<Policy, Problems> {
    let mut file = File { name, text, problems: Problems::default() };
    let (table, errors) = DeTable::parse_recoverable(text);
    for error in errors {
        let at = error.span().map_or(0, |span| span.start);
        file.note(at, Problem::new("bad_toml", format!("is no TOML: {}", error.message())));
    }
    file.problems.clone().check(())?;
    let table = table.into_inner();
    let top = Top { entries: entries(&table) };
    for entry in &top.entries {
        if !KEYS.contains(&entry.key) {
            file.unknown(*entry, "key", &KEYS);
        }
    }
    match top.text(&mut file, "schema") {
        Some(SCHEMA) => {}
        Some(other) => {
            let message = format!("the schema is '{other}'; this reads {SCHEMA}");
            file.note(
                top.at("schema"),
                Problem::new("wrong_schema", message).key("schema").suggest(Some(SCHEMA.into())),
            );
        }
        None => file.missing("schema"),
    }
    let mut policy = match top.text(&mut file, "base") {
        Some(base) => match resolve(base, history, read, depth) {
            Ok(base) => base,
            Err(problems) => {
                file.problems.0.extend(problems.0);
                return file.problems.check(Policy::empty(history));
            }
        },
        None => Policy::empty(history),
    };
    match top.text(&mut file, "id") {
        Some(id) if is_id(id) => policy.id = id.to_string(),
        Some(id) => {
            let message = format!("the id is '{id}'; lower-case letters, digits, '.', '-' and '_' are wanted");
            file.note(top.at("id"), Problem::new("bad_id", message).key("id"));
        }
        None => file.missing("id"),
    }
    if let Some(title) = top.text(&mut file, "title") {
        policy.title = title.to_string();
    }
    if let Some(note) = top.text(&mut file, "note") {
        policy.note = Some(note.to_string());
    }
    if let Some(actor) = top.text(&mut file, "actor") {
        policy.actor = actor.to_string();
    }
    if let Some(amount) = top.number(&mut file, "envelope_usd_per_year", 0.0, MOST_USD_PER_YEAR) {
        policy.envelope_usd_per_year = Some(amount);
    }
    if let Some(strength) = top.number(&mut file, "strength", 0.0, 1.0) {
        policy.strength = strength;
    }
    if let Some(probability) = top.number(&mut file, "defection_probability", 0.0, 1.0) {
        policy.defection_probability = probability;
    }
    if let Some(quantity) = top.word(&mut file, "equalise", &["export_value", "units"]) {
        policy.equalise = Some(quantity.to_string());
    }
    if let Some(book) = top.word(&mut file, "rules", &["history", "none"]) {
        policy.book = book_of(book, history);
    }
    if let Some(book) = top.word(&mut file, "accepting_buyers", &["history", "none"]) {
        policy.book_for_accepting = Some(book_of(book, history));
    }
    match policy.book.rules_from_toml(text, name).and_then(|rules| policy.book.clone().with_rules(rules)) {
        Ok(book) => policy.book = book,
        Err(problems) => file.problems.0.extend(problems.0),
    }
    if let Some(flow) = top.table(&mut file, "flow") {
        flows(&mut file, &flow, &mut policy.flow);
    }
    if let Some(found) = top.table(&mut file, "levers") {
        levers(&mut file, &found, &mut policy.levers);
    }
    if let Some(entry) = top.find("switch") {
        policy.switches = switch::read(&mut file, entry, &|named| resolve(named, history, read, depth));
    }
    file.problems.check(policy)
}

/// Whether a text may be an id: it stands in columns and file names.
fn is_id(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b".-_".contains(&byte))
}

/// The policy that a base names: `builtin:ID`, `file:NAME`.
fn resolve(
    base: &str,
    history: &RuleBook,
    read: &dyn Fn(&str) -> Result<String, Problem>,
    depth: usize,
) -> Result<Policy, Problems> {
    const DEEPEST: usize = 16;
    if depth > DEEPEST {
        return Err(
            Problem::new("bad_base", format!("bases are nested more than {DEEPEST} deep: is there a ring?")).into()
        );
    }
    match base.strip_prefix("file:") {
        Some(name) => parse(&read(name)?, name, history, read, depth + 1),
        None => builtin(base, history),
    }
}

fn book_of(word: &str, history: &RuleBook) -> RuleBook {
    let mut book = history.clone();
    if word == "none" {
        book.rules.clear();
    }
    book
}

/// `[flow.OUTCOME]`: low, mode, high of the share shipped.
fn flows(file: &mut File, tables: &[Entry], flow: &mut Vec<(Outcome, Range)>) {
    for entry in tables {
        let Some(outcome) = Outcome::ALL.into_iter().find(|outcome| outcome.name() == entry.key) else {
            file.unknown(*entry, "licence outcome", &Outcome::ALL.map(Outcome::name));
            continue;
        };
        let Some(table) = entry.value.as_table() else {
            file.wrong(*entry, "a table with low, mode, high");
            continue;
        };
        let fields = Top { entries: entries(table) };
        for field in fields.entries.iter().filter(|field| !["low", "mode", "high"].contains(&field.key)) {
            file.unknown(*field, "key", &["low", "mode", "high"]);
        }
        let [low, mode, high] = ["low", "mode", "high"].map(|key| fields.number(file, key, 0.0, 1.0));
        let range = match (low, mode, high) {
            (Some(low), Some(mode), Some(high)) => Range::new(low, mode, high),
            _ => None,
        };
        match range {
            Some(range) => {
                flow.retain(|(known, _)| *known != outcome);
                flow.push((outcome, range));
            }
            None => file.note(
                entry.at,
                Problem::new("bad_range", "wants low, mode and high between 0 and 1, in rising order").key(entry.key),
            ),
        }
    }
}

fn levers(file: &mut File, tables: &[Entry], levers: &mut Levers) {
    for lever in tables {
        if !LEVERS.contains(&lever.key) {
            file.unknown(*lever, "lever", &LEVERS);
            continue;
        }
        let Some(table) = lever.value.as_table() else {
            file.wrong(*lever, "a table by bloc");
            continue;
        };
        for entry in entries(table) {
            let bloc = entry.key.to_string();
            match lever.key {
                "adoption_programme" => set(&mut levers.adoption_programme, bloc, file.money(entry)),
                "capital" => set(&mut levers.capital, bloc, file.money(entry)),
                "open_science" => set(&mut levers.open_science, bloc, file.money(entry)),
                "open_stance" => set(&mut levers.open_stance, bloc, file.stance(entry)),
                "enforcement" => set(&mut levers.enforcement, bloc, file.number(entry, 0.0, 1.0)),
                "cooperation" => set(&mut levers.cooperation, bloc, file.number(entry, 0.0, 1.0)),
                "location_checks" => set(&mut levers.location_checks, bloc, file.flag(entry)),
                "remote_access_licensed" => set(&mut levers.remote_access_licensed, bloc, file.flag(entry)),
                _ => set(&mut levers.adoption_sectors, bloc, file.sectors(entry)),
            }
        }
    }
}

fn set<T>(map: &mut BTreeMap<String, T>, bloc: String, value: Option<T>) {
    if let Some(value) = value {
        map.insert(bloc, value);
    }
}

fn entries<'t, 'a>(table: &'t DeTable<'a>) -> Vec<Entry<'t, 'a>> {
    table
        .iter()
        .map(|(key, value)| Entry { key: key.get_ref().as_ref(), value: value.get_ref(), at: key.span().start })
        .collect()
}

/// The keys of one table.
struct Top<'t, 'a> {
    entries: Vec<Entry<'t, 'a>>,
}

impl<'t, 'a> Top<'t, 'a> {
    fn find(&self, key: &str) -> Option<Entry<'t, 'a>> {
        self.entries.iter().find(|entry| entry.key == key).copied()
    }

    fn at(&self, key: &str) -> usize {
        self.find(key).map_or(0, |entry| entry.at)
    }

    fn text(&self, file: &mut File, key: &str) -> Option<&'t str> {
        let entry = self.find(key)?;
        let text = entry.value.as_str().filter(|text| !text.trim().is_empty());
        if text.is_none() {
            file.wrong(entry, "a text in quotes");
        }
        text
    }

    fn word(&self, file: &mut File, key: &str, words: &[&str]) -> Option<&'t str> {
        let text = self.text(file, key)?;
        if words.contains(&text) {
            return Some(text);
        }
        let message = format!("'{key}' is '{text}'; use one of {}", words.join(", "));
        let near = nearest(text, words).into_iter().next();
        file.note(self.at(key), Problem::new("unknown_word", message).key(key).suggest(near));
        None
    }

    fn number(&self, file: &mut File, key: &str, least: f64, most: f64) -> Option<f64> {
        self.find(key).and_then(|entry| file.number(entry, least, most))
    }

    fn table(&self, file: &mut File, key: &str) -> Option<Vec<Entry<'t, 'a>>> {
        let entry = self.find(key)?;
        if entry.value.as_table().is_none() {
            file.wrong(entry, "a table");
        }
        entry.value.as_table().map(entries)
    }
}

impl File<'_> {
    fn note(&mut self, at: usize, problem: Problem) {
        let before = &self.text[..at.min(self.text.len())];
        let line = 1 + before.matches('\n').count() as u64;
        let column = 1 + before.rsplit('\n').next().unwrap_or_default().chars().count() as u64;
        self.problems.push(problem.file(self.name).line(line).column(column));
    }

    fn missing(&mut self, key: &'static str) {
        let message = format!("the key '{key}' is missing");
        self.note(0, Problem::new("missing_key", message).key(key));
    }

    fn unknown(&mut self, entry: Entry, what: &str, known: &[&str]) {
        let message = format!("there is no {what} '{}'; use one of {}", entry.key, known.join(", "));
        let near = nearest(entry.key, known).into_iter().next();
        self.note(entry.at, Problem::new("unknown_key", message).key(entry.key).suggest(near));
    }

    fn wrong(&mut self, entry: Entry, wanted: &str) {
        let message = format!("'{}' is a {}; {wanted} is wanted", entry.key, entry.value.type_str());
        self.note(entry.at, Problem::new("wrong_type", message).key(entry.key));
    }

    fn number(&mut self, entry: Entry, least: f64, most: f64) -> Option<f64> {
        let text = entry
            .value
            .as_float()
            .map(toml::de::DeFloat::as_str)
            .or(entry.value.as_integer().map(toml::de::DeInteger::as_str));
        let number =
            text.and_then(|text| text.replace('_', "").parse::<f64>().ok()).filter(|number| number.is_finite());
        let Some(number) = number else {
            self.wrong(entry, "a finite number");
            return None;
        };
        if !(least..=most).contains(&number) {
            let message = if most == f64::MAX {
                format!("'{}' is {number}; it must be at least {least}", entry.key)
            } else {
                format!("'{}' is {number}; it must be between {least} and {most}", entry.key)
            };
            self.note(entry.at, Problem::new("out_of_range", message).key(entry.key));
            return None;
        }
        Some(number)
    }

    fn flag(&mut self, entry: Entry) -> Option<bool> {
        let flag = entry.value.as_bool();
        if flag.is_none() {
            self.wrong(entry, "true or false");
        }
        flag
    }

    fn stance(&mut self, entry: Entry) -> Option<Stance> {
        const STANCES: [Stance; 3] = [Stance::Closed, Stance::Mixed, Stance::Open];
        let text = entry.value.as_str().unwrap_or_default();
        let stance = STANCES.into_iter().find(|stance| stance.name() == text);
        if stance.is_none() {
            let message = format!("the stance of '{}' is '{text}'; use closed, mixed or open", entry.key);
            let near = nearest(text, STANCES.map(Stance::name)).into_iter().next();
            self.note(entry.at, Problem::new("unknown_word", message).key(entry.key).suggest(near));
        }
        stance
    }

    /// `{ share = 0.5 }` of the envelope, or `{ usd_per_year = 25e9 }`.
    fn money(&mut self, entry: Entry) -> Option<Money> {
        const WANTED: &str = "{ share = 0.5 } of the envelope or { usd_per_year = 25e9 }";
        let fields = entry.value.as_table().map(entries).unwrap_or_default();
        match fields.as_slice() {
            [field] if field.key == "share" => self.number(*field, 0.0, 1.0).map(Money::Share),
            [field] if field.key == "usd_per_year" => {
                self.number(*field, 0.0, MOST_USD_PER_YEAR).map(Money::UsdPerYear)
            }
            [field] => {
                self.unknown(*field, "key", &["share", "usd_per_year"]);
                None
            }
            _ => {
                self.wrong(entry, WANTED);
                None
            }
        }
    }

    /// Shares of a programme by sector.
    fn sectors(&mut self, entry: Entry) -> Option<BTreeMap<String, f64>> {
        let Some(table) = entry.value.as_table() else {
            self.wrong(entry, "a table of shares by sector");
            return None;
        };
        let mut shares = BTreeMap::new();
        for field in entries(table) {
            shares.insert(field.key.to_string(), self.number(field, 0.0, 1.0)?);
        }
        let sum: f64 = shares.values().sum();
        if (sum - 1.0).abs() > 1e-6 {
            let message = format!("the shares of '{}' sum to {sum}, not to 1", entry.key);
            self.note(entry.at, Problem::new("bad_shares", message).key(entry.key));
            return None;
        }
        Some(shares)
    }
}
