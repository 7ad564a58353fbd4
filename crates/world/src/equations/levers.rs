//! E21, levers: what they do after a lag, and what they cost of the envelope.

use super::DT;

/// Share of a lever's full effect, `quarters` after it was pulled: in a straight line over its lag.
pub fn ramp(quarters: f64, lag_quarters: f64) -> f64 {
    if quarters < 0.0 {
        0.0
    } else if lag_quarters <= 0.0 {
        1.0
    } else {
        ((quarters + 1.0) / (lag_quarters + 1.0)).min(1.0)
    }
}

/// An adoption programme in one sector: it pulls adoption forward, never raises its ceiling, and its lead decays.
#[derive(Clone, Copy, Debug)]
pub struct Programme {
    /// Money a head of population [USD/year].
    pub usd_per_head_per_year: f64,
    /// Points per USD and head in a sector the size of US healthcare in 2023.
    pub points_per_usd: f64,
    /// The sector's share of value added: a larger sector needs more for the same points [fraction].
    pub sector_share: f64,
    /// Quarters by which adoption may be pulled forward at most.
    pub pull_quarters: f64,
}

/// HITECH's 10 points for 87 USD a head were bought in a sector of this share of product (US healthcare, 2023).
const REFERENCE_SHARE: f64 = 0.076;

/// The lead after a quarter more of a programme: it gains points for its money, decays over the quarters of the
/// pull, and is at most what the curve itself adds in that many quarters.
pub fn lead(lead: f64, programme: Programme, natural_growth: f64, room: f64) -> f64 {
    if programme.pull_quarters <= 0.0 {
        return 0.0;
    }
    let gain = programme.points_per_usd / 100.0 * programme.usd_per_head_per_year * DT
        / (programme.sector_share / REFERENCE_SHARE);
    let kept = lead * (1.0 - 1.0 / programme.pull_quarters.max(1.0));
    (kept + gain).min(natural_growth * programme.pull_quarters).min(room).max(0.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    const PROGRAMME: Programme =
        Programme { usd_per_head_per_year: 87.0, points_per_usd: 0.115, sector_share: 0.076, pull_quarters: 8.0 };

    #[test]
    fn a_lever_takes_effect_over_its_lag() {
        assert_eq!([-1.0, 0.0, 3.0, 9.0].map(|quarters| ramp(quarters, 7.0)), [0.0, 0.125, 0.5, 1.0]);
        assert_eq!(ramp(0.0, 0.0), 1.0);
    }

    #[test]
    fn hitechs_money_in_a_year_buys_its_ten_points_before_decay() {
        let one_quarter = lead(0.0, PROGRAMME, 1.0, 1.0);
        assert!((4.0 * one_quarter - 0.10).abs() < 1e-3);
    }

    #[test]
    fn the_lead_is_never_more_than_the_pull_and_goes_when_the_money_stops() {
        assert!((lead(0.5, PROGRAMME, 0.01, 1.0) - 0.08).abs() < 1e-12);
        let mut left = 0.08;
        for _ in 0..64 {
            left = lead(left, Programme { usd_per_head_per_year: 0.0, ..PROGRAMME }, 0.01, 1.0);
        }
        assert!(left < 1e-4);
    }
}
