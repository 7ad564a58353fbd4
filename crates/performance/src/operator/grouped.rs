//! Softmax attention with K key-value heads: projections, core, output (MODELS section 3).

use crate::{
    efficiency::Price,
    machine::Machine,
    operator::collective,
    step::{Class, Load, Part, Sink},
};
use facts::architecture::{Grouped, Window};
use units::Dtype;

/// Sums of squares of queries and keys, two in 32 bits, as 16-bit numbers [count].
const SQUARES: f64 = 4.0;

/// Heads of keys and values on a chip: replicated where there are more chips than heads.
pub(crate) fn kv_heads_per_chip(attention: &Grouped, tp: f64) -> f64 {
    (attention.kv_heads as f64 / tp).max(1.0).ceil()
}

pub(crate) fn visit(machine: &Machine, (layers, d): (f64, f64), a: &Grouped, load: &Load, sink: &mut impl Sink) {
    let tp = machine.layout.tp;
    let (heads, kv_heads, width) = (a.heads as f64 / tp, kv_heads_per_chip(a, tp), a.head_dim as f64);
    let m = load.tokens();
    let queries = if a.output_gate { 2.0 * heads } else { heads };
    let n = (queries + 2.0 * kv_heads) * width;
    let gemm = &machine.attention;
    let product = |name, n: f64, k: f64| Part {
        class: Class::Gemm,
        name,
        layers,
        m,
        n,
        k,
        dtype: gemm.dtype,
        price: gemm.price(m, n, k),
    };
    sink.take(product("attention_qkv", n, d));
    if a.norms_projection() {
        // Each chip has the squares of its own heads only: two sums a token, in 32 bits, before any of them is normed.
        collective::all_reduce(machine, "qk_norm_all_reduce", (layers, SQUARES), m, sink);
    }
    let core = |class, name, m: f64, k: f64, price| Part {
        class,
        name,
        layers,
        m,
        n: heads * width,
        k,
        dtype: Dtype::Bf16,
        price,
    };
    if load.prefill > 0.0 {
        let (new, total) = (load.tokens_per_prompt(), load.past + load.tokens_per_prompt());
        let pairs = causal_pairs(a.window, total) - causal_pairs(a.window, load.past);
        let flop = load.prompts * 4.0 * heads * width * pairs;
        let read = 2.0 * kv_heads * width * machine.layout.kv_bytes * visible(a.window, total).max(new.min(total));
        let bytes = load.prompts * (4.0 * new * heads * width + read);
        let measured = machine.kernels.prefill(a, load.prompts, (load.past, total));
        let price = machine.prefill_attention.price(flop, bytes, total).or_measured(measured);
        sink.take(core(Class::PrefillAttention, "attention_prefill", load.prefill, total, price));
    }
    if load.decode > 0.0 {
        let seen = visible(a.window, load.context);
        let price = decode_price(machine, a, load);
        sink.take(core(Class::DecodeAttention, "attention_decode", load.queries(), seen, price));
    }
    sink.take(product("attention_output", d, heads * width));
    collective::all_reduce(machine, "attention_all_reduce", (layers, d), m, sink);
}

/// The core of attention in decode: all of it that depends on the context.
pub(crate) fn decode_price(machine: &Machine, a: &Grouped, load: &Load) -> Price {
    let tp = machine.layout.tp;
    let (heads, kv_heads, width) = (a.heads as f64 / tp, kv_heads_per_chip(a, tp), a.head_dim as f64);
    let seen = visible(a.window, load.context);
    // The queries of a draft look at one cache together.
    let flop = load.queries() * 4.0 * heads * width * seen;
    let cache = 2.0 * kv_heads * width * machine.layout.kv_bytes * seen;
    let reads = (heads / kv_heads).max(1.0).powf(1.0 - machine.head_sharing);
    let bytes = load.decode * cache * reads + load.queries() * 4.0 * heads * width;
    let measured = machine.kernels.decode(a, load.decode, load.context);
    machine.decode_attention.price(flop, bytes, seen).or_measured(measured)
}

/// Positions that a query at `context` looks at; in a chunk, the mean over its phases once it is past one.
pub(crate) fn visible(window: Option<Window>, context: f64) -> f64 {
    match window {
        None => context,
        Some(Window::Sliding(size)) => context.min(size as f64),
        Some(Window::Chunked(size)) if context <= size as f64 => context,
        Some(Window::Chunked(size)) => f64::midpoint(size as f64, 1.0),
    }
}

/// Pairs of a query and a position it looks at over a causal prefill: S (S + 1) / 2, a window's band, or
/// whole chunks and the rest.
pub(crate) fn causal_pairs(window: Option<Window>, tokens: f64) -> f64 {
    let triangle = |s: f64| s * (s + 1.0) / 2.0;
    match window {
        None => triangle(tokens),
        Some(Window::Sliding(size)) => {
            let filling = tokens.min(size as f64);
            triangle(filling) + (tokens - filling) * size as f64
        }
        Some(Window::Chunked(size)) => {
            let chunks = (tokens / size as f64).floor();
            chunks * triangle(size as f64) + triangle(tokens - chunks * size as f64)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pairs_of_a_suffix_are_those_of_the_whole_less_those_of_the_prefix() {
        // MODELS: a suffix of s tokens on a prefix P has sP + s(s + 1)/2 pairs.
        let (past, new) = (100.0, 20.0);
        let pairs = causal_pairs(None, past + new) - causal_pairs(None, past);
        assert_eq!(pairs, new * past + new * (new + 1.0) / 2.0);
    }

    #[test]
    fn a_window_sees_its_width_and_a_chunk_half_of_it_on_average() {
        assert_eq!(visible(Some(Window::Sliding(128)), 4096.0), 128.0);
        assert_eq!(visible(Some(Window::Chunked(8191)), 100_000.0), 4096.0);
        // w(w + 1)/2 + (S - w) w
        assert_eq!(causal_pairs(Some(Window::Sliding(4)), 10.0), 10.0 + 24.0);
        assert_eq!(causal_pairs(Some(Window::Chunked(4)), 10.0), 10.0 + 10.0 + 3.0);
    }
}
