//! Distributions by inverse CDF: one uniform number in, one value out.
//!
//! Always the inverse CDF and never rejection: the k-th input of the i-th future then depends on one uniform
//! number alone, which keeps common random numbers aligned and designs (Latin hypercube, Sobol') stratified.

pub mod form;

use serde::{Deserialize, Serialize};
use statrs::function::{beta::inv_beta_reg, erf::erfc_inv};
use std::fmt;

pub use form::Form;

/// How an input varies. Build one from a [`Form`], which checks it; the variants' fields are taken as valid.
///
/// # Examples
/// ```
/// use explore::{Distribution, distribution::Form};
///
/// let form = Form { low: Some(0.1), mode: Some(0.18), high: Some(0.25), ..Form::of("triangular") };
/// let rate = Distribution::try_from(form).unwrap();
/// assert!((0.1..=0.25).contains(&rate.quantile(0.5)));
///
/// let wrong = Form { low: Some(0.3), high: Some(0.2), ..Form::of("uniform") };
/// assert_eq!(Distribution::try_from(wrong).unwrap_err().field, "high");
/// ```
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "Form", into = "Form")]
pub enum Distribution {
    /// One value.
    Fixed {
        /// The value.
        value: f64,
    },
    /// Every value between two ends alike.
    Uniform {
        /// Low end.
        low: f64,
        /// High end.
        high: f64,
    },
    /// Uniform in the logarithm.
    LogUniform {
        /// Low end, above 0.
        low: f64,
        /// High end.
        high: f64,
    },
    /// A triangle over `low..high` with its peak at `mode`.
    Triangular {
        /// Low end.
        low: f64,
        /// Most likely value.
        mode: f64,
        /// High end.
        high: f64,
    },
    /// The normal distribution.
    Normal {
        /// Mean.
        mean: f64,
        /// Standard deviation.
        sd: f64,
    },
    /// A normal distribution of the logarithm.
    LogNormal {
        /// Median, above 0.
        median: f64,
        /// Standard deviation of the natural logarithm.
        sigma: f64,
    },
    /// The beta distribution, scaled to `low..high`.
    Beta {
        /// First shape.
        alpha: f64,
        /// Second shape.
        beta: f64,
        /// Low end.
        low: f64,
        /// High end.
        high: f64,
    },
    /// One of a list.
    Discrete {
        /// The values, in the order in which the unit interval is cut.
        values: Vec<f64>,
        /// Cumulative shares, the last 1.
        cumulative: Vec<f64>,
    },
    /// Low, central, high of an estimate: a triangle on a linear scale, or on a logarithmic one.
    Range {
        /// Low end.
        low: f64,
        /// Central value: the peak.
        central: f64,
        /// High end.
        high: f64,
        /// The scale on which it is a triangle.
        scale: Scale,
    },
}

/// The scale of a [`Distribution::Range`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Scale {
    /// As it is.
    #[default]
    Linear,
    /// In the logarithm: for figures known to a factor. Unlike a lognormal it keeps within its ends.
    Log,
}

impl Distribution {
    /// The value below which a share `u` of the distribution lies; `u` in (0, 1).
    pub fn quantile(&self, u: f64) -> f64 {
        match self {
            Self::Fixed { value } => *value,
            Self::Uniform { low, high } => low + u * (high - low),
            Self::LogUniform { low, high } => within(*low, *high, (low.ln() + u * (high / low).ln()).exp()),
            Self::Triangular { low, mode, high } => triangular(*low, *mode, *high, u),
            Self::Normal { mean, sd } => mean + sd * standard_normal_quantile(u),
            Self::LogNormal { median, sigma } => median * (sigma * standard_normal_quantile(u)).exp(),
            Self::Beta { alpha, beta, low, high } => low + (high - low) * inv_beta_reg(*alpha, *beta, u),
            Self::Discrete { values, cumulative } => {
                let index = cumulative.partition_point(|share| *share <= u).min(values.len() - 1);
                values[index]
            }
            Self::Range { low, central, high, scale: Scale::Linear } => triangular(*low, *central, *high, u),
            Self::Range { low, central, high, scale: Scale::Log } => {
                within(*low, *high, triangular(low.ln(), central.ln(), high.ln(), u).exp())
            }
        }
    }

    /// The value for a run in which nothing is varied: the stated central value or mode, else the median.
    pub fn central(&self) -> f64 {
        match self {
            Self::Triangular { mode, .. } => *mode,
            Self::Range { central, .. } => *central,
            other => other.quantile(0.5),
        }
    }

    /// The two ends for a one-at-a-time variation: the bounds, or the 5 % and 95 % quantiles where there are none.
    pub fn ends(&self) -> (f64, f64) {
        match self {
            Self::Fixed { value } => (*value, *value),
            Self::Uniform { low, high }
            | Self::LogUniform { low, high }
            | Self::Triangular { low, high, .. }
            | Self::Beta { low, high, .. }
            | Self::Range { low, high, .. } => (*low, *high),
            Self::Normal { .. } | Self::LogNormal { .. } => (self.quantile(0.05), self.quantile(0.95)),
            Self::Discrete { values, .. } => (
                values.iter().copied().fold(f64::INFINITY, f64::min),
                values.iter().copied().fold(f64::NEG_INFINITY, f64::max),
            ),
        }
    }

    /// Whether two draws can differ.
    pub fn varies(&self) -> bool {
        let (low, high) = self.ends();
        low < high
    }
}

/// The inverse CDF of the triangular distribution.
fn triangular(low: f64, mode: f64, high: f64, u: f64) -> f64 {
    let width = high - low;
    if width == 0.0 {
        return mode;
    }
    if u * width < mode - low {
        low + (u * width * (mode - low)).sqrt()
    } else {
        high - ((1.0 - u) * width * (high - mode)).sqrt()
    }
}

/// Rounding of exp and ln must not carry a value over its end.
fn within(low: f64, high: f64, value: f64) -> f64 {
    value.clamp(low, high)
}

/// The quantile function of the standard normal distribution.
pub fn standard_normal_quantile(u: f64) -> f64 {
    -std::f64::consts::SQRT_2 * erfc_inv(2.0 * u)
}

/// What is wrong with a distribution, and in which field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DistributionError {
    /// The field's name as it is written.
    pub field: &'static str,
    /// What is wrong and what is allowed.
    pub message: String,
}

impl fmt::Display for DistributionError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.field, self.message)
    }
}

impl std::error::Error for DistributionError {}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn close(value: f64, wanted: f64) {
        assert!((value - wanted).abs() <= 1e-12 * wanted.abs().max(1.0), "{value} is not {wanted}");
    }

    #[test]
    fn known_quantiles() {
        close(Distribution::Uniform { low: 2.0, high: 4.0 }.quantile(0.25), 2.5);
        close(Distribution::LogUniform { low: 1.0, high: 100.0 }.quantile(0.5), 10.0);
        // F(mode) = (mode - low)/(high - low): 1/4 here; and F(x) = 1 - (4 - x)^2/12 above it.
        let triangle = Distribution::Triangular { low: 0.0, mode: 1.0, high: 4.0 };
        close(triangle.quantile(0.25), 1.0);
        close(triangle.quantile(0.75), 4.0 - 3f64.sqrt());
        // The normal table's 97.5 %: 1.959963984540054.
        close(Distribution::Normal { mean: 1.0, sd: 2.0 }.quantile(0.975), 1.0 + 2.0 * 1.959_963_984_540_054);
        close(Distribution::LogNormal { median: 3.0, sigma: 0.5 }.quantile(0.5), 3.0);
        // Beta(2, 1) has F(x) = x^2.
        close(Distribution::Beta { alpha: 2.0, beta: 1.0, low: 0.0, high: 1.0 }.quantile(0.49), 0.7);
        let log = Distribution::Range { low: 1.0, central: 10.0, high: 100.0, scale: Scale::Log };
        close(log.quantile(0.5), 10.0);
    }

    /// Means and standard deviations by the textbooks' formulas, from a Latin hypercube: its error is far below that of an
    /// independent sample.
    #[test]
    fn samples_have_the_moments_of_their_distributions() {
        let (mu, sigma): (f64, f64) = (2.0, 0.5);
        let spread = (sigma * sigma).exp_m1().sqrt();
        let mean = mu * (sigma * sigma / 2.0).exp();
        for (distribution, mean, sd) in [
            (Distribution::Uniform { low: 1.0, high: 7.0 }, 4.0, 6.0 / 12f64.sqrt()),
            (Distribution::LogUniform { low: 1.0, high: 8.0 }, 7.0 / 8f64.ln(), {
                let (log, square) = (8f64.ln(), 63.0 / (2.0 * 8f64.ln()));
                (square - (7.0 / log).powi(2)).sqrt()
            }),
            // (a + b + c)/3 and sqrt((a2 + b2 + c2 - ab - ac - bc)/18).
            (Distribution::Triangular { low: 0.0, mode: 1.0, high: 5.0 }, 2.0, (21.0f64 / 18.0).sqrt()),
            (Distribution::Normal { mean: -3.0, sd: 2.0 }, -3.0, 2.0),
            (Distribution::LogNormal { median: mu, sigma }, mean, mean * spread),
            // alpha/(alpha + beta), and alpha beta / ((alpha + beta)^2 (alpha + beta + 1)), over 0 to 10.
            (Distribution::Beta { alpha: 2.0, beta: 3.0, low: 0.0, high: 10.0 }, 4.0, 2.0),
            (Distribution::Discrete { values: vec![1.0, 4.0], cumulative: vec![0.25, 1.0] }, 3.25, 1.687_5f64.sqrt()),
        ] {
            const ROWS: u64 = 20_000;
            let design = crate::Design::new(crate::Method::LatinHypercube, ROWS, 1, crate::Draws::new(5, 0)).unwrap();
            let values: Vec<f64> = (0..ROWS).map(|row| distribution.quantile(design.coordinate(row, 0))).collect();
            let got = values.iter().sum::<f64>() / ROWS as f64;
            let variance = values.iter().map(|value| (value - got).powi(2)).sum::<f64>() / ROWS as f64;
            assert!((got - mean).abs() < 2e-3 * sd, "{distribution:?}: mean {got}, not {mean}");
            assert!((variance.sqrt() / sd - 1.0).abs() < 5e-3, "{distribution:?}: sd {}, not {sd}", variance.sqrt());
        }
    }

    #[test]
    fn a_discrete_draw_cuts_the_unit_interval_by_weight() {
        let form = Form { values: Some(vec![5.0, 7.0]), weights: Some(vec![1.0, 3.0]), ..Form::of("discrete") };
        let coin = Distribution::try_from(form).unwrap();
        assert_eq!([0.1, 0.2499, 0.25, 0.9].map(|u| coin.quantile(u)), [5.0, 5.0, 7.0, 7.0]);
        assert_eq!(coin.ends(), (5.0, 7.0));
    }

    #[test]
    fn a_value_of_no_weight_is_never_drawn() {
        let form =
            Form { values: Some(vec![1.0, 2.0, 3.0]), weights: Some(vec![0.0, 1.0, 0.0]), ..Form::of("discrete") };
        let one = Distribution::try_from(form).unwrap();
        assert_eq!([1e-16, 0.5, 1.0 - 1e-16].map(|u| one.quantile(u)), [2.0; 3]);
    }

    proptest! {
        #[test]
        fn quantiles_rise_with_u_and_keep_within_the_ends(
            low in 1e-3..1e3f64, a in 0.0..1.0f64, width in 0.0..1e3f64, u in 1e-12..1.0f64, v in 1e-12..1.0f64,
        ) {
            let (high, middle) = (low + width, low + a * width);
            let (u, v) = (u.min(v).min(1.0 - 1e-12), u.max(v).min(1.0 - 1e-12));
            for form in [
                Form { low: Some(low), high: Some(high), ..Form::of("uniform") },
                Form { low: Some(low), high: Some(high), ..Form::of("loguniform") },
                Form { low: Some(low), mode: Some(middle.min(high)), high: Some(high), ..Form::of("triangular") },
                Form { alpha: Some(0.5 + a), beta: Some(2.0), low: Some(low), high: Some(high), ..Form::of("beta") },
                Form { low: Some(low), central: Some(middle.min(high)), high: Some(high), scale: Some(Scale::Log), ..Form::of("range") },
            ] {
                let distribution = Distribution::try_from(form).unwrap();
                let (first, second) = (distribution.quantile(u), distribution.quantile(v));
                prop_assert!(first <= second * (1.0 + 1e-12), "{distribution:?} {u} {v} {first} {second}");
                let slack = 1e-12 * high;
                prop_assert!(low - slack <= first && second <= high + slack, "{distribution:?} {first} {second}");
            }
        }
    }
}
