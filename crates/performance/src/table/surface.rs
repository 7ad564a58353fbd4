//! Times of one shape over two axes, batch and length, that nowhere fall as either grows.
//!
//! A longer context or a larger batch is no less work, but kernels are timed with noise and split their work in steps,
//! so that single measured points dip. Where they do, each point is put half way between the largest time at or below
//! it and the smallest at or above it (in logarithms), which leaves a measurement without dips as it is. Between points
//! times are linear in batch and length, as decode attention is measured to be (PERFORMANCE item 2), in prefill in
//! the square of the length: such a blend of rising points rises.

use super::{
    Class, Reading,
    axis::{Axis, Place},
    family::{Family, Mix},
    law::Key,
};
use std::sync::Arc;
use units::Tier;

/// The times of a shape over its family's grid.
#[derive(Clone, Debug)]
pub(crate) struct Surface {
    family: &'static Family,
    key: Key,
    /// Rising times with how each was come by, row by row [s].
    points: Arc<[(f64, Tier)]>,
}

impl Surface {
    /// From the curves that stand for a shape; `own` where they are of the engine itself.
    pub(super) fn of(family: &'static Family, key: Key, mix: &Mix, own: bool) -> Self {
        let [xs, ys] = family.axes();
        let mut points = Vec::with_capacity(xs.len() * ys.len());
        for x in xs.points() {
            for y in ys.points() {
                let reading = family.read(mix, [*x, *y], family.law_s(&key, [*x, *y]));
                points.push((reading.time_s, if own { reading.tier } else { Tier::Transferred }));
            }
        }
        rise(&mut points, ys.len());
        Self { family, key, points: points.into() }
    }

    /// The time at a batch and a length: that of the end of an axis below it, above it as the law goes on.
    pub(super) fn read(&self, at: [f64; 2]) -> Reading {
        let [xs, ys] = self.family.axes();
        let square = |length: f64| length * length;
        let along = |axis: &Axis, value: f64| match self.family.class {
            Class::PrefillAttention | Class::LatentPrefill => axis.place_in(value, square),
            _ => axis.place_in(value, |length| length),
        };
        let (x, y) = (xs.place_in(at[0], |batch| batch), along(ys, at[1]));
        let mut tier = Tier::Measured;
        let mut point = |in_x: usize, in_y: usize, share: f64| {
            if share == 0.0 {
                return 0.0;
            }
            let (time_s, of_point) = self.points[in_x * ys.len() + in_y];
            tier = tier.max(of_point);
            share * time_s
        };
        let corner = |place: Place| [(place.low, 1.0 - place.share), (place.high, place.share)];
        let mut time_s = 0.0;
        for (in_x, share_x) in corner(x) {
            for (in_y, share_y) in corner(y) {
                time_s += point(in_x, in_y, share_x * share_y);
            }
        }
        if x.outside || y.outside {
            let end = [at[0].min(last(xs)), at[1].min(last(ys))];
            let law_s = |at: [f64; 2]| self.family.law_s(&self.key, at);
            if end != at {
                time_s *= law_s(at) / law_s(end);
            }
            tier = tier.max(Tier::Transferred);
        } else if x.share > 0.0 || y.share > 0.0 {
            tier = tier.max(Tier::Interpolated);
        }
        Reading { time_s, tier }
    }
}

fn last(axis: &Axis) -> f64 {
    axis.points()[axis.len() - 1]
}

/// Makes a grid, `width` points a row, rise along rows and columns.
fn rise(points: &mut [(f64, Tier)], width: usize) {
    let mut below: Vec<f64> = points.iter().map(|point| point.0).collect();
    let mut above = below.clone();
    for at in 0..below.len() {
        if at % width > 0 {
            below[at] = below[at].max(below[at - 1]);
        }
        if at >= width {
            below[at] = below[at].max(below[at - width]);
        }
    }
    for at in (0..above.len()).rev() {
        if at % width + 1 < width {
            above[at] = above[at].min(above[at + 1]);
        }
        if at + width < above.len() {
            above[at] = above[at].min(above[at + width]);
        }
    }
    for (point, (below, above)) in points.iter_mut().zip(below.into_iter().zip(above)) {
        if below > above {
            *point = ((below * above).sqrt(), point.1.max(Tier::Interpolated));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_grid_without_dips_stays_and_a_dip_is_met_half_way() {
        let grid = |times: [f64; 6]| times.map(|time_s| (time_s, Tier::Measured));
        let mut rising = grid([1.0, 2.0, 3.0, 2.0, 2.0, 5.0]);
        rise(&mut rising, 3);
        assert_eq!(rising, grid([1.0, 2.0, 3.0, 2.0, 2.0, 5.0]));
        // Row of 1, 4, 1 above a row of 4, 9, 9: the dip to 1 and the 4 before it meet at 2.
        let mut dipping = grid([1.0, 4.0, 1.0, 4.0, 9.0, 9.0]);
        rise(&mut dipping, 3);
        assert_eq!(dipping.map(|point| point.0), [1.0, 2.0, 2.0, 4.0, 9.0, 9.0]);
        assert_eq!(dipping[1].1, Tier::Interpolated);
    }
}
