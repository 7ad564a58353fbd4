//! The passes over all futures of all camps: ballots, bands, `runs.csv`.

use std::io::Write;
use units::Quarter;

use super::Failure;
use crate::bands::{Chosen, Kept, MOST_KEPT};
use crate::claims::{Ballot, Claim, Context};
use crate::ensemble::{Pass, Watch};
use crate::ground::Ground;
use crate::plan::Plan;
use crate::runs::{RunsWriter, metrics_of};
use crate::sampling::{CampKey, Sampler};

/// What is asked of every future.
pub struct Questions<'a> {
    /// World and thresholds.
    pub context: &'a Context<'a>,
    /// The runs of a future; the scenario's own policies come first.
    pub plan: &'a Plan,
    /// The camps, the default first.
    pub camps: &'a [CampKey],
    /// The claims.
    pub claims: &'a [&'a dyn Claim],
    /// The quarters at which they are judged, that of the decision first.
    pub horizons: &'a [Quarter],
}

/// What the futures gave.
pub struct Gathered {
    /// Ballots by camp, horizon, claim and future.
    pub ballots: Vec<Vec<Vec<Vec<Ballot>>>>,
    /// Series of the default camp, by policy.
    pub kept: Vec<Kept>,
    /// The model's view of each observation of history, by future of the default camp.
    pub modelled: Vec<Vec<f64>>,
}

impl Questions<'_> {
    /// Runs every future of every camp; `None` where it was cancelled.
    ///
    /// # Errors
    /// Correlations that contradict one another; a table that cannot be written.
    pub fn gather(
        &self,
        chosen: &Chosen,
        watch: Watch<'_>,
        in_all: u64,
        runs: &mut (dyn Write + Send),
    ) -> Result<Option<Gathered>, Failure> {
        let ground = self.context.ground;
        let (run, shown) = (&ground.scenario.run, ground.policies.len());
        let wanted = vec![true; self.plan.cases.len()];
        let flat: Vec<(&dyn Claim, Quarter)> =
            self.horizons.iter().flat_map(|horizon| self.claims.iter().map(|claim| (*claim, *horizon))).collect();
        let span = (self.context.settings.verdict.value_from, self.context.horizon);
        let mut writer = runs_writer(ground, self.camps, self.claims, runs)?;
        let mut gathered = Gathered { ballots: Vec::new(), kept: vec![Kept::default(); shown], modelled: Vec::new() };
        for (number, camp) in self.camps.iter().enumerate() {
            let sampler = Sampler::new(&ground.scenario, camp, run.futures, run.seed)?;
            let pass = Pass {
                context: self.context,
                plan: self.plan,
                wanted: &wanted,
                sampler: &sampler,
                rows: run.futures as u64,
                questions: &flat,
                neutral: None,
            };
            let label = camp.label();
            let before = (number * run.futures) as u64;
            let mut ballots = vec![vec![Vec::with_capacity(run.futures); self.claims.len()]; self.horizons.len()];
            let ended = pass.run(
                &|done| (watch.progress)(before + done, in_all),
                watch.cancel,
                |row, future| {
                    let seen = (number == 0 && row < MOST_KEPT).then(|| {
                        let series: Vec<Vec<f32>> = future.runs[..shown].iter().map(|run| chosen.values(run)).collect();
                        (series, ground.world.modelled(future.draw, &future.runs[0]))
                    });
                    (metrics_of(future, shown, span), seen)
                },
                |row, result| {
                    let (metrics, seen) = result.seen;
                    let decisive: Vec<&Ballot> = result.ballots[..self.claims.len()].iter().collect();
                    writer.future(&label, row, &result.draw, &metrics, &decisive)?;
                    if let Some((series, modelled)) = seen {
                        gathered.modelled.push(modelled);
                        for (kept, values) in gathered.kept.iter_mut().zip(series) {
                            kept.push(values);
                        }
                    }
                    for (question, ballot) in ballots.iter_mut().flatten().zip(result.ballots) {
                        question.push(ballot);
                    }
                    Ok(())
                },
            )?;
            if ended.cancelled {
                return Ok(None);
            }
            gathered.ballots.push(ballots);
        }
        writer.finish()?;
        Ok(Some(gathered))
    }
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
