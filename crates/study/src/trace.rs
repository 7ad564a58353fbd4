//! Where a number of a run comes from: the expression, the variables and inputs behind it, and their sources
//! (`downstream world --trace VARIABLE --at QUARTER`).

use serde::Serialize;
use std::collections::{BTreeSet, VecDeque};
use units::{Confidence, Problem, Problems, Quarter, nearest};
use world::{InputSpec, Trajectory, Variable, Variant, lineage::Lineages};

use crate::ground::Ground;
use crate::sampling::{CampKey, Sampler};

/// What is traced.
#[derive(Clone, Copy, Debug)]
pub struct Question {
    /// The variable.
    pub variable: Variable,
    /// The quarter.
    pub at: Quarter,
    /// How many steps back variables are followed; 0 is the variable alone.
    pub depth: usize,
}

/// A variable and what is behind it, the variable itself first, then what it reads, nearest first.
#[derive(Clone, Debug, Serialize)]
pub struct Trace {
    /// The policy.
    pub policy: String,
    /// Each variable once.
    pub variables: Vec<Traced>,
}

/// One variable.
#[derive(Clone, Debug, Serialize)]
pub struct Traced {
    /// Its name.
    pub variable: &'static str,
    /// Its unit.
    pub unit: &'static str,
    /// The quarter of its values: that in question, or one before for what is carried over.
    pub quarter: String,
    /// Steps from the variable in question.
    pub depth: usize,
    /// The equations of the book that compute it.
    pub equations: Vec<String>,
    /// How.
    pub expression: String,
    /// Its values, in the order of CONTRACTS section 7.
    pub values: Vec<Value>,
    /// Variables of the same quarter that it reads.
    pub from: Vec<String>,
    /// Variables of the quarter before that it reads.
    pub before: Vec<String>,
    /// The inputs that its equations read.
    pub inputs: Vec<Input>,
}

/// A value of a series; what does not apply is null.
#[derive(Clone, Debug, Serialize)]
#[expect(missing_docs, reason = "the dimensions of CONTRACTS section 7")]
pub struct Value {
    pub bloc: Option<String>,
    pub sector: Option<String>,
    pub origin: Option<String>,
    pub openness: Option<&'static str>,
    /// The value.
    pub value: f64,
}

/// An input behind a variable.
#[derive(Clone, Debug, Serialize)]
pub struct Input {
    /// Its key.
    pub key: String,
    /// What it is.
    pub title: String,
    /// Its unit.
    pub unit: String,
    /// The value that this run has.
    pub value: f64,
    /// The ends of its range.
    pub low: f64,
    /// The upper end.
    pub high: f64,
    /// The camp, where sources disagree.
    pub camp: Option<String>,
    /// `measured`, `derived`, `assumption`, or `scenario` where the scenario says it.
    pub kind: &'static str,
    /// The equations that read it.
    pub equations: Vec<String>,
    /// Where it is from.
    pub source: String,
    /// Of when.
    pub date: String,
    /// How far it is trusted; null for what the scenario says.
    pub confidence: Option<Confidence>,
}

/// A variable by its name in the contract.
///
/// # Errors
/// `unknown_variable` with the nearest name.
pub fn variable(name: &str) -> Result<Variable, Problem> {
    Variable::ALL.into_iter().find(|variable| variable.name() == name).ok_or_else(|| {
        let near = nearest(name, Variable::ALL.map(Variable::name)).into_iter().next();
        let hint = units::nearest_hint(name, Variable::ALL.map(Variable::name));
        Problem::new("unknown_variable", format!("there is no variable '{name}'{hint}")).suggest(near)
    })
}

/// Traces a variable under the first policy of a scenario at median inputs.
///
/// # Errors
/// A quarter outside the run; no policy.
pub fn run(ground: &Ground<'_>, question: Question) -> Result<Trace, Problems> {
    let Some(prepared) = ground.policies.first() else {
        return Err(Problem::new("no_policy", "a trace takes one policy").into());
    };
    let mut run = ground.world.trajectory();
    let Some(at) = run.at(question.at) else {
        let (first, last) = (ground.scenario.run.start, ground.scenario.run.until);
        let message = format!("{} lies outside the run, {first} to {last}", question.at);
        return Err(Problem::new("bad_quarter", message).into());
    };
    let draw = Sampler::new(&ground.scenario, &CampKey::DEFAULT, 1, ground.scenario.run.seed)?.central();
    ground.world.run(&prepared.compiled, &draw, &Variant::default(), &mut run);
    let tracer = Tracer { ground, lineages: Lineages::builtin()?, run: &run, draw: &draw };
    let mut seen = BTreeSet::from([question.variable]);
    let mut open = VecDeque::from([(question.variable, at, 0)]);
    let mut variables = Vec::new();
    while let Some((variable, at, depth)) = open.pop_front() {
        let traced = tracer.traced(variable, at, depth);
        if depth < question.depth {
            let same = traced.from.iter().map(|name| (name, at));
            let earlier = traced.before.iter().filter_map(|name| Some((name, at.checked_sub(1)?)));
            for (name, at) in same.chain(earlier) {
                let known = Variable::ALL.into_iter().find(|variable| variable.name() == name);
                open.extend(known.filter(|variable| seen.insert(*variable)).map(|known| (known, at, depth + 1)));
            }
        }
        variables.push(traced);
    }
    Ok(Trace { policy: prepared.policy.id.clone(), variables })
}

struct Tracer<'a> {
    ground: &'a Ground<'a>,
    lineages: Lineages,
    run: &'a Trajectory,
    draw: &'a [f64],
}

impl Tracer<'_> {
    fn traced(&self, variable: Variable, at: usize, depth: usize) -> Traced {
        let lineage = self.lineages.of(variable);
        let registry = self.ground.world.registry();
        let values = self.run.all().into_iter().filter(|(info, _)| info.variable == variable);
        Traced {
            variable: variable.name(),
            unit: variable.unit(),
            quarter: self.run.quarters()[at].to_string(),
            depth,
            equations: lineage.equations.clone(),
            expression: lineage.expression.clone(),
            values: values
                .map(|(info, series)| Value {
                    bloc: info.bloc,
                    sector: info.sector,
                    origin: info.origin,
                    openness: info.openness,
                    value: series[at],
                })
                .collect(),
            from: lineage.from.clone(),
            before: lineage.before.clone(),
            inputs: self.lineages.inputs(variable, registry).into_iter().map(|input| self.input(input)).collect(),
        }
    }

    fn input(&self, input: &InputSpec) -> Input {
        // What the scenario says of it holds; the registry has the rest.
        let place = self.ground.scenario.inputs.iter().position(|setting| setting.id == input.key);
        let said = place.map(|place| (&self.ground.scenario.inputs[place], self.draw[place]));
        let (low, high) = said.map_or((f64::NAN, f64::NAN), |(setting, _)| setting.spread.default_shape().ends());
        let source = said.map_or(&input.provenance.source, |(setting, _)| &setting.source);
        let own = *source != input.provenance.source;
        Input {
            key: input.key.clone(),
            title: input.title.clone(),
            unit: input.unit.clone(),
            value: said.map_or(f64::NAN, |(_, value)| value),
            low,
            high,
            camp: input.camp.clone(),
            kind: if own { "scenario" } else { input.kind.name() },
            equations: input.equations.clone(),
            source: source.clone(),
            date: if own { String::new() } else { input.provenance.date.clone() },
            confidence: if own { None } else { Some(input.provenance.confidence) },
        }
    }
}
