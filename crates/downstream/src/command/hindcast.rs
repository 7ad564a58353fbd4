//! `hindcast`: forecasts frozen in the past, scored on what happened; and the one of the years to come, registered.

use std::{io, path::PathBuf, sync::atomic::Ordering};
use study::{
    data_sha256,
    hashes::text_sha256,
    hindcast::{self, Hindcast, Past, Status, forecast},
    run_folder::RunFolder,
};
use units::{Problem, Warning, read_text};

use crate::{
    context::Context,
    failure::Failure,
    interrupt,
    output::{self, Answer},
    progress, study_input, write,
};

/// Forecasts frozen in the past, scored on what happened.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  downstream hindcast                                      all tests, V1 to V10
  downstream hindcast V4 V5 --json                         two of them, for machines
  downstream hindcast --out hindcasts                      with a page of plots
  downstream hindcast V10 --facts facts.csv                the registered forecast against what happened
  downstream hindcast V10 --register my-forecast.toml      make a forecast of one's own, with its SHA-256

FILE.csv has the columns variable, bloc, date, value, low, high, unit; `hindcast V10` lists the variables. A test that
fails is an answer (exit code 0); with --strict it ends with 1.")]
pub struct Args {
    /// Tests, V1 to V10 [default: all]
    #[arg(value_name = "ID")]
    ids: Vec<String>,
    /// A table of facts by which the registered forecast (V10) is scored
    #[arg(long, value_name = "FILE.csv")]
    facts: Option<PathBuf>,
    /// The folder to write: a page with a plot for each test, and the results as JSON
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    /// Make the forecast of 2026Q1 to 2027Q4 anew and write it to FILE, its SHA-256 beside it
    #[arg(long, value_name = "FILE", conflicts_with_all = ["facts", "out"])]
    register: Option<PathBuf>,
    /// Write over a file or folder that is already there
    #[arg(long)]
    force: bool,
    /// End with exit code 1 where a test fails
    #[arg(long)]
    strict: bool,
}

/// Answers.
///
/// # Errors
/// What is wrong with the input; Ctrl-C; a failed test under `--strict`.
pub fn run(args: &Args, context: &Context) -> Result<(), Failure> {
    let wanted = ids(args)?;
    let registry = study_input::registry(context)?;
    let folder = context.global.data.as_deref();
    let sources = world::Sources { facts: context.facts()?, book: context.rules()?, registry: &registry, folder };
    let mut past = Past::new(&sources);
    if let Some(path) = &args.register {
        return register(args, path, &past, context);
    }
    if let Some(path) = &args.facts {
        let (text, file) = (read_text(path)?, path.display().to_string());
        past.observed = Some(forecast::Observed::parse(&text, &file, &forecast::registered()?)?);
    }
    let out = args.out.as_deref().map(|out| RunFolder::begin(out, "hindcast", args.force)).transpose()?;
    let bar = progress::bar(wanted.len() as u64, "tests", context.global.quiet);
    let cancel = interrupt::flag();
    let found = hindcast::run(&wanted, &past, |done, all| {
        bar.set_length(all as u64);
        bar.set_position(done as u64);
        !cancel.load(Ordering::SeqCst)
    })?;
    bar.finish_and_clear();
    let Some(tests) = found else { return Err(Failure::Interrupted) };

    let result = serde_json::json!({ "tests": tests });
    let text = present::terminal::hindcast(&tests, &output::style());
    let answer = Answer::new("hindcast", &result, text)?.seed(past.seed).warn(warnings(&tests));
    if let (Some(folder), Some(path)) = (out, &args.out) {
        let unwritable = |error: io::Error| -> Failure {
            Problem::new("unwritable", format!("cannot be written: {error}")).file(path.display().to_string()).into()
        };
        let json = serde_json::to_string_pretty(&answer.result).map_err(|error| Failure::Ours(error.to_string()))?;
        folder.write("hindcast.json", &format!("{json}\n")).map_err(unwritable)?;
        folder.write("hindcast.html", &present::hindcast::page(&tests)).map_err(unwritable)?;
        folder.finish("hindcast").map_err(unwritable)?;
    }
    context.answer(&answer)?;
    if let Some(path) = &args.out {
        output::talk("written", anstyle::AnsiColor::Green, &path.join("hindcast.html").display().to_string());
    }
    let failed = tests.iter().any(|test| test.status == Status::Fail);
    if args.strict && failed { Err(Failure::Strict) } else { Ok(()) }
}

/// The ids as they are written here, all of them where none was named.
fn ids(args: &Args) -> Result<Vec<String>, Failure> {
    let mut problems = units::Problems::default();
    let mut wanted = Vec::new();
    for name in &args.ids {
        match hindcast::id(name) {
            Ok(id) => wanted.push(id.to_string()),
            Err(problem) => problems.push(problem),
        }
    }
    let is_v10 = wanted.iter().any(|id| id == "V10");
    if args.facts.is_some() && !wanted.is_empty() && !is_v10 {
        problems.push(
            Problem::new("bad_arguments", "--facts scores V10, which is not among the tests named").key("--facts"),
        );
    }
    if args.register.is_some() && wanted != ["V10"] {
        let message = "--register makes the forecast of V10; write `hindcast V10 --register FILE`";
        problems.push(Problem::new("bad_arguments", message).key("--register"));
    }
    Ok(problems.check(wanted)?)
}

/// Makes a forecast and writes it, with its hash in the form of `sha256sum` beside it.
fn register(args: &Args, path: &std::path::Path, past: &Past<'_>, context: &Context) -> Result<(), Failure> {
    let hash = data_sha256(past.facts);
    let made = progress::watched("futures", context, |watch| forecast::make(past, &hash, watch))?;
    let Some(made) = made else { return Err(Failure::Interrupted) };
    let text = made.to_toml();
    let hash = text_sha256(&text);
    write::file(path, &text, args.force)?;
    let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    write::file(&path.with_extension("sha256"), &format!("{hash}  {name}\n"), args.force)?;
    let result = serde_json::json!({ "sha256": hash, "series": made.series.len(), "made": made.made });
    let said = format!("{hash}  {} series, sees until {}\n", made.series.len(), made.made.sees_until);
    context.answer(&Answer::new("hindcast-register", &result, said)?.seed(past.seed))
}

/// What to know of all of them.
fn warnings(tests: &[Hindcast]) -> Vec<Warning> {
    let of_ai = |test: &&Hindcast| ["V4", "V5", "V6", "V7", "V8"].contains(&test.id);
    let mut warnings = Vec::new();
    if tests.iter().any(|test| of_ai(&test)) {
        let independent: usize = tests.iter().filter(of_ai).map(|test| test.n_independent).max().unwrap_or(0);
        warnings.push(Warning::new(
            "few_independent_points",
            format!(
                "hindcasts of AI (V4 to V8) have 6 to 10 independent points at most (here up to {independent} a test): \
                 they can falsify and not confirm; the truth is itself a model for Huawei and for smuggled chips"
            ),
        ));
    }
    warnings
}
