//! What a finished folder holds, at a glance: what `downstream explore` prints.

use explore::{
    design::Scheme,
    statistics::Sorted,
    store::{Input, Manifest, Output, Progress, StoreError, Table},
};
use serde::Serialize;
use std::path::Path;

/// Runs over which quantiles are taken: the first so many, so that memory does not grow with the number of runs.
const GLANCE_RUNS: u64 = 10_000;
/// Numbers that a glance may hold [values]: tables with many columns get fewer runs.
const GLANCE_VALUES: u64 = 4_000_000;

/// What a folder holds.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Summary {
    /// The name of the scenario or the space.
    pub name: String,
    /// `world`, or the command of a model of one's own.
    pub model: String,
    /// The design of the whole.
    pub design: Scheme,
    /// The part of it that the folder holds, as `2/16`; none for all.
    pub shard: Option<String>,
    /// Runs in the folder.
    pub runs: u64,
    /// Of them, those that failed, by kind of reason.
    pub failed: Vec<Failures>,
    /// What varied.
    pub inputs: Vec<Input>,
    /// What was compared.
    pub alternatives: Vec<String>,
    /// What each run gave.
    pub outputs: Vec<Output>,
    /// Runs over which the quantiles are taken, from the first.
    pub quantiles_over_runs: u64,
    /// Quantiles over the design, by output, then alternative. They are no probabilities: camps and designs weigh runs as
    /// they like.
    pub quantiles: Vec<Quantiles>,
}

/// Runs that failed for one kind of reason.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Failures {
    /// The kind of reason.
    pub reason: String,
    /// How many.
    pub runs: u64,
}

/// One column, summed up.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Quantiles {
    /// The output.
    pub output: String,
    /// The alternative, if there are any.
    pub alternative: Option<String>,
    /// The 5 % quantile; none where every run failed.
    pub p5: Option<f64>,
    /// The median.
    pub p50: Option<f64>,
    /// The 95 % quantile.
    pub p95: Option<f64>,
}

impl Summary {
    /// Looks at a finished folder.
    ///
    /// # Errors
    /// A folder that cannot be read, or that is damaged.
    pub fn of(folder: &Path, progress: &Progress) -> Result<Self, StoreError> {
        let manifest = Manifest::read(folder)?;
        let most = GLANCE_RUNS.min(GLANCE_VALUES / manifest.width().max(1) as u64);
        let inputs: Vec<&str> = manifest.inputs.iter().map(|input| input.name.as_str()).collect();
        let table = Table::read_first(folder, most, |header| !inputs.contains(&header))?;
        let good: Vec<usize> = table.succeeded().collect();
        let mut quantiles = Vec::new();
        for (index, output) in manifest.outputs.iter().enumerate() {
            for alternative in 0..table.alternatives() {
                let column = table.output(alternative, index);
                let sorted = Sorted::new(good.iter().map(|row| column[*row]).collect());
                let at = |share| sorted.as_ref().and_then(|sorted| sorted.quantile(share));
                quantiles.push(Quantiles {
                    output: output.name.clone(),
                    alternative: manifest.alternatives.get(alternative).cloned(),
                    p5: at(0.05),
                    p50: at(0.5),
                    p95: at(0.95),
                });
            }
        }
        let about = |key: &str| manifest.about.get(key).cloned().unwrap_or_default();
        Ok(Self {
            name: about("name"),
            model: about("model"),
            design: manifest.design,
            shard: manifest.shard.map(|shard| shard.to_string()),
            runs: progress.runs,
            failed: progress
                .failed
                .iter()
                .map(|(reason, runs)| Failures { reason: reason.clone(), runs: *runs })
                .collect(),
            inputs: manifest.inputs,
            alternatives: manifest.alternatives,
            outputs: manifest.outputs,
            quantiles_over_runs: table.rows() as u64,
            quantiles,
        })
    }
}
