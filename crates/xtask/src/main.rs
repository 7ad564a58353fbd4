//! Tasks of the workspace. `cargo run -p xtask -- reference` writes the reference pages of the book from the binary's
//! help and from `data/`; with `--check` it writes nothing and fails where a page is stale.

mod failure;
mod reference;

use std::{
    io::Write,
    path::{Path, PathBuf},
    process::ExitCode,
};

use failure::Failure;

const USAGE: &str = "usage: cargo run -p xtask -- reference [--check]";

fn main() -> ExitCode {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = args.iter().map(String::as_str).collect();
    let done = match words.as_slice() {
        ["reference"] => reference::write(&root()),
        ["reference", "--check"] => reference::check(&root()),
        _ => Err(Failure(USAGE.into())),
    };
    match done {
        Ok(said) => {
            let _ = writeln!(std::io::stdout(), "{said}");
            ExitCode::SUCCESS
        }
        Err(Failure(message)) => {
            let _ = writeln!(std::io::stderr(), "error: {message}");
            ExitCode::FAILURE
        }
    }
}

/// The root of the workspace.
fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}
