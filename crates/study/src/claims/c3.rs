//! C3: inference chips are the more strategic ones to control.
//!
//! `training-chip-controls` and `inference-chip-controls` against `no-controls`, made equally strict once, at median
//! inputs: the licensed share of the stricter one is raised until both deny the same export value over 2026-27.
//! `E(p) = -(ln X(p) - ln X(no-controls))` of the tokens that T uses.

use units::{Problems, Quarter};
use world::{Switches, Trajectory, Variable, Variant};

use super::{Ballot, Claim, Context, Future, Neutral, Roles, settings::C3 as Settings, verdict::Vote};
use crate::findings::{Cell, ClaimFinding, ClaimId, Column, Metric, Note, Table};
use crate::ground::Prepared;
use crate::plan::{CaseId, Plan};
use crate::reading::{at, total};

/// The claim with its runs.
#[derive(Debug)]
pub struct C3 {
    settings: Settings,
    roles: Roles,
    base: CaseId,
    training: CaseId,
    inference: CaseId,
    /// The same made equal in the number of chips denied.
    training_by_units: CaseId,
    inference_by_units: CaseId,
    equal_value: Equal,
    equal_units: Equal,
}

/// How two controls were made equally strict.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Equal {
    /// Denied by the training-chip control before.
    training_denied: f64,
    /// Denied by the inference-chip control before.
    inference_denied: f64,
    /// Licensed share of what the training-chip control denies.
    training_licensed: f64,
    /// Licensed share of what the inference-chip control denies.
    inference_licensed: f64,
    /// Denied by each after.
    denied_after: [f64; 2],
}

/// Steps of the bisection: the share is known to 1e-6.
const STEPS: usize = 20;

impl Equal {
    /// Raises the licensed share of the stricter control until both deny the same.
    fn find(denied: impl Fn(usize, f64) -> f64) -> Self {
        let before = [denied(0, 0.0), denied(1, 0.0)];
        let stricter = usize::from(before[1] > before[0]);
        let target = before[1 - stricter];
        let (mut low, mut high) = (0.0, 1.0);
        if before[0] != before[1] {
            for _ in 0..STEPS {
                let middle = 0.5 * (low + high);
                if denied(stricter, middle) > target { low = middle } else { high = middle }
            }
        }
        let share = if before[0] == before[1] { 0.0 } else { 0.5 * (low + high) };
        let mut licensed = [0.0; 2];
        licensed[stricter] = share;
        Self {
            training_denied: before[0],
            inference_denied: before[1],
            training_licensed: licensed[0],
            inference_licensed: licensed[1],
            denied_after: [denied(0, licensed[0]), denied(1, licensed[1])],
        }
    }
}

/// A variant that licenses a share of what is denied.
fn licensed(share: f64) -> Variant {
    Variant { licensed_share_of_denied: share, ..Variant::default() }
}

impl C3 {
    /// Makes the controls equally strict and asks the plan for the runs.
    pub fn new(context: &Context<'_>, plan: &mut Plan) -> Result<Self, Problems> {
        let settings = context.settings.c3.clone();
        let base = plan.preset(context.ground, &settings.base_line)?;
        let controls = [
            plan.preset(context.ground, &settings.training_controls)?,
            plan.preset(context.ground, &settings.inference_controls)?,
        ];
        let span = (settings.equal_from, settings.equal_until.min(context.horizon));
        let denied = |plan: &Plan, variable, control: usize, share| {
            let run = context.median_run(&plan.policies[controls[control]], &licensed(share));
            (0..run.blocs().len()).map(|bloc| total(&run, variable, bloc, span.0, span.1)).sum::<f64>()
        };
        let equal_value = Equal::find(|control, share| denied(plan, Variable::ExportValueDenied, control, share));
        let equal_units = Equal::find(|control, share| denied(plan, Variable::ExportUnitsDenied, control, share));
        Ok(Self {
            settings,
            roles: context.roles,
            base: plan.case(base, Variant::default()),
            training: plan.case(controls[0], licensed(equal_value.training_licensed)),
            inference: plan.case(controls[1], licensed(equal_value.inference_licensed)),
            training_by_units: plan.case(controls[0], licensed(equal_units.training_licensed)),
            inference_by_units: plan.case(controls[1], licensed(equal_units.inference_licensed)),
            equal_value,
            equal_units,
        })
    }

    /// How far a control lowers a variable of T.
    fn effect(&self, base: &Trajectory, run: &Trajectory, variable: Variable, quarter: Quarter) -> f64 {
        let value = |run| at(run, variable, self.roles.china, quarter).ln();
        value(base) - value(run)
    }

    /// The vote on two effects.
    fn vote(&self, training: f64, inference: f64) -> Vote {
        if !(training.is_finite() && inference.is_finite()) {
            return Vote::Undefined;
        }
        let (ratio, least) = (self.settings.ratio, self.settings.effect_at_least);
        Vote::of(
            inference >= ratio * training && inference >= least,
            training >= ratio * inference && training >= least,
        )
    }

    /// What is shown beside the metric, for one control.
    fn beside(&self, base: &Trajectory, run: &Trajectory, quarter: Quarter) -> [f64; 6] {
        let last = run.quarters().last().copied().unwrap_or(quarter);
        let late = self.settings.substitution_quarter.min(last);
        let china = self.roles.china;
        let foregone = (0..run.blocs().len())
            .map(|bloc| total(run, Variable::VendorRevenueForegone, bloc, self.settings.equal_from, quarter));
        [
            self.effect(base, run, Variable::TrainFlop, quarter),
            at(run, Variable::ServicePrice, china, quarter) / at(base, Variable::ServicePrice, china, quarter) - 1.0,
            at(run, Variable::Adoption, china, quarter) - at(base, Variable::Adoption, china, quarter),
            foregone.sum(),
            at(run, Variable::DomesticUnits, china, late),
            self.effect(base, run, Variable::TokensUsed, late),
        ]
    }
}

impl Claim for C3 {
    fn id(&self) -> ClaimId {
        ClaimId::C3
    }

    fn cases(&self) -> Vec<CaseId> {
        vec![self.base, self.training, self.inference]
    }

    fn cases_beside(&self) -> Vec<CaseId> {
        vec![self.training_by_units, self.inference_by_units]
    }

    fn metrics(&self) -> &'static [(&'static str, &'static str)] {
        &[
            ("effect_training_controls", "ln_units"),
            ("effect_inference_controls", "ln_units"),
            ("training_flop_effect_training_controls", "ln_units"),
            ("price_change_training_controls", "fraction"),
            ("adoption_change_training_controls", "fraction"),
            ("foregone_training_controls", "usd"),
            ("domestic_units_2035_training_controls", "chips"),
            ("effect_2035_training_controls", "ln_units"),
            ("training_flop_effect_inference_controls", "ln_units"),
            ("price_change_inference_controls", "fraction"),
            ("adoption_change_inference_controls", "fraction"),
            ("foregone_inference_controls", "usd"),
            ("domestic_units_2035_inference_controls", "chips"),
            ("effect_2035_inference_controls", "ln_units"),
            ("effect_training_controls_equal_chips", "ln_units"),
            ("effect_inference_controls_equal_chips", "ln_units"),
        ]
    }

    fn deciding(&self) -> &'static [(&'static str, &'static str)] {
        &[("effect_training_controls", "E16"), ("effect_inference_controls", "E16")]
    }

    fn judge(&self, future: &Future<'_>, horizon: Quarter) -> Ballot {
        let run = |case| future.run(case);
        let base = run(self.base);
        let effect = |case| self.effect(base, run(case), Variable::TokensUsed, horizon);
        let (training, inference) = (effect(self.training), effect(self.inference));
        let mut metrics = vec![training, inference];
        metrics.extend(self.beside(base, run(self.training), horizon));
        metrics.extend(self.beside(base, run(self.inference), horizon));
        metrics.extend([self.training_by_units, self.inference_by_units].map(|case| {
            future.beside(case).map_or(f64::NAN, |run| self.effect(base, run, Variable::TokensUsed, horizon))
        }));
        Ballot::new(self.vote(training, inference), metrics)
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
        ballots: &[Ballot],
        finding: &mut ClaimFinding,
    ) -> Result<(), Problems> {
        finding.tables.push(self.strictness());
        // The same two lines on the frontier, per dollar forgone, after substitution, with equal numbers of chips.
        let names = self.metrics();
        let index = |name: &str| names.iter().position(|(known, _)| *known == name).unwrap_or(0);
        let count = |training: &str, inference: &str| {
            let (training, inference) = (index(training), index(inference));
            super::verdict::count(
                ballots.iter().map(|ballot| self.vote(ballot.metrics[training], ballot.metrics[inference])),
            )
        };
        let mut counter = |code: &str, votes: crate::findings::Votes| {
            let share = |count: usize| count as f64 / votes.total().max(1) as f64;
            let metrics = &mut finding.counter_case.metrics;
            metrics.insert(format!("{code}_for"), Metric::single("fraction", share(votes.in_favour)));
            metrics.insert(format!("{code}_against"), Metric::single("fraction", share(votes.against)));
            if votes.against > votes.in_favour {
                finding.counter_case.codes.push(format!("{code}_speaks_against"));
            }
        };
        counter("frontier", count("training_flop_effect_training_controls", "training_flop_effect_inference_controls"));
        counter("after_substitution", count("effect_2035_training_controls", "effect_2035_inference_controls"));
        counter("equal_chips", count("effect_training_controls_equal_chips", "effect_inference_controls_equal_chips"));
        let per_usd = |effect: &str, foregone: &str| {
            let (effect, foregone) = (index(effect), index(foregone));
            // Where next to nothing is forgone there is no effect per dollar.
            let lost =
                |ballot: &Ballot| Some(ballot.metrics[foregone] / 1e9).filter(|lost| *lost > 0.1).unwrap_or(f64::NAN);
            ballots.iter().map(|ballot| ballot.metrics[effect] / lost(ballot)).collect::<Vec<_>>()
        };
        for side in ["training", "inference"] {
            let effects = per_usd(&format!("effect_{side}_controls"), &format!("foregone_{side}_controls"));
            let name = format!("effect_per_billion_usd_foregone_{side}_controls");
            let metric = crate::claims::verdict::quantiles("ln_units_per_1e9_usd", &effects);
            finding.counter_case.metrics.insert(name, metric);
        }
        self.remote_access(context, plan, finding)?;
        finding.notes.push(
            Note::new("made_equally_strict")
                .number("training_licensed_fraction", "fraction", self.equal_value.training_licensed)
                .number("inference_licensed_fraction", "fraction", self.equal_value.inference_licensed)
                .number("denied_usd", "usd", self.equal_value.denied_after[0]),
        );
        Ok(())
    }
}

impl C3 {
    /// The two ways of making the controls equal, as a table.
    fn strictness(&self) -> Table {
        let row = |by: &str, equal: &Equal| {
            vec![
                Cell::text(by),
                Cell::number(equal.training_denied),
                Cell::number(equal.inference_denied),
                Cell::number(equal.training_licensed),
                Cell::number(equal.inference_licensed),
                Cell::number(equal.denied_after[0]),
                Cell::number(equal.denied_after[1]),
            ]
        };
        Table {
            id: "c3_equal_strictness",
            columns: vec![
                Column { key: "equal_in", unit: "" },
                Column { key: "denied_by_training_controls", unit: "usd_or_chips" },
                Column { key: "denied_by_inference_controls", unit: "usd_or_chips" },
                Column { key: "training_licensed_fraction", unit: "fraction" },
                Column { key: "inference_licensed_fraction", unit: "fraction" },
                Column { key: "denied_after_training_controls", unit: "usd_or_chips" },
                Column { key: "denied_after_inference_controls", unit: "usd_or_chips" },
            ],
            rows: vec![row("export_value_usd", &self.equal_value), row("chips", &self.equal_units)],
        }
    }

    /// The effects at median inputs with remote access to chips abroad open, and licensed.
    fn remote_access(&self, context: &Context<'_>, plan: &Plan, finding: &mut ClaimFinding) -> Result<(), Problems> {
        for licence in [false, true] {
            let with = |policy: &Prepared| {
                let mut policy = policy.policy.clone();
                policy.levers.remote_access_licensed.insert("us".into(), licence);
                context.ground.prepare(policy)
            };
            let policy = |case: CaseId| &plan.policies[plan.cases[case.0].policy];
            let base = context.median_run(&with(policy(self.base))?, &Variant::default());
            for (side, case, share) in [
                ("training", self.training, self.equal_value.training_licensed),
                ("inference", self.inference, self.equal_value.inference_licensed),
            ] {
                let run = context.median_run(&with(policy(case))?, &licensed(share));
                let effect = self.effect(&base, &run, Variable::TokensUsed, context.horizon);
                let state = if licence { "licensed" } else { "open" };
                let name = format!("effect_{side}_controls_remote_access_{state}");
                finding.counter_case.metrics.insert(name, Metric::single("ln_units", effect));
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_stricter_control_is_eased_until_both_deny_the_same() {
        let denied = |control: usize, share: f64| [30.0, 50.0][control] * (1.0 - share);
        let equal = Equal::find(denied);
        assert_eq!(equal.training_licensed, 0.0);
        assert!((equal.inference_licensed - 0.4).abs() < 1e-5);
        assert!((equal.denied_after[0] - equal.denied_after[1]).abs() < 1e-3);
    }

    #[test]
    fn equal_controls_are_left_alone() {
        let equal = Equal::find(|_, share| 10.0 * (1.0 - share));
        assert_eq!((equal.training_licensed, equal.inference_licensed), (0.0, 0.0));
    }
}
