//! How far predictions are from measurements.

use serde_json::Value;

use super::{
    grid::{Grid, Side, heading, paragraph},
    json::{amount, list, number, text},
};
use crate::{Style, language::in_words, quantity::DASH};

/// What a score may be split by.
const CUTS: [&str; 5] = ["source", "chip", "model", "engine", "tier"];

/// The scores by metric, then by source, chip and tier, the targets, and what was skipped and why.
pub fn validate(result: &Value, style: &Style) -> String {
    let mut out = heading(&format!("Held out: {}", text(result, "leave_out")), style);
    for file in list(result, "files") {
        out.push_str(&coverage(file, style));
    }
    let scores = list(result, "scores");
    let mut shown = 0;
    for cut in [None, Some("source"), Some("chip"), Some("tier")] {
        let rows: Vec<&Value> = scores.iter().filter(|score| is_cut_by(score, cut)).collect();
        let (scored, unscored): (Vec<&Value>, Vec<&Value>) =
            rows.iter().partition(|score| number(score, "scored").is_some_and(|scored| scored > 0.0));
        shown += rows.len();
        if !scored.is_empty() {
            out.push('\n');
            out.push_str(&heading(&cut.map_or_else(|| "All".into(), |cut| format!("By {cut}")), style));
            out.push_str(&table(&scored, cut, style));
        }
        if cut.is_none() && !unscored.is_empty() {
            let metrics: Vec<String> = unscored.iter().map(|score| in_words(&text(score, "metric"))).collect();
            out.push_str(&paragraph(&format!("without a prediction: {}", metrics.join(", ")), style));
        }
    }
    out.push_str(&targets(result, style));
    let violators = list(result, "violators").len();
    if violators > 0 {
        out.push('\n');
        out.push_str(&paragraph(
            &format!("{violators} figures beat the peaks of their chips; --json names them."),
            style,
        ));
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
        list(file, key).iter().map(|each| format!("{} {}", text(each, "rows"), in_words(&text(each, name)))).collect()
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

/// Caption, whether it stands beside what the table is split by, and its cell of a score.
type Column<'a> = (&'a str, bool, &'a dyn Fn(&Value) -> String);

/// The whole has every statistic; a table that is split keeps the few that fit beside what it is split by.
fn table(rows: &[&Value], cut: Option<&str>, style: &Style) -> String {
    let share = |key: &'static str| move |row: &Value| amount(row, key, "fraction");
    let plain = |key: &'static str| move |row: &Value| text(row, key);
    let rank = |row: &Value| {
        number(row, "spearman_family_median").map_or_else(|| DASH.into(), |rank: f64| format!("{rank:.2}"))
    };
    let all: [Column<'_>; 10] = [
        ("rows", false, &plain("rows")),
        ("answered", true, &share("answered_fraction")),
        ("scored", true, &plain("scored")),
        ("mean", false, &share("mape")),
        ("median", true, &share("mdape")),
        ("bias", true, &share("bias_median")),
        ("in 20 %", true, &share("within20_fraction")),
        ("rank", false, &rank),
        ("covered", true, &share("interval80_coverage_fraction")),
        ("floor", false, &share("replicate_floor_mape")),
    ];
    let shown = || all.iter().filter(|(_, when_cut, _)| cut.is_none() || *when_cut);
    let mut columns = vec![("metric", Side::Left)];
    columns.extend(cut.map(|cut| (cut, Side::Left)));
    columns.extend(shown().map(|(caption, ..)| (*caption, Side::Right)));
    let mut grid = Grid::new(style, &columns);
    for row in rows {
        let metric = text(row, "metric");
        let mut cells = vec![if metric == "*" || metric == DASH { "all".into() } else { in_words(&metric) }];
        cells.extend(cut.map(|cut| text(row, cut)));
        cells.extend(shown().map(|(.., cell)| cell(row)));
        grid.row(cells);
    }
    grid.text(style)
}

/// The targets that this run can tell of.
fn targets(result: &Value, style: &Style) -> String {
    let told: Vec<&Value> = list(result, "targets").iter().filter(|target| !target["met"].is_null()).collect();
    if told.is_empty() {
        return String::new();
    }
    let columns = [
        ("measurements", Side::Left),
        ("figure", Side::Left),
        ("statistic", Side::Left),
        ("left out", Side::Left),
        ("goal", Side::Right),
        ("value", Side::Right),
        ("", Side::Left),
    ];
    let mut grid = Grid::new(style, &columns);
    for target in told {
        let figure = text(target, "figure");
        let share = |key: &str| amount(target, key, "fraction");
        grid.row([
            text(target, "about"),
            if figure == DASH { "all".into() } else { figure },
            in_words(&text(target, "statistic")),
            text(target, "leave_out"),
            format!("{} to {}", share("goal_lo"), share("goal_hi")),
            share("value"),
            if target["met"] == true { "met".into() } else { "missed".to_string() },
        ]);
    }
    format!("\n{}{}", heading("Targets", style), grid.text(style))
}
