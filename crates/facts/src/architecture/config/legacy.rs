//! Older families with a plain feed-forward network beside attention: Falcon, GPT-J, Phi-2.

use super::softmax::heads;
use super::{Keys, Language, Layers, limit};
use crate::architecture::{Attention, Grouped, LayerGroup, Mlp};

/// Reads Falcon: one norm a layer (7B), or two (40B, 180B), each with a bias.
pub fn falcon(keys: &Keys<'_>, _family: &str) -> Language {
    let hidden = keys.count("hidden_size", limit::HIDDEN);
    let layers = keys.count("num_hidden_layers", limit::LAYERS);
    let new = keys.flag("new_decoder_architecture", false);
    let (heads, _, head_dim) = heads(keys, hidden);
    let kv_heads = match (new, keys.flag("multi_query", true)) {
        (true, _) => keys.count_or("num_kv_heads", heads, limit::HEADS),
        (false, true) => 1,
        (false, false) => heads,
    };
    keys.require(heads.is_multiple_of(kv_heads), "num_kv_heads", || {
        format!("{heads} heads are not a multiple of {kv_heads} key-value heads")
    });
    let width = keys.count_or("ffn_hidden_size", 4 * hidden, limit::MLP_WIDTH);
    let biased = keys.flag("bias", false);
    let norms = match (new, keys.flag("parallel_attn", true)) {
        (true, _) => keys.count_or("num_ln_in_parallel_attn", 2, 2),
        (false, true) => 1,
        (false, false) => 2,
    };
    let attention_bias = if biased { (heads + 2 * kv_heads) * head_dim + hidden } else { 0 };
    let layer = LayerGroup {
        count: layers,
        attention: softmax((heads, kv_heads, head_dim), attention_bias),
        mlp: Mlp::Dense { width, gated: false, bias_params: if biased { width + hidden } else { 0 } },
        norm_params: norms * 2 * hidden,
    };
    Language {
        hidden,
        vocab: keys.count("vocab_size", limit::VOCAB),
        tied: keys.flag("tie_word_embeddings", true),
        head_bias: false,
        final_norm_params: 2 * hidden,
        layers: Layers(vec![layer]),
        max_context: keys.optional_count("max_position_embeddings", limit::CONTEXT),
        mtp_layers: 0,
    }
}

/// Reads GPT-J, which has names of its own; the head has a bias.
pub fn gptj(keys: &Keys<'_>, _family: &str) -> Language {
    let hidden = keys.count("n_embd", limit::HIDDEN);
    let heads = keys.count("n_head", limit::HEADS);
    keys.require(hidden.is_multiple_of(heads), "n_head", || {
        format!("'n_embd' {hidden} is not a multiple of 'n_head' {heads}")
    });
    let width = keys.count_or("n_inner", 4 * hidden, limit::MLP_WIDTH);
    let layer = LayerGroup {
        count: keys.count("n_layer", limit::LAYERS),
        attention: softmax((heads, heads, (hidden / heads).max(1)), 0),
        mlp: Mlp::Dense { width, gated: false, bias_params: width + hidden },
        norm_params: 2 * hidden,
    };
    Language {
        hidden,
        vocab: keys.count("vocab_size", limit::VOCAB),
        tied: keys.flag("tie_word_embeddings", false),
        head_bias: true,
        final_norm_params: 2 * hidden,
        layers: Layers(vec![layer]),
        max_context: keys.optional_count("n_positions", limit::CONTEXT),
        mtp_layers: 0,
    }
}

/// Reads Phi-1 and Phi-2: biases on every projection, on the network and on the head.
pub fn phi(keys: &Keys<'_>, _family: &str) -> Language {
    let hidden = keys.count("hidden_size", limit::HIDDEN);
    let (heads, kv_heads, head_dim) = heads(keys, hidden);
    let width = keys.count("intermediate_size", limit::MLP_WIDTH);
    let qk_norm = if keys.flag("qk_layernorm", false) { 4 * head_dim } else { 0 };
    let layer = LayerGroup {
        count: keys.count("num_hidden_layers", limit::LAYERS),
        attention: softmax((heads, kv_heads, head_dim), (heads + 2 * kv_heads) * head_dim + hidden + qk_norm),
        mlp: Mlp::Dense { width, gated: false, bias_params: width + hidden },
        norm_params: 2 * hidden,
    };
    Language {
        hidden,
        vocab: keys.count("vocab_size", limit::VOCAB),
        tied: keys.flag("tie_word_embeddings", false),
        head_bias: true,
        final_norm_params: 2 * hidden,
        layers: Layers(vec![layer]),
        max_context: keys.optional_count("max_position_embeddings", limit::CONTEXT),
        mtp_layers: 0,
    }
}

/// Global softmax attention.
fn softmax((heads, kv_heads, head_dim): (u64, u64, u64), extra_params: u64) -> Attention {
    Attention::Grouped(Grouped { heads, kv_heads, head_dim, window: None, extra_params, output_gate: false })
}
