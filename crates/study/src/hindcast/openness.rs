//! V8: open models, frozen at the end of 2024: the direction of their lag and of their share in 2025.
//!
//! The share of Chinese open models is that of the world frozen then (E8). The lag of open models is no variable of the
//! world; its equation is taken: between the lag of labs whose stance is mixed and that of open ones, by how many labs
//! were open at the frontier at the freeze. One point, so that only directions are held against what happened.

use facts::Select;
use units::{Problem, Problems, Quarter};

use super::{
    Freeze, Hindcast, Model, Past, Sample, Status, Vintage,
    frozen::Frozen,
    score::{Card, Truth, point},
};

/// The freeze.
const FREEZE: Quarter = Quarter::new(2024, 4);
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
    let frozen = Frozen::new(past, FREEZE, FREEZE + 4, 0)?;
    let (rest, china) = (frozen.bloc("rest")?, frozen.bloc("china")?);
    let quarters = frozen.quarters();
    // What happened is a mean over the year; so is what the world says, on the share at the freeze.
    let shares = Frozen::sample(frozen.run(|run| {
        let of = |at: usize| run.ecosystem(rest, china, true)[at];
        let before = of(quarters[0].0 - 1);
        let mean = quarters.iter().map(|(at, _)| of(*at)).sum::<f64>() / quarters.len() as f64;
        share.value * mean / before
    })?)?;
    let (opened, mixed) = (frozen.input("open_lag_months")?, frozen.input("open_lag_mixed_months")?);
    let lags = Sample::of_quantiles(|u| mixed.quantile(u) + open * (opened.quantile(u) - mixed.quantile(u)));
    let Some(lags) = lags else { return Err(Problem::new("no_data", "the lag of open models is not finite").into()) };
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
        title: "Open models, direction",
        model: Model::World,
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
            frozen.note(),
            format!("{} of the figures seen were published after the freeze", vintage.hindsight()),
        ],
    })
}
