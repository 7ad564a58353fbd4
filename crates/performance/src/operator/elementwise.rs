//! Norms, rotary embedding, cache writes and activations: traffic only.

use crate::{
    machine::Machine,
    operator::grouped::kv_heads_per_chip,
    step::{Class, Load, Part, Sink},
};
use facts::architecture::{Attention, LayerGroup, Mlp};
use units::Dtype;

/// Kernels a layer: two norms fused with their residual sums, rotary embedding with the cache write, activation.
const KERNELS: f64 = 4.0;
/// Of them norms, which are part of the sum over chips before them where engines fuse the two.
const NORMS: f64 = 2.0;
/// Kernels more where products take inputs of 8 or 4 bits: those of the output and down projections are quantised on
/// their own, the others by the norms before them (assumption; engines differ).
const QUANTISATIONS: f64 = 2.0;

pub(crate) fn visit(machine: &Machine, (layers, d): (f64, f64), group: &LayerGroup, load: &Load, sink: &mut impl Sink) {
    let tp = machine.layout.tp;
    let m = load.tokens();
    let (heads, cached) = match &group.attention {
        Attention::Grouped(a) => {
            let kv = 2.0 * kv_heads_per_chip(a, tp) * a.head_dim as f64;
            ((a.heads * a.head_dim) as f64 / tp + kv, kv)
        }
        Attention::Latent(a) => {
            let kv = (a.kv_rank + a.rope_dim) as f64;
            ((a.heads * (a.nope_dim + a.rope_dim)) as f64 / tp + kv, kv)
        }
        Attention::Linear(_) => (0.0, 0.0),
    };
    let width = match &group.mlp {
        Mlp::Dense { width, .. } => *width as f64 / tp,
        // The experts' activation is inside their kernel.
        Mlp::Moe(moe) => moe.shared_width as f64 / tp,
    };
    // Each fused norm reads and writes the stream and the residual; 16 bits.
    let bytes = m * (2.0 * 8.0 * d + 2.0 * 2.0 * heads + machine.layout.kv_bytes * cached + 2.0 * 3.0 * width);
    let narrow =
        machine.attention.dtype.bytes() < 2.0 && !matches!(machine.attention.dtype, Dtype::Int4 | Dtype::Mxfp4);
    let apart = if machine.fused_sums { KERNELS - NORMS } else { KERNELS };
    let price = machine.elementwise(if narrow { apart + QUANTISATIONS } else { apart }, bytes);
    sink.take(Part {
        class: Class::Elementwise,
        name: "norms_and_elementwise",
        layers,
        m,
        n: d,
        k: 1.0,
        dtype: Dtype::Bf16,
        price,
    });
}
