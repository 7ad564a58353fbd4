//! What is asked of a plan.

use facts::{Architecture, Facts, WorkloadShape, load::AS_OF};
use performance::Efficiencies;
use units::{Date, Problem, Problems, Range};

use crate::{Basis, Licence, Objectives};

/// A question: this model, these requests, this fast, from these chips, at these prices.
///
/// Built by [`Request::new`]; the other fields have defaults that may be set afterwards.
#[derive(Clone, Debug)]
pub struct Request {
    /// The model's id, which is printed.
    pub model: String,
    /// The model's shape.
    pub architecture: Architecture,
    /// What requests look like; only means count in a steady state.
    pub workload: WorkloadShape,
    /// Requests that arrive [1/s].
    pub rate_per_s: f64,
    /// Means that must be kept.
    pub objectives: Objectives,
    /// Where it stands [a name that [`Facts::country`] knows]; `None` = anywhere: no export rule and no
    /// country's electricity price applies.
    pub country: Option<String>,
    /// The day, for releases, rules and prices.
    pub on: Date,
    /// Which outcomes of the export rules count as "may be had".
    pub licence: Licence,
    /// Whether chips designed in the country itself may be had whatever the rules of the United States say of
    /// using them: they are not exported there. Their outcome is printed all the same.
    pub domestic_chips: bool,
    /// Only these chips [ids or aliases]; `None` = all.
    pub chips: Option<Vec<String>>,
    /// Lines of the answer.
    pub top: usize,
    /// What a chip-hour is priced by.
    pub basis: Basis,
    /// Price of electricity for owning, in place of the country's [USD/kWh].
    pub electricity_usd_per_kwh: Option<Range>,
    /// Fewest replicas: 2 keeps serving when one fails [count].
    pub min_replicas: u64,
    /// Largest share of the load a replica bears within the objectives that it is given [fraction]. A steady loop
    /// has no bursts, arrivals do: the rest is left for them. Assumption, range 0.6 to 0.95.
    pub max_utilisation_fraction: f64,
    /// What chips and engines reach: the built-in tables, or those that a user calibrated.
    pub efficiencies: Efficiencies,
}

impl Request {
    /// Share of the bearable load that is planned with, unless told otherwise.
    pub const MAX_UTILISATION_FRACTION: f64 = 0.8;

    /// A question with the defaults: today's data, any place, free licences, all chips, twenty lines, rental
    /// prices, one replica or more.
    pub fn new(model: &facts::Model, workload: WorkloadShape, rate_per_s: f64, objectives: Objectives) -> Self {
        Self {
            model: model.id.clone(),
            architecture: model.architecture.clone(),
            workload,
            rate_per_s,
            objectives,
            country: None,
            on: AS_OF,
            licence: Licence::Free,
            domestic_chips: true,
            chips: None,
            top: 20,
            basis: Basis::Rental,
            electricity_usd_per_kwh: None,
            min_replicas: 1,
            max_utilisation_fraction: Self::MAX_UTILISATION_FRACTION,
            efficiencies: Efficiencies::builtin().clone(),
        }
    }

    /// As [`Request::new`], with model and workload looked up.
    ///
    /// # Errors
    /// Both unknown names, with the nearest ones.
    pub fn named(
        facts: &Facts,
        model: &str,
        workload: &str,
        rate_per_s: f64,
        objectives: Objectives,
    ) -> Result<Self, Problems> {
        match (facts.model(model), facts.workload(workload)) {
            (Ok(model), Ok(workload)) => Ok(Self::new(model, workload.clone(), rate_per_s, objectives)),
            (model, workload) => Err(Problems([model.err(), workload.err()].into_iter().flatten().collect())),
        }
    }

    /// Figures that mean nothing, and names that nobody knows.
    pub(crate) fn problems(&self, facts: &Facts) -> Problems {
        const MOST_PER_S: f64 = 1e9;
        const MOST_REPLICAS: u64 = 1 << 20;
        let mut problems = Problems::default();
        let mut refuse = |key: &'static str, code: &'static str, message: String| {
            problems.push(Problem::new(code, message).key(key));
        };
        let rate = self.rate_per_s;
        if !(rate > 0.0 && rate <= MOST_PER_S) {
            refuse(
                "rate",
                "bad_rate",
                format!("the rate is {rate}/s; it must be above 0 and at most {MOST_PER_S:e}/s"),
            );
        }
        for (name, limit) in [("ttft", self.objectives.ttft_s), ("tpot", self.objectives.tpot_s)] {
            if let Some(limit) = limit.filter(|limit| !(*limit > 0.0 && limit.is_finite())) {
                refuse("slo", "bad_objective", format!("the objective {name} is {limit} s; it must be above 0"));
            }
        }
        if !(1..=MOST_REPLICAS).contains(&self.min_replicas) {
            let message = format!("{} replicas at least; it must be between 1 and {MOST_REPLICAS}", self.min_replicas);
            refuse("min_replicas", "bad_count", message);
        }
        let share = self.max_utilisation_fraction;
        if !(share > 0.0 && share <= 1.0) {
            refuse("max_utilisation_fraction", "bad_fraction", format!("is {share}; it must be above 0 and at most 1"));
        }
        if let Some(price) = self.electricity_usd_per_kwh
            && !(price.low >= 0.0 && price.low <= price.central && price.central <= price.high && price.high <= 1e3)
        {
            let message = format!("{} to {} USD/kWh is no price of electricity", price.low, price.high);
            refuse("electricity_usd_per_kwh", "bad_price", message);
        }
        if self.basis == Basis::Owning && self.country.is_none() && self.electricity_usd_per_kwh.is_none() {
            let message = "owning needs a price of electricity: give a country or the price".to_string();
            refuse("electricity_usd_per_kwh", "missing_electricity", message);
        }
        if self.workload.images > 0.0 && self.architecture.vision.is_none() {
            let message = format!("{} reads no images, but the workload has them", self.model);
            refuse("model", "no_vision", message);
        }
        for name in self.chips.iter().flatten() {
            if let Err(problem) = facts.chip(name) {
                problems.push(problem.key("chips"));
            }
        }
        if let Some(Err(problem)) = self.country.as_deref().map(|country| facts.country(country)) {
            problems.push(problem.key("in"));
        }
        problems
    }
}
