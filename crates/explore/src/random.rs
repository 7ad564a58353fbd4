//! Counter-based random numbers: a draw is a pure function of (seed, stream, run, dimension).
//!
//! There is no state to carry, so any thread, shard or later session that asks for the same draw gets the
//! same bits, and an input that is added does not move the draws of the others. The generator is
//! Philox4x32-10 (Salmon, Moraes, Dror and Shaw, "Parallel random numbers: as easy as 1, 2, 3", SC11).

use serde::{Deserialize, Serialize};

const MULTIPLIERS: [u32; 2] = [0xD251_1F53, 0xCD9E_8D57];
const KEY_STEPS: [u32; 2] = [0x9E37_79B9, 0xBB67_AE85];

/// Philox4x32 with ten rounds: 128 random bits from a counter and a key.
///
/// # Examples
/// The first of Random123's known answers:
/// ```
/// let bits = explore::random::philox4x32_10([0; 4], [0; 2]);
/// assert_eq!(bits, [0x6627_e8d5, 0xe169_c58d, 0xbc57_ac4c, 0x9b00_dbd8]);
/// ```
pub fn philox4x32_10(counter: [u32; 4], key: [u32; 2]) -> [u32; 4] {
    let [mut a, mut b, mut c, mut d] = counter;
    let [mut k0, mut k1] = key;
    for _ in 0..10 {
        let left = u64::from(a) * u64::from(MULTIPLIERS[0]);
        let right = u64::from(c) * u64::from(MULTIPLIERS[1]);
        a = (right >> 32) as u32 ^ b ^ k0;
        c = (left >> 32) as u32 ^ d ^ k1;
        b = right as u32;
        d = left as u32;
        k0 = k0.wrapping_add(KEY_STEPS[0]);
        k1 = k1.wrapping_add(KEY_STEPS[1]);
    }
    [a, b, c, d]
}

/// A family of draws: one seed, one stream. Two streams of a seed are independent of each other, so one can
/// sample inputs while another perturbs the model.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Draws {
    /// What the user gives to repeat a study.
    pub seed: u64,
    /// What the draws are for, numbered by the caller.
    pub stream: u32,
}

impl Draws {
    /// The draws of a seed and a stream.
    pub fn new(seed: u64, stream: u32) -> Self {
        Self { seed, stream }
    }

    /// 64 random bits.
    pub fn bits(self, run: u64, dimension: u32) -> u64 {
        let counter = [run as u32, (run >> 32) as u32, dimension, self.stream];
        let [low, high, ..] = philox4x32_10(counter, [self.seed as u32, (self.seed >> 32) as u32]);
        u64::from(high) << 32 | u64::from(low)
    }

    /// A number in (0, 1), never 0 and never 1, so that every inverse CDF is finite there.
    pub fn uniform(self, run: u64, dimension: u32) -> f64 {
        unit_interval(self.bits(run, dimension))
    }
}

/// The middle of one of 2^52 cells of (0, 1). With 53 bits the last cell's middle would round to 1.
pub(crate) fn unit_interval(bits: u64) -> f64 {
    const CELL: f64 = 1.0 / (1u64 << 52) as f64;
    ((bits >> 12) as f64 + 0.5) * CELL
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Random123, `tests/kat_vectors`, the lines `philox4x32 10`.
    #[test]
    fn philox_gives_the_known_answers_of_random123() {
        assert_eq!(philox4x32_10([0; 4], [0; 2]), [0x6627_e8d5, 0xe169_c58d, 0xbc57_ac4c, 0x9b00_dbd8]);
        assert_eq!(philox4x32_10([u32::MAX; 4], [u32::MAX; 2]), [0x408f_276d, 0x41c8_3b0e, 0xa20b_c7c6, 0x6d54_51fd]);
        let pi = philox4x32_10([0x243f_6a88, 0x85a3_08d3, 0x1319_8a2e, 0x0370_7344], [0xa409_3822, 0x299f_31d0]);
        assert_eq!(pi, [0xd16c_fe09, 0x94fd_cceb, 0x5001_e420, 0x2412_6ea1]);
    }

    #[test]
    fn the_unit_interval_is_open_at_both_ends() {
        assert!(unit_interval(0) > 0.0);
        assert!(unit_interval(u64::MAX) < 1.0);
    }

    #[test]
    fn each_coordinate_changes_the_draw() {
        let base = Draws::new(1, 2).bits(3, 4);
        let others = [
            Draws::new(1 << 40, 2).bits(3, 4),
            Draws::new(1, 3).bits(3, 4),
            Draws::new(1, 2).bits(3 + (1 << 32), 4),
            Draws::new(1, 2).bits(3, 5),
        ];
        assert!(others.iter().all(|other| *other != base));
    }

    #[test]
    fn draws_are_uniform_in_mean_and_variance() {
        let draws = Draws::new(7, 0);
        let n = 100_000;
        let values: Vec<f64> = (0..n).map(|run| draws.uniform(run, 11)).collect();
        let mean = values.iter().sum::<f64>() / n as f64;
        let variance = values.iter().map(|value| (value - 0.5).powi(2)).sum::<f64>() / n as f64;
        // Four standard errors: sqrt(1/12/n) and sqrt(1/180/n).
        assert!((mean - 0.5).abs() < 4.0 * (1.0 / 12.0 / n as f64).sqrt(), "{mean}");
        assert!((variance - 1.0 / 12.0).abs() < 4.0 * (1.0 / 180.0 / n as f64).sqrt(), "{variance}");
    }
}
