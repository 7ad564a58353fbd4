//! `validate`: predict published measurements, and say how far off the predictions are.

use std::path::PathBuf;
use study::validation::{self, LeaveOut};

use crate::{
    context::Context,
    failure::Failure,
    output::{self, Answer},
    write,
};

/// Predict published measurements and say how far off the predictions are.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  downstream validate                                            the built-in table of published figures
  downstream validate --measurements my-measurements.csv         the schema of that table
  downstream validate --measurements a.csv --measurements b.csv.gz --predictions out.csv
  downstream validate --leave-out chip                           as if no chip had been measured
  downstream validate --measurements a.csv --page accuracy.html  the accuracy board: charts, tables, targets
  downstream validate --measurements a.csv --leave-out model --intervals intervals.csv
                                                                 learn the 80 % intervals anew

Errors are shares of the measured figure; each configuration counts once. An interval is never learned from the chip
and model that it is scored on.")]
pub struct Args {
    /// A file of measurements, plain or gzip; may be given again [default: the built-in table]
    #[arg(long, value_name = "FILE")]
    measurements: Vec<PathBuf>,
    /// What each prediction may not have been fitted to
    #[arg(long, value_name = "WHAT", default_value = "none", value_parser = ["none", "chip", "model", "chip+model"])]
    leave_out: String,
    /// Constants of engines that `downstream calibrate` wrote
    #[arg(long, value_name = "FILE")]
    calibration: Option<PathBuf>,
    /// Write one row per input row and metric
    #[arg(long, value_name = "FILE")]
    predictions: Option<PathBuf>,
    /// Write the accuracy board, a self-contained HTML page; scores with the model and with the chip left out too
    #[arg(long, value_name = "FILE")]
    page: Option<PathBuf>,
    /// Write the table of 80 % intervals that the errors of this run teach
    #[arg(long, value_name = "FILE")]
    intervals: Option<PathBuf>,
    /// Write over existing files
    #[arg(long)]
    force: bool,
}

/// Answers.
///
/// # Errors
/// What is wrong with the files.
pub fn run(args: &Args, context: &Context) -> Result<(), Failure> {
    let leave_out = args.leave_out.parse::<LeaveOut>()?;
    let sources = validation::sources(&args.measurements)?;
    let (facts, efficiencies) = (context.facts()?, &super::calibrate::efficiencies(args.calibration.as_deref())?);
    let found = match &args.page {
        Some(path) => {
            let board = validation::board(&sources, facts, efficiencies, leave_out)?;
            write::file(path, &present::accuracy::page(&board), args.force)?;
            board.run
        }
        None => validation::validate(&sources, facts, efficiencies, leave_out)?,
    };
    if let Some(path) = &args.predictions {
        write::file(path, &found.predictions_csv()?, args.force)?;
    }
    if let Some(path) = &args.intervals {
        write::file(path, &found.intervals_csv(), args.force)?;
    }
    let result = serde_json::to_value(&found.result).map_err(|error| Failure::Ours(error.to_string()))?;
    let text = present::terminal::validate(&result, &output::style());
    context.answer(&Answer::new("validate", &result, text)?.warn(found.warnings))
}
