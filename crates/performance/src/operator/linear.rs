//! Linear attention: projections and a recurrent state in place of a cache (MODELS section 3).

use crate::{
    machine::Machine,
    operator::collective,
    step::{Class, Load, Part, Sink},
};
use facts::architecture::Linear;
use units::Dtype;

/// Tokens that the chunked form of a prefill takes at once: the state is read and written once a chunk
/// (64 in the reference kernels of flash-linear-attention).
const CHUNK: f64 = 64.0;

/// Widths of one chip.
struct Widths {
    /// Input projections, all of them.
    projections: f64,
    /// Values, the input of the output projection.
    values: f64,
    /// Elements of the state.
    state: f64,
    /// Arithmetic of the core a token [FLOP].
    core_flop: f64,
}

fn widths(a: &Linear, tp: f64) -> Widths {
    match *a {
        Linear::DeltaNet { key_heads, value_heads, key_dim, value_dim, .. } => {
            let (keys, values) = ((key_heads * key_dim) as f64 / tp, (value_heads * value_dim) as f64 / tp);
            let state = (value_heads * key_dim * value_dim) as f64 / tp;
            let gates = 2.0 * value_heads as f64 / tp;
            Widths { projections: 2.0 * keys + 2.0 * values + gates, values, state, core_flop: 6.0 * state }
        }
        Linear::Lightning { heads, head_dim } => {
            let width = (heads * head_dim) as f64 / tp;
            let state = width * head_dim as f64;
            Widths { projections: 4.0 * width, values: width, state, core_flop: 4.0 * state }
        }
    }
}

fn is_delta(a: &Linear) -> bool {
    matches!(a, Linear::DeltaNet { .. })
}

pub(crate) fn visit(machine: &Machine, (layers, d): (f64, f64), a: &Linear, load: &Load, sink: &mut impl Sink) {
    let w = widths(a, machine.layout.tp);
    let m = load.tokens();
    let gemm = &machine.attention;
    let part = |class, name, [m, n, k]: [f64; 3], dtype, price| Part { class, name, layers, m, n, k, dtype, price };
    let product = |name, n: f64, k: f64| part(Class::Gemm, name, [m, n, k], gemm.dtype, gemm.price(m, n, k));
    sink.take(product("linear_attention_in", w.projections, d));
    // The state is kept in 32 bits, read and written.
    let state_bytes = 8.0 * w.state;
    if load.prefill > 0.0 {
        let chunks = (load.tokens_per_prompt() / CHUNK).ceil() * load.prompts;
        let bytes = chunks * state_bytes + load.prefill * 2.0 * (w.projections + w.values);
        let measured = is_delta(a).then(|| machine.kernels.delta_prefill(load.prompts, load.tokens_per_prompt()));
        let price = machine.prefill_attention.price(load.prefill * w.core_flop, bytes, CHUNK);
        let price = price.or_measured(measured.flatten());
        sink.take(part(
            Class::PrefillAttention,
            "linear_attention",
            [load.prefill, w.values, CHUNK],
            Dtype::Bf16,
            price,
        ));
    }
    if load.decode > 0.0 {
        // A draft is verified token by token: the state is read once and written after each.
        let queries = load.queries();
        let states = f64::midpoint(load.decode, queries) * state_bytes;
        let bytes = states + queries * 2.0 * (w.projections + w.values);
        let measured = is_delta(a).then(|| machine.kernels.delta_decode(queries));
        let price = machine.decode_attention.price(queries * w.core_flop, bytes, 1.0).or_measured(measured.flatten());
        sink.take(part(Class::DecodeAttention, "linear_attention", [queries, w.values, 1.0], Dtype::Fp32, price));
    }
    sink.take(product("attention_output", d, w.values));
    collective::all_reduce(machine, "attention_all_reduce", (layers, d), m, sink);
}
