//! A model's shape in columns.
//!
//! The layers of a model differ in few ways, so one column, `layer_pattern`, says how many there are of each
//! kind, such as `3Md 58Me`, and every other column holds for all of them. A kind is two letters: attention
//! (`G` softmax over the whole context, `W` within a window, `M` latent, `R` latent with the index of an earlier
//! layer, `L` linear) and feed-forward part (`d` dense, `e` experts). A blank cell is not applicable.

mod read;
mod write;

pub use read::read;
pub use write::cells;

/// The columns, in their order.
pub const COLUMNS: [&str; 56] = [
    "family",
    "layer_pattern",
    "hidden",
    "vocab",
    "tied_embeddings",
    "head_bias",
    "final_norm_params",
    "norm_params",
    "heads",
    "kv_heads",
    "head_dim",
    "window",
    "output_gate",
    "q_rank",
    "kv_rank",
    "nope_dim",
    "rope_dim",
    "v_dim",
    "index_heads",
    "index_dim",
    "sparse_top_k",
    "attention_extra_params",
    "linear_kind",
    "linear_key_heads",
    "linear_value_heads",
    "linear_key_dim",
    "linear_value_dim",
    "linear_conv_kernel",
    "mlp_width",
    "mlp_gated",
    "mlp_bias_params",
    "experts",
    "top_k",
    "expert_width",
    "expert_params",
    "shared_width",
    "shared_gate_params",
    "router_params",
    "max_context",
    "checkpoint_dtype",
    "expert_dtype",
    "mtp_layers",
    "vision_hidden",
    "vision_layers",
    "vision_heads",
    "vision_mlp_width",
    "vision_mlp_gated",
    "vision_layer_extra_params",
    "vision_patch",
    "vision_merge",
    "vision_resize",
    "vision_window_patches",
    "vision_global_layers",
    "vision_patch_params",
    "vision_projector_params",
    "vision_table_params",
];
