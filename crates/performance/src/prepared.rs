//! The fast path: a chip, a model and a deployment made ready once, then priced for many workloads.

use crate::{
    arithmetic::Arithmetic,
    closed_loop::{self, Conditions, Requests},
    decoding::Decoding,
    deployment::Deployment,
    efficiency::Efficiencies,
    machine::{Formats, Machine},
    memory::{self, Memory},
    operator::draft,
    operators,
    refusal::{Refusal, RefusalCode},
    step::{self, Load, Shape, StepTime},
    table::Kernels,
    workload::Workload,
};
use facts::{Architecture, Chip, architecture::Attention};
use units::{Dtype, Tier};

/// A deployment made ready: shapes divided over chips, memory counted, efficiencies looked up.
///
/// # Examples
/// ```no_run
/// # fn example(chip: &facts::Chip, architecture: &facts::Architecture) -> Option<()> {
/// use performance::{Deployment, Efficiencies, Prepared, Workload};
/// let deployment = Deployment::of(architecture, 8);
/// let prepared = Prepared::new(chip, architecture, &deployment, Efficiencies::builtin()).ok()?;
/// for concurrency in [1, 16, 256] {
///     let steady = prepared.steady(&Workload::text(1024.0, 1024.0, concurrency))?;
///     assert!(steady.tpot_s > 0.0);
/// }
/// # Some(())
/// # }
/// ```
#[derive(Clone, Debug)]
pub struct Prepared {
    pub(crate) machine: Machine,
    pub(crate) shape: Shape,
    pub(crate) memory: Memory,
    pub(crate) architecture: Architecture,
    pub(crate) deployment: Deployment,
    pub(crate) scheduler: closed_loop::Scheduler,
    /// Draft tokens a request and tokens that a step writes for it.
    drafted: f64,
    tokens_per_step: f64,
    /// Thermal design power and the hosts' share of a chip [W].
    pub(crate) power_w: Option<(f64, f64)>,
}

/// One deployment in steady state, without its table of operators. Rates are of the whole deployment.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Steady {
    /// Mean time to first token in the steady closed loop [s].
    pub ttft_s: f64,
    /// The same over 10 x concurrency requests from a standing start [s].
    pub ttft_burst_s: f64,
    /// Mean time between tokens after the first [s].
    pub tpot_s: f64,
    /// The same over 10 x concurrency requests from a standing start [s].
    pub tpot_burst_s: f64,
    /// Mean time from arrival to last token [s].
    pub e2e_s: f64,
    /// One request's prompt, alone [s].
    pub prefill_s: f64,
    /// One decode step of the running batch, no prefill in it [s].
    pub decode_step_s: f64,
    /// Requests that decode together on an attention rank, mean [count].
    pub batch: f64,
    /// Requests admitted on an attention rank; the rest of its share of the concurrency waits [count].
    pub running: f64,
    /// Attention ranks of an engine that are at work together [count].
    pub ranks: f64,
    /// Tokens written [token/s].
    pub output_tok_per_s: f64,
    /// Tokens read and written [token/s].
    pub total_tok_per_s: f64,
    /// Requests completed [1/s].
    pub requests_per_s: f64,
    /// Share of the chip time that goes to prefill; the rest goes to decode [fraction].
    pub prefill_fraction: f64,
    /// Mean power of all chips with their share of the hosts, PUE not included; `None` = TDP unknown [W].
    pub power_w: Option<f64>,
    /// Mean power of the chips alone, as their telemetry reports it; `None` = TDP unknown [W].
    pub chips_power_w: Option<f64>,
}

impl Prepared {
    /// Makes a deployment ready with the built-in or other efficiencies.
    ///
    /// # Errors
    /// A [`Refusal`] where it cannot be; its `nearest` is left empty here, since finding it is a search
    /// ([`crate::nearest`]).
    pub fn new(
        chip: &Chip,
        architecture: &Architecture,
        deployment: &Deployment,
        efficiencies: &Efficiencies,
    ) -> Result<Self, Refusal> {
        let refuse = |code, message: String| Refusal { code, message, nearest: None };
        check_cut(architecture, deployment).map_err(|(code, message)| refuse(code, message))?;
        let formats = formats(architecture, deployment.weights);
        let mut machine = Arithmetic::check_cache(deployment.kv)
            .and_then(|()| Machine::of(chip, deployment, formats, efficiencies))
            .map_err(|unsupported| refuse(RefusalCode::DtypeUnsupported, unsupported.message))?;
        machine.kernels = Kernels::of(efficiencies.kernels(chip), chip, architecture, deployment, formats);
        let draft = deployment.speculative.and_then(|speculative| draft::layer(architecture, &speculative));
        // A drafting layer has weights and a cache like the others.
        let mut architecture = architecture.clone();
        architecture.groups.extend(draft.clone());
        let memory = Memory::of(chip, &architecture, deployment, formats, efficiencies);
        if memory.kv < memory::sequence_bytes(&architecture, deployment, memory::BLOCK_TOKENS) {
            let message = format!(
                "weights {:.1} GB, activations {:.1} GB and reserves {:.1} GB leave no room for a cache in {:.1} GB usable of {:.1} GB",
                memory.weights / units::GIGA,
                memory.activations / units::GIGA,
                memory.reserve / units::GIGA,
                memory.usable / units::GIGA,
                memory.capacity / units::GIGA
            );
            return Err(refuse(RefusalCode::OutOfMemory, message));
        }
        let mut groups = architecture.groups.clone();
        if draft.is_some() {
            groups.pop();
        }
        let layers: u64 = groups.iter().map(|group| group.count).sum();
        let default = |quantity| efficiencies.stated(quantity, &["default"], None);
        let hosts_w = |tdp: f64| {
            let share = chip.allin_w.map_or(default("host_power_ratio") * tdp, |allin| (allin - tdp).max(0.0));
            share * default("power_host")
        };
        Ok(Self {
            machine,
            shape: Shape {
                hidden: architecture.hidden as f64,
                vocab: architecture.vocab as f64,
                layers: layers as f64,
                groups,
                draft,
            },
            memory,
            architecture,
            deployment: deployment.clone(),
            drafted: deployment.speculative.map_or(0.0, |speculative| speculative.draft_tokens as f64),
            tokens_per_step: deployment.speculative.map_or(1.0, |speculative| speculative.acceptance_length),
            scheduler: closed_loop::Scheduler::of(deployment.engine.kind, &chip.id, efficiencies),
            power_w: chip.tdp_w.map(|tdp| (tdp, hosts_w(tdp))),
        })
    }

    /// The steady state of a closed loop; `None` where not even one request's cache fits.
    pub fn steady(&self, workload: &Workload) -> Option<Steady> {
        let requests = Requests::of(&self.architecture, workload);
        let conditions = Conditions::of(self, &requests, (workload.concurrency, self.scheduler.max_requests))?;
        Some(match workload.phase {
            Some(phase) => closed_loop::phase::solve(self, &requests, &conditions, phase),
            None => closed_loop::solve(self, &requests, &conditions),
        })
    }

    /// How the times of a workload's steps were come by: the tier that half of their time is known by, or better.
    pub fn tier(&self, workload: &Workload, steady: &Steady) -> Tier {
        operators::tier(&operators::list(self, (&Requests::of(&self.architecture, workload), workload.phase), steady))
    }

    /// One step of `requests` decodes on every attention rank at a mean context, from its start to its end
    /// through all pipeline stages; it writes [`Self::tokens_per_step`] tokens for each [s].
    pub fn decode_step_s(&self, requests: f64, context_tokens: f64) -> f64 {
        self.step(&Load::decode(requests, context_tokens, self.machine.layout.dp)).time_s
    }

    /// Tokens that a decode step writes for a request: 1, or the acceptance length of speculative decoding [tokens].
    pub fn tokens_per_step(&self) -> f64 {
        self.tokens_per_step
    }

    /// A token of `requests` decodes on every attention rank at a mean context: a step over the tokens it writes [s].
    pub fn decode_token_s(&self, requests: f64, context_tokens: f64) -> f64 {
        self.decode_step_s(requests, context_tokens) / self.tokens_per_step
    }

    /// Steps of `requests` decodes on every attention rank whose contexts grow, all else priced once.
    pub fn decoding(&self, requests: f64) -> Decoding<'_> {
        Decoding::of(self, requests)
    }

    /// One step that computes `tokens` of one prompt whose first `cached_tokens` are in the cache [s].
    pub fn prefill_step_s(&self, tokens: f64, cached_tokens: f64) -> f64 {
        self.step(&Load { prefill: tokens, prompts: 1.0, past: cached_tokens, ranks: 1.0, ..Load::default() }).time_s
    }

    /// Tokens that the caches of one attention rank hold, whole blocks; `None` where a cache does not grow
    /// with the context [tokens].
    pub fn kv_tokens_per_rank(&self) -> Option<f64> {
        let token = memory::token_bytes(&self.architecture, &self.deployment);
        (token > 0.0).then(|| (self.memory.kv / (token * memory::BLOCK_TOKENS)).floor() * memory::BLOCK_TOKENS)
    }

    /// One step of `load` on each attention rank.
    pub(crate) fn step(&self, load: &Load) -> StepTime {
        step::time(&self.machine, &self.shape, &self.loaded(load))
    }

    /// The load with the drafts that its decodes verify.
    pub(crate) fn loaded(&self, load: &Load) -> Load {
        Load { drafted: self.drafted, ..*load }
    }
}

/// The format of each part of a model whose weights are asked for in `weights`.
///
/// Either format of a mixed checkpoint means the checkpoint as it is (gpt-oss: BF16 with MXFP4 experts).
/// Published 4-bit floating-point checkpoints of models with latent attention keep it in 16 bits
/// (nvidia/DeepSeek-R1-FP4 is about 400 GB; all in 4.5 bits it would be 377 GB).
pub(crate) fn formats(architecture: &Architecture, weights: Dtype) -> Formats {
    let own = architecture.checkpoint_dtype;
    if let Some(experts) = architecture.expert_dtype.filter(|experts| weights == own || weights == *experts) {
        return Formats { dense: own, attention: own, experts };
    }
    let latent = architecture.groups.iter().any(|group| matches!(group.attention, Attention::Latent(_)));
    let narrow = matches!(weights, Dtype::Fp4 | Dtype::Nvfp4 | Dtype::Mxfp4);
    Formats { dense: weights, attention: if latent && narrow { Dtype::Bf16 } else { weights }, experts: weights }
}

/// Whether layers, heads and experts can be cut so.
fn check_cut(architecture: &Architecture, deployment: &Deployment) -> Result<(), (RefusalCode, String)> {
    let Deployment { replicas, tp, pp, dp, ep, .. } = *deployment;
    let cut = |message: String| Err((RefusalCode::UnsupportedArchitecture, message));
    if [replicas, tp, pp, dp, ep].contains(&0) {
        return cut("every count of a deployment is at least 1".into());
    }
    if pp > architecture.layers() {
        return cut(format!("{} layers cannot be cut into {pp} pipeline stages", architecture.layers()));
    }
    match architecture.moe() {
        None if ep > 1 => return cut(format!("the model has no routed experts, so ep is 1, not {ep}")),
        Some(_) if (tp * dp) % ep != 0 => {
            return cut(format!("ep {ep} does not divide tp x dp = {}", tp * dp));
        }
        Some(moe) if moe.experts < ep => {
            return cut(format!("{} experts cannot be spread over ep {ep}", moe.experts));
        }
        _ => {}
    }
    for group in &architecture.groups {
        let (heads, kv_heads) = match &group.attention {
            Attention::Grouped(a) => (a.heads, a.kv_heads),
            Attention::Latent(a) => (a.heads, 1),
            Attention::Linear(linear) => match linear {
                facts::architecture::Linear::DeltaNet { value_heads, key_heads, .. } => (*value_heads, *key_heads),
                facts::architecture::Linear::Lightning { heads, .. } => (*heads, *heads),
            },
        };
        if heads % tp != 0 {
            return Err((RefusalCode::TpHeads, format!("{heads} attention heads do not divide over tp {tp}")));
        }
        if kv_heads % tp != 0 && tp % kv_heads != 0 {
            let message = format!("{kv_heads} key-value heads neither divide over tp {tp} nor repeat evenly over it");
            return Err((RefusalCode::TpHeads, message));
        }
    }
    Ok(())
}
