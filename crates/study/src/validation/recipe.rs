//! What a publication's own scripts set on its client and its engines.

use performance::{Client, EngineKind, Settings, Speculative, speculative::Method};
use units::Dtype;

use super::setup::Skip;

/// What tells InferenceX's recipes apart.
#[derive(Clone, Copy, Debug)]
pub struct Recipe<'a> {
    /// The engine as the publication names it.
    pub framework: &'a str,
    /// Its family.
    pub engine: EngineKind,
    /// Whose chips, and which.
    pub chip: &'a str,
    /// Format of the weights.
    pub weights: Dtype,
    /// Attention ranks of the engine that writes [count].
    pub ranks: u64,
    /// Whether another pool reads the prompts.
    pub apart: bool,
    /// Requests in flight on each attention rank that writes [count].
    pub rank_load: u64,
}

/// From so many requests a rank on, the recipes of two pools with 4-bit weights draft one token.
const LARGE_BATCH: u64 = 128;

/// Draft tokens of a run with multi-token prediction, as the scripts configure it: SemiAnalysisAI/InferenceX
/// `benchmarks/single_node/dsr1_*_mtp.sh` (SGLang `speculative-num-steps` 2 on NVIDIA, 3 on AMD; TensorRT-LLM 3, or 1 under
/// attention data parallelism; ATOM's default of 1) and the names of the recipes of two pools in its
/// `nvidia-master.yaml` (`mtp3`, `mtp1` for large batches with 4-bit weights) and srt-slurm's for SGLang (2) [tokens].
fn draft_tokens(recipe: &Recipe) -> u64 {
    let narrow = matches!(recipe.weights, Dtype::Nvfp4 | Dtype::Fp4 | Dtype::Mxfp4);
    match recipe.engine {
        _ if recipe.framework.starts_with("atom") => 1,
        EngineKind::Sglang if recipe.chip.starts_with("mi") => 3,
        EngineKind::Sglang => 2,
        // Data-parallel attention drafts one; between pools only with small weights and large batches.
        _ if recipe.ranks > 1 && (!recipe.apart || narrow && recipe.rank_load >= LARGE_BATCH) => 1,
        _ => 3,
    }
}

/// From so many requests in flight on, InferenceX's SGLang looks at its queue less often.
const BUSY: u64 = 16;

/// InferenceX (SemiAnalysisAI/InferenceX, formerly InferenceMAX, `benchmarks/*.sh`): lengths between 0.8 and 1.0 of the
/// nominal ones, ten prompts a slot. On one pool SGLang reads chunks of 32,768 tokens, and 196,608 on AMD (32,768 for long
/// prompts of more than 32 requests); on B200 and B300 it runs with `--scheduler-recv-interval` 10 below 16 requests in
/// flight, else 30. TensorRT-LLM has `max_num_tokens` = input + concurrency + 64 and, under attention data
/// parallelism, `enable_balance` with `timeout_iters` 60.
pub fn inferencex(engine: EngineKind, (chip, apart): (&str, bool), (input_tokens, concurrency): (f64, u64)) -> Client {
    let settings = match engine {
        EngineKind::Sglang if apart => Settings::NONE,
        EngineKind::Sglang => {
            let amd = chip.starts_with("mi");
            let shorter = !amd || (input_tokens > LONG && concurrency > 32);
            let look = matches!(chip, "b200" | "b300").then_some(if concurrency < BUSY { 10.0 } else { 30.0 });
            let step_tokens = Some(if shorter { 32_768.0 } else { 196_608.0 });
            Settings { look_steps: look, step_tokens, ..Settings::NONE }
        }
        EngineKind::TrtLlm => Settings {
            step_tokens: Some(input_tokens + concurrency as f64 + 64.0),
            balance_steps: Some(60.0),
            ..Settings::NONE
        },
        EngineKind::Vllm | EngineKind::Generic => Settings::NONE,
    };
    Client { settings, ..Client::INFERENCEX }
}

/// The draft of a run by a method, of the recipe's length.
pub fn draft(recipe: &Recipe, model: &str, method: Method) -> Result<Speculative, Skip> {
    Speculative::measured(model, method, draft_tokens(recipe)).map_err(|_| Skip::ENGINE)
}

/// The client of TensorRT-LLM's runs with multi-token prediction: `max_num_tokens` = input + 64 + (1 + draft) x a rank's
/// requests.
pub fn inferencex_mtp(recipe: &Recipe, (input_tokens, concurrency): (f64, u64), draft: &Speculative) -> Client {
    let client = inferencex(recipe.engine, (recipe.chip, recipe.apart), (input_tokens, concurrency));
    let queries = (1 + draft.draft_tokens) as f64 * recipe.rank_load as f64;
    let step_tokens = Some(input_tokens + 64.0 + queries);
    Client { settings: Settings { step_tokens, ..client.settings }, ..client }
}

/// Prompts over this are its long ones (1,024 and 8,192 nominal) [tokens].
const LONG: f64 = 4096.0;

/// The cache of its runs: FP8 where the weights are narrow (`--kv-cache-dtype fp8` in its scripts for B200; assumed for
/// the others after loads were seen to fit that would not fit in BF16).
pub fn cache(weights: Dtype) -> Dtype {
    match weights {
        Dtype::Fp8 | Dtype::Fp8Block | Dtype::Nvfp4 | Dtype::Fp4 | Dtype::Mxfp4 => Dtype::Fp8,
        _ => Dtype::Bf16,
    }
}

/// Runs of configurations that ai-dynamo/aiconfigurator wrote (`generator/rule_plugin/{vllm,trtllm}.rule`): an aggregated
/// worker has `max_num_tokens` = batch + input + 1500; lengths are fixed.
pub fn configured(engine: EngineKind, (input_tokens, concurrency): (f64, u64)) -> Client {
    let step_tokens = match engine {
        EngineKind::Vllm | EngineKind::TrtLlm => Some(input_tokens + concurrency as f64 + 1500.0),
        EngineKind::Sglang | EngineKind::Generic => None,
    };
    Client { settings: Settings { step_tokens, ..Settings::NONE }, ..Client::ALIKE }
}
