//! Where a number of a run comes from: values, expression, what it reads, inputs with their sources.

use serde_json::Value;

use super::{
    grid::{Grid, Side, heading, paragraph},
    json::{list, number, text},
};
use crate::{
    Language, Style,
    quantity::{DASH, number as written, symbol},
};

/// One block a variable, the one in question first.
pub fn world_trace(result: &Value, style: &Style) -> String {
    let mut out = String::new();
    for variable in list(result, "variables") {
        if !out.is_empty() {
            out.push('\n');
        }
        let unit = text(variable, "unit");
        let title = Language::English.name("variable", &text(variable, "variable"));
        let symbol = symbol(&unit, Language::English);
        let (policy, quarter) = (text(result, "policy"), text(variable, "quarter"));
        out.push_str(&heading(&format!("{title} [{symbol}], {quarter}, {policy}, median inputs"), style));
        out.push_str(&paragraph(
            &format!("= {}  ({})", text(variable, "expression"), text(variable, "equations")),
            style,
        ));
        let reads = [("reads, of the same quarter", "from"), ("reads, of the quarter before", "before")];
        for (caption, key) in reads.into_iter().filter(|(_, key)| !list(variable, key).is_empty()) {
            out.push_str(&paragraph(&format!("{caption}: {}", text(variable, key)), style));
        }
        out.push_str(&values(list(variable, "values"), &unit, style));
        if !list(variable, "inputs").is_empty() {
            out.push_str(&inputs(list(variable, "inputs"), style));
        }
    }
    out
}

/// Blocs across, what else tells the values apart down.
fn values(values: &[Value], unit: &str, style: &Style) -> String {
    let mut blocs: Vec<String> = Vec::new();
    let mut rows: Vec<(String, Vec<String>)> = Vec::new();
    for value in values {
        let bloc = Some(text(value, "bloc")).filter(|bloc| bloc != DASH).unwrap_or_default();
        let column = blocs.iter().position(|known| *known == bloc).unwrap_or_else(|| {
            blocs.push(bloc);
            blocs.len() - 1
        });
        let parts: Vec<String> =
            ["sector", "origin", "openness"].iter().map(|key| text(value, key)).filter(|part| part != DASH).collect();
        let label = parts.join(" \u{b7} ");
        let cell = number(value, "value").map_or_else(|| DASH.into(), |value| written(value, unit, Language::English));
        match rows.iter_mut().find(|(known, _)| *known == label) {
            Some((_, cells)) => {
                cells.resize(column, String::new());
                cells.push(cell);
            }
            None => rows.push((label, vec![cell])),
        }
    }
    let mut columns = vec![("", Side::Left)];
    columns.extend(blocs.iter().map(|bloc| (bloc.as_str(), Side::Right)));
    let mut grid = Grid::new(style, &columns);
    for (label, cells) in rows {
        grid.row(std::iter::once(label).chain(cells));
    }
    grid.text(style)
}

fn inputs(inputs: &[Value], style: &Style) -> String {
    let columns = [
        ("input", Side::Left),
        ("value", Side::Right),
        ("range", Side::Left),
        ("unit", Side::Left),
        ("source", Side::Left),
    ];
    let mut grid = Grid::new(style, &columns);
    for input in inputs {
        let camp = text(input, "camp");
        let camp = if camp == DASH { String::new() } else { format!(" (camp {camp})") };
        let (low, high) = (plain(input, "low"), plain(input, "high"));
        let range = if low == high { "held".into() } else { format!("{low} to {high}") };
        // An assumption's source begins with that word already.
        let (kind, source) = (text(input, "kind"), text(input, "source"));
        let source = if source.starts_with(&kind) { source } else { format!("{kind}: {source}") };
        grid.row([text(input, "key") + &camp, plain(input, "value"), range, text(input, "unit"), source]);
    }
    grid.text(style)
}

/// A number without noughts at its end, since a table of inputs mixes all sizes.
fn plain(input: &Value, key: &str) -> String {
    let written = text(input, key);
    if !written.contains('.') || written.contains('e') {
        return written;
    }
    written.trim_end_matches('0').trim_end_matches('.').to_string()
}
