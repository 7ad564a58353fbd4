//! What a publication's own scripts set on its client and its engines.

use performance::{Client, EngineKind, Settings};

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
