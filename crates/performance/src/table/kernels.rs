//! The kernels of one deployment, looked up once.

use super::{
    ChipTable, Class, Reading,
    family::{Family, Mix},
    law::Key,
    nearest,
    surface::Surface,
};
use crate::{
    arithmetic::Arithmetic,
    deployment::Deployment,
    engine::EngineKind,
    machine::{Formats, fuses_sums},
    operator::grouped::{causal_pairs, kv_heads_per_chip, visible},
};
use facts::{
    Architecture, Chip,
    architecture::{Attention, Grouped, Latent, Linear, Mlp, Moe, Window},
};
use units::{Dtype, Tier};

/// Engines in the order in which their kernels are taken, an engine's own first; of some chips only InferSim has kernels
/// (DeepGEMM, FlashAttention and FlashMLA, which the engines run). The generic engine runs nobody's:
/// it asks chips of all makers, and chips to come, the same.
fn engines(kind: EngineKind) -> &'static [&'static str] {
    match kind {
        EngineKind::Vllm => &["vllm", "sglang", "trtllm", "infersim"],
        EngineKind::Sglang => &["sglang", "vllm", "trtllm", "infersim"],
        EngineKind::TrtLlm => &["trtllm", "sglang", "vllm", "infersim"],
        EngineKind::Generic => &[],
    }
}

/// The format whose measured kernels run an arithmetic; `None` where weights are widened from another size, and for
/// INT8, of which no kernel was timed: its units have a peak of their own, on Blackwell Ultra a thirtieth of FP8's.
fn measured_format(arithmetic: &Arithmetic) -> Option<Dtype> {
    if arithmetic.stored == Dtype::Int8 {
        return None;
    }
    let ratio = arithmetic.stored.bytes() / arithmetic.measured_as.bytes();
    (0.8..=1.25).contains(&ratio).then_some(arithmetic.measured_as)
}

/// The format of the measured caches of a cache's size.
fn cache_format(dtype: Dtype) -> Option<Dtype> {
    match dtype {
        Dtype::Bf16 | Dtype::Fp16 => Some(Dtype::Bf16),
        Dtype::Fp8 | Dtype::Int8 => Some(Dtype::Fp8),
        _ => None,
    }
}

/// Measured products in one format.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Gemm {
    family: &'static Family,
    own: bool,
}

impl Gemm {
    /// Those of a chip, where it has a table.
    pub(crate) fn of(table: Option<&'static ChipTable>, arithmetic: &Arithmetic, engine: EngineKind) -> Option<Self> {
        let (family, own) = table?.family(Class::Gemm, engines(engine), measured_format(arithmetic)?)?;
        Some(Self { family, own })
    }

    /// `[m, k] x [k, n]`.
    pub(crate) fn read(&self, m: f64, n: f64, k: f64) -> Option<Reading> {
        let mix = self.family.lattice()?.mix(n, k)?;
        let law_s = self.family.product_law_s(n, k, m);
        Some(from(self.own, self.family.read(&mix, [m, 1.0], law_s)))
    }
}

/// Another engine's kernel is a transfer.
fn from(own: bool, reading: Reading) -> Reading {
    if own { reading } else { Reading { tier: Tier::Transferred, ..reading } }
}

/// Curves that stand for one shape.
#[derive(Clone, Copy, Debug)]
struct Curve {
    family: &'static Family,
    own: bool,
    key: Key,
    mix: Mix,
}

impl Curve {
    fn read(&self, at: [f64; 2]) -> Reading {
        self.read_as(at, at)
    }

    /// The reading at `at` of the shape's curves for what would be `own_at` on its own.
    fn read_as(&self, at: [f64; 2], own_at: [f64; 2]) -> Reading {
        from(self.own, self.family.read(&self.mix, at, self.family.law_s(&self.key, own_at)))
    }
}

/// Softmax attention of one shape.
#[derive(Clone, Debug)]
struct Softmax {
    heads: u64,
    kv_heads: u64,
    head_dim: u64,
    window: Option<Window>,
    /// With a window the curves are of kernels with that window.
    prefill: Option<(Surface, Option<f64>)>,
    decode: Option<(Surface, Option<f64>)>,
}

/// Experts of one shape.
#[derive(Clone, Debug)]
struct Experts {
    of: Moe,
    curve: Curve,
    /// Tokens of the measured shape that give its experts as many rows as one token gives these.
    tokens_ratio: f64,
    /// Timed with the same rows for every expert (InferSim), not with those of the fullest rank under skewed routing.
    even: bool,
}

/// The measured kernels of a deployment; empty where its chip has no table.
#[derive(Clone, Debug, Default)]
pub(crate) struct Kernels {
    softmax: Vec<Softmax>,
    experts: Vec<Experts>,
    latent_prefill: Option<Surface>,
    latent_decode: Option<Surface>,
    latent_absorb: Option<Curve>,
    latent_expand: Option<Curve>,
    delta: Option<(Surface, Curve)>,
    all_reduce: Option<Curve>,
    /// The same by TensorRT-LLM's kernels, where another engine has them too.
    fused_all_reduce: Option<Curve>,
    all_gather: Option<Curve>,
    all_to_all: Option<Curve>,
}

impl Kernels {
    /// Looks up what a model's layers run on a chip.
    pub(crate) fn of(
        table: Option<&'static ChipTable>,
        chip: &Chip,
        architecture: &Architecture,
        deployment: &Deployment,
        formats: Formats,
    ) -> Self {
        let mut kernels = Self::default();
        let Some(table) = table.filter(|_| deployment.engine.kind != EngineKind::Generic) else { return kernels };
        let find = Finder { table, engines: engines(deployment.engine.kind) };
        let cache = cache_format(deployment.kv);
        let experts = Arithmetic::of(formats.experts, chip, deployment.engine.kind).ok();
        let experts = experts.as_ref().and_then(measured_format);
        // The queries of a draft look at one cache together, as those of so many more heads do.
        let queries = 1 + deployment.speculative.map_or(0, |speculative| speculative.draft_tokens);
        for group in &architecture.groups {
            match &group.attention {
                Attention::Grouped(a) if !kernels.softmax.iter().any(|known| known.is_of(a)) => {
                    kernels.softmax.push(Softmax::of(&find, a, (deployment.tp as f64, queries), cache));
                }
                Attention::Latent(a) if kernels.latent_decode.is_none() && is_measured_latent(a) => {
                    let heads = a.heads / deployment.tp;
                    kernels.latent_prefill = find.surface(Class::LatentPrefill, cache, &[heads]);
                    kernels.latent_decode = find.surface(Class::LatentDecode, cache, &[heads * queries]);
                    kernels.latent_absorb = find.by_heads(Class::LatentAbsorb, Some(Dtype::Bf16), &[heads]);
                    kernels.latent_expand = find.by_heads(Class::LatentExpand, Some(Dtype::Bf16), &[heads]);
                }
                Attention::Linear(Linear::DeltaNet {
                    key_heads, value_heads, key_dim: 128, value_dim: 128, ..
                }) if kernels.delta.is_none() => {
                    let shape = [key_heads, value_heads].map(|heads| (heads / deployment.tp).max(1));
                    let prefill = find.surface(Class::DeltaPrefill, Some(Dtype::Bf16), &shape);
                    kernels.delta = prefill.zip(find.by_heads(Class::DeltaDecode, Some(Dtype::Bf16), &shape));
                }
                _ => {}
            }
            if let Mlp::Moe(moe) = &group.mlp
                && !kernels.experts.iter().any(|known| known.is_of(moe))
            {
                kernels.experts.extend(Experts::of(&find, (architecture.hidden, moe), deployment, experts));
            }
        }
        let chips = deployment.tp * deployment.dp;
        kernels.all_reduce = find.exact(Class::AllReduce, deployment.tp, false);
        if fuses_sums(chip, deployment.engine.kind) {
            let ported = Finder { engines: engines(EngineKind::TrtLlm), ..find };
            kernels.fused_all_reduce = ported.exact(Class::AllReduce, deployment.tp, false);
        }
        kernels.all_gather = find.exact(Class::AllGather, chips, true);
        kernels.all_to_all = find.exact(Class::AllToAll, chips, true);
        kernels
    }

    /// Attention over `prompts` alike that go from `past` to `total` tokens.
    pub(crate) fn prefill(&self, a: &Grouped, prompts: f64, (past, total): (f64, f64)) -> Option<Reading> {
        let (surface, window) = self.softmax(a)?.prefill.as_ref()?;
        let pairs = causal_pairs(a.window, total) - causal_pairs(a.window, past);
        let reading = surface.read([prompts, alike_length(pairs, *window)]);
        Some(if past > 0.0 || window.is_none() && a.window.is_some() { estimated(reading) } else { reading })
    }

    /// Attention of one token each of `batch` requests over `context`.
    pub(crate) fn decode(&self, a: &Grouped, batch: f64, context: f64) -> Option<Reading> {
        let (surface, window) = self.softmax(a)?.decode.as_ref()?;
        let seen = if window.is_some() { context } else { visible(a.window, context) };
        let reading = surface.read([batch, seen]);
        Some(if seen < context { estimated(reading) } else { reading })
    }

    /// Naive latent attention over `prompts` alike that go from `past` to `total` tokens.
    pub(crate) fn latent_prefill(&self, prompts: f64, (past, total): (f64, f64)) -> Option<Reading> {
        let pairs = causal_pairs(None, total) - causal_pairs(None, past);
        let reading = self.latent_prefill.as_ref()?.read([prompts, alike_length(pairs, None)]);
        Some(if past > 0.0 { estimated(reading) } else { reading })
    }

    /// Absorbed latent attention.
    pub(crate) fn latent_decode(&self, batch: f64, context: f64) -> Option<Reading> {
        Some(self.latent_decode.as_ref()?.read([batch, context]))
    }

    /// Queries of `tokens` into the latent space.
    pub(crate) fn latent_absorb(&self, tokens: f64) -> Option<Reading> {
        Some(self.latent_absorb?.read([tokens, 1.0]))
    }

    /// Values of `tokens` out of the latent space.
    pub(crate) fn latent_expand(&self, tokens: f64) -> Option<Reading> {
        Some(self.latent_expand?.read([tokens, 1.0]))
    }

    /// A gated delta net over `prompts` of `tokens` each.
    pub(crate) fn delta_prefill(&self, prompts: f64, tokens: f64) -> Option<Reading> {
        Some(self.delta.as_ref()?.0.read([prompts, tokens]))
    }

    /// A gated delta net over one token each of `batch` requests.
    pub(crate) fn delta_decode(&self, batch: f64) -> Option<Reading> {
        Some(self.delta.as_ref()?.1.read([batch, 1.0]))
    }

    /// The experts of one chip for the `tokens` of all that share them.
    pub(crate) fn experts(&self, moe: &Moe, tokens: f64) -> Option<Reading> {
        let known = self.experts.iter().find(|known| known.is_of(moe))?;
        Some(known.curve.read_as([tokens * known.tokens_ratio, 1.0], [tokens, 1.0]))
    }

    /// The same where kernels were timed with the same rows for every expert.
    pub(crate) fn even_experts(&self, moe: &Moe, tokens: f64) -> Option<Reading> {
        self.experts.iter().find(|known| known.is_of(moe) && known.even)?;
        self.experts(moe, tokens)
    }

    /// The sum of `bytes` over the chips of a rank.
    pub(crate) fn all_reduce(&self, bytes: f64) -> Option<Reading> {
        let own = self.all_reduce?.read([bytes, 1.0]);
        let fused = self.fused_all_reduce.map(|curve| curve.read([bytes, 1.0]));
        // An engine with several kernels takes the one that is fastest at a size.
        Some(fused.filter(|fused| fused.time_s < own.time_s).unwrap_or(own))
    }

    /// The parts of all chips of an engine, `bytes` together, on each.
    pub(crate) fn all_gather(&self, bytes: f64) -> Option<Reading> {
        Some(self.all_gather?.read([bytes, 1.0]))
    }

    /// Every chip of an engine sends `bytes` in all to the others.
    pub(crate) fn all_to_all(&self, chips: f64, bytes: f64) -> Option<Reading> {
        // The measured size counts the part that stays.
        Some(self.all_to_all?.read([bytes * chips / (chips - 1.0).max(1.0), 1.0]))
    }

    fn softmax(&self, a: &Grouped) -> Option<&Softmax> {
        self.softmax.iter().find(|known| known.is_of(a))
    }
}

/// What is not quite what was measured.
fn estimated(reading: Reading) -> Reading {
    Reading { tier: reading.tier.max(Tier::Transferred), ..reading }
}

/// The widths that latent kernels were measured at: DeepSeek-V2, V3, R1 and Kimi-K2.
fn is_measured_latent(a: &Latent) -> bool {
    (a.kv_rank, a.rope_dim, a.nope_dim, a.v_dim) == (512, 64, 128, 128) && a.sparse_top_k.is_none()
}

/// The length of a prompt from its beginning with as many causal pairs, S (S + 1) / 2, or in a window's band.
fn alike_length(pairs: f64, window: Option<f64>) -> f64 {
    let triangle = |s: f64| s * (s + 1.0) / 2.0;
    match window {
        Some(size) if pairs > triangle(size) => size + (pairs - triangle(size)) / size,
        _ => ((8.0 * pairs + 1.0).sqrt() - 1.0) / 2.0,
    }
}

/// Finds curves.
struct Finder {
    table: &'static ChipTable,
    engines: &'static [&'static str],
}

impl Finder {
    fn by_heads(&self, class: Class, format: Option<Dtype>, shape: &[u64]) -> Option<Curve> {
        let (family, own) = self.table.family(class, self.engines, format?)?;
        let key = key(shape);
        let mix = nearest::by_heads(family, &key, shape.len())?;
        Some(Curve { family, own, key, mix })
    }

    fn surface(&self, class: Class, format: Option<Dtype>, shape: &[u64]) -> Option<Surface> {
        let Curve { family, own, key, mix } = self.by_heads(class, format, shape)?;
        Some(Surface::of(family, key, &mix, own))
    }

    /// A collective over exactly so many chips.
    fn exact(&self, class: Class, chips: u64, library: bool) -> Option<Curve> {
        let engines: &[&str] = if library { &["nccl"] } else { self.engines };
        let (family, own) = self.table.family(class, engines, Dtype::Bf16)?;
        let key = key(&[chips]);
        let curve = family.keys().iter().position(|own| *own == key)?;
        Some(Curve { family, own, key, mix: Mix::of(curve, true) })
    }
}

fn key(shape: &[u64]) -> Key {
    let mut key = [0; 6];
    for (slot, figure) in key.iter_mut().zip(shape) {
        *slot = u32::try_from(*figure).unwrap_or(u32::MAX);
    }
    key
}

impl Softmax {
    fn of(find: &Finder, a: &Grouped, (tp, queries): (f64, u64), cache: Option<Dtype>) -> Self {
        let (heads, kv_heads) = ((a.heads as f64 / tp).max(1.0) as u64, kv_heads_per_chip(a, tp) as u64);
        let surface = |class: Class| {
            let heads = if class == Class::DecodeAttention { heads * queries } else { heads };
            // A window's own kernels where it was measured, else those without, over what it lets through.
            let windowed = match a.window {
                Some(Window::Sliding(size)) => find
                    .surface(class, cache, &[a.head_dim, size, kv_heads, heads])
                    .map(|surface| (surface, Some(size as f64))),
                _ => None,
            };
            let plain = || Some((find.surface(class, cache, &[a.head_dim, 0, kv_heads, heads])?, None));
            windowed.or_else(plain)
        };
        Self {
            heads: a.heads,
            kv_heads: a.kv_heads,
            head_dim: a.head_dim,
            window: a.window,
            prefill: surface(Class::PrefillAttention),
            decode: surface(Class::DecodeAttention),
        }
    }

    fn is_of(&self, a: &Grouped) -> bool {
        (self.heads, self.kv_heads, self.head_dim, self.window) == (a.heads, a.kv_heads, a.head_dim, a.window)
    }
}

impl Experts {
    fn of(find: &Finder, (hidden, moe): (u64, &Moe), deployment: &Deployment, format: Option<Dtype>) -> Option<Self> {
        let (family, own) = find.table.family(Class::Experts, find.engines, format?)?;
        // Three matrices an expert in the measurements; a network of two is one of two thirds the width.
        let width = moe.expert_params.div_ceil(3 * hidden);
        let gated = width.abs_diff(moe.width) * 10 <= moe.width;
        let width = if gated { moe.width } else { width };
        let key = key(&[hidden, width, moe.top_k, moe.experts, deployment.moe_tp(), deployment.ep]);
        let mix = nearest::experts(family, &key)?;
        let measured = family.keys()[mix.parts[0].0];
        let spread = |key: &Key| f64::from(key[2]) / f64::from(key[3]);
        let tokens_ratio = spread(&key) / spread(&measured);
        let curve = Curve { family, own, key, mix };
        let even = find.table.family(Class::Experts, &["infersim"], format?).is_some();
        Some(Self { of: moe.clone(), curve, tokens_ratio, even })
    }

    fn is_of(&self, moe: &Moe) -> bool {
        self.of == *moe
    }
}
