//! The page of hindcasts: one plot a test and series, self-contained as the brief is.
//!
//! A fan is what the forecast said at its freeze, dots are what happened, the dashed line is the naive forecast.

use maud::{Markup, html};
use std::collections::BTreeSet;
use study::hindcast::{Hindcast, Model, Point, Status};
use units::Quarter;

use crate::{
    Language,
    brief::shell,
    chart::{
        Figure, Shape, Table, Tone,
        figure::Words,
        intervals::{self, Intervals, Mark},
        lines::{self, Line, Lines, Observed},
    },
    quantity::{quantity, tick},
    terminal::hindcast as words,
};

/// Points from which on a series has lines of its own.
const ENOUGH: usize = 3;

/// The page.
pub fn page(tests: &[Hindcast]) -> String {
    let passed = tests.iter().filter(|test| test.status == Status::Pass).count();
    let failed = tests.iter().filter(|test| test.status == Status::Fail).count();
    let body = html! {
        header {
            p.kicker { "Downstream" }
            h1 { "Forecasts frozen in the past" }
            p.lede {
                "Each test stops seeing on a day, forecasts what came after it, and is held against what happened. "
                (format!("{passed} of {} pass, {failed} fail.", tests.len()))
                " What fails stays in the table."
            }
            p {
                "Hindcasts of AI have 6 to 10 independent points at most: they can falsify a model and not confirm it. \
                 What happened is itself a model for Huawei's output and for smuggled chips."
            }
            nav { @for test in tests { a href=(format!("#{}", test.id)) { (test.id) " " (test.title) } } }
        }
        main {
            section id="table" { h2 { "All tests" } (summary(tests).markup("All tests")) }
            @for test in tests { (section(test)) }
        }
    };
    shell::titled(Language::English, "Downstream: hindcasts", &body).replace(" %", "\u{a0}%")
}

fn summary(tests: &[Hindcast]) -> Table {
    let mut table = Table::new([
        "Test",
        "Status",
        "Freeze",
        "Points",
        "Independent",
        "CRPS",
        "Error",
        "Covered by 90 %",
        "Skill",
        "Placebo",
    ]);
    for test in tests {
        table.row([
            format!("{} {}", test.id, test.title),
            words::status(test.status).to_string(),
            words::freeze(&test.freeze),
            test.n_points.to_string(),
            test.n_independent.to_string(),
            words::score(test.score.crps),
            words::score(test.score.rmse),
            words::share(test.score.coverage90_fraction),
            words::share(test.score.skill_crps_fraction),
            words::placebo(test).to_string(),
        ]);
    }
    table
}

fn section(test: &Hindcast) -> Markup {
    let model = match test.model {
        Model::World => "The world model, frozen.",
        Model::Equations => "Equations of the world model with what was known at the freeze; not a run of the whole.",
        Model::Statistical => "A law that the world model uses, on its own.",
        Model::Arithmetic => "Arithmetic on the inputs of others.",
    };
    let badge = match test.status {
        Status::Pass => "badge v-holds",
        Status::Fail => "badge v-fails",
        Status::NotTestable => "badge v-undefined",
    };
    html! {
        section id=(test.id) {
            h2 { (test.id) " " (test.title) " " span class=(badge) { (words::status(test.status)) } }
            p { (model) " Pass mark: " (test.pass_mark) ". Naive forecast: " (test.naive) "." }
            @if let Some(reason) = &test.reason { p { "Reason: " (reason) "." } }
            @if test.placebo.is_some() { p { "Placebo, events four quarters late: " (words::placebo(test)) "." } }
            @if !test.notes.is_empty() { ul { @for note in &test.notes { li { (note) } } } }
            (figures(test))
        }
    }
}

/// Points of one series and freeze, in the order of the test.
fn groups(points: &[Point]) -> Vec<Vec<&Point>> {
    let mut groups: Vec<Vec<&Point>> = Vec::new();
    for point in points {
        match groups.iter_mut().find(|group| group[0].series == point.series && group[0].freeze == point.freeze) {
            Some(group) => group.push(point),
            None => groups.push(vec![point]),
        }
    }
    groups
}

fn figures(test: &Hindcast) -> Markup {
    let (fans, rest): (Vec<_>, Vec<_>) = groups(&test.points).into_iter().partition(|group| {
        let quarters: BTreeSet<Quarter> = group.iter().filter_map(|point| point.quarter()).collect();
        quarters.len() >= ENOUGH && quarters.len() == group.len()
    });
    let rest: Vec<&Point> = rest.into_iter().flatten().collect();
    html! {
        @if !fans.is_empty() {
            div.trio { @for (index, group) in fans.iter().enumerate() { (fan(test, group, index).markup()) } }
        }
        @if !rest.is_empty() { div.pair { (dots(test, &rest).markup()) } }
    }
}

fn fan(test: &Hindcast, points: &[&Point], index: usize) -> Figure {
    let first = points[0];
    let quarters: Vec<Quarter> = points.iter().filter_map(|point| point.quarter()).collect();
    let line =
        |label: &str, tone, middle: Vec<f64>, band, dashed| Line { label: label.into(), tone, middle, band, dashed };
    let of = |value: fn(&Point) -> f64| points.iter().map(|point| value(point)).collect::<Vec<_>>();
    let band = (of(|point| point.p5), of(|point| point.p95));
    let observed = points.iter().zip(&quarters).filter(|(point, _)| point.truth.is_finite()).map(|(point, quarter)| {
        Observed { quarter: *quarter, value: point.truth, interval: point.truth_lo.zip(point.truth_hi), hollow: false }
    });
    let title = if first.freeze == "rolling" {
        first.series.clone()
    } else {
        format!("{}, from {}", first.series, first.freeze)
    };
    let shape = if first.unit.contains("fraction") { Shape::Linear } else { Shape::Log };
    let written = |value: f64| tick(value, first.unit, Language::English);
    let id = format!("{}-{index}", test.id);
    let chart = Lines {
        words: Words {
            id: id.clone(),
            title: title.clone(),
            description: format!("Forecast and what happened, {} points; unit {}.", points.len(), first.unit),
            no_data: "no data".into(),
        },
        quarters: &quarters,
        lines: vec![
            line("naive", Tone::Muted, of(|point| point.naive), None, true),
            line("forecast", Tone::Accent, of(|point| point.p50), Some(band), false),
        ],
        observed: observed.collect(),
        shape,
        marked: None,
        written: &written,
        size: lines::SIZE,
    };
    Figure {
        drawing: lines::draw(&chart),
        id,
        title,
        note: first.unit.into(),
        table: numbers(points),
        table_label: "Numbers".into(),
        wide: false,
    }
}

/// Rows of forecasts beside what happened, as ratios where they have many units.
fn dots(test: &Hindcast, points: &[&Point]) -> Figure {
    let is_share = points.iter().all(|point| point.unit == "fraction") && test.id != "V9";
    let scale = |value: f64, point: &Point| if is_share { value } else { value / point.truth };
    let rows = points.iter().map(|point| intervals::Row {
        label: match point.freeze.as_str() {
            "-" => point.series.clone(),
            "rolling" => format!("{} years ahead", point.at),
            freeze => format!("{freeze} to {}", point.at),
        },
        marks: vec![
            Mark {
                tone: Tone::Accent,
                low: Some(scale(point.p5, point)),
                middle: scale(point.p50, point),
                high: Some(scale(point.p95, point)),
            },
            Mark { tone: Tone::Observed, low: None, middle: scale(point.truth, point), high: None },
        ],
        value: quantity(point.truth, point.unit, Language::English),
    });
    let written = |value: f64| if is_share { tick(value, "fraction", Language::English) } else { format!("{value}") };
    let title = if is_share { points[0].series.clone() } else { "Forecast over what happened".to_string() };
    let id = format!("{}-dots", test.id);
    let chart = Intervals {
        words: Words {
            id: id.clone(),
            title: title.clone(),
            description: format!("{} forecasts with their 90 % bands beside what happened.", points.len()),
            no_data: "no data".into(),
        },
        rows: rows.collect(),
        shape: if is_share { Shape::Linear } else { Shape::Log },
        reference: (!is_share).then_some(1.0),
        written: &written,
    };
    Figure {
        drawing: intervals::draw(&chart),
        id,
        title,
        note: "Dark: what happened; at the right its value.".into(),
        table: numbers(points),
        table_label: "Numbers".into(),
        wide: false,
    }
}

fn numbers(points: &[&Point]) -> Table {
    let mut table = Table::new(["Series", "Freeze", "At", "What happened", "5 %", "Median", "95 %", "Naive"]);
    for point in points {
        let written = |value: f64| {
            if value.is_finite() {
                quantity(value, point.unit, Language::English)
            } else {
                crate::quantity::DASH.into()
            }
        };
        let [truth, p5, p50, p95, naive] = [point.truth, point.p5, point.p50, point.p95, point.naive].map(written);
        table.row([point.series.clone(), point.freeze.clone(), point.at.clone(), truth, p5, p50, p95, naive]);
    }
    table
}
