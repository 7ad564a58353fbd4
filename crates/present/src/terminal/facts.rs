//! Facts: a list, one a row; or the card of one.

use serde_json::{Map, Value};

use super::{
    grid::{Grid, Side, card, heading, paragraph},
    json::{key, keyed, list, text},
};
use crate::Style;

/// Columns of the kinds that have too many to show; all others show what fits.
const CHOSEN: [(&str, &[&str]); 2] = [
    (
        "chips",
        &[
            "id",
            "vendor",
            "release",
            "origin",
            "fp16_op_per_s",
            "fp8_op_per_s",
            "memory_bytes",
            "memory_bw_byte_per_s",
            "tdp_w",
            "tpp",
            "confidence",
        ],
    ),
    ("models", &["id", "developer", "origin", "release", "open_weights", "confidence"]),
];
/// What a list leaves to the card.
const LEFT_OUT: [&str; 9] =
    ["table", "note", "source", "licence", "aliases", "visible_from", "model_ids", "definition", "classification"];
/// Most columns of a list whose columns are not chosen.
const MOST: usize = 9;

/// A list of facts, one a row; with a single row, its card.
pub fn facts(result: &Value, style: &Style) -> String {
    let kind = text(result, "kind");
    let rows: Vec<&Map<String, Value>> = list(result, "rows").iter().filter_map(Value::as_object).collect();
    match rows.as_slice() {
        [] => paragraph(&format!("No {kind}."), style),
        [only] => one(only, style),
        all => many(&kind, all, style),
    }
}

fn one(row: &Map<String, Value>, style: &Style) -> String {
    let title = ["name", "title", "id"].iter().find_map(|key| row.get(*key)).map(super::json::scalar);
    let mut entries: Vec<(String, String)> = Vec::new();
    flatten("", row, &mut entries);
    let shown = entries.iter().map(|(name, value)| (name.as_str(), value.clone()));
    format!("{}{}", heading(&title.unwrap_or_default(), style), card(shown, style))
}

/// Every value, those of nested objects under `outer inner`.
fn flatten(prefix: &str, row: &Map<String, Value>, out: &mut Vec<(String, String)>) {
    for (name, value) in row {
        let caption = format!("{prefix}{}", key(name).0);
        match value {
            Value::Object(inner) => flatten(&format!("{caption} "), inner, out),
            Value::Null => {}
            _ => out.push((caption, keyed(name, value))),
        }
    }
}

fn many(kind: &str, rows: &[&Map<String, Value>], style: &Style) -> String {
    let mut tables: Vec<(String, Vec<&Map<String, Value>>)> = Vec::new();
    for row in rows {
        let table = row.get("table").map(super::json::scalar).unwrap_or_default();
        match tables.iter_mut().find(|(known, _)| *known == table) {
            Some((_, members)) => members.push(row),
            None => tables.push((table, vec![row])),
        }
    }
    let mut out = String::new();
    for (table, members) in tables {
        if !out.is_empty() {
            out.push('\n');
        }
        let title = if table.is_empty() { kind.to_string() } else { crate::language::in_words(&table) };
        out.push_str(&heading(&format!("{title} ({})", members.len()), style));
        out.push_str(&grid(kind, &members, style));
    }
    out.push('\n');
    out.push_str(&paragraph(&format!("Sources and notes: downstream facts {kind} ID, or --json."), style));
    out
}

fn grid(kind: &str, rows: &[&Map<String, Value>], style: &Style) -> String {
    let keys = columns(kind, rows);
    let captions: Vec<String> = keys.iter().map(|name| key(name).0).collect();
    let numeric = |name: &str| rows.iter().any(|row| row.get(name).is_some_and(Value::is_number));
    let columns: Vec<(&str, Side)> = captions
        .iter()
        .zip(&keys)
        .map(|(caption, name)| (caption.as_str(), if numeric(name) { Side::Right } else { Side::Left }))
        .collect();
    let mut grid = Grid::new(style, &columns);
    for row in rows {
        grid.row(keys.iter().map(|name| keyed(name, row.get(*name).unwrap_or(&Value::Null))));
    }
    grid.text(style)
}

/// The chosen columns of the kind; else the first scalar ones that are not left to the card and not empty
/// throughout, in the order of the table.
fn columns<'a>(kind: &str, rows: &[&'a Map<String, Value>]) -> Vec<&'a str> {
    let filled = |name: &str| rows.iter().any(|row| row.get(name).is_some_and(|value| !value.is_null() && !value.is_object()));
    let chosen = CHOSEN.iter().find(|(known, _)| *known == kind).map(|(_, columns)| *columns);
    if let Some(chosen) = chosen {
        return chosen.iter().filter(|name| filled(name)).copied().collect();
    }
    let mut names: Vec<&str> = Vec::new();
    for row in rows {
        for name in row.keys() {
            if !names.contains(&name.as_str()) && !LEFT_OUT.contains(&name.as_str()) && filled(name) {
                names.push(name);
            }
        }
    }
    names.truncate(MOST);
    names
}
