//! Prefill and decode on chips of their own, as the client ran them.

use performance::Workload;

use super::{Bench, Predicted};
use crate::validation::setup::Pool;

/// The run of a benchmark, from its start-up burst on.
pub fn predict(bench: &Bench, prefill: Pool, decode: Pool, concurrency: u64) -> Option<Predicted> {
    let (reader, writer) = (bench.prepared(prefill)?, bench.prepared(decode)?);
    let workload = Workload::text(bench.setup.input_tokens, bench.setup.output_tokens, concurrency.max(1));
    let run = writer.run_apart(&reader, &workload, &bench.setup.client)?;
    Some(Predicted {
        ttft_s: run.ttft_median_s,
        ttft_burst_s: run.ttft_s,
        ttft_tail_s: run.ttft_p99_s,
        tpot_s: run.tpot_s,
        e2e_s: run.e2e_s,
        requests_per_s: run.requests_per_s,
        decode_tok_per_s: run.decoding / run.tpot_s,
        j_per_output_tok: None,
    })
}
