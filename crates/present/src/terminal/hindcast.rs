//! Hindcasts: one row a test, and what to know of each.

use anstyle::AnsiColor;
use study::hindcast::{Freeze, Hindcast, PlaceboStatus, Status};
use units::format;

use super::grid::{Grid, Side, coloured, heading, paragraph};
use crate::{Style, quantity::DASH};

/// A status in one word or two.
pub(crate) fn status(status: Status) -> &'static str {
    match status {
        Status::Pass => "pass",
        Status::Fail => "fail",
        Status::NotTestable => "not testable",
    }
}

/// A placebo in one word or two.
pub(crate) fn placebo(test: &Hindcast) -> &'static str {
    match test.placebo.map(|placebo| placebo.status) {
        None => DASH,
        Some(PlaceboStatus::FailsAsItShould) => "fails, as it should",
        Some(PlaceboStatus::Passes) => "passes: the test is void",
    }
}

/// The freezes, shortened where there are many.
pub(crate) fn freeze(freeze: &Freeze) -> String {
    match freeze {
        Freeze::One(one) => one.clone(),
        Freeze::Many(many) if many.len() > 2 => format!("{} dates", many.len()),
        Freeze::Many(many) => many.join(", "),
    }
}

/// A score to three digits.
pub(crate) fn score(value: Option<f64>) -> String {
    value.map_or_else(|| DASH.into(), |value| format::significant(value, 3))
}

/// A share in per cent.
pub(crate) fn share(value: Option<f64>) -> String {
    value.map_or_else(|| DASH.into(), format::percent)
}

/// The table, then each test's naive forecast, pass mark, placebo, and reason.
pub fn hindcast(tests: &[Hindcast], style: &Style) -> String {
    let mut grid = Grid::new(
        style,
        &[
            ("", Side::Left),
            ("test", Side::Left),
            ("freeze", Side::Left),
            ("points", Side::Right),
            ("indep.", Side::Right),
            ("CRPS", Side::Right),
            ("error", Side::Right),
            ("covered", Side::Right),
            ("skill", Side::Right),
            ("status", Side::Left),
        ],
    );
    for test in tests {
        grid.row([
            test.id.to_string(),
            test.title.to_string(),
            freeze(&test.freeze),
            test.n_points.to_string(),
            test.n_independent.to_string(),
            score(test.score.crps),
            score(test.score.rmse),
            share(test.score.coverage90_fraction),
            share(test.score.skill_crps_fraction),
            status(test.status).to_string(),
        ]);
    }
    let mut out = grid.text(style);
    for test in tests {
        out.push('\n');
        let colour = match test.status {
            Status::Pass => AnsiColor::Green,
            Status::Fail => AnsiColor::Red,
            Status::NotTestable => AnsiColor::Yellow,
        };
        let head = heading(&format!("{}  {}", test.id, test.title), style);
        out.push_str(&[head.trim_end(), "  ", &coloured(status(test.status), colour, style), "\n"].concat());
        let mut said = Grid::plain(style, &[Side::Left, Side::Left]);
        said.row(["pass mark", test.pass_mark]);
        said.row(["naive", test.naive]);
        if test.placebo.is_some() {
            said.row(["placebo", placebo(test)]);
        }
        if let Some(reason) = &test.reason {
            said.row(["reason", reason]);
        }
        for note in &test.notes {
            said.row(["note", note]);
        }
        if test.id == "V10" {
            let mut named: Vec<&str> = test.points.iter().map(|point| point.series.as_str()).collect();
            named.dedup();
            said.row(["variables", &named.join(", ")]);
        }
        out.push_str(&said.text(style));
    }
    if tests.len() > 1 {
        out.push('\n');
        out.push_str(&paragraph(
            "Errors are in the unit of each test: ln cost (V1, V2), shares (V3, V5, V7, V8), H100 equivalents (V4), ln \
             price (V6), ln of the ratio (V9, V10).",
            style,
        ));
    }
    out
}
