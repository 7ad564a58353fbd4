//! One phase alone on a pool, in its steady state.

use performance::Workload;

use super::{Bench, Predicted};
use crate::validation::setup::{Alone, Pool};

/// The rates of a pool that only reads, or only writes.
pub fn predict(bench: &Bench, pool: Pool, alone: &Alone, concurrency: u64) -> Option<Predicted> {
    let prepared = bench.prepared(pool)?;
    let steady = prepared.steady(&workload(bench, alone, concurrency))?;
    Some(Predicted {
        ttft_s: steady.ttft_s,
        ttft_burst_s: steady.ttft_burst_s,
        ttft_tail_s: steady.ttft_burst_s,
        tpot_s: steady.tpot_s,
        e2e_s: steady.e2e_s,
        requests_per_s: steady.requests_per_s,
        decode_tok_per_s: steady.output_tok_per_s,
        j_per_output_tok: None,
    })
}

/// The load of the phase.
pub fn workload(bench: &Bench, alone: &Alone, concurrency: u64) -> Workload {
    Workload {
        prefix_share: alone.cached_fraction,
        phase: Some(alone.phase),
        ..Workload::text(bench.setup.input_tokens, bench.setup.output_tokens, concurrency.max(1))
    }
}
