//! The table of operators: one prompt alone, and one decode step of the steady batch.

use crate::{
    closed_loop::{self, Requests},
    efficiency::Price,
    operator::{Bound, Operator, Phase, host},
    prepared::{Prepared, Steady},
    step::{self, Class, Load, Part},
};
use units::{Dtype, Tier};

/// All operators, prefill before decode, each in the order of execution; of one phase where no other is asked for.
pub(crate) fn list(
    prepared: &Prepared,
    (requests, only): (&Requests, Option<Phase>),
    steady: &Steady,
) -> Vec<Operator> {
    let mut list = Vec::new();
    match only {
        None => {
            let alone = closed_loop::alone(prepared, requests);
            phase(prepared, Phase::Prefill, &alone.load, alone.steps, Some(requests), &mut list);
        }
        Some(Phase::Prefill) => {
            let prompts = steady.batch / prepared.machine.layout.pp;
            let (prefill, past) = (prompts * requests.computed(), requests.cached);
            let load = Load { prefill, prompts, past, ranks: steady.ranks, ..Load::default() };
            phase(prepared, Phase::Prefill, &load, 1.0, Some(requests), &mut list);
        }
        Some(Phase::Decode) => {}
    }
    if requests.output > 1.0 && only != Some(Phase::Prefill) {
        let batch = (steady.batch / prepared.machine.layout.pp).max(1.0);
        let load = Load::decode(batch, requests.context(), steady.ranks);
        phase(prepared, Phase::Decode, &load, 1.0, None, &mut list);
    }
    list
}

/// The tier that half of the operators' time is known by, or better: host overheads and element-wise traffic are
/// always of the specification, and would speak for all if the worst counted.
pub(crate) fn tier(operators: &[Operator]) -> Tier {
    let total_s: f64 = operators.iter().map(|operator| operator.time_s).sum();
    let known_s = |tier: Tier| -> f64 {
        operators.iter().filter(|operator| operator.tier <= tier).map(|operator| operator.time_s).sum()
    };
    let tiers = [Tier::Measured, Tier::Interpolated, Tier::Transferred];
    tiers.into_iter().find(|tier| known_s(*tier) >= total_s / 2.0).unwrap_or(Tier::Specification)
}

/// One phase; a prompt longer than a step takes `steps` of them.
fn phase(
    prepared: &Prepared,
    phase: Phase,
    load: &Load,
    steps: f64,
    images: Option<&Requests>,
    list: &mut Vec<Operator>,
) {
    let load = &prepared.loaded(load);
    let from = list.len();
    let mut kernels_s = 0.0;
    let mut take = |part: Part, steps: f64| {
        let time_s = part.layers * part.price.time_s * steps;
        list.push(Operator {
            phase,
            name: part.name,
            layers: part.layers as u64,
            m: part.m,
            n: part.n,
            k: part.k,
            dtype: part.dtype,
            flop: part.price.flop,
            bytes: part.price.bytes,
            time_s,
            share_fraction: 0.0,
            bound: part.price.bound,
            tier: part.price.tier,
        });
    };
    if let Some(requests) = images {
        closed_loop::visit_vision(prepared, requests, &mut |part: Part| take(part, 1.0));
    }
    step::walk(&prepared.machine, &prepared.shape, load, &mut |part: Part| {
        kernels_s += part.layers * part.price.time_s;
        take(part, steps);
    });
    let waiting_s = host::launch_wait_s(&prepared.machine, prepared.shape.layers, load, kernels_s);
    if waiting_s > 0.0 {
        let bound = Bound::Overhead;
        let price = Price { flop: 0.0, bytes: 0.0, time_s: waiting_s, bound, tier: Tier::Specification };
        let (class, dtype) = (Class::Host, Dtype::Bf16);
        take(Part { class, name: "launch_wait", layers: 1.0, m: 0.0, n: 0.0, k: 0.0, dtype, price }, steps);
    }
    let total_s: f64 = list[from..].iter().map(|operator| operator.time_s).sum();
    for operator in &mut list[from..] {
        operator.share_fraction = operator.time_s / total_s;
    }
}
