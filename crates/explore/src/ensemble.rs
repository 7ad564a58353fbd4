//! The ensemble runner: many independent runs of one function, on all cores, results in the order of the rows.

use rayon::prelude::*;
use std::ops::Range;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

/// An ensemble of runs, one a row.
///
/// Rows are computed in blocks; while one block is computed, the results of the block before are handed to the
/// sink. Memory holds two blocks of results, however many rows there are. What the sink receives, and in which
/// order, does not depend on the number of threads.
///
/// # Examples
/// ```
/// let mut squares = Vec::new();
/// let done = explore::Ensemble::new(0..5).run(|row| row * row, |row, square| {
///     squares.push((row, square));
///     Ok::<(), std::io::Error>(())
/// });
/// assert_eq!(done.unwrap().delivered, 5);
/// assert_eq!(squares, [(0, 0), (1, 1), (2, 4), (3, 9), (4, 16)]);
/// ```
pub struct Ensemble<'a> {
    rows: Range<u64>,
    block_rows: u64,
    progress: &'a (dyn Fn(u64) + Sync),
    cancel: &'a AtomicBool,
}

/// How an ensemble ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ended {
    /// Rows that the sink received: the first so many.
    pub delivered: u64,
    /// Whether the cancel flag stopped it before the last row.
    pub cancelled: bool,
}

static NEVER: AtomicBool = AtomicBool::new(false);

impl<'a> Ensemble<'a> {
    /// Rows in a block unless told otherwise: enough to keep the cores busy, few enough for large results.
    pub const BLOCK_ROWS: u64 = 256;

    /// An ensemble over a range of rows: the whole design, or one shard of it.
    pub fn new(rows: Range<u64>) -> Self {
        Self { rows, block_rows: Self::BLOCK_ROWS, progress: &|_| {}, cancel: &NEVER }
    }

    /// Sets the rows in a block (at least 1): twice as many results are held in memory.
    #[must_use]
    pub fn block_rows(mut self, rows: u64) -> Self {
        self.block_rows = rows.max(1);
        self
    }

    /// Calls `progress` with the number of rows computed so far, from whichever thread finished one. The
    /// numbers may arrive out of order.
    #[must_use]
    pub fn progress(mut self, progress: &'a (dyn Fn(u64) + Sync)) -> Self {
        self.progress = progress;
        self
    }

    /// Stops soon after the flag is set. The sink has then received the rows before some row, and no other.
    #[must_use]
    pub fn cancel(mut self, flag: &'a AtomicBool) -> Self {
        self.cancel = flag;
        self
    }

    /// Runs `model` for every row in rayon's current pool, and gives each result to `sink` in the order of rows.
    ///
    /// # Errors
    /// The first error of the sink; nothing is computed after it but the block under way.
    pub fn run<T, E, M, S>(self, model: M, mut sink: S) -> Result<Ended, E>
    where
        T: Send,
        E: Send,
        M: Fn(u64) -> T + Sync,
        S: FnMut(u64, T) -> Result<(), E> + Send,
    {
        let computed = AtomicU64::new(0);
        let compute = |block: Range<u64>| -> Vec<Option<T>> {
            block
                .into_par_iter()
                .map(|row| {
                    if self.cancel.load(Ordering::Relaxed) {
                        return None;
                    }
                    let result = model(row);
                    (self.progress)(computed.fetch_add(1, Ordering::Relaxed) + 1);
                    Some(result)
                })
                .collect()
        };
        let mut delivered = 0;
        // True while every row so far was there.
        let mut deliver = |first: u64, results: Vec<Option<T>>| -> Result<bool, E> {
            for (row, result) in (first..).zip(results) {
                let Some(result) = result else { return Ok(false) };
                sink(row, result)?;
                delivered += 1;
            }
            Ok(true)
        };
        let mut start = self.rows.start;
        let mut waiting: (u64, Vec<Option<T>>) = (start, Vec::new());
        let mut whole = true;
        while whole && start < self.rows.end {
            let block = start..self.rows.end.min(start.saturating_add(self.block_rows));
            let (first, results) = waiting;
            let (outcome, next) = rayon::join(|| deliver(first, results), || compute(block.clone()));
            whole = outcome?;
            waiting = (start, next);
            start = block.end;
        }
        if whole {
            whole = deliver(waiting.0, waiting.1)?;
        }
        Ok(Ended { delivered, cancelled: !whole })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::convert::Infallible;
    use std::fmt::Write;

    fn bytes(threads: usize, block_rows: u64) -> String {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        pool.install(|| {
            let mut out = String::new();
            let draws = crate::Draws::new(1, 0);
            Ensemble::new(10..1010)
                .block_rows(block_rows)
                .run(
                    |row| (0..(row % 7) as u32).map(|dimension| draws.uniform(row, dimension)).sum::<f64>(),
                    |row, result| {
                        let _ = writeln!(out, "{row},{result}");
                        Ok::<(), Infallible>(())
                    },
                )
                .unwrap();
            out
        })
    }

    #[test]
    fn one_thread_and_many_give_the_same_bytes_in_blocks_of_any_size() {
        let one = bytes(1, 1000);
        assert_eq!(one.lines().count(), 1000);
        assert!(one.starts_with("10,"));
        for (threads, block_rows) in [(1, 1), (2, 64), (8, 7), (8, 256)] {
            assert!(bytes(threads, block_rows) == one, "{threads} threads, blocks of {block_rows}");
        }
    }

    #[test]
    fn a_cancelled_run_delivers_the_first_rows_and_says_so() {
        let flag = AtomicBool::new(false);
        let mut rows = Vec::new();
        let ended = Ensemble::new(0..10_000)
            .block_rows(50)
            .cancel(&flag)
            .run(
                |row| {
                    if row == 200 {
                        flag.store(true, Ordering::Relaxed);
                    }
                },
                |row, ()| {
                    rows.push(row);
                    Ok::<(), Infallible>(())
                },
            )
            .unwrap();
        assert!(ended.cancelled);
        assert!((1..10_000).contains(&rows.len()));
        assert!(rows.iter().copied().eq(0..ended.delivered));
    }

    #[test]
    fn a_failing_sink_stops_the_run() {
        let mut taken = 0;
        let ended = Ensemble::new(0..1_000_000_000_000).block_rows(10).run(
            |row| row,
            |row, _| {
                taken += 1;
                if row == 33 { Err("disk full") } else { Ok(()) }
            },
        );
        assert_eq!(ended, Err("disk full"));
        assert_eq!(taken, 34);
    }

    #[test]
    fn progress_counts_every_row_once() {
        let seen = AtomicU64::new(0);
        let calls = AtomicU64::new(0);
        let progress = |done: u64| {
            seen.fetch_max(done, Ordering::Relaxed);
            calls.fetch_add(1, Ordering::Relaxed);
        };
        let ended = Ensemble::new(0..777).progress(&progress).run(|_| (), |_, ()| Ok::<(), Infallible>(())).unwrap();
        assert_eq!(ended, Ended { delivered: 777, cancelled: false });
        assert_eq!((seen.into_inner(), calls.into_inner()), (777, 777));
    }

    #[test]
    fn an_empty_ensemble_ends_at_once() {
        let ended = Ensemble::new(5..5).run(|row| row, |_, _| Ok::<(), Infallible>(())).unwrap();
        assert_eq!(ended, Ended { delivered: 0, cancelled: false });
    }
}
