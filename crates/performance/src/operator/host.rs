//! The host: scheduling that no kernel hides, and launching what no graph holds (PERFORMANCE item 8).

use crate::{
    efficiency::Price,
    machine::Machine,
    operator::Bound,
    step::{Class, Load, Part, Sink},
};
use units::{Dtype, Tier};

pub(crate) fn visit(machine: &Machine, load: &Load, sink: &mut impl Sink) {
    let requests = load.requests();
    let time_s = machine.host.step_s + machine.host.request_s * requests;
    let price = Price { flop: 0.0, bytes: 0.0, time_s, bound: Bound::Overhead, tier: Tier::Specification };
    let class = Class::Host;
    sink.take(Part { class, name: "host", layers: 1.0, m: requests, n: 0.0, k: 0.0, dtype: Dtype::Bf16, price });
}

/// What a step with prompts takes beyond its kernels' time: the gaps between them, and launching where that takes longer
/// than they do; decode-only steps run as a graph [s].
pub(crate) fn launch_wait_s(machine: &Machine, layers: f64, load: &Load, kernels_s: f64) -> f64 {
    if load.prefill <= 0.0 {
        return 0.0;
    }
    let of_prompts = load.prefill / load.tokens();
    let gaps_s = (machine.host.prefill_work - 1.0) * of_prompts * kernels_s;
    (layers * machine.host.launch_s - kernels_s).max(gaps_s)
}
