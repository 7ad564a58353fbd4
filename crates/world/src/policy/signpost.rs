//! Adaptive policies: signposts that are watched, and what is switched to when they show it (CONTRACTS section 10,
//! `[[switch]]`).
//!
//! After Walker, Rahman and Cave, "Adaptive policies, policy analysis, and policy-making", Eur. J. Oper. Res. 128 (2001):
//! a signpost is information that is tracked, a trigger the value of it at which something is done. A switch is decided on
//! what a quarter has shown and holds from the next one on.

use units::Quarter;

use super::Policy;
use crate::Variable;

/// On which side of the threshold a signpost shows it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// Above the threshold.
    Above,
    /// Below the threshold.
    Below,
}

/// What is watched, and the trigger.
#[derive(Clone, Debug, PartialEq)]
pub struct Signpost {
    /// The variable; of one by sector, the whole economy's.
    pub variable: Variable,
    /// The bloc, or `world`.
    pub bloc: String,
    /// Whether it is the bloc's share of the world's figure that is watched [fraction], in place of the figure.
    pub share_of_world: bool,
    /// On which side of the threshold it must be.
    pub side: Side,
    /// The threshold, in the variable's unit or as a share.
    pub threshold: f64,
    /// For how many quarters in a row; at least one [quarters].
    pub quarters: u32,
    /// The first quarter that counts; none for the first under the policy.
    pub from: Option<Quarter>,
}

/// A switch: when, and to what.
#[derive(Clone, Debug)]
pub struct Switch {
    /// What is watched.
    pub when: Signpost,
    /// The policy that then holds, whole: its rules, levers and its own switches take the place of those before.
    pub to: Box<Policy>,
}

impl Signpost {
    /// Whether a variable can be watched: those by bloc, and those by bloc and sector as a whole.
    pub fn can_watch(variable: Variable) -> bool {
        matches!(variable.dimension(), crate::Dimension::Bloc | crate::Dimension::BlocSector)
    }
}
