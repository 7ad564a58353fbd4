//! The result object of `estimate`, field for field as CONTRACTS section 5 has it.

use crate::{
    deployment::{Deployment, Placement},
    engine::Engine,
    operator::{Operator, Phase},
    refusal::Refusal,
    speculative::Speculative,
};
use serde::Serialize;
use units::{Dtype, Estimate, Warning};

/// One deployment in steady state.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Answer {
    /// Whether the deployment can be.
    pub fits: bool,
    /// Why not.
    pub refusal: Option<Refusal>,
    /// The deployment that was asked for.
    pub deployment: DeploymentAnswer,
    /// The workload that was asked for.
    pub workload: WorkloadAnswer,
    /// Where the memory goes.
    pub memory: MemoryAnswer,
    /// One prefill and one decode step.
    pub steps: StepsAnswer,
    /// What a request sees.
    pub latency: LatencyAnswer,
    /// What the deployment delivers.
    pub throughput: ThroughputAnswer,
    /// What it draws.
    pub energy: EnergyAnswer,
    /// What it costs.
    pub cost: CostAnswer,
    /// Where the time goes: the prefill step's operators, then the decode step's, in the order of execution.
    pub operators: Vec<Operator>,
    /// What the reader should know; it goes into the envelope, not the result.
    #[serde(skip)]
    pub warnings: Vec<Warning>,
}

/// The deployment with its names and derived counts.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct DeploymentAnswer {
    /// The model's id.
    pub model: String,
    /// The chip's id.
    pub chip: String,
    /// Chips in all.
    pub chips: u64,
    /// Copies of the engine.
    pub replicas: u64,
    /// Tensor parallelism.
    pub tp: u64,
    /// Pipeline stages.
    pub pp: u64,
    /// Attention data parallelism.
    pub dp: u64,
    /// Expert parallelism.
    pub ep: u64,
    /// Chips that share an expert.
    pub moe_tp: u64,
    /// The engine, as `vllm@0.9`.
    pub engine: Engine,
    /// Format of the weights.
    pub weights: Dtype,
    /// Format of the KV cache.
    pub kv: Dtype,
    /// How the engine speculates; absent where it does not.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub speculative: Option<Speculative>,
    /// Whether the halves of a step hide each other's exchange; absent where they do not.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub overlap: bool,
    /// How experts are placed; absent where as the checkpoint numbers them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub placement: Option<Placement>,
}

impl DeploymentAnswer {
    /// The deployment without its names.
    pub fn deployment(&self) -> Deployment {
        let Self { replicas, tp, pp, dp, ep, weights, kv, speculative, overlap, placement, .. } = *self;
        let placement = placement.unwrap_or_default();
        Deployment {
            replicas,
            tp,
            pp,
            dp,
            ep,
            engine: self.engine.clone(),
            weights,
            kv,
            speculative,
            overlap,
            placement,
        }
    }
}

/// The workload with its image tokens.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct WorkloadAnswer {
    /// Text tokens read [tokens].
    pub input: f64,
    /// Tokens written [tokens].
    pub output: f64,
    /// Requests in flight.
    pub concurrency: u64,
    /// Images a request.
    pub images: u64,
    /// Tokens that the images of a request become [tokens].
    pub image_tokens: u64,
    /// Share of the text tokens that are found in a cache; absent where none is [fraction].
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cached_fraction: Option<f64>,
    /// The one phase that the pool does; absent where it does both.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub phase: Option<Phase>,
}

/// Memory of the fullest chip.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct MemoryAnswer {
    /// Bytes of one chip by use.
    pub per_chip_bytes: PerChipBytes,
    /// Tokens that the caches of the whole deployment hold, whole blocks; null where nothing fits.
    pub kv_tokens_max: Option<u64>,
    /// Cache that one more token takes, over all layers, one copy [bytes].
    pub kv_bytes_per_token: f64,
}

/// Bytes of one chip by use.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct PerChipBytes {
    /// Memory on the chip.
    pub capacity: f64,
    /// What the engine may use of it.
    pub usable: f64,
    /// Weights.
    pub weights: f64,
    /// Room for the KV cache; 0 where the weights alone do not fit.
    pub kv: f64,
    /// Activations of the largest step.
    pub activations: f64,
    /// Engine and collective reserves.
    pub reserve: f64,
}

/// One prefill and one decode step.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct StepsAnswer {
    /// One request's prompt, alone [s].
    pub prefill_s: Estimate,
    /// One token for each running request [s].
    pub decode_s: Estimate,
    /// Requests that decode together on an attention rank; null where nothing runs.
    pub batch_decode: Option<u64>,
}

/// What a request sees, means [s].
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct LatencyAnswer {
    /// Arrival to first token, steady closed loop.
    pub ttft_s: Estimate,
    /// The same over 10 x concurrency requests, the start-up burst included.
    pub ttft_burst_s: Estimate,
    /// Between tokens after the first.
    pub tpot_s: Estimate,
    /// Arrival to last token.
    pub e2e_s: Estimate,
}

/// What the deployment delivers.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ThroughputAnswer {
    /// Tokens written [token/s].
    pub output_tok_per_s: Estimate,
    /// Tokens read and written [token/s].
    pub total_tok_per_s: Estimate,
    /// Tokens written by a chip [token/s].
    pub output_tok_per_s_per_chip: Estimate,
    /// Requests completed [1/s].
    pub requests_per_s: Estimate,
}

/// What the deployment draws.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct EnergyAnswer {
    /// Mean power of all chips with their share of the hosts, at the meter (PUE included) [W].
    pub power_w: Estimate,
    /// Energy of an output token [J].
    pub j_per_output_tok: Estimate,
    /// Energy of a million output tokens [kWh].
    pub kwh_per_mtok_output: Estimate,
}

/// What the deployment costs.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct CostAnswer {
    /// `rental` or `owning`; null without a price.
    pub basis: Option<&'static str>,
    /// Price or cost of a chip-hour in use [USD per chip-hour].
    pub usd_per_chip_hour: Option<f64>,
    /// Where it comes from.
    pub source: Option<String>,
    /// All of the cost over the output tokens.
    pub usd_per_mtok_output: Estimate,
    /// All of the cost over input and output tokens.
    pub usd_per_mtok_total: Estimate,
    /// The cost of chip time in prefill over the input tokens.
    pub usd_per_mtok_input: Estimate,
    /// The cost of chip time in decode over the output tokens.
    pub usd_per_mtok_output_split: Estimate,
}
