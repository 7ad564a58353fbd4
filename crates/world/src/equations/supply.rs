//! E11, supply of American chips: packaging and stacked memory limit what vendors deliver (Leontief), and both
//! grow with a lag. Front-end wafers are no limit here: no figure of how many each vendor may have was found.

/// Growth in a quarter, as a factor, of something that grew by `growth_per_year` (1.5 = half) a year, of whose
/// excess over one a share `left` is left.
pub fn fading_growth(growth_per_year: f64, left: f64) -> f64 {
    // The fourth root: a year's factor in a quarter.
    (1.0 + (growth_per_year - 1.0) * left).sqrt().sqrt()
}

/// Years of full growth that fading growth amounts to after `years`, when its logarithm halves every
/// `half_life_years` and a share `left` of it is left; before the start it grew at its full rate.
pub fn effective_years(half_life_years: f64, years: f64, left: f64) -> f64 {
    if years <= 0.0 { years } else { half_life_years / std::f64::consts::LN_2 * (1.0 - left) }
}

/// Capacity of the next quarter when what was asked for was more: it follows over the lead time of the industry.
pub fn followed(capacity: f64, asked: f64, lead_quarters: f64) -> f64 {
    capacity + (asked - capacity).max(0.0) / lead_quarters.max(1.0)
}

/// A vendor's share of capacity in the next quarter: towards its share of what all asked for, over the lead time
/// [fraction].
pub fn reallocated(share: f64, asked_share: f64, lead_quarters: f64) -> f64 {
    share + (asked_share - share) / lead_quarters.max(1.0)
}

/// Share of what is wanted that can be had [fraction].
pub fn rationing(wanted: f64, capacity: f64) -> f64 {
    if wanted <= capacity { 1.0 } else { capacity / wanted }
}

/// Packages that a wafer of advanced packaging yields, from the silicon and memory on each: 16 of a B200, whose two
/// dies and eight stacks cover 2,548 mm2 (recalled, unverified; supply.csv has 14 to 16) [packages per wafer].
pub fn packages_per_wafer(die_area_mm2: f64, stacks: f64) -> f64 {
    const USED_MM2: f64 = 16.0 * 2_548.0;
    USED_MM2 / (die_area_mm2 + STACK_MM2 * stacks)
}

/// Footprint of a stack of memory: HBM2E 110, HBM3E 121 (notes of the rule of December 2024) [mm2].
const STACK_MM2: f64 = 115.0;

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
    fn supply_follows_demand_over_its_lead_and_does_not_fall_back() {
        assert_eq!(followed(100.0, 140.0, 4.0), 110.0);
        assert_eq!(followed(100.0, 60.0, 4.0), 100.0);
    }

    #[test]
    fn a_vendor_whose_share_of_orders_is_higher_gains_a_quarter_of_the_difference_at_a_lead_of_four() {
        assert!((reallocated(0.6, 0.8, 4.0) - 0.65).abs() < 1e-12);
        assert!((reallocated(0.6, 0.2, 4.0) - 0.5).abs() < 1e-12);
    }

    #[test]
    fn short_supply_is_shared_out() {
        assert_eq!(rationing(200.0, 150.0), 0.75);
        assert_eq!(rationing(100.0, 150.0), 1.0);
    }

    #[test]
    fn a_wafer_holds_16_b200_or_29_h100() {
        assert!((packages_per_wafer(1_628.0, 8.0) - 16.0).abs() < 1e-9);
        // 814 + 5 x 115 = 1,389 mm2; 40,768 / 1,389 = 29.35.
        assert!((packages_per_wafer(814.0, 5.0) - 29.35).abs() < 0.01);
    }
}
