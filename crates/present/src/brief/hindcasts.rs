//! Forecasts frozen in the past: one line a test.

use maud::{Markup, html};
use study::{findings::HindcastLine, hindcast::Status};
use units::format;

use super::{Names, shell::section};
use crate::{chart::Table, quantity::DASH};

/// How a test ended, in a word.
fn word(status: Status, names: &Names) -> String {
    let key = match status {
        Status::Pass => "pass",
        Status::Fail => "fail",
        Status::NotTestable => "not_testable",
    };
    names.language.name("hindcast", key)
}

/// The section.
pub fn markup(tests: &[HindcastLine], names: &Names) -> Markup {
    let language = names.language;
    let count = |status| tests.iter().filter(|test| test.status == status).count().to_string();
    let (passed, failed) = (count(Status::Pass), count(Status::Fail));
    let numbers = [("passed", passed.as_str()), ("failed", &failed), ("tests", &tests.len().to_string())];
    let mut table = Table::new([
        language.text("hindcast.test"),
        language.text("hindcast.status"),
        language.text("hindcast.points"),
        language.text("hindcast.independent"),
        language.text("hindcast.covered"),
        language.text("hindcast.skill"),
    ]);
    for test in tests {
        let share = |value: Option<f64>| value.map_or_else(|| DASH.into(), format::percent);
        table.row([
            format!("{} {}", test.id, language.name("hindcast", &test.id)),
            word(test.status, names),
            test.n_points.to_string(),
            test.n_independent.to_string(),
            share(test.coverage90_fraction),
            share(test.skill_crps_fraction),
        ]);
    }
    let body = html! {
        p { (language.fill("hindcast.intro", &numbers)) }
        (table.markup(language.text("section.hindcasts")))
        p { (language.text("hindcast.more")) }
    };
    section("hindcasts", language.text("section.hindcasts"), &body)
}
