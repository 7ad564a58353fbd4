//! How many requests in flight a replica bears, by searches that rest on monotony: with more in flight a
//! replica completes no fewer requests a second, and none of them sooner. The tests against brute force
//! would tell if a performance model broke it.

use performance::{Prepared, Steady, Workload};

use crate::Objectives;

/// Most requests in flight on one replica [count].
pub const MOST_CONCURRENCY: u64 = 1 << 14;

/// A replica in steady state.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Point {
    /// Requests in flight [count].
    pub concurrency: u64,
    /// Mean time to first token [s].
    pub ttft_s: f64,
    /// Mean time between tokens [s].
    pub tpot_s: f64,
    /// Requests completed [1/s].
    pub requests_per_s: f64,
    /// Tokens read and written [token/s].
    pub total_tok_per_s: f64,
    /// Mean power; `None` = not known [W].
    pub power_w: Option<f64>,
}

impl Point {
    /// What the performance model says of so many requests in flight; `None` where one does not fit.
    pub fn of(prepared: &Prepared, workload: &Workload) -> Option<Self> {
        let Steady { ttft_s, tpot_s, requests_per_s, total_tok_per_s, power_w, .. } = prepared.steady(workload)?;
        Some(Self { concurrency: workload.concurrency, ttft_s, tpot_s, requests_per_s, total_tok_per_s, power_w })
    }
}

/// The largest load within the objectives, or one of at least `enough` requests a second, where `at` gives the
/// replica with so many requests in flight: concurrency grows in doubling steps until it breaks an objective,
/// gains nothing or is enough, then in halving ones.
///
/// # Errors
/// Why not even one request at a time is served within the objectives.
pub fn largest(
    objectives: &Objectives,
    enough_per_s: f64,
    at: impl Fn(u64) -> Option<Point>,
) -> Result<Point, &'static str> {
    let within = |concurrency: u64| -> Result<Point, &'static str> {
        let point = at(concurrency).ok_or("out_of_memory")?;
        if !(point.requests_per_s > 0.0 && point.requests_per_s.is_finite()) {
            return Err("no_throughput");
        }
        objectives.check(point.ttft_s, point.tpot_s).map(|()| point)
    };
    let mut best = within(1)?;
    let mut step = 1;
    let mut growing = true;
    while step > 0 && best.requests_per_s < enough_per_s {
        let next = best.concurrency + step;
        let better = (next <= MOST_CONCURRENCY)
            .then(|| within(next).ok())
            .flatten()
            .filter(|next| next.requests_per_s > best.requests_per_s);
        growing &= better.is_some();
        best = better.unwrap_or(best);
        step = if growing { step * 2 } else { step / 2 };
    }
    Ok(best)
}

/// The fewest requests in flight at which a replica completes `requests_per_s`, at most those of `largest`.
pub fn smallest_at(requests_per_s: f64, largest: Point, at: impl Fn(u64) -> Option<Point>) -> Point {
    let (mut too_few, mut enough) = (0, largest);
    while enough.concurrency - too_few > 1 {
        let middle = too_few + (enough.concurrency - too_few) / 2;
        match at(middle) {
            Some(point) if point.requests_per_s >= requests_per_s => enough = point,
            _ => too_few = middle,
        }
    }
    enough
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// A toy replica: a step of `fixed + each x running` a token, room for `slots` requests, the others wait.
    fn toy(concurrency: u64, slots: u64, fixed: f64, each: f64) -> Point {
        const OUTPUT: f64 = 100.0;
        let running = concurrency.min(slots) as f64;
        let tpot_s = fixed + each * running;
        let served_s = OUTPUT * tpot_s;
        let requests_per_s = running / served_s;
        let ttft_s = tpot_s + (concurrency as f64 - running) / requests_per_s;
        let total_tok_per_s = 2.0 * OUTPUT * requests_per_s;
        Point { concurrency, ttft_s, tpot_s, requests_per_s, total_tok_per_s, power_w: None }
    }

    proptest! {
        #[test]
        fn the_largest_load_is_that_of_brute_force(
            slots in 1u64..600, fixed in 1e-3..2e-2f64, each in 1e-5..1e-3f64, ttft in 5e-3..1.0f64, tpot in 5e-3..0.1f64,
        ) {
            let objectives = Objectives::new(ttft, tpot);
            let at = |concurrency| Some(toy(concurrency, slots, fixed, each));
            let mut wanted: Option<(u64, f64)> = None;
            for concurrency in 1..2000 {
                let point = toy(concurrency, slots, fixed, each);
                let better = wanted.is_none_or(|(_, best)| point.requests_per_s > best);
                if point.ttft_s <= ttft && point.tpot_s <= tpot && better {
                    wanted = Some((concurrency, point.requests_per_s));
                }
            }
            match (largest(&objectives, f64::INFINITY, at), wanted) {
                (Ok(found), Some((_, rate))) => prop_assert_eq!(found.requests_per_s, rate),
                (Err(reason), None) => prop_assert!(["ttft_missed", "tpot_missed"].contains(&reason)),
                (found, wanted) => prop_assert!(false, "{found:?} is not {wanted:?}"),
            }
        }

        #[test]
        fn the_smallest_concurrency_at_a_rate_is_that_of_brute_force(slots in 1u64..600, share in 0.01..1.0f64) {
            let at = |concurrency| Some(toy(concurrency, slots, 5e-3, 1e-4));
            let most = largest(&Objectives::default(), f64::INFINITY, at).unwrap();
            let rate = most.requests_per_s * share;
            let found = smallest_at(rate, most, at);
            let wanted = (1..=MOST_CONCURRENCY).find(|concurrency| toy(*concurrency, slots, 5e-3, 1e-4).requests_per_s >= rate);
            prop_assert_eq!(Some(found.concurrency), wanted);
        }
    }

    #[test]
    fn a_replica_that_cannot_hold_one_request_says_so() {
        assert_eq!(largest(&Objectives::default(), 1.0, |_| None), Err("out_of_memory"));
    }
}
