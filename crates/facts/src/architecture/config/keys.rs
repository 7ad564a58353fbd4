//! Keys of a configuration, read one by one; what is wrong is collected, with its line.

use serde_json::{Map, Value};
use std::cell::RefCell;
use units::{Problem, Problems, nearest};

/// Where an object stands in a file.
#[derive(Clone, Copy)]
pub struct Section<'a> {
    /// The whole text.
    pub text: &'a str,
    /// The file, as the user named it.
    pub file: &'a str,
    /// The key of the object in the root; `None` = the root.
    pub name: Option<&'a str>,
}

/// One JSON object. Readers give a harmless value where there is a problem, so that reading goes on and all
/// problems are found; the value is never used, since there is then no architecture.
pub struct Keys<'a> {
    object: &'a Map<String, Value>,
    section: Section<'a>,
    problems: &'a RefCell<Problems>,
    /// The object around it, for keys that may stand in either.
    parent: Option<&'a Map<String, Value>>,
}

impl<'a> Keys<'a> {
    /// The keys of an object.
    pub fn new(object: &'a Map<String, Value>, section: Section<'a>, problems: &'a RefCell<Problems>) -> Self {
        Self { object, section, problems, parent: None }
    }

    /// The object under a key, where there is one.
    pub fn section(&self, name: &'a str) -> Option<Keys<'a>> {
        match self.get(name)? {
            Value::Object(object) => {
                let section = Section { name: Some(name), ..self.section };
                Some(Keys { object, section, problems: self.problems, parent: Some(self.object) })
            }
            other => {
                self.refuse(name, other, "an object");
                None
            }
        }
    }

    /// A value; `null` is as good as absent.
    pub fn get(&self, key: &str) -> Option<&'a Value> {
        self.object.get(key).filter(|value| !value.is_null())
    }

    /// Whether a key is there at all, be it `null`.
    pub fn has(&self, key: &str) -> bool {
        self.object.contains_key(key)
    }

    /// The first of several spellings that is there; else the first.
    pub fn spelling<'k>(&self, spellings: &[&'k str]) -> &'k str {
        spellings.iter().find(|key| self.get(key).is_some()).or(spellings.first()).copied().unwrap_or("")
    }

    /// A whole number from 1 to `max` that must be there.
    pub fn count(&self, key: &str, max: u64) -> u64 {
        self.optional_count(key, max).unwrap_or_else(|| {
            if self.get(key).is_none() {
                self.missing(key);
            }
            1
        })
    }

    /// A whole number from 1 to `max`, with the default of the family's class.
    pub fn count_or(&self, key: &str, default: u64, max: u64) -> u64 {
        self.optional_count(key, max).unwrap_or(default)
    }

    /// A whole number from 1 to `max`, where there is one.
    pub fn optional_count(&self, key: &str, max: u64) -> Option<u64> {
        self.whole(key, 1, max)
    }

    /// A whole number from 0 to `max`, with the default of the family's class.
    pub fn number_or(&self, key: &str, default: u64, max: u64) -> u64 {
        self.whole(key, 0, max).unwrap_or(default)
    }

    /// True or false, with the default of the family's class.
    pub fn flag(&self, key: &str, default: bool) -> bool {
        match self.get(key) {
            None => default,
            Some(Value::Bool(flag)) => *flag,
            Some(other) => {
                self.refuse(key, other, "true or false");
                default
            }
        }
    }

    /// True or false from here or from the object around.
    pub fn flag_here_or_above(&self, key: &str, default: bool) -> bool {
        let above = self.parent.and_then(|parent| parent.get(key)).and_then(Value::as_bool);
        self.flag(key, above.unwrap_or(default))
    }

    /// A word that must be there.
    pub fn word(&self, key: &str) -> Option<&'a str> {
        match self.get(key) {
            Some(Value::String(word)) => Some(word),
            Some(other) => {
                self.refuse(key, other, "a word in quotes");
                None
            }
            None => {
                self.missing(key);
                None
            }
        }
    }

    /// A word, where there is one.
    pub fn optional_word(&self, key: &str) -> Option<&'a str> {
        self.get(key).and_then(|_| self.word(key))
    }

    /// A list with one entry a layer, where there is one.
    fn per_layer(&self, key: &str, layers: u64) -> Option<&'a [Value]> {
        let values = self.list(key)?;
        if values.len() as u64 == layers {
            return Some(values);
        }
        let message = format!("'{key}' has {} entries; there are {layers} layers", values.len());
        self.record(key, Problem::new("bad_value", message));
        None
    }

    /// A list, where there is one.
    fn list(&self, key: &str) -> Option<&'a [Value]> {
        match self.get(key)? {
            Value::Array(values) => Some(values),
            other => {
                self.refuse(key, other, "a list");
                None
            }
        }
    }

    /// Words from a list with one entry a layer, as the position of each among `known`.
    pub fn kinds(&self, key: &str, layers: u64, known: &[&str]) -> Option<Vec<usize>> {
        let position = |value: &Value| value.as_str().and_then(|word| known.iter().position(|name| *name == word));
        self.each(key, self.per_layer(key, layers)?, position, || format!("a list of {}", known.join(" or ")))
    }

    /// Zeros and ones (or larger) from a list with one entry a layer: whether each is above zero.
    pub fn switches(&self, key: &str, layers: u64) -> Option<Vec<bool>> {
        let above_zero = |value: &Value| value.as_u64().map(|number| number > 0);
        self.each(key, self.per_layer(key, layers)?, above_zero, || "a list of 0 and 1".to_string())
    }

    /// Indices of layers from a list, where there is one.
    pub fn layer_indices(&self, key: &str, layers: u64) -> Option<Vec<u64>> {
        let values = self.list(key)?;
        self.require(values.len() as u64 <= layers, key, || {
            format!("'{key}' has {} entries; there are {layers} layers", values.len())
        });
        let index = |value: &Value| value.as_u64().filter(|index| *index < layers);
        self.each(key, values, index, || format!("a list of layers from 0 to {}", layers.saturating_sub(1)))
    }

    /// Every entry of a list, read; the first that cannot be is a problem.
    fn each<T>(
        &self,
        key: &str,
        values: &[Value],
        read: impl Fn(&Value) -> Option<T>,
        wanted: impl Fn() -> String,
    ) -> Option<Vec<T>> {
        let mut entries = Vec::with_capacity(values.len());
        for value in values {
            let Some(entry) = read(value) else {
                self.refuse(key, value, &wanted());
                return None;
            };
            entries.push(entry);
        }
        Some(entries)
    }

    /// Records a problem where a condition on values does not hold.
    pub fn require(&self, holds: bool, key: &str, message: impl FnOnce() -> String) {
        if !holds {
            self.record(key, Problem::new("bad_value", message()));
        }
    }

    /// Records a problem with a key's value, with file, line and key.
    pub fn record(&self, key: &str, problem: Problem) {
        let mut problem = problem.file(self.section.file).key(self.path(key));
        problem.line = problem.line.or_else(|| line_of(self.section, key));
        self.problems.borrow_mut().push(problem);
    }

    fn whole(&self, key: &str, min: u64, max: u64) -> Option<u64> {
        let value = self.get(key)?;
        let number = value.as_u64().filter(|number| (min..=max).contains(number));
        if number.is_none() {
            self.refuse(key, value, &format!("a whole number from {min} to {max}"));
        }
        number
    }

    fn refuse(&self, key: &str, value: &Value, wanted: &str) {
        let message = format!("'{key}' has {}; {wanted} is wanted", shown(value));
        self.record(key, Problem::new("bad_value", message));
    }

    fn missing(&self, key: &str) {
        let close = nearest(key, self.object.keys()).into_iter().next();
        let line = close.as_ref().and_then(|close| line_of(self.section, close));
        let hint = close.as_ref().map(|close| format!("; did you mean it by '{close}'?")).unwrap_or_default();
        let mut problem = Problem::new("missing_key", format!("'{}' is missing{hint}", self.path(key)));
        problem.line = line.or_else(|| self.section.name.and_then(|name| line_of(self.root(), name)));
        self.record(key, problem.suggest(close.map(|_| key.to_string())));
    }

    fn root(&self) -> Section<'a> {
        Section { name: None, ..self.section }
    }

    fn path(&self, key: &str) -> String {
        self.section.name.map_or_else(|| key.to_string(), |name| format!("{name}.{key}"))
    }
}

/// A value as it is quoted in a message, cut where it is long.
fn shown(value: &Value) -> String {
    const LONGEST: usize = 40;
    let text = value.to_string();
    match text.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}...", &text[..end]),
        None => text,
    }
}

/// The line of a key, from 1: of the root, or of the object under one of the root's keys. The last one, which
/// is the one that counts where a key stands twice.
fn line_of(section: Section<'_>, key: &str) -> Option<u64> {
    let wanted_depth = if section.name.is_some() { 2 } else { 1 };
    let bytes = section.text.as_bytes();
    let (mut index, mut line, mut depth, mut found) = (0, 1, 0, None);
    let mut inside = section.name.is_none();
    while index < bytes.len() {
        match bytes[index] {
            b'\n' => line += 1,
            b'{' | b'[' => depth += 1,
            b'}' | b']' => depth -= 1,
            b'"' => {
                let end = end_of_string(bytes, index);
                let name = section.text.get(index + 1..end).unwrap_or("");
                let is_key = section.text.get(end + 1..).is_some_and(|rest| rest.trim_start().starts_with(':'));
                if is_key && depth == 1 && section.name.is_some() {
                    inside = section.name == Some(name);
                }
                if is_key && inside && depth == wanted_depth && name == key {
                    found = Some(line);
                }
                index = end;
            }
            _ => {}
        }
        index += 1;
    }
    found
}

/// The position of the quote that ends a string.
fn end_of_string(bytes: &[u8], start: usize) -> usize {
    let mut index = start + 1;
    while index < bytes.len() && bytes[index] != b'"' {
        index += if bytes[index] == b'\\' { 2 } else { 1 };
    }
    index.min(bytes.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_line_of_a_key_is_that_of_its_own_object() {
        let text = "{\n \"hidden_size\": 1,\n \"note\": \"\\\"hidden_size\\\": 2\",\n \"text_config\": {\n  \"hidden_size\": 3\n },\n \"x\": [{\"hidden_size\": 4}]\n}";
        let line = |name| line_of(Section { text, file: "f", name }, "hidden_size");
        assert_eq!(line(None), Some(2));
        assert_eq!(line(Some("text_config")), Some(5));
        assert_eq!(line(Some("vision_config")), None);
    }
}
