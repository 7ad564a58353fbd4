//! Criteria that rate an alternative by its payoffs over futures, each for another attitude to uncertainty.
//!
//! McPhail et al., "Robustness metrics: how are they calculated, when should they be used and why do they give different
//! results?", Earth's Future 6 (2018), lists them. All take the payoffs of one alternative, one a future, and rate more as
//! better. `None` without payoffs or with one that is not finite.

use crate::statistics::{mean, quantile};

/// The worst payoff (Wald's maximin, 1950).
pub fn worst(payoffs: &[f64]) -> Option<f64> {
    quantile(payoffs, 0.0)
}

/// Hurwicz's criterion (1951): `optimism` of the best payoff and the rest of the worst.
///
/// # Panics
/// Unless `optimism` lies within 0 to 1.
///
/// # Examples
/// ```
/// assert_eq!(explore::robustness::hurwicz(&[0.0, 3.0, 10.0], 0.4), Some(4.0));
/// ```
pub fn hurwicz(payoffs: &[f64], optimism: f64) -> Option<f64> {
    assert!((0.0..=1.0).contains(&optimism), "an optimism of {optimism} is not within 0 to 1");
    Some(optimism * quantile(payoffs, 1.0)? + (1.0 - optimism) * quantile(payoffs, 0.0)?)
}

/// Mean less `aversion` times the variance (Markowitz 1952).
///
/// # Examples
/// Mean 3, variance (4 + 0 + 4)/3:
/// ```
/// let rated = explore::robustness::mean_variance(&[1.0, 3.0, 5.0], 0.75).unwrap();
/// assert!((rated - 1.0).abs() < 1e-12);
/// ```
pub fn mean_variance(payoffs: &[f64], aversion: f64) -> Option<f64> {
    let (mean, variance) = moments(payoffs)?;
    Some(mean - aversion * variance)
}

/// Signal to noise, mean over standard deviation (Taguchi; Hamarat et al., Simul. Model. Pract. Theory 46, 2014), for
/// payoffs that are positive. Infinite where they do not vary; `None` for a mean that is not positive, where more noise
/// would rate better.
///
/// # Examples
/// ```
/// let ratio = explore::robustness::signal_to_noise(&[1.0, 3.0, 5.0]).unwrap();
/// assert!((ratio - 3.0 / (8.0f64 / 3.0).sqrt()).abs() < 1e-12);
/// assert_eq!(explore::robustness::signal_to_noise(&[-1.0, 1.0]), None);
/// ```
pub fn signal_to_noise(payoffs: &[f64]) -> Option<f64> {
    let (mean, variance) = moments(payoffs)?;
    (mean > 0.0).then(|| mean / variance.sqrt())
}

/// Mean and variance; the futures are all there are, so the variance divides by their number.
fn moments(payoffs: &[f64]) -> Option<(f64, f64)> {
    let mean = mean(payoffs)?;
    let variance = payoffs.iter().map(|payoff| (payoff - mean).powi(2)).sum::<f64>() / payoffs.len() as f64;
    Some((mean, variance))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn no_payoffs_no_rating() {
        assert_eq!(
            (worst(&[]), hurwicz(&[], 0.5), mean_variance(&[], 1.0), signal_to_noise(&[])),
            (None, None, None, None)
        );
        assert_eq!(hurwicz(&[1.0, f64::NAN], 0.5), None);
    }

    proptest! {
        #[test]
        fn hurwicz_goes_from_the_worst_to_the_best_and_a_shift_shifts_it(
            payoffs in prop::collection::vec(-100.0..100.0f64, 1..20), optimism in 0.0..=1.0f64, shift in -10.0..10.0f64,
        ) {
            let rated = hurwicz(&payoffs, optimism).unwrap();
            prop_assert_eq!(hurwicz(&payoffs, 0.0), worst(&payoffs));
            prop_assert!(worst(&payoffs).unwrap() <= rated + 1e-9);
            let shifted: Vec<f64> = payoffs.iter().map(|payoff| payoff + shift).collect();
            prop_assert!((hurwicz(&shifted, optimism).unwrap() - rated - shift).abs() < 1e-9);
            let both = mean_variance(&shifted, 0.3).unwrap() - mean_variance(&payoffs, 0.3).unwrap();
            prop_assert!((both - shift).abs() < 1e-8);
        }
    }
}
