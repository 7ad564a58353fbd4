//! E2, effective compute: the largest run of a year in FLOP of the reference algorithms, and capability from it.

use units::SECONDS_PER_YEAR;

/// A year's largest training run, in FLOP of the reference algorithms: the share of research computing that goes
/// into final runs, for a year, times algorithmic efficiency [FLOP].
pub fn effective_flop(train_flop_per_s: f64, final_run_share: f64, algorithmic_efficiency: f64) -> f64 {
    train_flop_per_s * final_run_share * SECONDS_PER_YEAR * algorithmic_efficiency
}

/// What is left of a follower's edge: all of it as far behind as at the reference or farther, nothing at the
/// frontier, where there is nobody to follow; in a straight line between.
pub fn edge_left(points_behind: f64, points_behind_then: f64) -> f64 {
    if points_behind_then > 0.0 { (points_behind / points_behind_then).clamp(0.0, 1.0) } else { 0.0 }
}

/// Index points above a reference run: `per_log10` for each tenfold effective compute (Epoch AI, 0.3107).
pub fn capability_above(effective_flop: f64, reference_flop: f64, per_log10: f64) -> f64 {
    per_log10 * (effective_flop / reference_flop).log10()
}

/// Index of a run of the reference algorithms at `years` since February 2023 (Epoch AI's joint fit on 68 models,
/// WORLD E2); used once, to set the level at the end of history.
pub fn fitted_capability(flop: f64, years: f64) -> f64 {
    -6.6235 + 0.3107 * flop.log10() + 0.3747 * years
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tenfold_compute_is_a_third_of_a_point() {
        assert!((capability_above(1e27, 1e26, 0.3107) - 0.3107).abs() < 1e-12);
    }

    #[test]
    fn who_has_halved_its_gap_has_half_its_edge_and_the_leader_none() {
        assert_eq!([0.1, 0.2, 0.4, 0.0, -0.1].map(|behind| edge_left(behind, 0.2)), [0.5, 1.0, 1.0, 0.0, 0.0]);
        assert_eq!(edge_left(0.1, 0.0), 0.0);
    }

    #[test]
    fn the_fit_gives_a_gpt4_sized_run_of_early_2023_its_score() {
        // 2e25 FLOP, 2023-03: -6.6235 + 0.3107 x 25.301 + 0.3747/12.
        assert!((fitted_capability(2e25, 1.0 / 12.0) - 1.268_8).abs() < 1e-3);
    }
}
