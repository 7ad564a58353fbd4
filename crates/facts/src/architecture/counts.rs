//! The summary of a model that `facts models` prints: one meaning for each key.

use serde::Serialize;
use std::collections::BTreeMap;

use super::Architecture;

/// Context lengths at which the cache is given [tokens].
const CACHE_CONTEXTS: [u64; 4] = [1024, 4096, 32768, 131_072];
/// Context lengths at which FLOPs are given [tokens].
const FLOP_CONTEXTS: [u64; 2] = [1024, 8192];
/// Batches at which weight reads are given [tokens a step].
const BATCHES: [u64; 4] = [1, 8, 64, 256];
/// Size of a bfloat16 [bytes].
const BF16_BYTES: u64 = 2;

/// What is counted from an architecture: language model only, unquantised.
///
/// In: embeddings, head, norms, biases, attention sinks, router and its bias, indexer. Out: vision encoder
/// and projector, multi-token-prediction layers, quantisation scales, rotary tables.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Counts {
    /// Each parameter once [parameters].
    pub total: u64,
    /// Parameters that a token passes through, input embedding included [parameters].
    pub active: u64,
    /// Input embedding [parameters].
    pub embed: u64,
    /// Output head with its bias; 0 if tied [parameters].
    pub head: u64,
    /// Attention of all layers [parameters].
    pub attn: u64,
    /// Norms outside attention and the final norm [parameters].
    pub norms: u64,
    /// Routed experts of one layer; 0 in a dense model.
    pub experts: u64,
    /// Experts a token; 0 in a dense model.
    pub top_k: u64,
    /// Layers with routed experts.
    pub moe_layers: u64,
    /// One routed expert with its biases [parameters].
    pub expert_params: u64,
    /// What one more token adds while every window has room, at 2 bytes an element [bytes/token].
    pub kv_bytes_per_token_bf16_all_layers: u64,
    /// Cache of one sequence of S tokens, by S [bytes].
    pub kv_bytes_bf16: BTreeMap<u64, u64>,
    /// Recurrent state of one sequence at 4 bytes, convolution at 2 [bytes].
    pub state_bytes_fp32: u64,
    /// One token attending to S positions, by S [FLOP].
    pub decode_flops: BTreeMap<u64, u64>,
    /// A causal prefill of S tokens, by S [FLOP].
    pub prefill_flops: BTreeMap<u64, f64>,
    /// Weights read by a decode step of B tokens, by B [bytes].
    pub decode_weight_bytes_bf16: BTreeMap<u64, f64>,
}

impl Architecture {
    /// All that is counted, at the contexts and batches of the summary.
    pub fn counts(&self) -> Counts {
        let moe = self.moe();
        let bf16 = BF16_BYTES as f64;
        Counts {
            total: self.total_params(),
            active: self.active_params(),
            embed: self.embed_params(),
            head: self.head_params(),
            attn: self.attention_params(),
            norms: self.norm_params(),
            experts: moe.map_or(0, |moe| moe.experts),
            top_k: moe.map_or(0, |moe| moe.top_k),
            moe_layers: self.moe_layers(),
            expert_params: moe.map_or(0, |moe| moe.expert_params),
            kv_bytes_per_token_bf16_all_layers: BF16_BYTES * self.kv_elements(1),
            kv_bytes_bf16: CACHE_CONTEXTS.map(|tokens| (tokens, BF16_BYTES * self.kv_elements(tokens))).into(),
            state_bytes_fp32: self.state_bytes(),
            decode_flops: FLOP_CONTEXTS.map(|context| (context, self.decode_flops(context) as u64)).into(),
            prefill_flops: FLOP_CONTEXTS.map(|tokens| (tokens, self.prefill_flops(tokens))).into(),
            decode_weight_bytes_bf16: BATCHES
                .map(|batch| (batch, self.decode_weight_bytes(batch as f64, bf16, bf16)))
                .into(),
        }
    }
}
