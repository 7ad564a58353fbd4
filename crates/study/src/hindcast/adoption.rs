//! V7: firms that use AI, in the United States and the European Union, frozen in the middle of 2024.
//!
//! The world frozen then shows each survey as E23 has it. China had no survey before December 2024: it cannot be tested.

use facts::{Figure, Select};
use units::{Date, Problems, Quarter};
use world::Variable;

use super::{
    Freeze, Hindcast, Model, Past, Status, Vintage,
    frozen::Frozen,
    score::{Card, Truth, point},
};

/// The freeze.
const FREEZE: Quarter = Quarter::new(2024, 2);
/// The last quarter forecast.
const LAST: Quarter = Quarter::new(2025, 4);

/// A series of surveys.
struct Survey {
    /// What it is called.
    series: &'static str,
    /// The world's view of it.
    published: &'static str,
    bloc: &'static str,
    entity: &'static str,
}

const SURVEYS: [Survey; 2] = [
    Survey { series: "US firms (BTOS)", published: "firms_of_us", bloc: "us", entity: "firms" },
    Survey {
        series: "EU enterprises of 10 and more (Eurostat)",
        published: "enterprises_of_eu",
        bloc: "EU",
        entity: "enterprises 10+",
    },
];

/// The middle of a figure's period, in years.
fn year(figure: &Figure) -> f64 {
    let of = |day: Date| f64::from(day.year()) + (f64::from(day.day_of_year()) - 0.5) / 365.25;
    f64::midpoint(of(figure.period.first), of(figure.period.last))
}

/// The plain logistic of everybody (ceiling 1) by least squares on the log odds: the naive forecast.
fn plain_logistic(seen: &[(f64, f64)], at: f64) -> f64 {
    let odds: Vec<(f64, f64)> = seen.iter().map(|(year, share)| (*year, (share / (1.0 - share)).ln())).collect();
    let n = odds.len() as f64;
    let (mean_x, mean_y) = (odds.iter().map(|p| p.0).sum::<f64>() / n, odds.iter().map(|p| p.1).sum::<f64>() / n);
    let products: f64 = odds.iter().map(|(x, y)| (x - mean_x) * (y - mean_y)).sum();
    let squares: f64 = odds.iter().map(|(x, _)| (x - mean_x).powi(2)).sum();
    let slope = if squares > 0.0 { products / squares } else { 0.0 };
    let value = (mean_y + slope * (at - mean_x)).exp();
    value / (1.0 + value)
}

/// Runs V7.
///
/// # Errors
/// Surveys that the tables lack at the freeze.
pub fn adoption(past: &Past<'_>) -> Result<Hindcast, Problems> {
    let vintage = Vintage::of(FREEZE);
    let frozen = Frozen::new(past, FREEZE, LAST, 0)?;
    let first = frozen.world.options().start;
    let (mut points, mut card) = (Vec::new(), Card::new("fraction"));
    let mut decided = Vec::new();
    for survey in &SURVEYS {
        let select = Select {
            bloc: Some(survey.bloc),
            entity: Some(survey.entity),
            sector: Some("all"),
            ..Select::series("ai_use_fraction")
        };
        let mut all = select.from(&past.facts.history);
        all.sort_by_key(|figure| figure.period);
        let seen: Vec<(f64, f64)> =
            vintage.seen(all.iter().copied()).into_iter().map(|figure| (year(figure), figure.value)).collect();
        let later: Vec<_> = all.iter().filter(|figure| figure.period.last > vintage.sees_until).collect();
        let places: Vec<usize> =
            later.iter().map(|figure| figure.period.quarter().min(LAST).since(first) as usize).collect();
        let futures = frozen.run(|run| {
            let shown = run.published(Variable::AdoptionPublished, survey.published);
            places.iter().map(|place| shown.map_or(f64::NAN, |shown| shown[*place])).collect::<Vec<_>>()
        })?;
        for (index, figure) in later.iter().enumerate() {
            let at = year(figure);
            let sample = Frozen::sample(futures.iter().map(|future| future[index]).collect())?;
            let naive = plain_logistic(&seen, at);
            card.add(&sample, figure.value, naive);
            let of = Truth {
                series: survey.series.into(),
                freeze: FREEZE.to_string(),
                at: figure.period.to_string(),
                unit: "fraction",
                value: figure.value,
                range: figure.low.zip(figure.high),
            };
            points.push(point(&sample, naive, of));
        }
        decided.extend(points.last().cloned().filter(|_| !later.is_empty()));
    }
    let score = card.score();
    let missed: Vec<String> = decided
        .iter()
        .filter(|point| !point.is_covered())
        .map(|point| {
            let per_cent = |value: f64| format!("{:.1}", 100.0 * value);
            let [truth, low, high] = [point.truth, point.p5, point.p95].map(per_cent);
            format!("{} {}: {truth} %, forecast {low} to {high} %", point.series, point.at)
        })
        .collect();
    let passed = !decided.is_empty() && missed.is_empty() && score.skill_crps_fraction.is_some_and(|skill| skill > 0.0);
    let china = "China is not testable: its first survey is of December 2024, after the freeze";
    let missed = if missed.is_empty() { String::new() } else { format!("{}; ", missed.join("; ")) };
    Ok(Hindcast {
        id: "V7",
        title: "Firms that use AI, US and EU",
        model: Model::World,
        freeze: Freeze::One(FREEZE.to_string()),
        sees_until: Some(Freeze::One(vintage.sees_until.to_string())),
        n_points: points.len(),
        n_independent: 2,
        points,
        score,
        naive: "plain logistic through the surveys seen",
        pass_mark: "the last US and EU survey of 2025 inside the 90 % band, and better than the plain logistic",
        status: Status::of(passed),
        placebo: None,
        reason: Some(format!("{missed}{china}")),
        notes: vec![
            frozen.note(),
            "the truth is the last survey with the old question: October 2025, about 10 %".into(),
        ],
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_plain_logistic_goes_on_as_it_was() {
        // Odds 1/9 and 1/4 a year apart: 9/16 a year later.
        let share = plain_logistic(&[(2020.0, 0.1), (2021.0, 0.2)], 2022.0);
        assert!((share - 9.0 / 25.0).abs() < 1e-12, "{share}");
    }
}
