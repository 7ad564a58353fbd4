//! Morris's trajectories: paths over a grid on which each step moves one input.
//!
//! Morris, "Factorial sampling plans for preliminary computational experiments", Technometrics 33 (1991). Analysed by
//! [`crate::sensitivity::morris`].

use super::DesignError;
use super::permutation::Permutation;
use crate::random::Draws;

/// `trajectories` paths of `dimensions + 1` points over a grid of `levels` levels a dimension.
///
/// Each step moves one input by half the levels, in an order and a direction drawn for the path: the step is
/// p/(2(p - 1)) of the range for p levels, with which every level is visited alike often.
///
/// # Examples
/// ```
/// use explore::{Draws, design::Morris};
///
/// let design = Morris::new(10, 4, 3, Draws::new(1, 0)).unwrap();
/// assert_eq!(design.rows(), 40);
/// let (from, to) = (design.point(5), design.point(6));
/// let moved: Vec<f64> = from.iter().zip(&to).map(|(from, to)| (to - from).abs()).filter(|step| *step > 0.0).collect();
/// assert_eq!(moved.len(), 1);
/// assert!((moved[0] - 2.0 / 3.0).abs() < 1e-12);
/// ```
#[derive(Clone, Debug)]
pub struct Morris {
    trajectories: u64,
    levels: u32,
    dimensions: u32,
    draws: Draws,
    span: (f64, f64),
}

/// Draws of a trajectory from here on are for directions, those below for base levels.
const DIRECTION: u32 = 1 << 30;

impl Morris {
    /// A design over the whole unit cube, ends included, as Morris has it.
    ///
    /// # Errors
    /// An odd or zero number of levels, or 2^30 dimensions or more.
    pub fn new(trajectories: u64, levels: u32, dimensions: u32, draws: Draws) -> Result<Self, DesignError> {
        if levels == 0 || levels % 2 == 1 {
            return Err(DesignError {
                message: format!("Morris's design needs an even number of levels, not {levels}"),
            });
        }
        if dimensions >= DIRECTION {
            return Err(DesignError {
                message: format!("Morris's design has below 2^30 dimensions, not {dimensions}"),
            });
        }
        Ok(Self { trajectories, levels, dimensions, draws, span: (0.0, 1.0) })
    }

    /// Puts the outermost levels at `low` and `high` instead of 0 and 1: an unbounded distribution has no value there.
    /// Effects are then effects of a step over the narrower span.
    ///
    /// # Errors
    /// Unless `0 <= low < high <= 1`.
    pub fn within(mut self, low: f64, high: f64) -> Result<Self, DesignError> {
        if !(0.0 <= low && low < high && high <= 1.0) {
            return Err(DesignError { message: format!("levels from {low} to {high} do not lie within 0 to 1") });
        }
        self.span = (low, high);
        Ok(self)
    }

    /// Number of rows: the points of all trajectories.
    pub fn rows(&self) -> u64 {
        self.trajectories * self.stride()
    }

    /// Number of trajectories.
    pub fn trajectories(&self) -> u64 {
        self.trajectories
    }

    /// Number of dimensions.
    pub fn dimensions(&self) -> u32 {
        self.dimensions
    }

    /// Rows of one trajectory.
    pub fn stride(&self) -> u64 {
        u64::from(self.dimensions) + 1
    }

    /// The length of a step, as a share of the span of levels.
    pub fn step(&self) -> f64 {
        f64::from(self.levels) / 2.0 / f64::from((self.levels - 1).max(1))
    }

    /// For each dimension the step of the trajectory that moves it (from 0), and whether it moves up.
    pub fn moves(&self, trajectory: u64) -> Vec<(u64, bool)> {
        let order = self.order(trajectory);
        (0..self.dimensions)
            .map(|dimension| (order.image(u64::from(dimension)), self.upward(trajectory, dimension)))
            .collect()
    }

    /// All coordinates of a row, in [0, 1].
    ///
    /// # Panics
    /// If the row lies outside the design.
    pub fn point(&self, row: u64) -> Vec<f64> {
        assert!(row < self.rows(), "row {row} is not in the design");
        let (trajectory, steps) = (row / self.stride(), row % self.stride());
        let half = self.levels / 2;
        let moves = self.moves(trajectory);
        let coordinate = |(dimension, (step, upward)): (u32, (u64, bool))| {
            let lower = (self.draws.uniform(trajectory, dimension) * f64::from(half)) as u32;
            // Before its step an input is at the end from which it moves, afterwards at the other.
            let level = if (step < steps) == upward { lower + half } else { lower };
            let share = f64::from(level) / f64::from((self.levels - 1).max(1));
            self.span.0 + share * (self.span.1 - self.span.0)
        };
        (0..self.dimensions).zip(moves).map(coordinate).collect()
    }

    fn order(&self, trajectory: u64) -> Permutation {
        // A stream of its own a trajectory: the permutation's keys are drawn at the far end of the runs.
        let draws = Draws { seed: self.draws.bits(trajectory, u32::MAX), ..self.draws };
        Permutation::new(u64::from(self.dimensions), draws, 0)
    }

    fn upward(&self, trajectory: u64, dimension: u32) -> bool {
        self.draws.uniform(trajectory, DIRECTION + dimension) < 0.5
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn each_step_moves_one_input_by_the_step_and_each_input_moves_once(
            dimensions in 1u32..12, half in 1u32..5, seed: u64,
        ) {
            let design = Morris::new(3, 2 * half, dimensions, Draws::new(seed, 0)).unwrap();
            for trajectory in 0..3 {
                let moves = design.moves(trajectory);
                for step in 0..u64::from(dimensions) {
                    let row = trajectory * design.stride() + step;
                    let (from, to) = (design.point(row), design.point(row + 1));
                    for dimension in 0..dimensions as usize {
                        let moved = to[dimension] - from[dimension];
                        let (when, upward) = moves[dimension];
                        let wanted = if when != step { 0.0 } else if upward { design.step() } else { -design.step() };
                        prop_assert!((moved - wanted).abs() < 1e-12);
                        prop_assert!((0.0..=1.0).contains(&to[dimension]));
                    }
                }
            }
        }
    }

    #[test]
    fn every_level_and_every_place_in_the_order_comes_up_alike() {
        let design = Morris::new(8000, 4, 4, Draws::new(3, 0)).unwrap();
        let (mut levels, mut places) = ([0u32; 4], [0u32; 4]);
        for trajectory in 0..8000 {
            levels[(design.point(trajectory * 5)[2] * 3.0).round() as usize] += 1;
            places[design.moves(trajectory)[2].0 as usize] += 1;
        }
        // Binomial with p = 1/4: mean 2,000, standard deviation 39; four of them.
        for count in levels.into_iter().chain(places) {
            assert!((1845..2155).contains(&count), "{levels:?} {places:?}");
        }
    }

    #[test]
    fn a_narrower_span_keeps_off_the_ends() {
        let design = Morris::new(20, 4, 2, Draws::new(3, 0)).unwrap().within(0.05, 0.95).unwrap();
        assert!((0..design.rows()).flat_map(|row| design.point(row)).all(|u| (0.05..=0.95).contains(&u)));
        assert!(Morris::new(1, 3, 2, Draws::new(3, 0)).is_err());
        assert!(Morris::new(1, 4, 2, Draws::new(3, 0)).unwrap().within(0.5, 0.5).is_err());
    }
}
