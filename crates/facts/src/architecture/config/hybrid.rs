//! Families that mix linear attention with softmax attention: Qwen3-Next, Qwen3.5, MiniMax-M1.

use super::experts::{Experts, Placement, RouterBias, SharedWidth, gated};
use super::softmax::{heads, mtp_layers};
use super::{Keys, Language, Layers, limit};
use crate::architecture::{Attention, Grouped, Linear, Mlp};

/// Reads Qwen3-Next and Qwen3.5: gated DeltaNet, and softmax attention with an output gate in every fourth
/// layer. The key widths, kernel and interval have the defaults of `Qwen3NextConfig`.
pub fn qwen(keys: &Keys<'_>, family: &str) -> Language {
    let hidden = keys.count("hidden_size", limit::HIDDEN);
    let layers = keys.count("num_hidden_layers", limit::LAYERS);
    let linear = Attention::Linear(delta_net(keys));
    let softmax = Attention::Grouped(gated_softmax(keys, hidden));
    let interval = keys.count_or("full_attention_interval", 4, limit::LAYERS);
    let stated = keys.kinds("layer_types", layers, &["full_attention", "linear_attention"]);
    let is_linear: Vec<bool> = stated.map_or_else(
        || (0..layers).map(|layer| (layer + 1) % interval != 0).collect(),
        |kinds| kinds.into_iter().map(|kind| kind == 1).collect(),
    );
    let mlps = match family {
        "qwen3_5" => vec![gated(keys.count("intermediate_size", limit::MLP_WIDTH)); layers as usize],
        _ => QWEN_EXPERTS.per_layer(keys, hidden, layers),
    };
    let attentions = is_linear.into_iter().map(|is_linear| if is_linear { linear.clone() } else { softmax.clone() });
    language(keys, hidden, attentions.zip(mlps))
}

/// Qwen's experts, with one shared expert behind a gate.
const QWEN_EXPERTS: Experts = Experts {
    width: "moe_intermediate_size",
    shared_width: SharedWidth::Key("shared_expert_intermediate_size"),
    shared_gate: true,
    router_bias: RouterBias::No,
    expert_bias: false,
    placement: Placement::SparseStep,
    dense_width: "intermediate_size",
};

/// The gated DeltaNet of one layer.
fn delta_net(keys: &Keys<'_>) -> Linear {
    let key_heads = keys.count("linear_num_key_heads", limit::HEADS);
    let value_heads = keys.count("linear_num_value_heads", limit::HEADS);
    let key_dim = keys.count("linear_key_head_dim", limit::HEAD_DIM);
    let value_dim = keys.count("linear_value_head_dim", limit::HEAD_DIM);
    keys.require(value_heads.is_multiple_of(key_heads), "linear_num_value_heads", || {
        format!("{value_heads} value heads are not a multiple of {key_heads} key heads")
    });
    keys.require(key_heads * key_dim <= limit::HEADS_WIDTH, "linear_key_head_dim", || {
        format!("{key_heads} key heads of {key_dim} are wider than {}", limit::HEADS_WIDTH)
    });
    keys.require(value_heads * value_dim <= limit::HEADS_WIDTH, "linear_value_head_dim", || {
        format!("{value_heads} value heads of {value_dim} are wider than {}", limit::HEADS_WIDTH)
    });
    let conv_kernel = keys.count_or("linear_conv_kernel_dim", 4, limit::KERNEL);
    Linear::DeltaNet { key_heads, value_heads, key_dim, value_dim, conv_kernel }
}

/// The softmax attention of one layer: queries and keys normed by head, the output gated.
fn gated_softmax(keys: &Keys<'_>, hidden: u64) -> Grouped {
    let (heads, kv_heads, head_dim) = heads(keys, hidden);
    let output_gate = keys.flag("attn_output_gate", true);
    let queries = if output_gate { 2 * heads } else { heads };
    let bias = if keys.flag("attention_bias", false) { (queries + 2 * kv_heads) * head_dim + hidden } else { 0 };
    Grouped { heads, kv_heads, head_dim, window: None, extra_params: 2 * head_dim + bias, output_gate }
}

/// Reads MiniMax-M1: lightning attention where `attn_type_list` says 0, softmax attention where it says 1.
pub fn minimax_m1(keys: &Keys<'_>, _family: &str) -> Language {
    let hidden = keys.count("hidden_size", limit::HIDDEN);
    let layers = keys.count("num_hidden_layers", limit::LAYERS);
    let (heads, kv_heads, head_dim) = heads(keys, hidden);
    let linear = Attention::Linear(Linear::Lightning { heads, head_dim });
    let softmax =
        Attention::Grouped(Grouped { heads, kv_heads, head_dim, window: None, extra_params: 0, output_gate: false });
    if !keys.has("attn_type_list") {
        keys.count("attn_type_list", 1);
    }
    let is_softmax = keys.switches("attn_type_list", layers).unwrap_or_default();
    let experts = Experts {
        width: "intermediate_size",
        shared_width: SharedWidth::Key("shared_intermediate_size"),
        shared_gate: false,
        router_bias: RouterBias::No,
        expert_bias: false,
        placement: Placement::Every,
        dense_width: "intermediate_size",
    };
    let attentions = is_softmax.into_iter().map(|is_softmax| if is_softmax { softmax.clone() } else { linear.clone() });
    language(keys, hidden, attentions.zip(experts.per_layer(keys, hidden, layers)))
}

/// Two norms a layer, and what the hybrids share.
fn language(keys: &Keys<'_>, hidden: u64, layers: impl Iterator<Item = (Attention, Mlp)>) -> Language {
    let mut stack = Layers::default();
    for (attention, mlp) in layers {
        stack.push(attention, mlp, 2 * hidden);
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
