//! `downstream`: simulates the deployment of AI, from the chip to the market.

mod cli;
mod command;
mod context;
mod engine_flags;
mod failure;
mod interrupt;
mod output;
mod phase_flags;
mod price;
mod progress;
mod quantity;
mod study_input;
mod write;

use clap::FromArgMatches;
use std::process::ExitCode;

use crate::{cli::Cli, context::Context};

fn main() -> ExitCode {
    let typed = cli::command().try_get_matches().and_then(|matches| Cli::from_arg_matches(&matches));
    let cli = match typed {
        Ok(cli) => cli,
        Err(error) => return cli::refuse(&error),
    };
    let json = cli.global.json;
    let outcome = Context::new(cli.global).and_then(|context| command::run(cli.verb, &context));
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            output::print_failure(&failure, json);
            ExitCode::from(failure.exit_code())
        }
    }
}
