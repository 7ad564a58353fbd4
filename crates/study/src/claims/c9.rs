//! C9: a hybrid (open science, private capital), with adaptation and diplomacy, does best.
//!
//! Two mixed policies with the seven pure ones. Objectives: own value; own lead over the rival; the price in R (lower is
//! better); security = minus the rival's effective training compute. Each is scaled by its 5 % to 95 % range over all
//! policies and futures, clipped. Perspectives U, T, R (no lead, and the stronger of the two as its rival) and the world
//! (the mean of the three). 200 weights spread evenly over the simplex; the figure compared is the 95th percentile of
//! regret. A camp as a whole has one vote; the counts shown are of U's 200 weights.

use explore::robustness::{Payoffs, even_weights, least};
use explore::statistics::{Sorted, quantile, spearman};
use units::{Problems, Quarter};
use world::{Switches, Trajectory, Variable, Variant};

use super::{
    Ballot, Claim, Context, Future, Neutral, Roles, Tally,
    settings::C9 as Settings,
    verdict::{Vote, count},
};
use crate::findings::{Cell, ClaimFinding, ClaimId, Column, Metric, Note, Table};
use crate::plan::{CaseId, Plan};
use crate::reading::{at, total};
use crate::sampling::{CampKey, Sampler};

/// The perspectives, in the order of their tables.
const PERSPECTIVES: [&str; 4] = ["us", "china", "rest", "world"];
/// Objectives of a bloc that has a rival: value, lead, price in R, security.
const OBJECTIVES: usize = 4;
/// The objective "security".
const SECURITY: usize = 3;
/// What a run says to each of the three blocs: value, lead, price, security.
const PAYOFFS: usize = 3 * OBJECTIVES;

/// The claim with its runs.
#[derive(Debug)]
pub struct C9 {
    settings: Settings,
    roles: Roles,
    value_from: Quarter,
    /// The nine policies, the mixed ones first, with their runs.
    policies: Vec<(String, CaseId)>,
}

/// Regret by perspective: `[weight][policy]`.
struct Regrets {
    weights: Vec<Vec<f64>>,
    table: Vec<Vec<f64>>,
}

impl C9 {
    /// Asks the plan for the runs.
    pub fn new(context: &Context<'_>, plan: &mut Plan) -> Result<Self, Problems> {
        let settings = context.settings.c9.clone();
        let mut policies = Vec::new();
        for id in settings.mixed.iter().chain(&settings.pure) {
            let policy = plan.preset(context.ground, id)?;
            policies.push((id.clone(), plan.case(policy, Variant::default())));
        }
        Ok(Self { settings, roles: context.roles, value_from: context.settings.verdict.value_from, policies })
    }

    /// What one run is worth to U, T and R.
    fn payoffs(&self, run: &Trajectory, horizon: Quarter) -> [f64; PAYOFFS] {
        let Roles { us, china, rest } = self.roles;
        let value = |bloc| total(run, Variable::Value, bloc, self.value_from, horizon);
        let training = |bloc| at(run, Variable::EffectiveTrainFlop, bloc, horizon);
        let price = at(run, Variable::ServicePrice, rest, horizon);
        let lead = |own: usize, rival: usize| value(own) / (value(own) + value(rival));
        let stronger = training(us).max(training(china));
        [
            [value(us), lead(us, china), -price, -training(china)],
            [value(china), lead(china, us), -price, -training(us)],
            [value(rest), 0.0, -price, -stronger],
        ]
        .concat()
        .try_into()
        .unwrap_or([f64::NAN; PAYOFFS])
    }

    /// Every payoff on a scale from 0 to 1: its 5 % and 95 % quantiles over all policies and futures, clipped. One that
    /// does not differ is 0 throughout: it decides nothing. `None` where a payoff is not finite.
    fn scaled(&self, payoffs: &[&[f64]], policies: usize) -> Option<Vec<Vec<f64>>> {
        let mut scaled: Vec<Vec<f64>> = payoffs.iter().map(|row| row.to_vec()).collect();
        for kind in 0..PAYOFFS {
            let places = (0..policies).map(|policy| policy * PAYOFFS + kind);
            let all: Vec<f64> = places.clone().flat_map(|place| payoffs.iter().map(move |row| row[place])).collect();
            if all.iter().any(|payoff| !payoff.is_finite()) {
                return None;
            }
            let sorted = Sorted::new(all)?;
            let (low, high) = (sorted.quantile(self.settings.clip_low)?, sorted.quantile(self.settings.clip_high)?);
            for place in places {
                for row in &mut scaled {
                    row[place] = if high > low { ((row[place] - low) / (high - low)).clamp(0.0, 1.0) } else { 0.0 };
                }
            }
        }
        Some(scaled)
    }

    /// The regrets of all policies in each perspective, from ballots whose payoffs are policy by policy.
    fn regrets(&self, payoffs: &[&[f64]], policies: usize) -> Option<[Regrets; 4]> {
        let scaled = self.scaled(payoffs, policies)?;
        let of = |objectives: &[&[usize]]| -> Option<Regrets> {
            // An objective of the world is the mean of the blocs' own.
            let mean = |policy: usize, future: usize, objective: usize| {
                let parts = objectives[objective];
                parts.iter().map(|part| scaled[future][policy * PAYOFFS + part]).sum::<f64>() / parts.len() as f64
            };
            let view = Payoffs::new([policies, payoffs.len(), objectives.len()], mean)?;
            let weights = even_weights(objectives.len(), self.settings.weights);
            let table = view.regret_table(&weights, self.settings.regret_quantile);
            Some(Regrets { weights, table })
        };
        Some([
            of(&[&[0], &[1], &[2], &[3]])?,
            of(&[&[4], &[5], &[6], &[7]])?,
            of(&[&[8], &[10], &[11]])?,
            of(&[&[0, 4, 8], &[1, 5], &[2], &[3, 7, 11]])?,
        ])
    }

    /// The vote of each weight: a mixed policy has the least regret by the margin, or a pure one has.
    fn votes(&self, regrets: &Regrets) -> Vec<Vote> {
        let mixed = self.settings.mixed.len();
        let best = |row: &[f64]| row.iter().copied().fold(f64::INFINITY, f64::min);
        let votes = regrets.table.iter().map(|row| {
            let (mixed, pure) = (best(&row[..mixed]), best(&row[mixed..]));
            Vote::of(mixed <= pure - self.settings.margin, pure <= mixed - self.settings.margin)
        });
        votes.collect()
    }

    /// Shares of the weights for and against in a perspective.
    fn shares(&self, regrets: &Regrets) -> (f64, f64) {
        let votes = count(self.votes(regrets));
        let all = votes.total().max(1) as f64;
        (votes.in_favour as f64 / all, votes.against as f64 / all)
    }

    /// Mean over the weights of a perspective of each policy's regret.
    fn mean_regret(regrets: &Regrets, policies: usize) -> Vec<f64> {
        let rows = regrets.table.len() as f64;
        (0..policies).map(|policy| regrets.table.iter().map(|row| row[policy]).sum::<f64>() / rows).collect()
    }

    /// The least weight on U's security, the rest shared equally, at which a control has the least regret.
    fn security_at_which_controls_win(&self, payoffs: &[&[f64]]) -> Option<f64> {
        const STEPS: usize = 100;
        let policies = self.policies.len();
        let scaled = self.scaled(payoffs, policies)?;
        let own = Payoffs::new([policies, payoffs.len(), OBJECTIVES], |policy, future, objective| {
            scaled[future][policy * PAYOFFS + objective]
        })?;
        (0..=STEPS).map(|step| step as f64 / STEPS as f64).find(|security| {
            let mut weights = [(1.0 - security) / (OBJECTIVES - 1) as f64; OBJECTIVES];
            weights[SECURITY] = *security;
            let regrets = own.regret_quantiles(&weights, self.settings.regret_quantile);
            least(&regrets).is_some_and(|(best, _)| self.policies[best].0.ends_with("chip-controls"))
        })
    }
}

impl Claim for C9 {
    fn id(&self) -> ClaimId {
        ClaimId::C9
    }

    fn cases(&self) -> Vec<CaseId> {
        self.policies.iter().map(|(_, case)| *case).collect()
    }

    fn metrics(&self) -> &'static [(&'static str, &'static str)] {
        &[("value_us_hybrid_over_no_controls", "ratio"), ("value_us_diplomacy_over_no_controls", "ratio")]
    }

    fn deciding(&self) -> &'static [(&'static str, &'static str)] {
        &[("value_us_hybrid_over_no_controls", "E21"), ("value_us_diplomacy_over_no_controls", "E18 E21")]
    }

    fn judge(&self, future: &Future<'_>, horizon: Quarter) -> Ballot {
        let payoffs: Vec<f64> =
            self.policies.iter().flat_map(|(_, case)| self.payoffs(future.run(*case), horizon)).collect();
        let value = |policy: &str| {
            let index = self.policies.iter().position(|(id, _)| id == policy);
            index.map_or(f64::NAN, |index| payoffs[index * PAYOFFS])
        };
        let base = value("no-controls");
        let metrics = vec![value("hybrid") / base, value("diplomacy") / base];
        // One future alone has no percentile of regret: the vote is the camp's, in `tally`.
        Ballot { vote: Vote::Neither, metrics, payoffs }
    }

    fn tally(&self, ballots: &[Ballot]) -> Tally {
        let payoffs: Vec<&[f64]> = ballots.iter().map(|ballot| ballot.payoffs.as_slice()).collect();
        let Some(regrets) = self.regrets(&payoffs, self.policies.len()) else {
            let votes = count(std::iter::repeat_n(Vote::Undefined, self.settings.weights));
            return Tally { votes, camp_vote: Some(Vote::Undefined) };
        };
        let shares: Vec<(f64, f64)> = regrets.iter().map(|regrets| self.shares(regrets)).collect();
        let own = PERSPECTIVES.iter().position(|name| *name == self.settings.own_perspective).unwrap_or(0);
        let enough = |share: fn(&(f64, f64)) -> f64| {
            let passes = |index: usize| share(&shares[index]) >= self.settings.weight_share;
            let others = (0..shares.len()).filter(|index| *index != own && passes(*index)).count();
            passes(own) && others >= self.settings.others_needed
        };
        let vote = Vote::of(enough(|(mixed, _)| *mixed), enough(|(_, pure)| *pure));
        Tally { votes: count(self.votes(&regrets[own])), camp_vote: Some(vote) }
    }

    fn votes_by_future(&self) -> bool {
        false
    }

    fn neutral(&self) -> Option<Neutral> {
        Some(Neutral {
            switches: Switches {
                lever_effects: false,
                stances: false,
                performance_ratios: false,
                ..Switches::default()
            },
            codes: ["lever_effects_zero", "stances_equal", "performance_ratios_equal"].map(String::from).to_vec(),
            implied: None,
        })
    }

    fn complete(
        &self,
        context: &Context<'_>,
        plan: &Plan,
        ballots: &[Ballot],
        finding: &mut ClaimFinding,
    ) -> Result<(), Problems> {
        let payoffs: Vec<&[f64]> = ballots.iter().map(|ballot| ballot.payoffs.as_slice()).collect();
        let policies = self.policies.len();
        let Some(regrets) = self.regrets(&payoffs, policies) else { return Ok(()) };
        finding.tables.push(self.table(&regrets));
        for (name, regrets) in PERSPECTIVES.iter().zip(&regrets) {
            let (mixed, pure) = self.shares(regrets);
            finding.metrics.insert(format!("weights_for_{name}"), Metric::single("fraction", mixed));
            finding.metrics.insert(format!("weights_against_{name}"), Metric::single("fraction", pure));
            let means = Self::mean_regret(regrets, policies);
            if let Some((best, _)) = least(&means) {
                finding.notes.push(
                    Note::new("least_mean_regret").name("perspective", *name).name("policy", &self.policies[best].0),
                );
            }
        }
        let counter = &mut finding.counter_case;
        match self.security_at_which_controls_win(&payoffs) {
            Some(weight) => {
                counter
                    .metrics
                    .insert("security_weight_at_which_controls_win".into(), Metric::single("fraction", weight));
            }
            None => counter.codes.push("controls_win_at_no_weight_on_security".into()),
        }
        self.weakened(context, plan, finding);
        self.second_seed(context, plan, &regrets[0], finding)
    }
}

impl C9 {
    /// Each policy's regret by perspective: at equal weights, the mean over weights, and how often it is least.
    fn table(&self, regrets: &[Regrets; 4]) -> Table {
        let mut rows = Vec::new();
        for (name, regrets) in PERSPECTIVES.iter().zip(regrets) {
            let means = Self::mean_regret(regrets, self.policies.len());
            for (index, (id, _)) in self.policies.iter().enumerate() {
                let wins = regrets.table.iter().filter(|row| least(row).is_some_and(|(best, _)| best == index)).count();
                let column: Vec<f64> = regrets.table.iter().map(|row| row[index]).collect();
                rows.push(vec![
                    Cell::text(*name),
                    Cell::text(id),
                    Cell::number(means[index]),
                    Cell::number(quantile(&column, 1.0).unwrap_or(f64::NAN)),
                    Cell::number(wins as f64 / regrets.weights.len().max(1) as f64),
                ]);
            }
        }
        Table {
            id: "c9_regret",
            columns: vec![
                Column { key: "perspective", unit: "" },
                Column { key: "policy", unit: "" },
                Column { key: "mean_regret", unit: "scaled_0_to_1" },
                Column { key: "largest_regret", unit: "scaled_0_to_1" },
                Column { key: "share_of_weights_least", unit: "fraction" },
            ],
            rows,
        }
    }

    /// U's value under a hybrid at half strength and a diplomacy whose partner defects, over the full ones, at median
    /// inputs.
    fn weakened(&self, context: &Context<'_>, plan: &Plan, finding: &mut ClaimFinding) {
        let changes: [(&str, &str, Variant); 3] = [
            ("hybrid", "hybrid_at_half_strength", Variant { strength: Some(0.5), ..Variant::default() }),
            (
                "diplomacy",
                "diplomacy_defection_0_25",
                Variant { defection_probability: Some(0.25), ..Variant::default() },
            ),
            (
                "diplomacy",
                "diplomacy_defection_0_5",
                Variant { defection_probability: Some(0.5), ..Variant::default() },
            ),
        ];
        for (id, name, variant) in changes {
            let Some(policy) = plan.policies.iter().find(|prepared| prepared.policy.id == id) else { continue };
            let value = |variant: &Variant| {
                let run = context.median_run(policy, variant);
                total(&run, Variable::Value, self.roles.us, self.value_from, context.horizon)
            };
            let ratio = value(&variant) / value(&Variant::default());
            finding.counter_case.metrics.insert(format!("value_us_ratio_{name}"), Metric::single("ratio", ratio));
        }
    }

    /// The rank correlation of the policies' mean regret in U between this seed and the next one, on fewer futures.
    fn second_seed(
        &self,
        context: &Context<'_>,
        plan: &Plan,
        first: &Regrets,
        finding: &mut ClaimFinding,
    ) -> Result<(), Problems> {
        let futures = context.settings.verdict.built_in_futures;
        let seed = context.ground.scenario.run.seed.wrapping_add(1);
        let sampler = Sampler::new(&context.ground.scenario, &CampKey::DEFAULT, futures, seed)?;
        let wanted = plan.closure(&self.cases());
        let ballots =
            crate::ensemble::judge(context, plan, &sampler, &[(self as &dyn Claim, context.horizon)], &wanted, None);
        let payoffs: Vec<&[f64]> = ballots.iter().map(|ballot| ballot[0].payoffs.as_slice()).collect();
        let policies = self.policies.len();
        if let Some([second, ..]) = self.regrets(&payoffs, policies) {
            let ranks = spearman(&Self::mean_regret(first, policies), &Self::mean_regret(&second, policies));
            let correlation = ranks.unwrap_or(f64::NAN);
            finding.metrics.insert("rank_correlation_with_second_seed".into(), Metric::single("ratio", correlation));
            finding.metrics.insert("second_seed_futures".into(), Metric::single("futures", futures as f64));
        }
        finding.notes.push(Note::new("nine_policies_compared_the_best_is_partly_luck"));
        Ok(())
    }
}
