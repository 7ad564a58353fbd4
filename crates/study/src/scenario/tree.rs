//! A layer of a scenario as a tree in which every value knows its place, so that layers can be laid over one another
//! and a wrong value still be pointed at.

use std::sync::Arc;
use toml::{
    Spanned,
    de::{DeTable, DeValue},
};
use units::{Problem, Problems};

/// Where a value was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// The file as the user named it, `builtin:default`, or `--set`.
    pub file: Arc<str>,
    /// Line and column from 1; none for `--set`.
    pub at: Option<(u64, u64)>,
}

impl Place {
    /// A problem here.
    pub fn problem(&self, code: &'static str, message: impl Into<String>) -> Problem {
        let problem = Problem::new(code, message).file(&*self.file);
        match self.at {
            Some((line, column)) => problem.line(line).column(column),
            None => problem,
        }
    }
}

/// A value and where it was written.
#[derive(Clone, Debug, PartialEq)]
pub struct Node {
    /// What was written.
    pub value: Value,
    /// Where.
    pub place: Place,
}

/// What was written.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// A string.
    Text(String),
    /// A number; whole numbers keep their type in `Integer`.
    Number(f64),
    /// A whole number.
    Integer(i64),
    /// A list.
    List(Vec<Node>),
    /// A table, in the order written.
    Table(Vec<(String, Node)>),
    /// Anything else, by the name of its type.
    Other(&'static str),
}

impl Value {
    /// The type's name, for messages.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Text(_) => "a string",
            Self::Number(_) => "a number",
            Self::Integer(_) => "a whole number",
            Self::List(_) => "a list",
            Self::Table(_) => "a table",
            Self::Other(kind) => kind,
        }
    }
}

impl Node {
    /// The value under a key, if this is a table that has it.
    pub fn get(&self, key: &str) -> Option<&Node> {
        self.table()?.iter().find(|(name, _)| name == key).map(|(_, node)| node)
    }

    /// The entries, if this is a table.
    pub fn table(&self) -> Option<&[(String, Node)]> {
        match &self.value {
            Value::Table(entries) => Some(entries),
            _ => None,
        }
    }

    /// The same, to change them.
    pub fn table_mut(&mut self) -> Option<&mut Vec<(String, Node)>> {
        match &mut self.value {
            Value::Table(entries) => Some(entries),
            _ => None,
        }
    }

    /// Puts a value under a key, over what was there.
    pub fn put(&mut self, key: &str, node: Node) {
        if let Some(entries) = self.table_mut() {
            match entries.iter_mut().find(|(name, _)| name == key) {
                Some((_, old)) => *old = node,
                None => entries.push((key.into(), node)),
            }
        }
    }
}

/// Reads TOML; every error of its grammar is reported, with its place.
pub fn read(text: &str, file: &str) -> Result<Node, Problems> {
    let lines = Lines::new(text, file);
    let (table, errors) = DeTable::parse_recoverable(text);
    let mut problems = Problems::default();
    for error in errors {
        let place = lines.place(error.span().map_or(0, |span| span.start));
        problems.push(place.problem("bad_toml", format!("is not TOML: {}", error.message())));
    }
    let node = if problems.0.is_empty() { lines.table(table.get_ref(), 0, 0) } else { lines.empty() };
    problems.check(node)
}

/// Reads one value as written after `--set path=`: TOML, or else a bare string.
pub fn read_value(text: &str) -> Value {
    let lines = Lines::new(text, "--set");
    let value =
        DeValue::parse(text).map_or_else(|_| Value::Text(text.trim().into()), |value| lines.node(&value, 0).value);
    without_places(value)
}

/// A value of `--set` has no lines.
fn without_places(value: Value) -> Value {
    let strip = |node: Node| Node { value: without_places(node.value), place: Place { at: None, ..node.place } };
    match value {
        Value::List(items) => Value::List(items.into_iter().map(strip).collect()),
        Value::Table(entries) => Value::Table(entries.into_iter().map(|(key, node)| (key, strip(node))).collect()),
        other => other,
    }
}

/// Turns byte offsets into lines and columns.
struct Lines<'a> {
    text: &'a str,
    starts: Vec<usize>,
    file: Arc<str>,
}

/// Deeper nesting than this is no scenario; it would only eat the stack.
const DEEPEST: usize = 16;

impl<'a> Lines<'a> {
    fn new(text: &'a str, file: &str) -> Self {
        let starts = std::iter::once(0).chain(text.match_indices('\n').map(|(index, _)| index + 1)).collect();
        Self { text, starts, file: file.into() }
    }

    fn place(&self, offset: usize) -> Place {
        let line = self.starts.partition_point(|start| *start <= offset).max(1);
        let start = self.starts[line - 1];
        let column = self.text.get(start..offset).map_or(1, |before| before.chars().count() + 1);
        Place { file: self.file.clone(), at: Some((line as u64, column as u64)) }
    }

    fn empty(&self) -> Node {
        Node { value: Value::Table(Vec::new()), place: self.place(0) }
    }

    fn table(&self, table: &DeTable<'_>, offset: usize, depth: usize) -> Node {
        if depth > DEEPEST {
            return Node { value: Value::Other("a table nested too deep"), place: self.place(offset) };
        }
        let mut entries: Vec<(usize, String, Node)> = table
            .iter()
            .map(|(key, value)| {
                let mut node = self.node(value, depth + 1);
                // A table is pointed at by its name, a value by itself.
                if matches!(node.value, Value::Table(_)) {
                    node.place = self.place(key.span().start);
                }
                (key.span().start, key.get_ref().to_string(), node)
            })
            .collect();
        entries.sort_by(|a, b| (a.0, &a.1).cmp(&(b.0, &b.1)));
        let entries = entries.into_iter().map(|(_, key, node)| (key, node)).collect();
        Node { value: Value::Table(entries), place: self.place(offset) }
    }

    fn node(&self, value: &Spanned<DeValue<'_>>, depth: usize) -> Node {
        let offset = value.span().start;
        let place = self.place(offset);
        let value = match value.get_ref() {
            DeValue::String(text) => Value::Text(text.to_string()),
            DeValue::Integer(number) => {
                let digits = number.as_str().replace('_', "");
                i64::from_str_radix(&digits, number.radix())
                    .map_or(Value::Other("an unreadable number"), Value::Integer)
            }
            DeValue::Float(number) => {
                number.as_str().replace('_', "").parse().map_or(Value::Other("an unreadable number"), Value::Number)
            }
            DeValue::Boolean(_) => Value::Other("true or false"),
            DeValue::Datetime(_) => Value::Other("a date"),
            DeValue::Array(_) if depth > DEEPEST => Value::Other("a list nested too deep"),
            DeValue::Array(items) => Value::List(items.iter().map(|item| self.node(item, depth + 1)).collect()),
            DeValue::Table(table) => return self.table(table, offset, depth),
        };
        Node { value, place }
    }
}
