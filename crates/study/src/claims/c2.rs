//! C2: computing power alone does not secure dominance.
//!
//! For the bloc with the largest fleet in FLOP/s: a shock of -10 % to its fleet from 2026Q1, under `history` and under
//! `no-controls`. `e = change of ln V / change of ln fleet`; `D = share of world value / share of world GDP`. A vote
//! needs its conditions under both policies.

use units::{Problems, Quarter};
use world::{Currency, Switches, Trajectory, Variable, Variant};

use super::{Ballot, Claim, Context, Future, Neutral, settings::C2 as Settings, verdict::Vote};
use crate::findings::{ClaimFinding, ClaimId, Metric, Note};
use crate::plan::{Case, CaseId, Change, Plan, leader};
use crate::reading::{mean, share, total};

/// The claim with its runs.
#[derive(Debug)]
pub struct C2 {
    settings: Settings,
    value_from: Quarter,
    /// Undisturbed and shocked, by policy.
    pairs: Vec<(CaseId, CaseId)>,
    /// The shocks that take one currency only, under the first policy.
    flop_only: CaseId,
    bandwidth_only: CaseId,
    horizon: Quarter,
}

impl C2 {
    /// Asks the plan for the runs.
    pub fn new(context: &Context<'_>, plan: &mut Plan) -> Result<Self, Problems> {
        let settings = context.settings.c2.clone();
        let shock = |base, policy, currency| Case {
            policy,
            change: Change::ShockOfLeader {
                base,
                at: context.horizon,
                factor: 1.0 + settings.shock_fraction,
                currency,
                from: settings.shock_from,
            },
        };
        let mut pairs = Vec::new();
        for id in &settings.policies {
            let policy = plan.preset(context.ground, id)?;
            let base = plan.case(policy, Variant::default());
            pairs.push((base, plan.add(shock(base, policy, Currency::Both))));
        }
        let policy = plan.preset(context.ground, &settings.policies[0])?;
        let flop_only = plan.add(shock(pairs[0].0, policy, Currency::Flop));
        let bandwidth_only = plan.add(shock(pairs[0].0, policy, Currency::Bandwidth));
        let value_from = context.settings.verdict.value_from;
        Ok(Self { settings, value_from, pairs, flop_only, bandwidth_only, horizon: context.horizon })
    }

    /// Elasticity of the leader's value to its fleet, counted in a currency.
    fn elasticity(&self, base: &Trajectory, shocked: &Trajectory, fleet: Variable, horizon: Quarter) -> f64 {
        let leader = leader(base, self.horizon);
        let value = |run| total(run, Variable::Value, leader, self.value_from, horizon).ln();
        let fleet = |run| mean(run, fleet, leader, self.settings.shock_from, horizon).ln();
        let lost = fleet(shocked) - fleet(base);
        if lost.abs() < 1e-9 { f64::NAN } else { (value(shocked) - value(base)) / lost }
    }
}

/// A bloc's intensity of use.
fn intensity(run: &Trajectory, bloc: usize, at: Quarter) -> f64 {
    share(run, Variable::Value, bloc, at) / share(run, Variable::Gdp, bloc, at)
}

/// The leader's intensity over the best of the others.
fn lead(run: &Trajectory, leader: usize, at: Quarter) -> f64 {
    let others = (0..run.blocs().len()).filter(|bloc| *bloc != leader).map(|bloc| intensity(run, bloc, at));
    intensity(run, leader, at) / others.fold(f64::NAN, f64::max)
}

impl Claim for C2 {
    fn id(&self) -> ClaimId {
        ClaimId::C2
    }

    fn cases(&self) -> Vec<CaseId> {
        self.pairs.iter().flat_map(|(base, shocked)| [*base, *shocked]).collect()
    }

    fn cases_beside(&self) -> Vec<CaseId> {
        vec![self.flop_only, self.bandwidth_only]
    }

    fn metrics(&self) -> &'static [(&'static str, &'static str)] {
        &[
            ("elasticity_history", "ratio"),
            ("elasticity_no_controls", "ratio"),
            ("intensity_lead_history", "ratio"),
            ("intensity_lead_no_controls", "ratio"),
            ("leader_flop_share", "fraction"),
            ("leader_bandwidth_share", "fraction"),
            ("elasticity_flop_only", "ratio"),
            ("elasticity_bandwidth_only", "ratio"),
        ]
    }

    fn deciding(&self) -> &'static [(&'static str, &'static str)] {
        &[("elasticity_history", "E15"), ("intensity_lead_history", "E7")]
    }

    fn judge(&self, future: &Future<'_>, horizon: Quarter) -> Ballot {
        let limits = &self.settings;
        let (mut elasticities, mut leads) = (Vec::new(), Vec::new());
        for (base, shocked) in &self.pairs {
            let (base, shocked) = (future.run(*base), future.run(*shocked));
            elasticities.push(self.elasticity(base, shocked, Variable::FleetFlop, horizon));
            leads.push(lead(base, leader(base, self.horizon), horizon));
        }
        let all = |test: &dyn Fn(f64, f64) -> bool| elasticities.iter().zip(&leads).all(|(e, lead)| test(*e, *lead));
        let margin = 1.0 + limits.lead_fraction;
        let vote = if elasticities.iter().chain(&leads).any(|value| value.is_nan()) {
            Vote::Undefined
        } else {
            Vote::of(
                all(&|e, lead| e <= limits.elasticity_for && lead < margin),
                all(&|e, lead| e >= limits.elasticity_against && lead >= margin),
            )
        };
        let base = future.run(self.pairs[0].0);
        let first = leader(base, self.horizon);
        let only = |case, fleet| {
            future.beside(case).map_or(f64::NAN, |shocked| self.elasticity(base, shocked, fleet, horizon))
        };
        let metrics = vec![
            elasticities[0],
            elasticities.get(1).copied().unwrap_or(f64::NAN),
            leads[0],
            leads.get(1).copied().unwrap_or(f64::NAN),
            share(base, Variable::FleetFlop, first, horizon),
            share(base, Variable::FleetByte, first, horizon),
            only(self.flop_only, Variable::FleetFlop),
            only(self.bandwidth_only, Variable::FleetByte),
        ];
        Ballot::new(vote, metrics)
    }

    fn neutral(&self) -> Option<Neutral> {
        Some(Neutral {
            switches: Switches {
                performance_ratios: false,
                stances: false,
                lever_effects: false,
                ..Switches::default()
            },
            codes: ["performance_ratios_equal", "stances_equal", "lever_effects_zero"].map(String::from).to_vec(),
            implied: None,
        })
    }

    fn complete(
        &self,
        context: &Context<'_>,
        plan: &Plan,
        _ballots: &[Ballot],
        finding: &mut ClaimFinding,
    ) -> Result<(), Problems> {
        for name in ["elasticity_flop_only", "elasticity_bandwidth_only"] {
            if let Some(metric) = finding.metrics.get(name) {
                finding.counter_case.metrics.insert(name.into(), *metric);
            }
        }
        let bandwidth = finding.metrics.get("elasticity_bandwidth_only").and_then(|metric| metric.p50);
        if bandwidth.is_some_and(|e| e > self.settings.bandwidth_decides_above) {
            finding.counter_case.codes.push("bandwidth_decides".into());
        }
        // Without trade in tokens a bloc can use only what it serves itself, and the claim has no meaning.
        let closed =
            Variant { switches: Switches { trade_in_tokens: false, ..Switches::default() }, ..Variant::default() };
        let policy = &plan.policies[plan.cases[self.pairs[0].0.0].policy];
        let base = context.median_run(policy, &closed);
        let shock = world::FleetShock {
            bloc: leader(&base, self.horizon),
            factor: 1.0 + self.settings.shock_fraction,
            currency: Currency::Both,
            from: self.settings.shock_from,
        };
        let shocked = context.median_run(policy, &Variant { fleet_shock: Some(shock), ..closed });
        let e = self.elasticity(&base, &shocked, Variable::FleetFlop, context.horizon);
        finding.counter_case.metrics.insert("elasticity_without_trade_in_tokens".into(), Metric::single("ratio", e));
        let name = &base.blocs()[leader(&base, self.horizon)];
        finding.notes.push(Note::new("compute_leader_at_median").name("bloc", name));
        Ok(())
    }
}
