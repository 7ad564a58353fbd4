//! What ran: chip, model, formats, layout, lengths, load; and what was measured.

use performance::{Client, Deployment, EngineKind, Phase, Placement, Speculative};
use serde::Serialize;
use units::Dtype;

/// Why a row is not predicted (CONTRACTS section 6).
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Skip {
    /// A reason of the contract's list.
    Reason(&'static str),
    /// An exclusion rule.
    Excluded(&'static str),
}

impl Skip {
    pub const METRIC: Self = Self::Reason("metric_not_modelled");
    pub const CHIP: Self = Self::Reason("unknown_chip");
    pub const MODEL: Self = Self::Reason("unknown_model");
    pub const DTYPE: Self = Self::Reason("unknown_dtype");
    pub const INPUT: Self = Self::Reason("missing_input_len");
    pub const OUTPUT: Self = Self::Reason("missing_output_len");
    pub const CONCURRENCY: Self = Self::Reason("missing_concurrency");
    pub const PARALLELISM: Self = Self::Reason("missing_parallelism");
    pub const DISAGGREGATED: Self = Self::Reason("disaggregated_incomplete");
    pub const NOT_MEASURED: Self = Self::Reason("not_a_measurement");
    pub const ENGINE: Self = Self::Reason("unsupported_engine");
    pub const DOES_NOT_FIT: Self = Self::Reason("does_not_fit");
    pub const INVALID: Self = Self::Reason("invalid_value");

    /// As printed.
    pub fn text(&self) -> String {
        match self {
            Self::Reason(reason) => (*reason).to_string(),
            Self::Excluded(rule) => format!("excluded:{rule}"),
        }
    }
}

/// How one engine lies over its chips.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pool {
    /// Engines [count].
    pub replicas: u64,
    /// Tensor parallelism [count].
    pub tp: u64,
    /// Pipeline stages [count].
    pub pp: u64,
    /// Attention data-parallel ranks [count].
    pub dp: u64,
    /// Expert-parallel groups [count].
    pub ep: u64,
}

impl Pool {
    /// One engine, tensor parallel.
    pub fn tensor(tp: u64) -> Self {
        Self { replicas: 1, tp, pp: 1, dp: 1, ep: 1 }
    }

    /// Chips in all [count].
    pub fn chips(&self) -> u64 {
        [self.tp, self.pp, self.dp].iter().fold(self.replicas, |chips, factor| chips.saturating_mul(*factor))
    }
}

/// One pool for everything, or one for prompts and one for tokens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Layout {
    /// Prefill and decode on the same chips.
    Aggregated(Pool),
    /// Prefill and decode apart.
    Disaggregated {
        /// Chips that read prompts.
        prefill: Pool,
        /// Chips that write tokens.
        decode: Pool,
    },
}

impl Layout {
    /// Chips in all [count].
    pub fn chips(&self) -> u64 {
        match self {
            Self::Aggregated(pool) => pool.chips(),
            Self::Disaggregated { prefill, decode } => prefill.chips().saturating_add(decode.chips()),
        }
    }
}

/// How requests come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Load {
    /// So many in flight, each followed by the next.
    Closed(u64),
    /// So many at once, and then none: a static batch.
    Batch(u64),
    /// As many as the deployment takes: all requests queued.
    Saturated,
}

/// What ran.
#[derive(Clone, Debug, PartialEq)]
pub struct Setup {
    /// The publication: the same setup of two publications is scored twice.
    pub source: String,
    /// Our id of the chip.
    pub chip: String,
    /// Our id of the model.
    pub model: String,
    /// The engine's family.
    pub engine: EngineKind,
    /// Its version, where stated.
    pub version: Option<String>,
    /// Format of the weights.
    pub weights: Dtype,
    /// Format of the cache.
    pub kv: Dtype,
    /// The layout.
    pub layout: Layout,
    /// Mean tokens read [tokens].
    pub input_tokens: f64,
    /// Mean tokens written [tokens].
    pub output_tokens: f64,
    /// The load.
    pub load: Load,
    /// How the client draws lengths.
    pub client: Client,
    /// Speculative decoding, where it was on.
    pub speculative: Option<Speculative>,
    /// The one phase that the pool did, where it did not do both.
    pub alone: Option<Alone>,
}

/// One phase alone, and how the experts stood.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Alone {
    /// Which phase.
    pub phase: Phase,
    /// Share of the prompts' tokens that a cache held [fraction].
    pub cached_fraction: f64,
    /// Whether two halves of a step hid each other's exchange with the experts.
    pub overlap: bool,
    /// How experts were placed.
    pub placement: Placement,
}

/// What a user says of a deployment whose benchmark does not.
#[derive(Clone, Debug, PartialEq)]
pub struct Deployed {
    /// Our id of the chip.
    pub chip: String,
    /// Our id of the model.
    pub model: String,
    /// The layout and formats.
    pub deployment: Deployment,
}

impl Setup {
    /// A closed loop on a deployment.
    pub(crate) fn of(
        deployed: &Deployed,
        (input_tokens, output_tokens): (f64, f64),
        load: Load,
        client: Client,
    ) -> Self {
        let Deployment { replicas, tp, pp, dp, ep, weights, kv, speculative, .. } = deployed.deployment;
        let engine = &deployed.deployment.engine;
        Self {
            source: "own".into(),
            chip: deployed.chip.clone(),
            model: deployed.model.clone(),
            engine: engine.kind,
            version: engine.version.clone(),
            weights,
            kv,
            layout: Layout::Aggregated(Pool { replicas, tp, pp, dp, ep }),
            input_tokens,
            output_tokens,
            load,
            client,
            speculative,
            alone: None,
        }
    }

    /// What makes two rows the same setup.
    pub fn key(&self) -> String {
        format!("{} {:?}", self.family_key(), self.load)
    }

    /// What is equal in a family: all but the load.
    pub fn family_key(&self) -> String {
        let Self {
            source, chip, model, engine, version, weights, kv, layout, input_tokens, output_tokens, client, ..
        } = self;
        let draft = self.speculative.map_or(0, |speculative| speculative.draft_tokens);
        let alone = self.alone.map_or_else(String::new, |alone| format!(" {alone:?}"));
        format!(
            "{source} {chip} {model} {engine:?} {version:?} {weights} {kv} {layout:?} {input_tokens} {output_tokens} {} {draft}{alone}",
            client.shortest
        )
    }
}

/// What was measured, in SI units.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub enum Metric {
    /// Mean time to first token with the start-up burst in it [s].
    TtftBurst,
    /// Median, mean or 90th percentile of the time to first token in the steady state [s].
    Ttft,
    /// 99th percentile of the time to first token over the run, burst included [s].
    TtftTail,
    /// Time between tokens [s].
    Tpot,
    /// Arrival to last token; of a static batch, the whole batch [s].
    EndToEnd,
    /// Tokens written [token/s].
    Output,
    /// Tokens read and written [token/s].
    Total,
    /// Tokens read [token/s].
    Input,
    /// Requests completed [1/s].
    Requests,
    /// Tokens written in decode alone [token/s].
    Decode,
    /// Energy of an output token [J].
    Energy,
    /// Tokens written, over the chips that decode [token/s per chip].
    OutputPerDecodeChip,
    /// Tokens written, over all chips [token/s per chip].
    OutputPerChip,
    /// Tokens read and written, over all chips [token/s per chip].
    TotalPerChip,
    /// Tokens written, over a node of eight chips [token/s per node].
    OutputPerNode,
    /// Tokens read, over a node of eight chips [token/s per node].
    InputPerNode,
}
