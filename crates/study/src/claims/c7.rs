//! C7: if one side leaves open source and the other embraces it, the other's models spread further.
//!
//! U closed and T open, against both open and both closed; mirrored, T closed and U open. The metric is the share of the
//! tokens used in R that models of the opener's origin have.

use std::collections::BTreeMap;
use units::{Problems, Quarter};
use world::{Stance, Switches, Trajectory, Variable, Variant};

use super::{Ballot, Claim, Context, Future, Neutral, Roles, settings::C7 as Settings, verdict::Vote};
use crate::findings::{ClaimFinding, ClaimId, Metric, Note};
use crate::plan::{CaseId, Plan};
use crate::reading::{at, origin_share};

/// The claim with its runs.
#[derive(Debug)]
pub struct C7 {
    settings: Settings,
    roles: Roles,
    china_opens: CaseId,
    us_opens: CaseId,
    both_open: CaseId,
    both_closed: CaseId,
}

impl C7 {
    /// Asks the plan for the runs.
    pub fn new(context: &Context<'_>, plan: &mut Plan) -> Result<Self, Problems> {
        let mut stance = |us: Stance, china: Stance| -> Result<CaseId, Problems> {
            let id = format!("history, us {}, china {}", us.name(), china.name());
            let stances = BTreeMap::from([("us".to_string(), us), ("china".to_string(), china)]);
            let policy =
                plan.derived(context.ground, "history", &id, |policy| policy.levers.open_stance.extend(stances))?;
            Ok(plan.case(policy, Variant::default()))
        };
        Ok(Self {
            settings: context.settings.c7.clone(),
            roles: context.roles,
            china_opens: stance(Stance::Closed, Stance::Open)?,
            us_opens: stance(Stance::Open, Stance::Closed)?,
            both_open: stance(Stance::Open, Stance::Open)?,
            both_closed: stance(Stance::Closed, Stance::Closed)?,
        })
    }

    /// What each opener gains over both-open and over both-closed: T, then U.
    fn gains(&self, share: impl Fn(CaseId, usize) -> f64) -> [f64; 4] {
        let gain = |opened, base, opener| share(opened, opener) - share(base, opener);
        let Roles { us, china, .. } = self.roles;
        [
            gain(self.china_opens, self.both_open, china),
            gain(self.china_opens, self.both_closed, china),
            gain(self.us_opens, self.both_open, us),
            gain(self.us_opens, self.both_closed, us),
        ]
    }

    fn vote(&self, gains: [f64; 4]) -> Vote {
        if gains.iter().any(|gain| !gain.is_finite()) {
            return Vote::Undefined;
        }
        let limits = &self.settings;
        Vote::of(
            gains.iter().all(|gain| *gain >= limits.points_for),
            gains.iter().all(|gain| *gain <= limits.points_against || *gain < limits.points_negligible),
        )
    }
}

impl Claim for C7 {
    fn id(&self) -> ClaimId {
        ClaimId::C7
    }

    fn cases(&self) -> Vec<CaseId> {
        vec![self.china_opens, self.us_opens, self.both_open, self.both_closed]
    }

    fn metrics(&self) -> &'static [(&'static str, &'static str)] {
        &[
            ("china_gain_over_both_open", "fraction"),
            ("china_gain_over_both_closed", "fraction"),
            ("us_gain_over_both_open", "fraction"),
            ("us_gain_over_both_closed", "fraction"),
            ("china_share_if_it_alone_is_open", "fraction"),
            ("us_share_if_it_alone_is_open", "fraction"),
            ("value_in_rest_china_open_over_both_closed", "ratio"),
            ("value_in_rest_us_open_over_both_closed", "ratio"),
        ]
    }

    fn deciding(&self) -> &'static [(&'static str, &'static str)] {
        &[("china_gain_over_both_open", "E8"), ("us_gain_over_both_open", "E8")]
    }

    fn judge(&self, future: &Future<'_>, horizon: Quarter) -> Ballot {
        let share = |case, origin| origin_share(future.run(case), self.roles.rest, origin, horizon);
        let gains = self.gains(share);
        let value = |case| at(future.run(case), Variable::Value, self.roles.rest, horizon);
        let mut metrics = gains.to_vec();
        metrics.extend([
            share(self.china_opens, self.roles.china),
            share(self.us_opens, self.roles.us),
            value(self.china_opens) / value(self.both_closed),
            value(self.us_opens) / value(self.both_closed),
        ]);
        Ballot::new(self.vote(gains), metrics)
    }

    fn neutral(&self) -> Option<Neutral> {
        Some(Neutral {
            switches: Switches { stances: false, ..Switches::default() },
            codes: vec!["stances_equal".into()],
            implied: Some(Vote::Against),
        })
    }

    fn complete(
        &self,
        context: &Context<'_>,
        plan: &Plan,
        _ballots: &[Ballot],
        finding: &mut ClaimFinding,
    ) -> Result<(), Problems> {
        for name in ["value_in_rest_china_open_over_both_closed", "value_in_rest_us_open_over_both_closed"] {
            if let Some(metric) = finding.metrics.get(name) {
                finding.counter_case.metrics.insert(name.into(), *metric);
            }
        }
        // Non-price terms and R's bars on foreign models at their upper ends, one at a time, at median inputs.
        for (index, input) in context.ground.world.registry().inputs.iter().enumerate() {
            let barring = input.key.contains("trust_bar") || input.key.contains("non_price");
            if !barring || !input.claims.iter().any(|claim| claim == "C7") {
                continue;
            }
            let mut draw = context.sampler.central();
            draw[index] = context.sampler.shape(index).ends().1;
            let run = |case: CaseId| -> Trajectory {
                context.run(&plan.policies[plan.cases[case.0].policy], &draw, &Variant::default())
            };
            let runs: Vec<(CaseId, Trajectory)> = self.cases().into_iter().map(|case| (case, run(case))).collect();
            let share = |wanted: CaseId, origin| {
                runs.iter()
                    .find(|(case, _)| *case == wanted)
                    .map_or(f64::NAN, |(_, run)| origin_share(run, self.roles.rest, origin, context.horizon))
            };
            let gains = self.gains(share);
            let metrics = &mut finding.counter_case.metrics;
            for (name, gain) in ["china_gain_over_both_open", "china_gain_over_both_closed"].iter().zip(gains) {
                metrics.insert(format!("{name}_with_{}_high", input.key), Metric::single("fraction", gain));
            }
            if gains[..2].iter().any(|gain| *gain < self.settings.points_for) {
                finding.counter_case.codes.push(format!("china_gains_little_with_{}_high", input.key));
            }
        }
        finding.notes.push(Note::new("one_usable_point_in_time_for_calibration"));
        Ok(())
    }
}
