//! How a prediction was come by: from its own mix of operators, not from its chip alone.

use performance::Workload;
use units::Tier;

use super::{Bench, alone, closed};
use crate::validation::setup::{Layout, Load};

/// The tier that half of the operators' time is known by, of the pool that writes tokens; the specification's where
/// there is no answer.
pub fn of(bench: &Bench) -> Tier {
    let pool = match bench.setup.layout {
        Layout::Aggregated(pool) => pool,
        Layout::Disaggregated { decode, .. } => decode,
    };
    let concurrency = match bench.setup.load {
        Load::Closed(count) | Load::Batch(count) => count.max(1),
        Load::Saturated => closed::saturating(pool),
    };
    let both = || Workload::text(bench.setup.input_tokens, bench.setup.output_tokens, concurrency);
    let workload = bench.setup.alone.map_or_else(both, |one| alone::workload(bench, &one, concurrency));
    let answer = bench.prepared(pool).and_then(|prepared| Some((prepared.steady(&workload)?, prepared)));
    answer.map_or(Tier::Specification, |(steady, prepared)| prepared.tier(&workload, &steady))
}
