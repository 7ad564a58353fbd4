//! One fused step: prefill chunks and decodes together, weights read once, alike layers priced once.

use crate::{
    efficiency::Price,
    machine::Machine,
    operator::{draft, elementwise, embedding, experts, grouped, head, host, latent, linear, mlp, pipeline},
};
use facts::architecture::{Attention, LayerGroup, Mlp};
use units::Dtype;

/// What one attention rank does in a step.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Load {
    /// Requests that get one token, or a draft verified [count].
    pub decode: f64,
    /// Draft tokens verified beside the one of each of them [tokens].
    pub drafted: f64,
    /// Their mean context, the new token included [tokens].
    pub context: f64,
    /// Prompt tokens computed [tokens].
    pub prefill: f64,
    /// Prompts that they belong to [count].
    pub prompts: f64,
    /// Tokens of each of these prompts that are in the cache already [tokens].
    pub past: f64,
    /// Attention ranks of the engine that do the same at once [count].
    pub ranks: f64,
}

impl Load {
    /// One token for each of `requests`.
    pub(crate) fn decode(requests: f64, context: f64, ranks: f64) -> Self {
        Self { decode: requests, context, ranks, ..Self::default() }
    }

    /// Queries of the requests that decode: one each, and their drafts [tokens].
    pub(crate) fn queries(&self) -> f64 {
        self.decode * (1.0 + self.drafted)
    }

    /// Tokens through the matrices of this rank [tokens].
    pub(crate) fn tokens(&self) -> f64 {
        self.queries() + self.prefill
    }

    /// Tokens through the experts of the engine [tokens].
    pub(crate) fn engine_tokens(&self) -> f64 {
        self.tokens() * self.ranks
    }

    /// New tokens of each prompt [tokens].
    pub(crate) fn tokens_per_prompt(&self) -> f64 {
        if self.prompts > 0.0 { self.prefill / self.prompts } else { 0.0 }
    }

    /// Rows of logits: one a query that decodes and one a prompt that ends [count].
    pub(crate) fn rows(&self) -> f64 {
        self.queries() + self.prompts
    }

    /// Requests in the step [count].
    pub(crate) fn requests(&self) -> f64 {
        self.decode + self.prompts
    }
}

/// What an operator is, for its draw.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Class {
    Gemm,
    Experts,
    PrefillAttention,
    DecodeAttention,
    Vision,
    Elementwise,
    Communication,
    Host,
}

impl Machine {
    /// What an operator draws over the thermal design power [fraction].
    fn drawn(&self, part: &Part) -> f64 {
        let draw = match part.class {
            Class::Gemm => &self.power.gemm,
            Class::Experts => &self.power.experts,
            Class::PrefillAttention => &self.power.prefill_attention,
            Class::DecodeAttention => &self.power.decode_attention,
            Class::Vision => &self.power.vision,
            Class::Elementwise => &self.power.elementwise,
            Class::Communication => &self.power.communication,
            Class::Host => return self.power.idle,
        };
        let (compute, memory) = self.utilisation(part.dtype, &part.price);
        draw.share(compute, memory)
    }
}

/// One operator as it is priced; `price` is of one layer.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Part {
    pub class: Class,
    pub name: &'static str,
    /// How many alike.
    pub layers: f64,
    pub m: f64,
    pub n: f64,
    pub k: f64,
    pub dtype: Dtype,
    pub price: Price,
}

/// Takes operators as they are priced: a sum, or a table.
pub(crate) trait Sink {
    fn take(&mut self, part: Part);
}

impl<F: FnMut(Part)> Sink for F {
    fn take(&mut self, part: Part) {
        self(part);
    }
}

/// The model's shape that a step walks through.
#[derive(Clone, Debug)]
pub(crate) struct Shape {
    pub hidden: f64,
    pub vocab: f64,
    pub layers: f64,
    pub groups: Vec<LayerGroup>,
    /// The layer that drafts, where the engine speculates.
    pub draft: Option<LayerGroup>,
}

/// Time and draw of a step.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct StepTime {
    /// From its start to its end, through all pipeline stages [s].
    pub time_s: f64,
    /// Mean draw over the thermal design power [fraction].
    pub power_fraction: f64,
}

/// Walks a step's operators in the order of execution.
pub(crate) fn visit(machine: &Machine, shape: &Shape, load: &Load, sink: &mut impl Sink) {
    let d = shape.hidden;
    embedding::visit(machine, d, load, sink);
    for group in &shape.groups {
        visit_layer(machine, (group.count as f64, d), group, load, sink);
    }
    pipeline::visit(machine, d, load, sink);
    head::visit(machine, (shape.vocab, d), load, sink);
    draft::visit(machine, shape, load, sink);
    host::visit(machine, load, sink);
}

/// Walks the operators of `layers` layers alike.
pub(crate) fn visit_layer(
    machine: &Machine,
    (layers, d): (f64, f64),
    group: &LayerGroup,
    load: &Load,
    sink: &mut impl Sink,
) {
    match &group.attention {
        Attention::Grouped(attention) => grouped::visit(machine, (layers, d), attention, load, sink),
        Attention::Latent(attention) => latent::visit(machine, (layers, d), attention, load, sink),
        Attention::Linear(attention) => linear::visit(machine, (layers, d), attention, load, sink),
    }
    match &group.mlp {
        Mlp::Dense { width, gated, .. } => mlp::visit(machine, (layers, d), (*width as f64, *gated), load, sink),
        Mlp::Moe(moe) => experts::visit(machine, (layers, d), moe, load, sink),
    }
    elementwise::visit(machine, (layers, d), group, load, sink);
}

/// Multiprocessors that the kernels which carry prompts to their experts take from arithmetic beside them, of an H800's
/// 132 (DeepSeek-V3 technical report, section 3.2.2) [fraction].
const EXCHANGE_SHARE: f64 = 20.0 / 132.0;

/// Walks a step's operators as they add up: where its halves overlap, those of a half, twice, and of the exchange with the
/// experts only what the arithmetic of the other half does not hide.
///
/// While one half computes, the other's tokens travel, stage by stage (DeepSeek's profile-data, SGLang's two-batch
/// overlap): with A all of a layer but its experts, E the experts, D and B the ways to them and back, a layer of both
/// halves takes `max(A, D) + max(E, D) + max(E, B) + max(A, B)`.
pub(crate) fn walk(machine: &Machine, shape: &Shape, load: &Load, sink: &mut impl Sink) {
    if !machine.overlap {
        return visit(machine, shape, load, sink);
    }
    let half = Load { decode: load.decode / 2.0, prefill: load.prefill / 2.0, prompts: load.prompts / 2.0, ..*load };
    let slowed = if load.prefill > 0.0 { 1.0 / (1.0 - EXCHANGE_SHARE) } else { 1.0 };
    let mut parts: Vec<Part> = Vec::new();
    visit(machine, shape, &half, &mut |part: Part| {
        if part.class != Class::Host {
            let factor = if is_exchange(&part) { 1.0 } else { slowed };
            parts.push(Part { price: Price { time_s: part.price.time_s * factor, ..part.price }, ..part });
        }
    });
    for part in &parts {
        let time_s = if is_exchange(part) { seen_s(part, &parts) } else { part.price.time_s };
        sink.take(Part { layers: 2.0 * part.layers, price: Price { time_s, ..part.price }, ..*part });
    }
    host::visit(machine, load, sink);
}

fn is_exchange(part: &Part) -> bool {
    part.name == "expert_dispatch" || part.name == "expert_combine"
}

/// What of one way of one layer's exchange neither the experts nor the rest of that layer hide, mean of the halves [s].
fn seen_s(exchange: &Part, parts: &[Part]) -> f64 {
    let alike = || parts.iter().filter(|part| part.layers == exchange.layers && !is_exchange(part));
    let experts_s: f64 = alike().filter(|part| part.class == Class::Experts).map(|part| part.price.time_s).sum();
    let rest_s = alike().map(|part| part.price.time_s).sum::<f64>() - experts_s;
    let time_s = exchange.price.time_s;
    f64::midpoint((time_s - experts_s).max(0.0), (time_s - rest_s).max(0.0))
}

/// The time of a step. Launching a step with prefill, which no graph holds, bounds it from below.
pub(crate) fn time(machine: &Machine, shape: &Shape, load: &Load) -> StepTime {
    let (mut time_s, mut drawn) = (0.0, 0.0);
    walk(machine, shape, load, &mut |part: Part| {
        let part_s = part.layers * part.price.time_s;
        time_s += part_s;
        drawn += if part_s > 0.0 { part_s * machine.drawn(&part) } else { 0.0 };
    });
    let waiting_s = host::launch_wait_s(machine, shape.layers, load, time_s);
    drawn += waiting_s * machine.power.idle;
    time_s += waiting_s;
    StepTime { time_s, power_fraction: if time_s > 0.0 { drawn / time_s } else { 0.0 } }
}

/// What of a step of decodes depends on their contexts, over all layers [s].
pub(crate) fn context_s(machine: &Machine, shape: &Shape, load: &Load) -> f64 {
    let of_layer = |attention: &Attention, load: &Load| match attention {
        Attention::Grouped(a) => grouped::decode_price(machine, a, load).time_s,
        Attention::Latent(a) => latent::context_s(machine, a, load),
        Attention::Linear(_) => 0.0,
    };
    let draft = shape.draft.as_ref().map_or(0.0, |layer| {
        let single = Load { drafted: 0.0, ..*load };
        of_layer(&layer.attention, load) + (load.drafted - 1.0).max(0.0) * of_layer(&layer.attention, &single)
    });
    let layers = shape.groups.iter().map(|group| group.count as f64 * of_layer(&group.attention, load));
    layers.sum::<f64>() + draft
}
