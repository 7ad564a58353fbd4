//! Reading a TOML form: known keys of known types and ranges, every problem at once with line and column.
//!
//! A getter that fails notes the problem and hands back a placeholder, as in [`crate::table`]: a form with a
//! problem is refused as a whole. Keys that nobody asked for are unknown, and [`Form::finish`] says so.

use std::{
    cell::RefCell,
    collections::BTreeSet,
    ops::{Range, RangeInclusive},
};

use toml::{
    Spanned,
    de::{DeTable, DeValue},
};
use units::{Problem, Problems, nearest};

/// The code of a text that is no TOML.
const NO_TOML: &str = "bad_toml";

/// The text of a form with the problems found so far.
pub struct Source<'t> {
    text: &'t str,
    file: &'t str,
    problems: RefCell<Problems>,
}

impl<'t> Source<'t> {
    /// A text and the name of its file.
    pub fn new(text: &'t str, file: &'t str) -> Self {
        Self { text, file, problems: RefCell::default() }
    }

    /// The table of the whole text. What is no TOML is noted; the rest is read as far as it goes.
    pub fn table(&self) -> DeTable<'t> {
        let (table, errors) = DeTable::parse_recoverable(self.text);
        for error in errors {
            let problem = Problem::new(NO_TOML, format!("is no TOML: {}", error.message()));
            self.note(problem, error.span());
        }
        table.into_inner()
    }

    /// Notes a problem at a place in the text.
    pub fn note(&self, mut problem: Problem, span: Option<Range<usize>>) {
        problem.file = Some(self.file.to_string());
        if let Some(before) = span.and_then(|span| self.text.get(..span.start)) {
            let line_start = before.rfind('\n').map_or(0, |at| at + 1);
            problem.line = Some(before.bytes().filter(|byte| *byte == b'\n').count() as u64 + 1);
            problem.column = Some(before[line_start..].chars().count() as u64 + 1);
        }
        self.problems.borrow_mut().push(problem);
    }

    /// `value` if nothing is wrong, else every problem in the order of the text.
    ///
    /// # Errors
    /// Every problem noted.
    pub fn check<T>(self, value: T) -> Result<T, Problems> {
        let mut problems = self.problems.into_inner();
        // What is no TOML was not read to its end: that keys are missing there says nothing.
        if problems.0.iter().any(|problem| problem.code == NO_TOML) {
            problems.0.retain(|problem| problem.code == NO_TOML);
        }
        problems.check(value)
    }
}

/// One table of a form.
pub struct Form<'f> {
    source: &'f Source<'f>,
    table: &'f DeTable<'f>,
    /// The name of the table, with a dot; blank for the whole form.
    prefix: String,
    /// Where the table stands.
    span: Range<usize>,
    asked: RefCell<BTreeSet<&'static str>>,
}

impl<'f> Form<'f> {
    /// The whole form.
    pub fn new(source: &'f Source<'f>, table: &'f DeTable<'f>) -> Self {
        Self { source, table, prefix: String::new(), span: 0..0, asked: RefCell::default() }
    }

    /// A table inside it, where it stands.
    pub fn section(&self, key: &'static str) -> Option<Form<'f>> {
        let (span, value) = self.get(key)?;
        let Some(table) = value.as_table() else {
            self.refuse_type(key, "a table", &span, value);
            return None;
        };
        let prefix = format!("{}{key}.", self.prefix);
        Some(Form { source: self.source, table, prefix, span, asked: RefCell::default() })
    }

    /// Whether a key stands, of whatever type; it counts as asked for.
    pub fn has(&self, key: &'static str) -> bool {
        self.get(key).is_some()
    }

    /// Whether a key stands and is a number.
    pub fn is_number(&self, key: &'static str) -> bool {
        self.get(key).is_some_and(|(_, value)| value.is_integer() || value.is_float())
    }

    /// A text, where it stands.
    pub fn optional_text(&self, key: &'static str) -> Option<String> {
        let (span, value) = self.get(key)?;
        match value.as_str().map(str::trim) {
            Some("") => {
                self.refuse(key, "missing_value", format!("{} is blank", self.path(key)), Some(span));
                None
            }
            Some(text) => Some(text.to_string()),
            None => {
                self.refuse_type(key, "text in quotes", &span, value);
                None
            }
        }
    }

    /// A text that must stand.
    pub fn text(&self, key: &'static str) -> String {
        self.wanted(key, "text in quotes");
        self.optional_text(key).unwrap_or_default()
    }

    /// `true` or `false`, where it stands.
    pub fn optional_bool(&self, key: &'static str) -> Option<bool> {
        let (span, value) = self.get(key)?;
        let found = value.as_bool();
        if found.is_none() {
            self.refuse_type(key, "true or false", &span, value);
        }
        found
    }

    /// `true` or `false`, which must stand.
    pub fn bool(&self, key: &'static str) -> bool {
        self.wanted(key, "true or false");
        self.optional_bool(key).unwrap_or_default()
    }

    /// One of the words given, as its value; the word must stand.
    pub fn one_of<T: Copy>(&self, key: &'static str, words: &[(&str, T)]) -> T {
        let names: Vec<&str> = words.iter().map(|(word, _)| *word).collect();
        self.wanted(key, &format!("one of {}", names.join(", ")));
        let Some(text) = self.optional_text(key) else { return words[0].1 };
        if let Some((_, value)) = words.iter().find(|(word, _)| *word == text) {
            return *value;
        }
        let message = format!("{} is '{text}'; use one of {}", self.path(key), names.join(", "));
        let suggestion = nearest(&text, &names).into_iter().next();
        self.refuse_with(Problem::new("unknown_word", message).suggest(suggestion), key);
        words[0].1
    }

    /// A finite number inside `allowed`, where it stands.
    pub fn optional_number(&self, key: &'static str, allowed: &RangeInclusive<f64>) -> Option<f64> {
        let value = self.any_number(key)?;
        if allowed.contains(&value) {
            return Some(value);
        }
        let message =
            format!("{} is {value}; it must be from {} to {}", self.path(key), allowed.start(), allowed.end());
        self.refuse_with(Problem::new("out_of_range", message), key);
        None
    }

    /// A finite number inside `allowed`, which must stand.
    pub fn number(&self, key: &'static str, allowed: &RangeInclusive<f64>) -> f64 {
        self.wanted(key, "a number");
        self.optional_number(key, allowed).unwrap_or_default()
    }

    /// A finite number of whatever size, where it stands.
    pub fn any_number(&self, key: &'static str) -> Option<f64> {
        let (span, value) = self.get(key)?;
        let text = value.as_float().map(|float| float.as_str().to_string()).or_else(|| {
            let integer = value.as_integer()?;
            i128::from_str_radix(integer.as_str(), integer.radix()).ok().map(|whole| whole.to_string())
        });
        match text.map(|text| text.parse::<f64>()) {
            Some(Ok(number)) if number.is_finite() => Some(number),
            Some(_) => {
                self.refuse(key, "not_a_number", format!("{} must be finite", self.path(key)), Some(span));
                None
            }
            None => {
                self.refuse_type(key, "a number", &span, value);
                None
            }
        }
    }

    /// Notes a problem of a key, at its value where it stands.
    pub fn refuse_with(&self, problem: Problem, key: &'static str) {
        let span = self.get(key).map(|(span, _)| span).unwrap_or(self.span.clone());
        self.source.note(problem.key(self.path(key)), Some(span));
    }

    /// Notes every key that nobody asked for, with the nearest that is known and not used.
    pub fn finish(self) {
        let asked = self.asked.borrow();
        for (key, _) in self.table {
            let name: &str = key.get_ref();
            if asked.contains(name) {
                continue;
            }
            let unused = asked.iter().filter(|known| !self.table.contains_key(**known));
            let problem = Problem::new("unknown_key", format!("the key '{}{name}' is not known", self.prefix))
                .key(format!("{}{name}", self.prefix))
                .suggest(nearest(name, unused).into_iter().next());
            self.source.note(problem, Some(key.span()));
        }
    }

    fn get(&self, key: &'static str) -> Option<(Range<usize>, &'f DeValue<'f>)> {
        self.asked.borrow_mut().insert(key);
        let value: &Spanned<DeValue<'f>> = self.table.get(key)?;
        Some((value.span(), value.get_ref()))
    }

    fn wanted(&self, key: &'static str, what: &str) {
        if self.get(key).is_none() {
            let message = format!("the key '{}' is missing; {what} is wanted", self.path(key));
            self.refuse(key, "missing_key", message, Some(self.span.clone()));
        }
    }

    fn refuse_type(&self, key: &str, wanted: &str, span: &Range<usize>, found: &DeValue<'_>) {
        let message = format!("{} is of type {}; {wanted} is wanted", self.path(key), found.type_str());
        self.refuse(key, "wrong_type", message, Some(span.clone()));
    }

    fn refuse(&self, key: &str, code: &'static str, message: String, span: Option<Range<usize>>) {
        self.source.note(Problem::new(code, message).key(self.path(key)), span);
    }

    fn path(&self, key: &str) -> String {
        format!("{}{key}", self.prefix)
    }
}
