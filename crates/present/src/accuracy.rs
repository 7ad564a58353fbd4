//! The accuracy board: predictions beside published measurements, one self-contained HTML file.
//!
//! No script, no request; in English. Every number is a score of the run that is handed in; a target that is missed
//! stands as missed.

mod charts;
mod tables;

use maud::{Markup, html};
use study::validation::{Board, LeaveOut, TargetReport};

use crate::{
    Language,
    brief::shell::{section, titled},
    chart::Table,
    quantity::{DASH, quantity},
};

/// The page.
pub fn page(board: &Board) -> String {
    let body = html! {
        (opening(board))
        main {
            (targets(board))
            (section("points", "Predicted and measured", &charts::markup(board)))
            (section("intervals", "The intervals", &intervals(board)))
            (section("scores", "Scores", &scores(board)))
            (section("skipped", "What was not predicted", &tables::skipped(board)))
            (section("physics", "Measurements that beat physics", &tables::violators(board)))
            (section("again", "Again", &again(board)))
        }
    };
    // A number and its per cent sign stay on one line.
    titled(Language::English, "Downstream: how accurate the performance model is", &body).replace(" %", "\u{a0}%")
}

/// A share as it is printed everywhere here.
fn share(value: Option<f64>) -> String {
    value.map_or_else(|| DASH.into(), |value| quantity(value, "fraction", Language::English))
}

fn count(value: usize) -> String {
    quantity(value as f64, "count", Language::English)
}

/// What was left out, in words.
fn left_out(leave_out: LeaveOut) -> &'static str {
    match leave_out {
        LeaveOut::None => "nothing left out",
        LeaveOut::Model => "model left out",
        LeaveOut::Chip => "chip left out",
        LeaveOut::ChipModel => "chip and model left out",
    }
}

fn opening(board: &Board) -> Markup {
    let result = &board.run.result;
    let rows: usize = result.files.iter().map(|file| file.rows).sum();
    let met = result.targets.iter().filter(|target| target.met == Some(true)).count();
    let tested = result.targets.iter().filter(|target| target.met.is_some()).count();
    html! {
        header {
            p.kicker { "Downstream" }
            h1 { "How accurate the performance model is" }
            p.lede {
                (count(rows)) " published rows were read, and " (count(board.run.scored.iter().filter(|scored| !scored.run.order_only).count()))
                " distinct measurements of them are compared with predictions that use no measured figure of their row. "
                (met) " of " (tested) " tested targets are met."
            }
            p {
                "Errors are shares of the measured figure. A configuration that was measured often counts once, against the "
                "geometric mean of its measurements. The charts and score tables are of the run with "
                (left_out(result.leave_out)) "; leaving a model out means that the engines' constants are fitted without its "
                "end-to-end rows, leaving a chip out that its kernel timings are gone as well."
            }
            nav aria-label="Contents" {
                @for (anchor, name) in [("targets", "Targets"), ("points", "Predicted and measured"), ("intervals", "The intervals"),
                    ("scores", "Scores"), ("skipped", "What was not predicted"), ("physics", "Physics"), ("again", "Again")] {
                    a href=(format!("#{anchor}")) { (name) }
                }
            }
        }
    }
}

fn targets(board: &Board) -> Markup {
    let mut table = Table::new(["Measurements", "Figure", "Statistic", "Left out", "Target", "Value", "Of", "Verdict"]);
    for target in &board.run.result.targets {
        table.row([
            target.about.clone(),
            target.figure.unwrap_or("all").to_string(),
            statistic(target.statistic).to_string(),
            target.leave_out.name().to_string(),
            goal(target),
            match target.statistic {
                "rank_correlation" => target.value.map_or_else(|| DASH.into(), |value| format!("{value:.2}")),
                _ => share(target.value),
            },
            count(target.of),
            match target.met {
                Some(true) => "met".into(),
                Some(false) => "missed".into(),
                None => "nothing scored".to_string(),
            },
        ]);
    }
    let body = html! {
        p { "Set before the model was built. A target without a value had no row that could be predicted." }
        (table.markup("Targets"))
    };
    section("targets", "Targets", &body)
}

fn statistic(code: &str) -> &str {
    match code {
        "answered" => "share answered",
        "mean_error" => "mean error",
        "median_error" => "median error",
        "largest_error" => "largest error",
        "coverage" => "share inside the interval",
        "rank_correlation" => "rank correlation, median",
        other => other,
    }
}

fn goal(target: &TargetReport) -> String {
    let written = |value: f64| match target.statistic {
        "rank_correlation" => format!("{value:.2}"),
        _ => share(Some(value)),
    };
    match (target.goal_lo, target.goal_hi) {
        (low, high) if low > 0.0 && high < 1.0 => format!("{} to {}", written(low), written(high)),
        (low, _) if low > 0.0 => format!("at least {}", written(low)),
        (_, high) => format!("at most {}", written(high)),
    }
}

fn intervals(board: &Board) -> Markup {
    html! {
        p {
            "Every prediction carries the interval in which 80 % of measurements lie, learned by figure and by how the "
            "prediction was come by. A measurement is compared with the interval that measurements of other chips and "
            "models taught; the table says how often it lay inside."
        }
        (tables::coverage(board))
    }
}

fn scores(board: &Board) -> Markup {
    html! {
        p {
            "Bias is the median signed error: negative where predictions are too short or too small. Rank is the "
            "correlation of order over loads within a family of runs that are equal in all else. The floor is how far "
            "repeated measurements of one configuration lie from their own mean: no model can be closer."
        }
        h3 { "By metric, with different things left out" }
        (tables::held_out(board))
        @for (key, title) in [("source", "By publication"), ("chip", "By chip"), ("model", "By model"), ("engine", "By engine"), ("tier", "By tier")] {
            details {
                summary { (title) }
                (tables::scores(board, key, title))
            }
        }
    }
}

fn again(board: &Board) -> Markup {
    let files = board.run.result.files.iter().map(|file| format!("--measurements {}", file.name));
    let leave_out = match board.run.result.leave_out {
        LeaveOut::None => String::new(),
        other => format!(" --leave-out {}", other.name()),
    };
    let command =
        format!("downstream validate {}{leave_out} --page accuracy.html", files.collect::<Vec<_>>().join(" "));
    html! {
        p { "The same files give the same bytes." }
        pre { code { (command) } }
    }
}
