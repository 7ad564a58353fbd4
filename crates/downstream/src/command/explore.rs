//! `explore`: an ensemble on disk, of the built-in study or of a model of the user's own.
//!
//! | what follows on the runs | file |
//! |---|---|
//! | shards put together | `explore/merge.rs` |
//! | the same table as Parquet | `explore/parquet.rs` |
//! | what the runs say | `explore/analyse.rs` |
//! | a search for adaptive policies | `explore/adapt.rs` |

mod adapt;
mod analyse;
mod merge;
mod parquet;

use explore::{
    design::Kind,
    store::{Halt, Line, Manifest, Pace, Shard, Stop, Writer, record},
};
use std::{
    path::PathBuf,
    sync::{Mutex, PoisonError, atomic::AtomicBool},
    time::{Duration, Instant},
};
use study::exploration::{Begun, Camps, OwnModel, Place, Request, Space, Summary, WorldModel, problem};
use units::{Problem, Warning};

use crate::{
    context::Context,
    failure::Failure,
    interrupt,
    output::{self, Answer},
    progress, quantity,
    study_input::{self, Overrides},
};

/// Run an ensemble and keep it on disk: the built-in study, or a model of your own.
#[derive(Debug, clap::Args)]
#[command(
    args_conflicts_with_subcommands = true,
    after_help = "Examples:
  downstream explore                                  all policies in 1,000 futures, a Latin hypercube
  downstream explore --runs 10000 --policy history --policy hybrid --out futures
  downstream explore --design saltelli --runs 20000 --inputs 'chip_*' --inputs 'camp:*'
  downstream explore --outputs 'share:tokens_served_per_s@china@2030Q4' --outputs value_usd_per_year@us@2035Q4
  downstream explore --resume                         goes on where it was stopped: Ctrl-C, kill, power cut
  downstream explore --shard $SLURM_ARRAY_TASK_ID/16 --out part-$SLURM_ARRAY_TASK_ID --resume
  downstream explore merge part-* --out futures
  downstream explore analyse futures --out page       what the runs say, as a page of plots with its data
  downstream explore --model 'python3 -u pond.py' --space pond.toml --timeout 10s --runs 500

DIR holds runs.csv (one line a run: inputs, outputs of each policy, and why it failed if it did), manifest.json
(design, seed, inputs with distributions, versions and hashes), blocks.csv (checksums) and the resolved scenario.
The same bytes come out for any number of threads and however often a run was stopped; shards merge to them too.
Ctrl-Z pauses, `fg` goes on."
)]
pub struct Args {
    #[command(subcommand)]
    then: Option<Then>,
    #[command(flatten)]
    run: RunArgs,
}

/// What follows on the runs.
#[derive(Debug, clap::Subcommand)]
enum Then {
    /// Put the shards of an exploration together: the bytes of a run in one piece
    Merge(merge::Args),
    /// Say which inputs matter, what one must believe and which choice holds up: a page of plots and its data
    Analyse(analyse::Args),
    /// Search for adaptive policies: what to watch, and when to go over to which other policy
    Adapt(adapt::Args),
}

/// Flags of a run.
#[derive(Debug, clap::Args)]
struct RunArgs {
    /// A scenario file [default: the built-in scenario]
    #[arg(value_name = "SCENARIO", conflicts_with = "model")]
    scenario: Option<PathBuf>,
    /// monte-carlo, latin-hypercube, sobol, saltelli, morris or factorial
    #[arg(long, value_name = "DESIGN", default_value = "latin-hypercube", value_parser = design)]
    design: Kind,
    /// Most runs: saltelli, morris and factorial take as many of them as make a whole design
    #[arg(long, value_name = "N", default_value = "1000", value_parser = quantity::count)]
    runs: u64,
    /// Add the runs for second-order indices to a saltelli design
    #[arg(long)]
    second_order: bool,
    /// Seed of every draw [default: the scenario's; 1 for a model of your own]
    #[arg(long, value_name = "S")]
    seed: Option<u64>,
    /// A policy to compare, by id or file; may be given again [default: the scenario's ten]
    #[arg(long = "policy", value_name = "P", conflicts_with = "model")]
    policies: Vec<String>,
    /// Inputs that vary, with * and ?; may be given again; the others stand at their centre [default: all]
    #[arg(long, value_name = "GLOB")]
    inputs: Vec<String>,
    /// What is read from each run: VARIABLE[.SECTOR]@BLOC@QUARTER or ..@QUARTER..QUARTER (a mean), share:VARIABLE@...;
    /// of your own model, names with * and ?; may be given again [default: six variables of each bloc at the horizon]
    #[arg(long, value_name = "OUTPUT")]
    outputs: Vec<String>,
    /// Sources that disagree: sampled (each disagreement is an input, its camps alike often) or default
    #[arg(long, value_name = "CAMPS", default_value = "sampled", value_parser = camps, conflicts_with = "model")]
    camps: Camps,
    /// The folder to write [default: downstream-explore, with -I-of-N for a shard]
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    /// Only the i-th of n parts of the runs, for merge
    #[arg(long, value_name = "i/n", value_parser = shard)]
    shard: Option<Shard>,
    /// Go on with the unfinished run in DIR.partial; begin if there is none
    #[arg(long)]
    resume: bool,
    /// Write over a folder that this command did not write, or begin an unfinished run anew
    #[arg(long, conflicts_with = "resume")]
    force: bool,
    /// A command that reads a JSON object of inputs a line and writes one of outputs; needs --space
    #[arg(long, value_name = "CMD", requires = "space")]
    model: Option<String>,
    /// Inputs with distributions, and outputs, of the command
    #[arg(long, value_name = "FILE.toml", requires = "model")]
    space: Option<PathBuf>,
    /// Longest time for one run of the command, as 500ms or 10s [default: 60s]
    #[arg(long, value_name = "T", requires = "model", value_parser = quantity::duration_s)]
    timeout: Option<f64>,
    /// Write runs.parquet beside runs.csv, in a build with the feature `parquet`
    #[arg(long)]
    parquet: bool,
    #[command(flatten)]
    overrides: Overrides,
}

fn design(text: &str) -> Result<Kind, String> {
    text.parse::<Kind>().map_err(|error| {
        let near = units::nearest(text, Kind::ALL.map(Kind::name));
        near.first().map_or(error.message.clone(), |near| format!("{}; did you mean '{near}'?", error.message))
    })
}

fn shard(text: &str) -> Result<Shard, String> {
    text.parse()
}

fn camps(text: &str) -> Result<Camps, String> {
    match text {
        "sampled" => Ok(Camps::Sampled),
        "default" => Ok(Camps::Default),
        other => Err(format!("'{other}' is neither 'sampled' nor 'default'")),
    }
}

/// Answers.
///
/// # Errors
/// What is wrong with the input; Ctrl-C; a folder that cannot be written.
pub fn run(args: &Args, context: &Context) -> Result<(), Failure> {
    match &args.then {
        Some(Then::Merge(merge)) => merge::run(merge, context),
        Some(Then::Analyse(analyse)) => analyse::run(analyse, context),
        Some(Then::Adapt(adapt)) => adapt::run(adapt, context),
        None if args.run.model.is_some() => own_model(&args.run, context),
        None => world_model(&args.run, context),
    }
}

/// Longest time for a run of a model of one's own unless told otherwise [s].
const TIMEOUT_S: f64 = 60.0;
/// The longest that may be told [s].
const LONGEST_TIMEOUT_S: f64 = 30.0 * 86_400.0;

fn world_model(args: &RunArgs, context: &Context) -> Result<(), Failure> {
    let registry = study_input::registry(context)?;
    let mut scenario = study_input::scenario(args.scenario.as_deref(), &args.overrides.sets, &registry, context)?;
    scenario.run.futures = args.runs as usize;
    if let Some(seed) = args.seed {
        scenario.run.seed = seed;
    }
    if !args.policies.is_empty() {
        scenario.run.policies = study_input::policies(&args.policies);
    }
    let seed = scenario.run.seed;
    let beside = study_input::beside(args.scenario.as_deref());
    let ground = study_input::ground(scenario, &beside, &registry, context)?;
    let model = WorldModel::new(&ground, &request(args, seed), &args.outputs, env!("CARGO_PKG_VERSION"))?;
    let job = Job { manifest: model.manifest(), files: model.files(), block_runs: explore::Ensemble::BLOCK_ROWS };
    let cancel = interrupt::flag();
    let summary = keep(args, &job, cancel, context, |run| model.run(run))?;
    answer(args, context, &summary, seed, Vec::new())
}

fn own_model(args: &RunArgs, context: &Context) -> Result<(), Failure> {
    if !args.overrides.sets.is_empty() {
        return Err(Problem::new("bad_arguments", "--set changes a scenario; a space has none").key("--set").into());
    }
    let command = args.model.as_deref().unwrap_or_default();
    if command.trim().is_empty() {
        return Err(Problem::new("bad_arguments", "the command of --model is empty").key("--model").into());
    }
    let timeout_s = args.timeout.unwrap_or(TIMEOUT_S);
    if timeout_s > LONGEST_TIMEOUT_S {
        return Err(Problem::new("bad_arguments", "--timeout is longer than 30 days").key("--timeout").into());
    }
    let Some(space) = &args.space else {
        return Err(Problem::new("bad_arguments", "--model needs --space").key("--space").into());
    };
    let space = Space::load(space)?;
    let seed = args.seed.unwrap_or(1);
    let limit = Duration::from_secs_f64(timeout_s);
    let version = env!("CARGO_PKG_VERSION");
    let model = OwnModel::new(space, (command, limit), &request(args, seed), &args.outputs, version)?;
    // A run may take seconds: nobody is to wait for somebody else's block.
    let job = Job { manifest: model.manifest(), files: model.files(), block_runs: 1 };
    let cancel = interrupt::flag();
    let pool = model.pool(cancel);
    let summary = keep(args, &job, cancel, context, |run| model.run(&pool, run))?;
    let mut warnings = Vec::new();
    let ignored = pool.ignored();
    if !ignored.is_empty() {
        let message =
            format!("answers held keys that are no output of the space and were not kept: {}", ignored.join(", "));
        warnings.push(Warning::new("ignored_keys", message));
    }
    answer(args, context, &summary, seed, warnings)
}

fn request(args: &RunArgs, seed: u64) -> Request {
    Request {
        design: args.design,
        runs: args.runs,
        second_order: args.second_order,
        seed,
        shard: args.shard,
        inputs: args.inputs.clone(),
        camps: args.camps,
    }
}

impl RunArgs {
    /// The folder to write.
    fn folder(&self) -> PathBuf {
        let name = || match self.shard {
            Some(shard) => format!("downstream-explore-{}-of-{}", shard.index(), shard.of()),
            None => "downstream-explore".into(),
        };
        self.out.clone().unwrap_or_else(|| name().into())
    }
}

/// What is to be kept.
struct Job<'a> {
    manifest: &'a Manifest,
    files: Vec<(String, String)>,
    block_runs: u64,
}

/// Computes the runs that a folder still lacks, and finishes it.
fn keep(
    args: &RunArgs,
    job: &Job<'_>,
    cancel: &AtomicBool,
    context: &Context,
    run: impl Fn(u64) -> Result<Line, Halt> + Sync,
) -> Result<Summary, Failure> {
    let folder = args.folder();
    if args.parquet {
        parquet::check()?;
    }
    let place = Place::of(&folder)?;
    let progress = match place.begin(job.manifest, args.resume, args.force)? {
        Begun::Complete(progress) => progress,
        Begun::Open(mut writer) => {
            place.write_beside(&job.files)?;
            fill(&mut writer, job, cancel, context, run).map_err(|stop| stopped(&stop, &writer, args, job.manifest))?;
            place.finish(*writer)?
        }
    };
    if args.parquet {
        parquet::write(&folder)?;
    }
    Ok(Summary::of(&folder, &progress).map_err(|error| problem(&error))?)
}

fn fill(
    writer: &mut Writer,
    job: &Job<'_>,
    cancel: &AtomicBool,
    context: &Context,
    run: impl Fn(u64) -> Result<Line, Halt> + Sync,
) -> Result<(), Stop> {
    /// The most that a kill may cost.
    const COMMIT_EVERY: Duration = Duration::from_millis(200);
    let done = writer.progress().runs;
    let bar = progress::bar(done + writer.to_come().count() as u64, "runs", context.global.quiet);
    bar.set_position(done);
    bar.reset_eta();
    let committed = Mutex::new(Instant::now());
    let due = || {
        let mut committed = committed.lock().unwrap_or_else(PoisonError::into_inner);
        let due = committed.elapsed() >= COMMIT_EVERY;
        if due {
            *committed = Instant::now();
        }
        due
    };
    let advance = |computed: u64| bar.set_position(done + computed);
    let pace = Pace { block_runs: job.block_runs, due: &due, progress: &advance, cancel };
    let ended = record(writer, &pace, run);
    bar.finish_and_clear();
    ended
}

/// Why a run was not finished, and what became of what it had.
fn stopped(stop: &Stop, writer: &Writer, args: &RunArgs, manifest: &Manifest) -> Failure {
    let (done, all) = (writer.progress().runs, manifest.runs().count());
    match stop {
        Stop::Store(error) => problem(error).into(),
        Stop::Hopeless(reason) => {
            let message = format!("the model cannot be run: {reason}");
            Problem::new("bad_model", message).key("--model").into()
        }
        Stop::Cancelled => {
            let kept = format!("{done} of {all} runs, in {}.partial; go on by --resume", args.folder().display());
            output::talk("kept", anstyle::AnsiColor::Green, &kept);
            Failure::Interrupted
        }
    }
}

fn answer(
    args: &RunArgs,
    context: &Context,
    summary: &Summary,
    seed: u64,
    mut warnings: Vec<Warning>,
) -> Result<(), Failure> {
    let failed: u64 = summary.failed.iter().map(|failures| failures.runs).sum();
    if failed > 0 {
        let reasons: Vec<String> =
            summary.failed.iter().map(|failures| format!("{} {}", failures.runs, failures.reason)).collect();
        let message =
            format!("{failed} of {} runs failed: {}; runs.csv says why of each", summary.runs, reasons.join(", "));
        warnings.push(Warning::new("failed_runs", message));
    }
    let result = serde_json::to_value(summary).map_err(|error| Failure::Ours(error.to_string()))?;
    let text = present::terminal::explore(&result, &output::style());
    context.answer(&Answer::new("explore", &result, text)?.seed(seed).warn(warnings))?;
    output::talk("written", anstyle::AnsiColor::Green, &args.folder().join(explore::store::RUNS).display().to_string());
    if failed == summary.runs && failed > 0 {
        output::talk("note", anstyle::AnsiColor::Yellow, "no run succeeded");
    }
    Ok(())
}
