//! E11, supply, in its simplest stated form: what US vendors can deliver, in value, grows at a rate that fades;
//! what China makes, in chips, grows faster where its demand is denied.

/// Growth in a quarter, as a factor, of something that grew by `growth_per_year` (1.5 = half) a year, of whose
/// excess over one a share `left` is left.
pub fn fading_growth(growth_per_year: f64, left: f64) -> f64 {
    quarterly(1.0 + (growth_per_year - 1.0) * left)
}

/// Years of full growth that fading growth amounts to after `years`, when its logarithm halves every
/// `half_life_years` and a share `left` of it is left; before the start it grew at its full rate.
pub fn effective_years(half_life_years: f64, years: f64, left: f64) -> f64 {
    if years <= 0.0 { years } else { half_life_years / std::f64::consts::LN_2 * (1.0 - left) }
}

/// Domestic output's growth in a quarter, as a factor: a yearly rate, plus `learning_per_tenth` a year for every
/// tenth of demand that is denied (blow-back, E12).
pub fn domestic_growth(growth_per_year: f64, learning_per_tenth: f64, denied_share: f64) -> f64 {
    quarterly(growth_per_year + learning_per_tenth * 10.0 * denied_share)
}

/// The fourth root: a year's factor in a quarter.
fn quarterly(growth_per_year: f64) -> f64 {
    growth_per_year.sqrt().sqrt()
}

/// Capacity of the next quarter when what was asked for was more: it follows over the lead time of the industry.
pub fn followed(capacity: f64, asked: f64, lead_quarters: f64) -> f64 {
    capacity + (asked - capacity).max(0.0) / lead_quarters.max(1.0)
}

/// Share of what is wanted that can be had.
pub fn rationing(wanted: f64, capacity: f64) -> f64 {
    if wanted <= capacity { 1.0 } else { capacity / wanted }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn growth_of_half_a_year_fades_to_a_quarter_when_half_is_left() {
        assert!((fading_growth(1.5, 1.0).powi(4) - 1.5).abs() < 1e-12);
        assert!((fading_growth(1.5, 0.5).powi(4) - 1.25).abs() < 1e-12);
    }

    #[test]
    fn growth_that_halves_every_three_years_comes_to_an_end() {
        // 3 / ln 2 = 4.328 years of full growth in all, half of them after three years.
        assert!((effective_years(3.0, 1e3, 0.0) - 4.328_085).abs() < 1e-6);
        assert!((effective_years(3.0, 3.0, 0.5) - 2.164_043).abs() < 1e-6);
        assert_eq!(effective_years(3.0, -2.0, 1.0), -2.0);
    }

    #[test]
    fn a_fifth_denied_adds_ten_points_at_five_a_tenth() {
        assert!((domestic_growth(1.4, 0.05, 0.2).powi(4) - 1.5).abs() < 1e-12);
    }

    #[test]
    fn supply_follows_demand_over_its_lead_and_does_not_fall_back() {
        assert_eq!(followed(100.0, 140.0, 4.0), 110.0);
        assert_eq!(followed(100.0, 60.0, 4.0), 100.0);
    }

    #[test]
    fn short_supply_is_shared_out() {
        assert_eq!(rationing(200.0, 150.0), 0.75);
        assert_eq!(rationing(100.0, 150.0), 1.0);
    }
}
