//! E23, observation: adoption x is the share of potential value that is realised; each published series sees it
//! through a factor of its own.

/// Potential realised where a share of persons use it.
pub fn realised(users_fraction: f64, observation_factor: f64) -> f64 {
    (users_fraction * observation_factor).clamp(1e-4, 0.95)
}

/// What a series anchored at (`anchor_x`, `anchor_value`) shows at adoption `x`.
pub fn observed(x: f64, anchor_x: f64, anchor_value: f64) -> f64 {
    x / anchor_x * anchor_value
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_28_per_cent_users_a_tenth_of_the_potential_is_realised() {
        assert!((realised(0.283, 0.35) - 0.099_05).abs() < 1e-9);
        assert_eq!(observed(0.05, 0.1, 0.283), 0.1415);
    }
}
