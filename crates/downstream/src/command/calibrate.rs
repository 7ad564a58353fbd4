//! `calibrate`: the constants of an engine, from a user's own benchmarks.

use performance::{Efficiencies, EngineTable};
use std::path::{Path, PathBuf};
use study::{
    calibration::user,
    validation::{Deployed, sources},
};
use units::{Problem, Problems, read_text};

use crate::{
    context::Context,
    engine_flags::EngineFlags,
    failure::Failure,
    output::{self, Answer},
    quantity, write,
};

/// Fit the few constants of an engine on a chip to benchmarks of your own.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Reads the JSON of `vllm bench serve --save-result` and of `sglang.bench_serving --output-file`, and the
tables that `validate` reads. A benchmark's JSON does not say on what it ran: say it with the flags.

Examples:
  downstream calibrate --from vllm.json --model llama-3.1-8b --chip h100 --engine vllm --out mine.csv
  downstream calibrate --from runs.jsonl --model qwen3-32b --chip h100 --chips 2 --engine sglang@0.5 --out mine.csv
  downstream calibrate --from my-measurements.csv --out mine.csv --force
  downstream estimate --calibration mine.csv --model llama-3.1-8b --chip h100 --chips 1 --input 1024 --output 256 --concurrency 16"
)]
pub struct Args {
    /// The output of a benchmark client, or a table of measurements; plain or gzip
    #[arg(long, value_name = "FILE")]
    from: PathBuf,
    /// Write the constants to this file, which `estimate`, `plan` and `validate` accept as --calibration
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
    /// Write over an existing file
    #[arg(long, requires = "out")]
    force: bool,
    /// The model that ran: a hub name or an alias
    #[arg(long, value_name = "ID", requires = "chip")]
    model: Option<String>,
    /// The chip that it ran on
    #[arg(long, value_name = "ID", requires = "model")]
    chip: Option<String>,
    /// Chips of the engine: tp x dp
    #[arg(long, value_name = "N", default_value = "1", value_parser = quantity::count)]
    chips: u64,
    #[command(flatten)]
    engine: EngineFlags,
}

/// Answers.
///
/// # Errors
/// What is wrong with the file or the flags.
pub fn run(args: &Args, context: &Context) -> Result<(), Failure> {
    let facts = context.facts()?;
    let deployed = match (&args.model, &args.chip) {
        (Some(model), Some(chip)) => {
            let model = facts.model(model)?;
            let tp = args.chips / args.engine.dp;
            if tp * args.engine.dp != args.chips {
                let message = format!("--dp {} does not divide --chips {}", args.engine.dp, args.chips);
                return Err(Problem::new("chips_do_not_multiply", message).key("--dp").into());
            }
            let deployment = args.engine.deployment(&model.architecture, tp)?;
            Some(Deployed { chip: facts.chip(chip)?.id.clone(), model: model.id.clone(), deployment })
        }
        _ => None,
    };
    let source = sources(std::slice::from_ref(&args.from))?.remove(0);
    let cases = user::cases(&source, facts, deployed.as_ref())?;
    let name = args.from.file_name().map_or_else(String::new, |name| name.to_string_lossy().into_owned());
    let date = facts::load::AS_OF.to_string();
    let found = user::calibrate(&cases, facts, Efficiencies::builtin(), (&name, &date))?;
    if let Some(path) = &args.out {
        write::file(path, &found.csv, args.force)?;
    }
    let result = serde_json::to_value(&found).map_err(|error| Failure::Ours(error.to_string()))?;
    let text = present::terminal::calibrate(&result, &output::style());
    context.answer(&Answer::new("calibrate", &result, text)?)
}

/// The built-in efficiencies under the constants of a calibration file, where one is given.
///
/// # Errors
/// Every problem of the file.
pub fn efficiencies(file: Option<&Path>) -> Result<Efficiencies, Problems> {
    let builtin = Efficiencies::builtin();
    let Some(path) = file else { return Ok(builtin.clone()) };
    let rows = EngineTable::parse_rows(&read_text(path)?, &path.display().to_string())?;
    Ok(builtin.with_engines(builtin.engines().overlaid(&rows)))
}
