//! Parameters of a language model: each matrix once, whatever its number format.

use super::{Architecture, Attention, Grouped, Indexer, Latent, LayerGroup, Linear, Mlp, Moe};

impl Architecture {
    /// All parameters of the language model; a tied head adds nothing [parameters].
    ///
    /// Vision encoder and multi-token-prediction layers are left out.
    pub fn total_params(&self) -> u64 {
        self.embed_params().saturating_add(self.head_params()).saturating_add(self.body_params())
    }

    /// Parameters that one token passes through, input embedding included [parameters].
    pub fn active_params(&self) -> u64 {
        self.total_params() - self.sum(|group| group.mlp.moe().map_or(0, Moe::idle_params))
    }

    /// The input embedding, V d [parameters].
    pub fn embed_params(&self) -> u64 {
        self.vocab * self.hidden
    }

    /// The output head with its bias; 0 where it is the embedding [parameters].
    pub fn head_params(&self) -> u64 {
        let bias = if self.head_bias { self.vocab } else { 0 };
        if self.tied_embeddings { bias } else { self.embed_params() + bias }
    }

    /// Attention of all layers: projections, biases, inner norms, sinks, indexers; in linear layers also the
    /// convolution and the gates [parameters].
    pub fn attention_params(&self) -> u64 {
        self.sum(|group| group.attention.params(self.hidden))
    }

    /// Norms outside attention, biases included, and the final norm [parameters].
    pub fn norm_params(&self) -> u64 {
        self.sum(|group| group.norm_params) + self.final_norm_params
    }

    /// Routed experts of all layers [parameters].
    pub fn routed_params(&self) -> u64 {
        self.sum(|group| group.mlp.moe().map_or(0, |moe| moe.experts * moe.expert_params))
    }

    /// Parameters that do a multiply-accumulate for a decoded token: all active ones but the input embedding,
    /// which is only looked up unless it is the head too [parameters].
    pub fn matmul_params(&self) -> u64 {
        if self.tied_embeddings { self.active_params() } else { self.active_params() - self.embed_params() }
    }

    /// Layers with routed experts [layers].
    pub fn moe_layers(&self) -> u64 {
        self.groups.iter().filter(|group| group.mlp.moe().is_some()).map(|group| group.count).sum()
    }

    /// The routed experts, where there are any; they are alike in all layers.
    pub fn moe(&self) -> Option<&Moe> {
        self.groups.iter().find_map(|group| group.mlp.moe())
    }

    /// Everything between embedding and head, the final norm included [parameters].
    fn body_params(&self) -> u64 {
        self.sum(|group| group.params(self.hidden)).saturating_add(self.final_norm_params)
    }

    /// The sum of a figure of one layer over all layers; it saturates, so that a shape beyond any model can be
    /// seen for what it is.
    pub(super) fn sum(&self, of_layer: impl Fn(&LayerGroup) -> u64) -> u64 {
        self.groups.iter().fold(0, |sum: u64, group| sum.saturating_add(group.count.saturating_mul(of_layer(group))))
    }
}

impl LayerGroup {
    /// One layer: attention, feed-forward part, norms [parameters].
    pub fn params(&self, hidden: u64) -> u64 {
        self.attention.params(hidden) + self.mlp.params(hidden) + self.norm_params
    }
}

impl Attention {
    /// One layer's attention [parameters].
    pub fn params(&self, hidden: u64) -> u64 {
        match self {
            Self::Grouped(grouped) => grouped.params(hidden),
            Self::Latent(latent) => latent.params(hidden),
            Self::Linear(linear) => linear.params(hidden),
        }
    }
}

impl Grouped {
    /// `dHh` for queries (twice with an output gate), `2dKh` for keys and values, `Hhd` for the output, and
    /// the extras [parameters].
    fn params(&self, hidden: u64) -> u64 {
        let heads = self.heads * self.head_dim * hidden;
        let queries = if self.output_gate { 2 * heads } else { heads };
        queries + 2 * hidden * self.kv_heads * self.head_dim + heads + self.extra_params
    }
}

impl Latent {
    /// Multi-head latent attention (DeepSeek-V2, arXiv:2405.04434, section 2.1): queries through a rank q or
    /// directly, the compressed keys and values with their norm, the output, and the indexer [parameters].
    fn params(&self, hidden: u64) -> u64 {
        let query_width = self.heads * (self.nope_dim + self.rope_dim);
        let queries = match self.q_rank {
            Some(rank) => hidden * rank + rank + rank * query_width,
            None => hidden * query_width,
        };
        let down = hidden * (self.kv_rank + self.rope_dim) + self.kv_rank;
        let up = self.kv_rank * self.heads * (self.nope_dim + self.v_dim);
        let output = self.heads * self.v_dim * hidden;
        let index = self.indexer.map_or(0, |indexer| indexer.params(hidden, self.q_rank.unwrap_or(hidden)));
        queries + down + up + output + index + self.extra_params
    }
}

impl Indexer {
    /// Index queries from the query rank, one index key, its norm with a bias, and a weight a head
    /// (DeepSeek-V3.2-Exp, `inference/model.py`) [parameters].
    fn params(self, hidden: u64, q_rank: u64) -> u64 {
        q_rank * self.heads * self.dim + hidden * self.dim + 2 * self.dim + hidden * self.heads
    }
}

impl Linear {
    /// Projections, convolution, gates and inner norm of one layer [parameters].
    fn params(&self, hidden: u64) -> u64 {
        match *self {
            Self::DeltaNet { value_heads, value_dim, conv_kernel, .. } => {
                let (keys, values) = self.widths();
                let projections = hidden * (2 * keys + 2 * values) + 2 * hidden * value_heads;
                let convolution = conv_kernel * (2 * keys + values);
                // Per value head a decay (A_log) and a time-step bias; one gated norm of a value's width.
                projections + convolution + 2 * value_heads + value_dim + values * hidden
            }
            Self::Lightning { heads, head_dim } => {
                // Queries, keys, values, gate and output, and the norm before the gate.
                let width = heads * head_dim;
                5 * hidden * width + width
            }
        }
    }

    /// Widths of all keys and of all values together.
    pub(super) fn widths(&self) -> (u64, u64) {
        match *self {
            Self::DeltaNet { key_heads, value_heads, key_dim, value_dim, .. } => {
                (key_heads * key_dim, value_heads * value_dim)
            }
            Self::Lightning { heads, head_dim } => (heads * head_dim, heads * head_dim),
        }
    }
}

impl Mlp {
    /// The feed-forward part of one layer, all experts [parameters].
    pub fn params(&self, hidden: u64) -> u64 {
        match self {
            Self::Dense { width, gated, bias_params } => matrices(*gated) * hidden * width + bias_params,
            Self::Moe(moe) => moe.experts * moe.expert_params + moe.fixed_params(hidden),
        }
    }

    /// The routed experts, if it has any.
    pub fn moe(&self) -> Option<&Moe> {
        match self {
            Self::Moe(moe) => Some(moe),
            Self::Dense { .. } => None,
        }
    }
}

impl Moe {
    /// Router, shared experts and their gate: what every token passes through [parameters].
    pub fn fixed_params(&self, hidden: u64) -> u64 {
        3 * hidden * self.shared_width + self.shared_gate_params + self.router_params
    }

    /// Experts that a token does not visit, one layer [parameters].
    fn idle_params(&self) -> u64 {
        (self.experts - self.top_k) * self.expert_params
    }
}

/// Matrices of a feed-forward network: gate, up and down, or up and down.
fn matrices(gated: bool) -> u64 {
    if gated { 3 } else { 2 }
}
