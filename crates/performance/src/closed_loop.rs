//! The steady state of a closed loop: a fixed number of requests in flight, each followed by the next.
//!
//! Per attention rank, with C its share of the concurrency, N <= C the requests that the cache admits, X its
//! completions per second, I tokens computed of a prompt and O tokens written:
//!
//! 1. `t_d` is a step of `n` decodes at the mean context (over the tokens that it writes for each, where the engine
//!    speculates); a prompt takes `s` steps of `c` tokens, each `t_p`
//!    long: with the decodes in it where the engine mixes (vLLM, TensorRT-LLM, generic), without where prefill
//!    goes first (SGLang). Waiting prompts share a step up to the engine's token budget.
//! 2. One prompt holds the decodes up for `G = s (t_p - t_d)` where mixed, `G = s t_p` where prefill goes
//!    first; so between two tokens `tpot = t_d / (1 - X G)`. Where mixed, prompts and decodes share every step,
//!    and the same follows from counting steps.
//! 3. The prompt station is a queue with one server and deterministic service `S = s t_p`: an arrival finds the
//!    `q = X R` of a system with one request less (approximate mean value analysis, Schweitzer 1979; residual
//!    half a service, Reiser 1979): `R = L (1 + u/2) + S max(0, q (N-1)/N - b)`, L a prompt's own steps, u = X S,
//!    b the prompts that share a step; and it waits half a decode step where none is read.
//! 4. Decoding takes `Z = (O - 1) t_d / (1 - X G)`, so X solves the quadratic `N = X (R + Z)`, or
//!    `C = X (h + R + Z)` with the ingress h where the cache admits all; the smaller X holds, and
//!    `W = C / X - h - R - Z` is the wait for room in the cache. `n = X Z`, `q = X R`.
//! 5. `ttft = h + W + R`, `e2e = ttft + Z = C / X`: Little's law holds by construction.
//!
//! 1 to 4 are solved by damped iteration. With S pipeline stages a microbatch holds n / S decodes and a stage
//! is free after t / S.
//!
//! From a standing start all prompts arrive at once, and stay bunched for rounds: an engine that reads prompts
//! first writes and ends them together, and where mixed, a prompt read early writes slowly while the others are
//! read, so that they end `t_d` apart and not `S`. The bunch thins as output lengths differ: uniform on 0.8 to
//! 1.0 of nominal (InferenceX's client, MEASURED caveat 12) they have a coefficient of variation of 0.064,
//! so after k rounds N arrivals spread over `sqrt(12 k) 0.064` of a request's time; of a bunch of service N S
//! spread over w a prompt waits `(N S - w) / 2`.

pub(crate) mod client;
pub(crate) mod phase;
mod prices;
pub(crate) mod simulation;
mod station;

use crate::{
    deployment::Deployment,
    efficiency::Efficiencies,
    engine::{EngineKind, constants::Constant},
    memory,
    operator::vision,
    prepared::{Prepared, Steady},
    step::{Load, Part, Sink, StepTime},
    workload::Workload,
};
use facts::Architecture;

/// Rounds of a benchmark of 10 x concurrency requests.
const ROUNDS: u32 = 10;
/// Width of the spread of completions after one round, in request times: sqrt(12) x 0.064.
const SPREAD: f64 = 0.222;
/// Most iterations; 20 to 30 are usual.
const ITERATIONS: usize = 80;
/// Relative change at which the iteration ends.
const TOLERANCE: f64 = 1e-7;

/// The engine's scheduler.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Scheduler {
    /// Prompts are read before anything is written on (SGLang), instead of beside it.
    prefill_first: bool,
    /// Most tokens of a step.
    step_tokens: f64,
    /// Tokens of prompts that share a step.
    gathered_tokens: f64,
    /// Most requests on a rank.
    pub(crate) max_requests: f64,
    /// Share of the output for which a running request holds cache, on average [fraction].
    held_output: f64,
    /// A prompt is read whole where a step can hold it (TensorRT-LLM).
    whole_prompts: bool,
    /// Steps between two looks at the queue [steps].
    look_steps: f64,
    /// Steps that a prompt waits for one on each attention rank [steps].
    balance_steps: f64,
}

impl Scheduler {
    pub(crate) fn of(engine: EngineKind, chip: &str, table: &Efficiencies) -> Self {
        let added = table.engines().constants(engine, chip);
        let stated = |quantity| table.stated(quantity, &[engine.name(), "default"], None);
        Self {
            prefill_first: engine == EngineKind::Sglang,
            step_tokens: stated("step_tokens"),
            gathered_tokens: added.get(Constant::GatheredTokens),
            max_requests: stated("max_requests"),
            held_output: stated("held_output"),
            whole_prompts: engine == EngineKind::TrtLlm,
            look_steps: added.get(Constant::LookSteps),
            balance_steps: 0.0,
        }
    }
}

impl Scheduler {
    /// Under a recipe's flags.
    fn set(self, settings: &client::Settings) -> Self {
        let step_tokens = settings.step_tokens.unwrap_or(self.step_tokens);
        Self {
            step_tokens,
            // An engine that reads first empties its queue into a step.
            gathered_tokens: if self.prefill_first { step_tokens } else { self.gathered_tokens },
            look_steps: settings.look_steps.unwrap_or(self.look_steps),
            balance_steps: settings.balance_steps.unwrap_or(self.balance_steps),
            ..self
        }
    }
}

/// Lengths of alike requests.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Requests {
    /// Tokens of a prompt, images included.
    pub input: f64,
    /// Those found in the cache.
    pub cached: f64,
    /// Tokens written.
    pub output: f64,
    /// Tokens that the images of a request become.
    pub image_tokens: f64,
    images: f64,
    image_size: (u64, u64),
}

impl Requests {
    pub(crate) fn of(architecture: &Architecture, workload: &Workload) -> Self {
        let size = workload.image_size.unwrap_or((vision::DEFAULT_SIDE, vision::DEFAULT_SIDE));
        let images = if architecture.vision.is_some() { workload.images as f64 } else { 0.0 };
        let each = architecture.vision.as_ref().map_or(0, |vision| vision.tokens(size.0, size.1));
        let image_tokens = images * each as f64;
        let input = workload.input_tokens + image_tokens;
        // The last token of a prompt is always computed: its logits give the first token.
        let cached = (workload.input_tokens * workload.prefix_share).min(input - 1.0).max(0.0);
        let all = Self { input, cached, output: workload.output_tokens, image_tokens, images, image_size: size };
        workload.phase.map_or(all, |phase| phase::requests(all, phase))
    }

    /// Tokens of a prompt that are computed.
    pub(crate) fn computed(&self) -> f64 {
        self.input - self.cached
    }

    /// Mean context of a decode: the prompt and half of what is written.
    pub(crate) fn context(&self) -> f64 {
        self.input + self.output / 2.0
    }
}

/// How many requests there are and how many run.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Conditions {
    /// Requests in flight over the whole deployment.
    concurrency: f64,
    /// Those of one attention rank, C.
    pub share: f64,
    /// Those that its cache admits, N.
    admitted: f64,
    /// Attention ranks of an engine at work.
    pub ranks: f64,
    /// Engines at work, as a share of all.
    busy: f64,
}

impl Conditions {
    /// `concurrency` requests on engines that run at most `most` on a rank; `None` where one request from its first to
    /// its last token does not fit.
    pub(crate) fn of(prepared: &Prepared, requests: &Requests, (concurrency, most): (u64, f64)) -> Option<Self> {
        let Prepared { deployment, architecture, memory, scheduler, .. } = prepared;
        let bytes = |tokens: f64| memory::sequence_bytes(architecture, deployment, tokens);
        if bytes(requests.input + requests.output) > memory.kv {
            return None;
        }
        let held = bytes(requests.input + scheduler.held_output * requests.output);
        let fitting = if held > 0.0 { (memory.kv / held).floor().max(1.0) } else { f64::MAX };
        let Deployment { replicas, dp, .. } = *deployment;
        let share = concurrency.div_ceil(replicas * dp) as f64;
        let per_engine = concurrency as f64 / replicas as f64;
        Some(Self {
            concurrency: concurrency as f64,
            share,
            admitted: share.min(fitting).min(most),
            ranks: (per_engine / share).clamp(1.0, dp as f64),
            busy: per_engine.min(1.0),
        })
    }
}

/// The prompt station at one state of the loop.
#[derive(Clone, Copy, Default)]
pub(crate) struct Reading {
    /// What one of its steps does.
    pub load: Load,
    /// Steps a prompt, s; below 1 where prompts share.
    pub steps: f64,
    /// One of them, with its draw.
    step: StepTime,
    /// Prompts that may share a step, b.
    sharing: f64,
}

/// All that the last iteration found.
#[derive(Clone, Copy, Default)]
struct Station {
    write: StepTime,
    read: Reading,
    /// S, G, the wait for and in the prompt station, R, Z [s].
    service_s: f64,
    held_up_s: f64,
    waiting_s: f64,
    reading_s: f64,
    writing_s: f64,
}

/// Requests that started together.
#[expect(clippy::struct_field_names, reason = "the unit")]
struct Bunch {
    /// Reading all their prompts but one [s].
    service_s: f64,
    /// From the end of the first of them to the last, were they alike [s].
    ending_s: f64,
    /// One request from admission to its last token [s].
    request_s: f64,
}

impl Bunch {
    /// What it adds to a steady wait, on average over the rounds of a benchmark [s].
    fn wait_s(&self, steady_wait_s: f64) -> f64 {
        let rounds = (0..ROUNDS).map(|round| {
            let jitter_s = SPREAD * f64::from(round).sqrt() * self.request_s;
            let spread_s = if round == 0 { 0.0 } else { jitter_s.hypot(self.ending_s) };
            ((self.service_s - spread_s) / 2.0 - steady_wait_s).max(0.0)
        });
        rounds.sum::<f64>() / f64::from(ROUNDS)
    }
}

/// X of `requests = X (R + steps / (1 - X G))`, the root that keeps `X G` under one [1/s].
fn completions(requests: f64, reading_s: f64, steps_s: f64, held_up_s: f64) -> f64 {
    let b = reading_s + requests * held_up_s + steps_s;
    let discriminant = (b * b - 4.0 * reading_s * held_up_s * requests).max(0.0);
    2.0 * requests / (b + discriminant.sqrt())
}

/// A step of prompts while `decoding` requests write and `queued` prompts wait.
fn reading(prepared: &Prepared, requests: &Requests, ranks: f64, decoding: f64, queued: f64) -> Reading {
    let Scheduler { prefill_first, step_tokens, .. } = prepared.scheduler;
    let computed = requests.computed();
    let decoding = if prefill_first { 0.0 } else { decoding };
    // A budget full of decodes still leaves a block for prompts.
    let budget = (step_tokens - decoding).max(memory::BLOCK_TOKENS);
    let sharing = queued.clamp(1.0, (budget / computed).max(1.0));
    let chunk = (sharing * computed).min(budget);
    let load = Load {
        decode: decoding / prepared.machine.layout.pp,
        context: requests.context(),
        prefill: chunk,
        prompts: (chunk / computed).max(1.0),
        past: requests.cached + (computed - chunk).max(0.0) / 2.0,
        ranks,
        ..Load::default()
    };
    Reading { load, steps: computed / chunk, step: prepared.step(&load), sharing }
}

/// Walks the encoding of the images of one request.
pub(crate) fn visit_vision(prepared: &Prepared, requests: &Requests, sink: &mut impl Sink) {
    if let Some(encoder) = prepared.architecture.vision.as_ref().filter(|_| requests.images > 0.0) {
        vision::visit(&prepared.machine, encoder, requests.images, requests.image_size, sink);
    }
}

/// Encoding the images of one request [s].
fn vision_s(prepared: &Prepared, requests: &Requests) -> f64 {
    let mut time_s = 0.0;
    visit_vision(prepared, requests, &mut |part: Part| time_s += part.layers * part.price.time_s);
    time_s
}

/// One request's prompt with nothing beside it: the load of one of its steps.
pub(crate) fn alone(prepared: &Prepared, requests: &Requests) -> Reading {
    reading(prepared, requests, 1.0, 0.0, 1.0)
}

/// Solves the loop.
pub(crate) fn solve(prepared: &Prepared, requests: &Requests, conditions: &Conditions) -> Steady {
    let &Conditions { share, admitted, ranks, .. } = conditions;
    let pp = prepared.machine.layout.pp;
    let ingress_s = prepared.machine.host.ingress_s;
    let images_s = vision_s(prepared, requests);
    let others = (admitted - 1.0) / admitted;
    let mixed = !prepared.scheduler.prefill_first;

    let (mut decoding, mut queued, mut rate) = (admitted, 0.0, 0.0);
    let mut state = Station::default();
    for _ in 0..ITERATIONS {
        let write = prepared.step(&Load::decode((decoding / pp).max(1e-3), requests.context(), ranks));
        let read = reading(prepared, requests, ranks, decoding, others * queued);
        let read_s = read.step.time_s + images_s * read.sharing;
        let service_s = read.steps * read_s / pp;
        let held_up_s = if mixed { (read.steps * (read_s - write.time_s) / pp).max(0.0) } else { service_s };
        let busy = (rate * service_s).min(1.0);
        let own_s = read.steps.max(1.0) * read_s;
        let step_wait_s = if requests.output > 1.0 { (1.0 - busy) * write.time_s * others / 2.0 } else { 0.0 };
        let queue_s = service_s * (others * queued - read.sharing).max(0.0);
        let waiting_s = own_s * busy * others / 2.0 + queue_s + step_wait_s;
        let reading_s = own_s + waiting_s;
        let steps_s = (requests.output - 1.0).max(0.0) * write.time_s / prepared.tokens_per_step();
        let next = completions(share, ingress_s + reading_s, steps_s, held_up_s)
            .min(completions(admitted, reading_s, steps_s, held_up_s));
        let writing_s = steps_s / (1.0 - next * held_up_s).max(f64::EPSILON);
        state = Station { write, read, service_s, held_up_s, waiting_s, reading_s, writing_s };
        let change = (next - rate).abs() / next;
        rate = if rate == 0.0 { next } else { f64::midpoint(rate, next) };
        decoding = f64::midpoint(decoding, (rate * writing_s).min(admitted));
        queued = f64::midpoint(queued, (rate * reading_s).min(admitted));
        if change < TOLERANCE {
            break;
        }
    }
    let Station { write, read, service_s, held_up_s, waiting_s, reading_s, writing_s } = state;
    let tpot_s = if requests.output > 1.0 {
        writing_s / (requests.output - 1.0)
    } else {
        write.time_s / prepared.tokens_per_step()
    };
    let rate = (share / (ingress_s + reading_s + writing_s)).min(admitted / (reading_s + writing_s));
    let e2e_s = share / rate;
    let ttft_s = e2e_s - writing_s;
    let ending_s = if mixed { admitted * write.time_s } else { 0.0 };
    let bunch = Bunch { service_s: (admitted - 1.0) * service_s, ending_s, request_s: reading_s + writing_s };
    let burst_s = bunch.wait_s(waiting_s);

    let single = alone(prepared, requests);
    let requests_per_s = conditions.concurrency / e2e_s;
    let busy = (rate * service_s).min(1.0);
    let draw = busy * read.step.power_fraction + (1.0 - busy) * write.power_fraction;
    let idle = prepared.machine.power.idle;
    let chips = prepared.deployment.chips() as f64;
    let drawn = conditions.busy * draw + (1.0 - conditions.busy) * idle;
    let chips_power_w = prepared.power_w.map(|(tdp_w, _)| chips * tdp_w * drawn);
    let power_w = prepared.power_w.map(|(tdp_w, host_w)| chips * (tdp_w * drawn + host_w));
    Steady {
        ttft_s,
        ttft_burst_s: ttft_s + burst_s,
        tpot_s,
        tpot_burst_s: tpot_burst_s(
            prepared,
            (tpot_s, write.time_s / prepared.tokens_per_step()),
            burst_s,
            requests.output,
        ),
        e2e_s,
        prefill_s: single.steps * single.step.time_s + images_s,
        decode_step_s: write.time_s,
        batch: rate * writing_s,
        running: admitted,
        ranks,
        output_tok_per_s: requests_per_s * requests.output,
        total_tok_per_s: requests_per_s * (requests.input + requests.output),
        requests_per_s,
        prefill_fraction: prefill_fraction(rate * held_up_s, requests.output),
        power_w,
        chips_power_w,
    }
}

/// Between tokens from a standing start: where prompts go first, the time that a bunch waits together is time
/// in which nothing holds it up later, down to an undisturbed step [s].
fn tpot_burst_s(prepared: &Prepared, (tpot_s, undisturbed_s): (f64, f64), burst_s: f64, output: f64) -> f64 {
    if prepared.scheduler.prefill_first && output > 1.0 {
        (tpot_s - burst_s / (output - 1.0)).max(undisturbed_s)
    } else {
        tpot_s
    }
}

/// Share of chip time in prefill: what prompts add to the steps; all of it where nothing more is written.
fn prefill_fraction(held_up: f64, output: f64) -> f64 {
    if output <= 1.0 { 1.0 } else { held_up.clamp(0.0, 1.0) }
}
