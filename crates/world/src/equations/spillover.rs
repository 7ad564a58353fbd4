//! E18, spill-over: followers close their gap in algorithms at a rate that openness and cooperation raise.

use super::DT;

/// Rate at which a follower closes its gap, the inverse of its lag [1/year].
///
/// `openness` of the frontier, 0 to 1, shortens the lag by up to `open_effect_months`; cooperation raises the
/// rate by `cooperation`.
pub fn rate_per_year(lag_closed_months: f64, open_effect_months: f64, openness: f64, cooperation: f64) -> f64 {
    let lag_months = (lag_closed_months - open_effect_months * openness).max(1.0);
    12.0 / lag_months * (1.0 + cooperation)
}

/// What a follower gains in ln A in a quarter: never more than the gap.
pub fn gain(rate_per_year: f64, ln_gap: f64) -> f64 {
    ln_gap.max(0.0) * (rate_per_year * DT).min(1.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lag_of_twelve_months_closes_a_quarter_of_the_gap_in_a_quarter() {
        let rate = rate_per_year(15.0, 3.0, 1.0, 0.0);
        assert_eq!(rate, 1.0);
        assert_eq!(gain(rate, 0.8), 0.2);
    }

    #[test]
    fn who_leads_gains_nothing() {
        assert_eq!(gain(2.0, -0.5), 0.0);
    }
}
