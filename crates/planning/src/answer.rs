//! The result object of `plan`, field for field as CONTRACTS section 14 has it.

use performance::answer::DeploymentAnswer;
use rules::Outcome;
use serde::Serialize;
use units::{Estimate, Warning};

/// Ranked plans, interface prices, and what was refused.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct PlanAnswer {
    /// The cheapest plan of each chip, cheapest first.
    pub plans: Vec<PlanLine>,
    /// The same requests through interfaces, cheapest first.
    pub api: Vec<ApiLine>,
    /// Chips that may not be had, and deployments that cannot be, are too slow or have no price, by reason in
    /// alphabetical order.
    pub refused: Vec<Refused>,
    /// Deployments that were laid out.
    pub searched: u64,
    /// What the reader should know; it goes into the envelope, not the result.
    #[serde(skip)]
    pub warnings: Vec<Warning>,
}

/// One plan.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct PlanLine {
    /// From 1.
    pub rank: u64,
    /// The deployment, replicas included.
    pub deployment: DeploymentAnswer,
    /// Copies of the engine.
    pub replicas: u64,
    /// What it costs, all hours of a month.
    pub usd_per_month: f64,
    /// The same over the tokens read and written.
    pub usd_per_mtok_total: f64,
    /// Mean time to first token at the rate.
    pub ttft_s: Estimate,
    /// Mean time between tokens at the rate.
    pub tpot_s: Estimate,
    /// The rate over the largest rate within the objectives.
    pub utilisation_fraction: f64,
    /// What the export rules say of the chip; null where no country was named.
    pub outcome: Option<Outcome>,
    /// Mean power at the meter, PUE included; null where not known.
    pub power_w: Option<f64>,
}

/// One provider's price.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ApiLine {
    /// Who sells it.
    pub provider: String,
    /// The model, as the provider names it.
    pub model: String,
    /// The requests of a month.
    pub usd_per_month: f64,
    /// When the price was seen.
    pub observed: String,
}

/// How many were refused for a reason.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Refused {
    /// The reason.
    pub reason: String,
    /// Chips (`not_released`, `no_price`, `export_...`) or deployments (all others).
    pub count: u64,
}
