//! `world --compare A B`: two policies at one quarter, and why they differ.

use study::compare::{self, Question};
use units::Problems;
use world::Variable;

use super::{Args, HORIZON};
use crate::{
    context::Context,
    failure::Failure,
    output::{self, Answer},
    study_input,
};

/// Answers.
///
/// # Errors
/// What is wrong with the input.
pub fn run(args: &Args, compared: &[String], context: &Context) -> Result<(), Failure> {
    let mut problems = Problems::default();
    let mut variables: Vec<Variable> = Vec::new();
    for name in &args.variables {
        match compare::variable(name) {
            Ok(variable) => variables.push(variable),
            Err(problem) => problems.push(problem.key("--variable")),
        }
    }
    problems.check(())?;
    if variables.is_empty() {
        variables = compare::USUAL.to_vec();
    }
    let registry = study_input::registry(context)?;
    let mut scenario = args.scenario(&registry, context)?;
    scenario.run.policies = study_input::policies(compared);
    let at = args.at.unwrap_or(HORIZON.min(scenario.run.until));
    let beside = study_input::beside(args.scenario.as_deref());
    let ground = study_input::ground(scenario, &beside, &registry, context)?;
    let found = compare::run(&ground, &Question { at, variables, explain: args.explain })?;
    let answer = Answer::new("world-compare", &found, String::new())?;
    let text = present::terminal::world_compare(&answer.result, &output::style());
    context.answer(&Answer { text, ..answer })
}
