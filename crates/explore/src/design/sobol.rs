//! Sobol' points, each computed from its index.
//!
//! Direction numbers: Joe and Kuo, "Constructing Sobol sequences with better two-dimensional projections",
//! SIAM J. Sci. Comput. 30 (2008), the first dimensions of their table `new-joe-kuo-6.21201` (BSD licence,
//! beside the table). Points in the order of the Gray code, as in the authors' program and in SciPy.
//!
//! Scrambling: Owen's nested uniform scrambling ("Randomly permuted (t, m, s)-nets and (t, s)-sequences", 1995) by a
//! hash (Laine and Karras 2011; Burley, "Practical hash-based Owen scrambling", JCGT 9(4), 2020), with the better mixing
//! constants that N. Vegdahl found (as in pbrt-v4). It keeps the net, makes every point uniform, and for smooth functions
//! the error of a mean falls nearly as N^-3/2, where that of a digital shift falls as N^-1.

use std::sync::LazyLock;

use super::DesignError;
use crate::random::Draws;

/// The authors' table: `d s a m_1 .. m_s` a line, from d = 2.
const TABLE: &str = include_str!("../../data/joe_kuo.txt");
/// Dimensions for which there are direction numbers.
pub const MAX_DIMENSIONS: u32 = 512;
/// Binary digits of a coordinate, and of the number of rows.
const BITS: usize = 32;

type Directions = [u32; BITS];

static DIRECTIONS: LazyLock<Vec<Directions>> = LazyLock::new(read_table);

/// The points of a design, scrambled.
#[derive(Clone, Debug)]
pub(super) struct Sobol {
    /// What keys the scrambling of each dimension.
    seeds: Vec<u32>,
}

impl Sobol {
    pub(super) fn new(rows: u64, dimensions: u32, draws: Draws) -> Result<Self, DesignError> {
        if dimensions > MAX_DIMENSIONS {
            let message = format!("Sobol' points have at most {MAX_DIMENSIONS} dimensions here, not {dimensions}");
            return Err(DesignError { message });
        }
        if rows > 1 << BITS {
            return Err(DesignError { message: format!("Sobol' points are at most 2^{BITS}, not {rows}") });
        }
        Ok(Self { seeds: (0..dimensions).map(|dimension| draws.bits(0, dimension) as u32).collect() })
    }

    /// The middle of the cell of 2^-32 in which the scrambled point lies.
    pub(super) fn coordinate(&self, row: u64, dimension: usize) -> f64 {
        (f64::from(scramble(unscrambled(row, dimension), self.seeds[dimension])) + 0.5) / (1u64 << BITS) as f64
    }
}

/// Flips each binary digit by a hash of the digits before it: the nested uniform scrambling of one seed.
fn scramble(point: u32, seed: u32) -> u32 {
    // With the digits reversed, a product with an even number moves information only towards later digits.
    let mut x = point.reverse_bits();
    x ^= x.wrapping_mul(0x3d20_adea);
    x = x.wrapping_add(seed);
    x = x.wrapping_mul((seed >> 16) | 1);
    x ^= x.wrapping_mul(0x0552_6c56);
    x ^= x.wrapping_mul(0x53a2_2864);
    x.reverse_bits()
}

/// A coordinate of the sequence itself, in [0, 1); its first point is the origin.
pub(crate) fn point(row: u64, dimension: usize) -> f64 {
    f64::from(unscrambled(row, dimension)) / (1u64 << BITS) as f64
}

/// The point of the sequence itself, in units of 2^-32.
fn unscrambled(row: u64, dimension: usize) -> u32 {
    let mut gray = row ^ (row >> 1);
    let directions = &DIRECTIONS[dimension];
    let mut point = 0;
    while gray != 0 {
        point ^= directions[gray.trailing_zeros() as usize];
        gray &= gray - 1;
    }
    point
}

/// Direction numbers of every dimension, from the table by the recurrence of Bratley and Fox (1988).
fn read_table() -> Vec<Directions> {
    let first: Directions = std::array::from_fn(|bit| 1 << (BITS - 1 - bit));
    let others = TABLE.lines().skip(1).map(|line| {
        let mut numbers = line.split_ascii_whitespace().skip(1).map(|word| word.parse::<u32>().unwrap_or(0));
        let degree = numbers.next().unwrap_or(0) as usize;
        let polynomial = numbers.next().unwrap_or(0);
        let mut directions = [0; BITS];
        for (bit, number) in numbers.enumerate().take(degree) {
            directions[bit] = number << (BITS - 1 - bit);
        }
        for bit in degree..BITS {
            let mut direction = directions[bit - degree] ^ (directions[bit - degree] >> degree);
            for term in 1..degree {
                if polynomial >> (degree - 1 - term) & 1 == 1 {
                    direction ^= directions[bit - term];
                }
            }
            directions[bit] = direction;
        }
        directions
    });
    std::iter::once(first).chain(others).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `scipy.stats.qmc.Sobol(512, scramble=False, bits=32)` of SciPy 1.17.1: the point with index 123,456 in
    /// seven dimensions, and a checksum over all.
    #[test]
    fn points_agree_with_scipy() {
        let chosen = [0, 1, 2, 10, 127, 511];
        let wanted = [113_803_264, 784_891_904, 1_319_665_664, 2_143_649_792, 2_489_417_728, 4_283_990_016];
        assert_eq!(chosen.map(|dimension| unscrambled(123_456, dimension)), wanted);
        let checksum = |row| {
            (0..512).fold(0u64, |sum, dimension| {
                sum.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(u64::from(unscrambled(row, dimension)))
            })
        };
        assert_eq!(checksum(1), 15_838_433_112_276_074_496);
        assert_eq!(checksum(63), 12_718_921_527_018_389_504);
        assert_eq!(checksum(123_456), 10_954_328_694_747_168_768);
        assert_eq!(checksum(4_000_000_000), 9_469_858_623_677_317_258);
    }

    /// The defining property of nested scrambling: numbers that share exactly their first k digits still do so after it.
    #[test]
    fn scrambling_keeps_the_length_of_every_common_prefix() {
        let draws = Draws::new(4, 0);
        for pair in 0..20_000 {
            let (x, y, seed) = (draws.bits(pair, 0) as u32, draws.bits(pair, 1) as u32, draws.bits(pair, 2) as u32);
            let y = x ^ (y | 1) >> (pair % 32);
            let shared = (x ^ y).leading_zeros();
            assert_eq!((scramble(x, seed) ^ scramble(y, seed)).leading_zeros(), shared, "{x} {y} {seed}");
        }
    }

    /// Owen's theorem (1997): for a smooth function the variance falls as N^-3 (log N)^(d - 1); of independent points as
    /// N^-1. From 64 to 1,024 rows that is a factor of 4,096 to within the logarithm; a digital shift gives some 256.
    #[test]
    fn the_error_of_a_smooth_mean_falls_as_owen_says() {
        let variance = |rows: u64| {
            let errors = (0..200).map(|seed| {
                let sobol = Sobol::new(rows, 2, Draws::new(seed, 0)).unwrap();
                let f = |row| (sobol.coordinate(row, 0)).exp() * (1.0 + sobol.coordinate(row, 1).powi(2));
                let exact = (1f64.exp() - 1.0) * 4.0 / 3.0;
                ((0..rows).map(f).sum::<f64>() / rows as f64 - exact).powi(2)
            });
            errors.sum::<f64>() / 200.0
        };
        let fall = variance(64) / variance(1024);
        assert!(fall > 1500.0, "the variance falls by {fall}");
    }

    #[test]
    fn the_table_holds_as_many_dimensions_as_it_says_and_odd_numbers_below_their_power_of_two() {
        assert_eq!(DIRECTIONS.len(), MAX_DIMENSIONS as usize);
        for line in TABLE.lines().skip(1) {
            let numbers: Vec<u32> = line.split(' ').map(|word| word.parse().unwrap()).collect();
            assert_eq!(numbers.len() as u32, 3 + numbers[1], "{line}");
            for (index, number) in numbers[3..].iter().enumerate() {
                assert!(number % 2 == 1 && *number < 2 << index, "{line}");
            }
        }
    }

    /// The defining property in one dimension: any aligned block of 2^k points has one in each cell of 2^-k.
    #[test]
    fn every_dimension_is_stratified_and_pairs_of_the_first_are_nets() {
        for dimension in 0..MAX_DIMENSIONS as usize {
            let mut seen = 0u64;
            for row in 64..128 {
                seen |= 1 << (unscrambled(row, dimension) >> 26);
            }
            assert_eq!(seen, u64::MAX, "{dimension}");
        }
        let mut cells = [false; 256];
        for row in 0..256 {
            cells[(unscrambled(row, 0) >> 28 << 4 | unscrambled(row, 1) >> 28) as usize] = true;
        }
        assert!(cells.into_iter().all(|hit| hit));
    }
}
