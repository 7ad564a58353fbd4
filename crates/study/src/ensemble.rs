//! Futures x policies, in parallel, in a fixed order.
//!
//! A job is one future: all world runs that any claim asked for, then the ballots. Jobs go through `explore`'s runner,
//! which hands results to the sink in the order of the rows, whatever the number of threads. A job borrows a workspace
//! of trajectories, so that nothing large is allocated per future.

use explore::ensemble::{Ended, Ensemble};
use std::io;
use std::sync::{
    Mutex, PoisonError,
    atomic::{AtomicBool, AtomicUsize, Ordering},
};
use units::Quarter;
use world::{Switches, Trajectory};

use crate::claims::{Ballot, Claim, Context, Future};
use crate::plan::Plan;
use crate::sampling::Sampler;

/// Progress and cancellation, as the binary gives them.
#[derive(Clone, Copy)]
pub struct Watch<'a> {
    /// Called with futures done and futures in all.
    pub progress: &'a (dyn Fn(u64, u64) + Sync),
    /// Stops soon after it is set.
    pub cancel: &'a AtomicBool,
}

impl std::fmt::Debug for Watch<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Watch").finish_non_exhaustive()
    }
}

static NEVER: AtomicBool = AtomicBool::new(false);

impl Watch<'_> {
    /// Nobody watches.
    pub fn none() -> Self {
        Self { progress: &|_, _| {}, cancel: &NEVER }
    }
}

/// One pass over the futures of a sampler.
#[derive(Clone, Copy)]
pub struct Pass<'a> {
    /// World and thresholds.
    pub context: &'a Context<'a>,
    /// Runs of a future.
    pub plan: &'a Plan,
    /// Which of them are wanted.
    pub wanted: &'a [bool],
    /// The futures.
    pub sampler: &'a Sampler,
    /// How many of them, from the first.
    pub rows: u64,
    /// Claims, each at a horizon.
    pub questions: &'a [(&'a dyn Claim, Quarter)],
    /// Mechanisms switched off in every run.
    pub neutral: Option<&'a Switches>,
}

/// What one future gave.
#[derive(Clone, Debug)]
pub struct Row<T> {
    /// The inputs.
    pub draw: Vec<f64>,
    /// One ballot a question.
    pub ballots: Vec<Ballot>,
    /// What the observer took from the runs.
    pub seen: T,
}

impl Pass<'_> {
    /// Runs every future; `observe` sees the runs before they are overwritten, `sink` gets the rows in order.
    ///
    /// # Errors
    /// Those of the sink.
    pub fn run<T: Send>(
        &self,
        progress: &(dyn Fn(u64) + Sync),
        cancel: &AtomicBool,
        observe: impl Fn(u64, &Future<'_>) -> T + Sync,
        sink: impl FnMut(u64, Row<T>) -> io::Result<()> + Send,
    ) -> io::Result<Ended> {
        let workspaces: Mutex<Vec<Vec<Trajectory>>> = Mutex::new(Vec::new());
        let job = |row: u64| {
            let mut runs =
                workspaces.lock().unwrap_or_else(PoisonError::into_inner).pop().unwrap_or_else(|| self.workspace());
            let draw = self.sampler.draw(row);
            self.plan.run(self.context.ground, &draw, self.wanted, self.neutral, &mut runs);
            let future = Future { draw: &draw, runs: &runs };
            let ballots = self.questions.iter().map(|(claim, horizon)| claim.judge(&future, *horizon)).collect();
            let seen = observe(row, &future);
            workspaces.lock().unwrap_or_else(PoisonError::into_inner).push(runs);
            Row { draw, ballots, seen }
        };
        Ensemble::new(0..self.rows).progress(progress).cancel(cancel).run(job, sink)
    }

    /// Trajectories for the wanted runs; the others stay empty.
    fn workspace(&self) -> Vec<Trajectory> {
        (0..self.plan.cases.len()).map(|_| self.context.ground.world.trajectory()).collect()
    }

    /// World runs of a future.
    pub fn runs_per_future(&self) -> usize {
        self.wanted.iter().filter(|wanted| **wanted).count()
    }
}

/// The ballots of a check: futures by questions. Its runs are counted as checks.
pub fn judge(
    context: &Context<'_>,
    plan: &Plan,
    sampler: &Sampler,
    questions: &[(&dyn Claim, Quarter)],
    wanted: &[bool],
    neutral: Option<&Switches>,
) -> Vec<Vec<Ballot>> {
    judge_first(context, plan, sampler, sampler.rows(), questions, (wanted, neutral))
}

/// The same for the first `rows` futures of a sampler.
pub fn judge_first(
    context: &Context<'_>,
    plan: &Plan,
    sampler: &Sampler,
    rows: u64,
    questions: &[(&dyn Claim, Quarter)],
    (wanted, neutral): (&[bool], Option<&Switches>),
) -> Vec<Vec<Ballot>> {
    let pass = Pass { context, plan, wanted, sampler, rows: rows.min(sampler.rows()), questions, neutral };
    let count: &AtomicUsize = context.check_runs;
    let runs = pass.runs_per_future();
    let mut ballots = Vec::new();
    let ended = pass.run(
        &|_| {},
        &NEVER,
        |_, _| (),
        |_, row| {
            count.fetch_add(runs, Ordering::Relaxed);
            ballots.push(row.ballots);
            Ok(())
        },
    );
    // The sink above cannot fail; a pass that nobody cancels delivers all.
    debug_assert!(ended.is_ok());
    ballots
}
