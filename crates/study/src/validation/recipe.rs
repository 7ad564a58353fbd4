//! What a publication's own scripts set on its client and its engines.

use performance::{Client, EngineKind, Settings, Speculative, speculative::Method};
use units::Dtype;

use super::setup::{Layout, Skip};

/// Draft tokens of InferenceX's runs with multi-token prediction (assumption: its SGLang recipes draft three; range 1
/// to 3, TensorRT-LLM takes fewer for large batches) [tokens].
pub const MTP_DRAFT: u64 = 3;

/// From so many requests in flight on, InferenceX's SGLang looks at its queue less often.
const BUSY: u64 = 16;

/// InferenceX (SemiAnalysisAI/InferenceX, formerly InferenceMAX, `benchmarks/*.sh`): lengths between 0.8 and 1.0 of the
/// nominal ones, ten prompts a slot. SGLang runs with `--scheduler-recv-interval` 10 below 16 requests in flight, else
/// 30; TensorRT-LLM with `max_num_tokens` = input + concurrency + 64 and, under attention data parallelism,
/// `enable_balance` with `timeout_iters` 60.
pub fn inferencex(engine: EngineKind, (input_tokens, concurrency): (f64, u64)) -> Client {
    let settings = match engine {
        EngineKind::Sglang => {
            Settings { look_steps: Some(if concurrency < BUSY { 10.0 } else { 30.0 }), ..Settings::NONE }
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

/// The draft of its TensorRT-LLM runs of DeepSeek-R1 with multi-token prediction: three tokens, one under attention data
/// parallelism (`benchmarks/single_node/dsr1_*_b200_trt_mtp.sh`).
pub fn mtp(model: &str, layout: &Layout) -> Result<Speculative, Skip> {
    let draft = match layout {
        Layout::Aggregated(pool) if pool.dp > 1 => 1,
        _ => MTP_DRAFT,
    };
    Speculative::measured(model, Method::Mtp, draft).map_err(|_| Skip::ENGINE)
}

/// Those runs' client: `max_num_tokens` = input + 64 + (1 + draft) x a rank's requests.
pub fn inferencex_mtp(
    engine: EngineKind,
    (input_tokens, concurrency): (f64, u64),
    (layout, speculative): (&Layout, &Speculative),
) -> Client {
    let client = inferencex(engine, (input_tokens, concurrency));
    let ranks = match layout {
        Layout::Aggregated(pool) => pool.dp.max(1),
        Layout::Disaggregated { .. } => 1,
    };
    let queries = (1 + speculative.draft_tokens) as f64 * (concurrency as f64 / ranks as f64);
    let step_tokens = Some(input_tokens + 64.0 + queries);
    Client { settings: Settings { step_tokens, ..client.settings }, ..client }
}

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
