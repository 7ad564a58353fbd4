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

/// What is left of an adopter's value where tokens are dearer than they could be without scarcity anywhere.
///
/// It follows from E6: demand of constant elasticity below -1 is that of a user whose value goes with what is
/// spent, so with the price to the power of one plus the elasticity; at -1 or above, fewer tokens cost next to
/// nothing of the value. Never above one: potential is what is realised without scarcity.
pub fn realised_at(price_over_best: f64, elasticity: f64) -> f64 {
    let exponent = (1.0 + elasticity).min(0.0);
    if exponent == 0.0 || price_over_best <= 1.0 { 1.0 } else { price_over_best.powf(exponent) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn at_twice_the_price_an_elasticity_of_minus_two_leaves_half_the_value() {
        assert_eq!(realised_at(2.0, -2.0), 0.5);
        assert_eq!(realised_at(2.0, -0.9), 1.0);
        assert_eq!(realised_at(0.5, -2.0), 1.0);
    }

    #[test]
    fn acemoglus_gain_at_half_adoption_is_a_hundred_billion_in_the_us() {
        let value = value_usd_per_year(30.62e12, 1.0, 0.0066, 1.0, 0.5);
        assert!((value - 101.046e9).abs() < 1e6);
    }
}
