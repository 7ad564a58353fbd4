//! A closed loop on one pool.

use super::{Bench, Predicted};
use crate::validation::setup::Pool;

/// Prompts of a run over its concurrency: the first of each slot is the start-up burst (InferenceX, CONTRACTS.md 5).
pub const RUN: f64 = 10.0;

/// Requests in flight an attention rank that saturate any deployment here; what the caches do not hold waits.
const SATURATING: u64 = 1024;

/// In-flight requests of an offline run with everything queued.
pub fn saturating(pool: Pool) -> u64 {
    SATURATING.saturating_mul(pool.replicas).saturating_mul(pool.dp)
}

/// Steady state and burst.
pub fn predict(bench: &Bench, pool: Pool, concurrency: u64) -> Option<Predicted> {
    let prepared = bench.prepared(pool)?;
    let steady = bench.steady(&prepared, concurrency)?;
    let output = steady.output_tok_per_s;
    let decode_tok_per_s = steady.batch * (pool.replicas * pool.dp) as f64 * prepared.tokens_per_step() / steady.decode_step_s;
    Some(Predicted {
        ttft_s: steady.ttft_s,
        ttft_burst_s: steady.ttft_burst_s,
        ttft_tail_s: tail(steady.ttft_s, steady.ttft_burst_s),
        // A run begins with its burst: so do the means and medians over it.
        tpot_s: steady.tpot_burst_s,
        e2e_s: steady.e2e_s,
        requests_per_s: steady.requests_per_s,
        decode_tok_per_s,
        j_per_output_tok: steady.power_w.map(|power_w| power_w / output),
    })
}

/// The 99th percentile of a run: of the tenth of its requests that came in the burst, nine tenths were served
/// before; a burst is served at an even pace, so that one waits 1.8 times the burst's mean.
pub fn tail(ttft_s: f64, ttft_burst_s: f64) -> f64 {
    let burst_mean_s = RUN * ttft_burst_s - (RUN - 1.0) * ttft_s;
    ttft_s.max(1.8 * burst_mean_s)
}
