//! Rebuilds the shape columns of `data/models.csv` from `config.json` files.
//!
//! ```sh
//! cargo run -p facts --example models_table -- CONFIGS data/models.csv > new.csv && mv new.csv data/models.csv
//! ```
//!
//! `CONFIGS` is a folder with a file `ORGANISATION__NAME.json` for each id `ORGANISATION/NAME` of the table; by
//! default the models of the shared data (`DOWNSTREAM_SHARED`, else `../shared`). Columns written by hand (names,
//! developer, release, source, ...) stay as they are. To add a model, add a line with those and run this.

#![allow(clippy::print_stdout, clippy::print_stderr, reason = "a program that prints a table")]

use facts::{Architecture, model::rebuild_models};
use std::{env, path::PathBuf, process::ExitCode};

fn main() -> ExitCode {
    let mut arguments = env::args_os().skip(1).map(PathBuf::from);
    let shared = || env::var_os("DOWNSTREAM_SHARED").map_or_else(|| PathBuf::from("../shared"), PathBuf::from);
    let configs = arguments.next().unwrap_or_else(|| shared().join("data/models"));
    let table = arguments.next().unwrap_or_else(|| PathBuf::from("data/models.csv"));
    let rebuilt = units::read_text(&table).map_err(Into::into).and_then(|text| {
        rebuild_models(&text, |id| {
            let path = configs.join(format!("{}.json", id.replace('/', "__")));
            Architecture::from_config(&units::read_text(&path)?, &path.display().to_string())
        })
    });
    match rebuilt {
        Ok(text) => {
            print!("{text}");
            ExitCode::SUCCESS
        }
        Err(problems) => {
            eprintln!("{problems}");
            ExitCode::from(2)
        }
    }
}
