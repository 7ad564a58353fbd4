//! E5, the price of a token at fixed quality: what the serving fleet costs over what it serves, times the
//! mark-up of E19.

use units::SECONDS_PER_YEAR;

/// What a serving fleet costs and draws.
#[derive(Clone, Copy, Debug)]
pub struct Fleet {
    /// Its capital when bought [USD].
    pub capital_usd: f64,
    /// Its power at the servers [W].
    pub power_w: f64,
}

/// What running it costs beside itself.
#[derive(Clone, Copy, Debug)]
pub struct Running {
    /// Years over which capital is written off [years].
    pub life_years: f64,
    /// Staff, spares, space, as a share of capital [1/year].
    pub overhead_per_year: f64,
    /// Price of electricity [USD/kWh].
    pub electricity_usd_per_kwh: f64,
    /// Power of the site over power of its servers.
    pub pue: f64,
}

/// Cost of a fleet [USD/year].
pub fn usd_per_year(fleet: Fleet, running: Running) -> f64 {
    let hours = SECONDS_PER_YEAR / 3600.0;
    fleet.capital_usd * (1.0 / running.life_years + running.overhead_per_year)
        + fleet.power_w / 1000.0 * hours * running.pue * running.electricity_usd_per_kwh
}

/// Cost of a million tokens at normal utilisation [USD/Mtok].
pub fn cost_usd_per_mtok(usd_per_year: f64, capacity_tok_per_s: f64, utilisation_normal: f64) -> f64 {
    usd_per_year / (capacity_tok_per_s * utilisation_normal * SECONDS_PER_YEAR) * 1e6
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_h100_at_300_tokens_a_second_costs_about_two_dollars_a_million() {
        // 50 k$ all-in over 5 years with 2 % overhead: 11,000 USD a year; 1.37 kW x 8,766 h x 1.14 x 0.0862 = 1,180.
        let running = Running { life_years: 5.0, overhead_per_year: 0.02, electricity_usd_per_kwh: 0.0862, pue: 1.14 };
        let year = usd_per_year(Fleet { capital_usd: 50e3, power_w: 1370.0 }, running);
        assert!((year - 12_180.1).abs() < 1.0, "{year}");
        let cost = cost_usd_per_mtok(year, 300.0, 0.6);
        assert!((cost - 2.144).abs() < 0.01, "{cost}");
    }
}
