//! The charts and tables of a claim.

use maud::{Markup, html};
use std::collections::BTreeMap;
use study::findings::{Cell, ClaimFinding, Metric, Table as Tabled};

use super::{asked, own_charts, sentences::measured, verdict, yardsticks};
use crate::{
    brief::Names,
    chart::{
        Figure, Shape, Table,
        figure::Words,
        gauges::{self, Gauge, Threshold},
        votes,
    },
    quantity::{DASH, maybe, quantity, symbol, tick},
};

/// Votes by camp, what was measured against the thresholds, and the charts of this claim alone.
pub fn charts(claim: &ClaimFinding, names: &Names) -> Markup {
    html! {
        (votes_by_camp(claim, names).markup())
        @if let Some(figure) = against_thresholds(claim, names) { (figure.markup()) }
        @for figure in own_charts::of(claim, names) { (figure.markup()) }
    }
}

fn votes_by_camp(claim: &ClaimFinding, names: &Names) -> Figure {
    let language = names.language;
    let id = format!("{}-votes", claim.id);
    let mut table = Table::new([
        language.text("claim.camp"),
        language.text("vote.for"),
        language.text("vote.neither"),
        language.text("vote.against"),
        language.text("claim.futures"),
    ]);
    let rows: Vec<votes::Row> = claim
        .camps
        .iter()
        .map(|camp| {
            let with = |count: usize, share| {
                format!("{} ({})", verdict::percent(count, camp.votes), verdict::interval(share, language))
            };
            table.row([
                names.camp(camp),
                with(camp.votes.in_favour, camp.shares.in_favour),
                with(camp.votes.neither, camp.shares.neither),
                with(camp.votes.against, camp.shares.against),
                quantity(camp.votes.total() as f64, "count", language),
            ]);
            votes::Row {
                label: names.camp(camp),
                counts: [camp.votes.in_favour, camp.votes.neither, camp.votes.against],
                for_interval: camp.shares.in_favour.map(|share| (share.lo, share.hi)),
            }
        })
        .collect();
    let count = |value: usize| quantity(value as f64, "count", language);
    let words = Words {
        id: id.clone(),
        title: format!("{}: {}", claim.id, language.text("claim.votes_title")),
        description: language.fill(
            "claim.votes_describe",
            &[
                ("for", &count(claim.votes.in_favour)),
                ("neither", &count(claim.votes.neither)),
                ("against", &count(claim.votes.against)),
            ],
        ),
        no_data: language.text("page.no_data").into(),
    };
    // Where a camp as a whole has one vote, what counts is the share that a point of view must reach.
    let (holds, leans) = asked(claim);
    let marks = claim.thresholds.get("weight_share").map_or_else(|| vec![leans, holds], |share| vec![*share]);
    Figure {
        drawing: votes::draw(&words, &rows, &marks),
        id,
        title: language.text("claim.votes_title").into(),
        note: language.text("claim.votes_note").into(),
        table,
        table_label: language.text("page.numbers").into(),
        wide: false,
    }
}

fn against_thresholds(claim: &ClaimFinding, names: &Names) -> Option<Figure> {
    let language = names.language;
    let id = format!("{}-measured", claim.id);
    let mut table = Table::new([
        language.text("claim.measure"),
        language.text("claim.p5"),
        language.text("claim.median"),
        language.text("claim.p95"),
        language.text("claim.for_from"),
        language.text("claim.against_from"),
    ]);
    let gauges: Vec<Gauge> = yardsticks::of(claim.id)
        .iter()
        .filter_map(|yardstick| claim.metrics.get(yardstick.metric).map(|metric| (yardstick, metric)))
        .map(|(yardstick, metric)| {
            let unit = Names::unit(yardstick.metric, metric.unit);
            let (in_favour, against) = yardstick.thresholds(claim);
            table.row([
                names.metric(yardstick.metric),
                maybe(metric.p5, unit, language),
                maybe(metric.p50, unit, language),
                maybe(metric.p95, unit, language),
                maybe(in_favour, unit, language),
                maybe(against, unit, language),
            ]);
            let marked = |value: Option<f64>, word: &str| {
                value.map(|value| Threshold { value, written: format!("{word} {}", tick(value, unit, language)) })
            };
            Gauge {
                label: names.metric(yardstick.metric),
                value: maybe(metric.p50, unit, language),
                measured: (metric.p5, metric.p50.unwrap_or(f64::NAN), metric.p95),
                in_favour: marked(in_favour, language.text("vote.for")),
                against: marked(against, language.text("vote.against")),
                shape: Shape::Linear,
            }
        })
        .collect();
    if gauges.is_empty() {
        return None;
    }
    let words = Words {
        id: id.clone(),
        title: format!("{}: {}", claim.id, language.text("claim.measured_title")),
        description: language.text("claim.measured_describe").into(),
        no_data: language.text("page.no_data").into(),
    };
    Some(Figure {
        drawing: gauges::draw(&words, &gauges),
        id,
        title: language.text("claim.measured_title").into(),
        note: language.text("claim.measured_note").into(),
        table,
        table_label: language.text("page.numbers").into(),
        wide: false,
    })
}

/// What was measured beside the test, and the claim's own tables.
pub fn tables(claim: &ClaimFinding, names: &Names) -> Markup {
    let language = names.language;
    let tested: Vec<&str> = yardsticks::of(claim.id).iter().map(|yardstick| yardstick.metric).collect();
    let beside: BTreeMap<&String, &Metric> =
        claim.metrics.iter().filter(|(key, _)| !tested.contains(&key.as_str())).collect();
    html! {
        @if !beside.is_empty() {
            details.more {
                summary { (language.text("claim.also")) }
                dl.figures { @for (key, metric) in beside { div { dt { (names.metric(key)) } dd { (measured(key, metric, names)) } } } }
            }
        }
        @for table in merged(&claim.tables) { (own_table(&table, names)) }
    }
}

/// Tables of the same id and columns as one.
fn merged(tables: &[Tabled]) -> Vec<Tabled> {
    let mut out: Vec<Tabled> = Vec::new();
    for table in tables {
        match out.iter_mut().find(|known| known.id == table.id && known.columns == table.columns) {
            Some(known) => known.rows.extend(table.rows.iter().cloned()),
            None => out.push(table.clone()),
        }
    }
    out
}

/// Rows up to which a table stands open.
const OPEN: usize = 8;

fn own_table(table: &Tabled, names: &Names) -> Markup {
    let language = names.language;
    let caption = language.name("table", table.id);
    let mut out = Table::new(table.columns.iter().map(|column| {
        let word = language.name("column", column.key);
        let unit = if column.unit.is_empty() { String::new() } else { symbol(column.unit, language) };
        // "chips [chips]" says it twice.
        let said = unit.is_empty() || word.to_lowercase() == unit.to_lowercase();
        if said { word } else { format!("{word} [{unit}]") }
    }));
    for row in &table.rows {
        out.row(row.iter().zip(&table.columns).map(|(cell, column)| match cell {
            Cell::Text(text) => said_cell(column.key, text, names),
            Cell::Number(number) => crate::quantity::number(*number, column.unit, language),
            Cell::Empty => DASH.into(),
        }));
    }
    html! {
        @if !out.rows.is_empty() {
            @if out.rows.len() <= OPEN {
                div.own-table { p.caption { (caption) } (out.markup(&caption)) }
            } @else {
                details.more { summary { (caption) } (out.markup(&caption)) }
            }
        }
    }
}

/// A cell that is an id, said as what its column says it is.
fn said_cell(column: &str, text: &str, names: &Names) -> String {
    match column {
        "policy" => names.policy(text),
        "bloc" | "perspective" => names.bloc(text),
        "sector" | "factor" | "outcome" | "vote" | "equal_in" => names.language.name(column, text),
        _ => text.to_string(),
    }
}
