//! `estimate`: one deployment in steady state.

use facts::{Architecture, Chip, Facts};
use performance::{Deployment, Options, Request, Workload, speculative::Setting};
use std::path::{Path, PathBuf};
use units::{Date, Problem, read_text};

use crate::{
    context::Context,
    engine_flags::EngineFlags,
    failure::Failure,
    output::{self, Answer},
    phase_flags::PhaseFlags,
    price, quantity,
};

/// One deployment in steady state: step times, throughput, latency, memory, energy, cost, and where the time goes.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  downstream estimate --model deepseek-v3 --chip h200 --chips 8 --ep 8 --input 1024 --output 1024 --concurrency 64
  downstream estimate --model config.json --chip h100 --chips 1 --input 2000 --output 200 --concurrency 8 --explain
  downstream estimate --model qwen2.5-vl-7b --chip l40s --chips 1 --input 200 --output 200 --concurrency 4 --images 1
  downstream estimate --model deepseek-v3 --chip h100 --chips 72 --dp 72 --ep 72 --engine sglang --input 2000 --output 100
    --concurrency 18432 --phase decode --overlap --placement by-load")]
pub struct Args {
    /// The model: a hub name, an alias, or the path of a Hugging Face config.json
    #[arg(long, value_name = "ID|FILE")]
    model: String,
    /// The chip: an id or an alias
    #[arg(long, value_name = "ID", required_unless_present = "chip_file", conflicts_with = "chip_file")]
    chip: Option<String>,
    /// A chip of your own, as a TOML file
    #[arg(long, value_name = "FILE")]
    chip_file: Option<PathBuf>,
    /// Chips in all: replicas x pp x tp x dp
    #[arg(long, value_name = "N", value_parser = quantity::count)]
    chips: u64,
    /// Independent copies of the engine
    #[arg(long, value_name = "N", default_value = "1", value_parser = quantity::count)]
    replicas: u64,
    /// Tensor parallelism of attention [default: chips / (replicas x pp x dp)]
    #[arg(long, value_name = "N", value_parser = quantity::count)]
    tp: Option<u64>,
    /// Pipeline stages
    #[arg(long, value_name = "N", default_value = "1", value_parser = quantity::count)]
    pp: u64,
    #[command(flatten)]
    engine: EngineFlags,
    /// Speculative decoding: mtp or eagle3 with the tokens of a draft, as mtp:3, and the tokens a step
    /// writes where they are known, as mtp:3:2.4 [default: none; lengths accepted are from the tables]
    #[arg(long, value_name = "METHOD:N[:LENGTH]")]
    speculative: Option<String>,
    /// Mean tokens read by a request
    #[arg(long, value_name = "TOKENS", value_parser = quantity::positive, allow_negative_numbers = true)]
    input: f64,
    /// Mean tokens written by a request
    #[arg(long, value_name = "TOKENS", value_parser = quantity::positive, allow_negative_numbers = true)]
    output: f64,
    /// Requests in flight over the whole deployment (closed loop)
    #[arg(long, value_name = "N", value_parser = quantity::count)]
    concurrency: u64,
    #[command(flatten)]
    phase: PhaseFlags,
    /// Images in a request
    #[arg(long, value_name = "N", default_value_t = 0, value_parser = quantity::whole)]
    images: u64,
    /// Size of an image [default: the encoder's own]
    #[arg(long, value_name = "WxH", value_parser = quantity::image_size, requires = "images")]
    image_size: Option<(u64, u64)>,
    #[command(flatten)]
    price: price::PriceFlags,
    /// Where it stands: the electricity price, and the export rules for the chip
    #[arg(long = "in", value_name = "COUNTRY")]
    country: Option<String>,
    /// The day, for prices and rules [default: the newest data]
    #[arg(long, value_name = "DATE", value_parser = quantity::day)]
    on: Option<Date>,
    /// Constants of engines that `downstream calibrate` wrote
    #[arg(long, value_name = "FILE")]
    calibration: Option<PathBuf>,
    /// Show each operator: shape, FLOPs and bytes of one layer on one chip, time over all its layers, bound
    #[arg(long)]
    explain: bool,
}

/// Answers.
///
/// # Errors
/// What is wrong with the input; an impossible deployment is an answer.
pub fn run(args: &Args, context: &Context) -> Result<(), Failure> {
    let facts = context.facts()?;
    let (id, architecture) = model(&args.model, facts)?;
    let chip = match (&args.chip, &args.chip_file) {
        (_, Some(file)) => Chip::from_file(file)?,
        (Some(id), None) => facts.chip(id)?.clone(),
        (None, None) => {
            return Err(Problem::new("missing_chip", "a chip is missing; give --chip or --chip-file").into());
        }
    };
    let deployment = deployment(args, (&id, &architecture))?;
    let workload = args.phase.workload(&Workload {
        images: args.images,
        image_size: args.image_size,
        ..Workload::text(args.input, args.output, args.concurrency)
    })?;
    let on = match args.on {
        Some(on) => on,
        None => facts::load::AS_OF,
    };
    let place = price::Place { country: args.country.as_deref(), on };
    let (cost, mut warnings) = args.price.basis(facts, &chip, &place)?;
    if let Some(country) = &args.country {
        warnings.extend(price::export_note(context, &chip, country, on)?);
    }
    let defaults = Options::default();
    let efficiencies = super::calibrate::efficiencies(args.calibration.as_deref())?;
    let options = Options { pue: args.price.pue(defaults.pue), cost, efficiencies };
    let request = Request {
        chip: &chip,
        model: &id,
        architecture: &architecture,
        deployment: &deployment,
        workload: &workload,
        options: &options,
    };
    let answer = performance::estimate(&request)?;
    let result = serde_json::to_value(&answer).map_err(|error| Failure::Ours(error.to_string()))?;
    let text = present::terminal::estimate(&result, args.explain, &output::style());
    warnings.extend(answer.warnings);
    context.answer(&Answer::new("estimate", &result, text)?.warn(warnings))
}

/// A built-in model, or a configuration by its path.
fn model(name: &str, facts: &Facts) -> Result<(String, Architecture), Failure> {
    let path = Path::new(name);
    let is_path = path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("json")) || path.is_dir();
    if is_path {
        let text = read_text(path)?;
        // The file's name without its folder: an answer holds no path of this machine.
        let id = path.file_name().map_or_else(|| name.to_string(), |file| file.to_string_lossy().into_owned());
        return Ok((id, Architecture::from_config(&text, name)?));
    }
    let model = facts.model(name)?;
    Ok((model.id.clone(), model.architecture.clone()))
}

fn deployment(args: &Args, (id, architecture): (&str, &Architecture)) -> Result<Deployment, Failure> {
    let others = args.replicas.saturating_mul(args.pp).saturating_mul(args.engine.dp);
    let tp = args.tp.unwrap_or(args.chips / others.max(1));
    let product = others.saturating_mul(tp);
    if tp == 0 || product != args.chips {
        let message = format!(
            "--chips {} is not replicas x pp x tp x dp = {} x {} x {} x {}",
            args.chips, args.replicas, args.pp, tp, args.engine.dp
        );
        return Err(Problem::new("chips_do_not_multiply", message)
            .key("--chips")
            .suggest(Some(format!("--chips {product}")))
            .into());
    }
    let speculative = args.speculative.as_ref().map(|text| {
        text.parse::<Setting>().and_then(|setting| setting.of(id)).map_err(|problem| problem.key("--speculative"))
    });
    let one = args.engine.deployment(architecture, tp)?;
    let speculative = speculative.transpose()?;
    Ok(args.phase.deployment(Deployment { replicas: args.replicas, pp: args.pp, speculative, ..one }))
}
