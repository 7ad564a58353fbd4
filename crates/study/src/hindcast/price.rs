//! V6: the price of a token at the level of GPT-3.5 and of GPT-4, frozen in the middle of 2023 and of 2024.
//!
//! The world frozen then shows the price of each level (E5, E23); every benchmark's own price at the freeze moves with
//! it. The truth is the cheapest model of a level, quarter by quarter, by benchmark (Epoch AI).

use facts::Select;
use units::{Problem, Problems, Quarter};
use world::Variable;

use super::{
    Freeze, Hindcast, Model, Past, Point, Status, Vintage,
    frozen::Frozen,
    score::{Card, Truth, point},
};

const SERIES: &str = "token_price_usd_per_mtok";
/// The freezes.
const FREEZES: [Quarter; 2] = [Quarter::new(2023, 2), Quarter::new(2024, 2)];
/// The last quarter whose cheapest model is known: Epoch's table ends in February 2025.
const LAST: Quarter = Quarter::new(2024, 4);
/// The naive forecast: ten times cheaper a year, for ever (a rule of thumb of investors).
const NAIVE_PER_YEAR: f64 = 10.0;
/// A level of capability.
struct Level {
    /// The world's series of its price.
    published: &'static str,
    /// The threshold by which the world's series is anchored, on MMLU.
    anchor: &'static str,
    /// How the names of its thresholds begin.
    begins: &'static str,
}

const LEVELS: [Level; 2] = [
    Level { published: "gpt_3_5", anchor: "at least GPT-3.5 Turbo", begins: "at least GPT-3.5" },
    Level { published: "gpt_4", anchor: "at least GPT-4-0314", begins: "at least GPT-4-0" },
];

/// One level on one benchmark: prices in the order of time.
struct Threshold<'f> {
    name: String,
    level: usize,
    figures: Vec<&'f facts::Figure>,
}

/// The thresholds of both levels.
fn thresholds(history: &[facts::Figure]) -> Vec<Threshold<'_>> {
    let all = Select::series(SERIES).from(history);
    let mut found: Vec<Threshold<'_>> = Vec::new();
    for figure in all {
        let entity = figure.entity.as_deref().unwrap_or_default();
        let Some(level) = LEVELS.iter().position(|level| entity.starts_with(level.begins)) else { continue };
        let name = format!("{}, {entity}", figure.sector.as_deref().unwrap_or_default());
        match found.iter_mut().find(|known| known.name == name) {
            Some(known) => known.figures.push(figure),
            None => found.push(Threshold { name, level, figures: vec![figure] }),
        }
    }
    for each in &mut found {
        each.figures.sort_by_key(|figure| figure.period);
    }
    found
}

/// How each level's price moved from the freeze on: by level, then quarter, then future [ratio].
fn moves(past: &Past<'_>, frozen: &Frozen, vintage: &Vintage) -> Result<Vec<Vec<Vec<f64>>>, Problems> {
    let mut anchors = Vec::new();
    for level in &LEVELS {
        let select = Select { sector: Some("MMLU"), entity: Some(level.anchor), ..Select::series(SERIES) };
        let last = vintage.select(&select, &past.facts.history).into_iter().max_by_key(|figure| figure.period);
        let missing = || Problem::new("no_data", format!("there is no price of {} at the freeze", level.anchor));
        anchors.push(last.ok_or_else(missing)?.value);
    }
    let quarters = frozen.quarters();
    let read = |run: &world::Trajectory| -> Vec<Vec<f64>> {
        let one = |(level, anchor): (&Level, &f64)| {
            let shown = run.published(Variable::TokenPrice, level.published);
            quarters.iter().map(|(at, _)| shown.map_or(f64::NAN, |shown| shown[*at] / anchor)).collect()
        };
        LEVELS.iter().zip(&anchors).map(one).collect()
    };
    let futures = frozen.run(read)?;
    let by = |level: usize, quarter: usize| futures.iter().map(|future| future[level][quarter]).collect();
    Ok((0..LEVELS.len()).map(|level| (0..quarters.len()).map(|quarter| by(level, quarter)).collect()).collect())
}

/// Runs V6.
///
/// # Errors
/// Prices that the tables lack at a freeze.
pub fn token_price(past: &Past<'_>) -> Result<Hindcast, Problems> {
    let (mut points, mut card) = (Vec::<Point>::new(), Card::new("ln_price"));
    let mut independent = std::collections::BTreeSet::new();
    let (mut falls, mut note) = (Vec::new(), String::new());
    for freeze in FREEZES {
        let vintage = Vintage::of(freeze);
        let frozen = Frozen::new(past, freeze, LAST, 0)?;
        let moves = moves(past, &frozen, &vintage)?;
        note = frozen.note();
        for threshold in thresholds(&past.facts.history) {
            let Some(start) = vintage.seen(threshold.figures.iter().copied()).last().copied() else { continue };
            for (index, (_, quarter)) in frozen.quarters().into_iter().enumerate() {
                // The price is that of the cheapest model so far, seen or not seen at the freeze.
                let known = threshold.figures.iter().rev().find(|figure| figure.period.last <= quarter.last_day());
                let Some(truth) = known else { continue };
                let years = (index + 1) as f64 / 4.0;
                let sample = Frozen::sample(moves[threshold.level][index].clone())?.map(|ratio| ratio * start.value);
                let naive = start.value * (-NAIVE_PER_YEAR.ln() * years).exp();
                card.add(&sample.map(f64::ln), truth.value.ln(), naive.ln());
                independent.insert((freeze, threshold.level));
                falls.push((start.value / sample.quantile(0.5)).ln() / years);
                let of = Truth {
                    series: threshold.name.clone(),
                    freeze: freeze.to_string(),
                    at: quarter.to_string(),
                    unit: "usd_per_mtok",
                    value: truth.value,
                    range: None,
                };
                points.push(point(&sample, naive, of));
            }
        }
    }
    let score = card.score();
    let covered = score.coverage90_fraction.unwrap_or(0.0);
    let passed = covered >= 0.9 && score.skill_crps_fraction.is_some_and(|skill| skill > 0.0);
    let fall = explore::statistics::median(&falls).unwrap_or(f64::NAN).exp();
    Ok(Hindcast {
        id: "V6",
        title: "Token price at two levels",
        model: Model::World,
        freeze: Freeze::many(FREEZES),
        sees_until: Some(Freeze::many(FREEZES.map(Quarter::last_day))),
        n_points: points.len(),
        n_independent: independent.len(),
        points,
        score,
        naive: "ten times cheaper a year",
        pass_mark: "90 % of the prices inside the 90 % band, and better than ten times cheaper a year",
        status: Status::of(passed),
        placebo: None,
        reason: (!passed).then(|| {
            format!(
                "the world makes a token {fall:.1} times cheaper a year; {:.0} % of the prices are inside",
                100.0 * covered
            )
        }),
        notes: vec![note, "the levels on several benchmarks are set by the same few models".into()],
    })
}
