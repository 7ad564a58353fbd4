//! Which alternative holds up: criteria over futures, by objective and by camp.

use explore::{
    robustness::{Payoffs, hurwicz, least, mean_variance, pareto_set, signal_to_noise, worst},
    statistics::{mean, median, quantile},
};
use serde::Serialize;

use super::Runs;

/// Which alternative holds up.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Choice {
    /// Futures that count: those in which every alternative has every number.
    pub futures: usize,
    /// Objectives: names of outputs.
    pub objectives: Vec<String>,
    /// What an output must reach to suffice, by objective: the median over all alternatives and futures.
    pub thresholds: Vec<f64>,
    /// The alternatives.
    pub alternatives: Vec<Alternative>,
    /// Columns of the regret table: each objective alone, then all alike, then all alike in each camp.
    pub columns: Vec<String>,
    /// 95th percentile of regret by alternative and column, on a scale from the 5 % to the 95 % quantile of the objective
    /// (0 to 1).
    pub regret: Vec<Vec<f64>>,
    /// The alternative with the least regret by column, and by how much.
    pub least: Vec<(usize, f64)>,
}

/// An alternative.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Alternative {
    /// Its name.
    pub name: String,
    /// Criteria by objective.
    pub ratings: Vec<Rating>,
    /// Share of futures in which every objective suffices.
    pub satisficing: f64,
    /// Largest regret, all objectives alike (minimax regret takes the least of these).
    pub largest_regret: f64,
    /// Whether no other one is better in the mean of every objective.
    pub pareto_of_means: bool,
    /// Whether no other one is better in the 5 % quantile of every objective.
    pub pareto_of_low_ends: bool,
}

/// Criteria of one alternative in one objective. Where less is better they are of the output with its sign turned, but
/// `mean` and `low_end`, which are of the output.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Rating {
    /// Mean of the output.
    pub mean: f64,
    /// Its quantile at the bad end, 5 %.
    pub low_end: f64,
    /// Worst payoff (maximin).
    pub worst: f64,
    /// Hurwicz's criterion with an optimism of one half.
    pub hurwicz: f64,
    /// Mean less the variance over the mean's size: mean-variance with an aversion that has no unit.
    pub mean_variance: f64,
    /// Mean over standard deviation; none where the mean is not positive.
    pub signal_to_noise: Option<f64>,
    /// Largest regret in this objective.
    pub largest_regret: f64,
}

/// Fewest futures.
const FEWEST: usize = 20;

pub(super) fn of(runs: &Runs, futures: bool) -> Option<Choice> {
    let (table, manifest) = (runs.table, runs.manifest());
    let alternatives = manifest.alternatives.len();
    if alternatives < 2 || !futures || runs.independent.len() < FEWEST {
        return None;
    }
    let less: Vec<bool> = runs.outputs.iter().map(|output| runs.less(&manifest.outputs[*output].name)).collect();
    let sign = |objective: usize| if less[objective] { -1.0 } else { 1.0 };
    let payoff = |row: usize, alternative: usize, objective: usize| {
        sign(objective) * table.output(alternative, runs.outputs[objective])[row]
    };
    let objectives = runs.outputs.len();
    let of_rows =
        |rows: &[usize]| Payoffs::new([alternatives, rows.len(), objectives], |a, f, o| payoff(rows[f], a, o));
    let payoffs = of_rows(&runs.independent)?;
    let scaled = payoffs.scaled(0.05, 0.95)?;
    let alike = vec![1.0 / objectives as f64; objectives];
    let alone = |objective: usize| {
        let mut weights = vec![0.0; objectives];
        weights[objective] = 1.0;
        weights
    };
    let mut columns: Vec<String> = runs.outputs.iter().map(|output| manifest.outputs[*output].name.clone()).collect();
    let mut by_column: Vec<Vec<f64>> =
        (0..objectives).map(|objective| scaled.regret_quantiles(&alone(objective), 0.95)).collect();
    columns.push("all".into());
    by_column.push(scaled.regret_quantiles(&alike, 0.95));
    // Regret by camp, on the scale of all futures, so that camps can be compared.
    let regrets = scaled.regrets(&alike);
    for (input, known) in manifest.inputs.iter().enumerate() {
        for (level, camp) in known.levels.iter().enumerate() {
            let inside: Vec<usize> = (0..runs.independent.len())
                .filter(|future| table.input(input)[runs.independent[*future]] == level as f64)
                .collect();
            if inside.len() < FEWEST {
                continue;
            }
            columns.push(format!("{}={camp}", known.name));
            let of = |regrets: &Vec<f64>| {
                let values: Vec<f64> = inside.iter().map(|future| regrets[*future]).collect();
                quantile(&values, 0.95).unwrap_or(f64::NAN)
            };
            by_column.push(regrets.iter().map(of).collect());
        }
    }
    let thresholds: Vec<f64> = (0..objectives)
        .map(|objective| {
            let all: Vec<f64> = (0..alternatives).flat_map(|alternative| payoffs.of(alternative, objective)).collect();
            median(&all).unwrap_or(0.0)
        })
        .collect();
    let satisficing = payoffs.satisficing(&thresholds);
    let largest = regrets.iter().map(|regrets| regrets.iter().copied().fold(0.0, f64::max)).collect::<Vec<f64>>();
    let ratings: Vec<Vec<Rating>> = (0..alternatives)
        .map(|alternative| {
            (0..objectives)
                .map(|objective| {
                    let regrets = &payoffs.regrets(&alone(objective))[alternative];
                    rating(&payoffs.of(alternative, objective), regrets, sign(objective))
                })
                .collect()
        })
        .collect();
    let set = |of: fn(&Rating) -> f64| {
        let point =
            |ratings: &Vec<Rating>| ratings.iter().zip(0..).map(|(one, objective)| sign(objective) * of(one)).collect();
        pareto_set(&ratings.iter().map(point).collect::<Vec<Vec<f64>>>())
    };
    let (of_means, of_low_ends) = (set(|one| one.mean), set(|one| one.low_end));
    Some(Choice {
        futures: runs.independent.len(),
        objectives: columns[..objectives].to_vec(),
        thresholds: thresholds.iter().zip(0..).map(|(threshold, objective)| sign(objective) * threshold).collect(),
        alternatives: ratings
            .into_iter()
            .enumerate()
            .map(|(index, ratings)| Alternative {
                name: manifest.alternatives[index].clone(),
                ratings,
                satisficing: satisficing[index],
                largest_regret: largest[index],
                pareto_of_means: of_means.contains(&index),
                pareto_of_low_ends: of_low_ends.contains(&index),
            })
            .collect(),
        least: by_column.iter().filter_map(|regrets| least(regrets)).collect(),
        regret: (0..alternatives).map(|index| by_column.iter().map(|column| column[index]).collect()).collect(),
        columns,
    })
}

fn rating(payoffs: &[f64], regrets: &[f64], sign: f64) -> Rating {
    let number = |value: Option<f64>| value.unwrap_or(f64::NAN);
    let mean = number(mean(payoffs));
    // The aversion 1/|mean| makes both terms of one unit.
    let aversion = if mean == 0.0 { 0.0 } else { 1.0 / mean.abs() };
    Rating {
        mean: sign * mean,
        low_end: sign * number(quantile(payoffs, 0.05)),
        worst: number(worst(payoffs)),
        hurwicz: number(hurwicz(payoffs, 0.5)),
        mean_variance: number(mean_variance(payoffs, aversion)),
        signal_to_noise: signal_to_noise(payoffs).filter(|ratio| ratio.is_finite()),
        largest_regret: regrets.iter().copied().fold(0.0, f64::max),
    }
}
