//! `world --trace VARIABLE`: where a number comes from.

use study::trace::{self, Question};

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
pub fn run(args: &Args, variable: &str, context: &Context) -> Result<(), Failure> {
    let variable = trace::variable(variable).map_err(|problem| problem.key("--trace"))?;
    let registry = study_input::registry(context)?;
    let mut scenario = args.scenario(&registry, context)?;
    let policies = if args.policies.is_empty() { &["history".to_string()][..] } else { &args.policies[..1] };
    scenario.run.policies = study_input::policies(policies);
    let at = args.at.unwrap_or(HORIZON.min(scenario.run.until));
    let beside = study_input::beside(args.scenario.as_deref());
    let ground = study_input::ground(scenario, &beside, &registry, context)?;
    let found = trace::run(&ground, Question { variable, at, depth: args.depth })?;
    let answer = Answer::new("world-trace", &found, String::new())?;
    let text = present::terminal::world_trace(&answer.result, &output::style());
    context.answer(&Answer { text, ..answer })
}
