//! Designs: where in the unit cube the rows of an ensemble lie.
//!
//! Every method computes row `i` alone, in memory that does not grow with the number of rows: any thread or
//! shard can start anywhere.
//!
//! | to | use |
//! |---|---|
//! | cover the cube | [`Design`] |
//! | apportion variance (Sobol' indices) | [`Saltelli`] |
//! | screen many inputs with few runs | [`Morris`] |
//! | try every combination of levels | [`Factorial`] |
//! | choose one of these by name | [`Scheme`] |

mod factorial;
mod morris;
mod permutation;
mod saltelli;
mod scheme;
mod sobol;

use serde::{Deserialize, Serialize};
use std::fmt;

use crate::random::{Draws, unit_interval};
pub use factorial::Factorial;
pub use morris::Morris;
use permutation::Permutation;
pub use saltelli::{Matrix, Saltelli};
pub use scheme::{Kind, Points, Scheme};
pub use sobol::MAX_DIMENSIONS as SOBOL_MAX_DIMENSIONS;
use sobol::Sobol;
pub(crate) use sobol::point as sobol_point;

/// How the rows are spread.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Method {
    /// Independent points.
    MonteCarlo,
    /// Each dimension is cut into as many strata as there are rows, and each stratum is hit once (McKay,
    /// Beckman and Conover 1979).
    #[default]
    LatinHypercube,
    /// The Sobol' sequence with Joe and Kuo's direction numbers, scrambled after Owen; best with a power of two of
    /// rows.
    Sobol,
}

/// A design of `rows` points in `dimensions` dimensions.
///
/// # Examples
/// Four rows in two dimensions hit each quarter of both once:
/// ```
/// use explore::{Design, Draws, Method};
///
/// let design = Design::new(Method::LatinHypercube, 4, 2, Draws::new(1, 0)).unwrap();
/// let mut quarters: Vec<u64> = (0..4).map(|row| (design.point(row)[1] * 4.0) as u64).collect();
/// quarters.sort_unstable();
/// assert_eq!(quarters, [0, 1, 2, 3]);
/// ```
/// A design that the direction numbers do not reach is refused, not cut short:
/// ```
/// # use explore::{Design, Draws, Method};
/// assert!(Design::new(Method::Sobol, 8, 100_000, Draws::new(1, 0)).is_err());
/// ```
#[derive(Clone, Debug)]
pub struct Design {
    rows: u64,
    dimensions: u32,
    draws: Draws,
    columns: Columns,
}

/// What a method keeps for each dimension.
#[derive(Clone, Debug)]
enum Columns {
    MonteCarlo,
    LatinHypercube(Vec<Permutation>),
    Sobol(Sobol),
}

impl Design {
    /// A design; the same arguments always give the same points.
    ///
    /// # Errors
    /// Sobol' with more than [`SOBOL_MAX_DIMENSIONS`] dimensions or more than 2^32 rows.
    pub fn new(method: Method, rows: u64, dimensions: u32, draws: Draws) -> Result<Self, DesignError> {
        let columns = match method {
            Method::MonteCarlo => Columns::MonteCarlo,
            Method::LatinHypercube => Columns::LatinHypercube(
                (0..dimensions).map(|dimension| Permutation::new(rows, draws, dimension)).collect(),
            ),
            Method::Sobol => Columns::Sobol(Sobol::new(rows, dimensions, draws)?),
        };
        Ok(Self { rows, dimensions, draws, columns })
    }

    /// Number of rows.
    pub fn rows(&self) -> u64 {
        self.rows
    }

    /// Number of dimensions.
    pub fn dimensions(&self) -> u32 {
        self.dimensions
    }

    /// One coordinate in (0, 1).
    ///
    /// # Panics
    /// If the row or the dimension lies outside the design.
    pub fn coordinate(&self, row: u64, dimension: u32) -> f64 {
        assert!(
            row < self.rows && dimension < self.dimensions,
            "row {row}, dimension {dimension} are not in the design"
        );
        match &self.columns {
            Columns::MonteCarlo => self.draws.uniform(row, dimension),
            Columns::LatinHypercube(columns) => {
                let stratum = columns[dimension as usize].image(row);
                let coordinate = (stratum as f64 + self.draws.uniform(row, dimension)) / self.rows as f64;
                coordinate.clamp(unit_interval(0), unit_interval(u64::MAX))
            }
            Columns::Sobol(sobol) => sobol.coordinate(row, dimension as usize),
        }
    }

    /// All coordinates of a row, into a buffer of as many entries as there are dimensions.
    pub fn fill(&self, row: u64, point: &mut [f64]) {
        for (dimension, coordinate) in (0..self.dimensions).zip(point) {
            *coordinate = self.coordinate(row, dimension);
        }
    }

    /// All coordinates of a row.
    pub fn point(&self, row: u64) -> Vec<f64> {
        (0..self.dimensions).map(|dimension| self.coordinate(row, dimension)).collect()
    }
}

/// Why there is no such design.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DesignError {
    /// What was asked for and what is allowed.
    pub message: String,
}

impl fmt::Display for DesignError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for DesignError {}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::statistics::spearman;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn a_latin_hypercube_hits_every_stratum_of_every_dimension_once(
            rows in 1u64..400, dimensions in 1u32..6, seed: u64,
        ) {
            let design = Design::new(Method::LatinHypercube, rows, dimensions, Draws::new(seed, 0)).unwrap();
            for dimension in 0..dimensions {
                let mut hit = vec![0; rows as usize];
                for row in 0..rows {
                    hit[(design.coordinate(row, dimension) * rows as f64) as usize] += 1;
                }
                prop_assert!(hit.iter().all(|count| *count == 1));
            }
        }
    }

    #[test]
    fn the_columns_of_a_latin_hypercube_do_not_follow_each_other() {
        let rows = 1000;
        let design = Design::new(Method::LatinHypercube, rows, 40, Draws::new(3, 0)).unwrap();
        let columns: Vec<Vec<f64>> =
            (0..40).map(|dimension| (0..rows).map(|row| design.coordinate(row, dimension)).collect()).collect();
        let mut squares = 0.0;
        let mut pairs = 0.0;
        for (index, first) in columns.iter().enumerate() {
            for second in &columns[index + 1..] {
                squares += spearman(first, second).unwrap().powi(2);
                pairs += 1.0;
            }
        }
        // Of random permutations rho has variance 1/(n - 1); over 780 pairs the mean square is within 25 %.
        let ratio = squares / pairs * (rows - 1) as f64;
        assert!((0.75..1.25).contains(&ratio), "{ratio}");
    }

    #[test]
    fn a_row_does_not_depend_on_the_number_of_dimensions() {
        for method in [Method::MonteCarlo, Method::LatinHypercube, Method::Sobol] {
            let few = Design::new(method, 100, 3, Draws::new(5, 1)).unwrap();
            let many = Design::new(method, 100, 30, Draws::new(5, 1)).unwrap();
            assert_eq!(few.point(17), many.point(17)[..3]);
        }
    }

    #[test]
    fn a_seed_gives_other_points() {
        for method in [Method::MonteCarlo, Method::LatinHypercube, Method::Sobol] {
            let point = |seed| Design::new(method, 100, 3, Draws::new(seed, 0)).unwrap().point(0);
            assert_ne!(point(1), point(2));
        }
    }
}
