//! `explore merge`: shards put together.

use std::path::PathBuf;
use study::exploration::{Place, Summary, problem};

use super::parquet;
use crate::{
    context::Context,
    failure::Failure,
    output::{self, Answer},
};

/// Put the shards of an exploration together: the bytes of a run in one piece.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  downstream explore merge part-1 part-2 part-3 --out futures
  downstream explore merge part-* --out futures

Every shard must be there once, finished, and of the same study: what is not is listed, and nothing is written.")]
pub struct Args {
    /// The folders of all shards, in any order
    #[arg(value_name = "DIR", required = true)]
    shards: Vec<PathBuf>,
    /// The folder to write
    #[arg(long, value_name = "DIR", required = true)]
    out: PathBuf,
    /// Write over a folder that `explore` did not write
    #[arg(long)]
    force: bool,
    /// Write runs.parquet beside runs.csv, in a build with the feature `parquet`
    #[arg(long)]
    parquet: bool,
}

/// Answers.
///
/// # Errors
/// Shards that do not make a study; a folder that cannot be written.
pub fn run(args: &Args, context: &Context) -> Result<(), Failure> {
    if args.parquet {
        parquet::check()?;
    }
    let progress = Place::of(&args.out)?.merge(&args.shards, args.force)?;
    if args.parquet {
        parquet::write(&args.out)?;
    }
    let summary = Summary::of(&args.out, &progress).map_err(|error| problem(&error))?;
    let seed = summary.design.seed;
    let result = serde_json::to_value(&summary).map_err(|error| Failure::Ours(error.to_string()))?;
    let text = present::terminal::explore(&result, &output::style());
    context.answer(&Answer::new("explore-merge", &result, text)?.seed(seed))?;
    output::talk("written", anstyle::AnsiColor::Green, &args.out.join(explore::store::RUNS).display().to_string());
    Ok(())
}
