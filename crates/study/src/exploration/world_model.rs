//! Runs of the world, every policy in every future.

use explore::{
    design::Points,
    store::{Halt, Line, Manifest, rounded},
};
use std::{
    collections::BTreeMap,
    sync::{Mutex, PoisonError},
};
use units::Problems;
use world::{Trajectory, Variant};

use super::{Factors, Reading, Request, default_outputs};
use crate::{
    claims::settings::Settings,
    ground::Ground,
    hashes::{data_sha256, text_sha256},
};

/// Significant digits of inputs and outputs in the table: far more than the model is worth, and half the bytes.
const DIGITS: usize = 9;

/// The built-in study as something to explore: a run is a future, its alternatives are the policies.
#[derive(Debug)]
pub struct WorldModel<'a> {
    ground: &'a Ground<'a>,
    factors: Factors,
    points: Points,
    readings: Vec<Reading>,
    manifest: Manifest,
    /// Trajectories that are not in use.
    spare: Mutex<Vec<Trajectory>>,
}

impl<'a> WorldModel<'a> {
    /// Prepares the runs of a scenario. `outputs` are names of [`Reading`]s; without any, the usual ones.
    ///
    /// # Errors
    /// Inputs, outputs or a design that do not exist.
    pub fn new(ground: &'a Ground<'a>, request: &Request, outputs: &[String], version: &str) -> Result<Self, Problems> {
        let scenario = &ground.scenario;
        let factors = Factors::new(&scenario.inputs, &scenario.correlations, request.camps, &request.inputs)?;
        let scheme = request.scheme(&factors)?;
        let like = ground.world.trajectory();
        let names = if outputs.is_empty() {
            default_outputs(&like, Settings::embedded()?.verdict.horizon)
        } else {
            outputs.to_vec()
        };
        let (mut readings, mut problems) = (Vec::<Reading>::new(), Problems::default());
        for name in &names {
            match Reading::parse(name, &like) {
                // The same output twice is one column.
                Ok(reading) if readings.iter().any(|known| known.name == reading.name) => {}
                Ok(reading) => readings.push(reading),
                Err(problem) => problems.push(problem),
            }
        }
        let readings = problems.check(readings)?;
        let policies: String = ground.policy_files.iter().map(|file| file.text.as_str()).collect();
        let about = BTreeMap::from([
            ("data_as_of".to_string(), facts::AS_OF.to_string()),
            ("data_sha256".to_string(), data_sha256(ground.inputs.facts)),
            ("model".to_string(), "world".to_string()),
            ("name".to_string(), scenario.name.clone()),
            ("scenario_sha256".to_string(), text_sha256(&format!("{}{policies}", ground.scenario_toml()))),
            ("version".to_string(), version.to_string()),
        ]);
        let manifest = Manifest {
            schema: Manifest::SCHEMA.into(),
            design: scheme,
            shard: request.shard,
            inputs: factors.columns().to_vec(),
            alternatives: ground.policies.iter().map(|prepared| prepared.policy.id.clone()).collect(),
            outputs: readings.iter().map(Reading::output).collect(),
            about,
        };
        let points =
            scheme.points(factors.dimensions()).map_err(|error| units::Problem::new("bad_design", error.message))?;
        Ok(Self { ground, factors, points, readings, manifest, spare: Mutex::new(Vec::new()) })
    }

    /// What is run.
    pub fn manifest(&self) -> &Manifest {
        &self.manifest
    }

    /// One future under every policy.
    ///
    /// # Errors
    /// Never: the signature is that of any model.
    pub fn run(&self, run: u64) -> Result<Line, Halt> {
        let spare = self.spare.lock().unwrap_or_else(PoisonError::into_inner).pop();
        let mut trajectory = spare.unwrap_or_else(|| self.ground.world.trajectory());
        let (mut columns, draw) = self.factors.draw(&self.points, run);
        let mut values = Vec::with_capacity(self.manifest.width());
        let policies: Vec<_> = self.ground.policies.iter().map(|prepared| &prepared.compiled).collect();
        self.ground.world.run_each(&policies, (&draw, &Variant::default()), &mut trajectory, |_, trajectory| {
            values.extend(self.readings.iter().map(|reading| rounded(reading.read(trajectory), DIGITS)));
        });
        self.spare.lock().unwrap_or_else(PoisonError::into_inner).push(trajectory);
        for value in &mut columns {
            *value = rounded(*value, DIGITS);
        }
        let outcome = match values.iter().position(|value| !value.is_finite()) {
            None => Ok(values.as_slice()),
            Some(at) => Err(format!("not finite: {}", self.manifest.headers()[1 + columns.len() + at])),
        };
        Ok(self.manifest.line(run, &columns, outcome.as_ref().map(|values| *values).map_err(String::as_str)))
    }

    /// What stands beside the runs: the resolved scenario and the policies that it names.
    pub fn files(&self) -> Vec<(String, String)> {
        let mut files = vec![("scenario.toml".to_string(), self.ground.scenario_toml())];
        files.extend(self.ground.policy_files.iter().map(|file| (file.copy.clone(), file.text.clone())));
        files
    }
}
