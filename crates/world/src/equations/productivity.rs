//! E13, value: Hulten's theorem by sector. The gain of the whole economy at full adoption (a camp) is shared out
//! by exposure.

/// Value of use in a sector [USD/year].
pub fn value_usd_per_year(
    gdp_usd_per_year: f64,
    sector_share: f64,
    gain_at_full_adoption: f64,
    relative_exposure: f64,
    adoption: f64,
) -> f64 {
    gdp_usd_per_year * sector_share * gain_at_full_adoption * relative_exposure * adoption
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn acemoglus_gain_at_half_adoption_is_a_hundred_billion_in_the_us() {
        let value = value_usd_per_year(30.62e12, 1.0, 0.0066, 1.0, 0.5);
        assert!((value - 101.046e9).abs() < 1e6);
    }
}
