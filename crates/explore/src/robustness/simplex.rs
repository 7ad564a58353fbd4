//! Weights spread evenly over the simplex.

use crate::design::sobol_point;

/// `points` weight vectors of `objectives` entries, each not negative and with the sum 1, spread evenly; always
/// the same ones.
///
/// A lattice on the simplex exists for few numbers of points only. Instead: Sobol' points, without the origin,
/// carried from the cube to the simplex by the inverse conditional distributions ("stick breaking"). Compared
/// at 200 points with the golden-ratio recurrence and with gaps between sorted coordinates, the means and
/// variances of the parts came out two to four times closer to those of the uniform distribution.
///
/// # Panics
/// With more than 1025 objectives.
///
/// # Examples
/// ```
/// let weights = explore::robustness::even_weights(3, 200);
/// assert_eq!(weights.len(), 200);
/// assert!(weights.iter().all(|weights| (weights.iter().sum::<f64>() - 1.0).abs() < 1e-12));
/// ```
pub fn even_weights(objectives: usize, points: usize) -> Vec<Vec<f64>> {
    (1..=points as u64)
        .map(|point| {
            let mut rest = 1.0;
            let mut weights = Vec::with_capacity(objectives);
            for dimension in 0..objectives.saturating_sub(1) {
                // The largest of k remaining cuts: what is left after this part has the power k as its CDF.
                let remaining = (objectives - 1 - dimension) as f64;
                let kept = rest * (1.0 - sobol_point(point, dimension)).powf(1.0 / remaining);
                weights.push(rest - kept);
                rest = kept;
            }
            weights.extend((objectives > 0).then_some(rest));
            weights
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Of the uniform distribution on the simplex of d parts: mean 1/d, variance (d - 1)/(d^2 (d + 1)), and a
    /// share (1 - t)^(d - 1) of it has a given part above t.
    #[test]
    fn they_spread_as_the_uniform_distribution_does() {
        for objectives in 2..=5 {
            let weights = even_weights(objectives, 200);
            let d = objectives as f64;
            for part in 0..objectives {
                let values: Vec<f64> = weights.iter().map(|weights| weights[part]).collect();
                assert!(values.iter().all(|value| (0.0..=1.0).contains(value)));
                let mean = values.iter().sum::<f64>() / 200.0;
                let variance = values.iter().map(|value| (value - mean).powi(2)).sum::<f64>() / 200.0;
                assert!((mean * d - 1.0).abs() < 0.03, "{objectives}, {part}: mean {mean}");
                let wanted = (d - 1.0) / (d * d * (d + 1.0));
                assert!((variance / wanted - 1.0).abs() < 0.1, "{objectives}, {part}: variance {variance}");
                for threshold in [0.2, 0.5] {
                    let above = values.iter().filter(|value| **value > threshold).count() as f64 / 200.0;
                    let wanted = (1.0 - threshold).powf(d - 1.0);
                    assert!(
                        (above - wanted).abs() < 0.03,
                        "{objectives}, {part}: {above} above {threshold}, not {wanted}"
                    );
                }
            }
        }
    }

    #[test]
    fn one_objective_takes_all_the_weight() {
        assert_eq!(even_weights(1, 2), [[1.0], [1.0]]);
    }
}
