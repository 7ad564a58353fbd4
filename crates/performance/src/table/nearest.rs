//! Which curves stand for a shape.

use super::{
    axis::{Axis, Place},
    family::{Family, Mix},
    law::Key,
};

/// A shape of experts further than this from every measured one, in factors multiplied over its figures, is left to
/// the specification tier (assumption: a factor of four, as from 8 experts to 32).
const FARTHEST: f64 = 4.0;

/// Index of products by their two widths.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Lattice {
    ns: Axis,
    ks: Axis,
    /// Curve of each pair of widths, n outside k inside.
    curves: Vec<Option<usize>>,
}

impl Lattice {
    pub(super) fn of(family: &Family) -> Self {
        let axis = |part: usize| {
            let mut points: Vec<f64> = family.keys().iter().map(|key| f64::from(key[part])).collect();
            points.sort_by(f64::total_cmp);
            points.dedup();
            Axis::new(points)
        };
        let (ns, ks) = (axis(0), axis(1));
        let pairs = ns.points().iter().flat_map(|n| ks.points().iter().map(move |k| (*n, *k)));
        let find =
            |(n, k): (f64, f64)| family.keys().iter().position(|key| f64::from(key[0]) == n && f64::from(key[1]) == k);
        let curves = pairs.map(find).collect();
        Self { ns, ks, curves }
    }

    /// The up to four products around one; those that were not measured leave their weight to the others.
    pub(super) fn mix(&self, n: f64, k: f64) -> Option<Mix> {
        let (n, k) = (self.ns.place(n), self.ks.place(k));
        let corners = |place: Place| [(place.low, 1.0 - place.share), (place.high, place.share)];
        let mut parts = [(0, 0.0); 4];
        let mut total = 0.0;
        let mut missing = false;
        for (at, ((in_n, share_n), (in_k, share_k))) in
            corners(n).into_iter().flat_map(|n| corners(k).into_iter().map(move |k| (n, k))).enumerate()
        {
            let share = share_n * share_k;
            match self.curves[in_n * self.ks.len() + in_k] {
                Some(curve) => {
                    parts[at] = (curve, share);
                    total += share;
                }
                None => missing |= share > 0.0,
            }
        }
        if total <= 0.0 {
            return None;
        }
        for part in &mut parts {
            part.1 /= total;
        }
        let exact = n.share == 0.0 && k.share == 0.0;
        Some(Mix { parts, exact, outside: missing || n.outside || k.outside })
    }
}

/// Attention by its last figure, heads: between the two nearest with all else alike, else the nearest of the same
/// window.
pub(super) fn by_heads(family: &Family, want: &Key, figures: usize) -> Option<Mix> {
    let last = figures - 1;
    let keys = family.keys();
    if let Some(curve) = keys.iter().position(|key| key == want) {
        return Some(Mix::of(curve, true));
    }
    let alike = || keys.iter().enumerate().filter(|(_, key)| key[..last] == want[..last]);
    let below = alike().filter(|(_, key)| key[last] < want[last]).max_by_key(|(_, key)| key[last]);
    let above = alike().filter(|(_, key)| key[last] > want[last]).min_by_key(|(_, key)| key[last]);
    if let (Some((low, from)), Some((high, to))) = (below, above) {
        let ln = |key: &Key| f64::from(key[last]).ln();
        return Some(Mix::between(low, high, (ln(want) - ln(from)) / (ln(to) - ln(from))));
    }
    let window = |key: &Key| if figures == 4 { key[1] } else { 0 };
    let of_window = keys.iter().enumerate().filter(|(_, key)| window(key) == window(want));
    let distance =
        |key: &Key| -> f64 { (0..figures).filter(|at| key[*at] > 0).map(|at| apart(key[at], want[at])).sum() };
    of_window.min_by(|a, b| distance(a.1).total_cmp(&distance(b.1))).map(|(curve, _)| Mix::of(curve, false))
}

/// A mixture of experts: its own shape, else the nearest on one chip: hidden size, width, experts held, experts a
/// token; and the groups that the experts are cut into, which weigh half.
pub(super) fn experts(family: &Family, want: &Key) -> Option<Mix> {
    if let Some(curve) = family.keys().iter().position(|key| key == want) {
        return Some(Mix::of(curve, true));
    }
    let distance = |key: &Key| {
        let per = |key: &Key, whole: usize, cut: usize| f64::from(key[whole]) / f64::from(key[cut].max(1));
        let ratio = |a: f64, b: f64| (a / b).ln().abs();
        apart(key[0], want[0])
            + ratio(per(key, 1, 4), per(want, 1, 4))
            + ratio(per(key, 3, 5), per(want, 3, 5))
            + apart(key[2], want[2])
            + apart(key[5], want[5]) / 2.0
    };
    let nearest = family.keys().iter().enumerate().min_by(|a, b| distance(a.1).total_cmp(&distance(b.1)));
    nearest.filter(|(_, key)| distance(key) <= FARTHEST.ln()).map(|(curve, _)| Mix::of(curve, false))
}

fn apart(a: u32, b: u32) -> f64 {
    (f64::from(a.max(1)) / f64::from(b.max(1))).ln().abs()
}
