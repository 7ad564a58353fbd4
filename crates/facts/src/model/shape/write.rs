//! From a shape to cells.

use std::collections::BTreeMap;
use units::Dtype;

use crate::architecture::{Architecture, Attention, Grouped, Latent, LayerGroup, Linear, Mlp, Resize, Vision, Window};

/// What is written in a cell.
struct Cell(String);

impl From<u64> for Cell {
    fn from(number: u64) -> Self {
        Self(number.to_string())
    }
}

impl From<Dtype> for Cell {
    fn from(dtype: Dtype) -> Self {
        Self(dtype.to_string())
    }
}

impl From<bool> for Cell {
    fn from(flag: bool) -> Self {
        Self(if flag { "yes" } else { "no" }.to_string())
    }
}

impl From<&str> for Cell {
    fn from(text: &str) -> Self {
        Self(text.to_string())
    }
}

impl From<String> for Cell {
    fn from(text: String) -> Self {
        Self(text)
    }
}

/// Cells by column.
#[derive(Default)]
struct Cells {
    cells: BTreeMap<&'static str, String>,
    conflict: Option<String>,
}

impl Cells {
    /// Sets a cell; two values for one column are a conflict.
    fn set(&mut self, column: &'static str, value: impl Into<Cell>) {
        let Cell(value) = value.into();
        match self.cells.get(column) {
            Some(present) if *present != value => {
                self.conflict.get_or_insert(format!("{column} is both {present} and {value}"));
            }
            _ => {
                self.cells.insert(column, value);
            }
        }
    }

    fn set_some(&mut self, column: &'static str, value: Option<impl Into<Cell>>) {
        if let Some(value) = value {
            self.set(column, value);
        }
    }
}

/// A shape in cells.
///
/// # Errors
/// A shape whose layers differ in more than their kind.
pub fn cells(architecture: &Architecture) -> Result<BTreeMap<&'static str, String>, String> {
    let mut cells = Cells::default();
    cells.set("family", architecture.family.as_str());
    cells.set("hidden", architecture.hidden);
    cells.set("vocab", architecture.vocab);
    cells.set("tied_embeddings", architecture.tied_embeddings);
    cells.set("head_bias", architecture.head_bias);
    cells.set("final_norm_params", architecture.final_norm_params);
    cells.set_some("max_context", architecture.max_context);
    cells.set("checkpoint_dtype", architecture.checkpoint_dtype);
    cells.set_some("expert_dtype", architecture.expert_dtype);
    cells.set("mtp_layers", architecture.mtp_layers);
    let kinds: Vec<String> = architecture.groups.iter().map(|group| layer_cells(group, &mut cells)).collect();
    cells.set("layer_pattern", kinds.join(" "));
    if let Some(vision) = &architecture.vision {
        vision_cells(vision, &mut cells);
    }
    cells.conflict.map_or(Ok(cells.cells), Err)
}

/// Sets the cells of a kind of layer; its part of the pattern.
fn layer_cells(group: &LayerGroup, cells: &mut Cells) -> String {
    cells.set("norm_params", group.norm_params);
    let attention = match &group.attention {
        Attention::Grouped(grouped) => {
            grouped_cells(grouped, cells);
            if grouped.window.is_some() { 'W' } else { 'G' }
        }
        Attention::Latent(latent) => {
            latent_cells(latent, cells);
            if latent.sparse_top_k.is_some() && latent.indexer.is_none() { 'R' } else { 'M' }
        }
        Attention::Linear(linear) => {
            linear_cells(linear, cells);
            'L'
        }
    };
    let mlp = match &group.mlp {
        Mlp::Dense { width, gated, bias_params } => {
            cells.set("mlp_width", *width);
            cells.set("mlp_gated", *gated);
            cells.set("mlp_bias_params", *bias_params);
            'd'
        }
        Mlp::Moe(moe) => {
            cells.set("experts", moe.experts);
            cells.set("top_k", moe.top_k);
            cells.set("expert_width", moe.width);
            cells.set("expert_params", moe.expert_params);
            cells.set("shared_width", moe.shared_width);
            cells.set("shared_gate_params", moe.shared_gate_params);
            cells.set("router_params", moe.router_params);
            'e'
        }
    };
    format!("{}{attention}{mlp}", group.count)
}

fn grouped_cells(grouped: &Grouped, cells: &mut Cells) {
    cells.set("heads", grouped.heads);
    cells.set("kv_heads", grouped.kv_heads);
    cells.set("head_dim", grouped.head_dim);
    cells.set("attention_extra_params", grouped.extra_params);
    cells.set("output_gate", grouped.output_gate);
    cells.set_some(
        "window",
        grouped.window.map(|window| match window {
            Window::Sliding(size) => format!("sliding {size}"),
            Window::Chunked(size) => format!("chunked {size}"),
        }),
    );
}

fn latent_cells(latent: &Latent, cells: &mut Cells) {
    cells.set("heads", latent.heads);
    cells.set_some("q_rank", latent.q_rank);
    cells.set("kv_rank", latent.kv_rank);
    cells.set("nope_dim", latent.nope_dim);
    cells.set("rope_dim", latent.rope_dim);
    cells.set("v_dim", latent.v_dim);
    cells.set_some("index_heads", latent.indexer.map(|indexer| indexer.heads));
    cells.set_some("index_dim", latent.indexer.map(|indexer| indexer.dim));
    cells.set_some("sparse_top_k", latent.sparse_top_k);
    cells.set("attention_extra_params", latent.extra_params);
}

fn linear_cells(linear: &Linear, cells: &mut Cells) {
    match *linear {
        Linear::DeltaNet { key_heads, value_heads, key_dim, value_dim, conv_kernel } => {
            cells.set("linear_kind", "delta_net");
            cells.set("linear_key_heads", key_heads);
            cells.set("linear_value_heads", value_heads);
            cells.set("linear_key_dim", key_dim);
            cells.set("linear_value_dim", value_dim);
            cells.set("linear_conv_kernel", conv_kernel);
        }
        Linear::Lightning { heads, head_dim } => {
            cells.set("linear_kind", "lightning");
            cells.set("linear_value_heads", heads);
            cells.set("linear_value_dim", head_dim);
        }
    }
}

fn vision_cells(vision: &Vision, cells: &mut Cells) {
    cells.set("vision_hidden", vision.hidden);
    cells.set("vision_layers", vision.layers);
    cells.set("vision_heads", vision.heads);
    cells.set("vision_mlp_width", vision.mlp_width);
    cells.set("vision_mlp_gated", vision.mlp_gated);
    cells.set("vision_layer_extra_params", vision.layer_extra_params);
    cells.set("vision_patch", vision.patch);
    cells.set("vision_merge", vision.merge);
    let resize = match vision.resize {
        Resize::Square { side } => format!("square {side}"),
        Resize::Nearest { min_pixels, max_pixels } => format!("nearest {min_pixels} {max_pixels}"),
        Resize::LongestSide { side } => format!("longest_side {side}"),
        Resize::PatchBudget { patches, side_patches } => format!("patch_budget {patches} {side_patches}"),
        Resize::Tiles { side, max_tiles } => format!("tiles {side} {max_tiles}"),
    };
    cells.set("vision_resize", resize);
    cells.set_some("vision_window_patches", vision.window_patches);
    cells.set("vision_global_layers", vision.global_layers);
    cells.set("vision_patch_params", vision.patch_params);
    cells.set("vision_projector_params", vision.projector_params);
    cells.set("vision_table_params", vision.table_params);
}
