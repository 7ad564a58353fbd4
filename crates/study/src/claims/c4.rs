//! C4: downstream diffusion beats upstream controls as a route to leadership in deployment.
//!
//! `diffusion-first` against the best of the three controls, chosen once at median inputs by U's value. `L = V_U/(V_U +
//! V_T)`. One of the two conditions without the other is a vote for neither: richer, not further ahead, or the reverse.

use units::{Problems, Quarter};
use world::{Switches, Trajectory, Variable, Variant};

use super::{Ballot, Claim, Context, Future, Neutral, Roles, settings::C4 as Settings, verdict::Vote};
use crate::findings::{Cell, ClaimFinding, ClaimId, Column, Metric, Note, Table};
use crate::plan::{CaseId, Plan};
use crate::reading::{at, discounted, total};

/// The claim with its runs.
#[derive(Debug)]
pub struct C4 {
    settings: Settings,
    roles: Roles,
    value_from: Quarter,
    discount_rate: f64,
    diffusion: CaseId,
    controls: CaseId,
    /// Each control with U's value and lead at median inputs.
    choice: Vec<(String, f64, f64)>,
    best: String,
}

impl C4 {
    /// Chooses the best control and asks the plan for the runs.
    pub fn new(context: &Context<'_>, plan: &mut Plan) -> Result<Self, Problems> {
        let settings = context.settings.c4.clone();
        let diffusion = plan.preset(context.ground, &settings.diffusion)?;
        let mut claim = Self {
            roles: context.roles,
            value_from: context.settings.verdict.value_from,
            discount_rate: context.settings.verdict.discount_rate_variant,
            diffusion: plan.case(diffusion, Variant::default()),
            controls: CaseId(0),
            choice: Vec::new(),
            best: String::new(),
            settings,
        };
        let mut best: Option<(f64, usize)> = None;
        for id in claim.settings.controls.clone() {
            let policy = plan.preset(context.ground, &id)?;
            let run = context.median_run(&plan.policies[policy], &Variant::default());
            let (value, lead) = (claim.value(&run, context.horizon), claim.lead(&run, context.horizon));
            claim.choice.push((id, value, lead));
            if best.is_none_or(|(most, _)| value > most) {
                best = Some((value, policy));
            }
        }
        if let Some((_, policy)) = best {
            claim.best.clone_from(&plan.policies[policy].policy.id);
            claim.controls = plan.case(policy, Variant::default());
        }
        Ok(claim)
    }

    /// U's value from use to the horizon [USD].
    fn value(&self, run: &Trajectory, horizon: Quarter) -> f64 {
        total(run, Variable::Value, self.roles.us, self.value_from, horizon)
    }

    /// U's share of the value of U and T.
    fn lead(&self, run: &Trajectory, horizon: Quarter) -> f64 {
        let own = self.value(run, horizon);
        own / (own + total(run, Variable::Value, self.roles.china, self.value_from, horizon))
    }

    /// U's value under diffusion over that under controls, and the difference of the leads.
    fn compare(&self, diffusion: &Trajectory, controls: &Trajectory, horizon: Quarter) -> (f64, f64) {
        (
            self.value(diffusion, horizon) / self.value(controls, horizon),
            self.lead(diffusion, horizon) - self.lead(controls, horizon),
        )
    }

    fn vote(&self, ratio: f64, lead: f64) -> Vote {
        if !(ratio.is_finite() && lead.is_finite()) {
            return Vote::Undefined;
        }
        let limits = &self.settings;
        Vote::of(
            ratio >= limits.value_ratio_for && lead >= limits.lead_points,
            ratio <= limits.value_ratio_against && lead <= -limits.lead_points,
        )
    }
}

/// The latest population of the United States [persons].
fn us_population(context: &Context<'_>) -> Option<f64> {
    let figures = &context.ground.inputs.facts.macro_economy;
    let of = facts::Select { bloc: Some("us"), ..facts::Select::series("population_persons") }.from(figures);
    of.into_iter().max_by_key(|figure| figure.period.first).map(|figure| figure.value)
}

impl Claim for C4 {
    fn id(&self) -> ClaimId {
        ClaimId::C4
    }

    fn cases(&self) -> Vec<CaseId> {
        vec![self.diffusion, self.controls]
    }

    fn metrics(&self) -> &'static [(&'static str, &'static str)] {
        &[
            ("value_ratio", "ratio"),
            ("lead_change", "fraction"),
            ("lead_diffusion", "fraction"),
            ("lead_controls", "fraction"),
            ("value_ratio_discounted", "ratio"),
            ("adoption_change", "fraction"),
        ]
    }

    fn deciding(&self) -> &'static [(&'static str, &'static str)] {
        &[("value_ratio", "E7 E21"), ("lead_change", "E7 E16")]
    }

    fn judge(&self, future: &Future<'_>, horizon: Quarter) -> Ballot {
        let (diffusion, controls) = (future.run(self.diffusion), future.run(self.controls));
        let (ratio, lead) = self.compare(diffusion, controls, horizon);
        let later =
            |run| discounted(run, Variable::Value, self.roles.us, (self.value_from, horizon), self.discount_rate);
        let adoption = |run| at(run, Variable::Adoption, self.roles.us, horizon);
        let metrics = vec![
            ratio,
            lead,
            self.lead(diffusion, horizon),
            self.lead(controls, horizon),
            later(diffusion) / later(controls),
            adoption(diffusion) - adoption(controls),
        ];
        Ballot::new(self.vote(ratio, lead), metrics)
    }

    fn neutral(&self) -> Option<Neutral> {
        Some(Neutral {
            switches: Switches { lever_effects: false, performance_ratios: false, ..Switches::default() },
            codes: ["lever_effects_zero", "performance_ratios_equal"].map(String::from).to_vec(),
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
        let policy = |case: CaseId| &plan.policies[plan.cases[case.0].policy];
        let controls = context.median_run(policy(self.controls), &Variant::default());
        let diffusion = context.median_run(policy(self.diffusion), &Variant::default());
        let richer = ballots.iter().filter(|ballot| {
            ballot.metrics[0] >= self.settings.value_ratio_for && ballot.metrics[1] < self.settings.lead_points
        });
        let ahead = ballots.iter().filter(|ballot| {
            ballot.metrics[0] < self.settings.value_ratio_for && ballot.metrics[1] >= self.settings.lead_points
        });
        let share = |count: usize| count as f64 / ballots.len().max(1) as f64;
        finding.notes.push(Note::new("richer_not_further_ahead").number("share", "fraction", share(richer.count())));
        finding.notes.push(Note::new("further_ahead_not_richer").number("share", "fraction", share(ahead.count())));
        finding.notes.push(Note::new("best_control_at_median").name("policy", &self.best));
        finding.tables.push(Table {
            id: "c4_controls_at_median",
            columns: vec![
                Column { key: "policy", unit: "" },
                Column { key: "value_us", unit: "usd" },
                Column { key: "lead_us", unit: "fraction" },
            ],
            rows: std::iter::once((
                &self.settings.diffusion,
                self.value(&diffusion, context.horizon),
                self.lead(&diffusion, context.horizon),
            ))
            .chain(self.choice.iter().map(|(id, value, lead)| (id, *value, *lead)))
            .map(|(id, value, lead)| vec![Cell::text(id), Cell::number(value), Cell::number(lead)])
            .collect(),
        });
        finding.tables.push(Self::sectors(&diffusion, &controls, context.horizon));
        self.both_diffuse(context, plan, &controls, finding)?;
        self.programme(context, plan, &controls, finding);
        Ok(())
    }
}

impl C4 {
    /// Adoption by sector and bloc at median inputs.
    fn sectors(diffusion: &Trajectory, controls: &Trajectory, horizon: Quarter) -> Table {
        let mut rows = Vec::new();
        if let Some(quarter) = diffusion.at(horizon) {
            for (bloc, name) in diffusion.blocs().iter().enumerate() {
                for (index, sector) in diffusion.sectors().iter().enumerate() {
                    let adoption = |run: &Trajectory| run.sector(Variable::Adoption, bloc, index)[quarter];
                    rows.push(vec![
                        Cell::text(name),
                        Cell::text(sector),
                        Cell::number(adoption(diffusion)),
                        Cell::number(adoption(controls)),
                    ]);
                }
            }
        }
        Table {
            id: "c4_adoption_by_sector",
            columns: vec![
                Column { key: "bloc", unit: "" },
                Column { key: "sector", unit: "" },
                Column { key: "adoption_diffusion", unit: "fraction" },
                Column { key: "adoption_controls", unit: "fraction" },
            ],
            rows,
        }
    }

    /// Median inputs with T spending as much on diffusion as U does.
    fn both_diffuse(
        &self,
        context: &Context<'_>,
        plan: &Plan,
        controls: &Trajectory,
        finding: &mut ClaimFinding,
    ) -> Result<(), Problems> {
        let mut policy = plan.policies[plan.cases[self.diffusion.0].policy].policy.clone();
        let spent = policy.levers.adoption_programme.get("us").copied().unwrap_or(world::policy::Money::Share(1.0));
        policy.levers.adoption_programme.insert("china".into(), spent);
        let run = context.median_run(&context.ground.prepare(policy)?, &Variant::default());
        let (ratio, lead) = self.compare(&run, controls, context.horizon);
        let metrics = &mut finding.counter_case.metrics;
        metrics.insert("value_ratio_if_both_diffuse".into(), Metric::single("ratio", ratio));
        metrics.insert("lead_change_if_both_diffuse".into(), Metric::single("fraction", lead));
        if self.vote(ratio, lead) != Vote::For {
            finding.counter_case.codes.push("lost_if_both_diffuse".into());
        }
        Ok(())
    }

    /// The programme at half and no effect, and the effect at which it breaks even, at median inputs.
    fn programme(&self, context: &Context<'_>, plan: &Plan, controls: &Trajectory, finding: &mut ClaimFinding) {
        const STEPS: usize = 20;
        let policy = &plan.policies[plan.cases[self.diffusion.0].policy];
        let at_strength =
            |strength: f64| context.median_run(policy, &Variant { strength: Some(strength), ..Variant::default() });
        let ratio = |run: &Trajectory| self.compare(run, controls, context.horizon);
        let metrics = &mut finding.counter_case.metrics;
        let none = at_strength(0.0);
        for (name, strength) in [("half", 0.5), ("zero", 0.0)] {
            let (value, lead) = ratio(&at_strength(strength));
            metrics.insert(format!("value_ratio_at_{name}_effect"), Metric::single("ratio", value));
            metrics.insert(format!("lead_change_at_{name}_effect"), Metric::single("fraction", lead));
        }
        let full = at_strength(1.0);
        let gain = |run: &Trajectory| {
            let adoption = |run| at(run, Variable::Adoption, self.roles.us, context.horizon);
            100.0 * (adoption(run) - adoption(&none))
        };
        metrics.insert("adoption_gain_at_full_effect".into(), Metric::single("points", gain(&full)));
        let code = match (ratio(&none).0 >= 1.0, ratio(&full).0 >= 1.0) {
            (true, _) => "pays_without_any_effect",
            (false, false) => "never_breaks_even",
            (false, true) => {
                let (mut low, mut high) = (0.0, 1.0);
                for _ in 0..STEPS {
                    let middle = 0.5 * (low + high);
                    if ratio(&at_strength(middle)).0 >= 1.0 { high = middle } else { low = middle }
                }
                metrics.insert("break_even_strength".into(), Metric::single("fraction", high));
                let needed = gain(&at_strength(high));
                metrics.insert("break_even_adoption_gain".into(), Metric::single("points", needed));
                let years = f64::from(context.horizon.since(self.value_from) + 1) / 4.0;
                let spent = full.accounts.get(self.roles.us).map_or(f64::NAN, |account| account.programme_usd_per_year);
                let per_head = spent * years / us_population(context).unwrap_or(f64::NAN);
                let effect = Metric::single("points_per_usd_per_head", needed / per_head);
                metrics.insert("break_even_effect".into(), effect);
                "breaks_even"
            }
        };
        finding.counter_case.codes.push(code.into());
    }
}
