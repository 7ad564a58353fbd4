//! Walking a TOML table: every key is asked for by name, what was not asked for is unknown.
//!
//! A getter that fails notes the problem and goes on, so that all problems of a file come at once, each with
//! line and column (serde's derive stops at the first, and loses the place of a key in a `[[table]]`).

use std::{ops::Range, str::FromStr};
use toml::de::{DeTable, DeValue};
use units::{Date, Problem, Problems, nearest};

use crate::rule::Place;

/// A file being read.
pub struct File<'a> {
    /// As the user named it.
    pub name: &'a str,
    /// Its text.
    pub text: &'a str,
    /// What was wrong so far.
    pub problems: Problems,
}

impl<'a> File<'a> {
    /// A file of which nothing is read yet.
    pub fn new(name: &'a str, text: &'a str) -> Self {
        Self { name, text, problems: Problems::default() }
    }

    /// The top table, or the problems of its syntax.
    pub fn table(&mut self) -> Option<DeTable<'a>> {
        let (table, errors) = DeTable::parse_recoverable(self.text);
        for error in errors {
            let at = error.span().map_or(0, |span| span.start);
            self.note(at, Problem::new("bad_toml", format!("is no TOML: {}", error.message())));
        }
        self.problems.0.is_empty().then(|| table.into_inner())
    }

    /// Notes a problem at a byte; one that carries a line and a column (of a condition) is moved by them.
    pub fn note(&mut self, at: usize, mut problem: Problem) {
        let place = self.place(at);
        let line_start = self.text[..at.min(self.text.len())].rfind('\n').map_or(0, |newline| newline + 1);
        let column = self.text[line_start..at.min(self.text.len())].chars().count() as u64 + 1;
        match (problem.line, problem.column) {
            // A condition stands between quotes: its first character is one to the right of the value's.
            (Some(1), Some(within)) => problem.column = Some(column + within),
            (Some(line), Some(_)) if line > 1 => {}
            _ => problem.column = Some(column),
        }
        problem.line = Some(place.line + problem.line.map_or(0, |line| line - 1));
        problem.file = Some(self.name.to_string());
        self.problems.push(problem);
    }

    /// The line of a byte.
    pub fn place(&self, at: usize) -> Place {
        let line = 1 + self.text[..at.min(self.text.len())].matches('\n').count() as u64;
        Place { file: self.name.to_string(), line }
    }
}

/// One table of a file.
pub struct Fields<'t, 'a> {
    table: &'t DeTable<'a>,
    span: Range<usize>,
    asked: Vec<&'static str>,
}

impl<'t, 'a> Fields<'t, 'a> {
    /// A table and where it stands.
    pub fn new(table: &'t DeTable<'a>, span: Range<usize>) -> Self {
        Self { table, span, asked: Vec::new() }
    }

    /// Where the table begins [byte].
    pub fn at(&self) -> usize {
        self.span.start
    }

    /// The value of a key and where it begins.
    pub fn value(&mut self, key: &'static str) -> Option<(&'t DeValue<'a>, usize)> {
        self.asked.push(key);
        self.table.get(key).map(|value| (value.get_ref(), value.span().start))
    }

    /// A text and where it begins.
    pub fn text_at(&mut self, file: &mut File, key: &'static str) -> Option<(&'t str, usize)> {
        let (value, at) = self.value(key)?;
        if value.as_str().is_none() {
            wrong_type(file, at, key, "a text in quotes", value);
        }
        value.as_str().map(|text| (text, at))
    }

    /// A text.
    pub fn text(&mut self, file: &mut File, key: &'static str) -> Option<String> {
        self.text_at(file, key).map(|(text, _)| text.to_string())
    }

    /// A text that reads as `T`.
    pub fn parsed<T: FromStr<Err = Problem>>(&mut self, file: &mut File, key: &'static str) -> Option<T> {
        let (text, at) = self.text_at(file, key)?;
        text.parse().map_err(|problem: Problem| file.note(at, problem.key(key))).ok()
    }

    /// A day without a time.
    pub fn date(&mut self, file: &mut File, key: &'static str) -> Option<Date> {
        let (value, at) = self.value(key)?;
        let day = value
            .as_datetime()
            .filter(|day| day.time.is_none() && day.offset.is_none())
            .and_then(|day| day.date)
            .and_then(|day| Date::new(day.year as i16, day.month as i8, day.day as i8).ok())
            .or_else(|| value.as_str().and_then(|text| text.parse().ok()));
        if day.is_none() {
            wrong_type(file, at, key, "a day such as 2026-01-15", value);
        }
        day
    }

    /// A finite number.
    pub fn number(&mut self, file: &mut File, key: &'static str) -> Option<f64> {
        let (value, at) = self.value(key)?;
        let text =
            value.as_float().map(toml::de::DeFloat::as_str).or(value.as_integer().map(toml::de::DeInteger::as_str));
        let number =
            text.and_then(|text| text.replace('_', "").parse::<f64>().ok()).filter(|number| number.is_finite());
        if number.is_none() {
            wrong_type(file, at, key, "a number", value);
        }
        number
    }

    /// Yes or no.
    pub fn flag(&mut self, file: &mut File, key: &'static str) -> Option<bool> {
        let (value, at) = self.value(key)?;
        let flag = value.as_bool();
        if flag.is_none() {
            wrong_type(file, at, key, "true or false", value);
        }
        flag
    }

    /// A list of texts, each with where it begins.
    pub fn texts(&mut self, file: &mut File, key: &'static str) -> Vec<(String, usize)> {
        let Some((value, at)) = self.value(key) else { return Vec::new() };
        let Some(list) = value.as_array() else {
            wrong_type(file, at, key, "a list of texts", value);
            return Vec::new();
        };
        let mut texts = Vec::new();
        for entry in list {
            match entry.get_ref().as_str() {
                Some(text) => texts.push((text.to_string(), entry.span().start)),
                None => wrong_type(file, entry.span().start, key, "a text in quotes", entry.get_ref()),
            }
        }
        texts
    }

    /// A table within.
    pub fn table(&mut self, file: &mut File, key: &'static str) -> Option<Fields<'t, 'a>> {
        let (value, at) = self.value(key)?;
        if value.as_table().is_none() {
            wrong_type(file, at, key, "a table", value);
        }
        value.as_table().map(|table| Fields::new(table, at..at))
    }

    /// The `[[tables]]` within.
    pub fn tables(&mut self, file: &mut File, key: &'static str) -> Vec<Fields<'t, 'a>> {
        let Some((value, at)) = self.value(key) else { return Vec::new() };
        let Some(list) = value.as_array() else {
            wrong_type(file, at, key, "a list of tables, [[...]]", value);
            return Vec::new();
        };
        let mut tables = Vec::new();
        for entry in list {
            match entry.get_ref().as_table() {
                Some(table) => tables.push(Fields::new(table, entry.span())),
                None => wrong_type(file, entry.span().start, key, "a table", entry.get_ref()),
            }
        }
        tables
    }

    /// Every key with its value, for tables whose keys are data.
    pub fn entries(&self) -> impl Iterator<Item = (&'t str, &'t DeValue<'a>, usize)> {
        self.table.iter().map(|(key, value)| (key.get_ref().as_ref(), value.get_ref(), key.span().start))
    }

    /// A value that must be there.
    pub fn wanted<T>(&self, file: &mut File, key: &'static str, value: Option<T>) -> Option<T> {
        if value.is_none() && !self.table.contains_key(key) {
            let message = format!("the key '{key}' is missing here");
            file.note(self.at(), Problem::new("missing_key", message).key(key));
        }
        value
    }

    /// Notes every key that was not asked for.
    pub fn finish(self, file: &mut File) {
        for (key, _, at) in self.entries() {
            if !self.asked.contains(&key) {
                let problem = Problem::new("unknown_key", format!("the key '{key}' is not known here")).key(key);
                let unused = self.asked.iter().filter(|asked| !self.table.contains_key(**asked));
                file.note(at, problem.suggest(nearest(key, unused).into_iter().next()));
            }
        }
    }
}

/// Notes a value of another type.
pub fn wrong_type(file: &mut File, at: usize, key: &str, wanted: &str, value: &DeValue) {
    let message = format!("'{key}' is a {}; {wanted} is wanted", value.type_str());
    file.note(at, Problem::new("wrong_type", message).key(key));
}
