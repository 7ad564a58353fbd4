//! Vision encoders of a configuration, by the family of the whole model.
//!
//! Parameters agree with the transformers library, but for Gemma 3, where the library also builds SigLIP's
//! pooling head, which the model does not use.

use super::Keys;
use crate::architecture::limit::vision as limit;
use crate::architecture::{Resize, Vision};

/// Colours of a pixel.
const CHANNELS: u64 = 3;
/// Frames in a patch of Qwen's encoders: an image is shown twice.
const QWEN_FRAMES: u64 = 2;

/// The vision encoder, where there is one that is known.
pub fn read(root: &Keys<'_>, family: &str, language_hidden: u64) -> Option<Vision> {
    let read: fn(&Keys<'_>, &Keys<'_>, u64) -> Vision = match family {
        "qwen2_5_vl" => qwen2_5,
        "qwen3_vl" | "qwen3_vl_moe" | "qwen3_5" | "qwen3_5_moe" => qwen3,
        "gemma3" => gemma3,
        "llama4" => llama4,
        "mistral3" => pixtral,
        "kimi_k25" => kimi,
        _ => return None,
    };
    root.section("vision_config").map(|keys| read(&keys, root, language_hidden))
}

/// What all encoders have, under the keys of their family.
struct Shape {
    hidden: u64,
    layers: u64,
    heads: u64,
    mlp_width: u64,
    patch: u64,
}

impl Shape {
    fn read(keys: &Keys<'_>, [hidden, layers, heads, mlp_width]: [&str; 4]) -> Self {
        Self {
            hidden: keys.count(hidden, limit::HIDDEN),
            layers: keys.count(layers, limit::LAYERS),
            heads: keys.count(heads, limit::HIDDEN),
            mlp_width: keys.count(mlp_width, limit::WIDTH),
            patch: keys.count("patch_size", limit::SIDE),
        }
    }

    /// Patch pixels to the width, without a bias.
    fn patch_params(&self) -> u64 {
        CHANNELS * self.patch * self.patch * self.hidden
    }

    /// A plain layer with biases everywhere: four projections (d each), up (F) and down (d), two norms (2 d each).
    fn biased_layer_extra(&self) -> u64 {
        4 * self.hidden + self.mlp_width + self.hidden + 4 * self.hidden
    }

    /// A plain encoder with biases and global attention, before what is its own.
    fn plain(self, merge: u64, resize: Resize) -> Vision {
        Vision {
            mlp_gated: false,
            layer_extra_params: self.biased_layer_extra(),
            merge,
            resize,
            window_patches: None,
            global_layers: self.layers,
            patch_params: self.patch_params() + self.hidden,
            projector_params: 0,
            table_params: 0,
            hidden: self.hidden,
            layers: self.layers,
            heads: self.heads,
            mlp_width: self.mlp_width,
            patch: self.patch,
        }
    }
}

const HUGGING_FACE: [&str; 4] = ["hidden_size", "num_hidden_layers", "num_attention_heads", "intermediate_size"];
const QWEN: [&str; 4] = ["hidden_size", "depth", "num_heads", "intermediate_size"];

/// Two biased layers from `from` over `from` to `to`.
fn merger(from: u64, to: u64) -> u64 {
    from * from + from + from * to + to
}

/// Qwen2.5-VL: gated layers, windowed but for a few; a norm of weights only; bounds of its image processor.
fn qwen2_5(keys: &Keys<'_>, _root: &Keys<'_>, language_hidden: u64) -> Vision {
    let shape = Shape::read(keys, QWEN);
    let merge = keys.count_or("spatial_merge_size", 2, limit::SIDE);
    let window = keys.count_or("window_size", 112, limit::SIDE);
    let global = keys.layer_indices("fullatt_block_indexes", shape.layers);
    let (hidden, width) = (shape.hidden, shape.mlp_width);
    let merged = merge.saturating_mul(merge).min(limit::WIDTH / hidden) * hidden;
    Vision {
        mlp_gated: true,
        layer_extra_params: 4 * hidden + 2 * width + hidden + 2 * hidden,
        window_patches: global.is_some().then_some((window / shape.patch).max(1)),
        global_layers: global.map_or(shape.layers, |global| global.len() as u64),
        patch_params: QWEN_FRAMES * shape.patch_params(),
        projector_params: hidden + merger(merged, language_hidden),
        ..shape.plain(merge, Resize::Nearest { min_pixels: 3136, max_pixels: 12_845_056 })
    }
}

/// Qwen3-VL and Qwen3.5: plain layers, a position table, and a second way into the language model for each
/// entry of `deepstack_visual_indexes`.
fn qwen3(keys: &Keys<'_>, _root: &Keys<'_>, language_hidden: u64) -> Vision {
    let shape = Shape::read(keys, QWEN);
    let merge = keys.count_or("spatial_merge_size", 2, limit::SIDE);
    let deep = keys.layer_indices("deepstack_visual_indexes", shape.layers).unwrap_or_default().len() as u64;
    let positions = keys.count_or("num_position_embeddings", 2304, limit::TABLE);
    let hidden = shape.hidden;
    let merged = merge.saturating_mul(merge).min(limit::WIDTH / hidden) * hidden;
    let projector = merger(merged, language_hidden);
    Vision {
        patch_params: QWEN_FRAMES * shape.patch_params() + hidden,
        projector_params: 2 * hidden + projector + deep * (2 * merged + projector),
        table_params: positions * hidden,
        ..shape.plain(merge, Resize::Nearest { min_pixels: 65536, max_pixels: 16_777_216 })
    }
}

/// Gemma 3: SigLIP, then patches averaged down to `mm_tokens_per_image`.
fn gemma3(keys: &Keys<'_>, root: &Keys<'_>, language_hidden: u64) -> Vision {
    let shape = Shape::read(keys, HUGGING_FACE);
    let side = keys.count("image_size", limit::SIDE);
    let tokens = root.count_or("mm_tokens_per_image", 256, limit::TABLE);
    let along = (side / shape.patch).max(1);
    let merge = along / tokens.isqrt().max(1);
    keys.require(tokens.isqrt().pow(2) == tokens && merge > 0 && along == merge * tokens.isqrt(), "image_size", || {
        format!("{along} patches along a side cannot be averaged down to {tokens} tokens")
    });
    let hidden = shape.hidden;
    Vision {
        projector_params: hidden * language_hidden + hidden,
        table_params: along * along * hidden + 2 * hidden,
        ..shape.plain(merge.max(1), Resize::Square { side })
    }
}

/// Llama 4: tiles, a class token, pixels shuffled into a quarter of the tokens, an adapter and a projector.
fn llama4(keys: &Keys<'_>, root: &Keys<'_>, language_hidden: u64) -> Vision {
    /// Tiles of an image where `max_patches` is not given (`Llama4ImageProcessor`).
    const MAX_TILES: u64 = 16;
    let shape = Shape::read(keys, HUGGING_FACE);
    let side = keys.count("image_size", limit::SIDE);
    let adapter = keys.count("projector_input_dim", limit::WIDTH);
    let output = keys.count("projector_output_dim", limit::WIDTH);
    let images = root.section("image_processor_config");
    let max_tiles = images.map_or(MAX_TILES, |images| images.count_or("max_patches", MAX_TILES, limit::TILES));
    let along = (side / shape.patch).max(1);
    let (hidden, width) = (shape.hidden, shape.mlp_width);
    // The shuffle's ratio of a half makes one token of two by two patches.
    Vision {
        patch_params: shape.patch_params(),
        projector_params: width * adapter + adapter * output + output * language_hidden,
        table_params: hidden + (along * along + 1) * hidden + 4 * hidden,
        ..shape.plain(2, Resize::Tiles { side, max_tiles })
    }
}

/// Pixtral (Mistral Small 3.1 and later): gated layers without biases, a merger of patches.
fn pixtral(keys: &Keys<'_>, root: &Keys<'_>, language_hidden: u64) -> Vision {
    let shape = Shape::read(keys, HUGGING_FACE);
    let merge = root.count_or("spatial_merge_size", 2, 64);
    let side = keys.count("image_size", limit::SIDE);
    let hidden = shape.hidden;
    let biased = root.flag("multimodal_projector_bias", false);
    let projector = hidden * language_hidden + language_hidden * language_hidden;
    let bias = if biased { 2 * language_hidden } else { 0 };
    Vision {
        mlp_gated: true,
        layer_extra_params: 2 * hidden,
        patch_params: shape.patch_params(),
        projector_params: hidden + merge * merge * hidden * hidden + projector + bias,
        table_params: hidden,
        ..shape.plain(merge, Resize::LongestSide { side })
    }
}

/// Kimi K2.5: MoonViT, with limits of its image processor.
fn kimi(keys: &Keys<'_>, _root: &Keys<'_>, language_hidden: u64) -> Vision {
    let shape =
        Shape::read(keys, ["vt_hidden_size", "vt_num_hidden_layers", "vt_num_attention_heads", "vt_intermediate_size"]);
    let rows = keys.count("init_pos_emb_height", limit::HIDDEN);
    let columns = keys.count("init_pos_emb_width", limit::HIDDEN);
    let hidden = shape.hidden;
    let merged = 4 * hidden;
    Vision {
        projector_params: 2 * hidden + merger(merged, language_hidden),
        table_params: rows * columns * hidden + 2 * hidden,
        ..shape.plain(2, Resize::PatchBudget { patches: 16384, side_patches: 512 })
    }
}
