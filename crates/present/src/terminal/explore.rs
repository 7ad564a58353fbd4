//! What an ensemble on disk holds, at a glance.

use serde_json::Value;
use std::fmt::Write;

use super::{
    grid::{Grid, Side, heading, paragraph},
    json::{list, number as read, text},
};
use crate::{
    Language, Style,
    quantity::{DASH, number},
};

/// What an ensemble on disk holds: the design, what failed, the outputs.
pub fn explore(result: &Value, style: &Style) -> String {
    let mut out = heading(&title(result), style);
    out.push_str(&paragraph(&what(result), style));
    out.push('\n');
    let alternatives = list(result, "alternatives");
    let first = alternatives.first().and_then(Value::as_str).map(str::to_string);
    let mut spread = Grid::new(
        style,
        &[("output", Side::Left), ("5 %", Side::Right), ("median", Side::Right), ("95 %", Side::Right)],
    );
    let mut compared = Grid::new(
        style,
        &[
            ("median of", Side::Left),
            ("lowest", Side::Right),
            ("under", Side::Left),
            ("highest", Side::Right),
            ("under", Side::Left),
        ],
    );
    for output in list(result, "outputs") {
        let (name, unit) = (text(output, "name"), output["unit"].as_str().unwrap_or_default());
        let rows: Vec<&Value> =
            list(result, "quantiles").iter().filter(|row| row["output"].as_str() == Some(&name)).collect();
        let Some(own) = rows.first() else { continue };
        let written = |row: &Value, key: &str| {
            read(row, key).map_or_else(|| DASH.into(), |value| number(value, unit, Language::English))
        };
        spread.row([name.clone(), written(own, "p5"), written(own, "p50"), written(own, "p95")]);
        let medians = || rows.iter().filter_map(|row| Some((read(row, "p50")?, *row)));
        let lowest = medians().min_by(|a, b| a.0.total_cmp(&b.0));
        let highest = medians().max_by(|a, b| a.0.total_cmp(&b.0));
        if let Some(((_, lowest), (_, highest))) = lowest.zip(highest) {
            let [low, high] = [lowest, highest].map(|row| [written(row, "p50"), text(row, "alternative")]);
            compared.row([vec![name], low.to_vec(), high.to_vec()].concat());
        }
    }
    out.push_str(&spread.text(style));
    if alternatives.len() > 1 {
        out.push('\n');
        out.push_str(&compared.text(style));
    }
    out.push('\n');
    let over = text(result, "quantiles_over_runs");
    let whose = first.map_or_else(String::new, |first| format!(" of {first}"));
    let note = format!(
        "Quantiles{whose} over the first {over} runs of the design; they are no probabilities. Every run is in runs.csv."
    );
    out.push_str(&paragraph(&note, style));
    out
}

fn title(result: &Value) -> String {
    let name = result["name"].as_str().filter(|name| !name.is_empty()).unwrap_or("runs");
    match result["shard"].as_str() {
        Some(shard) => format!("{name}, shard {shard}"),
        None => name.into(),
    }
}

/// Design, size and failures in a sentence or two.
fn what(result: &Value) -> String {
    let mut said = format!(
        "{} runs, {} design, {} inputs, seed {}",
        text(result, "runs"),
        text(result, "design.design"),
        list(result, "inputs").len(),
        text(result, "design.seed")
    );
    let alternatives = list(result, "alternatives").len();
    if alternatives > 0 {
        let _ = write!(said, ", each under {alternatives} policies");
    }
    said.push('.');
    for failures in list(result, "failed") {
        let _ = write!(said, " Failed: {} ({}).", text(failures, "runs"), text(failures, "reason"));
    }
    said
}
