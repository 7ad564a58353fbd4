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
  downstream validate --measurements a.csv --measurements b.csv.gz --predictions out.csv")]
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
    /// Write over an existing file of predictions
    #[arg(long, requires = "predictions")]
    force: bool,
}

/// Answers.
///
/// # Errors
/// What is wrong with the files.
pub fn run(args: &Args, context: &Context) -> Result<(), Failure> {
    let leave_out = match args.leave_out.as_str() {
        "chip" => LeaveOut::Chip,
        "model" => LeaveOut::Model,
        "chip+model" => LeaveOut::ChipModel,
        _ => LeaveOut::None,
    };
    let sources = validation::sources(&args.measurements)?;
    let efficiencies = super::calibrate::efficiencies(args.calibration.as_deref())?;
    let found = validation::validate(&sources, context.facts()?, &efficiencies, leave_out)?;
    if let Some(path) = &args.predictions {
        write::file(path, &found.predictions_csv, args.force)?;
    }
    let result = serde_json::to_value(&found.result).map_err(|error| Failure::Ours(error.to_string()))?;
    let text = present::terminal::validate(&result, &output::style());
    context.answer(&Answer::new("validate", &result, text)?.warn(found.warnings))
}
