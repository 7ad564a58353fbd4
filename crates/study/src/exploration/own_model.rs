//! Runs of a model of the user's own, a program that reads and writes lines of JSON.

use explore::{
    Draws,
    design::Points,
    process::{Outcome, Pool, Program},
    store::{Halt, Line, Manifest, Output},
};
use std::{collections::BTreeMap, sync::atomic::AtomicBool, time::Duration};
use units::{Problem, Problems, nearest};

use super::{Factors, Request, Space, matches};
use crate::hashes::text_sha256;

/// The stream of draws from which each run's own seed comes; the design has another.
const SEEDS: u32 = 1;

/// A model of one's own as something to explore.
#[derive(Debug)]
pub struct OwnModel {
    space: Space,
    factors: Factors,
    points: Points,
    program: Program,
    manifest: Manifest,
}

impl OwnModel {
    /// Prepares the runs. `outputs` are patterns of the space's outputs; without any, all of them.
    ///
    /// # Errors
    /// Inputs, outputs or a design that do not exist.
    pub fn new(
        space: Space,
        (command, time_limit): (&str, Duration),
        request: &Request,
        outputs: &[String],
        version: &str,
    ) -> Result<Self, Problems> {
        let factors = Factors::new(&space.inputs, &space.correlations, request.camps, &request.inputs)?;
        let scheme = request.scheme(&factors)?;
        let outputs = choose(&space.outputs, outputs)?;
        let program = Program {
            command: command.into(),
            time_limit,
            inputs: space.inputs.iter().map(|input| input.id.clone()).collect(),
            outputs: outputs.iter().map(|output| output.name.clone()).collect(),
            draws: Draws::new(request.seed, SEEDS),
        };
        let about = BTreeMap::from([
            ("model".to_string(), command.to_string()),
            ("name".to_string(), space.name.clone()),
            ("space_sha256".to_string(), text_sha256(&space.text)),
            ("time_limit_s".to_string(), time_limit.as_secs_f64().to_string()),
            ("version".to_string(), version.to_string()),
        ]);
        let manifest = Manifest {
            schema: Manifest::SCHEMA.into(),
            design: scheme,
            shard: request.shard,
            inputs: factors.columns().to_vec(),
            alternatives: Vec::new(),
            outputs,
            about,
        };
        let points = scheme.points(factors.dimensions()).map_err(|error| Problem::new("bad_design", error.message))?;
        Ok(Self { space, factors, points, program, manifest })
    }

    /// What is run.
    pub fn manifest(&self) -> &Manifest {
        &self.manifest
    }

    /// Processes to ask, none of them started yet.
    pub fn pool<'a>(&'a self, cancel: &'a AtomicBool) -> Pool<'a> {
        Pool::new(&self.program, cancel)
    }

    /// One run.
    ///
    /// # Errors
    /// It was cancelled, or no run can succeed.
    pub fn run(&self, pool: &Pool<'_>, run: u64) -> Result<Line, Halt> {
        let (columns, draw) = self.factors.draw(&self.points, run);
        match pool.run(run, &draw) {
            Outcome::Answered(values) => Ok(self.manifest.line(run, &columns, Ok(&values))),
            Outcome::Failed(reason) => Ok(self.manifest.line(run, &columns, Err(&reason))),
            Outcome::Cancelled => Err(Halt::Cancelled),
            Outcome::Hopeless(reason) => Err(Halt::Hopeless(reason)),
        }
    }

    /// What stands beside the runs.
    pub fn files(&self) -> Vec<(String, String)> {
        vec![("space.toml".to_string(), self.space.text.clone())]
    }
}

/// The outputs that match a pattern, in the order of the space.
fn choose(all: &[Output], patterns: &[String]) -> Result<Vec<Output>, Problems> {
    let mut problems = Problems::default();
    for pattern in patterns {
        if !all.iter().any(|output| matches(pattern, &output.name)) {
            let names = all.iter().map(|output| output.name.as_str());
            let near = nearest(pattern, names.clone()).into_iter().next();
            let message = format!("'{pattern}' is no output of the space: {}", names.collect::<Vec<_>>().join(", "));
            problems.push(Problem::new("unknown_output", message).key("--outputs").suggest(near));
        }
    }
    let wanted =
        |output: &&Output| patterns.is_empty() || patterns.iter().any(|pattern| matches(pattern, &output.name));
    problems.check(all.iter().filter(wanted).cloned().collect())
}
