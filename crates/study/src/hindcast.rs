//! Hindcasts: a forecast frozen in the past and scored on what happened (CONTRACTS, section 8).
//!
//! Today V1 (66 technologies, Moore's law with an interval) and V2 (solar modules, Wright's law), the two on which
//! claim C5 rests. Each is one file here; both forecast engines see nothing dated after their freeze.

mod moore;
mod technology;
mod wright;

use serde::Serialize;

pub use moore::moore_on_many_technologies;
pub use technology::{CostSeries, cost_series};
pub use wright::wright_on_solar;

/// How a hindcast ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// It met its pass mark.
    Pass,
    /// It did not.
    Fail,
    /// It cannot be run; the reason says why.
    NotTestable,
}

/// One forecast beside what happened.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Point {
    /// What was forecast.
    pub series: String,
    /// The freeze, a year.
    pub freeze: String,
    /// The year forecast.
    pub at: String,
    /// Unit.
    pub unit: &'static str,
    /// What happened.
    pub truth: f64,
    /// 5 % quantile of the forecast.
    pub p5: f64,
    /// Median of the forecast.
    pub p50: f64,
    /// 95 % quantile of the forecast.
    pub p95: f64,
    /// The naive forecast.
    pub naive: f64,
}

/// A hindcast's result.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Hindcast {
    /// `V1`, `V2`, ...
    pub id: &'static str,
    /// The points shown.
    pub points: Vec<Point>,
    /// Forecasts scored.
    pub n_points: usize,
    /// Series that are independent of one another.
    pub n_independent: usize,
    /// Share of truths inside the 90 % band [fraction].
    pub coverage90_fraction: f64,
    /// Lowest such share over the horizons, where there are several.
    pub coverage90_lowest_fraction: f64,
    /// Highest such share over the horizons.
    pub coverage90_highest_fraction: f64,
    /// Root mean square error of ln at a horizon of 10 years [ln units].
    pub rmse_ln_10y: f64,
    /// The same of the naive forecast.
    pub rmse_ln_10y_naive: f64,
    /// The pass mark, as a code.
    pub pass_mark: &'static str,
    /// How it ended.
    pub status: Status,
    /// Why it cannot be run, as a code.
    pub reason: Option<&'static str>,
}

/// The share of cases that hold, NaN where there are none.
fn share(cases: impl IntoIterator<Item = bool>) -> f64 {
    let (mut held, mut all) = (0_usize, 0_usize);
    for case in cases {
        held += usize::from(case);
        all += 1;
    }
    held as f64 / all as f64
}

/// Root mean square, NaN of nothing.
fn root_mean_square(errors: &[f64]) -> f64 {
    (errors.iter().map(|error| error * error).sum::<f64>() / errors.len() as f64).sqrt()
}

/// Sample mean and standard deviation (n - 1); `None` for fewer than two.
fn mean_and_deviation(values: &[f64]) -> Option<(f64, f64)> {
    if values.len() < 2 {
        return None;
    }
    let mean = values.iter().sum::<f64>() / values.len() as f64;
    let squares: f64 = values.iter().map(|value| (value - mean).powi(2)).sum();
    Some((mean, (squares / (values.len() - 1) as f64).sqrt()))
}
