//! The finding on one claim: counts, checks, verdict.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, Ordering};
use units::{Problems, Quarter};

use super::explained::{self, Columns};
use crate::claims::verdict::{Rules, Vote, quantiles, shares};
use crate::claims::{Ballot, Claim, Context, Missing, Tally, direction, settings};
use crate::ensemble::judge_first;
use crate::findings::{BuiltIn, ClaimFinding, ClaimId, CounterCase, Dependence, Horizon, Note, Verdict, Votes};
use crate::plan::Plan;
use crate::sampling::CampKey;
use world::inputs::InputKind;

/// A claim that this scenario cannot put to the test.
pub fn undecided(context: &Context<'_>, id: ClaimId, needs: Missing) -> ClaimFinding {
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
        horizon: context.settings.verdict.horizon,
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

/// One claim with what its finding is made from.
pub struct ClaimStudy<'a> {
    /// World and thresholds.
    pub context: &'a Context<'a>,
    /// The runs of a future.
    pub plan: &'a Plan,
    /// The claim.
    pub claim: &'a dyn Claim,
    /// The camps, the default first.
    pub camps: &'a [CampKey],
    /// The futures' inputs, column by column.
    pub columns: &'a Columns,
    /// Stops the checks soon after it is set; the finding is then not to be used.
    pub cancel: &'a AtomicBool,
}

/// Ballots by horizon, then camp.
pub type ByHorizon<'b> = [(Quarter, Vec<&'b [Ballot]>)];

impl ClaimStudy<'_> {
    /// World runs of the checks, about: for the progress bar.
    pub fn check_runs(&self) -> u64 {
        let settings = &self.context.settings.verdict;
        let cases = self.claim.cases().len() as u64;
        let tested = self.assumed().count() as u64;
        cases * (settings.built_in_futures as u64 + 2 * tested * settings.depends_on_futures as u64)
    }

    /// Assumed inputs that vary and that the claim's mechanism reads.
    fn assumed(&self) -> impl Iterator<Item = (usize, &world::InputSpec)> {
        let inputs = self.context.ground.world.registry().inputs.iter().enumerate();
        inputs.filter(|(index, input)| {
            input.kind == InputKind::Assumption
                && input.claims.iter().any(|claim| claim == self.claim.id().name())
                && self.context.sampler.varies(*index)
        })
    }

    /// Counts, checks, and what the claim adds.
    pub fn finding(&self, by_horizon: &ByHorizon<'_>) -> Result<ClaimFinding, Problems> {
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
        finding.tables.extend(explained::tables(self.context, claim, ballots[0], self.columns));
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
        let same = direction(verdict) == real && real.is_some_and(|way| way != Vote::Neither);
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
        for (index, input) in self.assumed() {
            if self.cancel.load(Ordering::Relaxed) {
                return;
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
