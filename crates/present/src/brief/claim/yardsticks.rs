//! Which measure of a claim is held against which thresholds.

use study::findings::ClaimId;

use crate::chart::Shape;

/// A measure with the thresholds of its test.
#[derive(Clone, Copy, Debug)]
pub struct Yardstick {
    /// Key in the claim's metrics.
    pub metric: &'static str,
    /// Key of the threshold for.
    pub in_favour: Option<&'static str>,
    /// Key of the threshold against.
    pub against: Option<&'static str>,
    /// How values are spread.
    pub shape: Shape,
}

const fn yardstick(metric: &'static str, in_favour: &'static str, against: &'static str) -> Yardstick {
    Yardstick { metric, in_favour: Some(in_favour), against: Some(against), shape: Shape::Linear }
}

/// The measures of a claim's test, in the order in which the test names them.
pub fn of(claim: ClaimId) -> Vec<Yardstick> {
    match claim {
        ClaimId::C1 => vec![yardstick("r1", "r1_for", "r1_against"), yardstick("k", "k_for", "k_against")],
        ClaimId::C2 => vec![yardstick("elasticity", "elasticity_for", "elasticity_against")],
        ClaimId::C5 => vec![
            yardstick("learning_share", "share_for", "share_against"),
            yardstick("adoption_points", "adoption_points_for", "adoption_points_against"),
        ],
        ClaimId::C6 => vec![
            yardstick("serving_share", "serving_share_for", "serving_share_against"),
            yardstick("gain_ratio", "gain_ratio_for", "gain_ratio_against"),
        ],
        ClaimId::C3 | ClaimId::C4 | ClaimId::C7 | ClaimId::C8 | ClaimId::C9 => Vec::new(),
    }
}
