//! Prices and power conditions, given by the caller: nothing is looked up here.

use crate::efficiency::Efficiencies;
use serde::Serialize;
use units::{Problem, Problems};

/// What a chip-hour costs, and why.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum CostBasis {
    /// Rented by the hour.
    Rental {
        /// Rent [USD per chip-hour].
        usd_per_chip_hour: f64,
        /// Where the price comes from, provider class and date.
        source: String,
    },
    /// Bought and run.
    Owning(Owning),
}

/// What owning a chip costs: capital over life and utilisation, power, overhead (CONTRACTS section 5).
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Owning {
    /// Purchase of a chip with its share of server, network and facility [USD per chip].
    pub capital_usd_per_chip: f64,
    /// Years over which it is written off [years].
    pub life_years: f64,
    /// Share of its hours that are sold; capital and overhead are spread over them [fraction].
    pub utilisation_fraction: f64,
    /// Price of electricity [USD/kWh].
    pub electricity_usd_per_kwh: f64,
    /// Staff, maintenance, space, interest [USD per chip-hour of the calendar].
    pub overhead_usd_per_chip_hour: f64,
    /// Where the figures come from.
    pub source: String,
}

/// The conditions of an estimate beside chip, model, deployment and workload.
#[derive(Clone, Debug)]
pub struct Options {
    /// Power usage effectiveness of the hall: power drawn over power used by servers [ratio].
    pub pue: f64,
    /// What a chip-hour costs; `None` = no price, cost is null.
    pub cost: Option<CostBasis>,
    /// The efficiencies; the built-in table unless refitted or a chip is left out.
    pub efficiencies: Efficiencies,
}

impl Default for Options {
    /// PUE 1.14 (Epoch AI's 1 GW site, HARDWARE section 4), no price, the built-in efficiencies.
    fn default() -> Self {
        Self { pue: 1.14, cost: None, efficiencies: Efficiencies::builtin().clone() }
    }
}

impl Options {
    /// Figures that mean nothing: a PUE under 1, negative or infinite prices, no life, no utilisation.
    pub(crate) fn problems(&self, problems: &mut Problems) {
        let mut within = |key: &'static str, value: f64, low: f64, high: f64| {
            if !(low..=high).contains(&value) {
                let message = format!("{key} is {value}; it must be between {low} and {high}");
                problems.push(Problem::new("bad_option", message).key(key));
            }
        };
        within("pue", self.pue, 1.0, 10.0);
        match &self.cost {
            None => {}
            Some(CostBasis::Rental { usd_per_chip_hour, .. }) => {
                within("price_usd_per_chip_hour", *usd_per_chip_hour, 0.0, 1e6);
            }
            Some(CostBasis::Owning(owning)) => {
                within("capital_usd_per_chip", owning.capital_usd_per_chip, 0.0, 1e9);
                within("life_years", owning.life_years, 0.1, 100.0);
                within("utilisation_fraction", owning.utilisation_fraction, 1e-3, 1.0);
                within("electricity_usd_per_kwh", owning.electricity_usd_per_kwh, 0.0, 1e3);
                within("overhead_usd_per_chip_hour", owning.overhead_usd_per_chip_hour, 0.0, 1e6);
            }
        }
    }
}
