//! The fast path: a chip, a model and a deployment made ready once, then priced for many workloads.

use crate::{
    deployment::Deployment,
    efficiency::Efficiencies,
    refusal::{Refusal, RefusalCode},
    workload::Workload,
};
use facts::{Architecture, Chip};

/// A deployment made ready: shapes divided over chips, memory counted, efficiencies looked up.
#[derive(Clone, Debug)]
pub struct Prepared {}

/// One deployment in steady state, without its table of operators. Rates are of the whole deployment.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Steady {
    /// Mean time to first token in the steady closed loop [s].
    pub ttft_s: f64,
    /// The same over 10 x concurrency requests from a standing start [s].
    pub ttft_burst_s: f64,
    /// Mean time between tokens after the first [s].
    pub tpot_s: f64,
    /// Mean time from arrival to last token [s].
    pub e2e_s: f64,
    /// One request's prompt, alone [s].
    pub prefill_s: f64,
    /// One decode step of the running batch, no prefill in it [s].
    pub decode_step_s: f64,
    /// Requests that decode together on an attention rank [count].
    pub batch: f64,
    /// Requests admitted on an attention rank; the rest of its share of the concurrency waits [count].
    pub running: f64,
    /// Tokens written [token/s].
    pub output_tok_per_s: f64,
    /// Tokens read and written [token/s].
    pub total_tok_per_s: f64,
    /// Requests completed [1/s].
    pub requests_per_s: f64,
    /// Share of the chip time that goes to prefill; the rest goes to decode [fraction].
    pub prefill_fraction: f64,
    /// Mean power of all chips with their share of the hosts, PUE not included; `None` = TDP unknown [W].
    pub power_w: Option<f64>,
}

impl Prepared {
    /// Makes a deployment ready with the built-in or other efficiencies.
    ///
    /// # Errors
    /// A [`Refusal`] where it cannot be; its `nearest` is left empty here (a search: see [`crate::nearest`]).
    pub fn new(
        _chip: &Chip,
        _architecture: &Architecture,
        _deployment: &Deployment,
        _efficiencies: &Efficiencies,
    ) -> Result<Self, Refusal> {
        Err(Refusal { code: RefusalCode::UnsupportedArchitecture, message: "not yet".into(), nearest: None })
    }

    /// The steady state of a closed loop; `None` where not even one request's cache fits.
    pub fn steady(&self, _workload: &Workload) -> Option<Steady> {
        None
    }

    /// Tokens that the caches of one attention rank hold, whole blocks [tokens].
    pub fn kv_tokens_per_rank(&self) -> f64 {
        0.0
    }
}
