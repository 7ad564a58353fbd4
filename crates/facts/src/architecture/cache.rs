//! What a sequence keeps in memory: keys and values, index keys, recurrent state.

use super::{Architecture, Attention, Linear, Window};

/// Bytes of an index key beside its elements: one fp32 scale (DeepSeek-V3.2-Exp stores index keys in FP8).
const INDEX_SCALE_BYTES: u64 = 4;

impl Attention {
    /// Elements of the cache that one more position of one layer takes; a linear layer takes none.
    pub fn cache_elements_per_token(&self) -> u64 {
        match self {
            Self::Grouped(grouped) => 2 * grouped.kv_heads * grouped.head_dim,
            Self::Latent(latent) => latent.kv_rank + latent.rope_dim,
            Self::Linear(_) => 0,
        }
    }

    /// Positions that stay in the cache of a sequence of `tokens`: a window's or a chunk's width at most.
    pub fn cached_positions(&self, tokens: u64) -> u64 {
        match self {
            Self::Grouped(grouped) => grouped.window.map_or(tokens, |window| tokens.min(window.size())),
            Self::Latent(_) => tokens,
            Self::Linear(_) => 0,
        }
    }
}

impl Window {
    /// Its width [tokens].
    pub fn size(self) -> u64 {
        match self {
            Self::Sliding(size) | Self::Chunked(size) => size,
        }
    }
}

impl Architecture {
    /// Key and value elements of one sequence of `tokens`, all layers, windows and chunks at their width at
    /// most, no rounding to blocks. Index keys are not in it.
    pub fn kv_elements(&self, tokens: u64) -> u64 {
        self.groups.iter().fold(0u64, |sum, group| {
            let layer = group.attention.cache_elements_per_token();
            sum.saturating_add((group.count * layer).saturating_mul(group.attention.cached_positions(tokens)))
        })
    }

    /// Keys and values of one sequence of `tokens`, all layers [bytes].
    pub fn kv_bytes(&self, tokens: u64, bytes_per_element: f64) -> f64 {
        self.kv_elements(tokens) as f64 * bytes_per_element
    }

    /// What one more token adds while every window still has room [bytes/token].
    pub fn kv_bytes_per_token(&self, bytes_per_element: f64) -> f64 {
        self.kv_elements(1) as f64 * bytes_per_element
    }

    /// Index keys of sparse attention: i bytes of FP8 and a 4-byte scale a layer with an indexer; 0 without
    /// [bytes/token].
    pub fn index_cache_bytes_per_token(&self) -> u64 {
        self.sum(|group| match &group.attention {
            Attention::Latent(latent) => latent.indexer.map_or(0, |indexer| indexer.dim + INDEX_SCALE_BYTES),
            Attention::Grouped(_) | Attention::Linear(_) => 0,
        })
    }

    /// Recurrent state of one sequence: the state at 4 bytes an element, the convolution's last
    /// (kernel - 1) columns at 2 [bytes].
    pub fn state_bytes(&self) -> u64 {
        self.sum(|group| match &group.attention {
            Attention::Linear(linear) => linear.state_bytes(),
            Attention::Grouped(_) | Attention::Latent(_) => 0,
        })
    }
}

impl Linear {
    /// State of one layer and one sequence [bytes].
    fn state_bytes(&self) -> u64 {
        match *self {
            Self::DeltaNet { value_heads, key_dim, value_dim, conv_kernel, .. } => {
                let (keys, values) = self.widths();
                4 * value_heads * key_dim * value_dim + 2 * (conv_kernel - 1) * (2 * keys + values)
            }
            Self::Lightning { heads, head_dim } => 4 * heads * head_dim * head_dim,
        }
    }
}
