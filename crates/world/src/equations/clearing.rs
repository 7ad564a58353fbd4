//! E19, clearing: the mark-up rises with utilisation, demand falls with the price, until they meet.

/// A market in one quarter. Logs throughout: demand has constant elasticity.
#[derive(Clone, Copy, Debug)]
pub struct Market {
    /// ln of tokens wanted at `ln_price` over capacity.
    pub ln_wanted_over_capacity: f64,
    /// The price at which that was wanted, ln.
    pub ln_price: f64,
    /// Cost at normal utilisation, ln.
    pub ln_cost: f64,
    /// Price elasticity, below zero.
    pub elasticity: f64,
    /// Mark-up at normal utilisation.
    pub markup_normal: f64,
    /// Response of the mark-up to utilisation; 0 = none.
    pub sensitivity: f64,
    /// Normal utilisation.
    pub utilisation_normal: f64,
}

/// Mark-up at a utilisation: `m0 exp(eta (u - u*))`.
pub fn markup(market: &Market, utilisation: f64) -> f64 {
    market.markup_normal * (market.sensitivity * (utilisation - market.utilisation_normal)).exp()
}

/// The utilisation at which demand meets the price that it causes; above one, demand is rationed.
///
/// Newton's method on ln u, where the excess is increasing and convex enough that a few steps from `guess` settle
/// it; the mark-up stops rising at three times capacity, where rationing does the rest.
pub fn utilisation(market: &Market, guess: f64) -> f64 {
    const MOST: f64 = 3.0;
    let mut u = guess.clamp(1e-6, MOST);
    let mut y = u.ln();
    for _ in 0..12 {
        let capped = u.min(MOST);
        let m = markup(market, capped);
        let ln_price = market.ln_cost + (1.0 + m).ln();
        let excess = y - market.ln_wanted_over_capacity - market.elasticity * (ln_price - market.ln_price);
        let slope_of_price = if u < MOST { m / (1.0 + m) * market.sensitivity * u } else { 0.0 };
        let step = excess / (1.0 - market.elasticity * slope_of_price);
        y -= step.clamp(-2.0, 2.0);
        u = y.exp();
        // Newton's next step would be of the order of the square of this one.
        if step.abs() < 1e-4 {
            break;
        }
    }
    u
}

#[cfg(test)]
mod tests {
    use super::*;

    const MARKET: Market = Market {
        ln_wanted_over_capacity: -0.510_825_623_765_990_7, // ln 0.6
        ln_price: 0.405_465_108_108_164_4,                 // ln 1.5
        ln_cost: 0.0,
        elasticity: -1.11,
        markup_normal: 0.5,
        sensitivity: 2.0,
        utilisation_normal: 0.6,
    };

    #[test]
    fn demand_at_normal_utilisation_pays_the_normal_mark_up() {
        let u = utilisation(&MARKET, 0.3);
        assert!((u - 0.6).abs() < 1e-9);
        assert!((markup(&MARKET, u) - 0.5).abs() < 1e-9);
    }

    #[test]
    fn twice_the_demand_raises_price_and_utilisation_by_less_than_double() {
        let market = Market { ln_wanted_over_capacity: 1.2_f64.ln(), ..MARKET };
        let u = utilisation(&market, 0.6);
        let price = 1.0 + markup(&market, u);
        // The defining equation: u = 1.2 (price / 1.5)^-1.11.
        assert!((u - 1.2 * (price / 1.5).powf(-1.11)).abs() < 1e-8, "{u} {price}");
        assert!(u > 0.6 && u < 1.2 && price > 1.5);
    }

    #[test]
    fn without_response_demand_stands_and_is_rationed() {
        let market = Market { sensitivity: 0.0, ln_wanted_over_capacity: 1.5_f64.ln(), ..MARKET };
        assert!((utilisation(&market, 0.6) - 1.5).abs() < 1e-9);
    }
}
