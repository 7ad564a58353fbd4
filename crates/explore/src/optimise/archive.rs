//! What a search keeps: candidates that no other one beats, at most one a box.

use super::Solution;

/// Candidates that no other one beats, at most one a box of the objectives.
///
/// The objectives are cut into boxes of a given width; of two candidates in one box the one nearer to its best corner stays,
/// and boxes dominate each other as points do (Laumanns, Thiele, Deb and Zitzler, "Combining convergence and diversity in
/// evolutionary multiobjective optimization", Evol. Comput. 10, 2002). So the set stays small, spread, and never gets worse.
///
/// # Examples
/// ```
/// use explore::optimise::{Archive, Rating, Solution};
///
/// let mut archive = Archive::new(vec![0.1, 0.1]);
/// for payoffs in [[0.5, 0.5], [0.9, 0.1], [0.4, 0.4], [0.51, 0.51]] {
///     archive.offer(&Solution { variables: vec![], rating: Rating::from(payoffs.to_vec()) });
/// }
/// let kept: Vec<f64> = archive.solutions().iter().map(|kept| kept.rating.payoffs[0]).collect();
/// assert_eq!(kept, [0.9, 0.51]);
/// ```
#[derive(Clone, Debug)]
pub struct Archive {
    widths: Vec<f64>,
    kept: Vec<(Vec<f64>, Solution)>,
}

impl Archive {
    /// An empty archive with the width of a box by objective.
    ///
    /// # Panics
    /// Unless all widths are positive.
    pub fn new(widths: Vec<f64>) -> Self {
        assert!(widths.iter().all(|width| *width > 0.0), "a box has a width");
        Self { widths, kept: Vec::new() }
    }

    /// Takes a candidate in, if it may be taken and no other one beats it; returns whether it was.
    ///
    /// # Panics
    /// If it has another number of objectives.
    pub fn offer(&mut self, solution: &Solution) -> bool {
        assert_eq!(solution.rating.payoffs.len(), self.widths.len(), "one width an objective");
        if solution.rating.broken() > 0.0 {
            return false;
        }
        let payoffs = &solution.rating.payoffs;
        let corner: Vec<f64> =
            payoffs.iter().zip(&self.widths).map(|(payoff, width)| (payoff / width).ceil()).collect();
        let far = |of: &Solution| -> f64 {
            let payoffs = of.rating.payoffs.iter().zip(&self.widths).zip(&corner);
            payoffs.map(|((payoff, width), corner)| (corner - payoff / width).powi(2)).sum()
        };
        for (known, other) in &self.kept {
            if *known == corner {
                if other.rating.dominates(&solution.rating)
                    || (!solution.rating.dominates(&other.rating) && far(other) <= far(solution))
                {
                    return false;
                }
            } else if known.iter().zip(&corner).all(|(known, corner)| known >= corner) {
                return false;
            }
        }
        self.kept.retain(|(known, _)| !corner.iter().zip(known).all(|(corner, known)| corner >= known));
        self.kept.push((corner, solution.clone()));
        true
    }

    /// What is kept, the best in the first objective first.
    pub fn solutions(&self) -> Vec<&Solution> {
        let mut all: Vec<&Solution> = self.kept.iter().map(|(_, solution)| solution).collect();
        all.sort_by(|a, b| {
            let pairs = b.rating.payoffs.iter().zip(&a.rating.payoffs);
            pairs.map(|(b, a)| b.total_cmp(a)).find(|order| order.is_ne()).unwrap_or(std::cmp::Ordering::Equal)
        });
        all
    }
}
