//! Test functions whose answers are known: for checking the methods of this crate, and those of others.

mod front;
mod lake;
mod morris;

pub use front::{dtlz2, zdt1};
pub use lake::Lake;
pub use morris::morris;

use std::f64::consts::PI;

/// Ishigami's function of three numbers of the unit interval, each spread over -pi to pi, with a = 7, b = 0.1.
///
/// Ishigami and Homma, "An importance quantification technique in uncertainty analysis for computer models", ISUMA'90.
/// Variance a^2/8 + b pi^4/5 + b^2 pi^8/18 + 1/2 = 13.844588.
pub fn ishigami(point: &[f64; 3]) -> f64 {
    let [x1, x2, x3] = point.map(|u| PI * (2.0 * u - 1.0));
    x1.sin() + 7.0 * x2.sin().powi(2) + 0.1 * x3.powi(4) * x1.sin()
}

/// Sobol's G function: the product of (|4 u - 2| + a)/(1 + a); the larger a, the less the input matters.
///
/// Saltelli and Sobol', "About the use of rank transformation in sensitivity analysis of model output", Reliab. Eng. Syst.
/// Saf. 50 (1995).
pub fn sobol_g(point: &[f64], a: &[f64]) -> f64 {
    point.iter().zip(a).map(|(u, a)| ((4.0 * u - 2.0).abs() + a) / (1.0 + a)).product()
}

/// Exact first-order and total indices of [`sobol_g`]: with v_i = 1/(3 (1 + a_i)^2) the variance of a factor and
/// V = prod(1 + v_i) - 1, S_i = v_i/V and ST_i = v_i prod_{j != i}(1 + v_j)/V.
///
/// # Examples
/// ```
/// let (first, total) = explore::known::sobol_g_indices(&[0.0, 1.0, 4.5, 9.0, 99.0, 99.0, 99.0, 99.0]);
/// assert!((first[0] - 0.716192).abs() < 1e-6 && (total[0] - 0.787144).abs() < 1e-6);
/// ```
pub fn sobol_g_indices(a: &[f64]) -> (Vec<f64>, Vec<f64>) {
    let parts: Vec<f64> = a.iter().map(|a| 1.0 / (3.0 * (1.0 + a).powi(2))).collect();
    let all: f64 = parts.iter().map(|part| 1.0 + part).product();
    let first = parts.iter().map(|part| part / (all - 1.0)).collect();
    let total = parts.iter().map(|part| part * all / (1.0 + part) / (all - 1.0)).collect();
    (first, total)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The design notes' figures, from the closed forms.
    #[test]
    fn indices_of_the_g_function() {
        let (first, total) = sobol_g_indices(&[0.0, 1.0, 4.5, 9.0, 99.0, 99.0, 99.0, 99.0]);
        for (got, wanted) in first.iter().zip([0.716_192, 0.179_048, 0.023_676, 0.007_161_9, 7.16e-5]) {
            assert!((got / wanted - 1.0).abs() < 1e-3, "{got} {wanted}");
        }
        for (got, wanted) in total.iter().zip([0.787_144, 0.242_198, 0.034_317, 0.010_460, 1.0495e-4]) {
            assert!((got / wanted - 1.0).abs() < 1e-3, "{got} {wanted}");
        }
    }
}
