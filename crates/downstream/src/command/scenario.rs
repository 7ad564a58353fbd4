//! `scenario`: make, check, show and compare scenario files.

use serde_json::{Value, json};
use std::path::PathBuf;
use study::checks;

use crate::{
    context::Context,
    failure::Failure,
    output::{self, Answer},
    progress, quantity,
    study_input::{self, Overrides},
    write,
};

/// Make, check, show and compare scenario files.
#[derive(Debug, clap::Subcommand)]
pub enum Verb {
    /// Write a scenario file that holds every key of the built-in scenario
    New(NewArgs),
    /// Check a scenario file and its policies
    Check(CheckArgs),
    /// Print every key of a resolved scenario, and where each comes from
    Show(ShowArgs),
    /// Print the keys on which two scenarios differ
    Diff(DiffArgs),
}

/// Flags of `scenario new`.
#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  downstream scenario new my-scenario.toml")]
pub struct NewArgs {
    /// The file to write
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// Write over an existing file
    #[arg(long)]
    force: bool,
}

/// Flags of `scenario check`.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  downstream scenario check my-scenario.toml
  downstream scenario check my-scenario.toml --futures 1000
  downstream scenario check my-scenario.toml --futures 100 --checks my-checks.toml")]
pub struct CheckArgs {
    /// The scenario file
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// Also run this many futures in each camp, and hold statements about the model against them
    #[arg(long, value_name = "N", value_parser = quantity::count)]
    futures: Option<u64>,
    /// With --futures: a file of statements [default: the built-in ones, checks/world.toml]
    #[arg(long, value_name = "FILE", requires = "futures")]
    checks: Option<PathBuf>,
    /// With --futures: exit with 1 where a statement is broken
    #[arg(long, requires = "futures")]
    strict: bool,
    #[command(flatten)]
    overrides: Overrides,
}

/// Flags of `scenario show`.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  downstream scenario show\n  downstream scenario show my-scenario.toml --set run.futures=200"
)]
pub struct ShowArgs {
    /// The scenario file [default: the built-in scenario]
    #[arg(value_name = "FILE")]
    file: Option<PathBuf>,
    #[command(flatten)]
    overrides: Overrides,
}

/// Flags of `scenario diff`.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  downstream scenario diff my-scenario.toml\n  downstream scenario diff before.toml after.toml"
)]
pub struct DiffArgs {
    /// The first scenario file
    #[arg(value_name = "FILE")]
    a: PathBuf,
    /// The second [default: the built-in scenario, as the first of the two]
    #[arg(value_name = "FILE")]
    b: Option<PathBuf>,
}

/// Answers.
///
/// # Errors
/// Everything that is wrong with the scenario.
pub fn run(verb: &Verb, context: &Context) -> Result<(), Failure> {
    match verb {
        Verb::New(args) => new(args, context),
        Verb::Check(args) => check(args, context),
        Verb::Show(args) => show(args, context),
        Verb::Diff(args) => diff(args, context),
    }
}

fn new(args: &NewArgs, context: &Context) -> Result<(), Failure> {
    let registry = study_input::registry(context)?;
    let scenario = study_input::scenario(None, &[], &registry, context)?;
    write::file(&args.file, &scenario.to_toml(), args.force)?;
    let text = format!("written: {} ({} inputs)\n", args.file.display(), scenario.inputs.len());
    context.answer(&Answer::new("scenario-new", &json!({"inputs": scenario.inputs.len()}), text)?)
}

fn check(args: &CheckArgs, context: &Context) -> Result<(), Failure> {
    let registry = study_input::registry(context)?;
    let scenario = study_input::scenario(Some(&args.file), &args.overrides.sets, &registry, context)?;
    let changed = scenario.changed().count();
    let statements = match &args.checks {
        Some(file) => checks::parse(&units::read_text(file)?, &file.display().to_string())?,
        None => checks::builtin()?,
    };
    let beside = study_input::beside(Some(&args.file));
    let ground = study_input::ground(scenario, &beside, &registry, context)?;
    let run = &ground.scenario.run;
    let mut result = json!({"name": ground.scenario.name, "policies": run.policies, "futures": run.futures, "changed": changed, "checks": null});
    let mut text = format!(
        "{}: good. {} policies, {} futures, {} to {}; {changed} keys differ from the built-in scenario\n",
        ground.scenario.name,
        run.policies.len(),
        run.futures,
        run.start,
        run.until
    );
    let Some(futures) = args.futures else { return context.answer(&Answer::new("scenario-check", &result, text)?) };
    let held =
        progress::watched("futures", context, |watch| checks::run(&ground, &statements, futures as usize, watch))?;
    let Some(report) = held else { return Err(Failure::Interrupted) };
    result["checks"] = serde_json::to_value(&report).map_err(|error| Failure::Ours(error.to_string()))?;
    text.push_str(&present::terminal::checks(&result["checks"], &output::style()));
    context.answer(&Answer::new("scenario-check", &result, text)?.seed(run.seed))?;
    let broken = report.statements.iter().any(|statement| statement.broken > 0);
    if args.strict && broken { Err(Failure::Strict) } else { Ok(()) }
}

fn show(args: &ShowArgs, context: &Context) -> Result<(), Failure> {
    let registry = study_input::registry(context)?;
    let scenario = study_input::scenario(args.file.as_deref(), &args.overrides.sets, &registry, context)?;
    let keys: Vec<Value> = scenario
        .origins
        .iter()
        .map(|(key, origin)| json!({"key": key, "layer": origin.layer, "line": origin.line}))
        .collect();
    let text = scenario.to_toml();
    context.answer(&Answer::new("scenario-show", &json!({"toml": text, "origins": keys}), text)?)
}

fn diff(args: &DiffArgs, context: &Context) -> Result<(), Failure> {
    let registry = study_input::registry(context)?;
    let read = |file| study_input::scenario(file, &[], &registry, context);
    let (a, b) = match &args.b {
        Some(b) => (read(Some(args.a.as_path()))?, read(Some(b.as_path()))?),
        None => (read(None)?, read(Some(args.a.as_path()))?),
    };
    let differences = study::scenario::diff(&a, &b);
    let result = json!({"a": a.name, "b": b.name, "differences": differences});
    let text = present::terminal::scenario_diff(&result, &output::style());
    context.answer(&Answer::new("scenario-diff", &result, text)?)
}
