//! Sensitivity: which inputs an output depends on, and how.
//!
//! | method | asks | runs |
//! |---|---|---|
//! | [`sobol`] | what share of the variance an input explains, alone and with others | a [`Saltelli`](crate::design::Saltelli) design |
//! | [`given`] | the same, alone, from runs of any design | any |
//! | [`exchange`] | the same of groups, alone and with others, from few runs beside given ones | given runs, and one a pair and group |
//! | [`morris`] | which inputs matter at all, with few runs | a [`Morris`](crate::design::Morris) design |
//! | [`delta`] | how far knowing an input moves the whole distribution | any |
//! | [`pawn`] | how far, at the most, it moves the distribution function | any |
//! | [`regional`] | which inputs separate the runs of interest from the others | any |
//!
//! Samples come column by column: a list of inputs or outputs, each with one value a run. Every method takes many outputs
//! and answers for each; `None` stands for an output that says nothing, because it does not vary.
//!
//! Runs with a number that is not finite are left out, and counted as `dropped`.

pub mod delta;
pub mod exchange;
pub mod given;
pub mod morris;
pub mod pawn;
pub mod regional;
pub mod sobol;

use serde::{Deserialize, Serialize};

use crate::distribution::standard_normal_quantile;
use crate::random::{Draws, philox4x32_10};

/// A number with an interval.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Estimate {
    /// Best estimate.
    pub value: f64,
    /// Low end of the interval.
    pub low: f64,
    /// High end of the interval.
    pub high: f64,
}

/// How often to resample, and for which interval.
///
/// Runs are drawn with replacement (Efron 1979); the interval is the estimate and so many standard deviations of the
/// resampled estimates to both sides as cover `confidence` of a normal distribution. It takes runs to be independent: for
/// a Latin hypercube or Sobol' points, which are more even, it is too wide rather than too narrow.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Bootstrap {
    /// Number of resamples.
    pub resamples: u32,
    /// Share that the interval covers, within 0 to 1.
    pub confidence: f64,
    /// The draws; give them a stream of their own.
    pub draws: Draws,
}

impl Bootstrap {
    /// A bootstrap for 95 % intervals.
    pub fn new(resamples: u32, draws: Draws) -> Self {
        Self { resamples, confidence: 0.95, draws }
    }

    /// How often each of `rows` rows is in a resample.
    pub(crate) fn counts(&self, resample: u32, rows: usize) -> Vec<u16> {
        let mut counts = vec![0u16; rows];
        let key = [self.draws.seed as u32, (self.draws.seed >> 32) as u32];
        for first in (0..rows).step_by(4) {
            let bits = philox4x32_10([first as u32, (first as u64 >> 32) as u32, resample, self.draws.stream], key);
            for bits in bits.into_iter().take(rows - first) {
                // A bias of rows/2^32 at the most: far below what so few resamples show.
                let row = (u64::from(bits) * rows as u64) >> 32;
                counts[row as usize] += 1;
            }
        }
        counts
    }

    /// An estimate with its interval from the resampled ones.
    pub(crate) fn estimate(&self, value: f64, resampled: impl Iterator<Item = f64> + Clone) -> Estimate {
        let n = resampled.clone().count() as f64;
        if n < 2.0 {
            return Estimate { value, low: f64::NEG_INFINITY, high: f64::INFINITY };
        }
        let mean = resampled.clone().sum::<f64>() / n;
        let variance = resampled.map(|other| (other - mean).powi(2)).sum::<f64>() / (n - 1.0);
        let half = standard_normal_quantile(0.5 + self.confidence / 2.0) * variance.sqrt();
        Estimate { value, low: value - half, high: value + half }
    }
}

/// Checks that all columns have as many rows.
///
/// # Panics
/// If they have not.
fn same_rows(inputs: &[Vec<f64>], outputs: &[Vec<f64>]) {
    let rows = inputs.iter().chain(outputs).map(Vec::len).next().unwrap_or(0);
    assert!(inputs.iter().chain(outputs).all(|column| column.len() == rows), "the columns have different lengths");
}

/// The runs of a sample whose inputs and output are all finite.
struct Whole {
    /// Their places in the sample.
    rows: Vec<usize>,
    /// Their outputs.
    output: Vec<f64>,
    /// The number of others.
    dropped: u64,
}

impl Whole {
    fn new(inputs: &[Vec<f64>], output: &[f64]) -> Self {
        let finite = |row: &usize| output[*row].is_finite() && inputs.iter().all(|input| input[*row].is_finite());
        let rows: Vec<usize> = (0..output.len()).filter(finite).collect();
        let dropped = (output.len() - rows.len()) as u64;
        Self { output: rows.iter().map(|row| output[*row]).collect(), rows, dropped }
    }

    /// The values of an input in these runs.
    fn column(&self, input: &[f64]) -> Vec<f64> {
        self.rows.iter().map(|row| input[*row]).collect()
    }

    fn is_constant(&self) -> bool {
        self.output.windows(2).all(|pair| pair[0] == pair[1])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_resample_has_as_many_rows_as_the_sample() {
        let bootstrap = Bootstrap::new(10, Draws::new(1, 0));
        for rows in [1, 2, 3, 5, 1001] {
            assert_eq!(bootstrap.counts(3, rows).into_iter().map(usize::from).sum::<usize>(), rows);
        }
        assert_ne!(bootstrap.counts(3, 50), bootstrap.counts(4, 50));
    }

    /// The bootstrap's known answer: the standard error of a mean is sd/sqrt(n). Of 0..99: 28.866/10 = 2.8866.
    #[test]
    fn the_interval_of_a_mean_is_the_textbook_one() {
        let bootstrap = Bootstrap::new(2000, Draws::new(1, 0));
        let mean = |counts: &[u16]| {
            counts.iter().zip(0..).map(|(count, value)| f64::from(*count * value)).sum::<f64>() / 100.0
        };
        let resampled: Vec<f64> = (0..2000).map(|resample| mean(&bootstrap.counts(resample, 100))).collect();
        let estimate = bootstrap.estimate(49.5, resampled.iter().copied());
        let half = (estimate.high - estimate.low) / 2.0;
        // 2,000 resamples know a standard deviation to 1.6 %; four times that.
        assert!((half / (1.959_964 * 2.8866) - 1.0).abs() < 0.064, "{half}");
    }
}
