//! The built-in study, from scenario to findings.

use std::collections::BTreeMap;
use std::io::{self, Write};
use std::sync::atomic::AtomicUsize;
use units::{Problems, Quarter};

use crate::bands::{Chosen, Kept, MOST_KEPT};
use crate::claims::settings::{self, Settings};
use crate::claims::verdict::{Rules, quantiles, shares};
use crate::claims::{self, Ballot, Claim, Context, Missing, Roles, Tally, direction};
use crate::ensemble::{Pass, Watch, judge_first};
use crate::findings::{
    Brief, BuiltIn, ClaimFinding, ClaimId, CounterCase, Counts, Dependence, Horizon, Note, Trajectories, Verdict, Votes,
};
use crate::ground::Ground;
use crate::hashes::{data_sha256, text_sha256};
use crate::plan::Plan;
use crate::runs::{RunsWriter, metrics_of};
use crate::sampling::{CampKey, Sampler, camps};
use crate::{assumptions, background};

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
    let shown = plan.cases.len();
    let entries = claims::all(&context, &mut plan, roles.as_ref().err())?;
    let ready: Vec<&dyn Claim> = entries.iter().filter_map(|entry| entry.claim.as_deref().ok()).collect();
    let mut horizons = vec![horizon];
    let inside = |quarter: &&Quarter| **quarter <= scenario.run.until && **quarter != horizon;
    horizons.extend(settings.verdict.horizons.iter().filter(inside));
    let questions: Vec<(&dyn Claim, Quarter)> =
        horizons.iter().flat_map(|horizon| ready.iter().map(|claim| (*claim, *horizon))).collect();

    let wanted = vec![true; plan.cases.len()];
    let all_camps = camps(scenario);
    let in_all = (all_camps.len() * futures) as u64;
    let mut writer = runs_writer(ground, &all_camps, &ready, runs)?;
    let like = ground.world.trajectory();
    let chosen = Chosen::for_brief(&like);
    let mut modelled: Vec<Vec<f64>> = Vec::new();
    let mut kept: Vec<Kept> = vec![Kept::default(); shown];
    let span = (settings.verdict.value_from, horizon);
    // Ballots: camp, question, future.
    let mut ballots: Vec<Vec<Vec<Ballot>>> = Vec::new();
    for (number, camp) in all_camps.iter().enumerate() {
        let sampler = Sampler::new(scenario, camp, futures, scenario.run.seed)?;
        let pass = Pass {
            context: &context,
            plan: &plan,
            wanted: &wanted,
            sampler: &sampler,
            rows: futures as u64,
            questions: &questions,
            neutral: None,
        };
        let label = camp.label();
        let before = (number * futures) as u64;
        let mut of_camp: Vec<Vec<Ballot>> = vec![Vec::with_capacity(futures); questions.len()];
        let ended = pass.run(
            &|done| (watch.progress)(before + done, in_all),
            watch.cancel,
            |row, future| {
                let keep = number == 0 && row < MOST_KEPT;
                let series: Vec<Vec<f32>> =
                    if keep { future.runs[..shown].iter().map(|run| chosen.values(run)).collect() } else { Vec::new() };
                let modelled = if keep { ground.world.modelled(future.draw, &future.runs[0]) } else { Vec::new() };
                (metrics_of(future, shown, span), series, modelled)
            },
            |row, result| {
                let (metrics, series, seen) = result.seen;
                if number == 0 && row < MOST_KEPT {
                    modelled.push(seen);
                }
                let at_horizon: Vec<&Ballot> = result.ballots[..ready.len()].iter().collect();
                writer.future(&label, row, &result.draw, &metrics, &at_horizon)?;
                for (kept, values) in kept.iter_mut().zip(series) {
                    kept.push(values);
                }
                for (question, ballot) in of_camp.iter_mut().zip(result.ballots) {
                    question.push(ballot);
                }
                Ok(())
            },
        )?;
        if ended.cancelled {
            return Ok(Ended::Cancelled);
        }
        ballots.push(of_camp);
    }
    writer.finish()?;

    let mut findings = Vec::new();
    let mut position = 0;
    for entry in &entries {
        findings.push(match &entry.claim {
            Ok(claim) => {
                let study = ClaimStudy { context: &context, plan: &plan, claim: claim.as_ref(), camps: &all_camps };
                let of = |horizon: usize| -> Vec<&[Ballot]> {
                    ballots.iter().map(|camp| camp[horizon * ready.len() + position].as_slice()).collect()
                };
                let by_horizon: Vec<(Quarter, Vec<&[Ballot]>)> =
                    horizons.iter().enumerate().map(|(index, horizon)| (*horizon, of(index))).collect();
                position += 1;
                if watch.cancel.load(std::sync::atomic::Ordering::Relaxed) {
                    return Ok(Ended::Cancelled);
                }
                study.finding(&by_horizon)?
            }
            Err(missing) => undecided(&context, entry.id, missing.clone()),
        });
    }
    let quarters = like.quarters().to_vec();
    let trajectories = Trajectories {
        quarters,
        blocs: like.blocs().to_vec(),
        sectors: like.sectors().to_vec(),
        policies: kept
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
        camps: all_camps.len(),
        runs: plan.cases.len() * all_camps.len() * futures,
        check_runs: check_runs.load(std::sync::atomic::Ordering::Relaxed),
        inputs_sampled: sampled,
        inputs_fixed: assumptions.len() - sampled,
    };
    Ok(Ended::Done(Box::new(Brief {
        scenario: background::summary(ground),
        counts,
        claims: findings,
        fit: background::fit(ground, &modelled),
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

fn runs_writer<'a>(
    ground: &Ground<'_>,
    all_camps: &[CampKey],
    claims: &[&dyn Claim],
    runs: &'a mut (dyn Write + Send),
) -> Result<RunsWriter<'a>, Failure> {
    let scenario = &ground.scenario;
    let mut varying = Vec::new();
    let samplers: Vec<Sampler> =
        all_camps.iter().map(|camp| Sampler::new(scenario, camp, 1, scenario.run.seed)).collect::<Result<_, _>>()?;
    for (index, input) in scenario.inputs.iter().enumerate() {
        let differs = samplers.iter().any(|sampler| sampler.shape(index) != samplers[0].shape(index));
        if differs || samplers.iter().any(|sampler| sampler.varies(index)) {
            varying.push((index, input.id.clone()));
        }
    }
    let policies = ground.policies.iter().map(|prepared| prepared.policy.id.clone()).collect();
    let blocs: Vec<String> = scenario.blocs.iter().map(|bloc| bloc.id.clone()).collect();
    let by_future = claims.iter().map(|claim| claim.votes_by_future().then(|| claim.id())).collect();
    Ok(RunsWriter::new(runs, policies, &varying, &blocs, by_future)?)
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

/// A claim that this scenario cannot put to the test.
fn undecided(context: &Context<'_>, id: ClaimId, needs: Missing) -> ClaimFinding {
    let votes = Votes::default();
    ClaimFinding {
        id,
        verdict: Verdict::NotYetDecidable,
        verdict_by_votes: Verdict::Undefined,
        needs: Some(needs),
        votes,
        shares: shares(votes),
        camps: Vec::new(),
        depends_on: Vec::new(),
        depends_on_futures: 0,
        depends_on_tested: Vec::new(),
        horizon: context.horizon,
        horizons: Vec::new(),
        horizon_changes_verdict: false,
        metrics: BTreeMap::new(),
        thresholds: settings::thresholds(id),
        counter_case: CounterCase::default(),
        built_in: None,
        tables: Vec::new(),
        notes: Vec::new(),
    }
}

/// One claim with all its ballots.
struct ClaimStudy<'a> {
    context: &'a Context<'a>,
    plan: &'a Plan,
    claim: &'a dyn Claim,
    camps: &'a [CampKey],
}

/// Ballots by horizon, then camp.
type ByHorizon<'b> = [(Quarter, Vec<&'b [Ballot]>)];

impl ClaimStudy<'_> {
    /// Counts, checks, and what the claim adds.
    fn finding(&self, by_horizon: &ByHorizon<'_>) -> Result<ClaimFinding, Problems> {
        let (claim, settings) = (self.claim, self.context.settings);
        let rules = settings.rules();
        let (horizon, ballots) = &by_horizon[0];
        let tallies: Vec<Tally> = ballots.iter().map(|ballots| claim.tally(ballots)).collect();
        let verdict_by_votes = decide(&rules, &tallies);
        let mut finding = undecided(self.context, claim.id(), Vec::new());
        finding.needs = None;
        finding.verdict_by_votes = verdict_by_votes;
        finding.votes = tallies[0].votes;
        finding.shares = shares(finding.votes);
        finding.horizon = *horizon;
        for (camp, tally) in self.camps.iter().zip(&tallies) {
            let (input, name) =
                camp.off_default.as_ref().map_or((None, None), |(i, n)| (Some(i.as_str()), Some(n.as_str())));
            let mut line = rules.camp(input, name, tally.votes);
            line.verdict = decide(&rules, std::slice::from_ref(tally));
            finding.camps.push(line);
        }
        for (quarter, ballots) in &by_horizon[1..] {
            let tallies: Vec<Tally> = ballots.iter().map(|ballots| claim.tally(ballots)).collect();
            let verdict = decide(&rules, &tallies);
            finding.horizons.push(Horizon { quarter: *quarter, votes: tallies[0].votes, verdict });
        }
        finding.horizon_changes_verdict = finding.horizons.iter().any(|other| other.verdict != verdict_by_votes);
        for (index, (name, unit)) in claim.metrics().iter().enumerate() {
            let values: Vec<f64> = ballots[0].iter().map(|ballot| ballot.metrics[index]).collect();
            finding.metrics.insert((*name).into(), quantiles(unit, &values));
        }
        self.check_built_in(&mut finding, &rules);
        self.check_dependence(&mut finding, &rules, ballots[0]);
        claim.complete(self.context, self.plan, ballots[0], &mut finding)?;
        self.conclude(&mut finding, ballots[0]);
        Ok(finding)
    }

    /// The run with the mechanism neutralised, on the first futures of the default camp.
    fn check_built_in(&self, finding: &mut ClaimFinding, rules: &Rules) {
        let Some(neutral) = self.claim.neutral() else { return };
        let wanted = self.plan.closure(&self.claim.cases());
        let question = [(self.claim, self.context.horizon)];
        let rows = self.context.settings.verdict.built_in_futures as u64;
        let ballots = judge_first(
            self.context,
            self.plan,
            self.context.sampler,
            rows,
            &question,
            (&wanted, Some(&neutral.switches)),
        );
        let ballots: Vec<Ballot> = ballots.into_iter().flatten().collect();
        let tally = self.claim.tally(&ballots);
        let verdict = decide(rules, std::slice::from_ref(&tally));
        let real = direction(finding.verdict_by_votes);
        let same = direction(verdict) == real && real.is_some_and(|way| way != crate::claims::verdict::Vote::Neither);
        let implied = neutral.implied.is_some() && neutral.implied == real;
        finding.built_in =
            Some(BuiltIn { neutralised: neutral.codes, votes: tally.votes, verdict, same_verdict: same && !implied });
    }

    /// Every assumed input that the claim's mechanism reads, at its two ends.
    fn check_dependence(&self, finding: &mut ClaimFinding, rules: &Rules, ballots: &[Ballot]) {
        let wanted = self.plan.closure(&self.claim.cases());
        let question = [(self.claim, self.context.horizon)];
        let rows = (self.context.settings.verdict.depends_on_futures as u64).min(self.context.sampler.rows());
        let base = self.claim.tally(&ballots[..(rows as usize).min(ballots.len())]);
        let base_verdict = direction(decide(rules, std::slice::from_ref(&base)));
        finding.depends_on_futures = rows as usize;
        for (index, input) in self.context.ground.world.registry().inputs.iter().enumerate() {
            let reads = input.claims.iter().any(|claim| claim == self.claim.id().name());
            if input.kind != world::inputs::InputKind::Assumption || !reads || !self.context.sampler.varies(index) {
                continue;
            }
            let (low, high) = self.context.sampler.shape(index).ends();
            let tally_at = |value: f64| {
                let held = self.context.sampler.holding(index, value);
                let ballots = judge_first(self.context, self.plan, &held, rows, &question, (&wanted, None));
                self.claim.tally(&ballots.into_iter().flatten().collect::<Vec<_>>())
            };
            let (at_low, at_high) = (tally_at(low), tally_at(high));
            let verdict = |tally: &Tally| decide(rules, std::slice::from_ref(tally));
            let (verdict_low, verdict_high) = (verdict(&at_low), verdict(&at_high));
            finding.depends_on_tested.push(Dependence {
                input: input.key.clone(),
                unit: input.unit.clone(),
                low,
                votes_low: at_low.votes,
                verdict_low,
                high,
                votes_high: at_high.votes,
                verdict_high,
                flips: [verdict_low, verdict_high].iter().any(|verdict| direction(*verdict) != base_verdict),
            });
        }
        let swing = |tested: &Dependence| tested.votes_low.in_favour.abs_diff(tested.votes_high.in_favour);
        finding.depends_on_tested.sort_by(|a, b| swing(b).cmp(&swing(a)).then_with(|| a.input.cmp(&b.input)));
        finding.depends_on = finding.depends_on_tested.iter().filter(|tested| tested.flips).cloned().collect();
    }

    /// The verdict with the checks: what is missing, what is constant, what is built in.
    fn conclude(&self, finding: &mut ClaimFinding, ballots: &[Ballot]) {
        let mut needs = self.claim.needs();
        for (name, mechanism) in self.claim.deciding() {
            let index = self.claim.metrics().iter().position(|(known, _)| known == name);
            let values = ballots.iter().filter_map(|ballot| Some(ballot.metrics[index?]));
            if ballots.len() > 1 && is_constant(values) {
                needs.push(format!("mechanism:{name}:{mechanism}"));
            }
        }
        finding.verdict = finding.verdict_by_votes;
        if finding.built_in.as_ref().is_some_and(|check| check.same_verdict) {
            finding.verdict = Verdict::BuiltIn;
        }
        if !needs.is_empty() {
            finding.verdict = Verdict::NotYetDecidable;
            finding.needs = Some(needs);
        }
        if finding.verdict_by_votes == Verdict::Contested {
            let of_camps: Vec<_> = finding.camps.iter().map(|camp| direction(camp.verdict)).collect();
            let camps_differ = of_camps.windows(2).any(|pair| pair[0] != pair[1]);
            finding.notes.push(Note::new(if camps_differ {
                "contested_between_camps"
            } else {
                "contested_between_votes"
            }));
        }
    }
}

/// The same number in every future, or none in any.
fn is_constant(values: impl Iterator<Item = f64>) -> bool {
    let (mut low, mut high) = (f64::INFINITY, f64::NEG_INFINITY);
    for value in values.filter(|value| !value.is_nan()) {
        low = low.min(value);
        high = high.max(value);
    }
    low >= high || (high - low).abs() <= 1e-9 * high.abs().max(low.abs())
}

/// The verdict of camps: by their votes, or by one vote a camp where the claim has it so.
fn decide(rules: &Rules, tallies: &[Tally]) -> Verdict {
    match tallies.iter().map(|tally| tally.camp_vote).collect::<Option<Vec<_>>>() {
        Some(votes) if !votes.is_empty() => Rules::verdict_of_camp_votes(&votes),
        _ => rules.verdict(&tallies.iter().map(|tally| tally.votes).collect::<Vec<_>>()),
    }
}
