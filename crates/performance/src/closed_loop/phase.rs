//! One phase alone: a pool that only reads prompts, or only writes tokens, the other phase being someone else's.
//!
//! *Prefill*: the prompts in flight on a rank are read together in one step, which sets their number; each gives the first
//! token. *Decode*: the requests in flight write all their tokens but the first on caches that were brought.

use super::{Conditions, Requests, vision_s};
use crate::{
    operator::Phase,
    prepared::{Prepared, Steady},
    step::{Load, StepTime},
};

/// Requests of a phase: prompts end with their first token, tokens are written on prompts that are in the cache.
pub(crate) fn requests(requests: Requests, phase: Phase) -> Requests {
    match phase {
        Phase::Prefill => Requests { output: 1.0, ..requests },
        Phase::Decode => requests,
    }
}

/// One step of the prompts in flight.
pub(crate) fn reading(requests: &Requests, conditions: &Conditions, pp: f64) -> Load {
    let prompts = conditions.admitted / pp;
    Load {
        prefill: prompts * requests.computed(),
        prompts,
        past: requests.cached,
        ranks: conditions.ranks,
        ..Load::default()
    }
}

/// What a phase does to a request: tokens read and written, and how long it takes.
struct Done {
    step: StepTime,
    service_s: f64,
    ttft_s: f64,
    tpot_s: f64,
    read: f64,
    written: f64,
}

/// The steady state of a phase.
pub(crate) fn solve(prepared: &Prepared, requests: &Requests, conditions: &Conditions, phase: Phase) -> Steady {
    let &Conditions { share, admitted, ranks, .. } = conditions;
    let pp = prepared.machine.layout.pp;
    let running = conditions.concurrency * admitted / share;
    let Done { step, service_s, ttft_s, tpot_s, read, written } = match phase {
        Phase::Prefill => {
            let step = prepared.step(&reading(requests, conditions, pp));
            let service_s = step.time_s + admitted * vision_s(prepared, requests);
            let ttft_s = prepared.machine.host.ingress_s + service_s;
            Done { step, service_s, ttft_s, tpot_s: 0.0, read: requests.input, written: 1.0 }
        }
        Phase::Decode => {
            let step = prepared.step(&Load::decode((admitted / pp).max(1e-3), requests.context(), ranks));
            let tpot_s = step.time_s / prepared.tokens_per_step();
            let written = (requests.output - 1.0).max(1.0);
            Done { step, service_s: written * tpot_s, ttft_s: 0.0, tpot_s, read: 0.0, written }
        }
    };
    let requests_per_s = running / service_s;
    let (prefill_s, decode_step_s) = match phase {
        Phase::Prefill => (service_s, 0.0),
        Phase::Decode => (0.0, step.time_s),
    };
    let chips = prepared.deployment.chips() as f64;
    let drawn = conditions.busy * step.power_fraction + (1.0 - conditions.busy) * prepared.machine.power.idle;
    Steady {
        ttft_s,
        ttft_burst_s: ttft_s,
        tpot_s,
        tpot_burst_s: tpot_s,
        e2e_s: ttft_s + if phase == Phase::Decode { service_s } else { 0.0 },
        prefill_s,
        decode_step_s,
        batch: admitted,
        running: admitted,
        ranks,
        output_tok_per_s: requests_per_s * written,
        total_tok_per_s: requests_per_s * (read + written),
        requests_per_s,
        prefill_fraction: if phase == Phase::Prefill { 1.0 } else { 0.0 },
        power_w: prepared.power_w.map(|(tdp_w, host_w)| chips * (tdp_w * drawn + host_w)),
        chips_power_w: prepared.power_w.map(|(tdp_w, _)| chips * tdp_w * drawn),
    }
}
