//! A setup's figures, from the performance model alone.

mod alone;
mod batch;
mod closed;
mod disaggregated;
mod tier;

use facts::{Architecture, Chip, Facts};
use performance::{Deployment, Efficiencies, Engine, Placement, Prepared, Steady, Workload};
use rayon::prelude::*;
use serde::Serialize;
use std::{collections::BTreeMap, str::FromStr};
use units::{Problem, Problems, Tier, nearest};

use crate::calibration::Folds;

use super::{
    setup::{Layout, Load, Metric, Pool, Setup, Skip},
    shape,
};

/// Chips of a node, for figures over a node.
const NODE_CHIPS: f64 = 8.0;

/// What the efficiencies may not have seen.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub enum LeaveOut {
    /// Everything may be used.
    #[default]
    #[serde(rename = "none")]
    None,
    /// No kernel timing and no end-to-end row of the row's chip.
    #[serde(rename = "chip")]
    Chip,
    /// No end-to-end row of the row's model, under any name of its shape.
    #[serde(rename = "model")]
    Model,
    /// No kernel timing of the chip, and no end-to-end row of the model on it.
    #[serde(rename = "chip+model")]
    ChipModel,
}

impl FromStr for LeaveOut {
    type Err = Problem;

    fn from_str(text: &str) -> Result<Self, Problem> {
        match text {
            "none" => Ok(Self::None),
            "chip" => Ok(Self::Chip),
            "model" => Ok(Self::Model),
            "chip+model" => Ok(Self::ChipModel),
            other => {
                let message = format!("'{other}' cannot be left out; use none, chip, model or chip+model");
                let near = nearest(other, ["none", "chip", "model", "chip+model"]).into_iter().next();
                Err(Problem::new("unknown_leave_out", message).key("leave-out").suggest(near))
            }
        }
    }
}

impl LeaveOut {
    /// All, the least first.
    pub const ALL: [Self; 4] = [Self::None, Self::Model, Self::Chip, Self::ChipModel];

    /// As written on the command line.
    pub fn name(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Chip => "chip",
            Self::Model => "model",
            Self::ChipModel => "chip+model",
        }
    }

    pub(crate) fn without_chip(self) -> bool {
        matches!(self, Self::Chip | Self::ChipModel)
    }
}

/// Predicted figures of a setup, SI units; `None` = the model has no answer.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Predicted {
    /// Steady time to first token [s].
    pub ttft_s: f64,
    /// Mean over the run, start-up burst included [s].
    pub ttft_burst_s: f64,
    /// 99th percentile over the run [s].
    pub ttft_tail_s: f64,
    /// Time between tokens [s].
    pub tpot_s: f64,
    /// Arrival to last token [s].
    pub e2e_s: f64,
    /// Requests completed [1/s].
    pub requests_per_s: f64,
    /// Tokens written in decode alone [token/s].
    pub decode_tok_per_s: f64,
    /// Energy of an output token [J].
    pub j_per_output_tok: Option<f64>,
}

/// A setup's figures with what they are divided by.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Figures {
    pub predicted: Predicted,
    pub input_tokens: f64,
    pub output_tokens: f64,
    pub chips: f64,
    pub decode_chips: f64,
    pub tier: Tier,
}

impl Figures {
    /// The figure of a metric [SI].
    pub fn value(&self, metric: Metric) -> Option<f64> {
        let Self { predicted, input_tokens, output_tokens, chips, decode_chips, .. } = *self;
        let requests = predicted.requests_per_s;
        let value = match metric {
            Metric::TtftBurst => predicted.ttft_burst_s,
            Metric::Ttft => predicted.ttft_s,
            Metric::TtftTail => predicted.ttft_tail_s,
            Metric::Tpot => predicted.tpot_s,
            Metric::EndToEnd => predicted.e2e_s,
            Metric::Output => requests * output_tokens,
            Metric::Total => requests * (input_tokens + output_tokens),
            Metric::Input => requests * input_tokens,
            Metric::Requests => requests,
            Metric::Decode => predicted.decode_tok_per_s,
            Metric::Energy => predicted.j_per_output_tok?,
            Metric::OutputPerDecodeChip => requests * output_tokens / decode_chips,
            Metric::OutputPerChip => requests * output_tokens / chips,
            Metric::TotalPerChip => requests * (input_tokens + output_tokens) / chips,
            Metric::OutputPerNode => requests * output_tokens / chips * NODE_CHIPS,
            Metric::InputPerNode => requests * input_tokens / chips * NODE_CHIPS,
        };
        (value.is_finite() && value > 0.0).then_some(value)
    }
}

/// Predicts every setup, in parallel; the order is that of the keys.
pub fn all(
    setups: &BTreeMap<String, &Setup>,
    facts: &Facts,
    efficiencies: &Efficiencies,
    leave_out: LeaveOut,
) -> Result<BTreeMap<String, Result<Figures, Skip>>, Problems> {
    // One table for each fold, not one for each setup.
    let folds = Folds::builtin();
    let mut tables: BTreeMap<(&str, &str), Efficiencies> = BTreeMap::new();
    for setup in setups.values().filter(|_| leave_out != LeaveOut::None) {
        tables
            .entry((&setup.chip, &setup.model))
            .or_insert_with(|| folds.without(efficiencies, leave_out, (&setup.chip, shape::of(facts, &setup.model))));
    }
    let entries: Vec<(&String, &&Setup)> = setups.iter().collect();
    entries
        .into_par_iter()
        .map(|(key, setup)| -> Result<_, Problems> {
            let table = tables.get(&(setup.chip.as_str(), setup.model.as_str())).unwrap_or(efficiencies);
            Ok((key.clone(), figures(setup, facts, table)?))
        })
        .collect()
}

/// Predicts one setup.
///
/// # Errors
/// A chip or model that is in no table.
pub fn figures(setup: &Setup, facts: &Facts, efficiencies: &Efficiencies) -> Result<Result<Figures, Skip>, Problems> {
    let chip = facts.chip(&setup.chip)?;
    let architecture = &facts.model(&setup.model)?.architecture;
    Ok(Bench { chip, architecture, efficiencies, setup }.figures())
}

/// Everything that a prediction needs.
struct Bench<'a> {
    chip: &'a Chip,
    architecture: &'a Architecture,
    efficiencies: &'a Efficiencies,
    setup: &'a Setup,
}

impl Bench<'_> {
    fn figures(&self) -> Result<Figures, Skip> {
        let setup = self.setup;
        let predicted = match (setup.layout, setup.load) {
            (Layout::Aggregated(pool), Load::Closed(concurrency)) if setup.alone.is_some() => {
                setup.alone.as_ref().and_then(|alone| alone::predict(self, pool, alone, concurrency))
            }
            (Layout::Aggregated(pool), Load::Closed(concurrency)) => closed::predict(self, pool, concurrency),
            (Layout::Aggregated(pool), Load::Saturated) => closed::predict(self, pool, closed::saturating(pool)),
            (Layout::Aggregated(pool), Load::Batch(batch)) => batch::predict(self, pool, batch),
            (Layout::Disaggregated { prefill, decode }, Load::Closed(concurrency)) => {
                disaggregated::predict(self, prefill, decode, concurrency)
            }
            (Layout::Disaggregated { .. }, _) => return Err(Skip::DISAGGREGATED),
        };
        let decode_chips = match setup.layout {
            Layout::Aggregated(pool) => pool.chips(),
            Layout::Disaggregated { decode, .. } => decode.chips(),
        };
        Ok(Figures {
            predicted: predicted.ok_or(Skip::DOES_NOT_FIT)?,
            input_tokens: setup.input_tokens,
            output_tokens: setup.output_tokens,
            chips: setup.layout.chips() as f64,
            decode_chips: decode_chips as f64,
            tier: tier::of(self),
        })
    }

    /// A pool made ready; `None` where it cannot be.
    fn prepared(&self, pool: Pool) -> Option<Prepared> {
        let Setup { engine, version, weights, kv, .. } = self.setup;
        let moe = self.architecture.moe().is_some();
        let deployment = Deployment {
            replicas: pool.replicas,
            tp: pool.tp,
            pp: pool.pp,
            dp: pool.dp,
            ep: if moe { pool.ep } else { 1 },
            engine: Engine { kind: *engine, version: version.clone() },
            weights: *weights,
            kv: *kv,
            speculative: self.setup.speculative,
            overlap: self.setup.alone.is_some_and(|alone| alone.overlap),
            placement: self.setup.alone.map_or(Placement::Fixed, |alone| alone.placement),
        };
        // Far beyond any cluster, and within the arithmetic of the model.
        (pool.chips() <= 1 << 20).then_some(())?;
        Prepared::new(self.chip, self.architecture, &deployment, self.efficiencies).ok()
    }

    /// The steady state of a pool with the setup's lengths.
    fn steady(&self, prepared: &Prepared, concurrency: u64) -> Option<Steady> {
        let workload = Workload::text(self.setup.input_tokens, self.setup.output_tokens, concurrency.max(1));
        prepared.steady(&workload)
    }

    /// Mean context of a decode: the prompt and half of what is written [tokens].
    fn mean_context(&self) -> f64 {
        self.setup.input_tokens + self.setup.output_tokens / 2.0
    }
}
