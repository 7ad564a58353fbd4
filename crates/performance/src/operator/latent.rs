//! Multi-head latent attention: naive in prefill, absorbed in decode; sparse where the model has an indexer
//! (MODELS section 3).

use crate::{
    efficiency::Price,
    machine::Machine,
    operator::collective,
    operator::grouped::causal_pairs,
    step::{Class, Load, Part, Sink},
};
use facts::architecture::{Indexer, Latent, Window};
use units::Dtype;

pub(crate) fn visit(machine: &Machine, (layers, d): (f64, f64), a: &Latent, load: &Load, sink: &mut impl Sink) {
    let heads = a.heads as f64 / machine.layout.tp;
    let (c, r) = (a.kv_rank as f64, a.rope_dim as f64);
    let (nope, value) = (a.nope_dim as f64, a.v_dim as f64);
    let m = load.tokens();
    let gemm = &machine.attention;
    let part = |class, name, [m, n, k]: [f64; 3], dtype, price| Part { class, name, layers, m, n, k, dtype, price };
    let product = |name, m: f64, n: f64, k: f64| part(Class::Gemm, name, [m, n, k], gemm.dtype, gemm.price(m, n, k));
    if let Some(rank) = a.q_rank {
        // The down projections of queries and of keys and values are one product, the same on every chip.
        sink.take(product("attention_down", m, rank as f64 + c + r, d));
        sink.take(product("attention_q_up", m, heads * (nope + r), rank as f64));
    } else {
        sink.take(product("attention_qkv", m, heads * (nope + r) + c + r, d));
    }
    indexer(machine, (layers, d), a, load, sink);
    if load.prefill > 0.0 {
        prefill(machine, layers, a, load, sink);
    }
    if load.decode > 0.0 {
        let b = load.queries();
        let absorb = |name, n: f64, k: f64, measured| {
            let bytes = heads * (n * k * 2.0 + b * 2.0 * (n + k));
            let price = machine.wide.price_of(2.0 * b * heads * n * k, bytes, b).or_measured(measured);
            part(Class::Gemm, name, [b, heads * n, k], Dtype::Bf16, price)
        };
        sink.take(absorb("attention_q_absorb", c, nope, machine.kernels.latent_absorb(b)));
        let seen = kept(a, load.context);
        let price = core_price(machine, a, load);
        sink.take(part(Class::DecodeAttention, "attention_decode", [b, heads * c, seen], Dtype::Bf16, price));
        sink.take(absorb("attention_v_absorb", value, c, machine.kernels.latent_expand(b)));
    }
    sink.take(product("attention_output", m, d, heads * value));
    collective::all_reduce(machine, "attention_all_reduce", (layers, d), m, sink);
}

/// Kernels between the indexer's products and its scores, and after them: norm of the key, rotary embedding, rotation and
/// quantisation of query and key, cache write, scaling of the weights, selection of the best positions (SGLang's
/// `Indexer` for DeepSeek-V3.2).
const INDEXER_KERNELS: f64 = 9.0;
/// Passes of the selection over the scores, in 32 bits (radix select: histogram, filter).
const SELECTION_PASSES: f64 = 2.0;

/// Heads that a kernel over chosen positions runs for: FlashMLA's takes whole multiples, and engines pad.
fn padded(machine: &Machine, a: &Latent, heads: f64) -> f64 {
    let multiple = machine.sparse_heads;
    if a.sparse_top_k.is_some() { (heads / multiple).ceil() * multiple } else { heads }
}

/// Prefill: keys and values are expanded from the latent, the prefix's again for each chunk, and attended to
/// as by H ordinary heads. Sparse attention over more positions than it keeps works on the latent itself.
fn prefill(machine: &Machine, layers: f64, a: &Latent, load: &Load, sink: &mut impl Sink) {
    let heads = a.heads as f64 / machine.layout.tp;
    let (c, r) = (a.kv_rank as f64, a.rope_dim as f64);
    let (nope, value) = (a.nope_dim as f64, a.v_dim as f64);
    let (new, total) = (load.tokens_per_prompt(), load.past + load.tokens_per_prompt());
    let part = |class, name, [m, n, k]: [f64; 3], dtype, price| Part { class, name, layers, m, n, k, dtype, price };
    let dense = kept(a, total) >= total;
    let width = a.sparse_top_k.filter(|_| !dense).map(Window::Sliding);
    let pairs = causal_pairs(width, total) - causal_pairs(width, load.past);
    let (m, n) = (load.prefill, heads * value);
    if dense {
        let rows = load.prompts * total;
        let n_up = heads * (nope + value);
        let gemm = &machine.attention;
        sink.take(part(Class::Gemm, "attention_kv_up", [rows, n_up, c], gemm.dtype, gemm.price(rows, n_up, c)));
        let flop = load.prompts * 2.0 * heads * (nope + r + value) * pairs;
        let bytes = load.prompts * 2.0 * heads * (new + total) * (nope + r + value);
        let measured = machine.kernels.latent_prefill(load.prompts, (load.past, total));
        let price = machine.latent_prefill.price(flop, bytes, total).or_measured(measured);
        sink.take(part(Class::PrefillAttention, "attention_prefill", [m, n, total], Dtype::Bf16, price));
    } else {
        let heads = padded(machine, a, heads);
        let flop = load.prompts * 2.0 * heads * (2.0 * c + r) * pairs;
        let bytes = load.prompts * ((c + r) * machine.layout.kv_bytes * total + 2.0 * new * heads * (2.0 * c + r));
        let price = machine.latent_decode.price(flop, bytes, total);
        sink.take(part(Class::PrefillAttention, "attention_prefill", [m, n, kept(a, total)], Dtype::Bf16, price));
    }
}

/// The indexer: its projections, the same on every chip, and 2 I i scores a query and position over index keys
/// of i bytes and a 4-byte scale.
fn indexer(machine: &Machine, (layers, d): (f64, f64), a: &Latent, load: &Load, sink: &mut impl Sink) {
    let Some(index) = a.indexer else { return };
    let (heads, width) = (index.heads as f64, index.dim as f64);
    let m = load.tokens();
    let gemm = &machine.attention;
    let part = |class, name, [m, n, k]: [f64; 3], dtype, price| Part { class, name, layers, m, n, k, dtype, price };
    let rank = a.q_rank.unwrap_or(0) as f64;
    let source = if rank > 0.0 { rank } else { d };
    sink.take(part(
        Class::Gemm,
        "indexer_query",
        [m, heads * width, source],
        gemm.dtype,
        gemm.price(m, heads * width, source),
    ));
    sink.take(part(Class::Gemm, "indexer_key", [m, width, d], gemm.dtype, gemm.price(m, width, d)));
    let weights = machine.wide.price(m, heads, d);
    sink.take(part(Class::Gemm, "indexer_weights", [m, heads, d], Dtype::Bf16, weights));
    let (price, seen) = scores_price(machine, index, load);
    let others = elementwise_price(machine, index, load, seen);
    sink.take(part(Class::Elementwise, "indexer_elementwise", [m, width, seen], Dtype::Bf16, others));
    let class = if load.prefill > load.decode { Class::PrefillAttention } else { Class::DecodeAttention };
    sink.take(part(class, "indexer_scores", [m, heads, seen], Dtype::Fp8, price));
}

/// The kernels around the scores: queries and keys read and written twice, the scores of `seen` positions selected from.
fn elementwise_price(machine: &Machine, index: Indexer, load: &Load, seen: f64) -> Price {
    let (heads, width) = (index.heads as f64, index.dim as f64);
    let bytes = load.tokens() * (2.0 * 4.0 * width * (heads + 1.0) + SELECTION_PASSES * 4.0 * seen);
    machine.elementwise(INDEXER_KERNELS, bytes)
}

/// Scores of the indexer, with the positions scored a query.
fn scores_price(machine: &Machine, index: Indexer, load: &Load) -> (Price, f64) {
    let (heads, width, m) = (index.heads as f64, index.dim as f64, load.tokens());
    let total = load.past + load.tokens_per_prompt();
    let prefill_pairs = load.prompts * (causal_pairs(None, total) - causal_pairs(None, load.past));
    let pairs = load.queries() * load.context + prefill_pairs;
    let bytes = (load.decode * load.context + load.prompts * total) * (width + 4.0);
    let seen = if m > 0.0 { pairs / m } else { 0.0 };
    (machine.latent_decode.price(2.0 * heads * width * pairs, bytes, seen), seen)
}

/// Absorbed attention in decode.
fn core_price(machine: &Machine, a: &Latent, load: &Load) -> Price {
    let (queries, heads) = (load.queries(), padded(machine, a, a.heads as f64 / machine.layout.tp));
    let (c, r) = (a.kv_rank as f64, a.rope_dim as f64);
    let seen = kept(a, load.context);
    let flop = 2.0 * queries * heads * (2.0 * c + r) * seen;
    let cache = load.decode * (c + r) * machine.layout.kv_bytes * seen;
    let bytes = cache + queries * 2.0 * heads * (2.0 * c + r);
    let measured = machine.kernels.latent_decode(load.decode, seen);
    machine.latent_decode.price(flop, bytes, seen).or_measured(measured)
}

/// What of a layer in decode depends on the context: attention, the indexer's scores and the selection from them [s].
pub(crate) fn context_s(machine: &Machine, a: &Latent, load: &Load) -> f64 {
    let indexer_s = a.indexer.map_or(0.0, |index| {
        let (price, seen) = scores_price(machine, index, load);
        price.time_s + elementwise_price(machine, index, load, seen).time_s
    });
    core_price(machine, a, load).time_s + indexer_s
}

/// Positions that a query attends to.
fn kept(a: &Latent, context: f64) -> f64 {
    a.sparse_top_k.map_or(context, |most| context.min(most as f64))
}
