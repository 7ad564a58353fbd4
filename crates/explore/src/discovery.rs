//! Scenario discovery: in which part of the input space do the runs of interest lie?
//!
//! The answer is a box that one can say in words: this input above so much, that one below so much (Groves and Lempert,
//! Glob. Environ. Change 17, 2007). A box has
//! - **coverage**: the share of the runs of interest that it holds,
//! - **density**: the share of its runs that are of interest,
//! - **mass**: the share of all runs that it holds,
//!
//! and better coverage is bought with density. A limit that could as well be dropped shows in its *quasi-p-value* (Bryant
//! and Lempert, Technol. Forecast. Soc. Change 77, 2010): how probable the box's runs of interest would be if its density
//! were that of the box without the limit (one-sided binomial test; not a true p-value, since the limit was searched for).
//!
//! | method | gives |
//! |---|---|
//! | [`prim`] | a trajectory of boxes, from all runs to a small dense box |
//! | [`cart`] | a tree whose leaves are boxes that fill the space |
//! | [`stacking`] | a table of shares over a few inputs, cut in bins |

pub mod cart;
pub mod prim;
pub mod stacking;

use serde::{Deserialize, Serialize};
use statrs::function::beta::beta_reg;

use crate::statistics::ascending;

/// Runs, and which of them are of interest.
///
/// # Examples
/// ```
/// use explore::discovery::{Limits, Sample};
///
/// let inputs = [vec![1.0, 2.0, 3.0, 4.0]];
/// let sample = Sample::new(&inputs, &[false, false, true, true]).unwrap();
/// let found = sample.measure(&[Limits { low: Some(2.5), high: None }]);
/// assert_eq!((found.coverage, found.density, found.mass), (1.0, 1.0, 0.5));
/// ```
#[derive(Clone, Debug)]
pub struct Sample<'a> {
    /// The inputs, each with one value a run.
    inputs: &'a [Vec<f64>],
    of_interest: &'a [bool],
    /// The runs that have not been taken out.
    remaining: Vec<u32>,
}

impl<'a> Sample<'a> {
    /// A sample of runs. `None` if the columns have different lengths, a value is not a number, or no run is of interest.
    pub fn new(inputs: &'a [Vec<f64>], of_interest: &'a [bool]) -> Option<Self> {
        let fits = |input: &Vec<f64>| input.len() == of_interest.len() && !input.iter().any(|value| value.is_nan());
        let sound = inputs.iter().all(fits) && of_interest.contains(&true);
        sound.then(|| Self { inputs, of_interest, remaining: (0..of_interest.len() as u32).collect() })
    }

    /// The sample without the runs of a box, in which to look for a further one. Coverage and mass still count all runs.
    #[must_use]
    pub fn without(&self, limits: &[Limits]) -> Self {
        let outside = |run: &u32| !self.holds(limits, *run);
        Self { remaining: self.remaining.iter().copied().filter(outside).collect(), ..self.clone() }
    }

    /// Coverage, density, mass and quasi-p-values of a box.
    ///
    /// # Panics
    /// If there are not as many limits as inputs.
    pub fn measure(&self, limits: &[Limits]) -> Found {
        assert_eq!(limits.len(), self.inputs.len(), "one pair of limits an input");
        // A run that only one limit keeps out would be inside without it.
        let (mut runs, mut interest) = (0, 0);
        let mut beyond = vec![[(0usize, 0usize); 2]; limits.len()];
        for run in &self.remaining {
            let of_interest = usize::from(self.of_interest[*run as usize]);
            let mut kept_out = self.inputs.iter().zip(limits).enumerate().filter_map(|(input, (values, limits))| {
                let value = values[*run as usize];
                let side = if limits.low.is_some_and(|low| value < low) { Side::Low } else { Side::High };
                (!limits.hold(value)).then_some((input, side))
            });
            match (kept_out.next(), kept_out.next()) {
                (None, _) => (runs, interest) = (runs + 1, interest + of_interest),
                (Some((input, side)), None) => {
                    let count = &mut beyond[input][side as usize];
                    *count = (count.0 + 1, count.1 + of_interest);
                }
                _ => {}
            }
        }
        let quasi_p = |(limits, beyond): (&Limits, &[(usize, usize); 2])| {
            let without = |limit: Option<f64>, side: Side| {
                let (more_runs, more_interest) = beyond[side as usize];
                let density = (interest + more_interest) as f64 / (runs + more_runs) as f64;
                limit.map(|_| binomial_tail(interest, runs, density))
            };
            (without(limits.low, Side::Low), without(limits.high, Side::High))
        };
        let all_interest = self.of_interest.iter().filter(|interest| **interest).count();
        Found {
            limits: limits.to_vec(),
            runs,
            interest,
            coverage: interest as f64 / all_interest as f64,
            density: if runs == 0 { 0.0 } else { interest as f64 / runs as f64 },
            mass: runs as f64 / self.of_interest.len() as f64,
            quasi_p: limits.iter().zip(&beyond).map(quasi_p).collect(),
        }
    }

    /// Drops, one after the other, the limit with the largest quasi-p-value until none is above `most`: a box that is easier
    /// to say and hardly worse.
    pub fn simplify(&self, found: &Found, most: f64) -> Found {
        let mut found = found.clone();
        loop {
            let sides = found
                .quasi_p
                .iter()
                .enumerate()
                .flat_map(|(input, (low, high))| [(input, Side::Low, *low), (input, Side::High, *high)]);
            let weakest =
                sides.filter_map(|(input, side, p)| Some((input, side, p?))).max_by(|a, b| a.2.total_cmp(&b.2));
            let Some((input, side, _)) = weakest.filter(|(_, _, p)| *p > most) else { return found };
            let mut limits = found.limits;
            *limits[input].side(side) = None;
            found = self.measure(&limits);
        }
    }

    /// For each input the remaining runs, by rising value.
    fn sorted(&self) -> Vec<Vec<u32>> {
        let mut remains = vec![false; self.of_interest.len()];
        for run in &self.remaining {
            remains[*run as usize] = true;
        }
        let sorted = |input: &Vec<f64>| ascending(input).into_iter().filter(|run| remains[*run as usize]).collect();
        self.inputs.iter().map(sorted).collect()
    }

    fn holds(&self, limits: &[Limits], run: u32) -> bool {
        self.inputs.iter().zip(limits).all(|(values, limits)| limits.hold(values[run as usize]))
    }
}

/// The limits of a box along one input, both included; `None` for no limit.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Limits {
    /// Low end.
    pub low: Option<f64>,
    /// High end.
    pub high: Option<f64>,
}

impl Limits {
    /// Whether a value lies within them.
    pub fn hold(&self, value: f64) -> bool {
        self.low.is_none_or(|low| low <= value) && self.high.is_none_or(|high| value <= high)
    }

    /// Whether there is a limit at all.
    pub fn restrict(&self) -> bool {
        self.low.is_some() || self.high.is_some()
    }

    fn side(&mut self, side: Side) -> &mut Option<f64> {
        match side {
            Side::Low => &mut self.low,
            Side::High => &mut self.high,
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Side {
    Low,
    High,
}

/// A box and how good it is.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Found {
    /// The limits, by input.
    pub limits: Vec<Limits>,
    /// Runs in the box.
    pub runs: usize,
    /// Runs of interest in it.
    pub interest: usize,
    /// Share of the runs of interest that it holds.
    pub coverage: f64,
    /// Share of its runs that are of interest.
    pub density: f64,
    /// Share of all runs that it holds.
    pub mass: f64,
    /// Quasi-p-value of each limit, low and high; `None` where there is no limit.
    pub quasi_p: Vec<(Option<f64>, Option<f64>)>,
}

impl Found {
    /// Coverage and density in one number, their harmonic mean: neither is bought with all of the other.
    pub fn balance(&self) -> f64 {
        let sum = self.coverage + self.density;
        if sum > 0.0 { 2.0 * self.coverage * self.density / sum } else { 0.0 }
    }

    /// Number of inputs with a limit.
    pub fn restricted(&self) -> usize {
        self.limits.iter().filter(|limits| limits.restrict()).count()
    }
}

/// The probability of at least `successes` in `trials` with probability `p` each: I_p(k, n - k + 1).
fn binomial_tail(successes: usize, trials: usize, p: f64) -> f64 {
    if successes == 0 || p >= 1.0 {
        return 1.0;
    }
    if successes > trials || p <= 0.0 {
        return 0.0;
    }
    beta_reg(successes as f64, (trials - successes + 1) as f64, p)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// By hand: P(X >= 8 of 10, 1/2) = (45 + 10 + 1)/1024; P(X >= 1 of 3, 0.1) = 1 - 0.729.
    #[test]
    fn tails_of_the_binomial_distribution() {
        assert!((binomial_tail(8, 10, 0.5) - 56.0 / 1024.0).abs() < 1e-12);
        assert!((binomial_tail(1, 3, 0.1) - 0.271).abs() < 1e-12);
        assert_eq!((binomial_tail(0, 3, 0.1), binomial_tail(3, 3, 1.0), binomial_tail(1, 3, 0.0)), (1.0, 1.0, 0.0));
    }

    /// Ten runs; interest from 6 on. The low limit halves the runs: P(X >= 4 of 4, 4/9 of those below 9.5) = (4/9)^4.
    #[test]
    fn a_quasi_p_value_by_hand_and_a_limit_that_is_dropped_for_it() {
        let inputs =
            [(0..10).map(f64::from).collect::<Vec<f64>>(), (0..10).map(|run| f64::from(run * 7 % 10)).collect()];
        let of_interest: Vec<bool> = (0..10).map(|run| run >= 5).collect();
        let sample = Sample::new(&inputs, &of_interest).unwrap();
        let found =
            sample.measure(&[Limits { low: Some(5.0), high: Some(8.5) }, Limits { low: None, high: Some(9.0) }]);
        assert_eq!((found.runs, found.interest, found.coverage, found.density), (4, 4, 0.8, 1.0));
        assert!((found.quasi_p[0].0.unwrap() - (4.0f64 / 9.0).powi(4)).abs() < 1e-12);
        assert_eq!((found.quasi_p[0].1, found.quasi_p[1]), (Some(1.0), (None, Some(1.0))), "these do nothing");
        let simple = sample.simplify(&found, 0.5);
        assert_eq!(simple.limits, [Limits { low: Some(5.0), high: None }, Limits::default()]);
        assert_eq!((simple.coverage, simple.density), (1.0, 1.0));
    }

    #[test]
    fn a_box_that_is_taken_out_leaves_the_others_to_be_found() {
        let inputs = [vec![1.0, 2.0, 3.0, 4.0]];
        let sample = Sample::new(&inputs, &[true, true, false, true]).unwrap();
        let rest = sample.without(&[Limits { low: None, high: Some(2.0) }]);
        let all = rest.measure(&[Limits::default()]);
        assert_eq!((all.runs, all.interest, all.mass), (2, 1, 0.5));
        assert!((all.coverage - 1.0 / 3.0).abs() < 1e-12);
    }

    #[test]
    fn nonsense_is_refused() {
        assert!(Sample::new(&[vec![1.0]], &[true, false]).is_none());
        assert!(Sample::new(&[vec![f64::NAN]], &[true]).is_none());
        assert!(Sample::new(&[vec![1.0]], &[false]).is_none());
    }
}
