//! How candidates make others: crossover and mutation of numbers within bounds.
//!
//! Simulated binary crossover (Deb and Agrawal, Complex Systems 9, 1995) puts two children about their parents as a
//! crossover of bits would; polynomial mutation (Deb and Goyal 1996) moves a number a little, now and then far. Both as in
//! Deb's NSGA-II code, with the bounds taken into account.

use crate::random::Draws;

/// Index of the distribution about the parents: the larger, the nearer (Deb et al. 2002 use 20; 15 reaches farther).
const CROSSOVER: f64 = 15.0;
/// Share of pairs that are crossed.
const CROSSED: f64 = 0.9;
/// Index of the distribution of mutations (Deb et al. 2002).
const MUTATION: f64 = 20.0;

/// Two children of two parents; `at` is a number of their own.
pub(super) fn children(parents: [&[f64]; 2], bounds: &[(f64, f64)], draws: Draws, at: u64) -> [Vec<f64>; 2] {
    let mut children = parents.map(<[f64]>::to_vec);
    let random = |dimension: usize| draws.uniform(at, dimension as u32);
    let crossed = random(0) < CROSSED;
    for (variable, bound) in bounds.iter().enumerate() {
        let first = 1 + 7 * variable;
        let (a, b) = (parents[0][variable], parents[1][variable]);
        if crossed && random(first) < 0.5 && (a - b).abs() > 1e-14 * (bound.1 - bound.0) {
            let (low, high) = cross(a.min(b), a.max(b), *bound, random(first + 1));
            let swapped = random(first + 2) < 0.5;
            children[0][variable] = if swapped { high } else { low };
            children[1][variable] = if swapped { low } else { high };
        }
        for (child, values) in children.iter_mut().enumerate() {
            if random(first + 3 + child) < 1.0 / bounds.len() as f64 {
                values[variable] = mutate(values[variable], *bound, random(first + 5 + child));
            }
        }
    }
    children
}

/// Children about two parents, the lower first.
fn cross(low: f64, high: f64, bound: (f64, f64), u: f64) -> (f64, f64) {
    let spread = |room: f64| {
        let beta = 1.0 + 2.0 * room / (high - low);
        let alpha = 2.0 - beta.powf(-(CROSSOVER + 1.0));
        let power = 1.0 / (CROSSOVER + 1.0);
        if u <= 1.0 / alpha { (u * alpha).powf(power) } else { (1.0 / (2.0 - u * alpha)).powf(power) }
    };
    let (middle, half) = (f64::midpoint(low, high), (high - low) / 2.0);
    let child = |value: f64| value.clamp(bound.0, bound.1);
    (child(middle - spread(low - bound.0) * half), child(middle + spread(bound.1 - high) * half))
}

fn mutate(value: f64, (low, high): (f64, f64), u: f64) -> f64 {
    let span = high - low;
    if span <= 0.0 {
        return value;
    }
    let power = MUTATION + 1.0;
    let step = if u < 0.5 {
        let room = 1.0 - (value - low) / span;
        (2.0 * u + (1.0 - 2.0 * u) * room.powf(power)).powf(1.0 / power) - 1.0
    } else {
        let room = 1.0 - (high - value) / span;
        1.0 - (2.0 * (1.0 - u) + 2.0 * (u - 0.5) * room.powf(power)).powf(1.0 / power)
    };
    (value + step * span).clamp(low, high)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn children_stay_within_bounds_and_keep_the_middle_on_average() {
        let bounds = [(0.0, 1.0), (-5.0, 5.0)];
        let (a, b) = ([0.45, -1.0], [0.55, 3.0]);
        let mut sums = [0.0; 2];
        for at in 0..20_000 {
            for child in children([&a, &b], &bounds, Draws::new(1, 0), at) {
                for (variable, (low, high)) in bounds.iter().enumerate() {
                    assert!((*low..=*high).contains(&child[variable]));
                    sums[variable] += child[variable] / 40_000.0;
                }
            }
        }
        assert!((sums[0] - 0.5).abs() < 0.005 && (sums[1] - 1.0).abs() < 0.06, "{sums:?}");
    }
}
