//! The output head and the sampler: one row of logits a request that decodes or ends its prompt.

use crate::{
    machine::Machine,
    step::{Class, Load, Part, Sink},
};
use units::Dtype;

/// Kernels of the sampler: scale, mask, softmax, random draw, gather.
const SAMPLER_KERNELS: f64 = 5.0;
/// Passes of the sampler over the logits, in 32 bits.
const SAMPLER_PASSES: f64 = 3.0;

pub(crate) fn visit(machine: &Machine, (vocab, d): (f64, f64), load: &Load, sink: &mut impl Sink) {
    logits(machine, (vocab, d), (1.0, load.rows()), sink);
}

/// `rows` rows of logits and a token chosen from each, `passes` times.
pub(crate) fn logits(machine: &Machine, (vocab, d): (f64, f64), (passes, rows): (f64, f64), sink: &mut impl Sink) {
    let tp = machine.layout.tp;
    let n = vocab / tp;
    let part = |class, name, [m, n, k]: [f64; 3], price| Part {
        class,
        name,
        layers: passes,
        m,
        n,
        k,
        dtype: Dtype::Bf16,
        price,
    };
    sink.take(part(Class::Gemm, "head", [rows, n, d], machine.wide.price(rows, n, d)));
    if tp > 1.0 {
        let price = machine.all_to_all.all_to_all(tp, 2.0 * rows * n * (tp - 1.0));
        sink.take(part(Class::Communication, "logits_gather", [rows, vocab, tp], price));
    }
    let price = machine.elementwise(SAMPLER_KERNELS, SAMPLER_PASSES * 4.0 * rows * vocab);
    sink.take(part(Class::Elementwise, "sampler", [rows, vocab, 1.0], price));
}
