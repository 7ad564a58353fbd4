//! Sobol' indices of groups of inputs from pairs of runs that have exchanged one group.
//!
//! A model that was run at independent points a and b anyway wants one run more for each pair and group: at a, with the
//! group's inputs from b. No design is needed, and the runs at a and b serve for all else too. With f the output, V its
//! variance over both samples, and means over the pairs (Jansen, Comput. Phys. Commun. 117, 1999):
//! - total:  T_g = mean (f(a) - f(ab_g))^2 / 2       what is left of the variance if all other groups are known
//! - first:  V_g = V - mean (f(b) - f(ab_g))^2 / 2   what knowing the group removes
//!
//! Inputs that go together must be in one group, or the runs with an exchange are not from the inputs' distribution.

use serde::{Deserialize, Serialize};

use super::{Bootstrap, Estimate};

/// Shares of an output's variance that a group of inputs has.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Shares {
    /// The group alone; with the effects of its inputs on each other.
    pub first: Estimate,
    /// With all that it does together with other groups.
    pub total: Estimate,
}

/// The shares of each group, from the outputs at the points a, at the points b, and at the points a with each group exchanged.
/// A pair with an output that is not finite is left out. `None` with fewer than 16 whole pairs, or if the output does not vary.
///
/// # Panics
/// If the samples have different lengths.
///
/// # Examples
/// ```
/// use explore::{Design, Draws, Method, known::ishigami, sensitivity::{Bootstrap, exchange}};
///
/// let design = Design::new(Method::MonteCarlo, 4000, 3, Draws::new(1, 0)).unwrap();
/// let point = |row| -> [f64; 3] { design.point(row).try_into().unwrap() };
/// let a: Vec<f64> = (0..2000).map(|row| ishigami(&point(row))).collect();
/// let b: Vec<f64> = (2000..4000).map(|row| ishigami(&point(row))).collect();
/// // The second input alone, and the first with the third.
/// let second = |row: u64| { let ([x, _, z], [_, y, _]) = (point(row), point(row + 2000)); ishigami(&[x, y, z]) };
/// let others = |row: u64| { let ([_, y, _], [x, _, z]) = (point(row), point(row + 2000)); ishigami(&[x, y, z]) };
/// let exchanged = [(0..2000).map(second).collect(), (0..2000).map(others).collect()];
/// let found = exchange::analyse(&a, &b, &exchanged, &Bootstrap::new(100, Draws::new(1, 1))).unwrap();
/// assert!((found[0].total.value - 0.4424).abs() < 0.05 && (found[1].first.value - 0.5576).abs() < 0.05);
/// ```
pub fn analyse(a: &[f64], b: &[f64], exchanged: &[Vec<f64>], bootstrap: &Bootstrap) -> Option<Vec<Shares>> {
    assert!(exchanged.iter().map(Vec::len).chain([b.len()]).all(|len| len == a.len()), "samples of different lengths");
    let finite = |row: &usize| {
        a[*row].is_finite() && b[*row].is_finite() && exchanged.iter().all(|values| values[*row].is_finite())
    };
    let whole: Vec<usize> = (0..a.len()).filter(finite).collect();
    let first = a[*whole.first()?];
    if whole.len() < 16 || whole.iter().all(|row| a[*row] == first && b[*row] == first) {
        return None;
    }
    let resamples: Vec<Vec<u16>> = std::iter::once(vec![1; whole.len()])
        .chain((0..bootstrap.resamples).map(|resample| bootstrap.counts(resample, whole.len())))
        .collect();
    let mean = |counts: &[u16], of: &dyn Fn(usize) -> f64| {
        whole.iter().zip(counts).map(|(row, count)| f64::from(*count) * of(*row)).sum::<f64>() / whole.len() as f64
    };
    let variance = |counts: &Vec<u16>| {
        let centre = mean(counts, &|row| f64::midpoint(a[row], b[row]));
        mean(counts, &|row| f64::midpoint((a[row] - centre).powi(2), (b[row] - centre).powi(2)))
    };
    let variances: Vec<f64> = resamples.iter().map(variance).collect();
    let shares = |values: &Vec<f64>| {
        let half = |of: &[f64]| -> Vec<f64> {
            let gap = |counts: &Vec<u16>| mean(counts, &|row| (of[row] - values[row]).powi(2) / 2.0);
            resamples.iter().zip(&variances).map(|(counts, variance)| gap(counts) / variance).collect()
        };
        let (total, rest) = (half(a), half(b));
        let estimate =
            |of: &[f64]| bootstrap.estimate(of[0], of[1..].iter().copied().filter(|share| share.is_finite()));
        Shares { first: estimate(&rest.iter().map(|rest| 1.0 - rest).collect::<Vec<_>>()), total: estimate(&total) }
    };
    Some(exchanged.iter().map(shares).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::known::{sobol_g, sobol_g_indices};
    use crate::{Design, Draws, Method};

    /// The G function with three inputs, each its own group.
    fn found(pairs: u64) -> (Vec<Shares>, Vec<f64>, Vec<f64>) {
        let (design, a) = (Design::new(Method::MonteCarlo, 2 * pairs, 3, Draws::new(3, 0)).unwrap(), [0.0, 1.0, 4.5]);
        let sample =
            |from: u64| -> Vec<f64> { (from..from + pairs).map(|row| sobol_g(&design.point(row), &a)).collect() };
        let with = |input: usize| -> Vec<f64> {
            let run = |row| {
                let mut point = design.point(row);
                point[input] = design.point(row + pairs)[input];
                sobol_g(&point, &a)
            };
            (0..pairs).map(run).collect()
        };
        let exchanged: Vec<Vec<f64>> = (0..3).map(with).collect();
        let shares = analyse(&sample(0), &sample(pairs), &exchanged, &Bootstrap::new(200, Draws::new(3, 1))).unwrap();
        let (first, total) = sobol_g_indices(&a);
        (shares, first, total)
    }

    #[test]
    fn the_g_function_has_its_known_shares() {
        let (shares, first, total) = found(20_000);
        for (share, (first, total)) in shares.iter().zip(first.iter().zip(&total)) {
            assert!((share.first.value - first).abs() < 0.03, "{share:?} {first}");
            assert!((share.total.value - total).abs() < 0.03, "{share:?} {total}");
        }
    }

    #[test]
    fn intervals_of_few_pairs_hold_the_known_shares() {
        let (shares, first, total) = found(128);
        for (share, (first, total)) in shares.iter().zip(first.iter().zip(&total)) {
            // Half as wide again: six intervals of 95 % are to hold at once.
            let holds = |estimate: Estimate, wanted: f64| {
                (estimate.value - wanted).abs() < 1.5 * (estimate.high - estimate.value)
            };
            assert!(holds(share.first, *first) && holds(share.total, *total), "{share:?} {first} {total}");
        }
    }

    #[test]
    fn an_output_that_does_not_vary_or_has_few_pairs_says_nothing() {
        let bootstrap = Bootstrap::new(10, Draws::new(1, 1));
        assert_eq!(analyse(&[1.0; 20], &[1.0; 20], &[vec![1.0; 20]], &bootstrap), None);
        assert_eq!(analyse(&[1.0, 2.0], &[2.0, 1.0], &[vec![1.0, 2.0]], &bootstrap), None);
    }
}
