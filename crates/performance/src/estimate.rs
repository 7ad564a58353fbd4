//! One question answered in full.

use crate::{answer::Answer, deployment::Deployment, options::Options, refusal::Refusal, workload::Workload};
use facts::{Architecture, Chip};
use units::Problems;

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
    problems.check(())?;
    Err(units::Problem::new("not_yet", "the estimate is being written").into())
}

/// The nearest deployment that can be: fewest changes of one refused, over formats, parallelism and more chips.
pub fn nearest(_request: &Request, _refusal: &Refusal) -> Option<Deployment> {
    None
}
