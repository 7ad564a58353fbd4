//! Families of softmax attention in every layer: one table of conventions, one way to read them.

use super::experts::{Experts, Placement, RouterBias, SharedWidth};
use super::{Keys, Language, Layers, limit};
use crate::architecture::{Attention, Grouped, Mlp, Window};

/// What a family's class in the transformers library does where a configuration is silent, and what it
/// means by the keys it shares with others.
pub struct Family {
    /// Its `model_type`.
    pub model_type: &'static str,
    /// Whether the head is tied unless said otherwise.
    tied: bool,
    bias: Bias,
    qk_norm: QkNorm,
    norms: Norms,
    windows: Windows,
    /// Whether each head has an attention sink (gpt-oss).
    sinks: bool,
    mlp: Feed,
}

/// Biases of the projections.
#[derive(Clone, Copy)]
enum Bias {
    No,
    /// Queries, keys and values, always.
    Qkv,
    /// Queries, keys and values, where `attention_bias` says so.
    QkvKey,
    /// The output too, where `attention_bias` says so, with a default.
    QkvoKey(bool),
}

/// Norms of queries and keys.
#[derive(Clone, Copy)]
enum QkNorm {
    No,
    /// One of a head's width for queries, one for keys: 2 h.
    PerHead,
    /// As `PerHead`, where `use_qk_norm` says so.
    PerHeadKey,
    /// As wide as the projections, (H + K) h.
    Projected,
    /// As `Projected`, where `use_qk_norm` says so, with a default.
    ProjectedKey(bool),
}

/// Norms outside attention.
#[derive(Clone, Copy)]
enum Norms {
    /// So many weights of d a layer, and a final norm.
    Weighted(u64),
    /// Norms without weights (OLMo).
    Weightless,
}

/// Which layers look back only so far.
#[derive(Clone, Copy)]
enum Windows {
    No,
    /// All, where `sliding_window` is a number. (Mistral's class has a default of 4096, which only the first
    /// model has, and its file states it.)
    Key,
    /// Those from `max_window_layers`, where `use_sliding_window` is true (Qwen2, Qwen3).
    SwitchedKey,
    /// Layers 0, 2, 4, ... (Gemma 2, gpt-oss), unless `layer_types` says otherwise; default width.
    Even(u64),
    /// All but every `n`-th (`sliding_window_pattern`), unless `layer_types` says otherwise; default width.
    AllBut {
        every: u64,
        width: u64,
    },
    /// Chunks but in layers without rotary embedding, by default every fourth (Llama 4).
    Chunks,
}

/// The feed-forward part.
enum Feed {
    /// A gated network of `intermediate_size`, with biases where `mlp_bias` says so.
    Dense,
    /// Experts in some layers.
    Moe(Experts),
}

/// What most families do.
const LLAMA: Family = Family {
    model_type: "llama",
    tied: false,
    bias: Bias::QkvoKey(false),
    qk_norm: QkNorm::No,
    norms: Norms::Weighted(2),
    windows: Windows::No,
    sinks: false,
    mlp: Feed::Dense,
};

/// Qwen's experts.
const QWEN_MOE: Feed = Feed::Moe(Experts {
    width: "moe_intermediate_size",
    shared_width: SharedWidth::None,
    shared_gate: false,
    router_bias: RouterBias::No,
    expert_bias: false,
    placement: Placement::SparseStep,
    dense_width: "intermediate_size",
});

/// Experts that are as wide as `intermediate_size`, in every layer.
const fn uniform(router_bias: RouterBias, expert_bias: bool) -> Feed {
    Feed::Moe(Experts {
        width: "intermediate_size",
        shared_width: SharedWidth::None,
        shared_gate: false,
        router_bias,
        expert_bias,
        placement: Placement::Every,
        dense_width: "intermediate_size",
    })
}

const GEMMA3: Family = Family {
    model_type: "gemma3",
    tied: true,
    qk_norm: QkNorm::PerHead,
    norms: Norms::Weighted(4),
    windows: Windows::AllBut { every: 6, width: 4096 },
    ..LLAMA
};
const QWEN2: Family = Family { model_type: "qwen2", bias: Bias::Qkv, windows: Windows::SwitchedKey, ..LLAMA };
const QWEN3: Family = Family { model_type: "qwen3", qk_norm: QkNorm::PerHead, windows: Windows::SwitchedKey, ..LLAMA };
const MISTRAL: Family = Family { model_type: "mistral", bias: Bias::No, windows: Windows::Key, ..LLAMA };

/// Queries and keys are normed without weights.
const LLAMA4: Family = Family {
    model_type: "llama4",
    windows: Windows::Chunks,
    mlp: Feed::Moe(Experts {
        width: "intermediate_size",
        shared_width: SharedWidth::OneExpert,
        shared_gate: false,
        router_bias: RouterBias::No,
        expert_bias: false,
        placement: Placement::Interleaved,
        dense_width: "intermediate_size_mlp",
    }),
    ..LLAMA
};

/// The families, by `model_type`.
pub static FAMILIES: [Family; 26] = [
    LLAMA,
    MISTRAL,
    Family { model_type: "mistral3", ..MISTRAL },
    Family { model_type: "ministral3", ..MISTRAL },
    Family { model_type: "mixtral", mlp: uniform(RouterBias::No, false), ..MISTRAL },
    Family { model_type: "phi3", ..MISTRAL },
    QWEN2,
    Family { model_type: "qwen2_5_vl", ..QWEN2 },
    Family { model_type: "mimo", ..QWEN2 },
    QWEN3,
    Family { model_type: "qwen3_vl", ..QWEN3 },
    Family { model_type: "qwen3_moe", mlp: QWEN_MOE, ..QWEN3 },
    Family { model_type: "qwen3_vl_moe", mlp: QWEN_MOE, ..QWEN3 },
    Family { model_type: "gemma", tied: true, ..LLAMA },
    Family { model_type: "gemma2", tied: true, norms: Norms::Weighted(4), windows: Windows::Even(4096), ..LLAMA },
    GEMMA3,
    Family { model_type: "gemma3_text", ..GEMMA3 },
    Family {
        model_type: "cohere",
        tied: true,
        qk_norm: QkNorm::ProjectedKey(false),
        norms: Norms::Weighted(1),
        ..LLAMA
    },
    Family { model_type: "olmo", norms: Norms::Weightless, ..LLAMA },
    Family { model_type: "olmo2", qk_norm: QkNorm::Projected, ..LLAMA },
    Family {
        model_type: "olmo3",
        qk_norm: QkNorm::Projected,
        windows: Windows::AllBut { every: 4, width: 4096 },
        ..LLAMA
    },
    Family {
        model_type: "gpt_oss",
        bias: Bias::QkvoKey(true),
        windows: Windows::Even(128),
        sinks: true,
        // The router is a linear layer with a bias of its own.
        mlp: uniform(RouterBias::Yes, true),
        ..LLAMA
    },
    Family {
        model_type: "glm4_moe",
        bias: Bias::QkvKey,
        qk_norm: QkNorm::PerHeadKey,
        mlp: Feed::Moe(Experts {
            width: "moe_intermediate_size",
            shared_width: SharedWidth::Times(1),
            shared_gate: false,
            router_bias: RouterBias::Yes,
            expert_bias: false,
            placement: Placement::FromLayer(1),
            dense_width: "intermediate_size",
        }),
        ..LLAMA
    },
    Family {
        model_type: "minimax_m2",
        bias: Bias::No,
        qk_norm: QkNorm::ProjectedKey(true),
        mlp: uniform(RouterBias::Key("use_routing_bias"), false),
        ..LLAMA
    },
    LLAMA4,
    Family { model_type: "llama4_text", ..LLAMA4 },
];

/// The family of a `model_type`.
pub fn family(model_type: &str) -> Option<&'static Family> {
    FAMILIES.iter().find(|family| family.model_type == model_type)
}

/// Reads a family of the table.
pub fn read(keys: &Keys<'_>, family: &Family) -> Language {
    let hidden = keys.count("hidden_size", limit::HIDDEN);
    let layers = keys.count("num_hidden_layers", limit::LAYERS);
    let shape = family.attention(keys, hidden);
    let windows = family.windows.read(keys, layers);
    let mlps = match &family.mlp {
        Feed::Dense => vec![dense(keys, hidden); layers as usize],
        Feed::Moe(experts) => experts.per_layer(keys, hidden, layers),
    };
    let (norms, final_norm_params) = match family.norms {
        Norms::Weighted(number) => (number * hidden, hidden),
        Norms::Weightless => (0, 0),
    };
    let mut stack = Layers::default();
    for (window, mlp) in windows.into_iter().zip(mlps) {
        stack.push(Attention::Grouped(Grouped { window, ..shape.clone() }), mlp, norms);
    }
    Language {
        hidden,
        vocab: keys.count("vocab_size", limit::VOCAB),
        tied: keys.flag_here_or_above("tie_word_embeddings", family.tied),
        head_bias: false,
        final_norm_params,
        layers: stack,
        max_context: keys.optional_count("max_position_embeddings", limit::CONTEXT),
        mtp_layers: mtp_layers(keys),
    }
}

/// Heads and their width, `head_dim` = d / H where it is absent, each within bounds and fitting the others.
pub fn heads(keys: &Keys<'_>, hidden: u64) -> (u64, u64, u64) {
    let heads = keys.count("num_attention_heads", limit::HEADS);
    let kv_heads = keys.count_or("num_key_value_heads", heads, limit::HEADS);
    let head_dim = keys.optional_count("head_dim", limit::HEAD_DIM).unwrap_or_else(|| {
        keys.require(hidden.is_multiple_of(heads), "num_attention_heads", || {
            format!(
                "'hidden_size' {hidden} is not a multiple of 'num_attention_heads' {heads}, and 'head_dim' is absent"
            )
        });
        (hidden / heads).max(1)
    });
    keys.require(heads.is_multiple_of(kv_heads), "num_key_value_heads", || {
        format!("'num_attention_heads' {heads} is not a multiple of 'num_key_value_heads' {kv_heads}")
    });
    keys.require(heads * head_dim <= limit::HEADS_WIDTH, "head_dim", || {
        format!("{heads} heads of {head_dim} are wider than {}", limit::HEADS_WIDTH)
    });
    (heads, kv_heads, head_dim)
}

/// Multi-token-prediction layers, as the families spell them.
pub fn mtp_layers(keys: &Keys<'_>) -> u64 {
    let key = keys.spelling(&["num_nextn_predict_layers", "mtp_num_hidden_layers", "num_mtp_modules"]);
    keys.number_or(key, 0, limit::LAYERS)
}

impl Family {
    /// One layer's attention, without its window.
    fn attention(&self, keys: &Keys<'_>, hidden: u64) -> Grouped {
        let (heads, kv_heads, head_dim) = heads(keys, hidden);
        let projected = (heads + 2 * kv_heads) * head_dim;
        let bias = match self.bias {
            Bias::No => 0,
            Bias::Qkv => projected,
            Bias::QkvKey => {
                if keys.flag("attention_bias", false) {
                    projected
                } else {
                    0
                }
            }
            Bias::QkvoKey(default) => {
                if keys.flag("attention_bias", default) {
                    projected + hidden
                } else {
                    0
                }
            }
        };
        let norm = match self.qk_norm {
            QkNorm::No => 0,
            QkNorm::PerHead => 2 * head_dim,
            QkNorm::PerHeadKey => {
                if keys.flag("use_qk_norm", false) {
                    2 * head_dim
                } else {
                    0
                }
            }
            QkNorm::Projected => (heads + kv_heads) * head_dim,
            QkNorm::ProjectedKey(default) => {
                if keys.flag("use_qk_norm", default) {
                    (heads + kv_heads) * head_dim
                } else {
                    0
                }
            }
        };
        let sinks = if self.sinks { heads } else { 0 };
        Grouped { heads, kv_heads, head_dim, window: None, extra_params: bias + norm + sinks, output_gate: false }
    }
}

/// One layer's dense network.
fn dense(keys: &Keys<'_>, hidden: u64) -> Mlp {
    let width = keys.count("intermediate_size", limit::MLP_WIDTH);
    let biased = keys.flag("mlp_bias", false);
    Mlp::Dense { width, gated: true, bias_params: if biased { 2 * width + hidden } else { 0 } }
}

impl Windows {
    /// The window of each layer.
    fn read(self, keys: &Keys<'_>, layers: u64) -> Vec<Option<Window>> {
        const KINDS: [&str; 3] = ["full_attention", "sliding_attention", "chunked_attention"];
        let width = |default| Some(Window::Sliding(keys.count_or("sliding_window", default, limit::CONTEXT)));
        let stated = || keys.kinds("layer_types", layers, &KINDS);
        let sliding_where = |window: Option<Window>, usual: &dyn Fn(u64) -> bool| match stated() {
            Some(kinds) => kinds.into_iter().map(|kind| window.filter(|_| kind > 0)).collect(),
            None => (0..layers).map(|layer| window.filter(|_| usual(layer))).collect(),
        };
        match self {
            Self::No => vec![None; layers as usize],
            Self::Key => {
                let window = keys.optional_count("sliding_window", limit::CONTEXT).map(Window::Sliding);
                vec![window; layers as usize]
            }
            Self::SwitchedKey => {
                let window = keys.optional_count("sliding_window", limit::CONTEXT).map(Window::Sliding);
                let window = window.filter(|_| keys.flag("use_sliding_window", false));
                let first = keys.number_or("max_window_layers", 28, limit::CONTEXT);
                sliding_where(window, &|layer| layer >= first)
            }
            Self::Even(default) => sliding_where(width(default), &|layer| layer % 2 == 0),
            Self::AllBut { every, width: default } => {
                let every = keys.count_or("sliding_window_pattern", every, limit::LAYERS);
                sliding_where(width(default), &|layer| (layer + 1) % every != 0)
            }
            Self::Chunks => {
                let chunk = keys.count_or("attention_chunk_size", 8192, limit::CONTEXT);
                let every = keys.count_or("no_rope_layer_interval", 4, limit::LAYERS);
                // An entry of 1 is a layer with rotary embedding, which is a chunked one.
                let rotary = keys.switches("no_rope_layers", layers);
                sliding_where(Some(Window::Chunked(chunk)), &|layer| match &rotary {
                    Some(rotary) => rotary[layer as usize],
                    None => (layer + 1) % every != 0,
                })
            }
        }
    }
}
