//! The input embedding: a row looked up for each token.

use crate::{
    machine::Machine,
    step::{Class, Load, Part, Sink},
};
use units::Dtype;

pub(crate) fn visit(machine: &Machine, d: f64, load: &Load, sink: &mut impl Sink) {
    let m = load.tokens();
    let price = machine.elementwise(1.0, 4.0 * m * d);
    let (class, dtype) = (Class::Elementwise, Dtype::Bf16);
    sink.take(Part { class, name: "embedding", layers: 1.0, m, n: d, k: 1.0, dtype, price });
}
