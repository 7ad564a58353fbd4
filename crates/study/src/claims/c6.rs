//! C6: training is one-off, deployment goes on: the advantage lies with whoever serves at scale.
//!
//! `S` = inference over (training + experiments + inference) in USD, for the model generation of the horizon's year;
//! `M` = gain of V_b by a shock into serving capacity over the gain by one of equal USD into training capacity, the
//! median over blocs.

use explore::statistics::median;
use units::{Problems, Quarter};
use world::{CapitalShock, Purpose, Switches, Trajectory, Variable, Variant};

use super::{Ballot, Claim, Context, Future, Neutral, settings::C6 as Settings, verdict::Vote};
use crate::findings::{Cell, ClaimFinding, ClaimId, Column, Metric, Note, Table};
use crate::plan::{CaseId, Plan};
use crate::reading::total;

/// The claim with its runs.
#[derive(Debug)]
pub struct C6 {
    settings: Settings,
    value_from: Quarter,
    base: CaseId,
    /// By bloc: the shock into training, the shock into serving.
    shocks: Vec<(CaseId, CaseId)>,
}

impl C6 {
    /// Asks the plan for the runs.
    pub fn new(context: &Context<'_>, plan: &mut Plan) -> Result<Self, Problems> {
        let settings = context.settings.c6.clone();
        let policy = plan.preset(context.ground, &settings.policy)?;
        let from = context.ground.scenario.run.policy_start;
        let base = plan.case(policy, Variant::default());
        let shocks = (0..context.ground.scenario.blocs.len())
            .map(|bloc| {
                let mut shock = |purpose| {
                    let shock = CapitalShock { bloc, share: settings.shock_fraction, purpose, from };
                    plan.case(policy, Variant { capital_shock: Some(shock), ..Variant::default() })
                };
                (shock(Purpose::Training), shock(Purpose::Serving))
            })
            .collect();
        Ok(Self { settings, value_from: context.settings.verdict.value_from, base, shocks })
    }

    /// What a bloc gains by each shock [USD]: training, serving.
    fn gains(&self, future: &Future<'_>, bloc: usize, horizon: Quarter) -> (f64, f64) {
        let value = |case| total(future.run(case), Variable::Value, bloc, self.value_from, horizon);
        let base = value(self.base);
        let (training, serving) = self.shocks[bloc];
        (value(training) - base, value(serving) - base)
    }
}

/// Spending over the four quarters to the horizon, all blocs [USD]: training with experiments, inference.
fn spending(run: &Trajectory, horizon: Quarter) -> (f64, f64) {
    let year =
        |variable| (0..run.blocs().len()).map(|bloc| total(run, variable, bloc, horizon + -3, horizon)).sum::<f64>();
    (year(Variable::TrainingUsd) + year(Variable::ExperimentUsd), year(Variable::InferenceUsd))
}

/// Serving's gain over training's. A gain by serving alone has no finite ratio: it is as large as one can be.
fn ratio((training, serving): (f64, f64)) -> f64 {
    match (training > 0.0, serving > 0.0) {
        (true, _) => serving / training,
        (false, true) => f64::INFINITY,
        (false, false) => f64::NAN,
    }
}

impl Claim for C6 {
    fn id(&self) -> ClaimId {
        ClaimId::C6
    }

    fn cases(&self) -> Vec<CaseId> {
        std::iter::once(self.base)
            .chain(self.shocks.iter().flat_map(|(training, serving)| [*training, *serving]))
            .collect()
    }

    fn metrics(&self) -> &'static [(&'static str, &'static str)] {
        &[("serving_share_of_cost", "fraction"), ("gain_ratio", "ratio"), ("generation_of_equal_cost", "years")]
    }

    fn deciding(&self) -> &'static [(&'static str, &'static str)] {
        &[("serving_share_of_cost", "E9"), ("gain_ratio", "E16 E9")]
    }

    fn judge(&self, future: &Future<'_>, horizon: Quarter) -> Ballot {
        let (training, inference) = spending(future.run(self.base), horizon);
        let share = inference / (training + inference);
        let ratios: Vec<f64> = (0..self.shocks.len())
            .map(|bloc| ratio(self.gains(future, bloc, horizon)))
            .filter(|ratio| !ratio.is_nan())
            .collect();
        let gain = median(&ratios).unwrap_or(f64::NAN);
        let limits = &self.settings;
        // Where no bloc gains by either shock there is no ratio, and no advantage on either side: neither is met.
        let vote = if share.is_nan() {
            Vote::Undefined
        } else {
            Vote::of(
                share >= limits.serving_share_for && gain >= limits.gain_ratio_for,
                share <= limits.serving_share_against && gain <= limits.gain_ratio_against,
            )
        };
        // If a generation costs what a year now spends on training, it must be served this long to cost as much again.
        Ballot::new(vote, vec![share, gain, training / inference])
    }

    fn neutral(&self) -> Option<Neutral> {
        Some(Neutral {
            switches: Switches { performance_ratios: false, ..Switches::default() },
            codes: vec!["performance_ratios_equal".into()],
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
        let wanted = plan.closure(&self.cases());
        let mut runs: Vec<Trajectory> = (0..plan.cases.len()).map(|_| context.ground.world.trajectory()).collect();
        let draw = context.sampler.central();
        plan.run(context.ground, &draw, &wanted, None, &mut runs);
        let future = Future { draw: &draw, runs: &runs };
        let base = future.run(self.base);
        finding.tables.push(Table {
            id: "c6_gains_at_median",
            columns: vec![
                Column { key: "bloc", unit: "" },
                Column { key: "gain_by_training", unit: "usd" },
                Column { key: "gain_by_serving", unit: "usd" },
                Column { key: "gain_ratio", unit: "ratio" },
            ],
            rows: base
                .blocs()
                .iter()
                .enumerate()
                .map(|(bloc, name)| {
                    let gains = self.gains(&future, bloc, context.horizon);
                    vec![Cell::text(name), Cell::number(gains.0), Cell::number(gains.1), Cell::number(ratio(gains))]
                })
                .collect(),
        });
        let (research, low, high) = (
            self.settings.observed_research_usd,
            self.settings.observed_inference_low_usd,
            self.settings.observed_inference_high_usd,
        );
        let counter = &mut finding.counter_case;
        let mut add = |name: &str, value| counter.metrics.insert(name.into(), Metric::single("fraction", value));
        add("observed_share_openai_2024_low", low / (low + research));
        add("observed_share_openai_2024_high", high / (high + research));
        add("observed_share_labs_2025_low", self.settings.observed_lab_share_low);
        add("observed_share_labs_2025_high", self.settings.observed_lab_share_high);
        if let Some(length) = finding.metrics.get("generation_of_equal_cost") {
            counter.metrics.insert("generation_of_equal_cost".into(), *length);
        }
        if high / (high + research) < self.settings.serving_share_for {
            counter.codes.push("observed_share_is_lower".into());
        }
        finding.notes.push(Note::new("infinite_gain_ratio_where_training_gains_nothing"));
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_gain_by_serving_alone_is_as_large_as_can_be() {
        assert_eq!(ratio((2.0, 3.0)), 1.5);
        assert_eq!(ratio((0.0, 3.0)), f64::INFINITY);
        assert!(ratio((-1.0, -3.0)).is_nan());
    }
}
