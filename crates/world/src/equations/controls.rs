//! E12, controls and leak: the outcome of the rules becomes a share of demand that is shipped; what is denied
//! leaks in proportion to the gap between what is denied and what may be had.

/// What lowers the leak.
#[derive(Clone, Copy, Debug)]
pub struct Enforcement {
    /// Doublings of enforcement money beyond that of 2024.
    pub doublings: f64,
    /// Fall of the leak with each doubling [fraction].
    pub effect_per_doubling: f64,
    /// Fall by location checks, 0 where there are none [fraction].
    pub location_checks: f64,
}

/// What is left of the leak under enforcement [fraction].
pub fn leak_left(enforcement: Enforcement) -> f64 {
    (1.0 - enforcement.effect_per_doubling).powf(enforcement.doublings) * (1.0 - enforcement.location_checks)
}

/// Gap between the best denied and the best allowed chip, by value per dollar: 0 = none, 1 = nothing allowed.
pub fn gap(best_allowed: f64, best_denied: f64) -> f64 {
    if best_denied <= 0.0 { 0.0 } else { (1.0 - best_allowed / best_denied).max(0.0) }
}

/// Share of denied demand that is smuggled: `share_then` at the gap of 2024 (`gap_then`), rising with the gap.
pub fn leak_share(share_then: f64, gap: f64, gap_then: f64, exponent: f64, left: f64) -> f64 {
    if gap <= 0.0 { 0.0 } else { (share_then * (gap / gap_then).powf(exponent) * left).min(1.0) }
}

/// The share shipped after part of the denied demand is licensed all the same (C3, equally strict controls).
pub fn with_licences(allowed: f64, licensed_share_of_denied: f64) -> f64 {
    allowed + (1.0 - allowed) * licensed_share_of_denied
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_doubling_and_location_checks_multiply() {
        let enforcement = Enforcement { doublings: 1.0, effect_per_doubling: 0.25, location_checks: 0.4 };
        assert!((leak_left(enforcement) - 0.45).abs() < 1e-12);
    }

    #[test]
    fn no_gap_no_leak() {
        assert_eq!(leak_share(0.2, gap(1.2, 1.0), 0.5, 1.0, 1.0), 0.0);
        assert_eq!(leak_share(0.2, 0.5, 0.5, 1.0, 1.0), 0.2);
    }

    #[test]
    fn half_of_the_denied_half_makes_three_quarters() {
        assert_eq!(with_licences(0.5, 0.5), 0.75);
    }
}
