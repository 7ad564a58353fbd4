//! A closed loop on one pool, as its client ran it.

use super::{Bench, Predicted};
use crate::validation::setup::Pool;
use performance::{Client, Workload};

/// Requests in flight an attention rank that saturate any deployment here; what the caches do not hold waits.
const SATURATING: u64 = 1024;

/// In-flight requests of an offline run with everything queued.
pub fn saturating(pool: Pool) -> u64 {
    SATURATING.saturating_mul(pool.replicas).saturating_mul(pool.dp)
}

/// The run of a benchmark, from its start-up burst on.
pub fn predict(bench: &Bench, pool: Pool, concurrency: u64) -> Option<Predicted> {
    let prepared = bench.prepared(pool)?;
    let steady = bench.steady(&prepared, concurrency)?;
    let workload = Workload::text(bench.setup.input_tokens, bench.setup.output_tokens, concurrency.max(1));
    let run = prepared.run(&workload, &Client { ..bench.setup.client })?;
    let decode_tok_per_s =
        steady.batch * (pool.replicas * pool.dp) as f64 * prepared.tokens_per_step() / steady.decode_step_s;
    Some(Predicted {
        ttft_s: run.ttft_median_s,
        ttft_burst_s: run.ttft_s,
        ttft_tail_s: run.ttft_p99_s,
        tpot_s: run.tpot_s,
        e2e_s: run.e2e_s,
        requests_per_s: run.requests_per_s,
        decode_tok_per_s,
        // InferenceX divides what the chips report by the tokens written: hosts are not in it.
        j_per_output_tok: steady.chips_power_w.map(|power_w| power_w / steady.output_tok_per_s),
    })
}
