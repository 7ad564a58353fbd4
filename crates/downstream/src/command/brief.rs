//! `brief`: the main job. The built-in study, a report, its data, the findings.

use std::{io, path::PathBuf, sync::atomic::Ordering};
use study::{
    brief::{self, Ended},
    run_folder::RunFolder,
};
use units::Problem;

use crate::{
    context::Context,
    failure::Failure,
    interrupt,
    output::{self, Answer},
    progress, quantity,
    study_input::{self, Chosen},
};

/// Run the built-in study, write one self-contained HTML report with its data, print the findings.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  downstream brief                                  all policies, 1,000 futures in each camp
  downstream brief --futures 100 --out quick        fewer futures, another folder
  downstream brief my-scenario.toml --seed 2 --lang zh

Writes DIR/brief.html, findings.json, runs.csv, trajectories.csv, scenario.toml and README.md. The same scenario
and seed give the same bytes.")]
pub struct Args {
    #[command(flatten)]
    chosen: Chosen,
    /// The folder to write
    #[arg(long, value_name = "DIR", default_value = "downstream-brief")]
    out: PathBuf,
    /// Futures in each camp [default: the scenario's, 1,000]
    #[arg(long, value_name = "N", value_parser = quantity::count)]
    futures: Option<u64>,
    /// Language of the report: en or zh
    #[arg(long, value_name = "L", default_value = "en")]
    lang: String,
    /// Write over a folder that this command did not write
    #[arg(long)]
    force: bool,
}

/// Answers.
///
/// # Errors
/// What is wrong with the input; Ctrl-C; a folder that cannot be written.
pub fn run(args: &Args, context: &Context) -> Result<(), Failure> {
    let language = args.lang.parse::<present::Language>().map_err(|problem| problem.key("--lang"))?;
    let registry = study_input::registry(context)?;
    let mut scenario = args.chosen.scenario(&registry, context)?;
    if let Some(futures) = args.futures {
        scenario.run.futures = futures as usize;
    }
    let beside = args.chosen.beside();
    let ground = study_input::ground(scenario, &beside, &registry, context)?;
    let folder = RunFolder::begin(&args.out, "brief", args.force)?;

    let mut runs = io::BufWriter::new(folder.create("runs.csv").map_err(|error| unwritable(args, &error))?);
    let found = match progress::watched("futures", context, |watch| brief::run(&ground, watch, &mut runs)) {
        Ok(Ended::Done(found)) => found,
        Ok(Ended::Cancelled) => return Err(Failure::Interrupted),
        Err(brief::Failure::Input(problems)) => return Err(problems.into()),
        Err(brief::Failure::Write(error)) => return Err(unwritable(args, &error)),
    };
    io::Write::flush(&mut runs).map_err(|error| unwritable(args, &error))?;
    drop(runs);
    folder
        .write_brief(&found, &ground, env!("CARGO_PKG_VERSION"))
        .and_then(|()| folder.write("brief.html", &present::brief::page(&found, language)))
        .map_err(|error| unwritable(args, &error))?;
    if interrupt::flag().load(Ordering::SeqCst) {
        return Err(Failure::Interrupted);
    }
    folder.finish("brief").map_err(|error| unwritable(args, &error))?;

    let style = present::Style { language, ..output::style() };
    let text = present::terminal::findings(&found, &style);
    let result = serde_json::to_value(&*found).map_err(|error| Failure::Ours(error.to_string()))?;
    context.answer(&Answer::new("brief", &result, text)?.seed(found.seed))?;
    output::talk("written", anstyle::AnsiColor::Green, &args.out.join("brief.html").display().to_string());
    Ok(())
}

fn unwritable(args: &Args, error: &io::Error) -> Failure {
    Problem::new("unwritable", format!("cannot be written: {error}")).file(args.out.display().to_string()).into()
}
