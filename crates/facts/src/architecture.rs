//! The shape of a transformer, normalised from the many spellings of `config.json`, and what is counted from it.
//!
//! Layers that are alike are one [`LayerGroup`] with a count: what is counted or priced for one holds for
//! all, and a 61-layer model has two or three groups.
//!
//! | question | answer | file |
//! |---|---|---|
//! | how is a configuration read? | [`Architecture::from_config`] | `config.rs` and one file a kind of family |
//! | how many parameters, and how many does a token visit? | [`Architecture::total_params`], [`Architecture::active_params`] | `parameters.rs` |
//! | how much memory does a sequence take? | [`Architecture::kv_bytes`], [`Architecture::state_bytes`] | `cache.rs` |
//! | how much arithmetic is a token? | [`Architecture::decode_flops`], [`Architecture::prefill_flops`] | `flops.rs` |
//! | how many bytes of weights does a step read? | [`Architecture::decode_weight_bytes`] | `weights.rs` |
//! | what does an image cost? | [`Vision::tokens`], [`Vision::flops`] | `vision.rs` |
//!
//! The conventions matter more than the formulas. Counts are of the language model, unquantised: vision encoder,
//! multi-token-prediction layers and quantisation scales are left out. Active parameters include the input
//! embedding; published figures often do not (DeepSeek-V3: 37.6 B with it, 36.6 B without). Sparse attention
//! (DeepSeek-V3.2, GLM-5) is counted as dense, as the memory of its keys and values is; what it saves, and what
//! its index costs, are figures of their own ([`Architecture::sparse_decode_flops`],
//! [`Architecture::index_cache_bytes_per_token`]).
//!
//! # Examples
//! ```
//! let text = r#"{"model_type": "llama", "hidden_size": 4096, "num_hidden_layers": 32, "num_attention_heads": 32,
//!     "num_key_value_heads": 8, "intermediate_size": 14336, "vocab_size": 128256}"#;
//! let llama = facts::Architecture::from_config(text, "config.json").unwrap();
//! assert_eq!(llama.total_params(), 8_030_261_248);
//! // Keys and values of 8 heads of 128, in 32 layers, at two bytes.
//! assert_eq!(llama.kv_bytes_per_token(2.0), 131_072.0);
//!
//! let problems = facts::Architecture::from_config(r#"{"model_type": "lama"}"#, "config.json").unwrap_err();
//! assert_eq!(problems.0[0].suggestion.as_deref(), Some("llama"));
//! ```

mod cache;
mod config;
mod counts;
mod flops;
pub(crate) mod limit;
mod parameters;
mod vision;
mod weights;

use serde::Serialize;
use units::Dtype;

pub use counts::Counts;
pub use limit::MAX_PARAMETERS;
pub use vision::{Resize, Vision};
pub use weights::expected_distinct_experts;

/// A language model's shape; the vision encoder, if any, beside it.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Architecture {
    /// `model_type` of the configuration.
    pub family: String,
    /// Width of the residual stream, d.
    pub hidden: u64,
    /// Vocabulary, V.
    pub vocab: u64,
    /// Whether the output head is the embedding matrix.
    pub tied_embeddings: bool,
    /// Whether the head has a bias of V.
    pub head_bias: bool,
    /// Parameters of the final norm (d, 2d with a bias, 0 without weights).
    pub final_norm_params: u64,
    /// Alike layers together; the counts sum to L.
    pub groups: Vec<LayerGroup>,
    /// Longest context, where stated [tokens].
    pub max_context: Option<u64>,
    /// Number format of the published checkpoint.
    pub checkpoint_dtype: Dtype,
    /// Number format of the routed experts, where it differs (gpt-oss: MXFP4).
    pub expert_dtype: Option<Dtype>,
    /// Multi-token-prediction layers; they are in no count.
    pub mtp_layers: u64,
    /// The vision encoder, which is in no language-model count.
    pub vision: Option<Vision>,
}

impl Architecture {
    /// Number of layers, L.
    pub fn layers(&self) -> u64 {
        self.groups.iter().map(|group| group.count).sum()
    }
}

/// `count` layers of one shape.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct LayerGroup {
    /// How many.
    pub count: u64,
    /// The attention, or what stands in its place.
    pub attention: Attention,
    /// The feed-forward part.
    pub mlp: Mlp,
    /// Parameters of the norms outside attention, biases included.
    pub norm_params: u64,
}

/// How a layer mixes positions.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Attention {
    /// Softmax attention with K key-value heads (multi-head K = H, grouped, multi-query K = 1).
    Grouped(Grouped),
    /// Multi-head latent attention (DeepSeek).
    Latent(Latent),
    /// A recurrent state in place of a cache.
    Linear(Linear),
}

/// Softmax attention, grouped or not.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Grouped {
    /// Query heads, H.
    pub heads: u64,
    /// Key-value heads, K.
    pub kv_heads: u64,
    /// Head width, h.
    pub head_dim: u64,
    /// Sliding window or chunk [tokens]; `None` = global.
    pub window: Option<Window>,
    /// Biases, q/k norms, sinks, in parameters a layer.
    pub extra_params: u64,
    /// Whether the query projection is doubled by an output gate (Qwen3-Next).
    pub output_gate: bool,
}

impl Grouped {
    /// Whether queries and keys are normed over their whole projection (MiniMax-M2, OLMo 2), not head by head: of all
    /// extras only that norm counts (H + K) h parameters (MODELS section 3).
    pub fn norms_projection(&self) -> bool {
        self.extra_params == (self.heads + self.kv_heads) * self.head_dim
    }
}

/// How far a layer looks back.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Window {
    /// The last `0` tokens.
    Sliding(u64),
    /// The tokens since the last multiple of `0`.
    Chunked(u64),
}

/// Multi-head latent attention.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Latent {
    /// Heads, H.
    pub heads: u64,
    /// `q_lora_rank`; `None` = queries projected directly.
    pub q_rank: Option<u64>,
    /// `kv_lora_rank`, c.
    pub kv_rank: u64,
    /// `qk_nope_head_dim`, n.
    pub nope_dim: u64,
    /// `qk_rope_head_dim`, r_o.
    pub rope_dim: u64,
    /// `v_head_dim`, v.
    pub v_dim: u64,
    /// DeepSeek sparse attention: the indexer of this layer.
    pub indexer: Option<Indexer>,
    /// Biases of the projections, in parameters a layer.
    pub extra_params: u64,
    /// Positions kept by sparse attention, also in layers that reuse another's index; `None` = dense.
    pub sparse_top_k: Option<u64>,
}

/// The indexer of DeepSeek sparse attention.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Indexer {
    /// Index heads, I.
    pub heads: u64,
    /// Index width, i.
    pub dim: u64,
}

/// Linear attention: a state of constant size.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Linear {
    /// Gated DeltaNet (Qwen3-Next, Qwen3.5).
    DeltaNet {
        /// Key heads.
        key_heads: u64,
        /// Value heads, n_v.
        value_heads: u64,
        /// Key width, d_k.
        key_dim: u64,
        /// Value width, d_v.
        value_dim: u64,
        /// Convolution kernel [columns].
        conv_kernel: u64,
    },
    /// Lightning attention (MiniMax-M1).
    Lightning {
        /// Heads, H.
        heads: u64,
        /// Head width, h.
        head_dim: u64,
    },
}

/// The feed-forward part of a layer.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Mlp {
    /// One network for every token.
    Dense {
        /// Width, F.
        width: u64,
        /// Three matrices (gated) or two.
        gated: bool,
        /// Biases, in parameters.
        bias_params: u64,
    },
    /// Routed experts.
    Moe(Moe),
}

/// A mixture of experts.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Moe {
    /// Routed experts, E.
    pub experts: u64,
    /// Experts a token, k.
    pub top_k: u64,
    /// Width of one routed expert, Fm.
    pub width: u64,
    /// Parameters of one routed expert, biases included.
    pub expert_params: u64,
    /// Width of the shared experts together; 0 = none.
    pub shared_width: u64,
    /// Parameters of a gate on the shared expert; 0 = none.
    pub shared_gate_params: u64,
    /// Router with its biases, in parameters.
    pub router_params: u64,
}
