//! stdout is the answer, stderr is talk: the envelope, tables, warnings, errors.

use anstyle::AnsiColor;
use present::Style;
use serde::Serialize;
use serde_json::{Value, json};
use std::io::{self, IsTerminal, Write};
use units::{Problem, Problems, Warning};

use crate::failure::Failure;

/// What a command has to say: the result as data, and the same for people.
pub struct Answer {
    /// The name of the schema: `estimate`, `rules-check`, ...
    pub verb: &'static str,
    /// The contract's `result`.
    pub result: Value,
    /// The seed, where chance is involved.
    pub seed: Option<u64>,
    /// What to know beside the answer.
    pub warnings: Vec<Warning>,
    /// The table for people.
    pub text: String,
}

impl Answer {
    /// An answer from a serialisable result.
    ///
    /// # Errors
    /// Our failure, where the result does not serialise.
    pub fn new(verb: &'static str, result: &impl Serialize, text: String) -> Result<Self, Failure> {
        let mut result = serde_json::to_value(result).map_err(|error| Failure::Ours(error.to_string()))?;
        shorten(&mut result);
        Ok(Self { verb, result, seed: None, warnings: Vec::new(), text })
    }

    /// Adds warnings.
    #[must_use]
    pub fn warn(mut self, warnings: impl IntoIterator<Item = Warning>) -> Self {
        self.warnings.extend(warnings);
        self
    }

    /// Names the seed.
    #[must_use]
    pub fn seed(mut self, seed: u64) -> Self {
        self.seed = Some(seed);
        self
    }
}

/// Writes whole numbers without a fraction (15832, not 15832.0): the shortest form that reads back.
fn shorten(value: &mut Value) {
    const EXACT: f64 = 9_007_199_254_740_992.0; // 2^53: up to here every whole number is a float of its own.
    match value {
        Value::Number(number) => {
            if let Some(float) =
                number.as_f64().filter(|float| number.is_f64() && float.fract() == 0.0 && float.abs() < EXACT)
            {
                *number = (float as i64).into();
            }
        }
        Value::Array(items) => items.iter_mut().for_each(shorten),
        Value::Object(map) => map.values_mut().for_each(shorten),
        Value::Null | Value::Bool(_) | Value::String(_) => {}
    }
}

/// Which facts an answer rests on, for the envelope.
pub struct DataStamp {
    /// The day that the facts were read.
    pub as_of: String,
    /// SHA-256 over all tables.
    pub sha256: String,
}

/// Prints an answer: one JSON object and a newline with `--json`, else the table, warnings on stderr.
///
/// # Errors
/// A closed pipe; any other failure to write is ours.
pub fn print_answer(answer: &Answer, stamp: &DataStamp, json: bool) -> Result<(), Failure> {
    if json {
        let envelope = json!({
            "schema": format!("downstream/{}/1", answer.verb),
            "version": env!("CARGO_PKG_VERSION"),
            "data": {"as_of": stamp.as_of, "sha256": stamp.sha256},
            "seed": answer.seed,
            "warnings": answer.warnings,
            "result": answer.result,
        });
        return write_stdout(&format!("{envelope}\n"));
    }
    write_stdout(&answer.text)?;
    for warning in &answer.warnings {
        talk("warning", AnsiColor::Yellow, &warning.message);
    }
    Ok(())
}

/// Writes to stdout; a closed pipe is no error.
///
/// # Errors
/// [`Failure::ClosedPipe`], or ours.
pub fn write_stdout(text: &str) -> Result<(), Failure> {
    let mut stdout = anstream::stdout().lock();
    stdout.write_all(text.as_bytes()).and_then(|()| stdout.flush()).map_err(|error| match error.kind() {
        io::ErrorKind::BrokenPipe => Failure::ClosedPipe,
        _ => Failure::Ours(format!("standard output cannot be written: {error}")),
    })
}

/// Prints why a command did not answer.
pub fn print_failure(failure: &Failure, json: bool) {
    match failure {
        Failure::Input(problems) if json => print_json_error(problems),
        Failure::Input(problems) => print_problems(problems),
        Failure::Ours(message) if json => {
            let error = json!({"error": {"code": "internal", "message": message, "file": null, "line": null,
                "column": null, "key": null, "suggestion": null}});
            let _ = writeln!(anstream::stderr(), "{error}");
        }
        Failure::Ours(message) => {
            talk("error", AnsiColor::Red, message);
            talk("note", AnsiColor::Cyan, "this is a failure of Downstream, not of your input");
        }
        Failure::Interrupted => talk("interrupted", AnsiColor::Yellow, "nothing was left half written"),
        Failure::Strict | Failure::ClosedPipe => {}
    }
}

/// The first problem as the contract's object; the others, if any, follow in `more`.
fn print_json_error(problems: &Problems) {
    let mut error = serde_json::to_value(problems.0.first()).unwrap_or(Value::Null);
    if let (Value::Object(map), [_, more @ ..]) = (&mut error, problems.0.as_slice())
        && !more.is_empty()
    {
        map.insert("more".into(), json!(more));
    }
    let _ = writeln!(anstream::stderr(), "{}", json!({"error": error}));
}

/// At most ten problems, each with its hint.
fn print_problems(problems: &Problems) {
    const SHOWN: usize = 10;
    for problem in problems.0.iter().take(SHOWN) {
        talk("error", AnsiColor::Red, &sentence(problem));
        if let Some(suggestion) = &problem.suggestion {
            talk("hint", AnsiColor::Cyan, &format!("did you mean '{suggestion}'?"));
        }
    }
    if problems.0.len() > SHOWN {
        talk("error", AnsiColor::Red, &format!("... and {} more", problems.0.len() - SHOWN));
    }
}

/// The problem with its place, and its key where the message does not name it.
fn sentence(problem: &Problem) -> String {
    match &problem.key {
        Some(key) if !problem.message.contains(key.as_str()) => format!("{problem} ({key})"),
        _ => problem.to_string(),
    }
}

/// One line of talk on stderr, its first word coloured on a terminal.
pub fn talk(word: &str, colour: AnsiColor, message: &str) {
    let style = anstyle::Style::new().bold().fg_color(Some(colour.into()));
    let _ = writeln!(anstream::stderr(), "{style}{word}:{style:#} {message}");
}

/// How tables are drawn for whoever reads standard output.
pub fn style() -> Style {
    const NARROWEST: usize = 60;
    let width = match terminal_size::terminal_size() {
        Some((width, _)) if io::stdout().is_terminal() => NARROWEST.max(width.0.into()),
        _ => Style::PLAIN.width,
    };
    Style { width, colour: colour(), ..Style::PLAIN }
}

/// Whether the answer goes to a terminal that shows colour.
fn colour() -> bool {
    io::stdout().is_terminal() && std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whole_numbers_have_no_fraction_and_others_keep_theirs() {
        let answer = Answer::new("x", &json!({"tpp": 15832.0, "share": 0.25, "rows": [1e300, -2.0]}), String::new());
        assert_eq!(answer.unwrap().result.to_string(), r#"{"tpp":15832,"share":0.25,"rows":[1e+300,-2]}"#);
    }
}
