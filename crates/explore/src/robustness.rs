//! Choosing under deep uncertainty: regret over futures, weights that nobody agrees on, thresholds.
//!
//! A payoff is a number for (alternative, future, objective), more being better; turn the sign of what should
//! be small. With weights on the objectives an alternative has one score in each future, and its *regret*
//! there is what the best alternative would have scored more (Savage 1951). An alternative whose regret is small
//! in nearly all futures is robust; which one is depends on the weights, so ask over all of them.
//!
//! | criterion | see |
//! |---|---|
//! | regret, its quantiles and its maximum (minimax regret: Savage) | [`Payoffs::regret_quantiles`], [`least`] |
//! | share of futures in which every objective is met (domain criterion) | [`Payoffs::satisficing`] |
//! | worst payoff, Hurwicz, mean-variance, signal to noise | [`worst`], [`hurwicz`], [`mean_variance`], [`signal_to_noise`] |
//! | what no other alternative beats in everything | [`pareto_set`] |

mod criteria;
mod pareto;
mod simplex;

use rayon::prelude::*;

use crate::statistics::quantile_in_place;
pub use criteria::{hurwicz, mean_variance, signal_to_noise, worst};
pub use pareto::pareto_set;
pub use simplex::even_weights;

/// Payoffs of alternatives in futures by objectives; more is better.
///
/// # Examples
/// Two alternatives, three futures, one objective. The bold one is best twice, but fails once:
/// ```
/// use explore::robustness::Payoffs;
///
/// let table = [[5.0, 5.0, 0.0], [4.0, 4.0, 4.0]];
/// let payoffs = Payoffs::new([2, 3, 1], |alternative, future, _| table[alternative][future]).unwrap();
/// assert_eq!(payoffs.regret_quantiles(&[1.0], 1.0), [4.0, 1.0]);
/// assert_eq!(payoffs.satisficing(&[3.0]), [2.0 / 3.0, 1.0]);
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Payoffs {
    alternatives: usize,
    futures: usize,
    objectives: usize,
    /// Future by future, in it alternative by alternative, in it objective by objective.
    values: Vec<f64>,
}

impl Payoffs {
    /// Payoffs of `[alternatives, futures, objectives]` from a function of (alternative, future, objective).
    /// `None` if one of the three is 0 or a payoff is not finite.
    pub fn new(shape: [usize; 3], payoff: impl Fn(usize, usize, usize) -> f64) -> Option<Self> {
        let [alternatives, futures, objectives] = shape;
        let mut values = Vec::with_capacity(alternatives * futures * objectives);
        for future in 0..futures {
            for alternative in 0..alternatives {
                values.extend((0..objectives).map(|objective| payoff(alternative, future, objective)));
            }
        }
        let whole = !values.is_empty() && values.iter().all(|value| value.is_finite());
        whole.then_some(Self { alternatives, futures, objectives, values })
    }

    /// Each objective on a scale from 0 (its quantile at `low` over all alternatives and futures) to 1 (at
    /// `high`), clipped. An objective that does not differ between them is 0 throughout: it decides nothing.
    /// `None` unless `0 <= low < high <= 1`.
    pub fn scaled(&self, low: f64, high: f64) -> Option<Self> {
        if !(0.0..1.0).contains(&low) || !(low..=1.0).contains(&high) || low == high {
            return None;
        }
        let mut scaled = self.clone();
        for objective in 0..self.objectives {
            let mut all: Vec<f64> = self.values.iter().skip(objective).step_by(self.objectives).copied().collect();
            let (from, to) = (quantile_in_place(&mut all, low)?, quantile_in_place(&mut all, high)?);
            for value in scaled.values.iter_mut().skip(objective).step_by(self.objectives) {
                *value = if to > from { ((*value - from) / (to - from)).clamp(0.0, 1.0) } else { 0.0 };
            }
        }
        Some(scaled)
    }

    /// The regret of every alternative in every future under `weights`, one a objective: `[alternative][future]`.
    ///
    /// # Panics
    /// If there are not as many weights as objectives.
    pub fn regrets(&self, weights: &[f64]) -> Vec<Vec<f64>> {
        assert_eq!(weights.len(), self.objectives, "one weight an objective");
        let mut regrets = vec![Vec::with_capacity(self.futures); self.alternatives];
        let mut scores = vec![0.0; self.alternatives];
        for future in self.values.chunks_exact(self.alternatives * self.objectives) {
            for (score, payoffs) in scores.iter_mut().zip(future.chunks_exact(self.objectives)) {
                *score = payoffs.iter().zip(weights).map(|(payoff, weight)| payoff * weight).sum();
            }
            let best = scores.iter().copied().fold(f64::NEG_INFINITY, f64::max);
            for (regrets, score) in regrets.iter_mut().zip(&scores) {
                regrets.push(best - score);
            }
        }
        regrets
    }

    /// For each alternative the quantile of its regret over the futures at `share` (1 = the largest regret).
    ///
    /// # Panics
    /// If there are not as many weights as objectives, or `share` lies outside 0 to 1.
    pub fn regret_quantiles(&self, weights: &[f64], share: f64) -> Vec<f64> {
        assert!((0.0..=1.0).contains(&share), "a share of {share} is not within 0 to 1");
        let quantile = |mut regrets: Vec<f64>| quantile_in_place(&mut regrets, share).unwrap_or(f64::NAN);
        self.regrets(weights).into_iter().map(quantile).collect()
    }

    /// The payoffs of one alternative in one objective, one a future: what the criteria of one list take.
    ///
    /// # Panics
    /// If there is no such alternative or objective.
    pub fn of(&self, alternative: usize, objective: usize) -> Vec<f64> {
        assert!(alternative < self.alternatives && objective < self.objectives, "no such alternative or objective");
        let first = alternative * self.objectives + objective;
        self.values.iter().skip(first).step_by(self.alternatives * self.objectives).copied().collect()
    }

    /// [`regret_quantiles`](Self::regret_quantiles) for many weights, on all cores: `[weights][alternative]`.
    pub fn regret_table(&self, weights: &[Vec<f64>], share: f64) -> Vec<Vec<f64>> {
        weights.par_iter().map(|weights| self.regret_quantiles(weights, share)).collect()
    }

    /// For each alternative the share of futures in which every objective reaches its threshold (Starr's domain
    /// criterion). A threshold of minus infinity asks nothing.
    ///
    /// # Panics
    /// If there are not as many thresholds as objectives.
    pub fn satisficing(&self, thresholds: &[f64]) -> Vec<f64> {
        assert_eq!(thresholds.len(), self.objectives, "one threshold an objective");
        let mut counts = vec![0usize; self.alternatives];
        for future in self.values.chunks_exact(self.alternatives * self.objectives) {
            for (count, payoffs) in counts.iter_mut().zip(future.chunks_exact(self.objectives)) {
                *count += usize::from(payoffs.iter().zip(thresholds).all(|(payoff, threshold)| payoff >= threshold));
            }
        }
        counts.into_iter().map(|count| count as f64 / self.futures as f64).collect()
    }
}

/// The place of the smallest regret, the first of equal ones, and its distance to the next smallest (infinite if
/// there is no other). `None` for an empty list.
///
/// # Examples
/// ```
/// let (best, margin) = explore::robustness::least(&[0.3, 0.1, 0.15]).unwrap();
/// assert_eq!(best, 1);
/// assert!((margin - 0.05).abs() < 1e-12);
/// ```
pub fn least(regrets: &[f64]) -> Option<(usize, f64)> {
    let (best, least) = regrets.iter().copied().enumerate().min_by(|a, b| a.1.total_cmp(&b.1))?;
    let others = regrets.iter().enumerate().filter(|(index, _)| *index != best);
    let next = others.map(|(_, regret)| *regret).fold(f64::INFINITY, f64::min);
    Some((best, next - least))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Savage's example of regret, by hand: two objectives that pull apart.
    #[test]
    fn regret_follows_the_weights() {
        let table = [[[1.0, 0.0], [1.0, 0.0]], [[0.0, 1.0], [0.5, 1.0]]];
        let payoffs = Payoffs::new([2, 2, 2], |a, f, o| table[a][f][o]).unwrap();
        assert_eq!(payoffs.regrets(&[1.0, 0.0]), [[0.0, 0.0], [1.0, 0.5]]);
        assert_eq!(payoffs.regrets(&[0.0, 1.0]), [[1.0, 1.0], [0.0, 0.0]]);
        assert_eq!(payoffs.regret_quantiles(&[1.0, 0.0], 0.5), [0.0, 0.75]);
    }

    #[test]
    fn scaling_maps_the_range_to_one_and_clips() {
        let payoffs = Payoffs::new([1, 11, 2], |_, future, objective| [future as f64 * 10.0, 3.0][objective]).unwrap();
        let scaled = payoffs.scaled(0.1, 0.9).unwrap();
        let wanted: Vec<f64> =
            (0..11).flat_map(|future| [(f64::from(future - 1) / 8.0).clamp(0.0, 1.0), 0.0]).collect();
        assert_eq!(scaled.values, wanted);
        assert_eq!(payoffs.scaled(0.9, 0.1), None);
    }

    #[test]
    fn the_payoffs_of_one_alternative_come_future_by_future() {
        let payoffs = Payoffs::new([2, 3, 2], |a, f, o| (100 * a + 10 * f + o) as f64).unwrap();
        assert_eq!(payoffs.of(1, 1), [101.0, 111.0, 121.0]);
    }

    #[test]
    fn payoffs_that_are_not_numbers_are_refused() {
        assert_eq!(Payoffs::new([1, 1, 1], |_, _, _| f64::NAN), None);
        assert_eq!(Payoffs::new([0, 1, 1], |_, _, _| 1.0), None);
    }

    proptest! {
        #[test]
        fn regret_is_never_negative_and_in_every_future_somebody_has_none(
            values in prop::collection::vec(-100.0..100.0f64, 3 * 5 * 2), weight in 0.0..=1.0f64,
        ) {
            let payoffs = Payoffs::new([3, 5, 2], |a, f, o| values[(a * 5 + f) * 2 + o]).unwrap();
            let regrets = payoffs.regrets(&[weight, 1.0 - weight]);
            for future in 0..5 {
                let all: Vec<f64> = regrets.iter().map(|regrets| regrets[future]).collect();
                prop_assert_eq!(all.iter().copied().fold(f64::INFINITY, f64::min), 0.0);
            }
        }
    }
}
