//! One question answered in full.

use crate::{
    answer::{
        Answer, CostAnswer, DeploymentAnswer, EnergyAnswer, LatencyAnswer, MemoryAnswer, PerChipBytes, StepsAnswer,
        ThroughputAnswer, WorkloadAnswer,
    },
    closed_loop::{Requests, client::Client},
    cost::{self, Rates},
    deployment::{Deployment, Placement},
    interval::{Figure, Intervals},
    memory::{self, Memory},
    nearest::nearest,
    operators,
    options::{CostBasis, Options},
    prepared::{Prepared, Steady, formats},
    refusal::{Refusal, RefusalCode},
    speculative::Method,
    workload::Workload,
};
use facts::{Architecture, Chip};
use units::{Estimate, Problem, Problems, Tier, Warning};

/// What is asked.
#[derive(Clone, Copy, Debug)]
pub struct Request<'a> {
    /// The chip.
    pub chip: &'a Chip,
    /// The model's id, which is printed.
    pub model: &'a str,
    /// The model's shape.
    pub architecture: &'a Architecture,
    /// How it is laid out.
    pub deployment: &'a Deployment,
    /// What it serves.
    pub workload: &'a Workload,
    /// Prices and conditions.
    pub options: &'a Options,
}

/// One deployment, steady state: step times, throughput, latency, memory, energy, cost, and where the time goes.
///
/// # Errors
/// Figures that mean nothing (no chips, NaN), all at once. A deployment that cannot be is an [`Answer`].
pub fn estimate(request: &Request) -> Result<Answer, Problems> {
    let mut problems = Problems::default();
    request.deployment.problems(&mut problems);
    request.workload.problems(&mut problems);
    request.options.problems(&mut problems);
    if request.workload.images > 0 && request.architecture.vision.is_none() {
        let message = format!("{} has no vision encoder, so it reads no images", request.model);
        problems.push(Problem::new("no_vision", message).key("images"));
    }
    let drafts_itself = request.deployment.speculative.is_some_and(|speculative| speculative.method == Method::Mtp);
    if drafts_itself && request.architecture.mtp_layers == 0 {
        let message = format!("{} has no multi-token-prediction layer to draft with", request.model);
        problems.push(Problem::new("no_mtp", message).key("speculative").suggest(Some("eagle3".into())));
    }
    problems.check(())?;
    let Request { chip, architecture, deployment, workload, options, .. } = *request;
    Ok(match Prepared::new(chip, architecture, deployment, &options.efficiencies) {
        Ok(prepared) => match prepared.steady(workload) {
            Some(steady) => answered(request, &prepared, &steady),
            None => refused(request, no_room(&prepared, workload)),
        },
        Err(refusal) => refused(request, refusal),
    })
}

/// The refusal of a workload whose single request does not fit beside the weights.
fn no_room(prepared: &Prepared, workload: &Workload) -> Refusal {
    let requests = Requests::of(&prepared.architecture, workload);
    let tokens = requests.input + requests.output;
    let wanted = memory::sequence_bytes(&prepared.architecture, &prepared.deployment, tokens);
    let message = format!(
        "one request of {tokens} tokens takes {:.1} GB of cache on a chip; {:.1} GB are left beside the weights",
        wanted / units::GIGA,
        prepared.memory.kv / units::GIGA
    );
    Refusal { code: RefusalCode::OutOfMemory, message, nearest: None }
}

fn answered(request: &Request, prepared: &Prepared, steady: &Steady) -> Answer {
    let Request { deployment, workload, options, .. } = *request;
    let requests = Requests::of(request.architecture, workload);
    // The start-up burst needs every request told apart; the quick form answers where the run is not to be had.
    let burst_s = match workload.phase {
        Some(_) => steady.ttft_burst_s,
        None => prepared.run(workload, &Client::INFERENCEX).map_or(steady.ttft_burst_s, |run| run.ttft_s),
    };
    let operators = operators::list(prepared, (&requests, workload.phase), steady);
    let tier = operators::tier(&operators);
    let intervals = Intervals::builtin();
    // What a pool of one phase does not do has no figure.
    let e = |figure: Figure, value: f64| {
        if value > 0.0 || workload.phase.is_none() { intervals.estimate(figure, tier, value) } else { Estimate::NONE }
    };
    // Times stay with the operators; power is as measured only where the chip's own draw was.
    let energy_tier = if has_measured_power(request) { tier } else { tier.max(Tier::Transferred) };
    let energy = |value: f64| {
        if value > 0.0 || workload.phase.is_none() {
            intervals.estimate(Figure::Energy, energy_tier, value)
        } else {
            Estimate::NONE
        }
    };
    let ttft_s = e(Figure::Ttft, steady.ttft_s);
    // One token alone has no time between tokens.
    let tpot_s = if workload.output_tokens > 1.0 { e(Figure::Tpot, steady.tpot_s) } else { Estimate::NONE };
    let chips = deployment.chips() as f64;
    let power_w = steady.power_w.map(|power| power * options.pue);
    let per_token = |power: f64| power / steady.output_tok_per_s;
    let kv_tokens =
        prepared.kv_tokens_per_rank().map(|rank| (rank * (deployment.replicas * deployment.dp) as f64) as u64);
    Answer {
        fits: true,
        refusal: None,
        deployment: deployment_answer(request),
        workload: workload_answer(workload, &requests),
        memory: memory_answer(request, &prepared.memory, kv_tokens),
        steps: StepsAnswer {
            prefill_s: e(Figure::Ttft, steady.prefill_s),
            decode_s: e(Figure::Tpot, steady.decode_step_s),
            batch_decode: Some((steady.batch.ceil() as u64).max(1)),
        },
        latency: LatencyAnswer {
            ttft_s,
            ttft_burst_s: e(Figure::Ttft, burst_s),
            tpot_s,
            e2e_s: end_to_end(steady.e2e_s, (ttft_s, tpot_s), workload.output_tokens),
        },
        throughput: ThroughputAnswer {
            output_tok_per_s: e(Figure::Throughput, steady.output_tok_per_s),
            total_tok_per_s: e(Figure::Throughput, steady.total_tok_per_s),
            output_tok_per_s_per_chip: e(Figure::Throughput, steady.output_tok_per_s / chips),
            requests_per_s: e(Figure::Throughput, steady.requests_per_s),
        },
        energy: EnergyAnswer {
            power_w: power_w.map_or(Estimate::NONE, energy),
            j_per_output_tok: power_w.map_or(Estimate::NONE, |power| energy(per_token(power))),
            // 1 kWh = 3.6 MJ, so J per token / 3.6 = kWh per million tokens.
            kwh_per_mtok_output: power_w.map_or(Estimate::NONE, |power| energy(per_token(power) / 3.6)),
        },
        cost: cost_answer(options, (chips, power_w), steady, tier),
        warnings: warnings(request, prepared, &requests, steady),
        operators,
    }
}

/// A whole request is its first token and the steps after it, so its interval is that of the two: one learned for
/// itself would contradict them.
fn end_to_end(value: f64, (ttft_s, tpot_s): (Estimate, Estimate), output_tokens: f64) -> Estimate {
    let steps = (output_tokens - 1.0).max(0.0);
    let end =
        |first: Option<f64>, between: Option<f64>| Some(first? + steps * between.or((steps == 0.0).then_some(0.0))?);
    let whole = Estimate::new(value, ttft_s.tier.unwrap_or(Tier::Specification));
    match (end(ttft_s.lo, tpot_s.lo), end(ttft_s.value, tpot_s.value), end(ttft_s.hi, tpot_s.hi)) {
        (Some(low), Some(central), Some(high)) if value > 0.0 && central > 0.0 => {
            whole.within(Some((low / central, high / central)))
        }
        _ if value > 0.0 => whole,
        _ => Estimate::NONE,
    }
}

/// Whether the power that kernels draw was measured on this chip; elsewhere they draw the same share of the limit as
/// on those where it was.
fn has_measured_power(request: &Request) -> bool {
    let rows = request.options.efficiencies.rows();
    rows.iter().any(|row| row.scope == request.chip.id && row.quantity.starts_with("power_"))
}

fn refused(request: &Request, mut refusal: Refusal) -> Answer {
    let Request { chip, architecture, deployment, workload, options, .. } = *request;
    refusal.nearest = nearest(request, &refusal)
        .map(|deployment| deployment_answer(&Request { deployment: &deployment, ..*request }));
    let formats = formats(architecture, deployment.weights);
    let memory = Memory::of(chip, architecture, deployment, formats, &options.efficiencies);
    let requests = Requests::of(architecture, workload);
    let none = Estimate::NONE;
    Answer {
        fits: false,
        refusal: Some(refusal),
        deployment: deployment_answer(request),
        workload: workload_answer(workload, &requests),
        memory: memory_answer(request, &memory, None),
        steps: StepsAnswer { prefill_s: none, decode_s: none, batch_decode: None },
        latency: LatencyAnswer { ttft_s: none, ttft_burst_s: none, tpot_s: none, e2e_s: none },
        throughput: ThroughputAnswer {
            output_tok_per_s: none,
            total_tok_per_s: none,
            output_tok_per_s_per_chip: none,
            requests_per_s: none,
        },
        energy: EnergyAnswer { power_w: none, j_per_output_tok: none, kwh_per_mtok_output: none },
        cost: no_cost(options),
        operators: Vec::new(),
        warnings: Vec::new(),
    }
}

fn deployment_answer(request: &Request) -> DeploymentAnswer {
    let Deployment { replicas, tp, pp, dp, ep, weights, kv, speculative, overlap, placement, .. } = *request.deployment;
    DeploymentAnswer {
        model: request.model.to_string(),
        chip: request.chip.id.clone(),
        chips: request.deployment.chips(),
        replicas,
        tp,
        pp,
        dp,
        ep,
        moe_tp: request.deployment.moe_tp(),
        engine: request.deployment.engine.clone(),
        weights,
        kv,
        speculative,
        overlap,
        placement: (placement != Placement::default()).then_some(placement),
    }
}

fn workload_answer(workload: &Workload, requests: &Requests) -> WorkloadAnswer {
    WorkloadAnswer {
        input: workload.input_tokens,
        output: workload.output_tokens,
        concurrency: workload.concurrency,
        images: workload.images,
        image_tokens: requests.image_tokens as u64,
        cached_fraction: (workload.prefix_share > 0.0).then_some(workload.prefix_share),
        phase: workload.phase,
    }
}

fn memory_answer(request: &Request, memory: &Memory, kv_tokens_max: Option<u64>) -> MemoryAnswer {
    let architecture = request.architecture;
    let kv_bytes_per_token = architecture.kv_bytes_per_token(request.deployment.kv.bytes())
        + architecture.index_cache_bytes_per_token() as f64;
    MemoryAnswer {
        per_chip_bytes: PerChipBytes {
            capacity: memory.capacity,
            usable: memory.usable,
            weights: memory.weights,
            kv: memory.kv.max(0.0),
            activations: memory.activations,
            reserve: memory.reserve,
        },
        kv_tokens_max,
        kv_bytes_per_token,
    }
}

fn cost_answer(options: &Options, (chips, power_w): (f64, Option<f64>), steady: &Steady, tier: Tier) -> CostAnswer {
    let hourly = options.cost.as_ref().and_then(|basis| cost::usd_per_chip_hour(basis, power_w.map(|w| w / chips)));
    let Some(usd_per_chip_hour) = hourly else { return no_cost(options) };
    let rates = Rates {
        input_tok_per_s: steady.total_tok_per_s - steady.output_tok_per_s,
        output_tok_per_s: steady.output_tok_per_s,
        prefill_fraction: steady.prefill_fraction,
    };
    // Of the performance alone: what a price is uncertain by is not in it.
    let cost = |value: f64| Intervals::builtin().inverse(Figure::Throughput, tier, value);
    let per_mtok = cost::per_mtok(usd_per_chip_hour * chips, &rates);
    CostAnswer {
        usd_per_chip_hour: Some(usd_per_chip_hour),
        usd_per_mtok_output: cost(per_mtok.output),
        usd_per_mtok_total: cost(per_mtok.total),
        usd_per_mtok_input: cost(per_mtok.input),
        usd_per_mtok_output_split: cost(per_mtok.output_split),
        ..no_cost(options)
    }
}

/// The basis without figures.
fn no_cost(options: &Options) -> CostAnswer {
    let (basis, source) = match &options.cost {
        None => (None, None),
        Some(CostBasis::Rental { source, .. }) => (Some("rental"), Some(source.clone())),
        Some(CostBasis::Owning(owning)) => (Some("owning"), Some(owning.source.clone())),
    };
    let none = Estimate::NONE;
    CostAnswer {
        basis,
        usd_per_chip_hour: None,
        source,
        usd_per_mtok_output: none,
        usd_per_mtok_total: none,
        usd_per_mtok_input: none,
        usd_per_mtok_output_split: none,
    }
}

/// What the reader should know beside the figures.
fn warnings(request: &Request, prepared: &Prepared, requests: &Requests, steady: &Steady) -> Vec<Warning> {
    let mut warnings: Vec<Warning> = request.deployment.engine.doubt().into_iter().collect();
    let length = requests.input + requests.output;
    if let Some(longest) = request.architecture.max_context.filter(|longest| length > *longest as f64) {
        let message = format!("a request of {length} tokens is longer than the model's stated context of {longest}");
        warnings.push(Warning::new("context_exceeded", message));
    }
    let share = request.workload.concurrency.div_ceil(prepared.deployment.replicas * prepared.deployment.dp) as f64;
    if steady.running < share {
        let message =
            format!("{} of {share} requests of an attention rank run; the rest wait for room", steady.running);
        warnings.push(Warning::new("cache_limits_batch", message));
    }
    if request.chip.tdp_w.is_none() {
        let message = format!("the power of {} is not known, so energy is null", request.chip.name);
        warnings.push(Warning::new("no_power", message));
    }
    if request.chip.tdp_w.is_some() && !has_measured_power(request) {
        let message = format!(
            "the draw of {} was not measured: its kernels are taken to draw the share of the limit that they do elsewhere",
            request.chip.name
        );
        warnings.push(Warning::new("transferred_power", message));
    }
    if prepared.deployment.chips_per_replica() > 1
        && request.chip.scaleup_bidir_byte_per_s.is_none()
        && request.chip.host_io_bidir_byte_per_s.is_none()
    {
        let message = format!("{} states no link; PCIe 4.0 x16 is assumed", request.chip.name);
        warnings.push(Warning::new("assumed_link", message));
    }
    warnings
}
