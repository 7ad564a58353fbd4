//! One chip of a deployment: its kernels, links and overheads, and how the model is cut over its fellows.

mod collective;
mod exchange;

pub(crate) use collective::Collective;
pub(crate) use exchange::{Direction, Exchange, Kernels, Sent};

use crate::{
    arithmetic::{Arithmetic, Unsupported},
    deployment::{Deployment, Placement},
    efficiency::{Curve, Efficiencies, Kernel, KernelClass, Price, Subject, lookup},
    engine::{EngineKind, constants::Constant},
    operator::Bound,
    table,
};
use facts::Chip;
use units::{Dtype, Tier};

/// A matrix product's arithmetic with its law.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Gemm {
    /// Format of the weights in memory.
    pub dtype: Dtype,
    input_bytes: f64,
    kernel: Kernel,
    /// The chip's own measured products.
    measured: Option<table::Gemm>,
}

impl Gemm {
    /// `[m, k] x [k, n]` with weights read once and 16-bit results.
    pub(crate) fn price(&self, m: f64, n: f64, k: f64) -> Price {
        let bytes = n * k * self.dtype.bytes() + m * k * self.input_bytes + m * n * 2.0;
        let price = self.kernel.price(2.0 * m * n * k, bytes, m);
        price.or_measured(self.measured.and_then(|table| table.read(m, n, k)))
    }

    /// A product of given arithmetic and traffic, at `rows` rows a matrix.
    pub(crate) fn price_of(&self, flop: f64, bytes: f64, rows: f64) -> Price {
        self.kernel.price(flop, bytes, rows)
    }
}

/// How the model is cut: counts as numbers, since they only divide.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Layout {
    /// Chips that share an attention layer.
    pub tp: f64,
    /// Attention ranks in an engine.
    pub dp: f64,
    /// Pipeline stages.
    pub pp: f64,
    /// Groups of experts.
    pub ep: f64,
    /// Chips that share an expert.
    pub moe_tp: f64,
    /// Bytes of a cache element.
    pub kv_bytes: f64,
}

impl Layout {
    pub(crate) fn of(deployment: &Deployment) -> Self {
        Self {
            tp: deployment.tp as f64,
            dp: deployment.dp as f64,
            pp: deployment.pp as f64,
            ep: deployment.ep as f64,
            moe_tp: deployment.moe_tp() as f64,
            kv_bytes: deployment.kv.bytes(),
        }
    }
}

/// Host overheads of an engine (PERFORMANCE item 8).
#[derive(Clone, Copy, Debug)]
pub(crate) struct Host {
    /// Scheduling and input preparation of a step that no kernel hides [s].
    pub step_s: f64,
    /// The same for each running request [s].
    pub request_s: f64,
    /// Arrival to the first step that may take a request [s].
    pub ingress_s: f64,
    /// Of the front end for each request, one after another [s].
    pub serial_s: f64,
    /// Launching a layer of a step with prefill, which no graph holds [s].
    pub launch_s: f64,
    /// Time of the prompts' part of a step over that of its kernels [ratio].
    pub prefill_work: f64,
    /// From one engine's last step with a prompt to the other's first without, beside moving the cache [s].
    pub handover_s: f64,
}

/// What a kernel class draws over the thermal design power: `min(1, base + compute u + memory v)`, with u and v the shares
/// of the peak arithmetic and of the bandwidth that a kernel reaches (fitted to measured power by
/// `refit/efficiencies.py`; PERFORMANCE item 12 has the medians). Other chips take the mean of those measured.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Draw {
    /// Of a kernel that does nothing [fraction].
    base: f64,
    /// More of it at the peak of the arithmetic [ratio].
    compute: f64,
    /// More of it at the bandwidth [ratio].
    memory: f64,
}

impl Draw {
    fn constant(share: f64) -> Self {
        Self { base: share, compute: 0.0, memory: 0.0 }
    }

    /// Share of the thermal design power at shares of the peaks [fraction].
    pub(crate) fn share(&self, compute: f64, memory: f64) -> f64 {
        (self.base + self.compute * compute + self.memory * memory).min(1.0)
    }
}

/// Draw by kernel class.
#[derive(Clone, Copy, Debug)]
pub(crate) struct PowerShares {
    pub gemm: Draw,
    pub experts: Draw,
    pub prefill_attention: Draw,
    pub decode_attention: Draw,
    pub vision: Draw,
    pub elementwise: Draw,
    pub communication: Draw,
    /// [fraction].
    pub idle: f64,
}

/// One chip of a deployment.
#[derive(Clone, Debug)]
pub(crate) struct Machine {
    pub layout: Layout,
    /// Products with 16-bit weights: head, router, absorbed projections, vision.
    pub wide: Gemm,
    /// Products with the weights of the feed-forward part.
    pub dense: Gemm,
    /// Products with the weights of attention.
    pub attention: Gemm,
    /// Grouped products with the routed experts.
    pub experts: Gemm,
    pub prefill_attention: Kernel,
    pub decode_attention: Kernel,
    pub latent_prefill: Kernel,
    pub latent_decode: Kernel,
    memory_byte_per_s: f64,
    elementwise_floor_s: f64,
    elementwise_byte_per_s: f64,
    pub all_reduce: Collective,
    pub all_to_all: Collective,
    /// Where experts stand on several hosts.
    pub exchange: Option<Exchange>,
    /// Two halves of a step hide each other's exchange with the experts.
    pub overlap: bool,
    /// Between pipeline stages [byte/s], with its floor [s].
    pub p2p: (f64, f64),
    pub host: Host,
    pub expert_imbalance: f64,
    /// Experts stand by their load: kernels timed under skewed routing say nothing of them.
    pub placed: bool,
    /// Heads that kernels of sparse latent attention take whole multiples of.
    pub sparse_heads: f64,
    /// Whether the norm after a sum over chips is part of it.
    pub fused_sums: bool,
    /// How far attention in decode reads the cache once for all the heads that share it: 1, or 0 where once a head.
    pub head_sharing: f64,
    pub power: PowerShares,
    /// The chip's own measured kernels for this model, empty until they are looked up.
    pub kernels: table::Kernels,
}

/// Formats of the parts of a model.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Formats {
    pub dense: Dtype,
    pub attention: Dtype,
    pub experts: Dtype,
}

/// What of the imbalance remains where experts are placed by their load and the busiest are doubled: assumption, range 0.2
/// to 0.7. (LMSYS, 2025-05-05: placement gives a factor of 1.49 in prefill and 2.54 in decode, and perfect balance 1.18
/// more in prefill.)
const PLACED: f64 = 0.4;

/// Whether an engine sums over the chips of a rank, adds the residual and norms it in one kernel: TensorRT-LLM does; vLLM and
/// SGLang with FlashInfer's port of that kernel, which they turn on for datacentre Blackwell (vLLM's pass
/// `fuse_allreduce_rms`, SGLang's flag `enable-flashinfer-allreduce-fusion`).
pub(crate) fn fuses_sums(chip: &Chip, engine: EngineKind) -> bool {
    let blackwell = chip.vendor.eq_ignore_ascii_case("nvidia")
        && chip.memory_type.to_ascii_uppercase().starts_with("HBM")
        && chip.dense_op_per_s.fp4.is_some();
    match engine {
        EngineKind::TrtLlm => true,
        EngineKind::Vllm | EngineKind::Sglang => blackwell,
        EngineKind::Generic => false,
    }
}

/// FlashMLA's sparse kernels take multiples of 64 heads on Hopper and of 128 on datacentre Blackwell; vLLM and SGLang pad
/// (vLLM `flashmla_sparse.py`, SGLang `nsa_backend.py`).
fn sparse_heads(chip: &Chip) -> f64 {
    let stacked =
        chip.vendor.eq_ignore_ascii_case("nvidia") && chip.memory_type.to_ascii_uppercase().starts_with("HBM");
    match (stacked, chip.dense_op_per_s.fp4, chip.dense_op_per_s.fp8) {
        (true, Some(_), _) => 128.0,
        (true, None, Some(_)) => 64.0,
        _ => 1.0,
    }
}

impl Machine {
    /// Looks up everything once.
    pub(crate) fn of(
        chip: &Chip,
        deployment: &Deployment,
        formats: Formats,
        table: &Efficiencies,
    ) -> Result<Self, Unsupported> {
        let engine = deployment.engine.kind;
        let scopes = [engine.name(), "default"];
        let subject = Subject::of(chip).run_by(&deployment.engine);
        let bandwidth = chip.memory_bw_byte_per_s;
        let kernels = table.kernels(chip);
        let unmeasured = || Unsupported { message: "the efficiencies have no row for a kernel class".into() };
        let gemm = |dtype: Dtype, class: &KernelClass| {
            let arithmetic = Arithmetic::of(dtype, chip, engine)?;
            // Where a class was not measured in a format: another weight-only one, then the native 16 bits.
            let kernel = [arithmetic.measured_as, Dtype::Int4, Dtype::Bf16]
                .into_iter()
                .find_map(|format| table.kernel(class, Some(format), (subject, bandwidth), arithmetic.peak_flop_per_s))
                .ok_or_else(unmeasured)?;
            let measured = table::Gemm::of(kernels, &arithmetic, engine);
            Ok(Gemm { dtype, input_bytes: arithmetic.input_bytes, kernel, measured })
        };
        let wide = gemm(Dtype::Bf16, &lookup::GEMM)?;
        let attention = |class: &KernelClass| {
            let peak = wide.kernel.peak_flop_per_s;
            table.kernel(class, None, (subject, bandwidth), peak).ok_or_else(unmeasured)
        };
        let stated = |quantity| table.stated(quantity, &scopes, None);
        let link = collective::link_byte_per_s(chip, table);
        let draws = |quantity| table.measured(quantity, None, subject).map_or(0.5, |found| found.value());
        let more = |quantity| table.measured(quantity, None, subject).map_or(0.0, |found| found.value());
        let draw = |[base, compute, memory]: [&'static str; 3]| Draw {
            base: draws(base),
            compute: more(compute),
            memory: more(memory),
        };
        let added = table.engines().constants(engine, &chip.id);
        let imbalance = Curve::through(&table.stated_curve("expert_imbalance", &scopes));
        Ok(Self {
            layout: Layout::of(deployment),
            wide,
            dense: gemm(formats.dense, &lookup::GEMM)?,
            attention: gemm(formats.attention, &lookup::GEMM)?,
            experts: gemm(formats.experts, &lookup::MOE)?,
            prefill_attention: attention(&lookup::PREFILL_ATTENTION)?,
            decode_attention: attention(&lookup::DECODE_ATTENTION)?,
            latent_prefill: attention(&lookup::LATENT_PREFILL)?,
            latent_decode: attention(&lookup::LATENT_DECODE)?,
            memory_byte_per_s: bandwidth,
            elementwise_floor_s: stated("elementwise_floor_s"),
            elementwise_byte_per_s: bandwidth * stated("elementwise_memory"),
            all_reduce: Collective::of(chip, table, "all_reduce_floor_s", "all_reduce_bandwidth"),
            all_to_all: Collective::of(chip, table, "all_to_all_floor_s", "all_to_all_bandwidth"),
            exchange: Exchange::of(
                (deployment.tp * deployment.dp) as f64,
                collective::domain(chip),
                chip.scaleout_uni_byte_per_s,
            ),
            overlap: deployment.overlap,
            p2p: (link, stated("p2p_floor_s")),
            host: Host {
                step_s: added.get(Constant::HostStep),
                request_s: added.get(Constant::HostRequest),
                ingress_s: added.get(Constant::FrontLatency),
                serial_s: added.get(Constant::FrontSerial),
                launch_s: added.get(Constant::PrefillLaunch),
                prefill_work: added.get(Constant::PrefillWork),
                handover_s: added.get(Constant::Handover),
            },
            kernels: table::Kernels::default(),
            sparse_heads: sparse_heads(chip),
            fused_sums: deployment.tp > 1 && fuses_sums(chip, engine),
            head_sharing: if kernels.is_some() { 1.0 } else { table.maturity("head_sharing", subject).unwrap_or(1.0) },
            placed: deployment.placement != Placement::Fixed,
            expert_imbalance: match deployment.placement {
                Placement::Fixed => imbalance.value(deployment.ep as f64),
                Placement::ByLoad => 1.0 + PLACED * (imbalance.value(deployment.ep as f64) - 1.0),
                Placement::Even => 1.0,
            },
            power: PowerShares {
                gemm: draw(["power_gemm", "power_gemm_compute", "power_gemm_memory"]),
                experts: draw(["power_moe", "power_moe_compute", "power_moe_memory"]),
                prefill_attention: draw([
                    "power_prefill_attention",
                    "power_prefill_attention_compute",
                    "power_prefill_attention_memory",
                ]),
                decode_attention: draw([
                    "power_decode_attention",
                    "power_decode_attention_compute",
                    "power_decode_attention_memory",
                ]),
                vision: Draw::constant(draws("power_vision")),
                elementwise: Draw::constant(draws("power_elementwise")),
                communication: Draw::constant(stated("power_communication")),
                idle: match (chip.idle_w, chip.tdp_w) {
                    (Some(idle), Some(tdp)) => (idle / tdp).min(1.0),
                    _ => stated("power_idle"),
                },
            },
        })
    }

    /// Shares of the peak arithmetic and of the memory bandwidth that an operator of a layer reaches [fraction].
    pub(crate) fn utilisation(&self, dtype: Dtype, price: &Price) -> (f64, f64) {
        let known = [&self.experts, &self.dense, &self.attention].into_iter().find(|gemm| gemm.dtype == dtype);
        let peak = known.map_or(self.wide.kernel.peak_flop_per_s, |gemm| gemm.kernel.peak_flop_per_s);
        (price.flop / (price.time_s * peak), price.bytes / (price.time_s * self.memory_byte_per_s))
    }

    /// `kernels` element-wise kernels that move `bytes` together.
    pub(crate) fn elementwise(&self, kernels: f64, bytes: f64) -> Price {
        let moving_s = bytes / self.elementwise_byte_per_s;
        let floor_s = kernels * self.elementwise_floor_s;
        let bound = if floor_s > moving_s { Bound::Overhead } else { Bound::Memory };
        Price { flop: 0.0, bytes, time_s: floor_s + moving_s, bound, tier: Tier::Specification }
    }
}
