//! The dense feed-forward part: two products, the first twice as wide where it is gated.

use crate::{
    machine::Machine,
    operator::collective,
    step::{Class, Load, Part, Sink},
};

pub(crate) fn visit(
    machine: &Machine,
    (layers, d): (f64, f64),
    (width, gated): (f64, bool),
    load: &Load,
    sink: &mut impl Sink,
) {
    let width = width / machine.layout.tp;
    let m = load.tokens();
    products(machine, ["mlp_up", "mlp_down"], (layers, d), (width, gated), m, sink);
    collective::all_reduce(machine, "mlp_all_reduce", (layers, d), m, sink);
}

/// The two products of a network of `width` on this chip over `m` tokens.
pub(crate) fn products(
    machine: &Machine,
    names: [&'static str; 2],
    (layers, d): (f64, f64),
    (width, gated): (f64, bool),
    m: f64,
    sink: &mut impl Sink,
) {
    let gemm = &machine.dense;
    let product = |name, n: f64, k: f64| Part {
        class: Class::Gemm,
        name,
        layers,
        m,
        n,
        k,
        dtype: gemm.dtype,
        price: gemm.price(m, n, k),
    };
    sink.take(product(names[0], if gated { 2.0 * width } else { width }, d));
    sink.take(product(names[1], d, width));
}
