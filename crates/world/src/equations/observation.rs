//! E23, observation: adoption x is the share of potential value that is realised; each published series sees it
//! through an offset and a factor of its own.

/// Potential realised where a share of persons use it.
pub fn realised(users_fraction: f64, observation_factor: f64) -> f64 {
    (users_fraction * observation_factor).clamp(1e-4, 0.95)
}

/// What a series shows when what it sees is `signal_ratio` times that of its anchor: `offset + factor x signal`,
/// with the factor that shows `anchor_value` at the anchor.
pub fn shown(signal_ratio: f64, offset: f64, anchor_value: f64) -> f64 {
    // An offset above the anchor would turn the series round.
    let offset = offset.min(anchor_value);
    offset + (anchor_value - offset) * signal_ratio
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_28_per_cent_users_a_tenth_of_the_potential_is_realised() {
        assert!((realised(0.283, 0.35) - 0.099_05).abs() < 1e-9);
    }

    #[test]
    fn a_series_anchored_at_10_per_cent_with_an_offset_of_two_shows_six_at_half_the_adoption() {
        assert!((shown(0.5, 0.02, 0.10) - 0.06).abs() < 1e-12);
        assert_eq!(shown(1.0, 0.02, 0.10), 0.10);
    }

    #[test]
    fn an_offset_above_the_anchor_leaves_a_series_that_does_not_move() {
        assert_eq!(shown(3.0, 0.2, 0.1), 0.1);
    }
}
