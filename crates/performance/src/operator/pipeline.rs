//! Activations handed from one pipeline stage to the next.

use crate::{
    efficiency::Price,
    machine::Machine,
    operator::Bound,
    step::{Class, Load, Part, Sink},
};
use units::{Dtype, Tier};

pub(crate) fn visit(machine: &Machine, d: f64, load: &Load, sink: &mut impl Sink) {
    let borders = machine.layout.pp - 1.0;
    if borders <= 0.0 {
        return;
    }
    let m = load.tokens();
    let (link, floor_s) = machine.p2p;
    let bytes = 2.0 * m * d / machine.layout.tp;
    let wire_s = bytes / link;
    let bound = if floor_s > wire_s { Bound::Overhead } else { Bound::Network };
    let price = Price { flop: 0.0, bytes, time_s: floor_s + wire_s, bound, tier: Tier::Specification };
    let class = Class::Communication;
    sink.take(Part { class, name: "pipeline_p2p", layers: borders, m, n: d, k: 1.0, dtype: Dtype::Bf16, price });
}
