//! Dollars: what a chip-hour in use costs, and four ways to charge it to tokens (CONTRACTS section 5).

use crate::options::{CostBasis, Owning};

const HOURS_PER_YEAR: f64 = units::SECONDS_PER_YEAR / 3600.0;
const TOKENS_PER_MTOK: f64 = 1e6;

/// Price or cost of a chip-hour in use [USD per chip-hour].
///
/// Owning: `(capital / (life in hours) + overhead) / utilisation + power x electricity`, the power with PUE.
/// `None` where the power of an owned chip is not known.
pub(crate) fn usd_per_chip_hour(basis: &CostBasis, power_w_per_chip: Option<f64>) -> Option<f64> {
    match basis {
        CostBasis::Rental { usd_per_chip_hour, .. } => Some(*usd_per_chip_hour),
        CostBasis::Owning(owning) => Some(owning_usd_per_hour(owning, power_w_per_chip?)),
    }
}

fn owning_usd_per_hour(owning: &Owning, power_w: f64) -> f64 {
    let capital = owning.capital_usd_per_chip / (owning.life_years * HOURS_PER_YEAR);
    let sold = (capital + owning.overhead_usd_per_chip_hour) / owning.utilisation_fraction;
    sold + power_w / 1e3 * owning.electricity_usd_per_kwh
}

/// What tokens cost [USD per million tokens].
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct PerMtok {
    /// All of the cost over the output tokens.
    pub output: f64,
    /// All of the cost over input and output tokens.
    pub total: f64,
    /// The cost of chip time in prefill over the input tokens.
    pub input: f64,
    /// The cost of chip time in decode over the output tokens.
    pub output_split: f64,
}

/// Tokens of a deployment and how its chip time divides.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Rates {
    /// Tokens read [token/s].
    pub input_tok_per_s: f64,
    /// Tokens written [token/s].
    pub output_tok_per_s: f64,
    /// Share of the chip time in prefill [fraction].
    pub prefill_fraction: f64,
}

/// Charges `usd_per_hour` of a whole deployment to its tokens.
pub(crate) fn per_mtok(usd_per_hour: f64, rates: &Rates) -> PerMtok {
    let usd_per_s = usd_per_hour / 3600.0;
    let charge = |share: f64, tok_per_s: f64| usd_per_s * share / tok_per_s * TOKENS_PER_MTOK;
    let Rates { input_tok_per_s, output_tok_per_s, prefill_fraction } = *rates;
    PerMtok {
        output: charge(1.0, output_tok_per_s),
        total: charge(1.0, input_tok_per_s + output_tok_per_s),
        input: charge(prefill_fraction, input_tok_per_s),
        output_split: charge(1.0 - prefill_fraction, output_tok_per_s),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn input_and_output_split_add_up_to_the_whole_cost() {
        let rates = Rates { input_tok_per_s: 3000.0, output_tok_per_s: 1000.0, prefill_fraction: 0.25 };
        let cost = per_mtok(16.0, &rates);
        // 16 USD/h over 1000 tok/s = 4.444 USD/Mtok.
        assert!((cost.output - 16.0 / 3.6).abs() < 1e-9);
        assert!((cost.total - cost.output / 4.0).abs() < 1e-9);
        let spent = cost.input * 3000.0 + cost.output_split * 1000.0;
        assert!((spent - cost.output * 1000.0).abs() < 1e-6);
    }

    #[test]
    fn owning_is_capital_over_life_and_utilisation_plus_power_plus_overhead() {
        let owning = Owning {
            capital_usd_per_chip: 36_000.0,
            life_years: 4.0,
            utilisation_fraction: 0.5,
            electricity_usd_per_kwh: 0.08,
            overhead_usd_per_chip_hour: 0.1,
            source: String::new(),
        };
        // 36,000 / 35,064 h = 1.0267; (1.0267 + 0.1) / 0.5 = 2.2534; 1 kW x 0.08 = 0.08.
        let cost = usd_per_chip_hour(&CostBasis::Owning(owning), Some(1000.0)).unwrap();
        assert!((cost - 2.3334).abs() < 1e-3, "{cost}");
    }
}
