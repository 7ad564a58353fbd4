//! V8: open models, frozen at the end of 2024: the direction of their lag and of their share in 2025.
//!
//! E8 and E18 without a run of the world. Labs that release at the frontier close the lag towards that of an open
//! stance, those that do not towards that of a closed one; the share of open models then moves with the capability
//! that they gain on the closed ones. One point, so that only directions are held against what happened.

use explore::{Design, Draws, Method};
use facts::Select;
use units::{Problem, Problems, Quarter};

use super::{
    Freeze, Hindcast, Model, Past, Sample, Status, Vintage,
    score::{Card, Truth, point},
};

/// The freeze.
const FREEZE: Quarter = Quarter::new(2024, 4);
/// Lag of the follower at the ends of openness [months] (E18).
const LAG_MONTHS: [f64; 2] = [4.0, 14.0];
/// Growth of the frontier [tenfolds of effective compute a year], 90 % range (E2).
const TENFOLDS_PER_YEAR: [f64; 3] = [0.90, 1.206, 1.52];

/// Share of the frontier labs whose last stance by the freeze is an open frontier, from the events seen.
fn open_frontier(past: &Past<'_>, vintage: &Vintage) -> f64 {
    let mut last = std::collections::BTreeMap::new();
    for event in past.facts.events.iter().filter(|event| event.kind == "stance") {
        if event.period.last <= vintage.sees_until {
            last.insert(event.actor.as_str(), event.direction.as_deref().unwrap_or_default());
        }
    }
    let open = last.values().filter(|stance| stance.starts_with("open frontier")).count();
    open as f64 / last.len().max(1) as f64
}

/// Runs V8.
///
/// # Errors
/// A figure of the freeze that the table lacks; an input that the world does not have.
pub fn openness(past: &Past<'_>) -> Result<Hindcast, Problems> {
    let vintage = Vintage::of(FREEZE);
    let history = &past.facts.history;
    let one = |series: &str, seen: bool| -> Result<&facts::Figure, Problem> {
        let mut all = Select::series(series).from(history);
        all.retain(|figure| (figure.period.last <= vintage.sees_until) == seen);
        let found = if seen { all.into_iter().next_back() } else { all.into_iter().next() };
        let figure = found.ok_or_else(|| Problem::new("no_data", format!("there is no {series} around {FREEZE}")))?;
        if seen { vintage.see(figure) } else { Ok(figure) }
    };
    let (lag, lag_later) = (one("open_lag_months", true)?, one("open_lag_months", false)?);
    let share = one("openrouter_chinese_open_share_fraction", true)?;
    let share_later = one("openrouter_chinese_open_share_year_mean_fraction", false)?;
    let open = open_frontier(past, &vintage);
    let input = |key: &str| past.registry.index(key).map(|index| &past.registry.inputs[index].distribution);
    let (weight, per_tenfold) = (input("quality_weight")?, input("capability_per_log10")?);
    let [low, central, high] = TENFOLDS_PER_YEAR;
    let growth = world::Distribution::Normal { low, central, high };
    let design = Design::new(Method::LatinHypercube, past.draws, 4, Draws::new(past.seed, 8))
        .map_err(|error| Problem::new("bad_design", error.message))?;
    let (mut lags, mut shares) = (Vec::new(), Vec::new());
    for row in 0..past.draws {
        let u = design.point(row);
        // The stance pulls the lag towards its own within a year, by a share that nobody knows (uniform).
        let pulled = LAG_MONTHS[1] - open * (LAG_MONTHS[1] - LAG_MONTHS[0]);
        let then = lag.value + u[0] * (pulled - lag.value);
        let points = per_tenfold.quantile(u[1]) * growth.quantile(u[2]) * (lag.value - then) / 12.0;
        let odds = share.value / (1.0 - share.value) * (weight.quantile(u[3]) * points).exp();
        lags.push(then);
        shares.push(odds / (1.0 + odds));
    }
    let samples = [Sample::new(lags), Sample::new(shares)];
    let [Some(lags), Some(shares)] = samples else {
        return Err(Problem::new("no_data", "the forecast of open models has no finite draw").into());
    };
    let truth = |series: &str, at: &facts::Figure, unit| Truth {
        series: series.into(),
        freeze: FREEZE.to_string(),
        at: at.period.to_string(),
        unit,
        value: at.value,
        range: at.low.zip(at.high),
    };
    let mut card = Card::new("fraction");
    card.add(&shares, share_later.value, share.value);
    let points = vec![
        point(&lags, lag.value, truth("lag of open models", lag_later, "months")),
        point(&shares, share.value, truth("Chinese open models in tokens of OpenRouter", share_later, "fraction")),
    ];
    let right = points.iter().all(|point| (point.p50 - point.naive) * (point.truth - point.naive) > 0.0);
    let inside = points.iter().filter(|point| point.is_covered()).count();
    Ok(Hindcast {
        id: "V8",
        title: "Open models: direction of their lag and share in 2025",
        model: Model::Equations,
        freeze: Freeze::One(FREEZE.to_string()),
        sees_until: Some(Freeze::One(vintage.sees_until.to_string())),
        n_points: points.len(),
        n_independent: 1,
        points,
        score: card.score(),
        naive: "last value held",
        pass_mark: "the right direction of both",
        status: Status::of(right),
        placebo: None,
        reason: Some(format!(
            "direction only, one point; {inside} of 2 inside the 90 % band, {:.0} % of the labs seen were open at the \
             frontier",
            100.0 * open
        )),
        notes: vec![
            "the open share of all tokens has no figure before the freeze; that of Chinese open models stands for it"
                .into(),
            "the lag of 2024 is by computing, that of 2025 by capability: two measures of one thing".into(),
            format!("{} of the figures seen were published after the freeze", vintage.hindsight()),
        ],
    })
}
