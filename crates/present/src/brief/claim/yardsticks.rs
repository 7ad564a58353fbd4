//! Which measure of a claim is held against which thresholds.

use study::findings::{ClaimFinding, ClaimId};

/// A measure with the thresholds of its test.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Yardstick {
    /// Key in the claim's metrics.
    pub metric: &'static str,
    /// Key of the threshold for.
    pub in_favour: &'static str,
    /// Key of the threshold against; `-key` is its mirror, the same number with the sign turned.
    pub against: &'static str,
}

impl Yardstick {
    /// The thresholds for and against, as far as the claim carries them.
    pub fn thresholds(&self, claim: &ClaimFinding) -> (Option<f64>, Option<f64>) {
        let value = |key: &str| match key.strip_prefix('-') {
            Some(mirrored) => claim.thresholds.get(mirrored).map(|value| -value),
            None => claim.thresholds.get(key).copied(),
        };
        (value(self.in_favour), value(self.against))
    }
}

const fn yardstick(metric: &'static str, in_favour: &'static str, against: &'static str) -> Yardstick {
    Yardstick { metric, in_favour, against }
}

/// The measures of a claim's test, in the order in which the test names them. Empty where the test compares
/// measures with one another, or prices: those have charts of their own.
pub fn of(claim: ClaimId) -> &'static [Yardstick] {
    const C1: [Yardstick; 1] = [yardstick("k", "k_for", "k_against")];
    const C2: [Yardstick; 2] = [
        yardstick("elasticity_history", "elasticity_for", "elasticity_against"),
        yardstick("elasticity_no_controls", "elasticity_for", "elasticity_against"),
    ];
    const C4: [Yardstick; 2] = [
        yardstick("value_ratio", "value_ratio_for", "value_ratio_against"),
        yardstick("lead_change", "lead_points", "-lead_points"),
    ];
    const C5: [Yardstick; 2] = [
        yardstick("learning_share_of_fall", "share_for", "share_against"),
        yardstick("adoption_gain", "adoption_points_for", "adoption_points_against"),
    ];
    const C6: [Yardstick; 2] = [
        yardstick("serving_share_of_cost", "serving_share_for", "serving_share_against"),
        yardstick("gain_ratio", "gain_ratio_for", "gain_ratio_against"),
    ];
    const C7: [Yardstick; 4] = [
        yardstick("china_gain_over_both_open", "points_for", "points_against"),
        yardstick("china_gain_over_both_closed", "points_for", "points_against"),
        yardstick("us_gain_over_both_open", "points_for", "points_against"),
        yardstick("us_gain_over_both_closed", "points_for", "points_against"),
    ];
    match claim {
        ClaimId::C1 => &C1,
        ClaimId::C2 => &C2,
        ClaimId::C4 => &C4,
        ClaimId::C5 => &C5,
        ClaimId::C6 => &C6,
        ClaimId::C7 => &C7,
        ClaimId::C3 | ClaimId::C8 | ClaimId::C9 => &[],
    }
}
