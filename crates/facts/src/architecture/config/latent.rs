//! Families of multi-head latent attention: DeepSeek V2 to V3.2, Kimi K2, GLM-4.7-Flash and GLM-5.

use super::experts::{Experts, Placement, RouterBias, SharedWidth};
use super::softmax::mtp_layers;
use super::{Keys, Language, Layers, limit};
use crate::architecture::{Attention, Indexer, Latent};

/// What the classes differ in: the router's bias, and the defaults of shared experts and first dense layers.
fn experts(family: &str) -> Experts {
    let (shared, first, router_bias) = match family {
        "deepseek_v2" => (2, 0, RouterBias::No),
        "glm4_moe_lite" => (1, 1, RouterBias::Yes),
        _ => (1, 3, RouterBias::Yes),
    };
    Experts {
        width: "moe_intermediate_size",
        shared_width: SharedWidth::Times(shared),
        shared_gate: false,
        router_bias,
        expert_bias: false,
        placement: Placement::FromLayer(first),
        dense_width: "intermediate_size",
    }
}

/// Reads a family of latent attention.
pub fn read(keys: &Keys<'_>, family: &str) -> Language {
    let hidden = keys.count("hidden_size", limit::HIDDEN);
    let layers = keys.count("num_hidden_layers", limit::LAYERS);
    let shape = attention(keys, hidden);
    let indexers = match family {
        "deepseek_v32" | "glm_moe_dsa" => indexers(keys, layers),
        _ => vec![None; layers as usize],
    };
    let sparse_top_k = indexers.iter().any(Option::is_some).then(|| keys.count("index_topk", limit::CONTEXT));
    let mut stack = Layers::default();
    for (indexer, mlp) in indexers.into_iter().zip(experts(family).per_layer(keys, hidden, layers)) {
        stack.push(Attention::Latent(Latent { indexer, sparse_top_k, ..shape.clone() }), mlp, 2 * hidden);
    }
    Language {
        hidden,
        vocab: keys.count("vocab_size", limit::VOCAB),
        tied: keys.flag_here_or_above("tie_word_embeddings", false),
        head_bias: false,
        final_norm_params: hidden,
        layers: stack,
        max_context: keys.optional_count("max_position_embeddings", limit::CONTEXT),
        mtp_layers: mtp_layers(keys),
    }
}

/// One layer's attention, without its indexer.
fn attention(keys: &Keys<'_>, hidden: u64) -> Latent {
    let heads = keys.count("num_attention_heads", limit::HEADS);
    // A query rank of null means queries projected directly; a key that is not there means nothing.
    let q_rank = keys.has("q_lora_rank").then(|| keys.optional_count("q_lora_rank", limit::RANK));
    if q_rank.is_none() {
        keys.count("q_lora_rank", limit::RANK);
    }
    let latent = Latent {
        heads,
        q_rank: q_rank.flatten(),
        kv_rank: keys.count("kv_lora_rank", limit::RANK),
        nope_dim: keys.count("qk_nope_head_dim", limit::HEAD_DIM),
        rope_dim: keys.count("qk_rope_head_dim", limit::HEAD_DIM),
        v_dim: keys.count("v_head_dim", limit::HEAD_DIM),
        indexer: None,
        extra_params: 0,
        sparse_top_k: None,
    };
    let widest = (latent.nope_dim + latent.rope_dim).max(latent.v_dim);
    keys.require(heads * widest <= limit::HEADS_WIDTH, "num_attention_heads", || {
        format!("{heads} heads of {widest} are wider than {}", limit::HEADS_WIDTH)
    });
    let biased = keys.flag("attention_bias", false);
    // Biases stand on the two projections down and on the output.
    let biases = latent.q_rank.unwrap_or(0) + latent.kv_rank + latent.rope_dim + hidden;
    Latent { extra_params: if biased { biases } else { 0 }, ..latent }
}

/// The indexer of each layer: all of them, or the "full" ones of `indexer_types`, whose index the "shared"
/// ones use (GLM-5.2).
fn indexers(keys: &Keys<'_>, layers: u64) -> Vec<Option<Indexer>> {
    let indexer = Indexer {
        heads: keys.count("index_n_heads", limit::HEADS),
        dim: keys.count("index_head_dim", limit::HEAD_DIM),
    };
    keys.require(indexer.heads * indexer.dim <= limit::HEADS_WIDTH, "index_n_heads", || {
        format!("{} index heads of {} are wider than {}", indexer.heads, indexer.dim, limit::HEADS_WIDTH)
    });
    match keys.kinds("indexer_types", layers, &["full", "shared"]) {
        Some(kinds) => kinds.into_iter().map(|kind| (kind == 0).then_some(indexer)).collect(),
        None => vec![Some(indexer); layers as usize],
    }
}
