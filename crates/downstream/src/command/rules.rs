//! `rules check`, `rules check --cases`, `rules table`.

use facts::Chip;
use rules::{Item, Query, item::ItemSource};
use std::path::PathBuf;
use units::{Date, Problem, read_text};

use crate::{
    context::Context,
    failure::Failure,
    output::{self, Answer},
    quantity,
};

/// Export classification of chips.
#[derive(Debug, clap::Subcommand)]
pub enum Verb {
    /// May this chip go there, on that date? Figures, rule, licence policy, citation
    Check(CheckArgs),
    /// The outcome of every built-in chip for one destination and date
    Table(TableArgs),
}

/// Flags of `rules check`.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  downstream rules check h20 --to CN --on 2025-04-20
  downstream rules check h200 --to China --on 2026-01-20 --headquartered-in SG
  downstream rules check --chip-file my-chip.toml --to AE --on 2026-08-01
  downstream rules check --cases cases.csv

Not legal advice.")]
pub struct CheckArgs {
    /// The chip: an id or an alias, as in `downstream facts chips`
    #[arg(required_unless_present_any = ["chip_file", "cases"], conflicts_with_all = ["chip_file", "cases"])]
    chip: Option<String>,
    /// A chip of your own, as a TOML file
    #[arg(long, value_name = "FILE", conflicts_with = "cases")]
    chip_file: Option<PathBuf>,
    /// The destination: ISO code, common name, or the regulation's spelling
    #[arg(long, value_name = "COUNTRY", required_unless_present = "cases")]
    to: Option<String>,
    /// The day of the export, as 2026-01-20
    #[arg(long, value_name = "DATE", value_parser = quantity::day, required_unless_present_any = ["cases", "snapshot"])]
    on: Option<Date>,
    /// Where the buyer or its ultimate parent has its headquarters [default: the destination]
    #[arg(long, value_name = "COUNTRY")]
    headquartered_in: Option<String>,
    /// Shipped from outside the United States
    #[arg(long)]
    reexport: bool,
    /// A named list of rules in place of those in force on the day
    #[arg(long, value_name = "ID")]
    snapshot: Option<String>,
    /// A CSV file of cases with expected outcomes
    #[arg(long, value_name = "FILE", conflicts_with_all = ["to", "on", "headquartered_in", "reexport", "snapshot"])]
    cases: Option<PathBuf>,
    /// Exit with 1 where a case does not match
    #[arg(long, requires = "cases")]
    strict: bool,
}

/// Flags of `rules table`.
#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  downstream rules table --to CN --on 2026-11-23")]
pub struct TableArgs {
    /// The destination: ISO code, common name, or the regulation's spelling
    #[arg(long, value_name = "COUNTRY")]
    to: String,
    /// The day of the export, as 2026-01-20
    #[arg(long, value_name = "DATE", value_parser = quantity::day)]
    on: Date,
}

/// Answers.
///
/// # Errors
/// What is wrong with the input.
pub fn run(verb: &Verb, context: &Context) -> Result<(), Failure> {
    match verb {
        Verb::Check(args) => match &args.cases {
            Some(file) => cases(file, args.strict, context),
            None => check(args, context),
        },
        Verb::Table(args) => table(args, context),
    }
}

fn check(args: &CheckArgs, context: &Context) -> Result<(), Failure> {
    let book = context.rules()?;
    let chip = chip(args, context)?;
    let mut item = Item::from_chip(&chip);
    if args.chip_file.is_some() {
        item.source = ItemSource::File;
    }
    let Some(to) = args.to.clone() else {
        return Err(Problem::new("missing_destination", "--to COUNTRY is missing").into());
    };
    let on = match (&args.on, &args.snapshot) {
        (Some(on), _) => *on,
        (None, Some(id)) => book.snapshot(id)?.date,
        (None, None) => return Err(Problem::new("missing_date", "--on DATE is missing").into()),
    };
    let query = Query {
        to,
        on,
        headquartered_in: args.headquartered_in.clone(),
        reexport: args.reexport,
        snapshot: args.snapshot.clone(),
    };
    let answer = book.check(&item, &query)?;
    let result = serde_json::to_value(&answer).map_err(|error| Failure::Ours(error.to_string()))?;
    let text = present::terminal::rules_check(&result, &output::style());
    context.answer(&Answer::new("rules-check", &result, text)?.warn(answer.warnings))
}

fn chip(args: &CheckArgs, context: &Context) -> Result<Chip, Failure> {
    match (&args.chip, &args.chip_file) {
        (_, Some(file)) => Ok(Chip::from_file(file)?),
        (Some(id), None) => Ok(context.facts()?.chip(id)?.clone()),
        (None, None) => Err(Problem::new("missing_chip", "a chip is missing; name one, or give --chip-file").into()),
    }
}

fn cases(file: &std::path::Path, strict: bool, context: &Context) -> Result<(), Failure> {
    let facts = context.facts()?;
    let name = file.file_name().map_or_else(|| file.display().to_string(), |name| name.to_string_lossy().into_owned());
    let text = read_text(file)?;
    let report = rules::cases::check(&text, &name, &|id| facts.chip(id).cloned(), context.rules()?)?;
    let result = serde_json::to_value(&report).map_err(|error| Failure::Ours(error.to_string()))?;
    let shown = present::terminal::rules_cases(&result, &output::style());
    context.answer(&Answer::new("rules-check-cases", &result, shown)?)?;
    if strict && report.mismatched > 0 { Err(Failure::Strict) } else { Ok(()) }
}

fn table(args: &TableArgs, context: &Context) -> Result<(), Failure> {
    let items: Vec<Item> = context.facts()?.chips.iter().map(Item::from_chip).collect();
    let rows = context.rules()?.table(&items, &Query::new(args.to.clone(), args.on))?;
    let warnings = rows.first().map(|row| row.warnings.clone()).unwrap_or_default();
    let result = serde_json::json!({ "rows": rows });
    let text = present::terminal::rules_table(&result, &output::style());
    context.answer(&Answer::new("rules-table", &result, text)?.warn(warnings))
}
