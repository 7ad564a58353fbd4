//! E11, supply, in its simplest stated form: what US vendors can deliver, in value, grows at a rate that fades;
//! what China makes, in chips, grows faster where its demand is denied.

use super::DT;

/// Growth in a quarter, as a factor, of something that grows by `growth` (1.5 = half) a year at first and whose
/// excess over one halves every `half_life_years`.
pub fn fading_growth(growth_per_year: f64, half_life_years: f64, years: f64) -> f64 {
    (1.0 + (growth_per_year - 1.0) * 0.5_f64.powf(years / half_life_years)).powf(DT)
}

/// Growth since the start, as a factor, of something whose logarithmic growth halves every `half_life_years`;
/// before the start it grew at its full rate.
pub fn faded(growth_per_year: f64, half_life_years: f64, years: f64) -> f64 {
    let effective = if years <= 0.0 {
        years
    } else {
        half_life_years / std::f64::consts::LN_2 * (1.0 - 0.5_f64.powf(years / half_life_years))
    };
    growth_per_year.powf(effective)
}

/// Domestic output's growth in a quarter, as a factor: a yearly rate, plus `learning_per_tenth` a year for every
/// tenth of demand that is denied (blow-back, E12).
pub fn domestic_growth(growth_per_year: f64, learning_per_tenth: f64, denied_share: f64) -> f64 {
    (growth_per_year + learning_per_tenth * 10.0 * denied_share).powf(DT)
}

/// Share of what is wanted that can be had.
pub fn rationing(wanted: f64, capacity: f64) -> f64 {
    if wanted <= capacity { 1.0 } else { capacity / wanted }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn growth_of_half_a_year_fades_to_a_quarter_after_one_half_life() {
        assert!((fading_growth(1.5, 3.0, 0.0).powi(4) - 1.5).abs() < 1e-12);
        assert!((fading_growth(1.5, 3.0, 3.0).powi(4) - 1.25).abs() < 1e-12);
    }

    #[test]
    fn growth_that_halves_every_three_years_comes_to_an_end() {
        // ln 1.2 x 3 / ln 2 = 0.7891 in all.
        assert!((faded(1.2, 3.0, 1e3) - 0.7891_f64.exp()).abs() < 1e-4);
        assert!((faded(1.2, 3.0, -2.0) - 1.2_f64.powi(-2)).abs() < 1e-12);
    }

    #[test]
    fn a_fifth_denied_adds_ten_points_at_five_a_tenth() {
        assert!((domestic_growth(1.4, 0.05, 0.2).powi(4) - 1.5).abs() < 1e-12);
    }

    #[test]
    fn short_supply_is_shared_out() {
        assert_eq!(rationing(200.0, 150.0), 0.75);
        assert_eq!(rationing(100.0, 150.0), 1.0);
    }
}
