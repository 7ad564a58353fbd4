//! C1: algorithms can make up for the lack of high-end chips.
//!
//! (a) *deployment*, at three dates: `R1` = tokens per USD of the cheapest plan with a model of T's origin on chips that
//! T may have, over those of the cheapest plan with an open model of other origin and equal or higher score on
//! unrestricted chips. (b) *race*: `K = 1 - ln(effective gap)/ln(raw gap)`, raw = training FLOP/s of U over T, effective
//! = raw x ratio of algorithmic efficiency. (a) is one comparison a date, with prices drawn from their ranges and the
//! performance of both plans from its intervals; (b) varies by future; the vote joins them.

pub mod deployment;

use units::{Problems, Quarter};
use world::{Switches, Trajectory, Variable, Variant};

use super::{Ballot, Claim, Context, Future, Neutral, Roles, settings::C1 as Settings, verdict::Vote};
use crate::findings::{ClaimFinding, ClaimId, Metric, Note, Table};
use crate::market::PriceDraws;
use crate::plan::{CaseId, Plan};
use crate::reading::at;
use deployment::{Comparison, compare, own_pair, table};
use planning::Searches;

/// The claim with its runs and its comparisons.
#[derive(Debug)]
pub struct C1 {
    settings: Settings,
    roles: Roles,
    base: CaseId,
    comparisons: Vec<Comparison>,
    /// The op-ed's own pair at the first date, when it was new, and at the last.
    pairs: Vec<Table>,
}

impl C1 {
    /// Makes the comparisons and asks the plan for the run.
    pub fn new(context: &Context<'_>, plan: &mut Plan) -> Result<Self, Problems> {
        let settings = context.settings.c1.clone();
        let policy = plan.preset(context.ground, &settings.policy)?;
        let mut draws = PriceDraws::new(context.ground.scenario.run.seed);
        let mut searches = Searches::new(context.ground.inputs.facts, context.ground.inputs.book);
        let comparisons = settings
            .dates
            .iter()
            .map(|date| compare(context.ground, &settings, date, &mut searches, &mut draws))
            .collect::<Result<_, _>>()?;
        let pairs = [settings.dates.first(), settings.dates.last()]
            .into_iter()
            .flatten()
            .map(|date| own_pair(context.ground, &settings, date, &mut searches))
            .collect::<Result<_, _>>()?;
        let base = plan.case(policy, Variant::default());
        Ok(Self { settings, roles: context.roles, base, comparisons, pairs })
    }

    /// Raw gap, effective gap, K.
    fn race(&self, run: &Trajectory, horizon: Quarter) -> (f64, f64, f64) {
        let ratio = |variable| at(run, variable, self.roles.us, horizon) / at(run, variable, self.roles.china, horizon);
        let raw = ratio(Variable::TrainFlop);
        let effective = raw * ratio(Variable::AlgorithmicEfficiency);
        (raw, effective, 1.0 - effective.ln() / raw.ln())
    }

    /// Dates that speak for and against in (a).
    fn dates(&self) -> (usize, usize) {
        let dates = |vote| self.comparisons.iter().filter(|each| each.vote == vote).count();
        (dates(Vote::For), dates(Vote::Against))
    }
}

/// How long ago the leader had the effective training compute that the follower has now [months]; negative where the
/// follower leads. NaN where it lies before the run.
fn lag_months(run: &Trajectory, leader: usize, follower: usize, horizon: Quarter) -> f64 {
    let Some(now) = run.at(horizon) else { return f64::NAN };
    let (ahead, behind) =
        (run.get(Variable::EffectiveTrainFlop, leader), run.get(Variable::EffectiveTrainFlop, follower));
    if behind[now] > ahead[now] {
        return -lag_months(run, follower, leader, horizon);
    }
    let level = behind[now].ln();
    for earlier in (0..now).rev() {
        let (low, high) = (ahead[earlier].ln(), ahead[earlier + 1].ln());
        if low <= level && level <= high {
            let part = if high > low { (high - level) / (high - low) } else { 0.0 };
            return 3.0 * ((now - earlier - 1) as f64 + part);
        }
    }
    if ahead[now] == behind[now] { 0.0 } else { f64::NAN }
}

impl Claim for C1 {
    fn id(&self) -> ClaimId {
        ClaimId::C1
    }

    fn cases(&self) -> Vec<CaseId> {
        vec![self.base]
    }

    fn metrics(&self) -> &'static [(&'static str, &'static str)] {
        &[("k", "ratio"), ("raw_gap", "ratio"), ("effective_gap", "ratio"), ("lag_months", "months")]
    }

    fn deciding(&self) -> &'static [(&'static str, &'static str)] {
        &[("k", "E3 E18"), ("raw_gap", "E16")]
    }

    fn needs(&self) -> Vec<String> {
        let priced = self.comparisons.iter().filter(|each| each.ratio.is_some()).count();
        if priced < self.settings.dates_needed { vec!["prices_or_scores_at_two_dates".into()] } else { Vec::new() }
    }

    fn judge(&self, future: &Future<'_>, horizon: Quarter) -> Ballot {
        let run = future.run(self.base);
        let (raw, effective, k) = self.race(run, horizon);
        let limits = &self.settings;
        let (dates_for, dates_against) = self.dates();
        let vote = if raw.is_nan() || k.is_nan() || raw < limits.raw_gap_undefined_below {
            Vote::Undefined
        } else {
            Vote::of(
                dates_for >= limits.dates_needed && k >= limits.k_for,
                dates_against >= limits.dates_needed && k <= limits.k_against,
            )
        };
        Ballot::new(vote, vec![k, raw, effective, lag_months(run, self.roles.us, self.roles.china, horizon)])
    }

    fn neutral(&self) -> Option<Neutral> {
        Some(Neutral {
            switches: Switches { performance_ratios: false, stances: false, ..Switches::default() },
            codes: ["performance_ratios_equal", "stances_equal"].map(String::from).to_vec(),
            // No advantage in algorithms at all is K = 0, a vote against.
            implied: Some(Vote::Against),
        })
    }

    fn complete(
        &self,
        _context: &Context<'_>,
        _plan: &Plan,
        ballots: &[Ballot],
        finding: &mut ClaimFinding,
    ) -> Result<(), Problems> {
        let limits = &self.settings;
        let share = |test: &dyn Fn(f64) -> bool| {
            ballots.iter().filter(|ballot| test(ballot.metrics[0])).count() as f64 / ballots.len().max(1) as f64
        };
        let metrics = &mut finding.metrics;
        metrics.insert("k_for_share".into(), Metric::single("fraction", share(&|k| k >= limits.k_for)));
        metrics.insert("k_against_share".into(), Metric::single("fraction", share(&|k| k <= limits.k_against)));
        let (dates_for, dates_against) = self.dates();
        metrics.insert("dates_for".into(), Metric::single("dates", dates_for as f64));
        metrics.insert("dates_against".into(), Metric::single("dates", dates_against as f64));
        finding.tables.push(table(&self.comparisons));
        finding.tables.extend(self.pairs.iter().cloned());
        // The other side may run the efficient model too: what is left is the chips.
        for each in &self.comparisons {
            let ratio = each.ratio.map_or(f64::NAN, |ratio| ratio[1]);
            metrics.insert(format!("r1_{}", each.date), Metric::single("ratio", ratio));
            let counter = &mut finding.counter_case;
            counter.metrics.insert(format!("chip_factor_{}", each.date), Metric::single("ratio", each.chip_factor));
            counter.metrics.insert(format!("model_factor_{}", each.date), Metric::single("ratio", each.model_factor));
        }
        if self.comparisons.iter().any(|each| each.chip_factor < limits.chip_factor_not_erased_below) {
            finding.counter_case.codes.push("make_up_not_erase".into());
        }
        finding.notes.push(Note::new("vote_joins_deployment_and_race"));
        finding.notes.push(Note::new("tokens_per_answer_differ_between_models"));
        if let Some(last) = self.comparisons.last() {
            let [scored, china, other] = last.models.map(|count| count as f64);
            finding.notes.push(
                Note::new("few_models_have_scores")
                    .name("date", last.date.clone())
                    .number("scored", "models", scored)
                    .number("china", "models", china)
                    .number("other", "models", other),
            );
        }
        Ok(())
    }
}
