//! The ensemble runner: many independent runs of one function, on all cores, results in the order of the rows.

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

/// An ensemble of runs, one a row.
///
/// Each thread takes the next few rows, works them, and hands on whatever is complete up to there. Nobody waits for a
/// slow row but those who have run too far ahead of it: memory holds a few blocks a thread, however many rows there
/// are. What the sink receives, and in which order, does not depend on the number of threads.
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
    block_rows: Option<u64>,
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

/// Blocks that a thread may be ahead of the slowest row.
const AHEAD: u64 = 4;

impl<'a> Ensemble<'a> {
    /// Most rows in a block unless told otherwise: few, so that the cores end together; enough that handing them on costs
    /// nothing. A short ensemble has smaller ones, so that every thread has some.
    pub const BLOCK_ROWS: u64 = 32;

    /// An ensemble over a range of rows: the whole design, or one shard of it.
    pub fn new(rows: Range<u64>) -> Self {
        Self { rows, block_rows: None, progress: &|_| {}, cancel: &NEVER }
    }

    /// Sets the rows in a block (at least 1): one for runs that take seconds, many for runs of a microsecond.
    #[must_use]
    pub fn block_rows(mut self, rows: u64) -> Self {
        self.block_rows = Some(rows.max(1));
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
    /// The first error of the sink; nothing is computed after it but the blocks under way.
    ///
    /// The model must not use rayon itself: a thread that waits inside it for the others would keep them waiting.
    ///
    /// # Panics
    /// With `model` or `sink`, whose panic is handed on.
    pub fn run<T, E, M, S>(self, model: M, sink: S) -> Result<Ended, E>
    where
        T: Send,
        E: Send,
        M: Fn(u64) -> T + Sync,
        S: FnMut(u64, T) -> Result<(), E> + Send,
    {
        let rows = self.rows.end.saturating_sub(self.rows.start);
        let fair = rows / (AHEAD * rayon::current_num_threads() as u64);
        let block_rows = self.block_rows.unwrap_or_else(|| fair.clamp(1, Self::BLOCK_ROWS));
        let blocks = rows.div_ceil(block_rows);
        let next = AtomicU64::new(0);
        let computed = AtomicU64::new(0);
        let hand_over = HandOver {
            ahead: AHEAD * rayon::current_num_threads() as u64,
            state: Mutex::new(State { due: 0, waiting: BTreeMap::new(), stopped: false }),
            moved: Condvar::new(),
            sink: Mutex::new(Sink { take: sink, next: self.rows.start, delivered: 0, error: None }),
        };
        rayon::broadcast(|_| {
            loop {
                let block = next.fetch_add(1, Ordering::Relaxed);
                if block >= blocks || !hand_over.wait_for_turn(block) {
                    return;
                }
                // A panic of the model must not leave the others waiting for this block.
                let stop_if_unwound = StopOnUnwind(&hand_over);
                let start = self.rows.start + block * block_rows;
                let rows = start..self.rows.end.min(start.saturating_add(block_rows));
                let mut results = Vec::with_capacity((rows.end - rows.start) as usize);
                for row in rows.clone() {
                    if self.cancel.load(Ordering::Relaxed) {
                        break;
                    }
                    results.push(model(row));
                    (self.progress)(computed.fetch_add(1, Ordering::Relaxed) + 1);
                }
                let whole = results.len() as u64 == rows.end - rows.start;
                hand_over.put(block, results, whole);
                std::mem::forget(stop_if_unwound);
            }
        });
        let sink = hand_over.sink.into_inner().unwrap_or_else(PoisonError::into_inner);
        if let Some(error) = sink.error {
            return Err(error);
        }
        let delivered = sink.delivered;
        Ok(Ended { delivered, cancelled: delivered < rows })
    }
}

/// Puts blocks back into their order.
struct HandOver<T, E, S> {
    ahead: u64,
    state: Mutex<State<T>>,
    /// Told when `due` moves or the run stops.
    moved: Condvar,
    sink: Mutex<Sink<S, E>>,
}

struct State<T> {
    /// The block that the sink takes next.
    due: u64,
    /// Blocks that are complete and not yet due, and whether they hold all their rows.
    waiting: BTreeMap<u64, (Vec<T>, bool)>,
    /// Whether the sink takes no more.
    stopped: bool,
}

struct Sink<S, E> {
    take: S,
    next: u64,
    delivered: u64,
    error: Option<E>,
}

impl<T, E, S: FnMut(u64, T) -> Result<(), E>> HandOver<T, E, S> {
    /// Waits until a block is not too far ahead; false where the run has stopped. The block that is due never waits, so
    /// that somebody always goes on.
    fn wait_for_turn(&self, block: u64) -> bool {
        let mut state = lock(&self.state);
        while !state.stopped && block >= state.due + self.ahead {
            state = self.moved.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
        !state.stopped
    }

    /// Takes a block in, and delivers what is due by now, unless somebody else is at it: they will see it.
    fn put(&self, block: u64, results: Vec<T>, whole: bool) {
        lock(&self.state).waiting.insert(block, (results, whole));
        loop {
            let Ok(mut sink) = self.sink.try_lock() else { return };
            loop {
                let mut state = lock(&self.state);
                let due = state.due;
                let Some((results, whole)) = state.waiting.remove(&due).filter(|_| !state.stopped) else { break };
                drop(state);
                let taken = sink.deliver(results);
                let mut state = lock(&self.state);
                state.due += 1;
                state.stopped |= !(taken && whole);
                drop(state);
                self.moved.notify_all();
            }
            drop(sink);
            // A block may have come between the last look and letting go of the sink.
            let state = lock(&self.state);
            if state.stopped || !state.waiting.contains_key(&state.due) {
                return;
            }
        }
    }
}

impl<S, E> Sink<S, E> {
    /// Hands rows to the sink; false at its first error.
    fn deliver<T>(&mut self, results: Vec<T>) -> bool
    where
        S: FnMut(u64, T) -> Result<(), E>,
    {
        for result in results {
            if let Err(error) = (self.take)(self.next, result) {
                self.error = Some(error);
                return false;
            }
            self.next += 1;
            self.delivered += 1;
        }
        true
    }
}

/// Dropped by a panic, it lets the others end.
struct StopOnUnwind<'a, T, E, S>(&'a HandOver<T, E, S>);

impl<T, E, S> Drop for StopOnUnwind<'_, T, E, S> {
    fn drop(&mut self) {
        lock(&self.0.state).stopped = true;
        self.0.moved.notify_all();
    }
}

/// A panic elsewhere is handed on by rayon; the data behind the lock are whole.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
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
    fn a_slow_row_holds_up_those_behind_it_only_until_they_are_far_ahead() {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(2).build().unwrap();
        let far = AtomicU64::new(0);
        let model = |row: u64| {
            far.fetch_max(row, Ordering::SeqCst);
            while row == 0 && far.load(Ordering::SeqCst) < 2 * AHEAD - 1 {
                std::thread::yield_now();
            }
            row
        };
        let mut rows = Vec::new();
        let keep = |_, row: u64| {
            rows.push(row);
            Ok::<(), Infallible>(())
        };
        pool.install(|| Ensemble::new(0..1000).block_rows(1).run(model, keep)).unwrap();
        assert!(rows.iter().copied().eq(0..1000));
    }

    #[test]
    fn a_panic_of_the_model_or_of_the_sink_is_handed_on_and_leaves_nobody_waiting() {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(4).build().unwrap();
        let caught = |in_model: bool| {
            let run = || {
                Ensemble::new(0..10_000).block_rows(2).run(
                    |row| assert!(!in_model || row != 777, "the model gives up"),
                    |row, ()| {
                        assert!(in_model || row != 777, "the sink gives up");
                        Ok::<(), Infallible>(())
                    },
                )
            };
            std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| pool.install(run))).is_err()
        };
        assert!(caught(true) && caught(false));
    }

    #[test]
    fn an_empty_ensemble_ends_at_once() {
        let ended = Ensemble::new(5..5).run(|row| row, |_, _| Ok::<(), Infallible>(())).unwrap();
        assert_eq!(ended, Ended { delivered: 0, cancelled: false });
    }
}
