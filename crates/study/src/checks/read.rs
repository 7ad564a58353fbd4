//! Reading a file of statements.

use serde::Deserialize;
use toml::Spanned;
use units::{Problem, Problems, nearest};

const SCHEMA: &str = "downstream/checks/1";
const BUILTIN: &str = include_str!("../../../../checks/world.toml");

/// How the left side of a statement stands to its right side.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Relation {
    /// Not smaller.
    AtLeast,
    /// Not larger.
    AtMost,
    /// The same.
    Equals,
}

/// One statement; the file explains its fields.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Statement {
    /// Its id.
    pub id: String,
    /// What it says, in a sentence.
    pub says: String,
    /// Names that are held against the right side one by one.
    #[serde(default)]
    pub each: Vec<Name>,
    /// Names that `each = ["*"]` leaves out.
    #[serde(default)]
    pub except: Vec<Name>,
    /// Names that are added up.
    #[serde(default)]
    pub left: Vec<Name>,
    /// What the left side is summed over.
    #[serde(default)]
    pub sum_over: Vec<Along>,
    /// A bloc, or `world`.
    pub only_for: Option<Name>,
    /// How the sides stand to one another.
    pub relation: Relation,
    /// The right side.
    pub right: Right,
    /// Tolerance [fraction of the larger side].
    #[serde(default)]
    pub within: f64,
    /// The file it was read from.
    #[serde(skip)]
    pub(super) file: String,
    /// Its text, to find lines.
    #[serde(skip)]
    starts: Vec<usize>,
}

/// A name and where it stands.
pub type Name = Spanned<String>;

/// What a sum runs over.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Along {
    /// Blocs.
    Bloc,
    /// Sectors.
    Sector,
    /// Origins of models, or vendors of chips.
    Origin,
    /// Open and closed.
    Openness,
}

/// The right side.
#[derive(Clone, Debug, Deserialize)]
#[serde(untagged)]
pub enum Right {
    /// A number.
    Number(f64),
    /// Names that are added up.
    Names(Vec<String>),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    schema: Spanned<String>,
    #[serde(default)]
    check: Vec<Spanned<Statement>>,
}

/// The statements of `checks/world.toml`.
///
/// # Errors
/// What is wrong with it; a test holds that nothing is.
pub fn builtin() -> Result<Vec<Statement>, Problems> {
    parse(BUILTIN, "checks/world.toml")
}

/// Reads statements.
///
/// # Errors
/// A text that is not TOML or has other keys, a schema that is not this one, an empty file, two statements of one id,
/// a statement with neither `each` nor `left` or with both, a tolerance that makes no sense: with line.
pub fn parse(text: &str, file: &str) -> Result<Vec<Statement>, Problems> {
    let starts: Vec<usize> = std::iter::once(0).chain(text.match_indices('\n').map(|(at, _)| at + 1)).collect();
    let place = |at: usize| starts.partition_point(|start| *start <= at) as u64;
    let read: File = toml::from_str(text).map_err(|error| {
        let problem = Problem::new("bad_checks", error.message().to_string()).file(file);
        error.span().map_or(problem.clone(), |span| problem.line(place(span.start)))
    })?;
    let mut problems = Problems::default();
    let mut problem = |code, message: String, at: usize| {
        problems.push(Problem::new(code, message).file(file).line(place(at)));
    };
    if read.schema.get_ref() != SCHEMA {
        let message = format!("the schema is '{}'; this reads {SCHEMA}", read.schema.get_ref());
        problem("wrong_schema", message, read.schema.span().start);
    }
    if read.check.is_empty() {
        problem("no_checks", "states nothing: a [[check]] is wanted".into(), 0);
    }
    let mut statements: Vec<Statement> = Vec::new();
    for found in read.check {
        let at = found.span().start;
        let mut statement = found.into_inner();
        if statements.iter().any(|other| other.id == statement.id) {
            problem("doubled_check", format!("there are two checks '{}'", statement.id), at);
        }
        if statement.each.is_empty() == statement.left.is_empty() {
            let message = format!("'{}' wants either `each` or `left`", statement.id);
            problem("bad_check", message, at);
        }
        if !(0.0..1.0).contains(&statement.within) {
            let message = format!("'{}': within = {} is no share below 1", statement.id, statement.within);
            problem("bad_check", message, at);
        }
        if matches!(statement.right, Right::Number(number) if !number.is_finite()) {
            problem("bad_check", format!("'{}': the right side is not a number", statement.id), at);
        }
        statement.file = file.to_string();
        statement.starts.clone_from(&starts);
        statements.push(statement);
    }
    problems.check(statements)
}

impl Statement {
    /// A problem at a name of this statement, with the nearest of the known ones.
    pub(super) fn unknown<'k>(&self, name: &Name, what: &str, known: impl IntoIterator<Item = &'k str>) -> Problem {
        let line = self.starts.partition_point(|start| *start <= name.span().start) as u64;
        let near = nearest(name.get_ref(), known).into_iter().next();
        Problem::new("unknown_name", format!("'{}': there is no {what} '{}'", self.id, name.get_ref()))
            .file(&self.file)
            .line(line)
            .suggest(near)
    }

    /// A problem of the whole statement.
    pub(super) fn problem(&self, message: impl std::fmt::Display) -> Problem {
        Problem::new("bad_check", format!("'{}': {message}", self.id)).file(&self.file)
    }
}
