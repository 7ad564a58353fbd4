//! E13, value: Hulten's theorem by sector: what a sector gains at full adoption is exposed work times the share of
//! it where AI pays times the saving there; a sector counts by its share of value added. Of it adopters have what
//! their uses of tokens are worth at the price and the service that they get.

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

/// What tokens are worth to those who have adopted, as a share of all that they could gain.
///
/// The worth of use is the area under the demand curve of E6 (what is paid, and what is gained beyond it, as in
/// Marshall 1890): each use is worth the price at which it would just still pay. No use is worth more than the
/// labour that it replaces (`dearest`), and what all uses together are worth is fixed by where half of it pays,
/// the price gate of E7. Prices are over that of the end of history, by bloc; the growth of tokens by adopter
/// beyond price (E6) raises demand at every price alike, and cancels.
#[derive(Clone, Copy, Debug)]
pub struct Uses {
    elasticity: f64,
    /// The price at which labour does the same.
    dearest: f64,
    /// It, to the power of one plus the elasticity.
    dearest_worth: f64,
    /// What all uses are worth.
    all: f64,
}

impl Uses {
    /// Demand of the given elasticity, below zero; no use pays above `dearest`; half of what there is to gain pays at
    /// `half_pays_at`. Where demand of an elasticity above -1 holds less than that, all of it is all there is.
    pub fn new(elasticity: f64, dearest: f64, half_pays_at: f64) -> Self {
        // At zero demand would not say what a use is worth.
        let elasticity = elasticity.min(-1e-3);
        let dearest_worth = dearest.powf(1.0 + elasticity);
        let mut uses = Self { elasticity, dearest, dearest_worth, all: f64::INFINITY };
        let free = if elasticity > -1.0 { uses.worth(0.0) } else { f64::INFINITY };
        uses.all = (2.0 * uses.worth(half_pays_at)).min(free).max(f64::MIN_POSITIVE);
        uses
    }

    /// Worth of the uses that pay at a price, in what is spent at the price 1:
    /// `d^(1+e) - e * integral of v^e dv from the price to d`, and `d * price^e` above the price `d` of labour.
    fn worth(&self, price: f64) -> f64 {
        if price >= self.dearest {
            return self.dearest * price.powf(self.elasticity);
        }
        let exponent = 1.0 + self.elasticity;
        let area = if exponent.abs() < 1e-6 {
            (self.dearest / price).ln()
        } else {
            (self.dearest_worth - price.powf(exponent)) / exponent
        };
        self.dearest_worth - self.elasticity * area
    }

    /// Share of what adopters could gain that they do gain at a price, when a share of what they want at it is
    /// served: the uses that are worth least go first, as they would at the price at which no more were wanted
    /// (the shadow price of E19). One where tokens are cheap and ample, nothing where none are served.
    pub fn realised(&self, price: f64, served: f64) -> f64 {
        let shadow = if served < 1.0 { price * served.max(0.0).powf(1.0 / self.elasticity) } else { price };
        (self.worth(shadow) / self.all).min(1.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    use proptest::prelude::*;

    #[test]
    fn a_use_is_worth_the_price_at_which_it_would_just_still_pay() {
        // Elasticity -2, labour at 4: 1/4 + 2 (1/p - 1/4) = 2/p - 1/4. At p = 2 it is 3/4, half of all 3/2; at p = 1
        // 7/4, more than there is to gain; at p = 3 it is 5/12; at 8, above the price of labour, 4/64.
        let uses = Uses::new(-2.0, 4.0, 2.0);
        assert!((uses.realised(2.0, 1.0) - 0.5).abs() < 1e-12);
        assert_eq!(uses.realised(1.0, 1.0), 1.0);
        assert!((uses.realised(3.0, 1.0) - 5.0 / 18.0).abs() < 1e-12);
        assert!((uses.realised(8.0, 1.0) - 1.0 / 24.0).abs() < 1e-12);
    }

    #[test]
    fn rationing_takes_the_uses_that_are_worth_least() {
        // At the price 2 four ninths of demand are served: the shadow price is 2 / sqrt(4/9) = 3. A random four ninths
        // of uses would leave 2/9; the best ones leave 5/18.
        let uses = Uses::new(-2.0, 4.0, 2.0);
        assert!((uses.realised(2.0, 4.0 / 9.0) - 5.0 / 18.0).abs() < 1e-12);
        assert_eq!(uses.realised(2.0, 0.0), 0.0);
    }

    #[test]
    fn at_an_elasticity_of_minus_one_every_halving_of_the_price_adds_as_much() {
        // Labour at e^2, half at e: 1 + ln(e^2/p); all is 4. At p = 1: 3 of 4.
        let uses = Uses::new(-1.0, std::f64::consts::E.powi(2), std::f64::consts::E);
        assert!((uses.realised(1.0, 1.0) - 0.75).abs() < 1e-12);
        let near = Uses::new(-1.0 - 1e-5, std::f64::consts::E.powi(2), std::f64::consts::E);
        assert!((near.realised(1.0, 1.0) - 0.75).abs() < 1e-4);
    }

    #[test]
    fn inelastic_demand_holds_no_more_than_its_area() {
        // Elasticity -1/2, labour at 4: 2 + (2 - sqrt p) = 4 - sqrt p. Twice 4 - sqrt 2 is more than the 4 of free
        // tokens, so 4 is all.
        let uses = Uses::new(-0.5, 4.0, 2.0);
        assert!((uses.realised(1.0, 1.0) - 0.75).abs() < 1e-12);
        assert_eq!(uses.realised(0.0, 1.0), 1.0);
    }

    proptest! {
        #[test]
        fn what_is_realised_is_a_share_and_never_falls_with_cheaper_or_more_tokens(
            elasticity in -6.0..-0.01_f64,
            dearest in 0.0..6.0_f64,
            half in -3.0..3.0_f64,
            price in -30.0..30.0_f64,
            cheaper in 0.0..30.0_f64,
            served in 0.0..=1.0_f64,
            less in 0.0..=1.0_f64,
        ) {
            let uses = Uses::new(elasticity, 10_f64.powf(dearest), 10_f64.powf(half));
            let now = uses.realised(10_f64.powf(price), served);
            prop_assert!((0.0..=1.0).contains(&now), "{now}");
            let after = uses.realised(10_f64.powf(price - cheaper), served);
            prop_assert!(after >= now * (1.0 - 1e-9), "{now} {after}");
            let fewer = uses.realised(10_f64.powf(price), served * less);
            prop_assert!(fewer <= now * (1.0 + 1e-9), "{now} {fewer}");
        }

        #[test]
        fn cheap_and_ample_tokens_realise_all_and_none_realise_nothing(
            elasticity in -6.0..-0.5_f64,
            dearest in 0.0..6.0_f64,
            half in -3.0..3.0_f64,
        ) {
            let uses = Uses::new(elasticity, 10_f64.powf(dearest), 10_f64.powf(half));
            prop_assert!(uses.realised(0.0, 1.0) > 1.0 - 1e-12);
            prop_assert!(uses.realised(1.0, 0.0) == 0.0);
            prop_assert!(uses.realised(1e300, 1.0) < 1e-6);
        }

        #[test]
        fn value_rises_with_adoption_and_stays_under_hultens_ceiling(
            x in 0.0..1.0_f64, more in 0.0..1.0_f64, price in -30.0..30.0_f64, served in 0.0..=1.0_f64,
        ) {
            let realised = Uses::new(-1.11, 30.0, 3.0).realised(10_f64.powf(price), served);
            let at = |adoption: f64| value_usd_per_year(30e12, 0.5, 0.007, adoption) * realised;
            prop_assert!(at(x) <= at(x + more * (1.0 - x)));
            prop_assert!(at(x) <= 30e12 * 0.5 * 0.007 * x);
        }
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
