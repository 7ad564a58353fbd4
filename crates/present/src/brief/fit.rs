//! The model beside what was observed.

use maud::{Markup, html};
use study::findings::FitSeries;
use units::{Quarter, format};

use super::{Names, shell::section};
use crate::{
    chart::{
        Figure, Shape, Table, Tone,
        figure::Words,
        lines::{self, Line, Lines, Observed},
    },
    quantity::{DASH, maybe, quantity, range, tick},
};

/// How a series is said: what, of whom, by which camp of the data.
pub fn name(series: &FitSeries, names: &Names) -> String {
    let language = names.language;
    let plain = language.find(&format!("series.{}", series.id)).map(str::to_string);
    let plain = plain.unwrap_or_else(|| names.variable(&series.id));
    // Names of our own say the bloc already.
    let of_its_own = language.find(&format!("series.{}", series.id)).is_some();
    let bloc_said = series.bloc.as_ref().filter(|bloc| !of_its_own && !series.id.contains(bloc.as_str()));
    let named = bloc_said
        .map_or(plain.clone(), |bloc| language.fill("fit.of", &[("series", &plain), ("bloc", &names.bloc(bloc))]));
    series
        .camp
        .as_ref()
        .map_or(named.clone(), |camp| language.fill("fit.camp", &[("name", &named), ("camp", &names.camp_name(camp))]))
}

/// Points from which on a series has a chart.
const ENOUGH: usize = 3;

/// The section.
pub fn markup(series: &[FitSeries], names: &Names) -> Markup {
    let language = names.language;
    let body = html! {
        p { (language.text("fit.intro")) }
        @if series.is_empty() { p { (language.text("fit.none")) } } @else {
            div.trio {
                @for (index, each) in series.iter().enumerate().filter(|(_, each)| each.n_points >= ENOUGH) {
                    (chart(each, index, names).markup())
                }
            }
            @if series.iter().any(|each| each.n_points < ENOUGH) { p { (language.text("fit.few")) } }
            (scores(series, names).markup(language.text("section.fit")))
        }
    };
    section("fit", language.text("section.fit"), &body)
}

/// `exp` of a logarithmic error, as the factor it stands for.
fn factor(ln: Option<f64>) -> String {
    ln.filter(|ln| ln.is_finite()).map_or_else(|| DASH.into(), |ln| format::significant(ln.exp(), 3))
}

fn chart(series: &FitSeries, index: usize, names: &Names) -> Figure {
    let language = names.language;
    let quarters: Vec<Quarter> = series.points.iter().map(|point| point.quarter).collect();
    let middle: Vec<f64> = series.points.iter().map(|point| point.p50).collect();
    let or_gap = |value: Option<f64>| value.unwrap_or(f64::NAN);
    let low: Vec<f64> = series.points.iter().map(|point| or_gap(point.p5)).collect();
    let high: Vec<f64> = series.points.iter().map(|point| or_gap(point.p95)).collect();
    let observed = series.points.iter().map(|point| Observed {
        quarter: point.quarter,
        value: point.observed,
        interval: point.observed_low.zip(point.observed_high),
        hollow: point.anchor,
    });
    let title = name(series, names);
    let ends = series.points.first().zip(series.points.last());
    let words = Words {
        id: format!("fit-{index}"),
        title: title.clone(),
        description: language.fill(
            "fit.describe",
            &[
                ("n", &series.n_points.to_string()),
                ("from", &ends.map_or_else(String::new, |(first, _)| first.quarter.to_string())),
                ("to", &ends.map_or_else(String::new, |(_, last)| last.quarter.to_string())),
            ],
        ),
        no_data: language.text("page.no_data").into(),
    };
    let line = Line {
        label: language.text("fit.model").into(),
        tone: Tone::Accent,
        middle,
        band: Some((low, high)),
        dashed: false,
    };
    let shape = if series.unit.contains("fraction") { Shape::Linear } else { Shape::Log };
    let written = |value: f64| tick(value, &series.unit, language);
    let id = words.id.clone();
    let chart = Lines {
        words,
        quarters: &quarters,
        lines: vec![line],
        observed: observed.collect(),
        shape,
        marked: None,
        written: &written,
        size: lines::SIZE,
    };
    let overlap = series.overlap_fraction.map_or_else(|| DASH.into(), format::percent);
    Figure {
        drawing: lines::draw(&chart),
        id,
        title,
        note: language.fill(
            "fit.note",
            &[("n", &series.n_points.to_string()), ("error", &factor(series.rmse_ln)), ("overlap", &overlap)],
        ),
        table: points(series, names),
        table_label: language.text("page.numbers").into(),
        wide: false,
    }
}

fn points(series: &FitSeries, names: &Names) -> Table {
    let language = names.language;
    let mut table = Table::new([
        language.text("fit.quarter"),
        language.text("fit.observed"),
        language.text("fit.observed_range"),
        language.text("claim.p5"),
        language.text("fit.model"),
        language.text("claim.p95"),
    ]);
    for point in &series.points {
        table.row([
            point.quarter.to_string(),
            quantity(point.observed, &series.unit, language),
            range(point.observed_low, point.observed_high, &series.unit, language),
            maybe(point.p5, &series.unit, language),
            quantity(point.p50, &series.unit, language),
            maybe(point.p95, &series.unit, language),
        ]);
    }
    table
}

fn scores(series: &[FitSeries], names: &Names) -> Table {
    let language = names.language;
    let mut table = Table::new([
        language.text("fit.series"),
        language.text("fit.points"),
        language.text("fit.bias"),
        language.text("fit.error"),
        language.text("fit.overlap"),
        language.text("fit.source"),
    ]);
    for each in series {
        table.row([
            name(each, names),
            each.n_points.to_string(),
            factor(each.bias_ln),
            factor(each.rmse_ln),
            each.overlap_fraction.map_or_else(|| DASH.into(), format::percent),
            each.source.clone(),
        ]);
    }
    table
}
