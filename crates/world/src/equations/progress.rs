//! E3, algorithmic progress: a bloc's own, slower with less research computing; what it takes from others is
//! E18.

use super::DT;

/// Growth of ln A in a quarter by a bloc's own research: the frontier's rate times effort to an exponent, with
/// the effects of open science and of being controlled (`boost`, 0 = none).
pub fn own_growth(ln_frontier_growth_per_year: f64, effort_ratio: f64, effort_exponent: f64, boost: f64) -> f64 {
    let effort = if effort_ratio >= 1.0 { 1.0 } else { effort_ratio.max(1e-6).powf(effort_exponent) };
    ln_frontier_growth_per_year * effort * (1.0 + boost) * DT
}

/// Pace of progress over that of the reference, as far as it goes with research computing: progress in proportion to
/// the growth of cumulative research input (`dA/A = lambda dR/R`, Davidson 2023), so that `by_compute` of it stops
/// where research computing stands still.
pub fn pace_of_research(growth_per_year: f64, reference_growth_per_year: f64, by_compute: f64) -> f64 {
    if reference_growth_per_year <= 0.0 {
        return 1.0;
    }
    1.0 - by_compute + by_compute * (growth_per_year / reference_growth_per_year).max(0.0)
}

/// Share of the frontier's pace that is left as algorithms near their ceiling: in a straight line over the
/// tenfolds between where they stood at the end of 2025 and the ceiling (after FTM's form).
pub fn pace_left(ln_efficiency: f64, headroom_tenfolds: f64) -> f64 {
    (1.0 - ln_efficiency / (headroom_tenfolds * std::f64::consts::LN_10)).clamp(0.0, 1.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn half_way_to_the_ceiling_progress_has_half_its_pace() {
        assert!((pace_left(3.0 * std::f64::consts::LN_10, 6.0) - 0.5).abs() < 1e-12);
        assert_eq!(pace_left(-1.0, 6.0), 1.0);
        assert_eq!(pace_left(100.0, 6.0), 0.0);
    }

    #[test]
    fn research_computing_that_grows_half_as_fast_takes_a_quarter_off_a_pace_that_is_half_its_own() {
        assert!((pace_of_research(0.5, 1.0, 0.5) - 0.75).abs() < 1e-12);
        assert_eq!(pace_of_research(0.0, 1.0, 1.0), 0.0);
        assert_eq!(pace_of_research(0.3, 1.0, 0.0), 1.0);
    }

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
