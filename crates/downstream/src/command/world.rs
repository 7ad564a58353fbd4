//! `world`: trajectories by bloc, for one policy or several side by side.

use std::path::PathBuf;
use study::{ensemble::Watch, world_verb};
use units::{Problem, Quarter};

use crate::{
    context::Context,
    failure::Failure,
    interrupt,
    output::{self, Answer},
    progress, quantity,
    study_input::{self, Overrides},
};

/// Trajectories by bloc for one policy, or several side by side.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  downstream world --policy history
  downstream world --policy history --policy inference-chip-controls --until 2030Q4 --futures 200
  downstream world --policy my-policy.toml --set inputs.algorithmic_progress_per_year.mode=5 --csv > series.csv")]
pub struct Args {
    /// A policy, by id or file; may be given again
    #[arg(long = "policy", value_name = "P", required = true)]
    policies: Vec<String>,
    /// A scenario file [default: the built-in scenario]
    #[arg(long, value_name = "FILE")]
    scenario: Option<PathBuf>,
    /// Last quarter, as 2030Q4 [default: the scenario's]
    #[arg(long, value_name = "QUARTER", value_parser = quarter)]
    until: Option<Quarter>,
    /// Bands over this many futures, in place of one run at median inputs
    #[arg(long, value_name = "N", value_parser = quantity::count)]
    futures: Option<u64>,
    /// Seed of every draw [default: the scenario's]
    #[arg(long, value_name = "S", requires = "futures")]
    seed: Option<u64>,
    #[command(flatten)]
    overrides: Overrides,
    /// Print the series as CSV, one row a quarter
    #[arg(long, conflicts_with = "json")]
    csv: bool,
}

fn quarter(text: &str) -> Result<Quarter, String> {
    text.parse().map_err(|problem: Problem| problem.message)
}

/// Answers.
///
/// # Errors
/// What is wrong with the input; Ctrl-C.
pub fn run(args: &Args, context: &Context) -> Result<(), Failure> {
    let registry = study_input::registry(context)?;
    let mut sets = args.overrides.sets.clone();
    sets.extend(args.until.map(|until| format!("run.until=\"{until}\"")));
    let mut scenario = study_input::scenario(args.scenario.as_deref(), &sets, &registry, context)?;
    scenario.run.policies = study_input::policies(&args.policies);
    if let Some(seed) = args.seed {
        scenario.run.seed = seed;
    }
    let seed = scenario.run.seed;
    let beside = study_input::beside(args.scenario.as_deref());
    let ground = study_input::ground(scenario, &beside, &registry, context)?;
    let bar = progress::bar(1, "futures", context.global.quiet);
    let cancel = interrupt::flag();
    let advance = |done: u64, all: u64| {
        bar.set_length(all);
        bar.set_position(done);
    };
    let watch = Watch { progress: &advance, cancel: &cancel };
    let found = world_verb::run(&ground, args.futures.map(|futures| futures as usize), watch)?;
    bar.finish_and_clear();
    let Some(trajectories) = found else { return Err(Failure::Interrupted) };
    if args.csv {
        let mut table = Vec::new();
        world_verb::write_csv(&trajectories, &mut table).map_err(|error| Failure::Ours(error.to_string()))?;
        return output::write_stdout(&String::from_utf8_lossy(&table));
    }
    let result = serde_json::to_value(&trajectories).map_err(|error| Failure::Ours(error.to_string()))?;
    let text = present::terminal::world(&result, &output::style());
    let answer = Answer::new("world", &result, text)?;
    context.answer(&if args.futures.is_some() { answer.seed(seed) } else { answer })
}
