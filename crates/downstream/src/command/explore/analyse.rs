//! `explore analyse`: what the runs of a folder say, as a page of plots with the data beside it.

use explore::store::Table;
use std::path::PathBuf;
use study::{
    analysis::{self, Ask},
    exploration::problem,
    run_folder::RunFolder,
};

use crate::{
    context::Context,
    failure::Failure,
    output::{self, Answer},
};

/// What the verb is called in a folder's manifest.
const VERB: &str = "explore-analyse";

/// Say which inputs matter, what one must believe and which choice holds up: a page of plots, with the data as CSV.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  downstream explore analyse downstream-explore
  downstream explore analyse futures --out page --interest 'wins:hybrid'
  downstream explore analyse futures --output value_usd_per_year@us@2030Q4 --output service_price_usd_per_mtok@rest@2030Q4 \\
      --less service_price_usd_per_mtok@rest@2030Q4
  downstream explore analyse ponds --interest 'harvest>40'

The page says which methods the design of the runs does not permit, and why: Sobol' indices of all orders want
`explore --design saltelli`, elementary effects `--design morris`, the others independent draws.")]
pub struct Args {
    /// A finished folder of runs, as `explore` wrote it
    #[arg(value_name = "DIR", default_value = "downstream-explore")]
    runs: PathBuf,
    /// The folder of the page [default: the runs' name with -page]
    #[arg(long, value_name = "PAGE_DIR")]
    out: Option<PathBuf>,
    /// An output to analyse; may be given again [default: the first four]
    #[arg(long = "output", value_name = "OUTPUT")]
    outputs: Vec<String>,
    /// An output of which less is better; may be given again
    #[arg(long, value_name = "OUTPUT")]
    less: Vec<String>,
    /// The policy whose outputs are explained [default: the first]
    #[arg(long, value_name = "P")]
    policy: Option<String>,
    /// Which runs are of interest: wins:POLICY, 'OUTPUT>X' or 'OUTPUT<X'
    /// [default: the policy that wins most often does; else the upper quarter of the first output]
    #[arg(long, value_name = "WHICH")]
    interest: Option<String>,
    /// Seed of the resampling behind the intervals
    #[arg(long, value_name = "S", default_value = "1")]
    seed: u64,
    /// Write over a folder that this command did not write
    #[arg(long)]
    force: bool,
}

/// Answers.
///
/// # Errors
/// A folder without finished runs; what is asked for and is not there; a page that cannot be written.
pub fn run(args: &Args, context: &Context) -> Result<(), Failure> {
    let target = args.out.clone().unwrap_or_else(|| {
        let name = args.runs.file_name().map_or_else(|| "runs".into(), |name| name.to_string_lossy().into_owned());
        args.runs.with_file_name(format!("{name}-page"))
    });
    let folder = RunFolder::begin(&target, VERB, args.force)?;
    let table = Table::read(&args.runs).map_err(|error| problem(&error))?;
    let ask = Ask {
        outputs: args.outputs.clone(),
        less: args.less.clone(),
        alternative: args.policy.clone(),
        interest: args.interest.clone(),
        seed: args.seed,
    };
    let analysis = analysis::analyse(&table, &ask)?;
    let ours = |error: std::io::Error| Failure::Ours(format!("{}: {error}", target.display()));
    folder.write("index.html", &present::explore::page(&analysis)).map_err(ours)?;
    for (name, text) in analysis.tables().map_err(ours)? {
        folder.write(name, &text).map_err(ours)?;
    }
    folder.finish(VERB).map_err(ours)?;
    let result = serde_json::to_value(&analysis).map_err(|error| Failure::Ours(error.to_string()))?;
    let text = present::terminal::analysis(&analysis, &output::style());
    context.answer(&Answer::new(VERB, &result, text)?.seed(args.seed))?;
    output::talk("written", anstyle::AnsiColor::Green, &target.join("index.html").display().to_string());
    Ok(())
}
