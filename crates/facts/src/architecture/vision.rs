//! Vision encoders: what it costs to turn an image into tokens of the language model.
//!
//! An image is brought to a size ([`Resize`], each rule from the family's image processor), cut into patches,
//! encoded, and every square of patches merged into one token. Position tables and markers around an image
//! (start, end, ends of rows) cost nothing here.

use serde::Serialize;

/// A vision encoder with the projector behind it.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Vision {
    /// Width, of which the heads take all.
    pub hidden: u64,
    /// Layers.
    pub layers: u64,
    /// Heads.
    pub heads: u64,
    /// Feed-forward width.
    pub mlp_width: u64,
    /// Whether the feed-forward part has three matrices.
    pub mlp_gated: bool,
    /// Biases and norms of one layer [parameters].
    pub layer_extra_params: u64,
    /// Side of a patch [pixels].
    pub patch: u64,
    /// Patches merged along a side into one token of the language model.
    pub merge: u64,
    /// How an image is brought to size.
    pub resize: Resize,
    /// Side of the attention window of all layers but the global ones (Qwen2.5-VL) [patches]; `None` = none.
    pub window_patches: Option<u64>,
    /// Layers with global attention; all of them where there is no window.
    pub global_layers: u64,
    /// Patch embedding, applied to each patch [parameters].
    pub patch_params: u64,
    /// Projector to the language model, applied once a token of it [parameters].
    pub projector_params: u64,
    /// Position tables, class token, norms around the layers: no matrix products [parameters].
    pub table_params: u64,
}

/// How an image is brought to a size that the encoder takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Resize {
    /// To one square, whatever its shape (Gemma 3: 896 pixels, 256 tokens).
    Square {
        /// Side [pixels].
        side: u64,
    },
    /// Sides to the nearest multiple of a token's side, the area within bounds
    /// (`smart_resize` of Qwen2-VL's image processor; bounds of `preprocessor_config.json`).
    Nearest {
        /// Smallest area [pixels].
        min_pixels: u64,
        /// Largest area [pixels].
        max_pixels: u64,
    },
    /// Shrunk until the longer side fits, then padded to whole tokens (Pixtral's image processor).
    LongestSide {
        /// Longest side [pixels].
        side: u64,
    },
    /// Shrunk until it has few enough patches, then padded to whole tokens (`navit_resize_image` of Kimi K2.5).
    PatchBudget {
        /// Most patches of an image.
        patches: u64,
        /// Most patches along a side.
        side_patches: u64,
    },
    /// Cut into square tiles, and the whole once more where there is more than one (Llama 4's image processor).
    Tiles {
        /// Side of a tile [pixels].
        side: u64,
        /// Most tiles.
        max_tiles: u64,
    },
}

/// Tokens of an image: so many pieces, encoded apart, of so many tokens along their sides.
struct Grid {
    pieces: u64,
    columns: u64,
    rows: u64,
}

impl Vision {
    /// Tokens of the language model that an image becomes; 0 for an image without area.
    pub fn tokens(&self, width_px: u64, height_px: u64) -> u64 {
        let grid = self.grid(width_px, height_px);
        grid.pieces.saturating_mul(grid.columns).saturating_mul(grid.rows)
    }

    /// Encoder and projector on one image: 2 a parameter and patch (projector: and token), and attention of
    /// 4 d a pair of patches that see each other [FLOP].
    pub fn flops(&self, width_px: u64, height_px: u64) -> f64 {
        let grid = self.grid(width_px, height_px);
        let merged = (self.merge * self.merge) as f64;
        let (pieces, tokens) = (grid.pieces as f64, grid.columns as f64 * grid.rows as f64);
        let patches = tokens * merged;
        let matrices = 2.0 * patches * (self.patch_params + self.layers * self.layer_params()) as f64;
        let window = self.window_patches.map_or(patches, |side| (side * side) as f64).min(patches);
        let windowed_layers = self.layers.saturating_sub(self.global_layers) as f64;
        let seen = self.global_layers as f64 * patches + windowed_layers * window;
        let attention = 4.0 * self.hidden as f64 * patches * seen;
        pieces * (matrices + attention + 2.0 * tokens * self.projector_params as f64)
    }

    /// Encoder and projector [parameters].
    pub fn params(&self) -> u64 {
        self.patch_params + self.layers * self.layer_params() + self.projector_params + self.table_params
    }

    /// One layer: four square matrices, the feed-forward network, biases and norms [parameters].
    pub fn layer_params(&self) -> u64 {
        let matrices = if self.mlp_gated { 3 } else { 2 };
        4 * self.hidden * self.hidden + matrices * self.hidden * self.mlp_width + self.layer_extra_params
    }

    /// How an image is cut.
    fn grid(&self, width_px: u64, height_px: u64) -> Grid {
        let token = self.patch * self.merge;
        if width_px == 0 || height_px == 0 || token == 0 {
            return Grid { pieces: 0, columns: 0, rows: 0 };
        }
        let (width, height) = (width_px as f64, height_px as f64);
        let whole = |(columns, rows)| Grid { pieces: 1, columns, rows };
        match self.resize {
            Resize::Square { side } => whole((side / token, side / token)),
            Resize::Nearest { min_pixels, max_pixels } => {
                whole(nearest_multiple((width, height), token as f64, (min_pixels as f64, max_pixels as f64)))
            }
            Resize::LongestSide { side } => {
                let ratio = (width.max(height) / side as f64).max(1.0);
                whole((padded(width / ratio, token), padded(height / ratio, token)))
            }
            Resize::PatchBudget { patches, side_patches } => {
                let side = (side_patches * self.patch) as f64;
                let along = |length: u64| (length / self.patch).max(1) as f64;
                let area = (patches as f64 / (along(width_px) * along(height_px))).sqrt();
                let scale = area.min(side / width).min(side / height).min(1.0);
                whole((padded((width * scale).min(side), token), padded((height * scale).min(side), token)))
            }
            Resize::Tiles { side, max_tiles } => {
                let tiles = best_tiling((width, height), side as f64, max_tiles);
                let pieces = if tiles > 1 { tiles + 1 } else { 1 };
                Grid { pieces, columns: side / token, rows: side / token }
            }
        }
    }
}

/// Whole tokens that cover a length of whole pixels.
fn padded(length_px: f64, token_px: u64) -> u64 {
    (length_px.floor().max(1.0) as u64).div_ceil(token_px)
}

/// Tokens along both sides after rounding to the nearest multiple (halves to even, as Python rounds), scaled
/// down or up where the area is out of bounds.
fn nearest_multiple((width, height): (f64, f64), token: f64, (min, max): (f64, f64)) -> (u64, u64) {
    let of = |round: fn(f64) -> f64, scale: f64| {
        let tokens = |length: f64| round(length * scale / token).max(1.0);
        (tokens(width), tokens(height))
    };
    let (columns, rows) = of(f64::round_ties_even, 1.0);
    let area = columns * rows * token * token;
    let (columns, rows) = if area > max {
        of(f64::floor, (max / (width * height)).sqrt())
    } else if area < min {
        of(f64::ceil, (min / (width * height)).sqrt())
    } else {
        (columns, rows)
    };
    (columns as u64, rows as u64)
}

/// Tiles of the canvas that an image is put on: the one that enlarges it least or, where none holds it whole,
/// shrinks it least; of equal ones the smallest.
fn best_tiling((width, height): (f64, f64), side: f64, max_tiles: u64) -> u64 {
    let canvases = (1..=max_tiles).flat_map(|tiles| {
        (1..=tiles).filter(move |rows| tiles % rows == 0).map(move |rows| (tiles, tiles / rows, rows))
    });
    let mut best: Option<(u64, f64)> = None;
    for (tiles, columns, rows) in canvases {
        let scale = (columns as f64 * side / width).min(rows as f64 * side / height);
        let better = match best {
            None => true,
            Some((least, chosen)) if scale == chosen => tiles < least,
            Some((_, chosen)) if chosen >= 1.0 => scale >= 1.0 && scale < chosen,
            Some((_, chosen)) => scale > chosen,
        };
        if better {
            best = Some((tiles, scale));
        }
    }
    best.map_or(1, |(tiles, _)| tiles)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn vision(patch: u64, merge: u64, resize: Resize) -> Vision {
        Vision {
            hidden: 2,
            layers: 3,
            heads: 1,
            mlp_width: 4,
            mlp_gated: false,
            layer_extra_params: 0,
            patch,
            merge,
            resize,
            window_patches: None,
            global_layers: 3,
            patch_params: 5,
            projector_params: 7,
            table_params: 11,
        }
    }

    #[test]
    fn qwen_rounds_each_side_to_whole_tokens_within_the_area_bounds() {
        let qwen = vision(14, 2, Resize::Nearest { min_pixels: 3136, max_pixels: 12_845_056 });
        assert_eq!(qwen.tokens(1024, 1024), 37 * 37); // 1024 / 28 = 36.57
        assert_eq!(qwen.tokens(640, 480), 23 * 17); // 22.86, 17.14
        assert_eq!(qwen.tokens(70, 70), 2 * 2); // 2.5 to even
        assert_eq!(qwen.tokens(8, 8), 2 * 2); // enlarged to 56 x 56
        let shrunk = qwen.tokens(10_000, 10_000);
        assert_eq!(shrunk, 128 * 128); // sqrt(12845056) / 28 = 128
        let qwen3 = vision(16, 2, Resize::Nearest { min_pixels: 65536, max_pixels: 16_777_216 });
        assert_eq!(qwen3.tokens(1024, 1024), 32 * 32);
    }

    #[test]
    fn gemma_gives_every_image_the_same_number() {
        let gemma = vision(14, 4, Resize::Square { side: 896 });
        assert_eq!((gemma.tokens(1, 1), gemma.tokens(4000, 30)), (256, 256));
        assert_eq!(gemma.tokens(0, 30), 0);
    }

    #[test]
    fn pixtral_and_kimi_pad_to_whole_tokens() {
        let pixtral = vision(14, 2, Resize::LongestSide { side: 1540 });
        assert_eq!(pixtral.tokens(1024, 1024), 37 * 37);
        assert_eq!(pixtral.tokens(3080, 1540), 55 * 28); // 1540 x 770; 27.5
        let kimi = vision(14, 2, Resize::PatchBudget { patches: 16384, side_patches: 512 });
        assert_eq!(kimi.tokens(1024, 1024), 37 * 37);
        assert_eq!(kimi.tokens(1792, 1792), 64 * 64); // 128 x 128 patches, just within
        assert!(kimi.tokens(9000, 9000) <= 65 * 65);
    }

    #[test]
    fn llama_cuts_into_tiles_and_adds_the_whole() {
        // 336 / 14 = 24 patches a side, 12 tokens: 144 a tile.
        let llama = vision(14, 2, Resize::Tiles { side: 336, max_tiles: 16 });
        assert_eq!(llama.tokens(336, 336), 144);
        assert_eq!(llama.tokens(300, 200), 144); // enlarged by 1.12, the least
        assert_eq!(llama.tokens(672, 336), 3 * 144);
        assert_eq!(llama.tokens(1024, 1024), 17 * 144); // 4 x 4 holds it (1344)
        assert_eq!(llama.tokens(3000, 3000), 17 * 144); // none holds it; 4 x 4 shrinks least
    }

    #[test]
    fn an_image_costs_its_matrices_and_its_attention() {
        // One token of 2 x 2 patches: 4 patches through 5 + 3 (4 x 4 + 2 x 8) = 101 parameters, 7 once;
        // attention 4 x 2 x 4 patches x 3 layers x 4 seen.
        let vision = vision(14, 2, Resize::Square { side: 28 });
        assert_eq!(vision.flops(100, 100), 2.0 * 4.0 * 101.0 + 2.0 * 7.0 + 4.0 * 2.0 * 4.0 * 12.0);
        assert_eq!(vision.params(), 101 + 7 + 11);
    }

    #[test]
    fn windows_shorten_attention_in_all_but_the_global_layers() {
        let global = vision(14, 2, Resize::Square { side: 280 });
        let windowed = Vision { window_patches: Some(8), global_layers: 1, ..global.clone() };
        // 400 patches; two layers see 64 of them in place of 400.
        let saved = 4.0 * 2.0 * 400.0 * 2.0 * (400.0 - 64.0);
        assert_eq!(global.flops(9, 9) - windowed.flops(9, 9), saved);
    }
}
