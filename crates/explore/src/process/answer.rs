//! What a line of JSON from a program says.

use serde_json::{Map, Value};

/// An answer, read.
pub(super) struct Answer {
    /// The outputs, or why there are none.
    pub outcome: Result<Vec<f64>, String>,
    /// Keys that are no output.
    pub ignored: Vec<String>,
    /// Whether the program answered what it was asked: if not, what it will say next is anyone's guess.
    pub in_step: bool,
}

/// Reads an answer to a run.
pub(super) fn read(line: &str, run: u64, outputs: &[String]) -> Answer {
    let failed = |reason: String, in_step| Answer { outcome: Err(reason), ignored: Vec::new(), in_step };
    let object: Map<String, Value> = match serde_json::from_str(line) {
        Ok(Value::Object(object)) => object,
        Ok(_) => return failed(format!("bad answer: no object: {}", shown(line)), false),
        // Some languages write NaN and Infinity, which JSON does not have: a run that failed, of a program that did not.
        Err(_) if not_finite(line, run) => return failed("not finite: an output is NaN or infinite".into(), true),
        Err(_) => return failed(format!("bad answer: not JSON: {}", shown(line)), false),
    };
    match object.get("run").and_then(Value::as_u64) {
        Some(answered) if answered == run => {}
        Some(answered) => return failed(format!("bad answer: of run {answered}"), false),
        None => return failed(format!("bad answer: without its run: {}", shown(line)), false),
    }
    if let Some(reason) = object.get("error") {
        let reason = reason.as_str().map_or_else(|| reason.to_string(), str::to_string);
        return failed(format!("model: {}", shown(&reason)), true);
    }
    let mut values = Vec::with_capacity(outputs.len());
    for name in outputs {
        match object.get(name) {
            Some(Value::Number(number)) => match number.as_f64().filter(|value| value.is_finite()) {
                Some(value) => values.push(value),
                None => return failed(format!("not finite: '{name}' is {number}"), true),
            },
            Some(Value::Bool(value)) => values.push(f64::from(u8::from(*value))),
            Some(Value::Null) => return failed(format!("not finite: '{name}' is null"), true),
            Some(other) => {
                return failed(format!("bad answer: '{name}' is no number: {}", shown(&other.to_string())), true);
            }
            None => {
                let keys: Vec<&str> = object.keys().map(String::as_str).filter(|key| *key != "run").collect();
                return failed(format!("missing output: '{name}' is not among {}", shown(&keys.join(", "))), true);
            }
        }
    }
    let own = |key: &&String| *key != "run" && *key != "seed" && !outputs.contains(key);
    Answer { outcome: Ok(values), ignored: object.keys().filter(own).cloned().collect(), in_step: true }
}

/// Whether a line would be an answer to the run if its NaNs and infinities were null.
fn not_finite(line: &str, run: u64) -> bool {
    let mended = ["-Infinity", "Infinity", "-inf", "inf", "NaN", "nan"]
        .into_iter()
        .fold(line.to_string(), |line, word| line.replace(word, "null"));
    let object: Result<Map<String, Value>, _> = serde_json::from_str(&mended);
    mended != line && object.is_ok_and(|object| object.get("run").and_then(Value::as_u64) == Some(run))
}

/// The beginning of what was said.
fn shown(text: &str) -> String {
    const LONGEST: usize = 120;
    let mut shown: String = text.chars().take(LONGEST).collect();
    if shown.len() < text.len() {
        shown.push_str("...");
    }
    shown
}
