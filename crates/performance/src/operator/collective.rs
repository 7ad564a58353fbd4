//! Communication inside an engine: sums over tensor-parallel chips, exchange of tokens with the experts.

use crate::{
    machine::{Machine, Sent},
    step::{Class, Part, Sink},
};
use units::Dtype;

/// The sum of 16-bit partial results of `m` tokens over the chips of a rank; none on one chip.
pub(crate) fn all_reduce(machine: &Machine, name: &'static str, (layers, d): (f64, f64), m: f64, sink: &mut impl Sink) {
    let chips = machine.layout.tp;
    if chips > 1.0 {
        let bytes = 2.0 * m * d;
        let price = machine.all_reduce.all_reduce(chips, bytes).or_measured(machine.kernels.all_reduce(bytes));
        sink.take(Part { class: Class::Communication, name, layers, m, n: d, k: chips, dtype: Dtype::Bf16, price });
    }
}

/// Sends `tokens` of this chip to `away` groups of experts each, or takes them back: by all-to-all, or by
/// gathering every chip's tokens on every chip, whichever is faster. Dispatch is in 8 bits, combine in 16
/// (DeepEP, PERFORMANCE item 7). Across hosts its kernels carry them, or the collective library where that is faster.
pub(crate) fn exchange(
    machine: &Machine,
    name: &'static str,
    (layers, d): (f64, f64),
    (sent, away): (Sent, f64),
    sink: &mut impl Sink,
) {
    let chips = machine.layout.tp * machine.layout.dp;
    let (tokens, element_bytes) = (sent.tokens, sent.direction.element_bytes());
    let carried = machine.exchange.map(|exchange| exchange.price(&sent));
    let (bytes, all) = (tokens * away * d * element_bytes, tokens * chips * d * 2.0);
    let sent = machine.all_to_all.all_to_all(chips, bytes).or_measured(machine.kernels.all_to_all(chips, bytes));
    let gathered = machine.all_to_all.all_to_all(chips, tokens * (chips - 1.0) * d * 2.0);
    let gathered = gathered.or_measured(machine.kernels.all_gather(all));
    let sent = carried.filter(|carried| carried.time_s < sent.time_s).unwrap_or(sent);
    let price = if machine.layout.ep > 1.0 && sent.time_s <= gathered.time_s { sent } else { gathered };
    let dtype = if element_bytes < 2.0 { Dtype::Fp8 } else { Dtype::Bf16 };
    sink.take(Part { class: Class::Communication, name, layers, m: tokens, n: d, k: chips, dtype, price });
}
