//! Vision encoders: what it costs to turn an image into tokens of the language model.

use serde::Serialize;

/// A vision encoder with the projector behind it.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Vision {
    /// Width.
    pub hidden: u64,
    /// Layers.
    pub layers: u64,
    /// Heads.
    pub heads: u64,
    /// Feed-forward width.
    pub mlp_width: u64,
    /// Whether the feed-forward part has three matrices.
    pub mlp_gated: bool,
    /// Side of a patch [pixels].
    pub patch: u64,
    /// Patches merged along a side into one token of the language model.
    pub merge: u64,
    /// How an image is brought to size.
    pub resize: Resize,
    /// Patches along a side of the attention window of most layers (Qwen2.5-VL); `None` = global.
    pub window_patches: Option<u64>,
    /// Layers with global attention, where the others have a window.
    pub global_layers: u64,
    /// Patch embedding, applied to each patch [parameters].
    pub patch_params: u64,
    /// One layer [parameters].
    pub layer_params: u64,
    /// Projector to the language model, applied once a token of it [parameters].
    pub projector_params: u64,
    /// Position tables, class token, norms around the layers: no matrix products [parameters].
    pub table_params: u64,
}

/// How an image is brought to a size that the encoder takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Resize {
    /// To one square, with one number of tokens (Gemma 3).
    Square {
        /// Side [pixels].
        side: u64,
        /// Tokens of the language model.
        tokens: u64,
    },
    /// Sides to the nearest multiple of a token's side, area within bounds (Qwen).
    Nearest {
        /// Smallest area [pixels].
        min_pixels: u64,
        /// Largest area [pixels].
        max_pixels: u64,
    },
    /// Shrunk until the longer side fits, then padded to whole tokens (Pixtral).
    LongestSide {
        /// Longest side [pixels].
        side: u64,
    },
    /// Shrunk until it has few enough patches, then padded to whole tokens (Kimi).
    PatchBudget {
        /// Most patches of an image.
        patches: u64,
        /// Most patches along a side.
        side_patches: u64,
    },
    /// Cut into squares, and the whole once more where there is more than one (Llama 4).
    Tiles {
        /// Side of a tile [pixels].
        side: u64,
        /// Most tiles.
        max_tiles: u64,
    },
}

impl Vision {
    /// Tokens of the language model that an image becomes; markers around it and at row ends are not counted.
    pub fn tokens(&self, _width_px: u64, _height_px: u64) -> u64 {
        0
    }

    /// Encoder and projector on one image [FLOP].
    pub fn flops(&self, _width_px: u64, _height_px: u64) -> f64 {
        0.0
    }

    /// Encoder and projector [parameters].
    pub fn params(&self) -> u64 {
        self.patch_params + self.layers * self.layer_params + self.projector_params + self.table_params
    }
}
