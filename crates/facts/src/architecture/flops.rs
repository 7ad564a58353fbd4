//! Floating-point operations of a token, one multiply-accumulate counted as two.
//!
//! The matrices cost 2 x the parameters a token passes through; attention costs a figure per pair of a
//! query and a key position. Decode uses the absorbed form of latent attention (keys and values read once
//! for all heads), prefill the naive one (DeepSeek-V2, arXiv:2405.04434, section 2.1.3).

use super::{Architecture, Attention, Latent, Linear, Window};

impl Architecture {
    /// One token attending to `context` positions, its own included; sparse attention counted as dense [FLOP].
    pub fn decode_flops(&self, context: u64) -> f64 {
        2.0 * self.matmul_params() as f64 + self.attention_flops(|attention| attention.decode_flops(context))
    }

    /// `tokens` tokens of one sequence, causal, with the head (and its bias) for one token only; sparse
    /// attention counted as dense [FLOP].
    pub fn prefill_flops(&self, tokens: u64) -> f64 {
        self.prefill_matmul_flops(tokens) + self.attention_flops(|attention| attention.prefill_flops(tokens))
    }

    /// As [`Self::decode_flops`] with sparse attention as it runs: the index over the whole context and
    /// attention over the positions kept [FLOP].
    pub fn sparse_decode_flops(&self, context: u64) -> f64 {
        2.0 * self.matmul_params() as f64
            + self.attention_flops(|attention| match attention {
                Attention::Latent(latent) => {
                    latent.index_flops() * context as f64
                        + latent.absorbed_flops() * latent.kept(context).min(context) as f64
                }
                other => other.decode_flops(context),
            })
    }

    /// As [`Self::prefill_flops`] with sparse attention as it runs [FLOP].
    pub fn sparse_prefill_flops(&self, tokens: u64) -> f64 {
        self.prefill_matmul_flops(tokens)
            + self.attention_flops(|attention| match attention {
                Attention::Latent(latent) => {
                    latent.index_flops() * causal_pairs(tokens)
                        + latent.naive_flops() * Window::Sliding(latent.kept(tokens)).causal_pairs(tokens)
                }
                other => other.prefill_flops(tokens),
            })
    }

    /// The matrices of a prefill; the head acts on one token [FLOP].
    fn prefill_matmul_flops(&self, tokens: u64) -> f64 {
        let head = if self.tied_embeddings { self.embed_params() } else { 0 } + self.head_params();
        2.0 * ((self.matmul_params() - head) as f64 * tokens as f64 + head as f64)
    }

    /// The sum over all layers.
    fn attention_flops(&self, of_layer: impl Fn(&Attention) -> f64) -> f64 {
        self.groups.iter().map(|group| group.count as f64 * of_layer(&group.attention)).sum()
    }
}

impl Attention {
    /// Attention core of one layer and one decoded token attending to `context` positions [FLOP].
    pub fn decode_flops(&self, context: u64) -> f64 {
        match self {
            Self::Grouped(grouped) => {
                let seen = grouped.window.map_or(context, |window| window.visible(context));
                4.0 * (grouped.heads * grouped.head_dim) as f64 * seen as f64
            }
            Self::Latent(latent) => latent.absorbed_flops() * context as f64,
            Self::Linear(linear) => linear.flops(),
        }
    }

    /// Attention core of one layer over a causal prefill of `tokens` [FLOP].
    pub fn prefill_flops(&self, tokens: u64) -> f64 {
        match self {
            Self::Grouped(grouped) => {
                let pairs = grouped.window.map_or(causal_pairs(tokens), |window| window.causal_pairs(tokens));
                4.0 * (grouped.heads * grouped.head_dim) as f64 * pairs
            }
            Self::Latent(latent) => latent.naive_flops() * causal_pairs(tokens),
            Self::Linear(linear) => linear.flops() * tokens as f64,
        }
    }
}

impl Latent {
    /// Absorbed form, a query and a position: scores over c + r_o, values over c [FLOP].
    fn absorbed_flops(&self) -> f64 {
        2.0 * self.heads as f64 * (2 * self.kv_rank + self.rope_dim) as f64
    }

    /// Naive form, a query and a position: scores over n + r_o, values over v [FLOP].
    fn naive_flops(&self) -> f64 {
        2.0 * self.heads as f64 * (self.nope_dim + self.rope_dim + self.v_dim) as f64
    }

    /// The indexer, a query and a position [FLOP].
    fn index_flops(&self) -> f64 {
        self.indexer.map_or(0.0, |indexer| 2.0 * (indexer.heads * indexer.dim) as f64)
    }

    /// Positions that sparse attention keeps; all of `context` where it is dense.
    fn kept(&self, context: u64) -> u64 {
        self.sparse_top_k.unwrap_or(context)
    }
}

impl Linear {
    /// Update and read of the state, one token and one layer, first order [FLOP].
    fn flops(&self) -> f64 {
        match *self {
            Self::DeltaNet { value_heads, key_dim, value_dim, .. } => 6.0 * (value_heads * key_dim * value_dim) as f64,
            Self::Lightning { heads, head_dim } => 4.0 * (heads * head_dim * head_dim) as f64,
        }
    }
}

impl Window {
    /// Positions that the last of `context` tokens attends to, its own included.
    pub fn visible(self, context: u64) -> u64 {
        match self {
            Self::Sliding(size) => context.min(size),
            Self::Chunked(size) => context.checked_sub(1).map_or(0, |before| before % size + 1),
        }
    }

    /// Pairs of a query and a position it attends to, over a causal prefill of `tokens`.
    pub fn causal_pairs(self, tokens: u64) -> f64 {
        match self {
            Self::Sliding(size) => {
                let filling = tokens.min(size);
                causal_pairs(filling) + (tokens - filling) as f64 * size as f64
            }
            Self::Chunked(size) => (tokens / size) as f64 * causal_pairs(size) + causal_pairs(tokens % size),
        }
    }
}

/// S (S + 1) / 2.
fn causal_pairs(tokens: u64) -> f64 {
    tokens as f64 * (tokens as f64 + 1.0) / 2.0
}
