//! Writing a draft: one layer beside the model's, run once a draft token (PERFORMANCE item 13).
//!
//! The first pass takes in what the step verified or read (the layer keeps a cache of its own); the others take one
//! token a request. Each joins the hidden state and the embedding of the token before (`[m, 2d] x [2d, d]`), runs the
//! layer, and picks the likeliest token by the model's own head (DeepSeek-V3 report, section 2.2).

use crate::{
    machine::Machine,
    operator::head,
    speculative::{Method, Speculative},
    step::{self, Class, Load, Part, Shape, Sink},
};
use facts::{
    Architecture,
    architecture::{Attention, LayerGroup, Mlp},
};

/// The drafting layer of a model: the shape of its last layer with a cache for multi-token prediction; for EAGLE-3 the same attention
/// with a dense network, as wide as the model's dense layers or what of its experts a token runs (assumption).
pub(crate) fn layer(architecture: &Architecture, speculative: &Speculative) -> Option<LayerGroup> {
    let softmax = |group: &&LayerGroup| !matches!(group.attention, Attention::Linear(_));
    let last = architecture.groups.iter().rev().find(softmax).or(architecture.groups.last())?;
    let mut layer = LayerGroup { count: 1, ..last.clone() };
    if let (Method::Eagle3, Mlp::Moe(moe)) = (speculative.method, &last.mlp) {
        let dense = architecture.groups.iter().find(|group| matches!(group.mlp, Mlp::Dense { .. }));
        let width = moe.width * moe.top_k + moe.shared_width;
        layer.mlp = dense.map_or(Mlp::Dense { width, gated: true, bias_params: 0 }, |group| group.mlp.clone());
    }
    Some(layer)
}

pub(crate) fn visit(machine: &Machine, shape: &Shape, load: &Load, sink: &mut impl Sink) {
    let (Some(layer), drafts) = (&shape.draft, load.drafted) else { return };
    let d = shape.hidden;
    let mut pass = |load: &Load, passes: f64| {
        let (m, gemm) = (load.tokens(), &machine.dense);
        let price = gemm.price(m, d, 2.0 * d);
        let (class, dtype) = (Class::Gemm, gemm.dtype);
        sink.take(Part { class, name: "draft_projection", layers: passes, m, n: d, k: 2.0 * d, dtype, price });
        step::visit_layer(machine, (passes, d), layer, load, sink);
        if load.decode > 0.0 {
            // Only the last token of a request is written on from.
            head::logits(machine, (shape.vocab, d), (passes, load.decode), sink);
        }
    };
    pass(load, 1.0);
    if drafts > 1.0 && load.decode > 0.0 {
        pass(&Load::decode(load.decode, load.context, load.ranks), drafts - 1.0);
    }
}
