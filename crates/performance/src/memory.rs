//! Where a chip's memory goes: weights, activations, reserves, and the cache that is left (MODELS section 3,
//! PERFORMANCE item 9).

use crate::{
    deployment::Deployment, efficiency::Efficiencies, engine::EngineKind, machine::Formats,
    operator::grouped::kv_heads_per_chip,
};
use facts::{
    Architecture, Chip,
    architecture::{Attention, Latent, LayerGroup, Linear, Mlp},
};

/// Tokens of a cache block: the default of vLLM, and what the others round to or finer.
pub(crate) const BLOCK_TOKENS: f64 = 16.0;
/// Bytes of a 16-bit number.
const WIDE: f64 = 2.0;

/// Memory of the fullest chip of a deployment [bytes].
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Memory {
    pub capacity: f64,
    pub usable: f64,
    pub weights: f64,
    pub activations: f64,
    pub reserve: f64,
    /// What is left for the cache; negative where the weights do not fit.
    pub kv: f64,
}

/// What a chip really holds [bytes].
///
/// What the driver reports, where that is known (`chip_memory.csv`). Else a vendor's "80 GB" is 80 x 2^30 (memory is made in powers of two; ai-dynamo/aiconfigurator's `mem_capacity`
/// of the H100 is 85,899,345,920), so a figure of whole decimal gigabytes is read as that label. Any other
/// figure stands as it is.
pub(crate) fn capacity_bytes(chip: &Chip) -> f64 {
    let label = chip.memory_bytes / units::GIGA;
    let labelled = if label.fract() == 0.0 { label * f64::from(1 << 30) } else { chip.memory_bytes };
    chip.memory_driver_bytes.unwrap_or(labelled)
}

impl Memory {
    /// Counts everything for the fullest chip: the first or last stage of the pipeline, with embedding and head.
    pub(crate) fn of(
        chip: &Chip,
        architecture: &Architecture,
        deployment: &Deployment,
        formats: Formats,
        table: &Efficiencies,
    ) -> Self {
        let engine = &deployment.engine;
        let scopes = [engine.kind.name(), "default"];
        // Without a version the newest release; engines before 1.0 count by minor number.
        let release =
            engine.release().map_or(f64::MAX, |(major, minor)| if major > 0 { f64::MAX } else { minor.into() });
        let utilization = table.stated("memory_utilization", &scopes, Some(release));
        let capacity = capacity_bytes(chip);
        let weights = weight_bytes(architecture, deployment, formats);
        let activations = activation_bytes(architecture, deployment, table.stated("step_tokens", &scopes, None));
        let chips = deployment.chips_per_replica();
        let collectives = if chips > 1 { table.stated("collective_bytes", &scopes, Some(chips as f64)) } else { 0.0 };
        let reserve = table.stated("reserve_bytes", &scopes, None) + collectives;
        let taken = weights + activations + reserve;
        let (usable, kv) = match engine.kind {
            // A share of what is free once the weights are loaded.
            EngineKind::TrtLlm => {
                let kv = (capacity - taken) * utilization;
                (taken + kv.max(0.0), kv)
            }
            _ => (capacity * utilization, capacity * utilization - taken),
        };
        Self { capacity, usable, weights, activations, reserve, kv }
    }
}

/// Share of the layers that the fullest pipeline stage holds.
fn stage_share(architecture: &Architecture, pp: u64) -> f64 {
    let layers = architecture.layers().max(1);
    layers.div_ceil(pp.max(1)) as f64 / layers as f64
}

/// Weights of the fullest chip [bytes].
fn weight_bytes(architecture: &Architecture, deployment: &Deployment, formats: Formats) -> f64 {
    let tp = deployment.tp as f64;
    let d = architecture.hidden as f64;
    let layers: f64 = architecture
        .groups
        .iter()
        .map(|group| {
            let (sharded, replicated) = attention_params(&group.attention, d, tp);
            let attention = (sharded / tp + replicated) * formats.attention.bytes();
            let mlp = match &group.mlp {
                Mlp::Dense { .. } => group.mlp.params(architecture.hidden) as f64 / tp * formats.dense.bytes(),
                Mlp::Moe(moe) => {
                    let routed = moe.experts as f64 / deployment.ep as f64 * moe.expert_params as f64;
                    let shared = 3.0 * d * moe.shared_width as f64 / tp;
                    routed / deployment.moe_tp() as f64 * formats.experts.bytes()
                        + shared * formats.dense.bytes()
                        + (moe.router_params + moe.shared_gate_params) as f64 * WIDE
                }
            };
            group.count as f64 * (attention + mlp + group.norm_params as f64 * WIDE)
        })
        .sum();
    let table = architecture.embed_params() as f64 / tp * WIDE;
    // A tied head on another stage than the embedding is a second copy; stages hold one of the two.
    let tables = if deployment.pp > 1 || architecture.tied_embeddings { table } else { 2.0 * table };
    let vision = architecture.vision.as_ref().map_or(0.0, |vision| vision.params() as f64 * WIDE / tp);
    layers * stage_share(architecture, deployment.pp) + tables + vision
}

/// Attention parameters of a layer: those cut over the chips of a rank, and those that each of them holds.
fn attention_params(attention: &Attention, d: f64, tp: f64) -> (f64, f64) {
    let all = |hidden: f64| attention.params(hidden as u64) as f64;
    match attention {
        Attention::Grouped(a) => {
            let kv = 2.0 * d * a.head_dim as f64;
            let replicated = kv * kv_heads_per_chip(a, tp);
            (all(d) - kv * a.kv_heads as f64, replicated)
        }
        Attention::Latent(a) => {
            let replicated = latent_replicated_params(a, d);
            (all(d) - replicated, replicated)
        }
        Attention::Linear(_) => (all(d), 0.0),
    }
}

/// Down projections, their norms and the indexer stand on every chip of a rank.
fn latent_replicated_params(a: &Latent, d: f64) -> f64 {
    let down = d * (a.kv_rank + a.rope_dim) as f64 + a.kv_rank as f64;
    let query_down = a.q_rank.map_or(0.0, |rank| d * rank as f64 + rank as f64);
    let indexer = a.indexer.map_or(0.0, |index| {
        let source = a.q_rank.map_or(d, |rank| rank as f64);
        source * (index.heads * index.dim) as f64 + d * (index.dim + index.heads) as f64
    });
    down + query_down + indexer
}

/// The inference peak of activations on a chip for a step of `tokens` [bytes]:
/// `T b (2d + max((H + 2K) h / t, 2F / t, k (2 Fm + d))) + 4 B V / t`, and the expanded keys and values of a
/// latent prefill (MODELS section 3, modelling formula).
fn activation_bytes(architecture: &Architecture, deployment: &Deployment, tokens: f64) -> f64 {
    /// Rows of logits at once: no more requests end a prompt or decode together on most cards.
    const LOGIT_ROWS: f64 = 256.0;
    let tp = deployment.tp as f64;
    let d = architecture.hidden as f64;
    let widest = architecture.groups.iter().map(|group| layer_width(group, d, deployment)).fold(0.0, f64::max);
    let workspace = architecture
        .groups
        .iter()
        .map(|group| match &group.attention {
            Attention::Latent(a) => (a.heads * (a.nope_dim + a.v_dim)) as f64 / tp * WIDE,
            Attention::Grouped(_) | Attention::Linear(_) => 0.0,
        })
        .fold(0.0, f64::max);
    let logits = 4.0 * LOGIT_ROWS * architecture.vocab as f64 / tp;
    tokens * (WIDE * (2.0 * d + widest) + workspace) + logits
}

fn layer_width(group: &LayerGroup, d: f64, deployment: &Deployment) -> f64 {
    let tp = deployment.tp as f64;
    let attention = match &group.attention {
        Attention::Grouped(a) => ((a.heads + 2 * a.kv_heads) * a.head_dim) as f64 / tp,
        Attention::Latent(a) => (a.heads * (a.nope_dim + a.rope_dim + a.v_dim)) as f64 / tp,
        Attention::Linear(Linear::DeltaNet { key_heads, value_heads, key_dim, value_dim, .. }) => {
            (2 * key_heads * key_dim + 2 * value_heads * value_dim) as f64 / tp
        }
        Attention::Linear(Linear::Lightning { heads, head_dim }) => (4 * heads * head_dim) as f64 / tp,
    };
    let mlp = match &group.mlp {
        Mlp::Dense { width, .. } => 2.0 * *width as f64 / tp,
        // A chip's share of the pairs: its tokens' experts lie on it once in `ep`, over all attention ranks.
        Mlp::Moe(moe) => {
            let pairs = moe.top_k as f64 * deployment.dp as f64 / deployment.ep as f64;
            pairs * (2.0 * moe.width as f64 / deployment.moe_tp() as f64 + d)
        }
    };
    attention.max(mlp)
}

/// What one sequence of `tokens` keeps on a chip, whole blocks, the fullest stage [bytes].
///
/// Keys and values of `max(K / t, 1)` heads, or the latent, which tensor parallelism does not cut; index keys
/// of sparse attention; the recurrent state of linear layers.
pub(crate) fn sequence_bytes(architecture: &Architecture, deployment: &Deployment, tokens: f64) -> f64 {
    let tp = deployment.tp as f64;
    let tokens = (tokens / BLOCK_TOKENS).ceil() * BLOCK_TOKENS;
    let element = deployment.kv.bytes();
    let layers: f64 = architecture
        .groups
        .iter()
        .map(|group| {
            let layer = match &group.attention {
                Attention::Grouped(a) => {
                    let kept = a.window.map_or(tokens, |window| tokens.min(window.size() as f64));
                    2.0 * kv_heads_per_chip(a, tp) * a.head_dim as f64 * element * kept
                }
                Attention::Latent(a) => {
                    let index = a.indexer.map_or(0.0, |index| index.dim as f64 + 4.0);
                    ((a.kv_rank + a.rope_dim) as f64 * element + index) * tokens
                }
                Attention::Linear(_) => 0.0,
            };
            group.count as f64 * layer
        })
        .sum();
    (layers + architecture.state_bytes() as f64 / tp) * stage_share(architecture, deployment.pp)
}

/// What one more token adds on a chip while every window has room, the fullest stage [bytes].
pub(crate) fn token_bytes(architecture: &Architecture, deployment: &Deployment) -> f64 {
    let empty = sequence_bytes(architecture, deployment, 0.0);
    (sequence_bytes(architecture, deployment, BLOCK_TOKENS) - empty) / BLOCK_TOKENS
}
