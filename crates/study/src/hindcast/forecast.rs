//! V10: a forecast of 2026Q1 to 2027Q4, registered before what it is about is known, and the table that scores it.
//!
//! `make` runs the world on a [`Vintage`] of its facts and rules, so that nothing dated after 2025Q4 enters; the file
//! says from which data, version and seed it came. The one that is embedded is the registered one; its hash stands
//! beside it and in the book. [`Observed`] is a reader's table of what happened.

mod facts_table;
mod file;
mod observables;

use explore::{Design, Draws, Ensemble, Method};
use std::convert::Infallible;
use units::{Problem, Problems, Quarter};
use world::{RunOptions, Sources, Variant, World};

use super::{Freeze, Hindcast, Model, Past, Point, Sample, Score, Status, Vintage, score::Card};

pub use facts_table::Observed;
pub use file::{Forecast, Made, Series, registered, registered_sha256};

/// The last quarter seen.
pub const FREEZE: Quarter = Quarter::new(2025, 4);
/// Quarters forecast.
pub const QUARTERS: usize = 8;
/// Futures of a registered forecast.
const FUTURES: u64 = 1000;
/// The levels of the quantiles that are registered.
pub const LEVELS: [f64; 5] = [0.05, 0.25, 0.5, 0.75, 0.95];
/// The pass mark on the coverage of the 90 % band, once facts are there.
const COVERAGE: f64 = 0.8;

/// Makes the forecast: the policy `history` in the default camps. `None` where it was stopped.
///
/// # Errors
/// All that is wrong with the tables; a table that lacks what the vintage leaves.
pub fn make(
    past: &Past<'_>,
    data_sha256: &str,
    watch: crate::ensemble::Watch<'_>,
) -> Result<Option<Forecast>, Problems> {
    let vintage = Vintage::of(FREEZE);
    let registry = past.registry.clone().known_at(FREEZE, past.folder)?;
    let book = vintage.book(past.book);
    let sources = Sources { facts: past.facts, book: &book, registry: &registry, folder: past.folder };
    let options = RunOptions { until: FREEZE + QUARTERS as i32, ..RunOptions::default() };
    let world = World::frozen(&sources, &options, FREEZE)?;
    let policy = world.compile(&world::policy::builtin("history", &book)?)?;
    let all = observables::all(&world)?;
    let varying = registry.sampled().len() as u32;
    let design = Design::new(Method::LatinHypercube, FUTURES, varying.max(1), Draws::new(past.seed, 10))
        .map_err(|error| Problem::new("bad_design", error.message))?;
    let one = |row: u64| {
        let draw = registry.draw(&design.point(row));
        let mut run = world.trajectory();
        world.run(&policy, &draw, &Variant::default(), &mut run);
        all.iter().map(|each| each.read(&run)).collect::<Vec<_>>()
    };
    let mut futures: Vec<Vec<Vec<f64>>> = Vec::new();
    let progress = |done: u64| (watch.progress)(done, FUTURES);
    let ended = Ensemble::new(0..FUTURES).progress(&progress).cancel(watch.cancel).run(one, |_, row| {
        futures.push(row);
        Ok::<(), Infallible>(())
    });
    if !ended.is_ok_and(|ended| !ended.cancelled) {
        return Ok(None);
    }
    let mut series = Vec::new();
    for (index, each) in all.iter().enumerate() {
        let at = |quarter: usize| -> Result<Sample, Problem> {
            let draws = futures.iter().map(|future| future[index][quarter]).collect();
            Sample::new(draws).ok_or_else(|| {
                let message = format!("'{}' of {} is not finite in some future", each.variable, each.bloc);
                Problem::new("no_data", message)
            })
        };
        let samples = (0..=QUARTERS).map(at).collect::<Result<Vec<_>, _>>()?;
        series.push(Series {
            variable: each.variable.clone(),
            bloc: each.bloc.clone(),
            unit: each.unit.clone(),
            last: crate::bands::rounded(samples[0].quantile(0.5)),
            quantiles: LEVELS
                .iter()
                .map(|level| samples[1..].iter().map(|sample| crate::bands::rounded(sample.quantile(*level))).collect())
                .collect(),
        });
    }
    let made = Made {
        version: env!("CARGO_PKG_VERSION").into(),
        data_sha256: data_sha256.into(),
        seed: past.seed,
        futures: FUTURES,
        sees_until: vintage.sees_until.to_string(),
        policy: "history".into(),
        camps: registry.disagreements().into_iter().map(|each| format!("{}={}", each.name, each.camps[0])).collect(),
        inputs: registry.len(),
        inputs_assumed: registry.hindsight().len(),
    };
    Ok(Some(Forecast { made, series }))
}

/// V10: the registered forecast, held against facts where there are some.
///
/// # Errors
/// A registered file that does not read.
pub fn registered_forecast(observed: Option<&Observed>) -> Result<Hindcast, Problems> {
    let forecast = registered()?;
    let mut card = Card::new("ln_ratio");
    let mut points = Vec::new();
    match observed {
        Some(observed) => {
            for fact in &observed.facts {
                let series = &forecast.series[fact.series];
                let Some(sample) = series.sample(fact.quarter) else { continue };
                // Quantities of many units: errors are counted in the logarithm, shares and tokens alike.
                let ln = |value: f64| value.max(f64::MIN_POSITIVE).ln();
                card.add(&sample.map(ln), ln(fact.value), ln(series.last));
                points.push(point(series, fact.quarter, fact.value, fact.low.zip(fact.high)));
            }
        }
        None => {
            for series in &forecast.series {
                points.extend((0..QUARTERS).map(|quarter| point(series, quarter, f64::NAN, None)));
            }
        }
    }
    let score = if observed.is_some() { card.score() } else { Score { unit: "ln_ratio", ..Score::default() } };
    let passed = score.coverage90_fraction.is_some_and(|covered| covered >= COVERAGE)
        && score.skill_crps_fraction.is_some_and(|skill| skill > 0.0);
    let mut named: Vec<_> = points.iter().map(|point| point.series.clone()).collect();
    named.sort_unstable();
    named.dedup();
    let made = &forecast.made;
    let covered = 100.0 * score.coverage90_fraction.unwrap_or(f64::NAN);
    let skill = score.skill_crps_fraction.unwrap_or(f64::NAN);
    Ok(Hindcast {
        id: "V10",
        title: "Registered forecast",
        model: Model::World,
        freeze: Freeze::One(FREEZE.to_string()),
        sees_until: Some(Freeze::One(made.sees_until.clone())),
        n_points: points.len(),
        n_independent: named.len(),
        points,
        score,
        naive: "value of 2025Q4 held",
        pass_mark: "the 90 % band covers at least 80 % of the facts, and better than the value of 2025Q4 held",
        status: match observed {
            None => Status::NotTestable,
            Some(_) => Status::of(passed),
        },
        placebo: None,
        reason: match observed {
            None => Some("the facts are to come: give a table of them with --facts".into()),
            Some(_) => (!passed).then(|| format!("the band covers {covered:.0} %, skill {skill:.2}")),
        },
        notes: vec![
            format!("SHA-256 {}", registered_sha256()),
            format!("made by version {} from data {}, seed {}", made.version, made.data_sha256, made.seed),
            format!("{} of its {} inputs are assumptions of ours", made.inputs_assumed, made.inputs),
        ],
    })
}

fn point(series: &Series, quarter: usize, truth: f64, range: Option<(f64, f64)>) -> Point {
    let at = |level: usize| series.quantiles[level][quarter];
    Point {
        series: format!("{} ({})", series.variable, series.bloc),
        freeze: FREEZE.to_string(),
        at: (FREEZE + 1 + quarter as i32).to_string(),
        // The unit of a registered series is data; the contract's points carry it in the name of the series too.
        unit: file::known_unit(&series.unit),
        truth,
        truth_lo: range.map(|range| range.0),
        truth_hi: range.map(|range| range.1),
        p5: at(0),
        p50: at(2),
        p95: at(4),
        naive: series.last,
    }
}
