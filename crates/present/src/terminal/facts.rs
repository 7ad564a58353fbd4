//! Facts: a list, one a row; or the card of one.

use serde_json::Value;

use super::{
    grid::{Grid, Side, card, heading, paragraph},
    json::{at, key, keyed, list, text},
};
use crate::Style;

/// Columns of the kinds that have too many to show, as dotted keys; all others show what fits.
const CHOSEN: [(&str, &[&str]); 8] = [
    (
        "chips",
        &[
            "id",
            "vendor",
            "release",
            "origin",
            "dense_op_per_s.fp16",
            "dense_op_per_s.fp8",
            "memory_bytes",
            "memory_bw_byte_per_s",
            "tdp_w",
            "tpp",
            "confidence",
        ],
    ),
    (
        "models",
        &["id", "developer", "origin", "release", "counts.total", "counts.active", "open_weights", "confidence"],
    ),
    (
        "workloads",
        &["id", "title", "input.mean", "input.p99", "output.mean", "output.p99", "images", "prefix_share_fraction"],
    ),
    ("countries", &["id", "name", "regulation_name", "confidence"]),
    ("sectors", &FIGURE),
    ("history", &FIGURE),
    ("supply", &FIGURE),
    ("levers", &["id", "lever", "effect", "low", "central", "high", "unit", "bloc", "confidence"]),
];
/// Columns of dated figures.
const FIGURE: [&str; 8] = ["series", "value", "unit", "period", "bloc", "entity", "sector", "camp"];
/// What a list leaves to the card. The id of a dated figure only repeats its other columns.
const LEFT_OUT: [&str; 8] =
    ["table", "note", "source", "licence", "aliases", "visible_from", "model_ids", "regulation_name"];
/// Kinds whose rows are dated, so that their ids say nothing more.
const DATED: [&str; 2] = ["prices", "events"];
/// Most columns of a list whose columns are not chosen.
const MOST: usize = 9;
/// Letters to which the words of a list may be wrapped.
const WRAPPED: usize = 28;
/// From which size on a bare number in a list is shortened.
const LARGE: f64 = 1e7;

/// A list of facts, one a row; with a single row, its card.
pub fn facts(result: &Value, style: &Style) -> String {
    let kind = text(result, "kind");
    match list(result, "rows") {
        [] => paragraph(&format!("No {kind}."), style),
        [only] => one(only, style),
        all => many(&kind, all, style),
    }
}

fn one(row: &Value, style: &Style) -> String {
    let title = ["name", "title", "id"].iter().map(|key| at(row, key)).find(|value| !value.is_null());
    let mut entries: Vec<(String, String)> = Vec::new();
    flatten("", row, &mut |path, value| entries.push((key(path).0, keyed(path, value))));
    let shown = entries.iter().map(|(name, value)| (name.as_str(), value.clone()));
    format!("{}{}", heading(&title.map(super::json::scalar).unwrap_or_default(), style), card(shown, style))
}

/// Every value that is there, those of nested objects under a dotted key.
fn flatten(prefix: &str, row: &Value, visit: &mut dyn FnMut(&str, &Value)) {
    for (name, value) in row.as_object().into_iter().flatten() {
        let path = if prefix.is_empty() { name.clone() } else { format!("{prefix}.{name}") };
        match value {
            Value::Object(_) => flatten(&path, value, visit),
            Value::Null => {}
            _ => visit(&path, value),
        }
    }
}

fn many(kind: &str, rows: &[Value], style: &Style) -> String {
    let mut tables: Vec<(String, Vec<&Value>)> = Vec::new();
    for row in rows {
        let table = if at(row, "table").is_null() { String::new() } else { text(row, "table") };
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

fn grid(kind: &str, rows: &[&Value], style: &Style) -> String {
    let paths = fitting(columns(kind, rows), rows, style.width);
    let captions: Vec<String> = paths.iter().map(|path| caption(path)).collect();
    let numeric = |path: &str| rows.iter().any(|row| at(row, path).is_number());
    let columns: Vec<(&str, Side)> = captions
        .iter()
        .zip(&paths)
        .map(|(caption, path)| (caption.as_str(), if numeric(path) { Side::Right } else { Side::Left }))
        .collect();
    let mut grid = Grid::new(style, &columns);
    for row in rows {
        grid.row(paths.iter().map(|path| cell(path, at(row, path))));
    }
    grid.text(style)
}

/// As many of the columns as stand side by side in the width, words being wrapped from [`WRAPPED`] on; at least two.
fn fitting(mut paths: Vec<String>, rows: &[&Value], width: usize) -> Vec<String> {
    let wide = |path: &String| {
        let cells = rows.iter().map(|row| cell(path, at(row, path)).chars().count().min(WRAPPED));
        cells.chain([caption(path).chars().count()]).max().unwrap_or(0) + 2
    };
    while paths.len() > 2 && paths.iter().map(wide).sum::<usize>() + 2 > width {
        paths.pop();
    }
    paths
}

/// A key as the caption of a column: what is part of a range needs no "value" before it.
fn caption(path: &str) -> String {
    let words = key(path).0;
    words.strip_prefix("value ").map_or(words.clone(), str::to_string)
}

/// A value of a list: a large bare number is shortened.
fn cell(path: &str, value: &Value) -> String {
    match value.as_f64() {
        Some(number) if number.abs() >= LARGE && key(path).1.is_empty() => {
            units::format::si(number).trim_end().to_string()
        }
        _ => keyed(path, value),
    }
}

/// The chosen columns of the kind; else the first that are not left to the card and not empty throughout, in the
/// order of the table.
fn columns(kind: &str, rows: &[&Value]) -> Vec<String> {
    let filled = |path: &str| rows.iter().any(|row| !at(row, path).is_null() && !at(row, path).is_object());
    let chosen = CHOSEN.iter().find(|(known, _)| *known == kind).map(|(_, columns)| *columns);
    if let Some(chosen) = chosen {
        return chosen.iter().filter(|path| filled(path)).map(ToString::to_string).collect();
    }
    let repeated = |path: &str| path == "id" && DATED.contains(&kind);
    let mut paths: Vec<String> = Vec::new();
    for row in rows {
        flatten("", row, &mut |path, _| {
            if !LEFT_OUT.contains(&path) && !repeated(path) && !paths.iter().any(|known| known == path) {
                paths.push(path.to_string());
            }
        });
    }
    paths.truncate(MOST);
    paths
}
