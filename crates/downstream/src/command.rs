//! One file a verb: its flags, and the function that answers.

pub mod brief;
pub mod calibrate;
pub mod completions;
pub mod estimate;
pub mod explore;
pub mod facts;
pub mod hindcast;
pub mod plan;
pub mod rules;
pub mod scenario;
pub mod validate;
pub mod world;

use crate::{cli::Verb, context::Context, failure::Failure};

/// Answers a verb.
///
/// # Errors
/// Whatever kept it from answering.
pub fn run(verb: Verb, context: &Context) -> Result<(), Failure> {
    match verb {
        Verb::Brief(args) => brief::run(&args, context),
        Verb::Facts(args) => facts::run(&args, context),
        Verb::Rules(verb) => rules::run(&verb, context),
        Verb::Estimate(args) => estimate::run(&args, context),
        Verb::Explore(args) => explore::run(&args, context),
        Verb::Plan(args) => plan::run(&args, context),
        Verb::World(args) => world::run(&args, context),
        Verb::Calibrate(args) => calibrate::run(&args, context),
        Verb::Hindcast(args) => hindcast::run(&args, context),
        Verb::Validate(args) => validate::run(&args, context),
        Verb::Scenario(verb) => scenario::run(&verb, context),
        Verb::Completions(args) => completions::run(&args),
        Verb::Man => completions::man(),
    }
}
