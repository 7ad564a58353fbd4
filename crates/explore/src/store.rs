//! Runs on disk: what an ensemble leaves behind, written as it comes and read back as a table of inputs by outputs.
//!
//! | file | holds |
//! |---|---|
//! | `manifest.json` | what was run: design, seed, inputs with their distributions, alternatives, outputs ([`Manifest`]) |
//! | `runs.csv` | one line a run: its number, inputs, outputs, and why it failed if it did |
//! | `blocks.csv` | the checksum of every 4,096 lines |
//! | `runs.parquet` | the same as `runs.csv`, where the crate has the feature `parquet` and it was asked for |
//! | `journal.csv` | while it is being written: how far `runs.csv` is whole |
//!
//! A line counts once the journal holds its block with a checksum, so whatever stops a writer, at any moment, costs at
//! most the lines since: [`Writer::resume`] cuts the table back to what is whole and goes on there. A finished folder
//! is the same to the byte however often it was stopped, however many threads wrote it, and whether it was written in
//! one piece or merged from shards.

mod blocks;
#[cfg(feature = "parquet")]
mod columnar;
mod line;
mod manifest;
mod merge;
mod record;
mod shard;
mod table;
mod writer;

use std::{fmt, io, path::Path};

#[cfg(feature = "parquet")]
pub use columnar::{PARQUET, write_parquet};
pub use line::{Line, rounded};
pub use manifest::{Input, MANIFEST, Manifest, Output};
pub use merge::merge;
pub use record::{Halt, Pace, Stop, record};
pub use shard::Shard;
pub use table::{Failed, Table};
pub use writer::{Progress, Writer};

/// The table's name in a folder.
pub const RUNS: &str = "runs.csv";
/// The checksums' name.
pub const BLOCKS: &str = "blocks.csv";
/// The journal's name.
pub const JOURNAL: &str = "journal.csv";

/// Why runs cannot be written, read or merged.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoreError {
    /// A stable word: `unwritable`, `unreadable`, `damaged`, `other_study`, `unfinished`, `in_use`, `bad_shards`.
    pub code: &'static str,
    /// What is wrong, and what to do.
    pub message: String,
    /// The file or folder, as it was named.
    pub file: String,
    /// The line, from 1.
    pub line: Option<u64>,
}

impl StoreError {
    pub(crate) fn new(code: &'static str, file: &Path, message: impl Into<String>) -> Self {
        Self { code, message: message.into(), file: file.display().to_string(), line: None }
    }

    fn unwritable(file: &Path, error: &io::Error) -> Self {
        Self::new("unwritable", file, format!("cannot be written: {error}"))
    }

    fn unreadable(file: &Path, error: &io::Error) -> Self {
        let reason = match error.kind() {
            io::ErrorKind::NotFound => "there is no such file".into(),
            _ => error.to_string(),
        };
        Self::new("unreadable", file, format!("cannot be read: {reason}"))
    }

    fn at(mut self, line: u64) -> Self {
        self.line = Some(line);
        self
    }
}

impl fmt::Display for StoreError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.line {
            Some(line) => write!(f, "{}:{line}: {}", self.file, self.message),
            None => write!(f, "{}: {}", self.file, self.message),
        }
    }
}

impl std::error::Error for StoreError {}

#[cfg(test)]
mod tests;
