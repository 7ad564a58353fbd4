//! `completions` and `man`: what a shell and a manual reader want.

use clap::CommandFactory;
use clap_complete::Shell;

use crate::{cli::Cli, failure::Failure, output};

/// Print a completion script for a shell.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Example:\n  downstream completions bash > ~/.local/share/bash-completion/completions/downstream"
)]
pub struct Args {
    /// The shell
    shell: Shell,
}

/// Prints the script.
///
/// # Errors
/// A closed pipe.
pub fn run(args: &Args) -> Result<(), Failure> {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut Cli::command(), "downstream", &mut script);
    output::write_stdout(&String::from_utf8_lossy(&script))
}

/// Prints the manual page in roff.
///
/// # Errors
/// A closed pipe, or our failure.
pub fn man() -> Result<(), Failure> {
    let mut page = Vec::new();
    clap_mangen::Man::new(Cli::command()).render(&mut page).map_err(|error| Failure::Ours(error.to_string()))?;
    output::write_stdout(&String::from_utf8_lossy(&page))
}
