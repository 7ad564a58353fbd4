//! Deployments that cannot be, and the nearest that can.

use crate::answer::DeploymentAnswer;
use serde::Serialize;

/// Why a deployment cannot be (CONTRACTS section 5).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum RefusalCode {
    /// Weights, or one request's cache beside them, exceed the memory.
    OutOfMemory,
    /// Attention heads do not divide over the chips.
    TpHeads,
    /// Neither native nor weight-only arithmetic for the number format.
    DtypeUnsupported,
    /// The layers or experts cannot be cut that way, or the engine lacks the architecture.
    UnsupportedArchitecture,
}

/// An impossible deployment: an answer, not an error.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Refusal {
    /// Why.
    pub code: RefusalCode,
    /// Why, with the figures.
    pub message: String,
    /// The nearest deployment that can be, where a search of the neighbours finds one.
    pub nearest: Option<DeploymentAnswer>,
}
