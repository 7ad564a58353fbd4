//! First-order Sobol' indices from given data: any sample of independent runs, no design.
//!
//! The runs are cut into bins of equal size along an input; what the means of the bins vary is what knowing the input
//! removes (Pearson's correlation ratio, 1905; Plischke, Borgonovo and Smith, Eur. J. Oper. Res. 226, 2013, section 3). Means
//! of few runs vary by chance too: that part, (bins - 1) times the variance within the bins, is taken off, as in Kelley's
//! epsilon squared (Proc. Natl. Acad. Sci. 21, 1935), so that an input without influence has index 0 on average. What an
//! input does within a bin is missed, which makes strong indices a little small.
//!
//! A pair's closed index, from bins of the plane, less the two single ones is what they do together.

use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use super::{Bootstrap, Estimate, Whole};
use crate::statistics::ranks;

/// Indices of one output from given data.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Given {
    /// Variance of the output.
    pub variance: f64,
    /// First-order indices, by input.
    pub first: Vec<Estimate>,
    /// Runs that were left out because a number of theirs is not finite.
    pub dropped: u64,
}

/// First-order indices of every input on each output. `None` with fewer than 16 whole runs, or if the output does not vary.
///
/// # Panics
/// If the columns have different lengths.
///
/// # Examples
/// ```
/// use explore::{Design, Draws, Method, known::ishigami, sensitivity::{Bootstrap, given}};
///
/// let design = Design::new(Method::LatinHypercube, 2000, 3, Draws::new(1, 0)).unwrap();
/// let inputs: Vec<Vec<f64>> = (0..3).map(|d| (0..2000).map(|row| design.coordinate(row, d)).collect()).collect();
/// let output = (0..2000).map(|row| ishigami(&design.point(row).try_into().unwrap())).collect();
/// let found = given::analyse(&inputs, &[output], &Bootstrap::new(100, Draws::new(1, 1)))[0].clone().unwrap();
/// assert!((found.first[0].value - 0.314).abs() < 0.04 && (found.first[1].value - 0.442).abs() < 0.04);
/// ```
pub fn analyse(inputs: &[Vec<f64>], outputs: &[Vec<f64>], bootstrap: &Bootstrap) -> Vec<Option<Given>> {
    super::same_rows(inputs, outputs);
    outputs
        .iter()
        .map(|output| {
            let whole = Whole::new(inputs, output);
            if whole.rows.len() < 16 || whole.is_constant() {
                return None;
            }
            let resamples = resamples(bootstrap, whole.rows.len());
            let bins = (whole.rows.len() as f64).sqrt() as usize;
            let one = |input: &Vec<f64>| {
                let bin_of = cut(&whole.column(input), bins.min(MOST));
                shares(&bin_of, &whole.output, &resamples, bootstrap)
            };
            let mean = whole.output.iter().sum::<f64>() / whole.output.len() as f64;
            let variance =
                whole.output.iter().map(|value| (value - mean).powi(2)).sum::<f64>() / whole.rows.len() as f64;
            Some(Given { variance, first: inputs.par_iter().map(one).collect(), dropped: whole.dropped })
        })
        .collect()
}

/// The closed index of two inputs on an output: what knowing both would remove. `None` as in [`analyse`].
///
/// # Panics
/// If the columns have different lengths.
pub fn pair(first: &[f64], second: &[f64], output: &[f64], bootstrap: &Bootstrap) -> Option<Estimate> {
    let inputs = [first.to_vec(), second.to_vec()];
    super::same_rows(&inputs, &[output.to_vec()]);
    let whole = Whole::new(&inputs, output);
    if whole.rows.len() < 16 || whole.is_constant() {
        return None;
    }
    let side = (whole.rows.len() as f64).cbrt().min(MOST as f64) as usize;
    let [a, b] = inputs.map(|input| cut(&whole.column(&input), side));
    let bin_of: Vec<usize> = a.iter().zip(&b).map(|(a, b)| a * side + b).collect();
    Some(shares(&bin_of, &whole.output, &resamples(bootstrap, whole.rows.len()), bootstrap))
}

/// Most bins: with more, nothing is gained but noise.
const MOST: usize = 64;

/// The sample itself, then its resamples.
fn resamples(bootstrap: &Bootstrap, rows: usize) -> Vec<Vec<u16>> {
    let drawn = (0..bootstrap.resamples).into_par_iter().map(|resample| bootstrap.counts(resample, rows));
    std::iter::once(vec![1; rows]).chain(drawn.collect::<Vec<_>>()).collect()
}

/// The bin of each value, by rank; equal values share one.
fn cut(values: &[f64], bins: usize) -> Vec<usize> {
    let scale = bins as f64 / values.len() as f64;
    ranks(values).into_iter().map(|rank| ((rank - 0.5) * scale) as usize).collect()
}

/// The share of the variance that the bins explain.
fn shares(bin_of: &[usize], output: &[f64], resamples: &[Vec<u16>], bootstrap: &Bootstrap) -> Estimate {
    let bins = bin_of.iter().max().map_or(0, |last| last + 1);
    let mean = output.iter().sum::<f64>() / output.len() as f64;
    let share = |counts: &Vec<u16>| {
        let mut sums = vec![(0.0, 0.0); bins];
        let (mut n, mut sum, mut squares) = (0.0, 0.0, 0.0);
        for ((bin, value), count) in bin_of.iter().zip(output).zip(counts) {
            let (count, value) = (f64::from(*count), value - mean);
            sums[*bin].0 += count;
            sums[*bin].1 += count * value;
            n += count;
            sum += count * value;
            squares += count * value * value;
        }
        let all = squares - sum * sum / n;
        let filled: Vec<&(f64, f64)> = sums.iter().filter(|(count, _)| *count > 0.0).collect();
        let between = filled.iter().map(|(count, sum)| sum * sum / count).sum::<f64>() - sum * sum / n;
        let free = filled.len() as f64;
        if n <= free {
            return f64::NAN;
        }
        (between - (free - 1.0) * (all - between) / (n - free)) / all
    };
    let values: Vec<f64> = resamples.par_iter().map(share).collect();
    bootstrap.estimate(values[0], values[1..].iter().copied().filter(|value| value.is_finite()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::known::{ishigami, sobol_g, sobol_g_indices};
    use crate::{Design, Draws, Method};

    fn sample(rows: u64, dimensions: u32, seed: u64) -> (Design, Vec<Vec<f64>>) {
        let design = Design::new(Method::MonteCarlo, rows, dimensions, Draws::new(seed, 0)).unwrap();
        let inputs = (0..dimensions).map(|d| (0..rows).map(|row| design.coordinate(row, d)).collect()).collect();
        (design, inputs)
    }

    fn bootstrap() -> Bootstrap {
        Bootstrap::new(50, Draws::new(1, 1))
    }

    /// The design notes' exact values; the fourth input does nothing.
    #[test]
    fn ishigami_has_its_known_indices() {
        let (design, inputs) = sample(8192, 4, 3);
        let output: Vec<f64> = (0..8192).map(|row| ishigami(&design.point(row)[..3].try_into().unwrap())).collect();
        let found = analyse(&inputs, std::slice::from_ref(&output), &bootstrap())[0].clone().unwrap();
        for (got, exact) in found.first.iter().zip([0.313_905, 0.442_411, 0.0, 0.0]) {
            assert!((got.value - exact).abs() < 0.02, "{got:?}, exactly {exact}");
        }
        let both = pair(&inputs[0], &inputs[2], &output, &bootstrap()).unwrap();
        assert!((both.value - 0.557_589).abs() < 0.04, "S1 + S3 + S13: {both:?}");
    }

    #[test]
    fn the_g_function_has_its_known_indices() {
        let a = [0.0, 1.0, 4.5, 9.0, 99.0, 99.0, 99.0, 99.0];
        let (design, inputs) = sample(8192, 8, 4);
        let output = (0..8192).map(|row| sobol_g(&design.point(row), &a)).collect();
        let found = analyse(&inputs, &[output], &bootstrap())[0].clone().unwrap();
        for (got, exact) in found.first.iter().zip(sobol_g_indices(&a).0) {
            assert!((got.value - exact).abs() < 0.025, "{got:?}, exactly {exact}");
        }
    }

    #[test]
    fn an_input_without_influence_has_none_on_average() {
        let values: Vec<f64> = (0..40)
            .map(|seed| {
                let (design, inputs) = sample(400, 4, seed);
                let output = (0..400).map(|row| ishigami(&design.point(row)[..3].try_into().unwrap())).collect();
                analyse(&inputs, &[output], &Bootstrap::new(0, Draws::new(1, 1)))[0].clone().unwrap().first[3].value
            })
            .collect();
        let mean = values.iter().sum::<f64>() / 40.0;
        let sd = (values.iter().map(|value| (value - mean).powi(2)).sum::<f64>() / 39.0).sqrt();
        assert!(mean.abs() < 4.0 * sd / 40f64.sqrt(), "{mean} {sd}");
    }

    #[test]
    fn what_does_not_vary_says_nothing_and_failed_runs_are_counted() {
        let (_, inputs) = sample(100, 1, 1);
        let mut output = inputs[0].clone();
        output[7] = f64::NAN;
        let found = analyse(&inputs, &[vec![1.0; 100], output], &bootstrap());
        assert_eq!(found[0], None);
        assert_eq!(found[1].as_ref().unwrap().dropped, 1);
    }
}
