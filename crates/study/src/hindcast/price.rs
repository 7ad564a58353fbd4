//! V6: the price of a token at the level of GPT-3.5 and of GPT-4, frozen in the middle of 2023 and of 2024.
//!
//! E5 without a run of the world: `ln p(t) = ln p(freeze) - kappa t`, where kappa adds what the world's equations say
//! moves a price at fixed quality: serving software, the smaller model that algorithms allow, and the price of
//! computing. A normal mark-up is in the price at the freeze and stays. The truth is the cheapest model of a level,
//! quarter by quarter, by benchmark (Epoch AI).

use explore::{Design, Draws, Method};
use facts::Select;
use units::{Problem, Problems, Quarter};

use super::{
    Freeze, Hindcast, Model, Past, Point, Sample, Status, Vintage,
    score::{Card, Truth, point},
};

const SERIES: &str = "token_price_usd_per_mtok";
/// The freezes.
const FREEZES: [Quarter; 2] = [Quarter::new(2023, 2), Quarter::new(2024, 2)];
/// The last quarter whose cheapest model is known: Epoch's table ends in February 2025.
const LAST: Quarter = Quarter::new(2024, 4);
/// The naive forecast: ten times cheaper a year, for ever (a rule of thumb of investors).
const NAIVE_PER_YEAR: f64 = 10.0;
/// How a cheapest price jumps between releases (assumption) [ln units].
const JUMPS: f64 = 0.5;
/// Years in which computing per dollar doubles, 90 % range (Hobbhahn and Besiroglu 2022).
const DOUBLING_YEARS: [f64; 3] = [1.54, 2.07, 3.13];
/// The level of capability by the names of its thresholds.
const LEVELS: [(&str, &str); 2] = [("GPT-3.5", "at least GPT-3.5"), ("GPT-4", "at least GPT-4-0")];

/// Yearly falls of ln price, one a draw, from the inputs of the world.
fn falls(past: &Past<'_>) -> Result<Vec<f64>, Problems> {
    let input = |key: &str| past.registry.index(key).map(|index| &past.registry.inputs[index].distribution);
    let software = input("serving_software_per_year")?;
    let (algorithms, size) = (input("algorithmic_progress_per_year")?, input("size_elasticity")?);
    let [low, central, high] = DOUBLING_YEARS;
    let doubling = world::Distribution::LogNormal { low, central, high };
    let design = Design::new(Method::LatinHypercube, past.draws, 4, Draws::new(past.seed, 6))
        .map_err(|error| Problem::new("bad_design", error.message))?;
    let fall = |row: u64| {
        let u = design.point(row);
        software.quantile(u[0]).ln()
            + size.quantile(u[2]) * algorithms.quantile(u[1]).ln()
            + std::f64::consts::LN_2 / doubling.quantile(u[3])
    };
    Ok((0..past.draws).map(fall).collect())
}

/// One level on one benchmark: prices in the order of time.
struct Threshold<'f> {
    name: String,
    figures: Vec<&'f facts::Figure>,
}

/// The thresholds of both levels.
fn thresholds(history: &[facts::Figure]) -> Vec<Threshold<'_>> {
    let all = Select::series(SERIES).from(history);
    let mut found: Vec<Threshold<'_>> = Vec::new();
    for figure in all {
        let entity = figure.entity.as_deref().unwrap_or_default();
        if !LEVELS.iter().any(|(_, start)| entity.starts_with(start)) {
            continue;
        }
        let name = format!("{}, {entity}", figure.sector.as_deref().unwrap_or_default());
        match found.iter_mut().find(|known| known.name == name) {
            Some(known) => known.figures.push(figure),
            None => found.push(Threshold { name, figures: vec![figure] }),
        }
    }
    for each in &mut found {
        each.figures.sort_by_key(|figure| figure.period);
    }
    found
}

/// Runs V6.
///
/// # Errors
/// An input that the world does not have.
pub fn token_price(past: &Past<'_>) -> Result<Hindcast, Problems> {
    let falls = falls(past)?;
    let (mut points, mut card) = (Vec::<Point>::new(), Card::new("ln_price"));
    let mut levels = std::collections::BTreeSet::new();
    for freeze in FREEZES {
        let vintage = Vintage::of(freeze);
        for threshold in thresholds(&past.facts.history) {
            let Some(start) = vintage.seen(threshold.figures.iter().copied()).last().copied() else { continue };
            for ahead in 1..=LAST.since(freeze) {
                let quarter = freeze + ahead;
                // The price is that of the cheapest model so far, seen or not seen at the freeze.
                let known = threshold.figures.iter().rev().find(|figure| figure.period.last <= quarter.last_day());
                let Some(truth) = known else { continue };
                let years = f64::from(ahead) / 4.0;
                let mut index = 0;
                let ln_start = start.value.ln();
                // Jumps in three points (Gauss and Hermite), so that no draw is needed for them.
                let members = falls.iter().flat_map(|fall| {
                    index += 1;
                    let middle = ln_start - fall * years;
                    let jump = JUMPS * 3.0_f64.sqrt();
                    [(middle - jump, 1.0 / 6.0), (middle, 2.0 / 3.0), (middle + jump, 1.0 / 6.0)]
                });
                let Some(sample) = Sample::weighted(members.collect()) else { continue };
                let naive = ln_start - NAIVE_PER_YEAR.ln() * years;
                card.add(&sample, truth.value.ln(), naive);
                let level = LEVELS.iter().find(|(_, start)| threshold.name.contains(start)).map(|(level, _)| *level);
                levels.insert((freeze, level));
                let of = Truth {
                    series: threshold.name.clone(),
                    freeze: freeze.to_string(),
                    at: quarter.to_string(),
                    unit: "usd_per_mtok",
                    value: truth.value,
                    range: None,
                };
                points.push(point(&sample.map(f64::exp), naive.exp(), of));
            }
        }
    }
    let score = card.score();
    let covered = score.coverage90_fraction.unwrap_or(0.0);
    let passed = covered >= 0.9 && score.skill_crps_fraction.is_some_and(|skill| skill > 0.0);
    let central = explore::statistics::median(&falls).unwrap_or(f64::NAN).exp();
    Ok(Hindcast {
        id: "V6",
        title: "Price of a token at the level of GPT-3.5 and GPT-4",
        model: Model::Equations,
        freeze: Freeze::many(FREEZES),
        sees_until: Some(Freeze::many(FREEZES.map(Quarter::last_day))),
        n_points: points.len(),
        n_independent: levels.len(),
        points,
        score,
        naive: "ten times cheaper a year",
        pass_mark: "90 % of the prices inside the 90 % band, and better than ten times cheaper a year",
        status: Status::of(passed),
        placebo: None,
        reason: (!passed).then(|| {
            format!(
                "the equations make a token {central:.1} times cheaper a year; {:.0} % of the prices are inside",
                100.0 * covered
            )
        }),
        notes: vec![
            "the ranges of software, algorithms and model size were published after the freeze".into(),
            "the levels on several benchmarks are set by the same few models".into(),
        ],
    })
}
