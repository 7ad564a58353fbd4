//! Bytes of weights: in memory, and those that one decode step reads.

use super::Architecture;
use units::Dtype;

/// Distinct experts that `tokens` tokens visit, E (1 - (1 - k/E)^B): exact for independent tokens and
/// equally likely experts, whatever the routing, since only the share k/E enters [experts].
pub fn expected_distinct_experts(experts: u64, top_k: u64, tokens: f64) -> f64 {
    if experts == 0 {
        return 0.0;
    }
    let experts = experts as f64;
    experts * (1.0 - (1.0 - top_k as f64 / experts).powf(tokens))
}

impl Architecture {
    /// Weights that a decode step of `batch` tokens reads: all but the input embedding (a tied matrix
    /// counts, it is the head) and, of the routed experts, the expected distinct ones [bytes].
    ///
    /// `batch` is the tokens of the step, drafted ones and prefill chunks included.
    pub fn decode_weight_bytes(&self, batch: f64, bytes_per_param: f64, bytes_per_expert_param: f64) -> f64 {
        let embedding = if self.tied_embeddings { 0 } else { self.embed_params() };
        let fixed = self.total_params() - self.routed_params() - embedding;
        let routed: f64 = self
            .groups
            .iter()
            .filter_map(|group| group.mlp.moe().map(|moe| (group.count, moe)))
            .map(|(layers, moe)| {
                let visited = expected_distinct_experts(moe.experts, moe.top_k, batch);
                layers as f64 * moe.expert_params as f64 * visited
            })
            .sum();
        fixed as f64 * bytes_per_param + routed * bytes_per_expert_param
    }

    /// Language-model weights in memory, the matrices of the routed experts in their own format [bytes].
    pub fn weight_bytes(&self, dtype: Dtype, expert_dtype: Dtype) -> f64 {
        let routed = self.sum(|group| group.mlp.moe().map_or(0, |moe| moe.experts * 3 * self.hidden * moe.width));
        (self.total_params() - routed) as f64 * dtype.bytes() + routed as f64 * expert_dtype.bytes()
    }
}
