//! What a chip delivers per second with a reference model: the number that the world model tabulates.

use crate::efficiency::Efficiencies;
use facts::{Architecture, Chip};
use units::Dtype;

/// What is asked of the reference deployment.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Objective {
    /// Mean context of a request in decode, also the length of the prompts of the prefill rate [tokens].
    pub context_tokens: f64,
    /// Longest decode step allowed [s].
    pub tpot_limit_s: f64,
}

/// The best that a chip delivers under an objective.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ReferenceRate {
    /// Tokens written by a chip that only decodes [token/s].
    pub decode_tok_per_s_per_chip: f64,
    /// Prompt tokens read by a chip that only prefills [token/s].
    pub prefill_tok_per_s_per_chip: f64,
    /// Chips of the best replica [count].
    pub chips_per_replica: u64,
    /// Requests that decode together on the replica [count].
    pub batch: f64,
    /// Its decode step [s].
    pub tpot_s: f64,
    /// The format of the weights: the narrowest that the chip runs natively and the checkpoint has or widens to.
    pub weights: Dtype,
    /// Mean power of a chip that decodes, with its share of the host, PUE not included; `None` = TDP unknown [W].
    pub decode_power_w: Option<f64>,
}

/// The best decode rate over a small grid of chips per replica and batch, `None` where nothing fits or meets
/// the limit.
pub fn reference_rate(
    _chip: &Chip,
    _architecture: &Architecture,
    _objective: Objective,
    _efficiencies: &Efficiencies,
) -> Option<ReferenceRate> {
    None
}

/// Tokens per second per chip in decode, with the built-in efficiencies (WORLD.md E1).
pub fn reference_decode_tok_per_s(
    chip: &Chip,
    architecture: &Architecture,
    context_tokens: f64,
    tpot_limit_s: f64,
) -> Option<f64> {
    let objective = Objective { context_tokens, tpot_limit_s };
    reference_rate(chip, architecture, objective, Efficiencies::builtin()).map(|rate| rate.decode_tok_per_s_per_chip)
}
