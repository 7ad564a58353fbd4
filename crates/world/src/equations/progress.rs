//! E3, algorithmic progress: a bloc's own, slower with less research computing; what it takes from others is
//! E18.

use super::DT;

/// Growth of ln A in a quarter by a bloc's own research: the frontier's rate times effort to an exponent, with
/// the effects of open science and of being controlled (`boost`, 0 = none).
pub fn own_growth(ln_frontier_growth_per_year: f64, effort_ratio: f64, effort_exponent: f64, boost: f64) -> f64 {
    let effort = if effort_ratio >= 1.0 { 1.0 } else { effort_ratio.max(1e-6).powf(effort_exponent) };
    ln_frontier_growth_per_year * effort * (1.0 + boost) * DT
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_leader_moves_at_the_frontier() {
        let year = 4.0 * own_growth(3.5_f64.ln(), 1.0, 0.1, 0.0);
        assert!((year.exp() - 3.5).abs() < 1e-12);
    }

    #[test]
    fn a_tenth_of_the_computing_at_exponent_a_tenth_keeps_79_per_cent_of_the_pace() {
        let ratio = own_growth(1.0, 0.1, 0.1, 0.0) / own_growth(1.0, 1.0, 0.1, 0.0);
        assert!((ratio - 0.794_328).abs() < 1e-6);
    }
}
