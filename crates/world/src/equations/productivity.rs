//! E13, value: Hulten's theorem by sector: what a sector gains at full adoption is exposed work times the share of
//! it where AI pays times the saving there; a sector counts by its share of value added.

/// What a camp says of the whole economy.
#[derive(Clone, Copy, Debug)]
pub struct Economy {
    /// Share of work that AI can do or help with [fraction].
    pub exposed: f64,
    /// Share of it where it pays [fraction].
    pub feasible: f64,
    /// Saving of labour cost there [fraction].
    pub saving: f64,
    /// Share of labour in value added [fraction].
    pub labour: f64,
}

/// A sector over the whole economy.
#[derive(Clone, Copy, Debug)]
pub struct Relative {
    /// Exposure over the mean exposure [ratio].
    pub exposure: f64,
    /// Feasible share over that of the whole economy [ratio].
    pub feasible: f64,
    /// Saving over that of the whole economy [ratio].
    pub saving: f64,
}

/// Gain in productivity of a sector at full adoption [fraction of its value added]. No share passes one.
pub fn gain(economy: Economy, sector: Relative) -> f64 {
    let exposed = (economy.exposed * sector.exposure).min(1.0);
    let feasible = (economy.feasible * sector.feasible).min(1.0);
    let saving = (economy.saving * sector.saving).min(1.0);
    exposed * feasible * saving * economy.labour
}

/// Value of use in a sector [USD/year].
pub fn value_usd_per_year(gdp_usd_per_year: f64, sector_share: f64, gain_at_full_adoption: f64, adoption: f64) -> f64 {
    gdp_usd_per_year * sector_share * gain_at_full_adoption * adoption
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

    const ACEMOGLU: Economy = Economy { exposed: 0.199, feasible: 0.23, saving: 0.27, labour: 0.57 };
    const AVERAGE: Relative = Relative { exposure: 1.0, feasible: 1.0, saving: 1.0 };

    #[test]
    fn acemoglus_parameters_give_his_gain_of_0_7_per_cent() {
        // NBER 32487, first version: 0.71 %; his factors multiply to 0.199 x 0.23 x 0.27 x 0.57 = 0.704 %.
        assert!((gain(ACEMOGLU, AVERAGE) - 0.007_044).abs() < 1e-6);
    }

    #[test]
    fn a_sector_twice_as_exposed_with_half_the_saving_gains_as_much() {
        let sector = Relative { exposure: 2.0, feasible: 1.0, saving: 0.5 };
        assert!((gain(ACEMOGLU, sector) - gain(ACEMOGLU, AVERAGE)).abs() < 1e-12);
    }

    #[test]
    fn no_share_passes_one() {
        // Goldman Sachs count all exposed work as feasible: half as much again is still all of it.
        let goldman = Economy { exposed: 0.25, feasible: 1.0, saving: 0.6, labour: 0.57 };
        assert_eq!(gain(goldman, Relative { feasible: 1.5, ..AVERAGE }), gain(goldman, AVERAGE));
        assert!((gain(goldman, AVERAGE) - 0.0855).abs() < 1e-12);
    }

    #[test]
    fn a_gain_of_0_66_per_cent_at_half_adoption_is_a_hundred_billion_in_the_us() {
        let value = value_usd_per_year(30.62e12, 1.0, 0.0066, 0.5);
        assert!((value - 101.046e9).abs() < 1e6);
    }
}
