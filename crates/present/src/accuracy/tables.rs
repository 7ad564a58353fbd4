//! The tables of the board.

use maud::{Markup, html};
use study::validation::{Board, Figure, ScoreRow, Scored};
use units::Tier;

use super::{count, left_out, share};
use crate::{chart::Table, language::in_words, quantity::DASH};

/// All of a dimension.
const ANY: &str = "*";
/// Violators that are listed; the others are counted.
const LISTED: usize = 20;

/// A dimension of a score.
fn cell<'a>(score: &'a ScoreRow, key: &str) -> &'a str {
    match key {
        "source" => &score.source,
        "chip" => &score.chip,
        "model" => &score.model,
        "engine" => &score.engine,
        _ => &score.tier,
    }
}

/// Whether a score is split by exactly this dimension, or by none.
fn is_cut_by(score: &ScoreRow, cut: Option<&str>) -> bool {
    ["source", "chip", "model", "engine", "tier"].iter().all(|key| (cell(score, key) != ANY) == (cut == Some(*key)))
}

fn metric(name: &str) -> String {
    if name == ANY { "all".into() } else { in_words(name) }
}

fn figures(score: &ScoreRow) -> Vec<String> {
    vec![
        count(score.rows),
        share(Some(score.answered_fraction)),
        count(score.scored),
        share(score.mape),
        share(score.mdape),
        share(score.bias_median),
        share(score.within20_fraction),
        score.spearman_family_median.map_or_else(|| DASH.into(), |rank| format!("{rank:.2}")),
        share(score.interval80_coverage_fraction),
        share(score.replicate_floor_mape),
    ]
}

const FIGURES: [&str; 10] =
    ["Rows", "Answered", "Scored", "Mean error", "Median", "Bias", "Within 20 %", "Rank", "In interval", "Floor"];

/// Scores split by one dimension, the largest groups first; what nothing was scored of is left to the JSON.
pub fn scores(board: &Board, key: &str, title: &str) -> Markup {
    let mut rows: Vec<&ScoreRow> =
        board.run.result.scores.iter().filter(|score| is_cut_by(score, Some(key)) && score.scored > 0).collect();
    // All metrics of a group together, under the group's own size.
    let size = |score: &ScoreRow| {
        let whole = |other: &&&ScoreRow| other.metric == ANY && cell(other, key) == cell(score, key);
        rows.iter().find(whole).map_or(0, |whole| whole.scored)
    };
    let sizes: Vec<usize> = rows.iter().map(|score| size(score)).collect();
    let mut order: Vec<usize> = (0..rows.len()).collect();
    order.sort_by(|a, b| {
        let group = |at: usize| (std::cmp::Reverse(sizes[at]), cell(rows[at], key), std::cmp::Reverse(rows[at].scored));
        group(*a).cmp(&group(*b))
    });
    rows = order.into_iter().map(|at| rows[at]).collect();
    let mut table = Table::new([key, "metric"].into_iter().chain(FIGURES));
    for score in rows {
        let head = [cell(score, key).to_string(), metric(&score.metric)];
        table.row(head.into_iter().chain(figures(score)));
    }
    table.markup(title)
}

/// Whole scores by metric, beside each other for what was left out.
pub fn held_out(board: &Board) -> Markup {
    let mut table = Table::new(["Metric", "Left out"].into_iter().chain(FIGURES));
    let wholes = |score: &&ScoreRow| is_cut_by(score, None) && score.scored > 0;
    for whole in board.run.result.scores.iter().filter(wholes) {
        let mut runs: Vec<_> = board.runs().collect();
        runs.sort_by_key(|run| run.result.leave_out.name());
        for run in runs {
            let same = |score: &&ScoreRow| is_cut_by(score, None) && score.metric == whole.metric;
            if let Some(score) = run.result.scores.iter().find(same) {
                let head = [metric(&score.metric), left_out(run.result.leave_out).to_string()];
                table.row(head.into_iter().chain(figures(score)));
            }
        }
    }
    table.markup("By metric")
}

/// How often measurements lay inside their intervals, by figure and tier, and how wide those are.
pub fn coverage(board: &Board) -> Markup {
    let mut table = Table::new(["Figure", "Tier", "Configurations", "Inside", "From", "To"]);
    for figure in Figure::ALL {
        for tier in [Tier::Measured, Tier::Interpolated, Tier::Transferred, Tier::Specification] {
            let of = |scored: &&Scored| scored.figure() == figure && scored.tier == tier && !scored.run.order_only;
            let group: Vec<&Scored> = board.run.scored.iter().filter(of).collect();
            let Some(first) = group.iter().find_map(|scored| Some((scored.predicted, scored.interval?))) else {
                continue;
            };
            let inside = group.iter().filter(|scored| scored.covered() == Some(true)).count();
            let (value, (low, high)) = first;
            table.row([
                figure.name().to_string(),
                tier.name().to_string(),
                count(group.len()),
                share(Some(inside as f64 / group.len() as f64)),
                format!("{:.2} x", low / value),
                format!("{:.2} x", high / value),
            ]);
        }
    }
    html! {
        (table.markup("Coverage of the intervals"))
        p.note { "The ends are multiples of the prediction, of one of ten folds." }
    }
}

/// Rows that were skipped, by file and reason.
pub fn skipped(board: &Board) -> Markup {
    html! {
        @for file in &board.run.result.files {
            h3 { (file.name) }
            p { (count(file.predicted)) " of " (count(file.rows)) " rows were predicted (schema " code { (file.schema) } ")." }
            @if !file.skipped.is_empty() {
                @let rows: Vec<_> = file.skipped.iter().map(|skipped| {
                    [in_words(&skipped.reason), count(skipped.rows), skipped.examples.join(", ")]
                }).collect();
                (Table { head: ["Reason", "Rows", "Examples"].map(String::from).to_vec(), rows: rows.into_iter().map(Vec::from).collect() }.markup("Skipped"))
            }
            @if !file.corrected.is_empty() {
                p { "Corrected by rule: " (file.corrected.iter().map(|each| format!("{} ({} rows)", each.rule, count(each.rows))).collect::<Vec<_>>().join(", ")) "." }
            }
        }
    }
}

/// Figures that beat the peaks of their chips.
pub fn violators(board: &Board) -> Markup {
    let violators = &board.run.result.violators;
    let mut table = Table::new(["Row", "Line", "Publication", "Chip", "Model", "Metric", "Times the limit"]);
    for each in violators.iter().take(LISTED) {
        table.row([
            each.id.clone(),
            each.line.to_string(),
            each.source.clone(),
            each.chip.clone(),
            each.model.clone(),
            each.metric.clone(),
            format!("{:.2}", each.limit_ratio),
        ]);
    }
    html! {
        p {
            "A measured figure that needs more than 1.05 times a chip's peak memory bandwidth or arithmetic is a fault of the row, or "
            "of how it was read. After the exclusions " (count(violators.len())) " figures do."
        }
        @if !violators.is_empty() { (table.markup("Violators")) }
        @if violators.len() > LISTED { p { "The first " (LISTED) " are listed." } }
    }
}
