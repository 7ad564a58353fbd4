//! V1: Moore's law with Farmer and Lafond's interval, on 66 technologies.
//!
//! ln cost is a random walk with drift whose steps share an MA(1) term theta. From m steps with mean mu and standard
//! deviation K, the error of the forecast tau years ahead is `E / (K sqrt(A)) ~ Student t with m - 1`, where
//! `A = [-2 theta + (1 + 2 (m-1) theta/m + theta^2)(tau + tau^2/m)] / (1 + theta^2)` (Farmer and Lafond 2016, as
//! WORLD E4 has it).

use statrs::distribution::{ContinuousCDF, StudentsT};

use super::{
    CostSeries, Freeze, Hindcast, Model, Point, Sample, Score, Status,
    score::{mean, mean_and_deviation, root_mean_square, share},
    technology::{CostTest, SOLAR},
};

/// Farmer and Lafond's moving-average term, fitted by them on the technologies that improve.
const THETA: f64 = 0.63;
/// Steps seen by each forecast, as theirs.
const WINDOW: usize = 5;
/// Longest horizon [years].
const LONGEST: usize = 15;
/// The pass mark: the 90 % band covers 85 to 95 % of what happened, pooled over horizons of 1 to 15 years.
const PASS: std::ops::RangeInclusive<f64> = 0.85..=0.95;

/// `A` above: how the squared error grows with the horizon.
fn growth(steps: usize, horizon: usize) -> f64 {
    let (m, tau, theta) = (steps as f64, horizon as f64, THETA);
    (-2.0 * theta + (1.0 + 2.0 * (m - 1.0) * theta / m + theta * theta) * (tau + tau * tau / m)) / (1.0 + theta * theta)
}

/// Runs V1 over every technology, every window of five steps and every horizon of 1 to 15 years.
pub fn moore_on_many_technologies(series: &[CostSeries]) -> CostTest {
    let student = StudentsT::new(0.0, 1.0, (WINDOW - 1) as f64).ok();
    let standard = student.and_then(|t| Sample::of_quantiles(|share| t.inverse_cdf(share)));
    let quantile = student.map_or(f64::NAN, |t| t.inverse_cdf(0.95));
    let mut covered: Vec<Vec<bool>> = vec![Vec::new(); LONGEST];
    let (mut crps, mut naive_crps) = (Vec::new(), Vec::new());
    let (mut errors, mut naive_errors) = (Vec::new(), Vec::new());
    let technologies: Vec<_> = series.iter().filter(|each| each.technology != SOLAR).collect();
    for each in &technologies {
        for (first, window) in each.steps().windows(WINDOW).enumerate() {
            let Some((drift, deviation)) = mean_and_deviation(window).filter(|(_, deviation)| *deviation > 0.0) else {
                continue; // five equal steps say nothing of the spread
            };
            let freeze = first + WINDOW;
            for horizon in 1..=LONGEST.min(each.ln_cost.len() - 1 - freeze) {
                let change = each.ln_cost[freeze + horizon] - each.ln_cost[freeze];
                let error = change - horizon as f64 * drift;
                let scale = deviation * growth(WINDOW, horizon).sqrt();
                covered[horizon - 1].push(error.abs() <= quantile * scale);
                // The CRPS of a scaled sample is the scale times that of the sample at the scaled truth.
                crps.extend(standard.as_ref().map(|sample| scale * sample.crps(error / scale)));
                naive_crps.push(change.abs());
                if horizon == 10 {
                    errors.push(error);
                    naive_errors.push(change);
                }
            }
        }
    }
    let by_horizon: Vec<f64> = covered.iter().map(|cases| share(cases.iter().copied())).collect();
    let pooled = share(covered.iter().flatten().copied());
    let (rmse, rmse_naive) = (root_mean_square(&errors), root_mean_square(&naive_errors));
    let some = |value: f64| value.is_finite().then_some(value);
    let hindcast = Hindcast {
        id: "V1",
        title: "Moore's law, 66 technologies",
        model: Model::Statistical,
        freeze: Freeze::rolling(),
        sees_until: None,
        points: by_horizon.iter().zip(1..).map(|(share, years)| coverage_point(*share, years)).collect(),
        n_points: covered.iter().map(Vec::len).sum(),
        n_independent: technologies.len(),
        score: Score {
            crps: some(mean(&crps)),
            rmse: some(rmse),
            coverage90_fraction: some(pooled),
            skill_crps_fraction: some(1.0 - mean(&crps) / mean(&naive_crps)),
            unit: "ln_cost",
        },
        naive: "last cost held",
        pass_mark: "the 90 % band covers 85 to 95 %, horizons of 1 to 15 years pooled",
        status: Status::of(PASS.contains(&pooled)),
        placebo: None,
        reason: (!PASS.contains(&pooled)).then(|| format!("the band covers {:.1} %", 100.0 * pooled)),
        notes: vec![
            "each forecast sees the five yearly steps before it".into(),
            "a point here is the coverage at one horizon; the error is that of ln cost at 10 years".into(),
        ],
    };
    CostTest {
        hindcast,
        coverage90_lowest_fraction: by_horizon.iter().copied().fold(f64::NAN, f64::min),
        coverage90_highest_fraction: by_horizon.iter().copied().fold(f64::NAN, f64::max),
        rmse_ln_10y: rmse,
        rmse_ln_10y_naive: rmse_naive,
    }
}

/// The coverage at a horizon, between the ends of the pass mark.
fn coverage_point(share: f64, years: i32) -> Point {
    Point {
        series: "share of costs inside the 90 % band, by years ahead".into(),
        freeze: "rolling".into(),
        at: years.to_string(),
        unit: "fraction",
        truth: share,
        truth_lo: None,
        truth_hi: None,
        p5: *PASS.start(),
        p50: 0.9,
        p95: *PASS.end(),
        naive: 0.9,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::hindcast::cost_series;

    #[test]
    fn one_step_ahead_without_memory_is_the_textbook_prediction_interval() {
        // With theta = 0 the growth is tau + tau^2/m; with theta it must exceed that and rise with the horizon.
        assert!(growth(5, 1) > 1.0 && growth(5, 10) > growth(5, 9));
        // By hand, theta = 0.63, m = 5, tau = 1: (-1.26 + (1 + 1.008 + 0.3969) * 1.2) / 1.3969 = 1.1640.
        assert!((growth(5, 1) - 1.1640).abs() < 1e-4);
    }

    #[test]
    fn the_band_covers_what_our_own_earlier_computation_found() {
        let result = moore_on_many_technologies(&cost_series().unwrap());
        // WORLD E4 reports 87 to 90 %, from an independent program.
        assert!((0.86..0.90).contains(&result.hindcast.score.coverage90_fraction.unwrap()), "{result:?}");
        assert_eq!(result.hindcast.n_independent, 66);
    }

    #[test]
    fn a_wild_series_fails_the_test() {
        let ln_cost = (0..60).map(|year| if year < 30 { f64::from(year % 2) * 1e-6 } else { f64::from(year * year) });
        let wild = CostSeries {
            technology: "wild".into(),
            years: (1950..2010).collect(),
            ln_cost: ln_cost.collect(),
            ln_cumulative: None,
        };
        assert_eq!(moore_on_many_technologies(&[wild]).hindcast.status, Status::Fail);
    }
}
