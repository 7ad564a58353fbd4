//! `world`: trajectories by bloc, for one policy or several side by side, why two of them differ, and where
//! a number comes from.

mod compare;
mod trace;

use std::path::PathBuf;
use study::{scenario::Scenario, world_verb};
use units::{Problem, Quarter};
use world::Registry;

use crate::{
    context::Context,
    failure::Failure,
    output::{self, Answer},
    progress, quantity,
    study_input::{self, Overrides},
};

/// The horizon of the claims (CLAIMS).
const HORIZON: Quarter = Quarter::new(2030, 4);

/// Trajectories by bloc for one policy, or several side by side; why two of them differ; where a number comes from.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  downstream world --policy history
  downstream world --policy history --policy inference-chip-controls --until 2030Q4 --futures 200
  downstream world --policy my-policy.toml --set inputs.algorithmic_progress_per_year.mode=5 --csv > series.csv
  downstream world --compare history hybrid --explain --at 2030Q4
  downstream world --trace service_price_usd_per_mtok --at 2028Q2 --policy no-controls --depth 2
  downstream world --compare no-controls all-chip-controls --explain --variable tokens_used_per_s")]
pub struct Args {
    /// A policy, by id or file; may be given again
    #[arg(long = "policy", value_name = "P", required_unless_present_any = ["compared", "traced"])]
    policies: Vec<String>,
    /// Compare two policies, by id or file, at one quarter and at median inputs
    #[arg(long = "compare", value_name = "P", num_args = 2, conflicts_with_all = ["policies", "futures", "csv"])]
    compared: Vec<String>,
    /// Say where a variable's value at one quarter comes from: expression, what it reads, inputs with their sources
    #[arg(long = "trace", value_name = "V", conflicts_with_all = ["compared", "futures", "csv"])]
    traced: Option<String>,
    /// With --trace: how many steps back variables are followed
    #[arg(long, value_name = "N", default_value_t = 1, requires = "traced")]
    depth: usize,
    /// With --compare: share the difference out over the parts of the policies and the mechanisms of the model
    /// (Shapley values: some 4,000 runs, a second or two)
    #[arg(long, requires = "compared")]
    explain: bool,
    /// With --compare: a variable by bloc; may be given again [default: six usual ones]
    #[arg(long = "variable", value_name = "V", requires = "compared")]
    variables: Vec<String>,
    /// With --compare or --trace: the quarter [default: 2030Q4]
    #[arg(long, value_name = "QUARTER", value_parser = quarter)]
    at: Option<Quarter>,
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
    #[arg(long, value_name = "S", value_parser = quantity::whole, requires = "futures")]
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

impl Args {
    /// Flags that mean something only beside `--compare` or `--trace`. (The parser lets `requires` go where the flag
    /// that is required is at odds with one that is there, here `--policy`.)
    fn only_with_others(&self) -> Result<(), Problem> {
        let alone = [
            ("--at", "--compare or --trace", self.at.is_some()),
            ("--explain", "--compare", self.explain),
            ("--variable", "--compare", !self.variables.is_empty()),
        ];
        match alone.into_iter().find(|(_, _, given)| *given) {
            Some((flag, with, _)) => Err(Problem::new("bad_arguments", format!("{flag} goes with {with}")).key(flag)),
            None => Ok(()),
        }
    }

    /// The scenario of the flags.
    fn scenario(&self, registry: &Registry, context: &Context) -> Result<Scenario, Failure> {
        let mut sets = self.overrides.sets.clone();
        sets.extend(self.until.map(|until| format!("run.until=\"{until}\"")));
        study_input::scenario(self.scenario.as_deref(), &sets, registry, context)
    }
}

/// Answers.
///
/// # Errors
/// What is wrong with the input; Ctrl-C.
pub fn run(args: &Args, context: &Context) -> Result<(), Failure> {
    if !args.compared.is_empty() {
        return compare::run(args, &args.compared, context);
    }
    if let Some(variable) = &args.traced {
        return trace::run(args, variable, context);
    }
    args.only_with_others()?;
    let registry = study_input::registry(context)?;
    let mut scenario = args.scenario(&registry, context)?;
    scenario.run.policies = study_input::policies(&args.policies);
    if let Some(seed) = args.seed {
        scenario.run.seed = seed;
    }
    let seed = scenario.run.seed;
    let beside = study_input::beside(args.scenario.as_deref());
    let ground = study_input::ground(scenario, &beside, &registry, context)?;
    let futures = args.futures.map(|futures| futures as usize);
    let found = progress::watched("futures", context, |watch| world_verb::run(&ground, futures, watch))?;
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
