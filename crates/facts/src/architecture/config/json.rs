//! JSON as Python writes it.

use serde_json::{Map, Value};
use units::Problem;

/// What Python writes for numbers that JSON does not have.
const BARE_WORDS: [&str; 3] = ["-Infinity", "Infinity", "NaN"];

/// The JSON object of a file. Numbers that are none (`NaN`, `Infinity`, as Python writes them) become words:
/// they matter only where a number is wanted, and are refused there.
pub fn object(text: &str, file: &str) -> Result<Map<String, Value>, Problem> {
    if text.trim().is_empty() {
        return Err(Problem::new("empty_file", "is empty; a model's config.json is wanted").file(file));
    }
    match serde_json::from_str(text).or_else(|_| serde_json::from_str(&quoted(text))) {
        Ok(Value::Object(object)) => Ok(object),
        Ok(_) => Err(Problem::new("bad_config", "is not a JSON object; a model's config.json is wanted").file(file)),
        Err(error) => Err(Problem::new("bad_json", format!("is not valid JSON: {error}"))
            .file(file)
            .line(error.line().max(1) as u64)
            .column(error.column().max(1) as u64)),
    }
}

/// The text with bare words in quotes.
fn quoted(text: &str) -> String {
    let mut result = String::with_capacity(text.len() + 16);
    let (mut in_string, mut escaped) = (false, false);
    let mut rest = text;
    while let Some(letter) = rest.chars().next() {
        let word = BARE_WORDS.into_iter().find(|word| !in_string && rest.starts_with(word));
        if let Some(word) = word {
            result.extend(["\"", word, "\""]);
            rest = &rest[word.len()..];
            continue;
        }
        in_string ^= letter == '"' && !escaped;
        escaped = in_string && letter == '\\' && !escaped;
        result.push(letter);
        rest = &rest[letter.len_utf8()..];
    }
    result
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pythons_infinities_are_words_and_strings_stay_as_they_are() {
        let object = object(r#"{"limit": [0.0, Infinity], "low": -Infinity, "x\"y": "NaN is \\"}"#, "f").unwrap();
        assert_eq!(
            Value::Object(object).to_string(),
            r#"{"limit":[0.0,"Infinity"],"low":"-Infinity","x\"y":"NaN is \\"}"#
        );
    }

    #[test]
    fn what_is_no_object_is_refused_with_its_place() {
        assert_eq!(object(" \n", "f").unwrap_err().code, "empty_file");
        assert_eq!(object("[1]", "f").unwrap_err().code, "bad_config");
        let truncated = object("{\n \"hidden_size\": 40", "f").unwrap_err();
        assert_eq!((truncated.code, truncated.line), ("bad_json", Some(2)));
        assert_eq!(object(&"[".repeat(100_000), "f").unwrap_err().code, "bad_json");
    }
}
