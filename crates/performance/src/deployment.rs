//! How a model is laid out over chips, in which number formats, by which engine.

use crate::{engine::Engine, speculative::Speculative};
use facts::Architecture;
use serde::Serialize;
use units::{Dtype, Problem, Problems};

/// One deployment: `chips = replicas x pp x tp x dp` (CONTRACTS section 5).
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Deployment {
    /// Independent copies of the engine [count].
    pub replicas: u64,
    /// Chips that share each attention layer (tensor parallelism) [count].
    pub tp: u64,
    /// Pipeline stages [count].
    pub pp: u64,
    /// Attention data-parallel ranks inside one engine [count].
    pub dp: u64,
    /// Groups over which the routed experts are spread; divides `tp x dp`, 1 for dense models [count].
    pub ep: u64,
    /// The engine.
    pub engine: Engine,
    /// Number format of the weights; the checkpoint's own keeps a mixed checkpoint mixed (gpt-oss).
    pub weights: Dtype,
    /// Number format of the KV cache.
    pub kv: Dtype,
    /// Speculative decoding, where the engine does it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub speculative: Option<Speculative>,
    /// A step is cut into two that hide each other's exchange with the experts (DeepSeek's dual-batch, SGLang's two-batch
    /// overlap, vLLM's DBO).
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub overlap: bool,
    /// How experts are placed over the chips.
    #[serde(skip_serializing_if = "Placement::is_fixed")]
    pub placement: Placement,
}

/// How experts are placed over the chips of an expert-parallel group.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Placement {
    /// As the checkpoint numbers them.
    #[default]
    Fixed,
    /// By measured load, the busiest doubled (DeepSeek's EPLB).
    ByLoad,
    /// So that every chip gets the same: a bound, and what profiles with simulated routing have.
    Even,
}

impl Placement {
    #[expect(clippy::trivially_copy_pass_by_ref, reason = "serde calls it so")]
    fn is_fixed(&self) -> bool {
        *self == Self::Fixed
    }
}

impl Deployment {
    /// A model in its checkpoint's own format over `tp` chips, BF16 cache, newest vLLM.
    pub fn of(architecture: &Architecture, tp: u64) -> Self {
        Self {
            replicas: 1,
            tp,
            pp: 1,
            dp: 1,
            ep: 1,
            engine: Engine::default(),
            weights: architecture.checkpoint_dtype,
            kv: Dtype::Bf16,
            speculative: None,
            overlap: false,
            placement: Placement::Fixed,
        }
    }

    /// Chips in all [count].
    pub fn chips(&self) -> u64 {
        self.replicas.saturating_mul(self.chips_per_replica())
    }

    /// Chips of one engine [count].
    pub fn chips_per_replica(&self) -> u64 {
        self.tp.saturating_mul(self.pp).saturating_mul(self.dp)
    }

    /// Chips that share one routed expert: `tp x dp / ep` [count].
    pub fn moe_tp(&self) -> u64 {
        (self.tp.saturating_mul(self.dp) / self.ep.max(1)).max(1)
    }

    /// Counts that mean nothing: zero, or beyond what is simulated (2^20 chips); more tokens accepted than drafted.
    pub(crate) fn problems(&self, problems: &mut Problems) {
        const MOST: u64 = 1 << 20;
        let counts = [("replicas", self.replicas), ("tp", self.tp), ("pp", self.pp), ("dp", self.dp), ("ep", self.ep)];
        for (key, count) in counts {
            if count == 0 || count > MOST {
                problems.push(
                    Problem::new("bad_count", format!("{key} is {count}; it must be between 1 and {MOST}")).key(key),
                );
            }
        }
        if let Some(Speculative { draft_tokens, acceptance_length, .. }) = self.speculative {
            let longest = draft_tokens.saturating_add(1) as f64;
            if draft_tokens == 0 || draft_tokens > 64 || !(1.0..=longest).contains(&acceptance_length) {
                let message = format!(
                    "a draft of {draft_tokens} with {acceptance_length} tokens accepted a step; a draft has 1 to 64 \
                     tokens, and a step writes from 1 to one more than them"
                );
                problems.push(Problem::new("bad_speculative", message).key("speculative"));
            }
        }
        if problems.0.is_empty() && self.chips() > MOST {
            let message = format!("the deployment has {} chips; at most {MOST} are simulated", self.chips());
            problems.push(Problem::new("bad_count", message).key("replicas"));
        }
    }
}
