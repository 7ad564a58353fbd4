//! `plan`: the cheapest deployments that meet an objective, beside API prices.

use facts::{Facts, WorkloadShape};
use planning::{Basis, Licence, Objectives, Request};
use std::path::{Path, PathBuf};
use units::{Date, Range, read_text};

use crate::{
    context::Context,
    failure::Failure,
    output::{self, Answer},
    quantity,
};

/// The cheapest deployments that meet a latency objective, on the chips that may be had in a place at a date.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  downstream plan --model llama-3.3-70b --workload azure-conversation --rate 12/s --slo ttft=2s,tpot=50ms
  downstream plan --model deepseek-v3 --workload azure-conversation --rate 12/s --slo ttft=2s,tpot=50ms --in CN --on 2026-01-20
  downstream plan --model qwen3-32b --workload my-workload.toml --rate 3/s --slo tpot=30ms --chips h100,mi300x --price-basis owning --in DE")]
pub struct Args {
    /// The model: a hub name or an alias
    #[arg(long, value_name = "ID")]
    model: String,
    /// The workload: an id as in `downstream facts workloads`, or a TOML file
    #[arg(long, value_name = "ID|FILE")]
    workload: String,
    /// Requests that arrive, with the unit: 12/s, 700/min
    #[arg(long, value_name = "RATE", allow_hyphen_values = true, value_parser = quantity::rate_per_s)]
    rate: f64,
    /// Mean latency objectives, with units: ttft=2s,tpot=50ms
    #[arg(long, value_name = "NAME=TIME,...", value_delimiter = ',', required = true, value_parser = objective)]
    slo: Vec<(String, f64)>,
    /// Where it stands: export rules and electricity price
    #[arg(long = "in", value_name = "COUNTRY")]
    country: Option<String>,
    /// The day, for releases, rules and prices [default: the newest data]
    #[arg(long, value_name = "DATE", value_parser = quantity::day)]
    on: Option<Date>,
    /// Which export outcomes count as "may be had"
    #[arg(long, default_value = "free", value_parser = ["free", "notify", "any"])]
    licence: String,
    /// Count chips designed in the country itself as available there, whatever foreign rules say of using them
    #[arg(long, requires = "country")]
    domestic: bool,
    /// Only these chips
    #[arg(long, value_name = "ID,...", value_delimiter = ',')]
    chips: Option<Vec<String>>,
    /// Constants of engines that `downstream calibrate` wrote
    #[arg(long, value_name = "FILE")]
    calibration: Option<PathBuf>,
    /// Rows to show
    #[arg(long, value_name = "N", default_value = "20", value_parser = quantity::count)]
    top: u64,
    /// What a chip-hour is priced by
    #[arg(long, default_value = "rental", value_parser = ["rental", "owning"])]
    price_basis: String,
    /// Price of electricity, for owning [default: the country's]
    #[arg(long, value_name = "USD", value_parser = quantity::positive)]
    electricity_usd_per_kwh: Option<f64>,
    /// Fewest replicas; 2 keeps serving when one fails
    #[arg(long, value_name = "N", default_value = "1", value_parser = quantity::count)]
    min_replicas: u64,
}

/// One `name=time`.
fn objective(text: &str) -> Result<(String, f64), String> {
    let (name, time) = text.split_once('=').ok_or_else(|| format!("'{text}' is not NAME=TIME; write ttft=2s"))?;
    Ok((name.trim().to_string(), quantity::duration_s(time)?))
}

/// Answers.
///
/// # Errors
/// What is wrong with the input; that nothing serves the request is an answer.
pub fn run(args: &Args, context: &Context) -> Result<(), Failure> {
    let facts = context.facts()?;
    let mut objectives = Objectives::default();
    for (name, seconds) in &args.slo {
        objectives.set(name, *seconds)?;
    }
    let request = Request {
        country: args.country.clone(),
        on: args.on.unwrap_or(facts::load::AS_OF),
        licence: word(&Licence::WORDS, &args.licence),
        domestic_chips: args.domestic,
        chips: args.chips.clone(),
        top: args.top as usize,
        basis: word(&Basis::WORDS, &args.price_basis),
        electricity_usd_per_kwh: args.electricity_usd_per_kwh.map(Range::fixed),
        min_replicas: args.min_replicas,
        efficiencies: super::calibrate::efficiencies(args.calibration.as_deref())?,
        ..Request::new(facts.model(&args.model)?, workload(&args.workload, facts)?, args.rate, objectives)
    };
    let answer = planning::plan(facts, context.rules()?, &request)?;
    let result = serde_json::to_value(&answer).map_err(|error| Failure::Ours(error.to_string()))?;
    let text = present::terminal::plan(&result, &output::style());
    context.answer(&Answer::new("plan", &result, text)?.warn(answer.warnings))
}

/// A word that the parser has already checked against the list.
fn word<T: Copy + Default>(words: &[(&'static str, T)], wanted: &str) -> T {
    words.iter().find(|(word, _)| *word == wanted).map_or_else(T::default, |(_, value)| *value)
}

/// A built-in workload, or a file by its path.
fn workload(name: &str, facts: &Facts) -> Result<WorkloadShape, Failure> {
    let path = Path::new(name);
    if path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("toml")) || name.contains('/') {
        return Ok(WorkloadShape::parse(&read_text(path)?, name)?);
    }
    Ok(facts.workload(name)?.clone())
}
