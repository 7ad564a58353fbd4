//! Reading a result that may lack anything.

use serde_json::Value;
use units::format;

use crate::{
    Language,
    language::in_words,
    quantity::{DASH, quantity},
};

/// The value at a dotted path; null where a part of it is missing.
pub fn at<'a>(value: &'a Value, path: &str) -> &'a Value {
    path.split('.').fold(value, |value, key| value.get(key).unwrap_or(&Value::Null))
}

/// The list at a path; empty where there is none.
pub fn list<'a>(value: &'a Value, path: &str) -> &'a [Value] {
    at(value, path).as_array().map_or(&[], Vec::as_slice)
}

/// A finite number at a path.
pub fn number(value: &Value, path: &str) -> Option<f64> {
    at(value, path).as_f64().filter(|number| number.is_finite())
}

/// A text, number or truth value at a path as words; a dash where there is none.
pub fn text(value: &Value, path: &str) -> String {
    scalar(at(value, path))
}

/// A scalar as words: numbers in full, lists joined by commas.
pub fn scalar(value: &Value) -> String {
    match value {
        Value::Null | Value::Object(_) => DASH.into(),
        Value::Bool(true) => "yes".into(),
        Value::Bool(false) => "no".into(),
        Value::String(text) if text.is_empty() => DASH.into(),
        Value::String(text) => text.clone(),
        Value::Number(number) => number.as_f64().map_or_else(|| number.to_string(), plain),
        Value::Array(items) if items.is_empty() => DASH.into(),
        Value::Array(items) => items.iter().map(scalar).collect::<Vec<_>>().join(", "),
    }
}

/// A whole number in full, any other with four significant digits.
fn plain(number: f64) -> String {
    if number.fract() == 0.0 && number.abs() < 1e15 {
        return format::significant(number, 1 + number.abs().max(1.0).log10() as usize);
    }
    format::significant(number, 4)
}

/// A number at a path with its unit; a dash where there is none.
pub fn amount(value: &Value, path: &str, unit: &str) -> String {
    number(value, path).map_or_else(|| DASH.into(), |number| quantity(number, unit, Language::English))
}

/// The central value of an estimate at a path, with its unit.
pub fn central(value: &Value, path: &str, unit: &str) -> String {
    amount(at(value, path), "value", unit)
}

/// The interval of an estimate at a path; empty where it has none.
pub fn interval(value: &Value, path: &str, unit: &str) -> String {
    let estimate = at(value, path);
    if number(estimate, "lo").is_none() || number(estimate, "hi").is_none() {
        return String::new();
    }
    format!("{} to {}", amount(estimate, "lo", unit), amount(estimate, "hi", unit))
}

/// Unit suffixes of the contract's keys, the longer ones first.
const SUFFIXES: [(&str, &str); 22] = [
    ("_usd_per_chip_hour", "usd_per_chip_hour"),
    ("_usd_per_mtok", "usd_per_mtok"),
    ("_usd_per_month", "usd_per_month"),
    ("_usd_per_year", "usd_per_year"),
    ("_usd_per_kwh", "usd_per_kwh"),
    ("_usd_per_hour", "usd_per_hour"),
    ("_byte_per_s", "byte_per_s"),
    ("_bytes_per_s", "byte_per_s"),
    ("_flop_per_s", "flop_per_s"),
    ("_op_per_s", "op_per_s"),
    ("_tok_per_s", "tok_per_s"),
    ("_gb_per_s", "gb_per_s"),
    ("_fraction", "fraction"),
    ("_bytes", "bytes"),
    ("_bidir", "byte_per_s"),
    ("_usd", "usd"),
    ("_kwh", "kwh"),
    ("_mm2", "mm2"),
    ("_flop", "flop"),
    ("_months", "months"),
    ("_w", "w"),
    ("_s", "s"),
];

/// A dotted key as a caption, and the unit that its suffix names, or the suffix of what holds it.
pub fn key(path: &str) -> (String, &'static str) {
    let mut unit = "";
    let mut words: Vec<String> = Vec::new();
    for part in path.split('.') {
        let suffix = SUFFIXES.iter().find(|(suffix, _)| part.ends_with(suffix) || part == &suffix[1..]);
        let stem = suffix.map_or(part, |(suffix, _)| part.strip_suffix(suffix).unwrap_or(part));
        unit = suffix.map_or(unit, |(_, unit)| unit);
        words.push(in_words(stem));
    }
    (words.join(" "), unit)
}

/// A value under a dotted key, in the unit of the key.
pub fn keyed(path: &str, value: &Value) -> String {
    match (value.as_f64().filter(|number| number.is_finite()), key(path).1) {
        (Some(number), unit) if !unit.is_empty() => quantity(number, unit, Language::English),
        _ => scalar(value),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn what_is_missing_is_a_dash() {
        let value = json!({"a": {"b": null}, "c": "", "d": f64::MAX});
        assert_eq!(text(&value, "a.b"), DASH);
        assert_eq!(text(&value, "a.x.y"), DASH);
        assert_eq!(text(&value, "c"), DASH);
        assert_eq!(central(&value, "a", "s"), DASH);
        assert_eq!(list(&value, "a"), &[] as &[Value]);
    }

    #[test]
    fn a_keys_suffix_is_its_unit() {
        assert_eq!(key("memory_bw_byte_per_s"), ("memory bw".into(), "byte_per_s"));
        assert_eq!(keyed("memory_bytes", &json!(8e10)), "80.0 GB");
        assert_eq!(keyed("tpp", &json!(15832)), "15,832");
        assert_eq!(key("dense_op_per_s.fp8"), ("dense fp8".into(), "op_per_s"));
        assert_eq!(key("usd_per_chip_hour"), ("usd per chip hour".into(), "usd_per_chip_hour"));
        assert_eq!(keyed("datacenter", &json!(true)), "yes");
    }
}
