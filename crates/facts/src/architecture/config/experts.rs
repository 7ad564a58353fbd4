//! Routed experts, as the families name them.

use super::{Keys, limit};
use crate::architecture::{Mlp, Moe};

/// How a family writes its experts, and which layers have them.
pub struct Experts {
    /// Key of the width of one expert.
    pub width: &'static str,
    /// How wide the shared experts are together.
    pub shared_width: SharedWidth,
    /// Whether the shared expert has a gate of d.
    pub shared_gate: bool,
    /// Whether the router has a bias an expert (`e_score_correction_bias`, or the router's own).
    pub router_bias: RouterBias,
    /// Whether experts have biases: 2 Fm + d each (gpt-oss).
    pub expert_bias: bool,
    /// Which layers have experts.
    pub placement: Placement,
    /// Key of the width of the network of the other layers.
    pub dense_width: &'static str,
}

/// How wide the shared experts are together.
pub enum SharedWidth {
    /// There are none.
    None,
    /// As wide as one routed expert (Llama 4).
    OneExpert,
    /// `n_shared_experts` times an expert's width, with a default number.
    Times(u64),
    /// Under a key of its own; absent or 0 = none.
    Key(&'static str),
}

/// Whether the router has a bias.
pub enum RouterBias {
    /// Never.
    No,
    /// Always.
    Yes,
    /// As a key says, true where it is absent.
    Key(&'static str),
}

impl Experts {
    /// The feed-forward part of each layer: experts where the family places them, else a gated network.
    pub fn per_layer(&self, keys: &Keys<'_>, hidden: u64, layers: u64) -> Vec<Mlp> {
        let sparse = self.placement.read(keys, layers);
        let moe = sparse.contains(&true).then(|| Mlp::Moe(self.one_layer(keys, hidden)));
        let dense = sparse.contains(&false).then(|| gated(keys.count(self.dense_width, limit::MLP_WIDTH)));
        // The kind that no layer has is never asked for.
        sparse.iter().filter_map(|has| if *has { moe.clone() } else { dense.clone() }).collect()
    }

    /// The experts of one layer.
    fn one_layer(&self, keys: &Keys<'_>, hidden: u64) -> Moe {
        let count = keys.spelling(&["n_routed_experts", "num_experts", "num_local_experts"]);
        let experts = keys.count(count, limit::EXPERTS);
        let top = keys.spelling(&["num_experts_per_tok", "num_experts_per_token", "experts_per_token"]);
        let top_k = keys.count(top, limit::EXPERTS);
        keys.require(top_k <= experts, top, || {
            format!("'{top}' is {top_k}, more than the {experts} experts of '{count}'")
        });
        let width = keys.count(self.width, limit::MLP_WIDTH);
        let shared_width = match self.shared_width {
            SharedWidth::None => 0,
            SharedWidth::OneExpert => width,
            SharedWidth::Times(default) => keys.number_or("n_shared_experts", default, limit::EXPERTS) * width,
            SharedWidth::Key(key) => keys.number_or(key, 0, limit::MLP_WIDTH),
        };
        let router_bias = match self.router_bias {
            RouterBias::No => false,
            RouterBias::Yes => true,
            RouterBias::Key(key) => keys.flag(key, true),
        };
        let expert_bias = if self.expert_bias { 2 * width + hidden } else { 0 };
        Moe {
            experts,
            top_k,
            width,
            expert_params: 3 * hidden * width + expert_bias,
            shared_width,
            shared_gate_params: if self.shared_gate && shared_width > 0 { hidden } else { 0 },
            router_params: hidden * experts + if router_bias { experts } else { 0 },
        }
    }
}

/// Which layers have experts.
pub enum Placement {
    /// All of them.
    Every,
    /// From `first_k_dense_replace` (with a default), every `moe_layer_freq`-th; `mlp_layer_types` overrules.
    FromLayer(u64),
    /// Every `decoder_sparse_step`-th but those of `mlp_only_layers` (Qwen).
    SparseStep,
    /// Every `interleave_moe_layer_step`-th, or those of `moe_layers` (Llama 4).
    Interleaved,
}

impl Placement {
    /// Whether each layer has experts.
    fn read(&self, keys: &Keys<'_>, layers: u64) -> Vec<bool> {
        let by_index = |has: &dyn Fn(u64) -> bool| (0..layers).map(has).collect();
        match self {
            Self::Every => by_index(&|_| true),
            Self::FromLayer(default) => {
                if let Some(kinds) = keys.kinds("mlp_layer_types", layers, &["dense", "sparse"]) {
                    return kinds.into_iter().map(|kind| kind == 1).collect();
                }
                let first = keys.number_or("first_k_dense_replace", *default, limit::LAYERS);
                let step = keys.count_or("moe_layer_freq", 1, limit::LAYERS);
                by_index(&|layer| layer >= first && layer % step == 0)
            }
            Self::SparseStep => {
                let step = keys.count_or("decoder_sparse_step", 1, limit::LAYERS);
                let dense = keys.layer_indices("mlp_only_layers", layers).unwrap_or_default();
                by_index(&|layer| (layer + 1) % step == 0 && !dense.contains(&layer))
            }
            Self::Interleaved => {
                let step = keys.count_or("interleave_moe_layer_step", 1, limit::LAYERS);
                match keys.layer_indices("moe_layers", layers) {
                    Some(sparse) => by_index(&|layer| sparse.contains(&layer)),
                    None => by_index(&|layer| (layer + 1) % step == 0),
                }
            }
        }
    }
}

/// A gated network without biases.
pub fn gated(width: u64) -> Mlp {
    Mlp::Dense { width, gated: true, bias_params: 0 }
}
