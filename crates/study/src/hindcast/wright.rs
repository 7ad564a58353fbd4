//! V2: Wright's law on solar modules, frozen in 1990, 2000 and 2010.
//!
//! `d ln cost = -w d ln cumulative + eta`, w by least squares through the origin on the steps seen, eta an MA(1) with
//! term rho (Lafond et al. 2017). The forecast is conditional on the capacity that was really built, as theirs is:
//! it tests the law, not a forecast of demand. The spread is pooled over the 66 technologies, since the band of a
//! single series of this length covers far less than it says (WORLD E4).

use statrs::distribution::{ContinuousCDF, Normal};

use super::{CostSeries, Hindcast, Point, Status, mean_and_deviation, root_mean_square, share, technology::SOLAR};

/// Lafond et al.'s moving-average term for experience curves.
const RHO: f64 = 0.19;
/// The years at which the forecast is frozen, and the year forecast.
const FREEZES: [i32; 3] = [1990, 2000, 2010];
const TARGET: i32 = 2019;
/// Fewest steps that a rolling forecast sees.
const FEWEST: usize = 10;

/// A forecast of the change of ln cost after a freeze.
struct Forecast {
    wright: f64,
    /// Standard deviation of the error per unit of noise.
    spread: f64,
    moore: f64,
}

/// Freezes after `seen` steps and forecasts `ahead` steps on.
fn forecast(cost: &[f64], experience: &[f64], seen: usize, ahead: usize) -> Forecast {
    let squares: f64 = experience[..seen].iter().map(|x| x * x).sum();
    let products: f64 = experience[..seen].iter().zip(&cost[..seen]).map(|(x, y)| x * y).sum();
    let future: f64 = experience[seen..seen + ahead].iter().sum();
    // The error is a weighted sum of independent shocks v_0..v_{seen+ahead}: eta_t = v_t + rho v_{t-1}.
    let leverage = future / squares;
    let weight = |t: usize| if t < seen { -leverage * experience[t] } else { 1.0 };
    let last = seen + ahead;
    let variance: f64 = (0..=last)
        .map(|shock| {
            let own = if shock > 0 { weight(shock - 1) } else { 0.0 };
            let carried = if shock < last { RHO * weight(shock) } else { 0.0 };
            (own + carried).powi(2)
        })
        .sum();
    Forecast {
        wright: products / squares * future,
        spread: (variance / (1.0 + RHO * RHO)).sqrt(),
        moore: cost[..seen].iter().sum::<f64>() / seen as f64 * ahead as f64,
    }
}

/// The spread of yearly steps of ln cost around each technology's own drift, pooled [ln units].
fn pooled_deviation(series: &[CostSeries]) -> f64 {
    let (mut squares, mut freedom) = (0.0, 0.0);
    for each in series.iter().filter(|each| each.technology != SOLAR) {
        let steps = each.steps();
        if let Some((_, deviation)) = mean_and_deviation(&steps) {
            squares += deviation * deviation * (steps.len() - 1) as f64;
            freedom += (steps.len() - 1) as f64;
        }
    }
    (squares / freedom).sqrt()
}

/// Runs V2; `None` if the table lacks solar modules with their capacity.
pub fn wright_on_solar(series: &[CostSeries]) -> Option<Hindcast> {
    let solar = series.iter().find(|each| each.technology == SOLAR)?;
    let cost = solar.steps();
    let experience: Vec<f64> = solar.ln_cumulative.as_ref()?.windows(2).map(|pair| pair[1] - pair[0]).collect();
    let deviation = pooled_deviation(series);
    let quantile = Normal::standard().inverse_cdf(0.95);
    let index = |year: i32| solar.years.iter().position(|each| *each == year);
    let mut points = Vec::new();
    for freeze in FREEZES {
        let (seen, target) = (index(freeze)?, index(TARGET)?);
        let made = forecast(&cost, &experience, seen, target - seen);
        let level = |change: f64| (solar.ln_cost[seen] + change).exp();
        let half = quantile * deviation * made.spread;
        points.push(Point {
            series: SOLAR.into(),
            freeze: freeze.to_string(),
            at: TARGET.to_string(),
            unit: "usd_per_w",
            truth: solar.ln_cost[target].exp(),
            p5: level(made.wright - half),
            p50: level(made.wright),
            p95: level(made.wright + half),
            naive: level(made.moore),
        });
    }
    let (mut errors, mut naive_errors) = (Vec::new(), Vec::new());
    for seen in FEWEST..=cost.len().saturating_sub(10) {
        let made = forecast(&cost, &experience, seen, 10);
        let truth: f64 = cost[seen..seen + 10].iter().sum();
        errors.push(truth - made.wright);
        naive_errors.push(truth - made.moore);
    }
    let coverage = share(points.iter().map(|point| (point.p5..=point.p95).contains(&point.truth)));
    let (rmse, naive) = (root_mean_square(&errors), root_mean_square(&naive_errors));
    Some(Hindcast {
        id: "V2",
        n_points: points.len(),
        n_independent: 1,
        coverage90_fraction: coverage,
        coverage90_lowest_fraction: coverage,
        coverage90_highest_fraction: coverage,
        rmse_ln_10y: rmse,
        rmse_ln_10y_naive: naive,
        pass_mark: "inside_90_at_each_freeze_and_beats_moore_at_10y",
        status: if coverage >= 1.0 && rmse < naive { Status::Pass } else { Status::Fail },
        reason: None,
        points,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::hindcast::cost_series;

    #[test]
    fn a_series_that_obeys_the_law_is_forecast_exactly() {
        let experience: Vec<f64> = (1..=20).map(|step| 1.0 / f64::from(step)).collect();
        let cost: Vec<f64> = experience.iter().map(|x| -0.32 * x).collect();
        let made = forecast(&cost, &experience, 10, 10);
        assert!((made.wright - cost[10..].iter().sum::<f64>()).abs() < 1e-12);
        assert!(made.spread > 10_f64.sqrt(), "noise over ten steps, and the uncertainty of w on top");
    }

    #[test]
    fn from_2000_the_law_says_62_cents_for_2019_and_moore_43() {
        // WORLD E4, computed independently: 0.62 against 0.377 USD/W; Moore 0.43.
        let result = wright_on_solar(&cost_series().unwrap()).unwrap();
        let point = &result.points[1];
        assert!((point.p50 - 0.62).abs() < 0.005 && (point.naive - 0.43).abs() < 0.005, "{point:?}");
        assert!((point.truth - 0.377).abs() < 0.001);
    }

    #[test]
    fn without_solar_there_is_no_answer() {
        assert!(wright_on_solar(&[]).is_none());
    }
}
