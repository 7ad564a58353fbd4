//! Searching for what is best in several objectives at once.
//!
//! A candidate is a list of numbers within bounds; a model rates it by payoffs, more being better (turn the sign of what
//! should be small), and says by how much it breaks what must hold. What comes back are the candidates that no other one
//! beats in everything, spread along the front.
//!
//! | part | see |
//! |---|---|
//! | the search | [`Nsga2`] |
//! | what is kept | [`Archive`]: at most one candidate a box of the objectives |
//! | how good a set is | [`hypervolume`] |
//!
//! The same draws give the same set, for one thread or many: every random number is a function of generation, candidate
//! and variable.

mod archive;
mod hypervolume;
mod nsga2;
mod variation;

pub use archive::Archive;
pub use hypervolume::hypervolume;
pub use nsga2::{Nsga2, Searched};

/// What a candidate is worth.
#[derive(Clone, Debug, PartialEq)]
pub struct Rating {
    /// Payoffs by objective; more is better. One that is not finite makes the candidate useless.
    pub payoffs: Vec<f64>,
    /// By how much it breaks what must hold; 0 or less for a candidate that may be taken.
    pub violation: f64,
}

impl From<Vec<f64>> for Rating {
    /// A candidate that breaks nothing.
    fn from(payoffs: Vec<f64>) -> Self {
        Self { payoffs, violation: 0.0 }
    }
}

impl Rating {
    /// The violation, infinite where a payoff is not finite.
    fn broken(&self) -> f64 {
        let sound = self.payoffs.iter().all(|payoff| payoff.is_finite()) && !self.violation.is_nan();
        if sound { self.violation.max(0.0) } else { f64::INFINITY }
    }

    /// Whether this one is better in a pair (Deb's rules: what may be taken beats what may not, then the smaller violation,
    /// then what is at least as good in everything and better in something).
    fn dominates(&self, other: &Self) -> bool {
        let (mine, theirs) = (self.broken(), other.broken());
        if mine > 0.0 || theirs > 0.0 {
            return mine < theirs;
        }
        let mut better = false;
        for (mine, theirs) in self.payoffs.iter().zip(&other.payoffs) {
            if mine < theirs {
                return false;
            }
            better |= mine > theirs;
        }
        better
    }
}

/// A candidate and what it is worth.
#[derive(Clone, Debug, PartialEq)]
pub struct Solution {
    /// Its numbers, within the bounds.
    pub variables: Vec<f64>,
    /// Its rating.
    pub rating: Rating,
}
