//! Why two policies differ: the difference between their runs, shared out over the parts of the policies and over the
//! mechanisms of the model (`downstream world --compare A B --explain`).
//!
//! Two questions, two tables, both by exact Shapley values at median inputs:
//! - *parts*: what if A took over only some of the parts on which B differs (its rules, its stances, its money ...)?
//!   Their values sum to the difference.
//! - *mechanisms*: what is left of the difference when mechanisms of the model are switched off in both? Their values
//!   and what no switch reaches sum to the difference.

mod mechanism;
mod part;

use rayon::prelude::*;
use serde::Serialize;
use units::{Problem, Problems, Quarter, nearest};
use world::{CompiledPolicy, Dimension, Policy, Trajectory, Variable, Variant};

use crate::ground::Ground;
use crate::sampling::{CampKey, Sampler};

/// What is compared.
#[derive(Clone, Debug)]
pub struct Question {
    /// The quarter.
    pub at: Quarter,
    /// The variables.
    pub variables: Vec<Variable>,
    /// Whether the difference is shared out.
    pub explain: bool,
}

/// Two policies side by side.
#[derive(Clone, Debug, Serialize)]
pub struct Comparison {
    /// The first policy.
    pub a: String,
    /// The second.
    pub b: String,
    /// The quarter.
    pub at: Quarter,
    /// Runs of the model that it took.
    pub runs: usize,
    /// One for each variable and bloc, in their order, the world last.
    pub differences: Vec<Difference>,
}

/// A quantity under both policies.
#[derive(Clone, Debug, Serialize)]
pub struct Difference {
    /// The variable.
    pub variable: &'static str,
    /// The bloc, or `world`.
    pub bloc: String,
    /// The unit.
    pub unit: &'static str,
    /// Under the first policy.
    pub a: f64,
    /// Under the second.
    pub b: f64,
    /// Second minus first.
    pub difference: f64,
    /// What each part of the policies adds; empty where nothing was explained.
    pub parts: Vec<Contribution>,
    /// What each mechanism of the model adds.
    pub mechanisms: Vec<Contribution>,
    /// What is left with every mechanism switched off; null where nothing was explained.
    pub beyond_mechanisms: Option<f64>,
}

/// A share of a difference, in the unit of the quantity.
#[derive(Clone, Debug, Serialize)]
pub struct Contribution {
    /// The part or mechanism.
    pub name: &'static str,
    /// Its Shapley value.
    pub value: f64,
}

/// Variables by bloc that are compared where none is named.
pub const USUAL: [Variable; 6] = [
    Variable::Value,
    Variable::Adoption,
    Variable::TokensUsed,
    Variable::ServicePrice,
    Variable::FleetFlop,
    Variable::EffectiveTrainFlop,
];

/// A variable by its name in the contract, one that has a value for each bloc.
///
/// # Errors
/// `unknown_variable` with the nearest name.
pub fn variable(name: &str) -> Result<Variable, Problem> {
    let known = || {
        Variable::ALL
            .into_iter()
            .filter(|variable| matches!(variable.dimension(), Dimension::Bloc | Dimension::BlocSector))
    };
    known().find(|variable| variable.name() == name).ok_or_else(|| {
        let near = nearest(name, known().map(Variable::name)).into_iter().next();
        let hint = units::nearest_hint(name, known().map(Variable::name));
        Problem::new("unknown_variable", format!("there is no variable '{name}' by bloc{hint}")).suggest(near)
    })
}

/// Compares the first two policies of a scenario at median inputs.
///
/// # Errors
/// A quarter outside the run; fewer than two policies; a mixture of the two that this world cannot run.
pub fn run(ground: &Ground<'_>, question: &Question) -> Result<Comparison, Problems> {
    let [a, b] = ground.policies.as_slice() else {
        return Err(Problem::new("two_policies", "a comparison takes exactly two policies").into());
    };
    let like = ground.world.trajectory();
    let Some(at) = like.at(question.at) else {
        let (first, last) = (ground.scenario.run.start, ground.scenario.run.until);
        let message = format!("{} lies outside the run, {first} to {last}", question.at);
        return Err(Problem::new("bad_quarter", message).into());
    };
    let draw = Sampler::new(&ground.scenario, &CampKey::DEFAULT, 1, ground.scenario.run.seed)?.central();
    let asker = Asker { ground, draw, like, at, variables: &question.variables };
    let ends = [&a.compiled, &b.compiled].map(|policy| asker.values(policy, &Variant::default()));
    let mut comparison = Comparison {
        a: a.policy.id.clone(),
        b: b.policy.id.clone(),
        at: question.at,
        runs: 2,
        differences: asker.differences(&ends),
    };
    if question.explain {
        asker.explain_by_part(&a.policy, &b.policy, &mut comparison)?;
        asker.explain_by_mechanism([&a.compiled, &b.compiled], &mut comparison);
    }
    Ok(comparison)
}

/// Runs the model and reads the quantities in question.
struct Asker<'a> {
    ground: &'a Ground<'a>,
    draw: Vec<f64>,
    like: Trajectory,
    at: usize,
    variables: &'a [Variable],
}

impl Asker<'_> {
    /// Every variable for every bloc, the world last.
    fn values(&self, policy: &CompiledPolicy, variant: &Variant) -> Vec<f64> {
        let mut run = self.like.clone();
        self.ground.world.run(policy, &self.draw, variant, &mut run);
        let blocs = 0..=run.blocs().len();
        let value = |variable: Variable, bloc: usize| match variable.dimension() {
            Dimension::BlocSector => run.sector(variable, bloc, run.sectors().len())[self.at],
            _ => run.get(variable, bloc)[self.at],
        };
        let of = |variable: &Variable| blocs.clone().map(|bloc| value(*variable, bloc)).collect::<Vec<f64>>();
        self.variables.iter().flat_map(of).collect()
    }

    fn differences(&self, ends: &[Vec<f64>; 2]) -> Vec<Difference> {
        let blocs = self.like.blocs().iter().map(String::as_str).chain(["world"]);
        let about = self.variables.iter().flat_map(|variable| blocs.clone().map(move |bloc| (variable, bloc)));
        let values = ends[0].iter().zip(&ends[1]);
        about
            .zip(values)
            .map(|((variable, bloc), (a, b))| Difference {
                variable: variable.name(),
                bloc: bloc.to_string(),
                unit: variable.unit(),
                a: *a,
                b: *b,
                difference: b - a,
                parts: Vec::new(),
                mechanisms: Vec::new(),
                beyond_mechanisms: None,
            })
            .collect()
    }

    /// Policies that have taken over every set of the parts on which the two differ.
    fn explain_by_part(&self, a: &Policy, b: &Policy, comparison: &mut Comparison) -> Result<(), Problems> {
        let parts = part::differing(a, b);
        let mixtures: Vec<CompiledPolicy> = (0..1usize << parts.len())
            .map(|set| self.ground.world.compile(&part::mixture(a, b, &parts, set)))
            .collect::<Result<_, _>>()?;
        let worth: Vec<Vec<f64>> = mixtures.par_iter().map(|policy| self.values(policy, &Variant::default())).collect();
        comparison.runs += worth.len();
        for (index, difference) in comparison.differences.iter_mut().enumerate() {
            difference.parts = contributions(parts.iter().map(|part| part.name), &worth, index);
        }
        Ok(())
    }

    /// Both policies under every set of mechanisms.
    fn explain_by_mechanism(&self, policies: [&CompiledPolicy; 2], comparison: &mut Comparison) {
        let sets = 1usize << mechanism::ALL.len();
        let gap = |set: usize| -> Vec<f64> {
            let variant = Variant { switches: mechanism::only(set), ..Variant::default() };
            let [a, b] = policies.map(|policy| self.values(policy, &variant));
            b.iter().zip(&a).map(|(b, a)| b - a).collect()
        };
        let worth: Vec<Vec<f64>> = (0..sets).into_par_iter().map(gap).collect();
        comparison.runs += 2 * sets;
        for (index, difference) in comparison.differences.iter_mut().enumerate() {
            difference.mechanisms = contributions(mechanism::ALL.iter().map(|one| one.name), &worth, index);
            difference.beyond_mechanisms = Some(worth[0][index]);
        }
    }
}

/// The Shapley values of one quantity, from the quantities of every set.
fn contributions(names: impl Iterator<Item = &'static str>, worth: &[Vec<f64>], index: usize) -> Vec<Contribution> {
    let worth: Vec<f64> = worth.iter().map(|values| values[index]).collect();
    let values = explore::shapley::values(&worth).unwrap_or_default();
    names.zip(values).map(|(name, value)| Contribution { name, value }).collect()
}
