//! E9, training against serving: the share of new capital that goes into serving follows its marginal value, which
//! is what a dollar of serving capacity earns. That of training is taken at its normal: nothing measures it by quarter.

use super::DT;

/// What a dollar of serving capacity earns over what it earns at normal utilisation and mark-up.
pub fn earned_over_normal(utilisation_over_normal: f64, markup: f64, markup_normal: f64) -> f64 {
    utilisation_over_normal * (1.0 + markup) / (1.0 + markup_normal)
}

/// The next quarter's share of serving: in log-odds towards the long-run share, at which both uses are worth the
/// same at the margin, and up as far as serving earns more than normal (marginal rate of substitution).
pub fn next_share(share: f64, long_run: f64, earned_over_normal: f64, speed_per_year: f64) -> f64 {
    let odds = |share: f64| (share / (1.0 - share)).ln();
    let pull = odds(long_run) + earned_over_normal.max(1e-3).ln();
    let own = odds(share);
    let next = own + speed_per_year * DT * (pull - own);
    (1.0 / (1.0 + (-next).exp())).clamp(0.05, 0.95)
}

/// The share of serving in history: a third in 2023 (Deloitte TMT 2026), then in a straight line to that of the
/// last quarter of data, `share_last` at `mid_year_last`; constant before 2023.
pub fn history_share(share_last: f64, mid_year: f64, mid_year_last: f64) -> f64 {
    const SHARE_2023: f64 = 1.0 / 3.0;
    let span = mid_year_last - 2023.5;
    if span <= 0.0 {
        return share_last;
    }
    let along = ((mid_year - 2023.5) / span).clamp(0.0, 1.0);
    SHARE_2023 + (share_last - SHARE_2023) * along
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn at_normal_utilisation_the_share_tends_to_its_long_run() {
        let mut share = 0.5;
        for _ in 0..400 {
            share = next_share(share, 0.67, 1.0, 0.5);
        }
        assert!((share - 0.67).abs() < 1e-6);
    }

    #[test]
    fn half_as_full_again_at_a_mark_up_of_one_over_a_half_earns_twice_the_normal() {
        assert!((earned_over_normal(1.5, 1.0, 0.5) - 2.0).abs() < 1e-12);
    }

    #[test]
    fn scarce_serving_draws_capital() {
        assert!(next_share(0.5, 0.5, 1.5, 0.5) > 0.5);
        assert!(next_share(0.5, 0.5, 0.5, 0.5) < 0.5);
    }

    #[test]
    fn history_starts_at_a_third() {
        assert!((history_share(0.5, 2022.125, 2025.875) - 1.0 / 3.0).abs() < 1e-12);
        assert_eq!(history_share(0.5, 2025.875, 2025.875), 0.5);
        assert_eq!(history_share(0.4, 2022.125, 2023.375), 0.4, "data that end before 2023.5 know one share");
    }
}
