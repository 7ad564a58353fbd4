//! A static batch: all prompts, then all tokens, in as many waves as the caches need.

use performance::Prepared;

use super::{Bench, Predicted};
use crate::validation::setup::Pool;

/// Prompt tokens that an engine reads in one step at most, by default (TensorRT-LLM `max_num_tokens`, vLLM
/// `max_num_batched_tokens`) [tokens].
const STEP_TOKENS: f64 = 8192.0;

/// The whole batch, from the first prompt to the last token.
pub fn predict(bench: &Bench, pool: Pool, batch: u64) -> Option<Predicted> {
    let prepared = bench.prepared(pool)?;
    let ranks = (pool.replicas * pool.dp) as f64;
    let rank_batch = (batch as f64 / ranks).ceil();
    let running = bench.steady(&prepared, batch)?.running.clamp(1.0, rank_batch);
    let waves = (rank_batch / running).ceil();
    let prompts_s = prompts_s(bench.setup.input_tokens, &prepared, running);
    let tokens = bench.setup.output_tokens - 1.0;
    let step_s = prepared.decode_token_s(running, bench.mean_context());
    let wave_s = prompts_s + tokens * step_s;
    let total_s = waves * wave_s;
    Some(Predicted {
        ttft_s: prompts_s,
        ttft_burst_s: prompts_s,
        ttft_tail_s: prompts_s,
        tpot_s: step_s,
        e2e_s: total_s,
        requests_per_s: batch as f64 / total_s,
        decode_tok_per_s: running * ranks / step_s,
        j_per_output_tok: None,
    })
}

/// The prompts of a wave on one rank: one after the other, or several in a step where that is faster (their
/// attention is then counted as that of one long prompt, an upper bound).
fn prompts_s(input: f64, prepared: &Prepared, count: f64) -> f64 {
    let together = (STEP_TOKENS / input).floor().clamp(1.0, count);
    let alone_s = prepared.prefill_step_s(input, 0.0) * count;
    alone_s.min(prepared.prefill_step_s(input * together, 0.0) * (count / together).ceil())
}
