//! The nearest deployment that can be, in place of one that cannot.

use crate::{
    closed_loop::{Conditions, Requests},
    deployment::Deployment,
    estimate::Request,
    prepared::Prepared,
    refusal::{Refusal, RefusalCode},
};
use units::Dtype;

/// What a change of the weights' format counts, in doublings of a count: more chips are preferred to another
/// model quality.
const FORMAT_COST: f64 = 8.0;
/// Sizes that are tried for each way of cutting.
const COUNTS: [u64; 8] = [1, 2, 4, 8, 16, 32, 64, 128];
/// Most chips of an engine that are proposed.
const MOST_CHIPS: u64 = 256;

/// The nearest deployment that can be and serves the workload: fewest doublings of chips and parallelism, and
/// another number format only where no other layout does.
pub fn nearest(request: &Request, refusal: &Refusal) -> Option<Deployment> {
    let mut candidates = candidates(request, refusal.code);
    let wanted = request.deployment;
    candidates.sort_by(|a, b| distance(wanted, a).total_cmp(&distance(wanted, b)));
    candidates.into_iter().find(|candidate| serves(request, candidate))
}

/// Whether a deployment can be and holds at least one request of the workload.
fn serves(request: &Request, deployment: &Deployment) -> bool {
    let requests = Requests::of(request.architecture, request.workload);
    Prepared::new(request.chip, request.architecture, deployment, &request.options.efficiencies).is_ok_and(|prepared| {
        Conditions::of(&prepared, &requests, (request.workload.concurrency, prepared.scheduler.max_requests)).is_some()
    })
}

/// Everything near in some way, in a stated order, so that ties are broken alike on every machine.
fn candidates(request: &Request, code: RefusalCode) -> Vec<Deployment> {
    let wanted = request.deployment;
    let mut counts = COUNTS.to_vec();
    counts.extend([wanted.tp, wanted.pp, wanted.ep]);
    let formats = if code == RefusalCode::DtypeUnsupported || code == RefusalCode::OutOfMemory {
        vec![wanted.weights, Dtype::Bf16, Dtype::Fp8, Dtype::Int8, Dtype::Int4]
    } else {
        vec![wanted.weights]
    };
    let caches = if code == RefusalCode::DtypeUnsupported { vec![wanted.kv, Dtype::Bf16] } else { vec![wanted.kv] };
    let experts = request.architecture.moe().is_some();
    let mut found = Vec::new();
    for &tp in &counts {
        for &pp in &counts {
            if tp * pp * wanted.dp > MOST_CHIPS.max(wanted.chips_per_replica()) {
                continue;
            }
            let mut groups = vec![1, wanted.ep.min(tp * wanted.dp), tp * wanted.dp];
            groups.dedup();
            for ep in groups.into_iter().filter(|ep| *ep == 1 || experts) {
                for &weights in &formats {
                    for &kv in &caches {
                        found.push(Deployment { tp, pp, ep, weights, kv, ..wanted.clone() });
                    }
                }
            }
        }
    }
    found
}

/// Doublings between two deployments, and the cost of other formats; fewer chips count a little more, so that
/// of two neighbours the one that keeps the room wins.
fn distance(wanted: &Deployment, other: &Deployment) -> f64 {
    let doublings = |a: u64, b: u64| (a as f64 / b as f64).log2();
    let chips = doublings(other.chips(), wanted.chips());
    let cuts = doublings(other.tp, wanted.tp).abs() + doublings(other.pp, wanted.pp).abs();
    let groups = doublings(other.ep, wanted.ep).abs();
    let formats = f64::from(u8::from(other.weights != wanted.weights)) + f64::from(u8::from(other.kv != wanted.kv));
    2.0 * chips.abs() + if chips < 0.0 { 0.1 } else { 0.0 } + cuts + 0.5 * groups + FORMAT_COST * formats
}
