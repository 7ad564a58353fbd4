//! What a chip delivers per second with a reference model: the number that the world model tabulates
//! (WORLD E1, E16).

use crate::{
    deployment::Deployment,
    efficiency::Efficiencies,
    engine::{Engine, EngineKind},
    memory,
    prepared::Prepared,
    step::Load,
};
use facts::{Architecture, Chip};
use units::Dtype;

/// What is asked of the reference deployment.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Objective {
    /// Mean context of a request in decode, also the length of the prompts of the prefill rate [tokens].
    pub context_tokens: f64,
    /// Longest decode step allowed [s].
    pub tpot_limit_s: f64,
}

/// The best that a chip delivers under an objective.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ReferenceRate {
    /// Tokens written by a chip that only decodes [token/s].
    pub decode_tok_per_s_per_chip: f64,
    /// Prompt tokens read by a chip that only prefills [token/s].
    pub prefill_tok_per_s_per_chip: f64,
    /// Chips of the best replica [count].
    pub chips_per_replica: u64,
    /// Requests that decode together on the replica [count].
    pub batch: f64,
    /// Its decode step [s].
    pub tpot_s: f64,
    /// The format of the weights that is fastest: the checkpoint's, 8 or 16 bits.
    pub weights: Dtype,
    /// Mean power of a chip that decodes, with its share of the host, PUE not included; `None` = TDP unknown [W].
    pub decode_power_w: Option<f64>,
}

/// Chips of a replica that are tried.
const CHIPS: [u64; 7] = [1, 2, 4, 8, 16, 32, 64];
/// Halvings of the interval of batches: the largest batch to one part in a thousand.
const HALVINGS: usize = 24;
/// Most requests on an attention rank.
const MOST_REQUESTS: f64 = 1024.0;
/// Tokens of a step that reads prompts.
const PROMPT_TOKENS: f64 = 8192.0;

/// The best decode rate over a small grid of chips per replica, layouts and weight formats, each at the largest
/// batch that meets the limit and fits; `None` where none does.
///
/// The engine is the idealised one, so that chips of all makers, and chips to come, are asked the same.
pub fn reference_rate(
    chip: &Chip,
    architecture: &Architecture,
    objective: Objective,
    efficiencies: &Efficiencies,
) -> Option<ReferenceRate> {
    let own = architecture.checkpoint_dtype;
    let mut formats = vec![own];
    formats.extend([Dtype::Fp8, Dtype::Int8, Dtype::Bf16].into_iter().filter(|format| *format != own));
    let mut best: Option<ReferenceRate> = None;
    for chips in CHIPS {
        for weights in &formats {
            for deployment in layouts(architecture, chips, *weights) {
                let rate = Prepared::new(chip, architecture, &deployment, efficiencies)
                    .ok()
                    .and_then(|prepared| rate_of(&prepared, objective));
                if let Some(rate) = rate
                    && best.is_none_or(|best| rate.decode_tok_per_s_per_chip > best.decode_tok_per_s_per_chip)
                {
                    best = Some(rate);
                }
            }
        }
    }
    best
}

/// Tokens per second per chip in decode, with the built-in efficiencies (WORLD E1).
pub fn reference_decode_tok_per_s(
    chip: &Chip,
    architecture: &Architecture,
    context_tokens: f64,
    tpot_limit_s: f64,
) -> Option<f64> {
    let objective = Objective { context_tokens, tpot_limit_s };
    reference_rate(chip, architecture, objective, Efficiencies::builtin()).map(|rate| rate.decode_tok_per_s_per_chip)
}

/// Two ways to lay a replica out: all chips share attention, or each has its own with the experts spread.
fn layouts(architecture: &Architecture, chips: u64, weights: Dtype) -> Vec<Deployment> {
    let experts = architecture.moe().is_some();
    let engine = Engine::of(EngineKind::Generic);
    let shared =
        Deployment { ep: if experts { chips } else { 1 }, engine, weights, ..Deployment::of(architecture, chips) };
    let apart = Deployment { tp: 1, dp: chips, ..shared.clone() };
    if chips > 1 && experts { vec![shared, apart] } else { vec![shared] }
}

/// The largest batch by bisection, and the rates at it.
fn rate_of(prepared: &Prepared, objective: Objective) -> Option<ReferenceRate> {
    let Prepared { deployment, architecture, .. } = prepared;
    let ranks = deployment.dp as f64;
    let context = objective.context_tokens;
    let step = |batch: f64| prepared.step(&Load::decode(batch, context, ranks));
    let sequence = memory::sequence_bytes(architecture, deployment, context);
    let fitting = if sequence > 0.0 { prepared.memory.kv / sequence } else { MOST_REQUESTS };
    let (mut low, mut high) = (1.0, fitting.min(MOST_REQUESTS));
    if high < low || step(low).time_s > objective.tpot_limit_s {
        return None;
    }
    if step(high).time_s > objective.tpot_limit_s {
        for _ in 0..HALVINGS {
            let middle = f64::midpoint(low, high);
            if step(middle).time_s > objective.tpot_limit_s { high = middle } else { low = middle }
        }
    } else {
        low = high;
    }
    let chips = deployment.chips() as f64;
    let decode = step(low);
    let prompts = (PROMPT_TOKENS / context).max(1.0);
    let past = (context - PROMPT_TOKENS).max(0.0) / 2.0;
    let load = Load { prefill: PROMPT_TOKENS, prompts, past, ranks, ..Load::default() };
    Some(ReferenceRate {
        decode_tok_per_s_per_chip: low * ranks / decode.time_s / chips,
        prefill_tok_per_s_per_chip: PROMPT_TOKENS * ranks / prepared.step(&load).time_s / chips,
        chips_per_replica: deployment.chips(),
        batch: low * ranks,
        tpot_s: decode.time_s,
        weights: deployment.weights,
        decode_power_w: prepared.power_w.map(|(tdp_w, host_w)| tdp_w * decode.power_fraction + host_w),
    })
}
