//! Flags of a pool that does one phase, and of experts over many hosts.

use performance::{Deployment, Phase, Placement, Workload};
use units::Problem;

/// One phase alone, and how experts stand.
#[derive(Debug, clap::Args)]
pub struct PhaseFlags {
    /// A pool that does one phase alone: prefill reads the prompts in flight together, decode writes on caches that are
    /// brought [default: both]
    #[arg(long)]
    phase: Option<Only>,
    /// Share of a prompt's text tokens that a cache holds
    #[arg(long, value_name = "FRACTION", default_value_t = 0.0)]
    cached_fraction: f64,
    /// Cut a step into two that hide each other's exchange with the experts (dual-batch overlap)
    #[arg(long)]
    overlap: bool,
    /// How experts stand on their chips
    #[arg(long, default_value = "fixed")]
    placement: Placed,
}

/// The phase.
#[derive(Clone, Copy, Debug, clap::ValueEnum)]
enum Only {
    /// Prompts alone
    Prefill,
    /// Tokens alone
    Decode,
}

/// The placement.
#[derive(Clone, Copy, Debug, clap::ValueEnum)]
enum Placed {
    /// As the checkpoint numbers them
    Fixed,
    /// By measured load, the busiest doubled (EPLB)
    ByLoad,
    /// The same for every chip: a bound
    Even,
}

impl PhaseFlags {
    /// The workload of the phase.
    ///
    /// # Errors
    /// A share outside 0 to 1.
    pub fn workload(&self, workload: &Workload) -> Result<Workload, Problem> {
        if !(0.0..=1.0).contains(&self.cached_fraction) {
            let message = format!("{} is no fraction from 0 to 1", self.cached_fraction);
            return Err(Problem::new("bad_fraction", message).key("--cached-fraction"));
        }
        let phase = self.phase.map(|phase| match phase {
            Only::Prefill => Phase::Prefill,
            Only::Decode => Phase::Decode,
        });
        Ok(Workload { prefix_share: self.cached_fraction, phase, ..workload.clone() })
    }

    /// The deployment with its experts.
    pub fn deployment(&self, deployment: Deployment) -> Deployment {
        let placement = match self.placement {
            Placed::Fixed => Placement::Fixed,
            Placed::ByLoad => Placement::ByLoad,
            Placed::Even => Placement::Even,
        };
        Deployment { overlap: self.overlap, placement, ..deployment }
    }
}
