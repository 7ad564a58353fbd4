//! Saltelli's design: two samples and their crossings, from which variance is apportioned to inputs.
//!
//! Two independent samples A and B of the inputs; for each input (or group of inputs) i the sample AB_i is A with
//! column i taken from B, and BA_i is B with column i taken from A. Saltelli, "Making best use of model evaluations to
//! compute sensitivity indices", Comput. Phys. Commun. 145 (2002). Analysed by [`crate::sensitivity::sobol`].

use super::{Design, DesignError, Method};
use crate::random::Draws;

/// Which sample a row belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Matrix {
    /// The first sample.
    A,
    /// The second sample.
    B,
    /// The first with a group from the second.
    AB(usize),
    /// The second with a group from the first.
    BA(usize),
}

/// Saltelli's design over `samples` base rows.
///
/// The rows come sample by sample: A, B, AB of each group, then, with second order, BA of each group.
///
/// # Examples
/// ```
/// use explore::{Draws, Method, design::Saltelli};
///
/// let design = Saltelli::new(Method::Sobol, 8, 3, Draws::new(1, 0)).unwrap();
/// assert_eq!(design.rows(), 8 * (3 + 2));
/// assert_eq!(design.clone().second_order().rows(), 8 * (2 * 3 + 2));
/// let (a, b, ab1) = (design.point(0), design.point(1), design.point(3));
/// assert_eq!(ab1, [a[0], b[1], a[2]]);
/// ```
#[derive(Clone, Debug)]
pub struct Saltelli {
    /// A in the first half of its dimensions, B in the second.
    base: Design,
    group_of: Vec<usize>,
    groups: usize,
    second_order: bool,
}

impl Saltelli {
    /// A design without groups, for first-order and total indices. The base points have twice as many dimensions.
    ///
    /// # Errors
    /// As [`Design::new`] with twice as many dimensions.
    pub fn new(method: Method, samples: u64, dimensions: u32, draws: Draws) -> Result<Self, DesignError> {
        let base = Design::new(method, samples, dimensions.saturating_mul(2), draws)?;
        let groups = dimensions as usize;
        Ok(Self { base, group_of: (0..groups).collect(), groups, second_order: false })
    }

    /// Treats inputs of the same group as one: `group_of` holds the group of each input, counted from 0.
    ///
    /// # Errors
    /// Not one entry an input, or a group without inputs.
    pub fn grouped(mut self, group_of: &[usize]) -> Result<Self, DesignError> {
        if group_of.len() != self.group_of.len() {
            let message = format!("{} inputs have {} groups named", self.group_of.len(), group_of.len());
            return Err(DesignError { message });
        }
        let groups = group_of.iter().max().map_or(0, |last| last + 1);
        if let Some(empty) = (0..groups).find(|group| !group_of.contains(group)) {
            return Err(DesignError { message: format!("group {empty} has no inputs") });
        }
        self.group_of = group_of.to_vec();
        self.groups = groups;
        Ok(self)
    }

    /// Adds the samples BA, for second-order indices and for sharper first-order and total ones.
    #[must_use]
    pub fn second_order(mut self) -> Self {
        self.second_order = true;
        self
    }

    /// Number of rows to run.
    pub fn rows(&self) -> u64 {
        self.samples() * self.stride() as u64
    }

    /// Number of base rows.
    pub fn samples(&self) -> u64 {
        self.base.rows()
    }

    /// Number of inputs.
    pub fn dimensions(&self) -> u32 {
        self.group_of.len() as u32
    }

    /// Number of groups; of inputs, if they are not grouped.
    pub fn groups(&self) -> usize {
        self.groups
    }

    /// Whether there are samples BA.
    pub fn has_second_order(&self) -> bool {
        self.second_order
    }

    /// Rows that belong to one base row.
    pub fn stride(&self) -> usize {
        2 + self.groups * if self.second_order { 2 } else { 1 }
    }

    /// The base row and the sample of a row.
    pub fn place(&self, row: u64) -> (u64, Matrix) {
        let matrix = match (row % self.stride() as u64) as usize {
            0 => Matrix::A,
            1 => Matrix::B,
            place if place < 2 + self.groups => Matrix::AB(place - 2),
            place => Matrix::BA(place - 2 - self.groups),
        };
        (row / self.stride() as u64, matrix)
    }

    /// All coordinates of a row, into a buffer of as many entries as there are inputs.
    ///
    /// # Panics
    /// If the row lies outside the design.
    pub fn fill(&self, row: u64, point: &mut [f64]) {
        let (sample, matrix) = self.place(row);
        let inputs = self.dimensions();
        for ((input, group), coordinate) in (0..inputs).zip(&self.group_of).zip(point) {
            let from_b = match matrix {
                Matrix::A => false,
                Matrix::B => true,
                Matrix::AB(crossed) => *group == crossed,
                Matrix::BA(crossed) => *group != crossed,
            };
            *coordinate = self.base.coordinate(sample, if from_b { inputs + input } else { input });
        }
    }

    /// All coordinates of a row.
    ///
    /// # Panics
    /// If the row lies outside the design.
    pub fn point(&self, row: u64) -> Vec<f64> {
        let mut point = vec![0.0; self.group_of.len()];
        self.fill(row, &mut point);
        point
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn crossings_take_a_whole_group_from_the_other_sample() {
        let design = Saltelli::new(Method::LatinHypercube, 5, 3, Draws::new(2, 0)).unwrap();
        let design = design.second_order().grouped(&[0, 1, 0]).unwrap();
        assert_eq!((design.groups(), design.stride(), design.rows()), (2, 6, 30));
        for sample in 0..5 {
            let [a, b, ab0, ab1, ba0, ba1] = [0, 1, 2, 3, 4, 5].map(|place| design.point(sample * 6 + place));
            assert_eq!(ab0, [b[0], a[1], b[2]]);
            assert_eq!(ab1, [a[0], b[1], a[2]]);
            assert_eq!((ba0, ba1), (ab1, ab0), "with two groups they cross over");
        }
    }

    #[test]
    fn groups_that_do_not_fit_are_refused() {
        let design = || Saltelli::new(Method::Sobol, 4, 3, Draws::new(2, 0)).unwrap();
        assert!(design().grouped(&[0, 1]).is_err());
        assert!(design().grouped(&[0, 2, 0]).unwrap_err().message.contains("group 1"));
        assert!(Saltelli::new(Method::Sobol, 4, 300, Draws::new(2, 0)).is_err(), "600 dimensions");
    }
}
