//! Flags of one engine, shared by the verbs that take a deployment apart: its layout, its name, its number formats.

use facts::Architecture;
use performance::{Deployment, Engine};
use units::{Dtype, Problem};

use crate::quantity;

/// How one engine runs a model.
#[derive(Debug, clap::Args)]
pub struct EngineFlags {
    /// Attention data-parallel ranks inside one engine
    #[arg(long, value_name = "N", default_value = "1", value_parser = quantity::count)]
    pub dp: u64,
    /// Expert parallelism; divides tp x dp
    #[arg(long, value_name = "N", default_value = "1", value_parser = quantity::count)]
    pub ep: u64,
    /// The engine: vllm, sglang, trtllm or generic, with a version as vllm@0.9 if it matters
    #[arg(long, default_value = "vllm")]
    engine: String,
    /// Number format of the weights [default: the checkpoint's]
    #[arg(long, value_name = "DTYPE")]
    weights: Option<String>,
    /// Number format of the KV cache [default: bf16]
    #[arg(long, value_name = "DTYPE")]
    kv: Option<String>,
}

impl EngineFlags {
    /// One replica of a model with so much tensor parallelism.
    ///
    /// # Errors
    /// Experts that cannot be spread, an unknown engine or number format.
    pub fn deployment(&self, architecture: &Architecture, tp: u64) -> Result<Deployment, Problem> {
        if !(tp * self.dp).is_multiple_of(self.ep) {
            let message = format!("--ep {} does not divide tp x dp = {}", self.ep, tp * self.dp);
            return Err(Problem::new("ep_does_not_divide", message).key("--ep"));
        }
        let format = |text: &Option<String>, flag: &str, default: Dtype| {
            text.as_ref().map_or(Ok(default), |text| text.parse::<Dtype>().map_err(|problem| problem.key(flag)))
        };
        Ok(Deployment {
            dp: self.dp,
            ep: self.ep,
            engine: self.engine.parse::<Engine>().map_err(|problem| problem.key("--engine"))?,
            weights: format(&self.weights, "--weights", architecture.checkpoint_dtype)?,
            kv: format(&self.kv, "--kv", Dtype::Bf16)?,
            ..Deployment::of(architecture, tp)
        })
    }
}
