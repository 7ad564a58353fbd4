//! `explore adapt`: a search for adaptive policies.

use std::{io::Write, path::PathBuf};
use study::{
    adapt::{self, Adapted, Found, Over, Request},
    ground::Ground,
    run_folder::RunFolder,
};

use crate::{
    context::Context,
    failure::Failure,
    output::{self, Answer},
    progress, quantity,
    study_input::{self, Chosen},
};

/// What the verb is called in a folder's manifest.
const VERB: &str = "explore-adapt";
/// Most futures, candidates and generations.
const MOST: u64 = 100_000;

/// Search for adaptive policies: with which to begin, what to watch, when to go over to which other.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  downstream explore adapt                            between the scenario's ten policies, three objectives
  downstream explore adapt --policy hybrid --policy all-chip-controls --signpost share:fleet_byte_per_s@china
  downstream explore adapt --objective value_usd_per_year@us@2026Q1..2030Q4 --objective tokens_used_per_s@rest@2030Q4
  downstream world --policy downstream-adapt/adaptive-1.toml

What is found on one set of futures is measured on another. DIR holds the page with the Pareto set, front.csv, and
each policy as a file with its [[switch]].")]
pub struct Args {
    #[command(flatten)]
    chosen: Chosen,
    /// An objective, written as an output of `explore`; may be given again
    #[arg(long = "objective", value_name = "OUTPUT")]
    objectives: Vec<String>,
    /// An objective of which less is better; may be given again
    #[arg(long, value_name = "OUTPUT")]
    less: Vec<String>,
    /// What may be watched, as VARIABLE@BLOC or share:VARIABLE@BLOC; may be given again
    #[arg(long = "signpost", value_name = "SIGNPOST")]
    signposts: Vec<String>,
    /// How an objective is summed up over the futures: mean, or low10, its quantile at the bad end
    #[arg(long, value_name = "OVER", default_value = "mean", value_parser = over)]
    over: Over,
    /// Futures to search on; as many others measure what was found
    #[arg(long, value_name = "N", default_value = "50", value_parser = quantity::count)]
    futures: u64,
    /// Candidates of a generation
    #[arg(long, value_name = "N", default_value = "40", value_parser = quantity::count)]
    population: u64,
    /// Generations
    #[arg(long, value_name = "N", default_value = "30", value_parser = quantity::count)]
    generations: u64,
    /// The folder to write
    #[arg(long, value_name = "DIR", default_value = "downstream-adapt")]
    out: PathBuf,
    /// Write over a folder that this command did not write
    #[arg(long)]
    force: bool,
}

fn over(text: &str) -> Result<Over, String> {
    match text {
        "mean" => Ok(Over::Mean),
        "low10" => Ok(Over::Low10),
        other => Err(format!("'{other}' is neither 'mean' nor 'low10'")),
    }
}

/// Answers.
///
/// # Errors
/// What is wrong with the input; Ctrl-C; a folder that cannot be written.
pub fn run(args: &Args, context: &Context) -> Result<(), Failure> {
    let folder = RunFolder::begin(&args.out, VERB, args.force)?;
    let registry = study_input::registry(context)?;
    let scenario = args.chosen.scenario(&registry, context)?;
    let seed = scenario.run.seed;
    let beside = args.chosen.beside();
    let ground = study_input::ground(scenario, &beside, &registry, context)?;
    let request = Request {
        objectives: args.objectives.clone(),
        less: args.less.clone(),
        signposts: args.signposts.clone(),
        over: args.over,
        futures: args.futures.min(MOST) as usize,
        population: args.population.min(MOST) as usize,
        generations: args.generations.min(MOST) as u32,
        seed,
    };
    let found = progress::watched("candidates", context, |watch| adapt::search(&ground, &request, watch))?;
    let Some(adapted) = found else { return Err(Failure::Interrupted) };
    write(&folder, &adapted, &ground).map_err(|error| Failure::Ours(format!("{}: {error}", args.out.display())))?;
    folder.finish(VERB).map_err(|error| Failure::Ours(format!("{}: {error}", args.out.display())))?;
    let result = serde_json::to_value(&adapted).map_err(|error| Failure::Ours(error.to_string()))?;
    let text = present::terminal::adapt(&adapted, &output::style());
    context.answer(&Answer::new(VERB, &result, text)?.seed(seed))?;
    output::talk("written", anstyle::AnsiColor::Green, &args.out.join("index.html").display().to_string());
    Ok(())
}

/// The page, the table, the policies and what repeats the search.
fn write(folder: &RunFolder, adapted: &Adapted, ground: &Ground<'_>) -> std::io::Result<()> {
    folder.write("index.html", &present::explore::front(adapted))?;
    folder.write("scenario.toml", &ground.scenario_toml())?;
    for file in &ground.policy_files {
        folder.write(&file.copy, &file.text)?;
    }
    // A policy that was a file is named by its copy beside.
    let base = |id: &str| {
        let place = ground.policies.iter().position(|prepared| prepared.policy.id == id);
        let named = place.map_or(id, |place| ground.scenario.run.policies[place].as_str());
        match ground.policy_files.iter().find(|file| file.named == named) {
            Some(file) => format!("file:{}", file.copy),
            None => format!("builtin:{id}"),
        }
    };
    for (place, found) in adapted.adaptive.iter().enumerate() {
        if let Some(text) = adapt::policy_toml(found, place + 1, &base) {
            folder.write(&format!("adaptive-{}.toml", place + 1), &text)?;
        }
    }
    let mut table = csv::Writer::from_writer(std::io::BufWriter::new(folder.create("front.csv")?));
    let mut head = vec!["policy", "start", "to", "signpost", "side", "threshold", "unit", "quarters", "from"];
    head.extend(["switched_fraction", "median_switch", "unbeaten", "objective", "searched", "measured"]);
    table.write_record(head)?;
    let named = |place: usize, found: &Found| {
        found.switch.as_ref().map_or(found.start.clone(), |_| format!("adaptive-{}", place + 1))
    };
    for (place, found) in adapted.adaptive.iter().enumerate().chain(adapted.fixed.iter().enumerate()) {
        for (number, objective) in adapted.objectives.iter().enumerate() {
            let mut row = vec![named(place, found), found.start.clone()];
            row.extend(match &found.switch {
                Some(switch) => [
                    switch.to.clone(),
                    switch.signpost.clone(),
                    if switch.above { "above".into() } else { "below".into() },
                    switch.threshold.to_string(),
                    switch.unit.clone(),
                    switch.quarters.to_string(),
                    switch.from.to_string(),
                ],
                None => std::array::from_fn(|_| String::new()),
            });
            row.push(found.switched_fraction.to_string());
            row.push(found.median_switch.map_or_else(String::new, |quarter| quarter.to_string()));
            row.push(found.unbeaten.to_string());
            row.extend([
                objective.name.clone(),
                found.searched[number].to_string(),
                found.measured[number].to_string(),
            ]);
            table.write_record(row)?;
        }
    }
    table.into_inner().map_err(|error| std::io::Error::other(error.to_string()))?.flush()
}
