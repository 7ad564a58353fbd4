//! The curves of one class, engine and number format.

use super::{
    Class, Reading,
    axis::Axis,
    law::{Key, Peaks},
    nearest::Lattice,
};
use units::{Dtype, Tier};

/// Curves over one grid.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Family {
    pub(super) class: Class,
    pub(super) engine: String,
    pub(super) format: Dtype,
    peaks: Peaks,
    axes: [Axis; 2],
    keys: Vec<Key>,
    /// Measured time over the law at each point, curve by curve; gaps filled.
    ratios: Vec<f32>,
    /// Which points were filled rather than measured.
    filled: Vec<bool>,
    /// Of products.
    lattice: Option<Lattice>,
}

/// Curves that together stand for a shape, with their weights.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Mix {
    pub(super) parts: [(usize, f64); 4],
    /// The shape is that of the first curve.
    pub(super) exact: bool,
    /// The shape is beyond those that were measured.
    pub(super) outside: bool,
}

impl Mix {
    /// One curve.
    pub(super) fn of(curve: usize, exact: bool) -> Self {
        Self { parts: [(curve, 1.0), (0, 0.0), (0, 0.0), (0, 0.0)], exact, outside: !exact }
    }

    /// Two curves, the second with weight `share`.
    pub(super) fn between(first: usize, second: usize, share: f64) -> Self {
        Self { parts: [(first, 1.0 - share), (second, share), (0, 0.0), (0, 0.0)], exact: false, outside: false }
    }
}

impl Family {
    /// Without curves yet.
    pub(super) fn new(class: Class, engine: String, format: Dtype, axes: [Axis; 2], peaks: Peaks) -> Self {
        let (keys, ratios, filled) = (Vec::new(), Vec::new(), Vec::new());
        Self { class, engine, format, peaks, axes, keys, ratios, filled, lattice: None }
    }

    /// Once all curves are in.
    pub(super) fn finish(&mut self) {
        if self.class == Class::Gemm && !self.keys.is_empty() {
            self.lattice = Some(Lattice::of(self));
        }
    }

    pub(super) fn lattice(&self) -> Option<&Lattice> {
        self.lattice.as_ref()
    }

    /// The law of a product of any widths [s].
    pub(super) fn product_law_s(&self, n: f64, k: f64, m: f64) -> f64 {
        self.peaks.gemm_s(self.format, n, k, m)
    }

    /// Adds a curve of times at the grid's points, `None` where nothing was measured; without any time it is left out.
    pub(super) fn push(&mut self, key: Key, times_s: &[Option<f64>]) {
        let [xs, ys] = &self.axes;
        let law =
            |x: usize, y: usize| self.peaks.time_s(self.class, self.format, &key, [xs.points()[x], ys.points()[y]]);
        let (nx, ny) = (xs.len(), ys.len());
        let ratio = |x: usize, y: usize| times_s[x * ny + y].map(|time_s| time_s / law(x, y));
        let mut ratios = Vec::with_capacity(nx * ny);
        for x in 0..nx {
            for y in 0..ny {
                ratios.push(ratio(x, y).or_else(|| nearest_measured(&ratio, (x, y), (nx, ny))));
            }
        }
        if ratios.iter().any(Option::is_none) {
            return;
        }
        self.keys.push(key);
        self.ratios.extend(ratios.iter().flatten().map(|ratio| *ratio as f32));
        self.filled.extend(times_s.iter().map(Option::is_none));
    }

    pub(super) fn keys(&self) -> &[Key] {
        &self.keys
    }

    pub(super) fn axes(&self) -> &[Axis; 2] {
        &self.axes
    }

    /// The law for a shape at a point [s].
    pub(super) fn law_s(&self, key: &Key, at: [f64; 2]) -> f64 {
        self.peaks.time_s(self.class, self.format, key, at)
    }

    /// The time of a shape, its law in `law_s`, from curves that stand for it. `at` is where on their grid.
    pub(super) fn read(&self, mix: &Mix, at: [f64; 2], law_s: f64) -> Reading {
        let places = [self.axes[0].place(at[0]), self.axes[1].place(at[1])];
        let ny = self.axes[1].len();
        let size = self.axes[0].len() * ny;
        let [x, y] = places;
        let mut filled = false;
        let mut total = 0.0;
        for (curve, weight) in mix.parts {
            if weight == 0.0 {
                continue;
            }
            let mut point = |ix: usize, iy: usize, share: f64| {
                if share == 0.0 {
                    return 0.0;
                }
                let index = curve * size + ix * ny + iy;
                filled |= self.filled[index];
                share * f64::from(self.ratios[index])
            };
            total += weight
                * (point(x.low, y.low, (1.0 - x.share) * (1.0 - y.share))
                    + point(x.low, y.high, (1.0 - x.share) * y.share)
                    + point(x.high, y.low, x.share * (1.0 - y.share))
                    + point(x.high, y.high, x.share * y.share));
        }
        let tier = if filled || mix.outside || x.outside || y.outside {
            Tier::Transferred
        } else if mix.exact && x.share == 0.0 && y.share == 0.0 {
            Tier::Measured
        } else {
            Tier::Interpolated
        };
        Reading { time_s: law_s * total, tier }
    }
}

/// The ratio at the nearest measured point, first along the second axis (lengths), then along the first.
fn nearest_measured(
    ratio: &impl Fn(usize, usize) -> Option<f64>,
    (x, y): (usize, usize),
    (nx, ny): (usize, usize),
) -> Option<f64> {
    let along = |count: usize, from: usize, get: &dyn Fn(usize) -> Option<f64>| {
        (1..count).find_map(|step| {
            from.checked_sub(step).and_then(get).or_else(|| (from + step < count).then(|| get(from + step))?)
        })
    };
    let row = |x: usize| along(ny, y, &|y| ratio(x, y));
    row(x).or_else(|| along(nx, x, &|x| ratio(x, y).or_else(|| row(x))))
}
