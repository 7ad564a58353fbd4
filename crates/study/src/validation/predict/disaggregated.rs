//! Prefill and decode on chips of their own: two pools in one closed loop.
//!
//! A request is in the prefill pool for TTFT and in the decode pool for (output - 1) TPOT; with N requests in
//! flight the loop turns at X = N / (TTFT + (output - 1) TPOT) (Little's law), at most as fast as the prefill pool
//! reads prompts. Moving the cache between the pools is not priced.

use super::{
    Bench, Predicted,
};
use crate::validation::setup::Pool;

/// Rounds of the fixed point; it contracts by about half a round.
const ROUNDS: usize = 30;

/// Both pools in balance.
pub fn predict(bench: &Bench, prefill: Pool, decode: Pool, concurrency: u64) -> Option<Predicted> {
    let (reader, writer) = (bench.prepared(prefill)?, bench.prepared(decode)?);
    let prompt_s = bench.steady(&reader, 1)?.prefill_s;
    let ranks = (prefill.replicas * prefill.dp) as f64;
    let capacity = ranks / prompt_s;
    let flight = concurrency as f64;
    let tokens = bench.setup.output_tokens - 1.0;
    // The decode pool admits what its caches hold; more than that waits.
    let writers = (decode.replicas * decode.dp) as f64;
    let room = bench.steady(&writer, concurrency)?.running * writers;
    let tpot_at = |requests: f64| writer.decode_token_s((requests.min(room) / writers).max(1.0), bench.mean_context());
    let (mut in_decode, mut ttft_s, mut tpot_s, mut rate) = (flight, prompt_s, 0.0, 0.0);
    for _ in 0..ROUNDS {
        tpot_s = tpot_at(in_decode);
        let free = flight / (prompt_s + tokens * tpot_s);
        if free < capacity {
            // Below capacity a prompt waits as in a queue with fixed service times (M/D/c, mean wait), and never
            // longer than behind all the others.
            let load = free / capacity;
            let wait_s = prompt_s * load / (2.0 * ranks * (1.0 - load));
            ttft_s = prompt_s + wait_s.min(flight / capacity);
            rate = flight / (ttft_s + tokens * tpot_s);
        } else {
            rate = capacity;
            ttft_s = (flight / capacity - tokens * tpot_s).max(prompt_s);
        }
        in_decode = f64::midpoint(in_decode, (rate * tokens * tpot_s).clamp(1.0, flight));
    }
    // At the start all prompts come at once.
    let burst_s = ttft_s.max(flight / (2.0 * capacity));
    let ttft_burst_s = ((RUN - 1.0) * ttft_s + burst_s) / RUN;
    Some(Predicted {
        ttft_s,
        ttft_burst_s,
        ttft_tail_s: tail(ttft_s, ttft_burst_s),
        tpot_s,
        e2e_s: ttft_s + tokens * tpot_s,
        requests_per_s: rate,
        decode_tok_per_s: in_decode / tpot_s,
        j_per_output_tok: None,
    })
}

/// Prompts of a run over its concurrency: the first of each slot is the start-up burst (InferenceX, CONTRACTS.md 5).
const RUN: f64 = 10.0;

/// The 99th percentile of a run: of the tenth of its requests that came in the burst, nine tenths were served
/// before; a burst is served at an even pace, so that one waits 1.8 times the burst's mean.
fn tail(ttft_s: f64, ttft_burst_s: f64) -> f64 {
    let burst_mean_s = RUN * ttft_burst_s - (RUN - 1.0) * ttft_s;
    ttft_s.max(1.8 * burst_mean_s)
}
