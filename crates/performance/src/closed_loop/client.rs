//! The benchmark client: how many prompts it sends and how their lengths differ.

/// A client that keeps a fixed number of requests in flight, from a standing start until its prompts are used up.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Client {
    /// Prompts sent over the prompts in flight; the first of each slot come together [ratio].
    pub rounds: f64,
    /// The shortest length over the longest; lengths are uniform between them, input and output each for itself
    /// [ratio].
    pub shortest: f64,
    /// What its recipe sets on the engine.
    pub settings: Settings,
}

/// Flags of an engine that a recipe sets; `None` = the engine's constant.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Settings {
    /// Most tokens of a step on an attention rank (`max_num_tokens`, `max_num_batched_tokens`) [tokens].
    pub step_tokens: Option<f64>,
    /// Steps between two looks at the queue (SGLang `scheduler_recv_interval`) [steps].
    pub look_steps: Option<f64>,
    /// Steps that a prompt waits until there is one for each attention rank (TensorRT-LLM
    /// `attention_dp_config.timeout_iters` with `enable_balance`) [steps].
    pub balance_steps: Option<f64>,
}

impl Settings {
    /// The engine as it comes.
    pub const NONE: Self = Self { step_tokens: None, look_steps: None, balance_steps: None };
}

impl Client {
    /// InferenceX: 10 prompts a slot, lengths drawn between 0.8 and 1.0 of the nominal ones (MEASURED caveat 12).
    pub const INFERENCEX: Self = Self { rounds: 10.0, shortest: 0.8, settings: Settings::NONE };
    /// The same with prompts and answers of one length (aiperf, genai-perf with a deviation of 0).
    pub const ALIKE: Self = Self { rounds: 10.0, shortest: 1.0, settings: Settings::NONE };

    /// Prompts of a run [count].
    pub(crate) fn prompts(&self, concurrency: usize) -> usize {
        ((self.rounds * concurrency as f64).round() as usize).max(concurrency)
    }
}

/// One request's lengths.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Lengths {
    /// Tokens of the prompt, images included.
    pub input: f64,
    /// Those that are computed.
    pub computed: f64,
    /// Tokens written, a whole number.
    pub output: f64,
}

/// Lengths as the client draws them: a function of the request's number alone.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Draw {
    input: f64,
    computed_fraction: f64,
    output: f64,
    shortest: f64,
}

impl Draw {
    pub(crate) fn of(client: &Client, requests: &super::Requests) -> Self {
        Self {
            input: requests.input,
            computed_fraction: requests.computed() / requests.input,
            output: requests.output,
            shortest: client.shortest.clamp(0.0, 1.0),
        }
    }

    /// Lengths of request `index`; their means are the workload's.
    pub(crate) fn lengths(&self, index: u64) -> Lengths {
        // Uniform on [low, high] with the mean at 1.
        let low = 2.0 * self.shortest / (1.0 + self.shortest);
        let scale = |stream: u64| low + 2.0 * (1.0 - low) * unit(3 * index + stream);
        let input = (self.input * scale(0)).max(1.0);
        let output = (self.output * scale(1)).round().max(1.0);
        Lengths { input, computed: (input * self.computed_fraction).max(1.0), output }
    }

    /// How long request `index` is under way to the scheduler, over the mean: uniform from none to twice.
    pub(crate) fn delay(index: u64) -> f64 {
        2.0 * unit(3 * index + 2)
    }
}

/// A number in [0, 1) for an index: the finaliser of SplitMix64 (Steele, Lea, Flood 2014).
fn unit(index: u64) -> f64 {
    let mut z = index.wrapping_add(1).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    ((z ^ (z >> 31)) >> 11) as f64 / (1_u64 << 53) as f64
}
