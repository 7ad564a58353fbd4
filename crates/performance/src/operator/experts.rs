//! A mixture of experts: router, dispatch, the routed experts as one grouped product, shared experts, combine.

use crate::{
    efficiency::Price,
    machine::{Direction, Kernels, Machine, Sent},
    operator::{collective, mlp},
    step::{Class, Load, Part, Sink},
};
use facts::architecture::Moe;
use units::{Dtype, Tier};

pub(crate) fn visit(machine: &Machine, (layers, d): (f64, f64), moe: &Moe, load: &Load, sink: &mut impl Sink) {
    let layout = &machine.layout;
    let m = load.tokens();
    let (experts, top_k) = (moe.experts as f64, moe.top_k as f64);
    let part = |class, name, [m, n, k]: [f64; 3], dtype, price| Part { class, name, layers, m, n, k, dtype, price };
    let wide = &machine.wide;
    sink.take(part(Class::Gemm, "router", [m, experts, d], Dtype::Bf16, wide.price(m, experts, d)));

    // With attention data parallelism the tokens of a rank are spread over its chips and sent to their experts.
    let own = m / layout.tp;
    let away = distinct_groups(layout.ep, top_k) * (layout.ep - 1.0) / layout.ep.max(1.0);
    let spread = layout.dp > 1.0;
    let kernels = if load.prefill > 0.0 { Kernels::Normal } else { Kernels::LowLatency };
    let imbalance = machine.expert_imbalance;
    let sent = |direction| Sent { tokens: own, top_k, hidden: d, imbalance, kernels, direction };
    if spread {
        collective::exchange(machine, "expert_dispatch", (layers, d), (sent(Direction::Dispatch), away), sink);
    }

    let all = load.engine_tokens();
    let held = experts / layout.ep;
    let pairs = all * top_k / layout.ep;
    let distinct = held * (1.0 - (1.0 - top_k / experts).powf(all));
    let (weights, width) = (moe.expert_params as f64 / layout.moe_tp, moe.width as f64 / layout.moe_tp);
    let rows = pairs / held;
    let bytes = distinct * weights * machine.experts.dtype.bytes()
        + pairs * 2.0 * (2.0 * d + 3.0 * width)
        + all / layout.ep * 4.0 * d;
    // The fullest of the ranks sets the time: its share of the arithmetic is above the mean, which is listed.
    let flop = 2.0 * pairs * weights;
    let fullest = machine.experts.price_of(flop * machine.expert_imbalance, bytes, rows);
    let price = if machine.placed {
        let products = products(machine, (rows * machine.expert_imbalance, width, d), held);
        let even = machine.kernels.even_experts(moe, all * machine.expert_imbalance);
        Price { flop, bytes, ..products }.or_measured(even)
    } else {
        Price { flop, ..fullest }.or_measured(machine.kernels.experts(moe, all))
    };
    sink.take(part(Class::Experts, "experts", [rows, 3.0 * width, d], machine.experts.dtype, price));

    if moe.shared_width > 0 {
        let width = moe.shared_width as f64 / layout.tp;
        mlp::products(machine, ["shared_expert_up", "shared_expert_down"], (layers, d), (width, true), m, sink);
    }
    if spread {
        collective::exchange(machine, "expert_combine", (layers, d), (sent(Direction::Combine), away), sink);
    }
    // Partial sums of experts and shared experts over the chips of a rank.
    collective::all_reduce(machine, "mlp_all_reduce", (layers, d), m, sink);
}

/// `held` experts of `rows` rows each, one product after another: what a grouped product does without their gaps.
fn products(machine: &Machine, (rows, width, d): (f64, f64, f64), held: f64) -> Price {
    let up = machine.experts.price(rows, 2.0 * width, d);
    let down = machine.experts.price(rows, d, width);
    Price { time_s: held * (up.time_s + down.time_s), tier: up.tier.max(down.tier).max(Tier::Transferred), ..up }
}

/// Expected number of groups that hold at least one of a token's experts: R (1 - (1 - 1/R)^k), experts
/// spread at random over R groups.
fn distinct_groups(groups: f64, top_k: f64) -> f64 {
    groups * (1.0 - (1.0 - 1.0 / groups).powf(top_k))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_visits_at_most_its_experts_and_the_groups() {
        assert!((distinct_groups(1.0, 8.0) - 1.0).abs() < 1e-12);
        assert!(distinct_groups(8.0, 8.0) < 8.0);
        assert!(distinct_groups(1e6, 8.0) > 7.99);
    }
}
