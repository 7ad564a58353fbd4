//! The law that every kernel class follows.

use crate::{operator::Bound, table::Reading};
use units::Tier;

const MOST_KNOTS: usize = 6;

/// A quantity that is linear in ln(at) between knots and constant outside them.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Curve {
    knots: [(f64, f64); MOST_KNOTS],
    len: usize,
}

impl Curve {
    /// One value everywhere.
    pub(crate) fn flat(value: f64) -> Self {
        Self { knots: [(0.0, value); MOST_KNOTS], len: 1 }
    }

    /// Through points (at, value) in ascending order of `at`; more than the curve holds are dropped.
    pub(crate) fn through(points: &[(f64, f64)]) -> Self {
        let mut curve = Self { knots: [(0.0, 0.0); MOST_KNOTS], len: points.len().min(MOST_KNOTS) };
        for (knot, (at, value)) in curve.knots.iter_mut().zip(points) {
            *knot = (at.max(1e-9).ln(), *value);
        }
        curve
    }

    /// Its value.
    pub(crate) fn value(&self, at: f64) -> f64 {
        let knots = &self.knots[..self.len];
        let x = at.max(1e-9).ln();
        let after = knots.partition_point(|knot| knot.0 <= x);
        match (after.checked_sub(1).map(|before| knots[before]), knots.get(after)) {
            (Some((x0, y0)), Some((x1, y1))) => y0 + (y1 - y0) * (x - x0) / (x1 - x0),
            (Some((_, y)), None) => y,
            (None, Some((_, y))) => *y,
            (None, None) => 0.0,
        }
    }
}

/// `time = floor + max(FLOP / (peak x compute(at)), bytes / (bandwidth x memory))`.
///
/// Fitted by `refit/efficiencies.py`; PERFORMANCE items 1 to 3 give the same quantities read off by hand.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Kernel {
    /// What the smallest one takes [s].
    pub floor_s: f64,
    /// Share of the memory bandwidth times that bandwidth [byte/s].
    pub byte_per_s: f64,
    /// Peak of the arithmetic [FLOP/s].
    pub peak_flop_per_s: f64,
    /// Share of the peak by size [fraction].
    pub compute: Curve,
    /// How its constants were come by.
    pub tier: Tier,
}

/// What one operator of one layer costs.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Price {
    /// Arithmetic [FLOP].
    pub flop: f64,
    /// Traffic [bytes].
    pub bytes: f64,
    /// Time [s].
    pub time_s: f64,
    /// What limits it.
    pub bound: Bound,
    /// How it was come by.
    pub tier: Tier,
}

impl Price {
    /// The same with the time of a measured kernel, where there is one.
    pub(crate) fn or_measured(self, reading: Option<Reading>) -> Self {
        reading.map_or(self, |Reading { time_s, tier }| Self { time_s, tier, ..self })
    }
}

impl Kernel {
    /// The price of so much arithmetic and traffic at a size.
    pub(crate) fn price(&self, flop: f64, bytes: f64, at: f64) -> Price {
        let compute_s = if flop > 0.0 { flop / (self.peak_flop_per_s * self.compute.value(at)) } else { 0.0 };
        let memory_s = bytes / self.byte_per_s;
        let bound = if self.floor_s > compute_s.max(memory_s) {
            Bound::Overhead
        } else if compute_s > memory_s {
            Bound::Compute
        } else {
            Bound::Memory
        };
        Price { flop, bytes, time_s: self.floor_s + compute_s.max(memory_s), bound, tier: self.tier }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_curve_is_linear_in_the_logarithm_and_flat_outside() {
        let curve = Curve::through(&[(10.0, 0.2), (1000.0, 0.6)]);
        assert_eq!(curve.value(1.0), 0.2);
        assert!((curve.value(100.0) - 0.4).abs() < 1e-12);
        assert_eq!(curve.value(1e6), 0.6);
        assert_eq!(Curve::flat(0.5).value(7.0), 0.5);
    }
}
