//! Normal numbers for several runs at once, by the ziggurat.
//!
//! The area under exp(-x^2/2) is cut into 1,024 layers of equal area; random bits pick a layer and a place in it, which is
//! taken as it is where it lies surely under the curve, in 99.6 % of cases (Marsaglia and Tsang, "The ziggurat method for
//! generating random variables", J. Stat. Softw. 5, 2000; layer and place from separate bits, as Doornik, "An improved
//! ziggurat method to generate normal random samples", 2005, asks). The distribution is exact.

use std::sync::LazyLock;

use super::{exp, ln, unit, words};
use crate::Draws;

/// Layers.
const LAYERS: usize = 1024;
/// Where the lowest layer's rectangle ends and the tail begins: there so many layers of equal area just reach the top.
/// By bisection; the same gives 3.6541528853610 for Marsaglia and Tsang's 256 layers, as they print it.
const TAIL: f64 = 4.038_849_846_109_505;
/// The area of a layer: TAIL exp(-TAIL^2/2) and the tail.
const AREA: f64 = 0.001_226_324_646_353_085_2;

/// One layer, from the lowest up.
#[derive(Clone, Copy, Default)]
struct Layer {
    /// Its width; of the lowest, that of a rectangle of its area.
    width: f64,
    /// The share of the width that lies wholly under the curve: the width of the layer above over its own.
    inside: f64,
}

type Table = [Layer; LAYERS + 1];

/// The layers, and one of no width above the top.
static TABLE: LazyLock<Table> = LazyLock::new(|| {
    let mut layers = [Layer::default(); LAYERS + 1];
    let mut height = density(TAIL);
    layers[0].width = AREA / height;
    layers[1].width = TAIL;
    for layer in 2..LAYERS {
        height += AREA / layers[layer - 1].width;
        layers[layer].width = (-2.0 * ln([height])[0]).sqrt();
    }
    for layer in 0..LAYERS {
        layers[layer].inside = layers[layer + 1].width / layers[layer].width;
    }
    layers
});

/// exp(-x^2/2).
fn density(x: f64) -> f64 {
    exp([-0.5 * x * x])[0]
}

/// Two independent standard normal numbers for each of several runs, from the draws at (`runs[i]`, `dimension`). Where a
/// first try is refused, further ones draw there in streams that differ from the draws' own in the upper eight bits.
///
/// # Examples
/// ```
/// use explore::{Draws, lanes};
///
/// let [first, second] = lanes::standard_normals(Draws::new(1, 0), [0, 1, 2, 3], 7);
/// assert_eq!(lanes::standard_normals(Draws::new(1, 0), [2], 7)[0], [first[2]]);
/// assert_ne!(first, second);
/// ```
#[inline(always)]
pub fn standard_normals<const N: usize>(draws: Draws, runs: [u64; N], dimension: u32) -> [[f64; N]; 2] {
    let words = words(draws, runs, dimension);
    [normals(draws, (&runs, dimension, 0), &words[0]), normals(draws, (&runs, dimension, 1), &words[1])]
}

#[inline(always)]
fn normals<const N: usize>(draws: Draws, at: (&[u64; N], u32, u32), words: &[u64; N]) -> [f64; N] {
    let table: &Table = &TABLE;
    let mut normals = [0.0; N];
    let mut surely = [true; N];
    for lane in 0..N {
        let tried = Try::new(table, words[lane]);
        normals[lane] = tried.x();
        surely[lane] = tried.surely();
    }
    // Of thirty-two numbers this is one time in eight.
    if surely.contains(&false) {
        for lane in 0..N {
            if !surely[lane] {
                normals[lane] = go_on(table, draws, (at.0[lane], at.1, at.2), words[lane]);
            }
        }
    }
    normals
}

/// A place in a layer.
struct Try {
    layer: Layer,
    /// Between -1 and 1.
    place: f64,
}

impl Try {
    /// The layer by the lowest 10 of 64 bits, the place by the uppermost 52.
    #[inline(always)]
    fn new(table: &Table, word: u64) -> Self {
        Self { layer: table[word as usize % LAYERS], place: 2.0 * unit(word) - 1.0 }
    }

    #[inline(always)]
    fn x(&self) -> f64 {
        self.place * self.layer.width
    }

    #[inline(always)]
    fn surely(&self) -> bool {
        self.place.abs() < self.layer.inside
    }
}

/// Goes on where the first try was not surely under the curve.
#[cold]
fn go_on(table: &Table, draws: Draws, (run, dimension, half): (u64, u32, u32), first: u64) -> f64 {
    let mut word = first;
    // All tries are refused with a probability below 1e-60.
    for attempt in 1..128 {
        let stream = draws.stream ^ (2 * attempt + half) << 24;
        let [[fresh], [next]] = words(Draws { stream, ..draws }, [run], dimension);
        let tried = Try::new(table, word);
        if tried.surely() {
            return tried.x();
        }
        let layer = word as usize % LAYERS;
        if layer == 0 {
            // Marsaglia's tail: an exponential, kept as often as the curve lies below it; refused, the tail again.
            let beyond = -ln([unit(fresh)])[0] / TAIL;
            if -2.0 * ln([unit(next)])[0] > beyond * beyond {
                return (TAIL + beyond).copysign(tried.place);
            }
            continue;
        }
        let (low, high) = (density(table[layer].width), density(table[layer + 1].width));
        if low + unit(fresh) * (high - low) < density(tried.x()) {
            return tried.x();
        }
        word = next;
    }
    0.0
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sample(pairs: u32) -> Vec<f64> {
        let draw = |pair| standard_normals(Draws::new(5, 2), [0, 1, 2, 3, 4, 5, 6, 7], pair);
        (0..pairs).flat_map(draw).flatten().collect()
    }

    /// The distance of Kolmogorov and Smirnov to the normal distribution: beyond 1.95/sqrt(n) once in a thousand.
    #[test]
    fn they_are_normal() {
        let sorted = crate::statistics::Sorted::new(sample(20_000)).unwrap();
        let n = sorted.values().len() as f64;
        let cdf = |x: f64| 0.5 * statrs::function::erf::erfc(-x / std::f64::consts::SQRT_2);
        let gap = |(place, x): (usize, &f64)| (cdf(*x) - place as f64 / n).abs();
        let largest = sorted.values().iter().enumerate().map(gap).fold(0.0, f64::max);
        assert!(largest < 1.95 / n.sqrt(), "{largest}");
    }

    /// Beyond the last layer lie 5.371e-5 of the numbers: twice the normal tail above 4.0388.
    #[test]
    fn the_tail_has_its_share_and_its_mean() {
        let sample = sample(100_000);
        let tail: Vec<f64> = sample.iter().map(|x| x.abs()).filter(|x| *x > TAIL).collect();
        let expected = 5.371_4e-5 * sample.len() as f64;
        assert!((tail.len() as f64 - expected).abs() < 4.0 * expected.sqrt(), "{} of {expected}", tail.len());
        // The mean of the tail is phi(a)/(1 - Phi(a)) = 4.2627 at a = 4.0388; its spread is about 1/a.
        let mean = tail.iter().sum::<f64>() / tail.len() as f64;
        assert!((mean - 4.2627).abs() < 4.0 * 0.24 / (tail.len() as f64).sqrt(), "{mean}");
    }

    #[test]
    fn pairs_are_independent() {
        let sample = sample(20_000);
        let (mut product, mut squares) = (0.0, 0.0);
        for sixteen in sample.chunks_exact(16) {
            for lane in 0..8 {
                product += sixteen[lane] * sixteen[lane + 8];
                squares += (sixteen[lane] * sixteen[lane]) * (sixteen[lane + 8] * sixteen[lane + 8]);
            }
        }
        let n = sample.len() as f64 / 2.0;
        assert!((product / n).abs() < 4.0 / n.sqrt(), "{product}");
        // The product of two squares has mean 1 and variance 8.
        assert!((squares / n - 1.0).abs() < 4.0 * (8.0 / n).sqrt(), "{squares}");
    }
}
