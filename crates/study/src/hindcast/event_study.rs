//! V5: China's share of memory bandwidth before and after two events: the H20 comes (2024), and is stopped (April 2025).
//!
//! The share is of all that NVIDIA has sold since 2022; it went from 14.0 % (2023Q3) through 11.2 % to 20.0 % at the end
//! of 2024, and from 21.0 % (2025Q1) to 16.0 %.

use facts::Select;
use units::{Problem, Problems, Quarter};
use world::Variable;

use super::{
    Freeze, Hindcast, Model, Past, Placebo, PlaceboStatus, Point, Status, Vintage,
    frozen::{Both, Frozen, H100, NVIDIA, add, equivalents},
    score::{Card, Truth, point},
};

const SERIES: &str = "china_cumulative_share_bandwidth_fraction";
/// Bandwidth among the currencies.
const BANDWIDTH: usize = 1;
/// How far the share may be off [fraction].
const NEAR: f64 = 0.03;

/// One event: the freeze before it and the quarter at which its effect is read.
struct Event {
    freeze: Quarter,
    read: Quarter,
    what: &'static str,
}

const EVENTS: [Event; 2] = [
    Event { freeze: Quarter::new(2023, 3), read: Quarter::new(2024, 4), what: "the H20 comes" },
    Event { freeze: Quarter::new(2025, 1), read: Quarter::new(2025, 4), what: "the H20 is stopped" },
];

/// What NVIDIA had sold in all from 2022 to a quarter, as seen at a freeze [H100 equivalents].
fn sold_until(past: &Past<'_>, vintage: &Vintage) -> Result<Both, Problem> {
    let select = Select { bloc: Some("world"), ..Select::series("chip_sales_units") };
    let mut total = [0.0; 2];
    for figure in vintage.select(&select, &past.facts.history) {
        // The table of chips lacks one that Google made for itself; it is not NVIDIA's.
        let Ok(chip) = past.facts.chip(figure.entity.as_deref().unwrap_or_default()) else { continue };
        if chip.vendor == NVIDIA {
            add(&mut total, equivalents(chip)?, figure.value);
        }
    }
    Ok(total)
}

/// The points of both events, and whether each has the right sign and is near enough at its end.
fn forecast(past: &Past<'_>, shift: i32) -> Result<(Vec<Point>, Card, Vec<bool>), Problems> {
    let (mut points, mut card, mut right) = (Vec::new(), Card::new("fraction"), Vec::new());
    for event in &EVENTS {
        let vintage = Vintage::of(event.freeze);
        let before = vintage.at(&Select::series(SERIES), event.freeze, &past.facts.history)?.value;
        let sold = sold_until(past, &vintage)?[BANDWIDTH];
        let frozen = Frozen::new(past, event.freeze, event.read, shift)?;
        let (china, nvidia) = (frozen.bloc("china")?, frozen.nvidia()?);
        let quarters = frozen.quarters();
        // Both series run on from what had been sold at the freeze.
        let futures = frozen.run(|run| {
            let (mut own, mut all) = (before * sold, sold);
            let mut shares = Vec::with_capacity(quarters.len());
            for (at, _) in &quarters {
                own += run.get(Variable::SalesByte, china)[*at] / H100[BANDWIDTH];
                all += run.vendor(Variable::VendorByte, nvidia)[*at] / H100[BANDWIDTH];
                shares.push(own / all);
            }
            shares
        })?;
        for (index, (_, quarter)) in quarters.iter().copied().enumerate() {
            let sample = Frozen::sample(futures.iter().map(|shares| shares[index]).collect())?;
            let select = Select::series(SERIES);
            let truth = select.from(&past.facts.history).into_iter().find(|figure| figure.period.quarter() == quarter);
            let truth = truth.ok_or_else(|| Problem::new("no_data", format!("there is no {SERIES} of {quarter}")))?;
            card.add(&sample, truth.value, before);
            let of = Truth {
                series: format!("China's share of bandwidth since 2022, {}", event.what),
                freeze: event.freeze.to_string(),
                at: quarter.to_string(),
                unit: "fraction",
                value: truth.value,
                range: None,
            };
            points.push(point(&sample, before, of));
        }
        if let Some(end) = points.last() {
            let sign = (end.p50 - before) * (end.truth - before) > 0.0;
            right.push(sign && (end.p50 - end.truth).abs() <= NEAR);
        }
    }
    Ok((points, card, right))
}

/// Runs V5.
///
/// # Errors
/// Sales and shares that the tables lack.
pub fn event_study(past: &Past<'_>) -> Result<Hindcast, Problems> {
    let (points, card, right) = forecast(past, 0)?;
    let (_, _, shifted) = forecast(past, Placebo::SHIFT)?;
    let all = |right: &[bool]| right.iter().all(|right| *right);
    let placebo = Placebo::of(all(&shifted));
    let passed = all(&right) && placebo.status == PlaceboStatus::FailsAsItShould;
    let told: Vec<String> = EVENTS
        .iter()
        .zip(&right)
        .filter_map(|(event, right)| {
            let end = points.iter().rfind(|point| point.freeze == event.freeze.to_string())?;
            let [truth, made] = [end.truth, end.p50].map(|share| 100.0 * share);
            let word = if *right { "right" } else { "off" };
            Some(format!("{} ({}): {made:.1} % against {truth:.1} %, {word}", event.what, end.at))
        })
        .collect();
    Ok(Hindcast {
        id: "V5",
        title: "The H20 comes and is stopped",
        model: Model::World,
        freeze: Freeze::many(EVENTS.map(|event| event.freeze)),
        sees_until: Some(Freeze::many(EVENTS.map(|event| event.freeze.last_day()))),
        n_points: points.len(),
        n_independent: EVENTS.len(),
        points,
        score: card.score(),
        naive: "last share held",
        pass_mark: "right sign and within 3 points after each event; late by four quarters it must fail",
        status: Status::of(passed),
        placebo: Some(placebo),
        reason: (!passed).then(|| told.join("; ")),
        notes: vec!["the dates of policy are known to the forecast, nothing else of the years after the freeze".into()],
    })
}
