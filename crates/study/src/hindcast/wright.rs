//! V2: Wright's law on solar modules, frozen in 1990, 2000 and 2010.
//!
//! `d ln cost = -w d ln cumulative + eta`, w by least squares through the origin on the steps seen, eta an MA(1) with
//! term rho (Lafond et al. 2017). The forecast is conditional on the capacity that was really built, as theirs is:
//! it tests the law, not a forecast of demand. The spread is pooled over the 66 technologies, since the band of a
//! single series of this length covers far less than it says (WORLD E4).

use statrs::distribution::{ContinuousCDF, Normal};

use super::{
    CostSeries, Freeze, Hindcast, Model, Sample, Status, Vintage,
    score::{Card, Truth, mean_and_deviation, point, root_mean_square},
    technology::{CostTest, SOLAR},
};

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
pub fn wright_on_solar(series: &[CostSeries]) -> Option<CostTest> {
    let solar = series.iter().find(|each| each.technology == SOLAR)?;
    let cost = solar.steps();
    let experience: Vec<f64> = solar.ln_cumulative.as_ref()?.windows(2).map(|pair| pair[1] - pair[0]).collect();
    let deviation = pooled_deviation(series);
    let target = solar.years.iter().position(|each| *each == TARGET)?;
    let dated: Vec<(i32, f64)> = solar.years.iter().copied().zip(solar.ln_cost.iter().copied()).collect();
    let (mut points, mut card) = (Vec::new(), Card::new("ln_cost"));
    for freeze in FREEZES {
        // The law sees the costs up to the freeze; the capacity built later is given to it, as the law is conditional.
        let seen = Vintage::year(freeze).seen(&dated).len().checked_sub(1)?;
        let made = forecast(&cost, &experience, seen, target - seen);
        let spread = deviation * made.spread;
        let level = solar.ln_cost[seen] + made.wright;
        let sample = Sample::of_quantiles(|share| level + spread * Normal::standard().inverse_cdf(share))?;
        let naive = solar.ln_cost[seen] + made.moore;
        card.add(&sample, solar.ln_cost[target], naive);
        let truth = Truth {
            series: SOLAR.into(),
            freeze: freeze.to_string(),
            at: TARGET.to_string(),
            unit: "usd_per_w",
            value: solar.ln_cost[target].exp(),
            range: None,
        };
        let mut made = point(&sample.map(f64::exp), naive.exp(), truth);
        // Exact ends, in place of those of the sample of quantiles.
        let half = spread * Normal::standard().inverse_cdf(0.95);
        (made.p5, made.p50, made.p95) = ((level - half).exp(), level.exp(), (level + half).exp());
        points.push(made);
    }
    let (mut errors, mut naive_errors) = (Vec::new(), Vec::new());
    for seen in FEWEST..=cost.len().saturating_sub(10) {
        let made = forecast(&cost, &experience, seen, 10);
        let truth: f64 = cost[seen..seen + 10].iter().sum();
        errors.push(truth - made.wright);
        naive_errors.push(truth - made.moore);
    }
    let covered = points.iter().filter(|point| point.is_covered()).count();
    let (rmse, naive) = (root_mean_square(&errors), root_mean_square(&naive_errors));
    let passed = covered == points.len() && rmse < naive;
    let coverage = covered as f64 / points.len() as f64;
    let hindcast = Hindcast {
        id: "V2",
        title: "Wright's law, solar modules",
        model: Model::Statistical,
        freeze: Freeze::many(FREEZES),
        sees_until: Some(Freeze::many(FREEZES.map(|year| Vintage::year(year).sees_until))),
        n_points: points.len(),
        n_independent: 1,
        points,
        score: card.score(),
        naive: "Moore's law: the mean yearly fall goes on",
        pass_mark: "2019 inside the 90 % band from each freeze, and beats Moore's law at 10 years",
        status: Status::of(passed),
        placebo: None,
        reason: (!passed)
            .then(|| format!("{covered} of {} inside; error at 10 years {rmse:.2} against {naive:.2}", FREEZES.len())),
        notes: vec![
            "conditional on the capacity that was really built: it tests the law, not a forecast of demand".into(),
        ],
    };
    Some(CostTest {
        hindcast,
        coverage90_lowest_fraction: coverage,
        coverage90_highest_fraction: coverage,
        rmse_ln_10y: rmse,
        rmse_ln_10y_naive: naive,
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
        let point = &result.hindcast.points[1];
        assert!((point.p50 - 0.62).abs() < 0.005 && (point.naive - 0.43).abs() < 0.005, "{point:?}");
        assert!((point.truth - 0.377).abs() < 0.001);
    }

    #[test]
    fn without_solar_there_is_no_answer() {
        assert!(wright_on_solar(&[]).is_none());
    }
}
