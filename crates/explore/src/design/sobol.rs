//! Sobol' points, each computed from its index.
//!
//! Direction numbers: Joe and Kuo, "Constructing Sobol sequences with better two-dimensional projections",
//! SIAM J. Sci. Comput. 30 (2008), the first dimensions of their table `new-joe-kuo-6.21201` (BSD licence,
//! beside the table). Points in the order of the Gray code, as in the authors' program and in SciPy.

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

/// The points of a design, shifted.
#[derive(Clone, Debug)]
pub(super) struct Sobol {
    /// A random digital shift a dimension: it makes the points a random sample without harm to their net.
    shifts: Vec<u32>,
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
        Ok(Self { shifts: (0..dimensions).map(|dimension| draws.bits(0, dimension) as u32).collect() })
    }

    /// The middle of the cell of 2^-32 in which the shifted point lies.
    pub(super) fn coordinate(&self, row: u64, dimension: usize) -> f64 {
        (f64::from(unshifted(row, dimension) ^ self.shifts[dimension]) + 0.5) / (1u64 << BITS) as f64
    }
}

/// A coordinate of the sequence itself, in [0, 1); its first point is the origin.
pub(crate) fn point(row: u64, dimension: usize) -> f64 {
    f64::from(unshifted(row, dimension)) / (1u64 << BITS) as f64
}

/// The point of the sequence itself, in units of 2^-32.
fn unshifted(row: u64, dimension: usize) -> u32 {
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
        assert_eq!(chosen.map(|dimension| unshifted(123_456, dimension)), wanted);
        let checksum = |row| {
            (0..512).fold(0u64, |sum, dimension| {
                sum.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(u64::from(unshifted(row, dimension)))
            })
        };
        assert_eq!(checksum(1), 15_838_433_112_276_074_496);
        assert_eq!(checksum(63), 12_718_921_527_018_389_504);
        assert_eq!(checksum(123_456), 10_954_328_694_747_168_768);
        assert_eq!(checksum(4_000_000_000), 9_469_858_623_677_317_258);
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
                seen |= 1 << (unshifted(row, dimension) >> 26);
            }
            assert_eq!(seen, u64::MAX, "{dimension}");
        }
        let mut cells = [false; 256];
        for row in 0..256 {
            cells[(unshifted(row, 0) >> 28 << 4 | unshifted(row, 1) >> 28) as usize] = true;
        }
        assert!(cells.into_iter().all(|hit| hit));
    }
}
