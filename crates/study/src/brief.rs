//! The built-in study, from scenario to findings.
//!
//! | step | file |
//! |---|---|
//! | every future of every camp: ballots, bands, `runs.csv` | `brief/gather.rs` |
//! | one claim's counts, checks and verdict | `brief/finding.rs` |
//! | what its votes hang on | `brief/explained.rs` |

mod explained;
mod finding;
mod gather;

use rayon::prelude::*;
use std::collections::BTreeMap;
use std::io::{self, Write};
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use units::{Problems, Quarter};

use crate::bands::Chosen;
use crate::claims::settings::{self, Settings};
use crate::claims::{self, Ballot, Claim, Context, Roles};
use crate::ensemble::Watch;
use crate::findings::{Brief, ClaimFinding, Counts, Trajectories};
use crate::ground::Ground;
use crate::hashes::{data_sha256, text_sha256};
use crate::plan::Plan;
use crate::sampling::{CampKey, Sampler, camps};
use crate::{assumptions, background};
use finding::{ClaimStudy, undecided};
use gather::Questions;

/// What a study ended with.
#[derive(Debug)]
pub enum Ended {
    /// The findings.
    Done(Box<Brief>),
    /// It was cancelled; nothing is to be kept.
    Cancelled,
}

/// Why a study could not be made.
#[derive(Debug)]
pub enum Failure {
    /// The input is wrong.
    Input(Problems),
    /// `runs.csv` could not be written.
    Write(io::Error),
}

impl From<Problems> for Failure {
    fn from(problems: Problems) -> Self {
        Self::Input(problems)
    }
}

impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Self {
        Self::Write(error)
    }
}

/// Runs the study of a scenario. `runs` receives `runs.csv` as results come.
///
/// # Errors
/// Wrong input; a table that cannot be written.
pub fn run(ground: &Ground<'_>, watch: Watch<'_>, runs: &mut (dyn Write + Send)) -> Result<Ended, Failure> {
    run_with(ground, &Settings::embedded()?, watch, runs)
}

/// The same by other thresholds than the embedded ones: for tests, which want fewer futures in the checks.
///
/// # Errors
/// As [`run`].
pub fn run_with(
    ground: &Ground<'_>,
    settings: &Settings,
    watch: Watch<'_>,
    runs: &mut (dyn Write + Send),
) -> Result<Ended, Failure> {
    let scenario = &ground.scenario;
    let futures = scenario.run.futures;
    let default = Sampler::new(scenario, &CampKey::DEFAULT, futures, scenario.run.seed)?;
    let check_runs = AtomicUsize::new(0);
    let roles = Roles::of(ground);
    let horizon = settings.verdict.horizon.min(scenario.run.until);
    let context = Context {
        ground,
        settings,
        roles: roles.clone().unwrap_or(Roles { us: 0, china: 0, rest: 0 }),
        sampler: &default,
        horizon,
        check_runs: &check_runs,
    };
    let mut plan = Plan::new(ground);
    let mut entries = claims::all(&context, &mut plan, roles.as_ref().err())?;
    if horizon < settings.verdict.horizon {
        for entry in &mut entries {
            entry.wait_for(settings.verdict.horizon);
        }
    }
    let ready: Vec<&dyn Claim> = entries.iter().filter_map(|entry| entry.claim.as_deref().ok()).collect();
    let mut horizons = vec![horizon];
    let inside = |quarter: &&Quarter| **quarter <= scenario.run.until && **quarter != horizon;
    horizons.extend(settings.verdict.horizons.iter().filter(inside));
    let camps = camps(scenario);
    let columns = explained::Columns::default();
    let study = |claim| ClaimStudy {
        context: &context,
        plan: &plan,
        claim,
        camps: &camps,
        columns: &columns,
        cancel: watch.cancel,
    };

    // Checks count in the progress as the futures that as many world runs make.
    let checks: u64 = ready.iter().map(|claim| study(*claim).check_runs()).sum();
    let per_future = plan.cases.len().max(1) as u64;
    let in_camps = (camps.len() * futures) as u64;
    let in_all = in_camps + checks.div_ceil(per_future);
    let like = ground.world.trajectory();
    let chosen = Chosen::for_brief(&like);
    let questions = Questions { context: &context, plan: &plan, camps: &camps, claims: &ready, horizons: &horizons };
    let Some(gathered) = questions.gather(&chosen, watch, in_all, runs)? else { return Ok(Ended::Cancelled) };

    // A claim that can be judged has the ballots of its place among them.
    let mut ready_before = 0;
    let placed: Vec<(usize, &claims::Entry)> = entries
        .iter()
        .map(|entry| {
            let place = ready_before;
            ready_before += usize::from(entry.claim.is_ok());
            (place, entry)
        })
        .collect();
    let checked = AtomicU64::new(0);
    let finding = |(position, entry): (usize, _)| -> Result<ClaimFinding, Problems> {
        let entry: &claims::Entry = entry;
        let claim = match &entry.claim {
            Ok(claim) => claim.as_ref(),
            Err(missing) => return Ok(undecided(&context, entry.id, missing.clone())),
        };
        let of = |index: usize| gathered.ballots.iter().map(|camp| camp[index][position].as_slice()).collect();
        let by_horizon: Vec<(Quarter, Vec<&[Ballot]>)> =
            horizons.iter().enumerate().map(|(index, horizon)| (*horizon, of(index))).collect();
        let found = study(claim).finding(&by_horizon)?;
        let own = study(claim).check_runs();
        (watch.progress)(in_camps + (checked.fetch_add(own, Ordering::Relaxed) + own) / per_future, in_all);
        Ok(found)
    };
    let (findings, hindcasts) = rayon::join(
        || placed.into_par_iter().map(finding).collect::<Result<Vec<ClaimFinding>, Problems>>(),
        || background::hindcasts(ground),
    );
    let findings = findings?;
    if watch.cancel.load(Ordering::Relaxed) {
        return Ok(Ended::Cancelled);
    }
    let quarters = like.quarters().to_vec();
    let trajectories = Trajectories {
        quarters,
        blocs: like.blocs().to_vec(),
        sectors: like.sectors().to_vec(),
        policies: gathered
            .kept
            .iter()
            .zip(&ground.policies)
            .map(|(kept, prepared)| kept.bands(&chosen, &like, &prepared.policy.id, scenario.run.policy_start))
            .collect(),
    };
    let assumptions = assumptions::assumptions(ground, &default);
    let sampled = assumptions.iter().filter(|assumption| assumption.sampled).count();
    let counts = Counts {
        policies: ground.policies.len(),
        futures,
        camps: camps.len(),
        runs: questions.runs(),
        check_runs: check_runs.load(Ordering::Relaxed),
        inputs_sampled: sampled,
        inputs_fixed: assumptions.len() - sampled,
    };
    Ok(Ended::Done(Box::new(Brief {
        scenario: background::summary(ground),
        counts,
        claims: findings,
        fit: background::fit(ground, &gathered.modelled),
        hindcasts,
        chips: background::chips(ground),
        accounts: background::accounts(&context),
        trajectories,
        assumptions,
        limits: background::limits(ground, futures),
        hashes: hashes(ground),
        data_as_of: facts::AS_OF.to_string(),
        seed: scenario.run.seed,
    })))
}

/// SHA-256 of what the findings rest on.
fn hashes(ground: &Ground<'_>) -> BTreeMap<String, String> {
    let policies = ground.policy_files.iter().map(|file| file.text.as_str());
    let scenario: String = std::iter::once(ground.scenario_toml().as_str()).chain(policies).collect();
    BTreeMap::from([
        ("claims".to_string(), settings::sha256()),
        ("data".to_string(), data_sha256(ground.inputs.facts)),
        ("scenario".to_string(), text_sha256(&scenario)),
    ])
}
