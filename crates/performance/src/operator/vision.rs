//! The vision encoder: an image into tokens of the language model, before its prompt is read.

use crate::{
    machine::Machine,
    step::{Class, Part, Sink},
};
use facts::architecture::Vision;
use units::Dtype;

/// An image's side where neither the workload nor the encoder fixes it: the contract's own example [pixels].
pub(crate) const DEFAULT_SIDE: u64 = 1024;

/// Products a layer of the encoder: queries, keys and values; output; two of the feed-forward part; attention.
const KERNELS_PER_LAYER: f64 = 5.0;

/// Encoding `images` alike: arithmetic counted by facts, weights in 16 bits, cut over the chips of a rank.
pub(crate) fn visit(machine: &Machine, vision: &Vision, images: f64, size: (u64, u64), sink: &mut impl Sink) {
    let tp = machine.layout.tp;
    let tokens = images * vision.tokens(size.0, size.1) as f64;
    let patches = tokens * (vision.merge * vision.merge) as f64;
    let calls = KERNELS_PER_LAYER * vision.layers as f64;
    let flop = images * vision.flops(size.0, size.1) / tp / calls;
    let bytes = (2.0 * vision.params() as f64 / tp + patches * 4.0 * vision.hidden as f64 * calls) / calls;
    let price = machine.wide.price_of(flop, bytes, patches);
    sink.take(Part {
        class: Class::Vision,
        name: "vision_encoder",
        layers: calls,
        m: patches,
        n: vision.hidden as f64,
        k: vision.hidden as f64,
        dtype: Dtype::Bf16,
        price,
    });
}
