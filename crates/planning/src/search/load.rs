//! How many requests in flight a replica bears, by searches that rest on monotony: with more in flight a
//! replica completes no fewer requests a second, and none of them sooner. The test against brute force
//! would tell if a performance model broke it.

use performance::{Prepared, Steady, Workload};

use crate::Objectives;

/// Most requests in flight on one replica [count].
pub const MOST_CONCURRENCY: u64 = 1 << 14;

/// A replica in steady state.
#[derive(Clone, Copy, Debug)]
pub struct Point {
    /// Requests in flight [count].
    pub concurrency: u64,
    /// What they see.
    pub steady: Steady,
}

/// The largest load within the objectives: concurrency doubles until it breaks one or gains no more, then the
/// gap is halved.
///
/// # Errors
/// Why not even one request at a time is served within the objectives.
pub fn largest(
    prepared: &Prepared,
    objectives: &Objectives,
    workload: impl Fn(u64) -> Workload,
) -> Result<Point, &'static str> {
    let at = |concurrency: u64| -> Result<Point, &'static str> {
        let steady = prepared.steady(&workload(concurrency)).ok_or("out_of_memory")?;
        if !(steady.requests_per_s > 0.0 && steady.requests_per_s.is_finite()) {
            return Err("no_throughput");
        }
        objectives.check(steady.ttft_s, steady.tpot_s).map(|()| Point { concurrency, steady })
    };
    let mut best = at(1)?;
    let mut step = 1;
    while best.concurrency + step <= MOST_CONCURRENCY {
        match at(best.concurrency + step) {
            Ok(next) if next.steady.requests_per_s > best.steady.requests_per_s => {
                best = next;
                step *= 2;
            }
            _ => break,
        }
    }
    while step > 1 {
        step /= 2;
        if let Ok(next) = at(best.concurrency + step)
            && next.steady.requests_per_s > best.steady.requests_per_s
            && next.concurrency <= MOST_CONCURRENCY
        {
            best = next;
        }
    }
    Ok(best)
}

/// The fewest requests in flight at which a replica completes `requests_per_s`, at most those of `largest`.
pub fn smallest_at(
    prepared: &Prepared,
    requests_per_s: f64,
    largest: Point,
    workload: impl Fn(u64) -> Workload,
) -> Point {
    let (mut too_few, mut enough) = (0, largest);
    while enough.concurrency - too_few > 1 {
        let middle = too_few + (enough.concurrency - too_few) / 2;
        match prepared.steady(&workload(middle)) {
            Some(steady) if steady.requests_per_s >= requests_per_s => {
                enough = Point { concurrency: middle, steady };
            }
            _ => too_few = middle,
        }
    }
    enough
}
