//! Rank correlations between the dimensions of a design, by a Gaussian copula.
//!
//! The coordinates of a row are carried to the normal scale, mixed by the Cholesky factor of the wanted
//! matrix, and carried back. Each dimension stays uniform; the first one of a correlated set keeps its strata
//! exactly, the later ones only about. Other than Iman and Conover's pairing it needs one row at a time.

use statrs::function::erf::erfc;
use std::fmt;

use crate::distribution::standard_normal_quantile;
use crate::random::unit_interval;

/// The wanted Spearman correlation of two dimensions.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct RankCorrelation {
    /// The two dimensions.
    pub dimensions: (u32, u32),
    /// Their rank correlation, -1 to 1.
    pub rank: f64,
}

/// Correlations, checked and ready to be applied row by row.
///
/// # Examples
/// ```
/// use explore::correlation::{Correlations, RankCorrelation};
///
/// let alike = Correlations::new(&[RankCorrelation { dimensions: (0, 2), rank: 0.9 }]).unwrap();
/// let mut point = [0.9, 0.5, 0.5];
/// alike.apply(&mut point);
/// assert!(point[2] > 0.8 && point[1] == 0.5);
/// ```
/// Three dimensions cannot all oppose each other:
/// ```
/// # use explore::correlation::{Correlations, RankCorrelation};
/// let oppose = |a, b| RankCorrelation { dimensions: (a, b), rank: -0.9 };
/// assert!(Correlations::new(&[oppose(0, 1), oppose(1, 2), oppose(0, 2)]).is_err());
/// ```
#[derive(Clone, Debug, Default)]
pub struct Correlations {
    /// The dimensions that take part, rising.
    dimensions: Vec<u32>,
    /// The lower triangle of the Cholesky factor over them, row by row.
    factor: Vec<Vec<f64>>,
}

impl Correlations {
    /// Checks the wanted correlations and prepares them.
    ///
    /// # Errors
    /// A rank correlation outside -1 to 1, a dimension with itself, a pair that is named twice, or a set that no
    /// joint distribution has (its matrix is not positive definite).
    pub fn new(wanted: &[RankCorrelation]) -> Result<Self, CorrelationError> {
        let mut dimensions: Vec<u32> = wanted.iter().flat_map(|pair| [pair.dimensions.0, pair.dimensions.1]).collect();
        dimensions.sort_unstable();
        dimensions.dedup();
        let size = dimensions.len();
        let mut matrix: Vec<Vec<f64>> =
            (0..size).map(|row| (0..size).map(|column| f64::from(u8::from(row == column))).collect()).collect();
        for RankCorrelation { dimensions: (a, b), rank } in wanted {
            if !(-1.0..=1.0).contains(rank) {
                return Err(CorrelationError::new(format!("a rank correlation of {rank} is not within -1 to 1")));
            }
            let place = |dimension: &u32| dimensions.partition_point(|other| other < dimension);
            let (row, column) = (place(a), place(b));
            if row == column {
                return Err(CorrelationError::new(format!("dimension {a} is correlated with itself")));
            }
            if matrix[row][column] != 0.0 {
                return Err(CorrelationError::new(format!("dimensions {a} and {b} are correlated twice")));
            }
            // Pearson's r of two normals with Spearman's rho (Pearson 1907).
            let r = 2.0 * (std::f64::consts::PI / 6.0 * rank).sin();
            matrix[row][column] = r;
            matrix[column][row] = r;
        }
        let factor = cholesky(&matrix).ok_or_else(|| {
            CorrelationError::new("no joint distribution has these rank correlations together".to_string())
        })?;
        Ok(Self { dimensions, factor })
    }

    /// Correlates the coordinates of one row in place.
    pub fn apply(&self, point: &mut [f64]) {
        let normals: Vec<f64> =
            self.dimensions.iter().map(|dimension| standard_normal_quantile(point[*dimension as usize])).collect();
        for (row, dimension) in self.factor.iter().zip(&self.dimensions).skip(1) {
            let mixed: f64 = row.iter().zip(&normals).map(|(weight, normal)| weight * normal).sum();
            point[*dimension as usize] = standard_normal_cdf(mixed).clamp(unit_interval(0), unit_interval(u64::MAX));
        }
    }
}

/// The lower factor of a symmetric matrix; `None` unless it is positive definite.
fn cholesky(matrix: &[Vec<f64>]) -> Option<Vec<Vec<f64>>> {
    let mut factor: Vec<Vec<f64>> = Vec::with_capacity(matrix.len());
    for (row, entries) in matrix.iter().enumerate() {
        let mut line: Vec<f64> = Vec::with_capacity(row + 1);
        for column in 0..row {
            let dot: f64 = line.iter().zip(&factor[column]).map(|(a, b)| a * b).sum();
            line.push((entries[column] - dot) / factor[column][column]);
        }
        let rest = entries[row] - line.iter().map(|entry| entry * entry).sum::<f64>();
        if rest <= 1e-12 {
            return None;
        }
        line.push(rest.sqrt());
        factor.push(line);
    }
    Some(factor)
}

/// The distribution function of the standard normal.
fn standard_normal_cdf(x: f64) -> f64 {
    0.5 * erfc(-x / std::f64::consts::SQRT_2)
}

/// Why there are no such correlations.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CorrelationError {
    /// What is wrong.
    pub message: String,
}

impl CorrelationError {
    fn new(message: String) -> Self {
        Self { message }
    }
}

impl fmt::Display for CorrelationError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for CorrelationError {}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Design, Distribution, Draws, Method, statistics::spearman};
    use proptest::prelude::*;

    #[test]
    fn a_sample_has_the_rank_correlations_that_were_asked_for() {
        let wanted = [((0, 1), 0.6), ((1, 3), -0.4), ((0, 3), 0.2)];
        let correlations =
            Correlations::new(&wanted.map(|(dimensions, rank)| RankCorrelation { dimensions, rank })).unwrap();
        let rows = 20_000;
        let design = Design::new(Method::LatinHypercube, rows, 4, Draws::new(1, 0)).unwrap();
        let points: Vec<Vec<f64>> = (0..rows)
            .map(|row| {
                let mut point = design.point(row);
                correlations.apply(&mut point);
                point
            })
            .collect();
        let column = |dimension: usize| -> Vec<f64> { points.iter().map(|point| point[dimension]).collect() };
        for ((a, b), rank) in [((0, 1), 0.6), ((1, 3), -0.4), ((0, 3), 0.2), ((0, 2), 0.0), ((2, 3), 0.0)] {
            let got = spearman(&column(a), &column(b)).unwrap();
            // Four standard errors of a rank correlation are below 0.03 here.
            assert!((got - rank).abs() < 0.03, "{a} {b}: {got}, not {rank}");
        }
        for dimension in 0..4 {
            let mut sorted = column(dimension);
            sorted.sort_by(f64::total_cmp);
            let gap = sorted.iter().enumerate().map(|(index, u)| (u - index as f64 / rows as f64).abs());
            // Kolmogorov's 99.9 % distance is 1.95 / sqrt(n) = 0.0138.
            assert!(gap.fold(0.0, f64::max) < 0.0138, "dimension {dimension} is no longer uniform");
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(32))]
        #[test]
        fn any_rank_correlation_is_met_under_any_distributions_and_their_marginals_stay(
            rank in -0.95..0.95f64, seed: u64, sobol: bool,
        ) {
            const ROWS: u64 = 4096;
            let method = if sobol { Method::Sobol } else { Method::LatinHypercube };
            let design = Design::new(method, ROWS, 2, Draws::new(seed, 0)).unwrap();
            let correlations = Correlations::new(&[RankCorrelation { dimensions: (0, 1), rank }]).unwrap();
            let first = Distribution::LogNormal { median: 3.0, sigma: 1.2 };
            let second = Distribution::Triangular { low: -1.0, mode: 0.0, high: 5.0 };
            let (mut one, mut other) = (Vec::new(), Vec::new());
            for row in 0..ROWS {
                let mut point = design.point(row);
                correlations.apply(&mut point);
                one.push(first.quantile(point[0]));
                other.push(second.quantile(point[1]));
            }
            let got = spearman(&one, &other).unwrap();
            // The standard error of an independent sample is at most 1 / sqrt(4095) = 0.0156; four of them.
            prop_assert!((got - rank).abs() < 0.0625, "{got}, not {rank}");
            other.sort_by(f64::total_cmp);
            for share in [0.05, 0.25, 0.5, 0.75, 0.95] {
                // Kolmogorov's 99.9 % distance of an independent sample is 1.95 / sqrt(4096) = 0.0305, in shares.
                let below = other.partition_point(|value| *value <= second.quantile(share)) as f64 / ROWS as f64;
                prop_assert!((below - share).abs() < 0.0305, "{below} of the sample lies below the {share} quantile");
            }
        }
    }

    #[test]
    fn no_correlations_change_nothing() {
        let mut point = [0.1, 0.9];
        Correlations::default().apply(&mut point);
        assert_eq!(point, [0.1, 0.9]);
    }

    #[test]
    fn nonsense_is_refused() {
        let one = |a, b, rank| RankCorrelation { dimensions: (a, b), rank };
        assert!(Correlations::new(&[one(0, 1, 1.5)]).is_err());
        assert!(Correlations::new(&[one(0, 1, f64::NAN)]).is_err());
        assert!(Correlations::new(&[one(1, 1, 0.5)]).is_err());
        assert!(Correlations::new(&[one(0, 1, 0.5), one(1, 0, 0.5)]).is_err());
    }
}
