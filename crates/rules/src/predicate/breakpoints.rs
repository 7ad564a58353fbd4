//! All the sides of all thresholds: which values of an unknown figure are worth trying.
//!
//! Comparisons are linear, so the values of one unknown at which anything changes are the projections of the
//! comparisons onto its axis: every pair that shares another unknown is combined so that the other one drops
//! out (Fourier-Motzkin elimination), until only the one is left. Between two neighbouring breakpoints nothing
//! changes, hence one value a breakpoint, one between each two, and one beyond the last decide exactly.

use super::{Comparison, Quantity};
use crate::Figure;

/// Coefficients that are smaller than this after elimination are rounding.
const TINY: f64 = 1e-9;

/// A hyperplane: factors of the figures, and the threshold.
type Plane = ([f64; Quantity::COUNT], f64);

/// The values of `unknown` that stand for all of its values, given the known figures and with the other unknown
/// ones free: 0, every breakpoint, one between each two, one beyond the last.
pub fn values_to_try(unknown: Quantity, figures: &[Figure; Quantity::COUNT], comparisons: &[&Comparison]) -> Vec<f64> {
    let mut planes: Vec<Plane> = Vec::new();
    for comparison in comparisons {
        if let Some(plane) = substituted(comparison, figures) {
            keep(&mut planes, plane);
        }
    }
    let others =
        Quantity::ALL.into_iter().filter(|other| *other != unknown && figures[*other as usize] == Figure::Unknown);
    for other in others {
        // Figures are never negative: the axis itself bounds the region.
        let mut axis = [0.0; Quantity::COUNT];
        axis[other as usize] = 1.0;
        keep(&mut planes, (axis, 0.0));
        planes = without(other, &planes);
    }
    let mut points: Vec<f64> = planes
        .iter()
        .filter(|(factors, _)| factors[unknown as usize].abs() > TINY)
        .map(|(factors, threshold)| threshold / factors[unknown as usize])
        .filter(|point| *point > 0.0 && point.is_finite())
        .collect();
    points.sort_by(f64::total_cmp);
    points.dedup();
    let mut values = vec![0.0];
    let mut last = 0.0;
    for point in points {
        values.extend([f64::midpoint(last, point), point]);
        last = point;
    }
    values.push(2.0 * last + 1.0);
    values
}

/// The comparison with the known figures moved to the threshold; `None` where it reads a figure that is not there.
fn substituted(comparison: &Comparison, figures: &[Figure; Quantity::COUNT]) -> Option<Plane> {
    let (mut factors, mut threshold) = (comparison.factors, comparison.threshold);
    for quantity in comparison.reads() {
        match figures[quantity as usize] {
            Figure::Known(value) => {
                threshold -= factors[quantity as usize] * value;
                factors[quantity as usize] = 0.0;
            }
            Figure::Unknown => {}
            Figure::Inapplicable => return None,
        }
    }
    Some((factors, threshold))
}

/// The planes that do not read `other`, and those that arise where two that do are combined.
fn without(other: Quantity, planes: &[Plane]) -> Vec<Plane> {
    let index = other as usize;
    let (reading, mut kept): (Vec<Plane>, Vec<Plane>) = planes.iter().partition(|(factors, _)| factors[index] != 0.0);
    for (position, (a, a_threshold)) in reading.iter().enumerate() {
        for (b, b_threshold) in &reading[position + 1..] {
            let ratio = a[index] / b[index];
            let mut factors = [0.0; Quantity::COUNT];
            for (place, factor) in factors.iter_mut().enumerate() {
                let difference = a[place] - ratio * b[place];
                *factor = if place == index || difference.abs() < TINY { 0.0 } else { difference };
            }
            keep(&mut kept, (factors, a_threshold - ratio * b_threshold));
        }
    }
    kept
}

/// Adds a plane that reads something and is not there yet.
fn keep(planes: &mut Vec<Plane>, plane: Plane) {
    if plane.0.iter().any(|factor| *factor != 0.0) && !planes.contains(&plane) {
        planes.push(plane);
    }
}
