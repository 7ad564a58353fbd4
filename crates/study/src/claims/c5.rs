//! C5: economies of scale push cost down and spread the technology, as with solar panels.
//!
//! (a) V1 and V2, our own hindcasts; (b) `history` with learning by doing on and off. `s` = the Shapley share of
//! learning in the fall of ln service cost at fixed quality, against algorithms, design trend, model size, mark-up and
//! rent.
//!
//! In every future the Shapley value of learning is taken as the mean of what it adds when it comes first and when it
//! comes last, which is exact where factors interact at most in pairs (it costs two runs instead of 62); at median
//! inputs all 64 runs are made, and both figures are shown.

use units::{Problems, Quarter};
use world::{Switches, Trajectory, Variable, Variant};

use super::{Ballot, Claim, Context, Future, Neutral, settings::C5 as Settings, verdict::Vote};
use crate::findings::{Cell, ClaimFinding, ClaimId, Column, Metric, Note, Table};
use crate::hindcast::{CostTest, Status, cost_series, moore_on_many_technologies, wright_on_solar};
use crate::plan::{CaseId, Plan};
use crate::reading::at;

/// The six factors, learning first.
const FACTORS: [&str; 6] = ["learning", "algorithms", "design_trend", "model_size", "markup", "rent"];

/// Switches with only the factors of a set on (bit i = factor i); all else as it is.
fn switches(set: usize) -> Switches {
    let on = |factor: usize| set >> factor & 1 == 1;
    Switches {
        learning: on(0),
        algorithms: on(1),
        design_trend: on(2),
        model_size: on(3),
        markup: on(4),
        rent: on(5),
        ..Switches::default()
    }
}

/// All factors.
const ALL: usize = (1 << FACTORS.len()) - 1;

/// The claim with its runs.
#[derive(Debug)]
pub struct C5 {
    settings: Settings,
    on: CaseId,
    off: CaseId,
    none: CaseId,
    only: CaseId,
    v1: CostTest,
    v2: CostTest,
}

impl C5 {
    /// Runs the two hindcasts and asks the plan for the runs.
    pub fn new(context: &Context<'_>, plan: &mut Plan) -> Result<Self, Problems> {
        let series = cost_series()?;
        let v1 = moore_on_many_technologies(&series);
        let v2 = wright_on_solar(&series).ok_or_else(|| {
            units::Problem::new("no_solar", "technology_costs.csv lacks solar modules with their capacity")
        })?;
        let settings = context.settings.c5.clone();
        let policy = plan.preset(context.ground, &settings.policy)?;
        let mut case = |set| plan.case(policy, Variant { switches: switches(set), ..Variant::default() });
        Ok(Self { on: case(ALL), off: case(ALL & !1), none: case(0), only: case(1), settings, v1, v2 })
    }

    /// The fall of ln of a variable of the world, from the start of the comparison to the horizon.
    fn fall(&self, run: &Trajectory, variable: Variable, horizon: Quarter) -> f64 {
        let world = run.world();
        at(run, variable, world, self.settings.from).ln() - at(run, variable, world, horizon).ln()
    }

    fn vote(&self, share: f64, adoption: f64) -> Vote {
        if !(share.is_finite() && adoption.is_finite()) {
            return Vote::Undefined;
        }
        let passed = [&self.v1, &self.v2].iter().all(|test| test.hindcast.status == Status::Pass);
        let limits = &self.settings;
        // CLAIMS: with V1 and V2 known to pass, the last two conditions decide what is against.
        Vote::of(
            passed && share >= limits.share_for && adoption >= limits.adoption_points_for,
            share <= limits.share_against && adoption <= limits.adoption_points_against,
        )
    }
}

/// The mean of what a factor adds first and last, over the whole fall.
fn share_of(all: f64, without: f64, none: f64, alone: f64) -> f64 {
    let whole = all - none;
    if whole.abs() < 1e-9 { f64::NAN } else { 0.5 * ((all - without) + (alone - none)) / whole }
}

impl Claim for C5 {
    fn id(&self) -> ClaimId {
        ClaimId::C5
    }

    fn cases(&self) -> Vec<CaseId> {
        vec![self.on, self.off, self.none, self.only]
    }

    fn metrics(&self) -> &'static [(&'static str, &'static str)] {
        &[
            ("learning_share_of_fall", "fraction"),
            ("adoption_gain", "fraction"),
            ("fall_of_ln_cost", "ln_units"),
            ("learning_share_of_fall_of_price", "fraction"),
            ("fall_of_ln_price", "ln_units"),
        ]
    }

    fn deciding(&self) -> &'static [(&'static str, &'static str)] {
        &[("learning_share_of_fall", "E4"), ("adoption_gain", "E7")]
    }

    fn judge(&self, future: &Future<'_>, horizon: Quarter) -> Ballot {
        let run = |case| future.run(case);
        let fall = |case, variable| self.fall(run(case), variable, horizon);
        let share = |variable| {
            share_of(
                fall(self.on, variable),
                fall(self.off, variable),
                fall(self.none, variable),
                fall(self.only, variable),
            )
        };
        let adoption = |case| {
            let run = run(case);
            at(run, Variable::Adoption, run.world(), horizon)
        };
        let (learning, gain) = (share(Variable::ServiceCost), adoption(self.on) - adoption(self.off));
        let metrics = vec![
            learning,
            gain,
            fall(self.on, Variable::ServiceCost),
            share(Variable::ServicePrice),
            fall(self.on, Variable::ServicePrice),
        ];
        Ballot::new(self.vote(learning, gain), metrics)
    }

    fn neutral(&self) -> Option<Neutral> {
        Some(Neutral {
            switches: Switches { learning: false, ..Switches::default() },
            codes: vec!["learning_rate_zero".into()],
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
        let policy = &plan.policies[plan.cases[self.on.0].policy];
        let variables = [Variable::ServiceCost, Variable::ServicePrice];
        let mut worth: [Vec<f64>; 2] = [Vec::new(), Vec::new()];
        for set in 0..=ALL {
            let run = context.median_run(policy, &Variant { switches: switches(set), ..Variant::default() });
            for (worth, variable) in worth.iter_mut().zip(variables) {
                worth.push(self.fall(&run, variable, context.horizon));
            }
        }
        let values = worth.each_ref().map(|worth| explore::shapley::values(worth).unwrap_or_default());
        let totals = [worth[0][ALL] - worth[0][0], worth[1][ALL] - worth[1][0]];
        finding.tables.push(Table {
            id: "c5_fall_of_cost_by_factor",
            columns: vec![
                Column { key: "factor", unit: "" },
                Column { key: "cost_ln", unit: "ln_units" },
                Column { key: "cost_share", unit: "fraction" },
                Column { key: "price_ln", unit: "ln_units" },
                Column { key: "price_share", unit: "fraction" },
            ],
            rows: FACTORS
                .iter()
                .enumerate()
                .map(|(factor, name)| {
                    vec![
                        Cell::text(*name),
                        Cell::number(values[0][factor]),
                        Cell::number(values[0][factor] / totals[0]),
                        Cell::number(values[1][factor]),
                        Cell::number(values[1][factor] / totals[1]),
                    ]
                })
                .collect(),
        });
        let metrics = &mut finding.metrics;
        let short = share_of(worth[0][ALL], worth[0][ALL & !1], worth[0][0], worth[0][1]);
        metrics.insert("learning_share_at_median_exact".into(), Metric::single("fraction", values[0][0] / totals[0]));
        metrics.insert("learning_share_at_median_first_and_last".into(), Metric::single("fraction", short));
        for test in [&self.v1, &self.v2] {
            let (hindcast, id) = (&test.hindcast, test.hindcast.id.to_lowercase());
            let passed = f64::from(u8::from(hindcast.status == Status::Pass));
            let coverage = hindcast.score.coverage90_fraction.unwrap_or(f64::NAN);
            metrics.insert(format!("{id}_pass"), Metric::single("yes_1_no_0", passed));
            metrics.insert(format!("{id}_coverage90"), Metric::single("fraction", coverage));
            metrics.insert(format!("{id}_rmse_ln_10y"), Metric::single("ln_units", test.rmse_ln_10y));
            metrics.insert(format!("{id}_rmse_ln_10y_naive"), Metric::single("ln_units", test.rmse_ln_10y_naive));
        }
        metrics.insert("v1_coverage90_lowest".into(), Metric::single("fraction", self.v1.coverage90_lowest_fraction));
        metrics.insert("v1_coverage90_highest".into(), Metric::single("fraction", self.v1.coverage90_highest_fraction));
        finding.tables.push(self.solar());
        // CLAIMS: a trend in time fits four years of AI chips as well as scale does.
        let counter = &mut finding.counter_case;
        counter.codes.push("trend_in_time_fits_as_well".into());
        counter
            .metrics
            .insert("design_trend_share_at_median".into(), Metric::single("fraction", values[0][2] / totals[0]));
        counter.metrics.insert("learning_share_at_median".into(), Metric::single("fraction", values[0][0] / totals[0]));
        counter.metrics.insert("years_of_ai_chips".into(), Metric::single("years", 4.0));
        finding.notes.push(Note::new("hindcasts_known_when_claims_were_written"));
        finding.notes.push(Note::new("v2_is_conditional_on_capacity_built"));
        Ok(())
    }
}

impl C5 {
    /// V2's three forecasts beside what happened.
    fn solar(&self) -> Table {
        let number = Cell::number;
        Table {
            id: "c5_solar_hindcast",
            columns: vec![
                Column { key: "freeze", unit: "" },
                Column { key: "at", unit: "" },
                Column { key: "truth", unit: "usd_per_w" },
                Column { key: "p5", unit: "usd_per_w" },
                Column { key: "p50", unit: "usd_per_w" },
                Column { key: "p95", unit: "usd_per_w" },
                Column { key: "moore", unit: "usd_per_w" },
            ],
            rows: self
                .v2
                .hindcast
                .points
                .iter()
                .map(|point| {
                    let numbers = [point.truth, point.p5, point.p50, point.p95, point.naive].map(number);
                    [Cell::text(&point.freeze), Cell::text(&point.at)].into_iter().chain(numbers).collect()
                })
                .collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn first_and_last_is_exact_where_factors_interact_in_pairs() {
        let worth: Vec<f64> = (0..=ALL)
            .map(|set| {
                let on = |factor: usize| f64::from(u8::from(set >> factor & 1 == 1));
                0.4 * on(0) + 0.7 * on(1) + 0.3 * on(0) * on(1) - 0.2 * on(0) * on(4) + 0.1 * on(2) * on(3)
            })
            .collect();
        let exact = explore::shapley::values(&worth).unwrap()[0] / (worth[ALL] - worth[0]);
        assert!((share_of(worth[ALL], worth[ALL & !1], worth[0], worth[1]) - exact).abs() < 1e-12);
    }
}
