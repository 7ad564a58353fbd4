//! A search for adaptive policies: which policy to begin with, which signpost to watch, at which value to go over to which
//! other policy.
//!
//! A candidate is run in every future of a set and rated by how its objectives come out over them; the search
//! ([`explore::optimise`]) keeps those that no other one beats. What was found on one set of futures is measured on
//! another, drawn by another seed, beside the policies without a switch: the first set flatters what was chosen on it.

mod candidate;

use std::sync::Arc;

use explore::{
    Draws,
    optimise::{Nsga2, Rating},
    robustness::pareto_set,
    statistics::quantile,
};
use rayon::prelude::*;
use serde::Serialize;
use units::{Problem, Problems, Quarter};
use world::{CompiledPolicy, Trajectory, Variant, policy::Side};

use crate::{
    ensemble::Watch,
    exploration::Reading,
    ground::Ground,
    sampling::{CampKey, Sampler},
};
use candidate::{Candidate, Space, Watched};

/// What is searched for.
#[derive(Clone, Debug)]
pub struct Request {
    /// Objectives, as outputs are written; none for the acting bloc's value, the price in `rest` and the rival's computing.
    pub objectives: Vec<String>,
    /// Objectives of which less is better.
    pub less: Vec<String>,
    /// Signposts, as `VARIABLE@BLOC` or `share:VARIABLE@BLOC`; none for five.
    pub signposts: Vec<String>,
    /// How an objective is summed up over the futures.
    pub over: Over,
    /// Futures of the search; as many again measure what was found.
    pub futures: usize,
    /// Candidates of a generation.
    pub population: usize,
    /// Generations after the first.
    pub generations: u32,
    /// Seed of the futures and of the search.
    pub seed: u64,
}

/// How an objective is summed up over futures.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Over {
    /// By its mean.
    Mean,
    /// By its quantile at the bad end, 10 %.
    Low10,
}

/// An objective.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Objective {
    /// Its name, as an output is written.
    pub name: String,
    /// Its unit.
    pub unit: String,
    /// Whether less of it is better.
    pub less_is_better: bool,
}

/// A policy of the front, or one without a switch.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Found {
    /// The policy that it begins with.
    pub start: String,
    /// When it switches, and to what; none for a policy without a switch.
    pub switch: Option<SwitchFound>,
    /// Objectives over the futures of the search; in their own sign.
    pub searched: Vec<f64>,
    /// Objectives over other futures.
    pub measured: Vec<f64>,
    /// Share of those futures in which it switches.
    pub switched_fraction: f64,
    /// The median quarter from which the second policy holds, where it switches.
    pub median_switch: Option<Quarter>,
    /// Whether, over the other futures, nothing else that is listed beats it in every objective.
    pub unbeaten: bool,
}

/// A switch that was found.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct SwitchFound {
    /// The policy that then holds.
    pub to: String,
    /// What is watched: `VARIABLE@BLOC`, or `share:VARIABLE@BLOC`.
    pub signpost: String,
    /// Its unit.
    pub unit: String,
    /// Whether above the threshold, else below.
    pub above: bool,
    /// The threshold, in the unit.
    pub threshold: f64,
    /// Quarters in a row.
    pub quarters: u32,
    /// First quarter that counts.
    pub from: Quarter,
}

/// What a search found.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Adapted {
    /// The scenario.
    pub name: String,
    /// The objectives.
    pub objectives: Vec<Objective>,
    /// How they are summed up.
    pub over: Over,
    /// Futures of the search, and as many others to measure.
    pub futures: usize,
    /// Candidates that were rated.
    pub rated: u64,
    /// Hypervolume of what was kept after each generation, in boxes of 1 % of each objective's range: what has stopped rising
    /// will not rise much more.
    pub volume: Vec<f64>,
    /// The adaptive policies that none beat in the search, the best in the first objective first.
    pub adaptive: Vec<Found>,
    /// The policies without a switch.
    pub fixed: Vec<Found>,
}

/// Searches, over the policies of the ground.
///
/// `None` where it was cancelled.
///
/// # Errors
/// Objectives and signposts that are not there; fewer than two policies; correlations that contradict one another.
pub fn search(ground: &Ground<'_>, request: &Request, watch: Watch<'_>) -> Result<Option<Adapted>, Problems> {
    if ground.policies.len() < 2 {
        let message = "an adaptive policy goes from one policy to another: name at least two";
        return Err(Problem::new("one_policy", message).key("--policy").into());
    }
    let like = ground.world.trajectory();
    let (readings, objectives) = objectives(ground, request, &like)?;
    let signposts = candidate::signposts(ground, request, &like)?;
    let futures = |seed: u64| -> Result<Vec<Vec<f64>>, Problems> {
        let sampler = Sampler::new(&ground.scenario, &CampKey::DEFAULT, request.futures, seed)?;
        Ok((0..sampler.rows()).map(|row| sampler.draw(row)).collect())
    };
    let (searched, measured) = (futures(request.seed)?, futures(request.seed.wrapping_add(1))?);
    let trial = Trial { ground, readings: &readings, objectives: &objectives, over: request.over };
    let compiled: Vec<Arc<CompiledPolicy>> =
        ground.policies.iter().map(|prepared| Arc::new(prepared.compiled.clone())).collect();
    let fixed: Vec<Outcome> = compiled.par_iter().map(|policy| trial.run(policy, &searched)).collect();
    let watched = Watched::measure(ground, &compiled, &signposts, &searched);
    let space = Space { ground, policies: &compiled, watched: &watched };
    let scale: Vec<f64> = (0..objectives.len()).map(|objective| spread(&fixed, objective)).collect();
    let all = (request.population as u64) * (u64::from(request.generations) + 1);
    let progress = |rated: u64| (watch.progress)(rated, all);
    let rate = |variables: &[f64]| {
        let found = space.candidate(variables).and_then(|candidate| space.compile(&candidate));
        match found {
            Some(policy) => Rating::from(trial.payoffs(&trial.run(&policy, &searched).objectives)),
            // A policy that switches to itself is no candidate.
            None => Rating { payoffs: vec![0.0; objectives.len()], violation: 1.0 },
        }
    };
    let found = Nsga2::new(space.bounds(), Draws::new(request.seed, 7))
        .population(request.population)
        .generations(request.generations)
        .progress(&progress)
        .cancel(watch.cancel)
        .run(&scale.iter().map(|range| 0.01 * range).collect::<Vec<f64>>(), rate);
    if found.cancelled {
        return Ok(None);
    }
    let kept: Vec<Candidate> =
        found.solutions.iter().filter_map(|solution| space.candidate(&solution.variables)).collect();
    let adaptive: Vec<(Found, Outcome)> = kept
        .par_iter()
        .filter_map(|candidate| {
            let policy = space.compile(candidate)?;
            let (seen, fresh) = (trial.run(&policy, &searched), trial.run(&policy, &measured));
            Some((trial.found(candidate.start, Some(space.switch(candidate)), &seen, &fresh), fresh))
        })
        .collect();
    let without: Vec<(Found, Outcome)> = compiled
        .par_iter()
        .zip(&fixed)
        .enumerate()
        .map(|(start, (policy, seen))| {
            let fresh = trial.run(policy, &measured);
            (trial.found(start, None, seen, &fresh), fresh)
        })
        .collect();
    let points: Vec<Vec<f64>> =
        adaptive.iter().chain(&without).map(|(_, outcome)| trial.payoffs(&outcome.objectives)).collect();
    let unbeaten = pareto_set(&points);
    let count = adaptive.len();
    let mark = |list: Vec<(Found, Outcome)>, offset: usize| -> Vec<Found> {
        let one = |(place, (found, _)): (usize, (Found, Outcome))| Found {
            unbeaten: unbeaten.contains(&(offset + place)),
            ..found
        };
        list.into_iter().enumerate().map(one).collect()
    };
    Ok(Some(Adapted {
        name: ground.scenario.name.clone(),
        objectives,
        over: request.over,
        futures: request.futures,
        rated: found.rated,
        volume: found.volume,
        adaptive: mark(adaptive, 0),
        fixed: mark(without, count),
    }))
}

/// The text of a found policy's file; `base` names a policy as a file may (`builtin:ID`, `file:NAME`).
pub fn policy_toml(found: &Found, number: usize, base: &dyn Fn(&str) -> String) -> Option<String> {
    let switch = found.switch.as_ref()?;
    let (share, rest) =
        switch.signpost.strip_prefix("share:").map_or((false, switch.signpost.as_str()), |rest| (true, rest));
    let (variable, bloc) = rest.split_once('@')?;
    let side = if switch.above { "above" } else { "below" };
    let of = if share { "of = \"world\"\n" } else { "" };
    Some(format!(
        "schema = \"downstream/policy/1\"\nid = \"adaptive-{number}\"\ntitle = \"{start}, then {to}\"\nbase = \"{base}\"\n\n\
         [[switch]]\nto = \"{target}\"\nvariable = \"{variable}\"\nbloc = \"{bloc}\"\n{of}{side} = {threshold}\nquarters = {quarters}\n\
         from = \"{from}\"\n",
        start = found.start,
        to = switch.to,
        base = base(&found.start),
        target = base(&switch.to),
        threshold = switch.threshold,
        quarters = switch.quarters,
        from = switch.from,
    ))
}

/// Objectives of a policy over futures.
struct Outcome {
    objectives: Vec<f64>,
    switches: Vec<Quarter>,
    futures: usize,
}

/// How a policy is tried.
struct Trial<'a> {
    ground: &'a Ground<'a>,
    readings: &'a [Reading],
    objectives: &'a [Objective],
    over: Over,
}

impl Trial<'_> {
    fn run(&self, policy: &CompiledPolicy, futures: &[Vec<f64>]) -> Outcome {
        let mut run = self.ground.world.trajectory();
        let mut values = vec![Vec::with_capacity(futures.len()); self.readings.len()];
        let mut switches = Vec::new();
        for draw in futures {
            self.ground.world.run(policy, draw, &Variant::default(), &mut run);
            for (values, reading) in values.iter_mut().zip(self.readings) {
                values.push(reading.read(&run));
            }
            switches.extend(run.switched.first().map(|(quarter, _)| *quarter));
        }
        switches.sort_unstable();
        let sum = |(values, objective): (&Vec<f64>, &Objective)| match self.over {
            Over::Mean => values.iter().sum::<f64>() / values.len() as f64,
            Over::Low10 => quantile(values, if objective.less_is_better { 0.9 } else { 0.1 }).unwrap_or(f64::NAN),
        };
        let objectives = values.iter().zip(self.objectives).map(sum).collect();
        Outcome { objectives, switches, futures: futures.len() }
    }

    /// Payoffs: more is better.
    fn payoffs(&self, objectives: &[f64]) -> Vec<f64> {
        let turned = |(value, objective): (&f64, &Objective)| if objective.less_is_better { -value } else { *value };
        objectives.iter().zip(self.objectives).map(turned).collect()
    }

    fn found(&self, start: usize, switch: Option<SwitchFound>, seen: &Outcome, fresh: &Outcome) -> Found {
        Found {
            start: self.ground.policies[start].policy.id.clone(),
            switch,
            searched: seen.objectives.clone(),
            measured: fresh.objectives.clone(),
            switched_fraction: fresh.switches.len() as f64 / fresh.futures as f64,
            median_switch: fresh.switches.get(fresh.switches.len() / 2).copied(),
            unbeaten: false,
        }
    }
}

/// The range of an objective over the policies without a switch; where they are all alike, a thousandth of its size.
fn spread(fixed: &[Outcome], objective: usize) -> f64 {
    let values = fixed.iter().map(|one| one.objectives[objective]);
    let (low, high) =
        values.fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), value| (low.min(value), high.max(value)));
    if high > low { high - low } else { (high.abs() * 1e-3).max(f64::MIN_POSITIVE) }
}

fn objectives(
    ground: &Ground<'_>,
    request: &Request,
    like: &Trajectory,
) -> Result<(Vec<Reading>, Vec<Objective>), Problems> {
    let horizon = Quarter::new(2030, 4).min(ground.scenario.run.until);
    let from = ground.scenario.run.policy_start;
    let given = !request.objectives.is_empty();
    let names = if given {
        request.objectives.clone()
    } else {
        vec![
            format!("value_usd_per_year@us@{from}..{horizon}"),
            format!("service_price_usd_per_mtok@rest@{horizon}"),
            format!("train_flop_per_s@china@{horizon}"),
        ]
    };
    let mut problems = Problems::default();
    let (mut readings, mut objectives) = (Vec::new(), Vec::new());
    for (place, name) in names.iter().enumerate() {
        match Reading::parse(name, like) {
            Ok(reading) => {
                let output = reading.output();
                let less_is_better = request.less.contains(name) || (!given && place > 0);
                objectives.push(Objective { name: output.name, unit: output.unit, less_is_better });
                readings.push(reading);
            }
            Err(problem) => problems.push(problem.key("--objective")),
        }
    }
    for name in request.less.iter().filter(|name| !names.contains(name)) {
        let near = units::nearest(name, &names).into_iter().next();
        problems.push(Problem::new("unknown_output", format!("'{name}' is no objective")).key("--less").suggest(near));
    }
    problems.check((readings, objectives))
}

/// The side of a signpost.
fn side(above: bool) -> Side {
    if above { Side::Above } else { Side::Below }
}
