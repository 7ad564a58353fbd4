//! CART: a tree of questions about the inputs whose leaves are pure, or nearly.
//!
//! Breiman, Friedman, Olshen and Stone, "Classification and Regression Trees" (1984), for two classes with Gini's
//! impurity 2 p (1 - p). Unlike [PRIM](super::prim) it divides all of the space, and each leaf is a box. A split lies half-way
//! between two neighbouring values; of equally good ones the first input's lowest is taken.

use serde::{Deserialize, Serialize};

use super::{Found, Limits, Sample};

/// When the tree stops growing.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Cart {
    /// Smallest share of all runs that a leaf may hold.
    pub least_mass: f64,
    /// Most questions on the way to a leaf.
    pub depth: u32,
}

impl Default for Cart {
    fn default() -> Self {
        Self { least_mass: 0.05, depth: 4 }
    }
}

impl Cart {
    /// The leaves of the tree, from the densest to the least dense.
    ///
    /// # Examples
    /// ```
    /// use explore::discovery::{Sample, cart::Cart};
    ///
    /// let inputs = [(0..100).map(f64::from).collect::<Vec<f64>>()];
    /// let of_interest: Vec<bool> = (0..100).map(|run| run >= 40).collect();
    /// let leaves = Cart::default().leaves(&Sample::new(&inputs, &of_interest).unwrap());
    /// assert_eq!((leaves.len(), leaves[0].limits[0].low, leaves[0].density), (2, Some(39.5), 1.0));
    /// ```
    pub fn leaves(&self, sample: &Sample) -> Vec<Found> {
        let root = Node { limits: vec![Limits::default(); sample.inputs.len()], sorted: sample.sorted() };
        let mut leaves = Vec::new();
        self.grow(sample, root, self.depth, &mut leaves);
        leaves.sort_by(|a: &Found, b| b.density.total_cmp(&a.density));
        leaves
    }

    fn grow(&self, sample: &Sample, node: Node, depth: u32, leaves: &mut Vec<Found>) {
        let least = (self.least_mass * sample.of_interest.len() as f64).ceil().max(1.0) as usize;
        match (depth > 0).then(|| node.best_split(sample, least)).flatten() {
            None => leaves.push(sample.measure(&node.limits)),
            Some((input, below, above)) => {
                let (low, high) = node.split(sample, input, below, above);
                self.grow(sample, low, depth - 1, leaves);
                self.grow(sample, high, depth - 1, leaves);
            }
        }
    }
}

/// A part of the space and its runs.
struct Node {
    limits: Vec<Limits>,
    /// For each input the runs, by rising value.
    sorted: Vec<Vec<u32>>,
}

impl Node {
    /// The input and the two neighbouring values between which a split lowers the impurity most. `None` if none lowers it
    /// and leaves `least` runs on both sides.
    fn best_split(&self, sample: &Sample, least: usize) -> Option<(usize, f64, f64)> {
        let runs = self.sorted.first()?;
        let n = runs.len();
        let all = runs.iter().filter(|run| sample.of_interest[**run as usize]).count();
        // Runs times impurity; the factor 2 does not matter.
        let impurity = |interest: usize, runs: usize| interest as f64 * (runs - interest) as f64 / runs as f64;
        // Less is better by more than rounding.
        let mut best = (impurity(all, n.max(1)) * (1.0 - 1e-12), None);
        for (input, (runs, values)) in self.sorted.iter().zip(sample.inputs).enumerate() {
            let mut interest = 0;
            for place in 1..n {
                let (last, next) = (runs[place - 1] as usize, runs[place] as usize);
                interest += usize::from(sample.of_interest[last]);
                if place < least || n - place < least || values[last] == values[next] {
                    continue;
                }
                let left = impurity(interest, place) + impurity(all - interest, n - place);
                if left < best.0 {
                    best = (left, Some((input, values[last], values[next])));
                }
            }
        }
        best.1
    }

    fn split(self, sample: &Sample, input: usize, below: f64, above: f64) -> (Self, Self) {
        let at = f64::midpoint(below, above);
        let values = &sample.inputs[input];
        let part = |low: bool| {
            let mut limits = self.limits.clone();
            if low {
                limits[input].high = Some(at);
            } else {
                limits[input].low = Some(at);
            }
            let of_part = |run: &u32| (values[*run as usize] <= below) == low;
            let sorted = self.sorted.iter().map(|runs| runs.iter().copied().filter(of_part).collect()).collect();
            Self { limits, sorted }
        };
        (part(true), part(false))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_chessboard_of_four_needs_two_questions() {
        let inputs: Vec<Vec<f64>> = vec![
            (0..400).map(|run| f64::from(run / 20) + 0.01 * f64::from(run % 20)).collect(),
            (0..400).map(|run| f64::from(run % 20)).collect(),
        ];
        // One corner, off the middle: a first split pays.
        let of_interest: Vec<bool> = (0..400).map(|run| run / 20 >= 12 && run % 20 < 7).collect();
        let leaves = Cart::default().leaves(&Sample::new(&inputs, &of_interest).unwrap());
        assert_eq!(leaves.len(), 3);
        assert_eq!((leaves[0].density, leaves[0].coverage), (1.0, 1.0));
        assert_eq!(leaves[0].limits[1], Limits { low: None, high: Some(6.5) });
        assert!(leaves[0].limits[0].low.unwrap() > 11.0 && leaves[0].limits[0].low.unwrap() < 12.0);
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        #[test]
        fn leaves_share_out_all_runs_and_are_large_enough(
            runs in prop::collection::vec((0u8..9, 0u8..200, any::<bool>()), 20..120), depth in 0u32..6,
        ) {
            let inputs = [runs.iter().map(|run| run.0.into()).collect(), runs.iter().map(|run| run.1.into()).collect()];
            let of_interest: Vec<bool> = runs.iter().map(|run| run.2).collect();
            let Some(sample) = Sample::new(&inputs, &of_interest) else { return Ok(()) };
            let cart = Cart { least_mass: 0.1, depth };
            let leaves = cart.leaves(&sample);
            prop_assert_eq!(leaves.iter().map(|leaf| leaf.runs).sum::<usize>(), runs.len());
            prop_assert!(leaves.len() <= 1 << depth);
            prop_assert!(leaves.iter().all(|leaf| leaf.mass >= 0.1 - 1e-12));
        }
    }
}
