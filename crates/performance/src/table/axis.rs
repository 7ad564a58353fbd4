//! One axis of a grid.

/// Ascending points of an axis.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Axis {
    points: Vec<f64>,
    logs: Vec<f64>,
}

/// Where a value lies on an axis: between the points `low` and `low + 1`, nearer to the second as `share` grows.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Place {
    /// Index of the point at or below.
    pub low: usize,
    /// Index of the point at or above.
    pub high: usize,
    /// Weight of `high` [fraction].
    pub share: f64,
    /// The value is beyond the ends of the axis.
    pub outside: bool,
}

impl Axis {
    /// Through points in ascending order, all positive.
    pub(super) fn new(points: Vec<f64>) -> Self {
        let logs = points.iter().map(|point| point.ln()).collect();
        Self { points, logs }
    }

    /// An axis with one point, for grids that have but one axis.
    pub(super) fn single() -> Self {
        Self::new(vec![1.0])
    }

    pub(super) fn points(&self) -> &[f64] {
        &self.points
    }

    /// How many points.
    pub(super) fn len(&self) -> usize {
        self.points.len()
    }

    /// The place of a value, weights linear in its logarithm; at an end where it is beyond it.
    pub(crate) fn place(&self, value: f64) -> Place {
        let last = self.points.len() - 1;
        let at = |index| Place { low: index, high: index, share: 0.0, outside: false };
        if last == 0 {
            return at(0);
        }
        if value.is_nan() || value < self.points[0] {
            return Place { outside: true, ..at(0) };
        }
        if value > self.points[last] {
            return Place { outside: true, ..at(last) };
        }
        let high = self.points.partition_point(|point| *point < value);
        if self.points[high] == value {
            return at(high);
        }
        let low = high - 1;
        let share = (value.ln() - self.logs[low]) / (self.logs[high] - self.logs[low]);
        Place { low, high, share, outside: false }
    }

    /// The same with weights linear in a rising function of the value.
    pub(crate) fn place_in(&self, value: f64, scale: impl Fn(f64) -> f64) -> Place {
        let place = self.place(value);
        if place.low == place.high {
            return place;
        }
        let (low, high) = (scale(self.points[place.low]), scale(self.points[place.high]));
        Place { share: (scale(value) - low) / (high - low), ..place }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_point_is_found_exactly_and_the_middle_is_geometric() {
        let axis = Axis::new(vec![1.0, 4.0, 16.0]);
        assert_eq!(axis.place(4.0), Place { low: 1, high: 1, share: 0.0, outside: false });
        let middle = axis.place(8.0);
        assert_eq!((middle.low, middle.high, middle.outside), (1, 2, false));
        assert!((middle.share - 0.5).abs() < 1e-12);
    }

    #[test]
    fn beyond_the_ends_the_end_answers_and_says_so() {
        let axis = Axis::new(vec![1.0, 4.0]);
        assert_eq!(axis.place(0.1), Place { low: 0, high: 0, share: 0.0, outside: true });
        assert_eq!(axis.place(9.0), Place { low: 1, high: 1, share: 0.0, outside: true });
        assert!(axis.place(f64::NAN).outside);
    }
}
