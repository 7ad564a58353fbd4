//! How far predictions are from measurements.

use serde_json::Value;

use super::{
    grid::{Grid, Side, heading, paragraph},
    json::{amount, list, number, text},
};
use crate::{Style, quantity::DASH};

/// What a score may be split by.
const CUTS: [&str; 5] = ["source", "chip", "model", "engine", "tier"];

/// The scores by metric, then by source and by chip, and what was skipped and why.
pub fn validate(result: &Value, style: &Style) -> String {
    let mut out = heading(&format!("Held out: {}", text(result, "leave_out")), style);
    for file in list(result, "files") {
        out.push_str(&coverage(file, style));
    }
    let scores = list(result, "scores");
    let mut shown = 0;
    for cut in [None, Some("source"), Some("chip")] {
        let rows: Vec<&Value> = scores.iter().filter(|score| is_cut_by(score, cut)).collect();
        if rows.is_empty() {
            continue;
        }
        shown += rows.len();
        out.push('\n');
        out.push_str(&heading(&cut.map_or_else(|| "All".into(), |cut| format!("By {cut}")), style));
        out.push_str(&table(&rows, cut, style));
    }
    let more = scores.len().saturating_sub(shown);
    if more > 0 {
        out.push('\n');
        out.push_str(&paragraph(&format!("{more} finer scores with --json."), style));
    }
    out
}

/// Whether a score is split by exactly this, or by nothing.
fn is_cut_by(score: &Value, cut: Option<&str>) -> bool {
    CUTS.iter().all(|key| {
        let whole = matches!(text(score, key).as_str(), "*" | DASH);
        whole != (cut == Some(*key))
    })
}

fn coverage(file: &Value, style: &Style) -> String {
    let mut out = paragraph(
        &format!(
            "{} ({}): {} of {} rows predicted",
            text(file, "name"),
            text(file, "schema"),
            text(file, "predicted"),
            text(file, "rows")
        ),
        style,
    );
    let told = |key: &str, name: &str| -> Vec<String> {
        list(file, key)
            .iter()
            .map(|each| format!("{} {}", text(each, "rows"), crate::language::in_words(&text(each, name))))
            .collect()
    };
    let (skipped, corrected) = (told("skipped", "reason"), told("corrected", "rule"));
    if !skipped.is_empty() {
        out.push_str(&paragraph(&format!("skipped: {}", skipped.join(", ")), style));
    }
    if !corrected.is_empty() {
        out.push_str(&paragraph(&format!("corrected: {}", corrected.join(", ")), style));
    }
    out
}

fn table(rows: &[&Value], cut: Option<&str>, style: &Style) -> String {
    let mut columns = vec![("metric", Side::Left)];
    columns.extend(cut.map(|cut| (cut, Side::Left)));
    columns.extend([
        ("rows", Side::Right),
        ("answered", Side::Right),
        ("scored", Side::Right),
        ("mean error", Side::Right),
        ("median error", Side::Right),
        ("bias", Side::Right),
        ("within 20 %", Side::Right),
        ("rank", Side::Right),
        ("floor", Side::Right),
    ]);
    let mut grid = Grid::new(style, &columns);
    for row in rows {
        let mut cells = vec![text(row, "metric")];
        cells.extend(cut.map(|cut| text(row, cut)));
        let share = |key: &str| amount(row, key, "fraction");
        cells.extend([
            text(row, "rows"),
            share("answered_fraction"),
            text(row, "scored"),
            share("mape"),
            share("mdape"),
            share("bias_median"),
            share("within20_fraction"),
            number(row, "spearman_family_median").map_or_else(|| DASH.into(), |rank| format!("{rank:.2}")),
            share("replicate_floor_mape"),
        ]);
        grid.row(cells);
    }
    grid.text(style)
}
