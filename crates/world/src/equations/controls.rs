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

/// The leak around the controls in a quarter.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Leak {
    /// Smuggled share of denied demand at the gap at which it was measured, under today's enforcement [fraction].
    pub share: f64,
    /// That gap [fraction].
    pub gap_then: f64,
    /// Premium of smuggled chips at that gap, over the legal price [fraction].
    pub premium_then: f64,
    /// How the share of what is offered rises with the premium [exponent].
    pub premium_exponent: f64,
}

impl Leak {
    /// No leak.
    pub const NONE: Self = Self { share: 0.0, gap_then: 1.0, premium_then: 0.0, premium_exponent: 0.0 };

    /// The premium that buyers bear at a gap, in proportion to what the smuggled chip gives them beyond the best
    /// that they may have [fraction].
    pub fn premium_at(&self, gap: f64) -> f64 {
        self.premium_then * gap / self.gap_then
    }

    /// Share of denied demand that is smuggled at a gap: `share x (gap / gap_then) x (premium / premium_then)^theta`
    /// [fraction].
    pub fn share_at(&self, gap: f64) -> f64 {
        let relative = gap / self.gap_then;
        if relative <= 0.0 { 0.0 } else { (self.share * relative * relative.powf(self.premium_exponent)).min(1.0) }
    }
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
    fn no_gap_no_leak_and_half_the_gap_a_quarter_where_the_premium_counts_in_full() {
        let leak = Leak { share: 0.2, gap_then: 0.8, premium_then: 0.4, premium_exponent: 1.0 };
        assert_eq!(leak.share_at(gap(1.2, 1.0)), 0.0);
        assert!((leak.share_at(0.8) - 0.2).abs() < 1e-12 && (leak.premium_at(0.8) - 0.4).abs() < 1e-12);
        assert!((leak.share_at(0.4) - 0.05).abs() < 1e-12);
        assert!((leak.premium_at(0.4) - 0.2).abs() < 1e-12);
    }

    #[test]
    fn half_of_the_denied_half_makes_three_quarters() {
        assert_eq!(with_licences(0.5, 0.5), 0.75);
    }
}
