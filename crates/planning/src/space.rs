//! The space of deployments that is searched, in full: it is stated, so that the winner can be checked against
//! brute force over it.
//!
//! | dimension | values |
//! |---|---|
//! | tensor parallelism | powers of two up to the chips of the scale-up domain, 64 at most |
//! | pipeline stages | 1, 2, 4; above 1 only where tensor parallelism fills the scale-up domain |
//! | attention data parallelism | 1; for mixtures of experts in one stage powers of two with tp x dp up to the scale-up domain, or up to [`WIDEST_EXPERTS`] where the chip's network is known |
//! | expert parallelism | 1, or tp x dp for mixtures of experts (beyond the scale-up domain only the latter) |
//! | chips of a replica | at most 8, or [`WEIGHT_COPIES`] times as many as hold the weights at one byte a parameter |
//! | weights | the checkpoint's format; FP8, INT8 and BF16 where they are no wider or the chip cannot run the checkpoint's |
//! | KV cache | BF16; FP8 where the chip computes in FP8 |
//! | engine | vLLM, as estimated without a stated version |
//!
//! Formats under 8 bits are searched only where the checkpoint has them: narrowing further changes the answers,
//! which no price list shows.

use facts::{Architecture, Chip, architecture::Mlp};
use performance::{Deployment, Engine, Placement};
use units::Dtype;

/// Widest tp x dp of a mixture of experts where the scale-up domain is smaller [chips].
pub const WIDEST_EXPERTS: u64 = 32;
/// How many times over the memory of a replica of more than 8 chips may hold the weights: beyond, it would mostly
/// hold caches that smaller replicas hold as well.
pub const WEIGHT_COPIES: f64 = 64.0;
/// Widest tensor parallelism [chips].
const WIDEST_TENSOR: u64 = 64;
/// Pipeline stages [count].
const STAGES: [u64; 3] = [1, 2, 4];

/// Every way to lay one replica of a model out on a chip, whether it fits or not, in a fixed order.
pub fn deployments(chip: &Chip, architecture: &Architecture) -> Vec<Deployment> {
    let domain = u64::from(chip.scaleup_domain_chips.unwrap_or(1)).max(1);
    let widest_experts = if chip.scaleout_uni_byte_per_s.is_some() { domain.max(WIDEST_EXPERTS) } else { domain };
    let most_chips = (WEIGHT_COPIES * architecture.total_params() as f64 / chip.memory_bytes).max(8.0) as u64;
    let experts = architecture.groups.iter().any(|group| matches!(group.mlp, Mlp::Moe(_)));
    let mut all = Vec::new();
    for (weights, kv) in formats(chip, architecture) {
        for tp in powers_of_two(domain.min(WIDEST_TENSOR)) {
            let fills_domain = tp * 2 > domain.min(WIDEST_TENSOR);
            for pp in STAGES.into_iter().filter(|pp| *pp == 1 || fills_domain) {
                let widest = if experts && pp == 1 { widest_experts / tp } else { 1 };
                for dp in powers_of_two(widest).filter(|dp| tp * pp * dp <= most_chips) {
                    let width = tp * dp;
                    let mut ways = if width <= domain { vec![1, width] } else { vec![width] };
                    ways.retain(|ep| *ep == 1 || experts);
                    ways.dedup();
                    all.extend(ways.into_iter().map(|ep| Deployment {
                        replicas: 1,
                        tp,
                        pp,
                        dp,
                        ep,
                        engine: Engine::default(),
                        weights,
                        kv,
                        speculative: None,
                        overlap: false,
                        placement: Placement::Fixed,
                    }));
                }
            }
        }
    }
    all
}

/// Number formats of weights and cache.
fn formats(chip: &Chip, architecture: &Architecture) -> Vec<(Dtype, Dtype)> {
    let own = architecture.checkpoint_dtype;
    let own_runs = chip.dense_op_per_s.of(own).is_some();
    let mut weights = vec![own];
    for format in [Dtype::Fp8, Dtype::Int8, Dtype::Bf16] {
        let wanted = if own_runs { format.bytes() < own.bytes() } else { format.bytes() >= own.bytes() };
        if wanted && chip.dense_op_per_s.of(format).is_some() && !weights.contains(&format) {
            weights.push(format);
        }
    }
    let mut caches = vec![Dtype::Bf16];
    if chip.dense_op_per_s.fp8.is_some() {
        caches.push(Dtype::Fp8);
    }
    weights.into_iter().flat_map(|weights| caches.iter().map(move |kv| (weights, *kv))).collect()
}

/// 1, 2, 4, ... up to `most`.
fn powers_of_two(most: u64) -> impl Iterator<Item = u64> {
    std::iter::successors(Some(1u64), |power| power.checked_mul(2)).take_while(move |power| *power <= most)
}
