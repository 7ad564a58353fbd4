//! Compass search over logarithms: try each number a step up and down, keep what is better, halve the step.

/// Steps in logarithms: from a factor of 1.9 down to 4 % [ln].
const STEPS: [f64; 5] = [0.64, 0.32, 0.16, 0.08, 0.04];
/// Most rounds over all numbers at one step.
const ROUNDS: usize = 4;
/// A smaller gain is none.
const GAIN: f64 = 1e-9;

/// Where each number may go.
#[derive(Clone, Copy, Debug)]
pub(super) struct Axis {
    pub start: f64,
    pub least: f64,
    pub most: f64,
}

/// Finds numbers that make `loss` small, from the start of each axis on. The same loss gives the same numbers.
pub(super) fn minimise(axes: &[Axis], mut loss: impl FnMut(&[f64]) -> f64) -> (Vec<f64>, f64) {
    let mut at: Vec<f64> = axes.iter().map(|axis| axis.start).collect();
    let mut best = loss(&at);
    for step in STEPS {
        for _ in 0..ROUNDS {
            let before = best;
            for (place, axis) in axes.iter().enumerate() {
                for factor in [step.exp(), (-step).exp()] {
                    let mut next = at.clone();
                    next[place] = (at[place] * factor).clamp(axis.least, axis.most);
                    if next[place] == at[place] {
                        continue;
                    }
                    let found = loss(&next);
                    if found < best - GAIN {
                        (at, best) = (next, found);
                        break;
                    }
                }
            }
            if best > before - GAIN {
                break;
            }
        }
    }
    (at, best)
}

/// All points a step below, at and above each number of `at`, within the bounds.
pub(super) fn around(axes: &[Axis], at: &[f64], step: f64) -> Vec<Vec<f64>> {
    let mut points = vec![Vec::new()];
    for (axis, value) in axes.iter().zip(at) {
        let ends = [-step, 0.0, step].map(|move_by| (value * move_by.exp()).clamp(axis.least, axis.most));
        points = points
            .into_iter()
            .flat_map(|point: Vec<f64>| ends.map(|end| point.iter().copied().chain([end]).collect()))
            .collect();
    }
    points
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_point_of_a_known_valley_is_found() {
        let axis = |start| Axis { start, least: 1e-6, most: 1e6 };
        let (at, _) = minimise(&[axis(1.0), axis(1.0)], |x| {
            (x[0] / 30.0).ln().abs() + (x[1] / 0.02).ln().abs() + (x[0] * x[1] / 0.6).ln().powi(2)
        });
        assert!((at[0] / 30.0).ln().abs() < 0.04 && (at[1] / 0.02).ln().abs() < 0.04, "{at:?}");
    }

    #[test]
    fn numbers_stay_within_their_bounds() {
        let (at, _) = minimise(&[Axis { start: 1.0, least: 0.5, most: 2.0 }], |x| -x[0]);
        assert_eq!(at, [2.0]);
    }
}
