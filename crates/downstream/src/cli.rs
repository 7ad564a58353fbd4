//! What can be typed: the verbs and the flags that all of them share.

use clap::{Args, CommandFactory, Parser, Subcommand, error::ErrorKind};
use std::{path::PathBuf, process::ExitCode};

use crate::{
    command::{
        brief, calibrate, completions, estimate, explore, facts, hindcast, plan, rules, scenario, validate, world,
    },
    failure::Failure,
    output,
};

/// Simulates the deployment of AI, from the chip to the market.
///
/// One chain of models: what a chip delivers, the cheapest way to serve a workload, who deploys AI under
/// which policy, and nine claims put to the test. Every number has a unit and a source.
#[derive(Debug, Parser)]
#[command(name = "downstream", version, max_term_width = 110, after_help = EXAMPLES)]
pub struct Cli {
    #[command(flatten)]
    pub global: Global,
    #[command(subcommand)]
    pub verb: Verb,
}

const EXAMPLES: &str = "Examples:
  downstream brief                                   the nine claims put to the test, as a report
  downstream rules check h20 --to CN --on 2025-04-20 may this chip go there, on that day?
  downstream estimate --model deepseek-v3 --chip h200 --chips 8 --input 1024 --output 1024 --concurrency 64
  downstream plan --model llama-3.3-70b --workload azure-conversation --rate 12/s --slo ttft=2s,tpot=50ms
  downstream facts chips h100

Exit codes: 0 answered, 2 something is wrong with the input, 1 our failure, 130 interrupted.";

/// Flags of every verb.
#[derive(Debug, Args)]
pub struct Global {
    /// Print one JSON object on standard output, for machines
    #[arg(long, global = true)]
    pub json: bool,
    /// A folder whose tables replace the built-in ones of the same name
    #[arg(long, global = true, value_name = "DIR")]
    pub data: Option<PathBuf>,
    /// Threads to use; the results do not depend on it [default: all, or RAYON_NUM_THREADS]
    #[arg(long, global = true, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1024))]
    pub threads: Option<u16>,
    /// No progress bar
    #[arg(long, short, global = true)]
    pub quiet: bool,
}

/// The verbs.
#[derive(Debug, Subcommand)]
pub enum Verb {
    /// Run the built-in study, write one self-contained HTML report with its data, print the findings
    Brief(brief::Args),
    /// List and show the built-in facts, each with its source
    Facts(facts::Args),
    /// Export classification of a chip: figures, the rule that applies, licence policy, citation
    #[command(subcommand)]
    Rules(rules::Verb),
    /// One deployment in steady state: step times, throughput, latency, memory, energy, cost
    Estimate(estimate::Args),
    /// The cheapest deployments that meet a latency objective, beside API prices
    Plan(plan::Args),
    /// Trajectories by bloc for one policy, or several side by side
    World(world::Args),
    /// Run an ensemble and keep it on disk: the built-in study, or a model of your own
    Explore(Box<explore::Args>),
    /// Forecasts frozen in the past, scored on what happened; and the one of the years to come
    Hindcast(hindcast::Args),
    /// Predict published measurements and say how far off the predictions are
    Validate(validate::Args),
    /// Fit the few constants of an engine on a chip to benchmarks of your own
    Calibrate(calibrate::Args),
    /// Make, check and show scenario files
    #[command(subcommand)]
    Scenario(scenario::Verb),
    /// Print a completion script for a shell
    Completions(completions::Args),
    /// Print the manual page
    Man,
}

/// The command with its rules for all flags: a number with a minus sign is the value of the flag before it, so that
/// what refuses it names the flag.
pub fn command() -> clap::Command {
    fn negative(command: clap::Command) -> clap::Command {
        command
            .mut_args(|arg| if arg.get_action().takes_values() { arg.allow_negative_numbers(true) } else { arg })
            .mut_subcommands(negative)
    }
    negative(Cli::command())
}

/// Prints why the command line was not understood; help and version are answers.
pub fn refuse(error: &clap::Error) -> ExitCode {
    if matches!(error.kind(), ErrorKind::DisplayHelp | ErrorKind::DisplayVersion) {
        let _ = error.print();
        return ExitCode::SUCCESS;
    }
    if std::env::args_os().any(|arg| arg == "--json") {
        let message = error.to_string();
        // The first paragraph: what is wrong, and the list that belongs to it.
        let lines: Vec<&str> = message.lines().take_while(|line| !line.trim().is_empty()).map(str::trim).collect();
        let first = lines.join(" ").trim_start_matches("error: ").to_string();
        let failure = Failure::Input(units::Problem::new("bad_arguments", first).into());
        output::print_failure(&failure, true);
    } else {
        let _ = error.print();
    }
    ExitCode::from(2)
}
