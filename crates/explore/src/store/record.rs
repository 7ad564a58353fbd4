//! From an ensemble into a table.

use std::sync::atomic::AtomicBool;

use super::{Line, StoreError, Writer};
use crate::Ensemble;

/// Why a run gave no line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Halt {
    /// It was cancelled: nothing is known of the run, and it will be done again.
    Cancelled,
    /// No run can succeed, for this reason.
    Hopeless(String),
}

/// Why recording stopped before the last run. What is in the table stays and can be gone on with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Stop {
    /// It was cancelled.
    Cancelled,
    /// No run can succeed, for this reason.
    Hopeless(String),
    /// The table cannot be written.
    Store(StoreError),
}

impl From<Halt> for Stop {
    fn from(halt: Halt) -> Self {
        match halt {
            Halt::Cancelled => Self::Cancelled,
            Halt::Hopeless(reason) => Self::Hopeless(reason),
        }
    }
}

/// How runs are recorded.
#[derive(Clone, Copy)]
pub struct Pace<'a> {
    /// Runs that a thread takes at a time.
    pub block_runs: u64,
    /// Asked after each run: whether it is time to write. The table's bytes do not depend on it.
    pub due: &'a (dyn Fn() -> bool + Sync),
    /// Called with the runs computed by this call so far.
    pub progress: &'a (dyn Fn(u64) + Sync),
    /// Stops soon after it is set.
    pub cancel: &'a AtomicBool,
}

impl std::fmt::Debug for Pace<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Pace").field("block_runs", &self.block_runs).finish_non_exhaustive()
    }
}

/// Computes the runs that a table still lacks, on all threads, and writes them as they come.
///
/// # Errors
/// What stopped it; every run that came before is then in the table.
pub fn record(
    writer: &mut Writer,
    pace: &Pace<'_>,
    job: impl Fn(u64) -> Result<Line, Halt> + Sync,
) -> Result<(), Stop> {
    let ensemble = Ensemble::new(writer.to_come()).block_rows(pace.block_runs);
    let ended = ensemble.progress(pace.progress).cancel(pace.cancel).run(job, |run, line| {
        let line = line?;
        writer.push(run, &line).map_err(Stop::Store)?;
        if (pace.due)() { writer.commit().map_err(Stop::Store) } else { Ok(()) }
    });
    let committed = writer.commit().map_err(Stop::Store);
    let ended = ended?;
    committed?;
    if ended.cancelled { Err(Stop::Cancelled) } else { Ok(()) }
}
