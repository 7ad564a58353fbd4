//! One operator of a step with its exact shape and its price.

pub(crate) mod collective;
pub(crate) mod draft;
pub(crate) mod elementwise;
pub(crate) mod embedding;
pub(crate) mod experts;
pub(crate) mod grouped;
pub(crate) mod head;
pub(crate) mod host;
pub(crate) mod latent;
pub(crate) mod linear;
pub(crate) mod mlp;
pub(crate) mod pipeline;
pub(crate) mod vision;

use serde::Serialize;
use units::{Dtype, Tier};

/// Which kind of step an operator belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Phase {
    /// Reading the prompt.
    Prefill,
    /// Writing one token a request.
    Decode,
}

/// What limits an operator.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Bound {
    /// Arithmetic.
    Compute,
    /// Memory bandwidth.
    Memory,
    /// Links between chips.
    Network,
    /// A latency floor or the host.
    Overhead,
}

/// One operator of a step; all figures but `time_s` and `share_fraction` are for one layer on one chip.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Operator {
    /// The step it belongs to.
    pub phase: Phase,
    /// Its name, such as `attention_qkv`.
    pub name: &'static str,
    /// How many alike the step runs.
    pub layers: u64,
    /// Rows: tokens of the step on this chip [tokens].
    pub m: f64,
    /// Columns, or the width of the output.
    pub n: f64,
    /// Inner dimension, or the length that is attended to.
    pub k: f64,
    /// Format of the arithmetic's weights.
    pub dtype: Dtype,
    /// Arithmetic of one [FLOP].
    pub flop: f64,
    /// Traffic of one: memory, or the link for collectives [bytes].
    pub bytes: f64,
    /// Time of all the layers [s].
    pub time_s: f64,
    /// Share of its step's time [fraction].
    pub share_fraction: f64,
    /// What limits it.
    pub bound: Bound,
    /// How its time was come by.
    pub tier: Tier,
}
