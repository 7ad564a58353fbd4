//! A permutation of `0..n` that is computed, not stored.

use crate::random::Draws;

/// Feistel rounds. The hash below is weak on its own: the number was set by the test of pairs, with a margin.
const ROUNDS: usize = 8;

/// A keyed permutation of `0..n`: a Feistel network over the bits that n needs, walked until it lands inside
/// `0..n` (Black and Rogaway 2002). Fewer than two steps on average, since the network is smaller than 2n.
#[derive(Clone, Debug)]
pub(super) struct Permutation {
    length: u64,
    left_bits: u32,
    right_bits: u32,
    keys: [u64; ROUNDS],
}

impl Permutation {
    /// The permutation of a dimension.
    pub(super) fn new(length: u64, draws: Draws, dimension: u32) -> Self {
        let bits = (u64::BITS - length.saturating_sub(1).leading_zeros()).max(2);
        // Draws of runs count up from 0; the keys take the top of that range, which no design reaches.
        let keys = std::array::from_fn(|round| draws.bits(u64::MAX - round as u64, dimension));
        Self { length, left_bits: bits / 2, right_bits: bits - bits / 2, keys }
    }

    /// Where `index` goes.
    pub(super) fn image(&self, index: u64) -> u64 {
        let mut image = index;
        loop {
            image = self.network(image);
            if image < self.length {
                return image;
            }
        }
    }

    /// One pass of the network, a bijection on `0..2^(left + right)`. The halves change place (and width)
    /// after each round; an even number of rounds restores them.
    fn network(&self, value: u64) -> u64 {
        let (mut left_bits, mut right_bits) = (self.left_bits, self.right_bits);
        let (mut left, mut right) = (value >> right_bits, value & mask(right_bits));
        for key in self.keys {
            left ^= mix(right, key) & mask(left_bits);
            std::mem::swap(&mut left, &mut right);
            std::mem::swap(&mut left_bits, &mut right_bits);
        }
        left << right_bits | right
    }
}

fn mask(bits: u32) -> u64 {
    (1u64 << bits) - 1
}

/// The finaliser of SplitMix64 (Steele, Lea and Flood 2014), high bits first: they are the best mixed.
fn mix(value: u64, key: u64) -> u64 {
    let mut z = value.wrapping_mul(0x9E37_79B9_7F4A_7C15).wrapping_add(key);
    z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    (z ^ (z >> 31)) >> 20
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_a_permutation_of_any_length() {
        for length in (1..70).chain([127, 128, 129, 1000, 4097]) {
            let permutation = Permutation::new(length, Draws::new(9, 0), 3);
            let mut images: Vec<u64> = (0..length).map(|index| permutation.image(index)).collect();
            images.sort_unstable();
            assert!(images.into_iter().eq(0..length), "{length}");
        }
    }

    #[test]
    fn every_order_of_four_comes_up_alike() {
        const N: usize = 24_000;
        let mut counts = std::collections::BTreeMap::new();
        for seed in 0..N as u64 {
            let permutation = Permutation::new(4, Draws::new(seed, 0), 0);
            *counts.entry([0, 1, 2, 3].map(|index| permutation.image(index))).or_insert(0u32) += 1;
        }
        assert_eq!(counts.len(), 24);
        let expected = N as f64 / 24.0;
        let chi_square: f64 = counts.values().map(|count| (f64::from(*count) - expected).powi(2) / expected).sum();
        // 23 degrees of freedom: 99.9 % of the time below 49.7.
        assert!(chi_square < 49.7, "{chi_square}");
    }

    #[test]
    fn every_pair_of_images_comes_up_alike() {
        const LENGTH: u64 = 11;
        const N: u64 = 55_000;
        let mut counts = [0u32; (LENGTH * LENGTH) as usize];
        for seed in 0..N {
            let permutation = Permutation::new(LENGTH, Draws::new(seed, 0), 0);
            counts[(permutation.image(2) * LENGTH + permutation.image(3)) as usize] += 1;
        }
        let expected = N as f64 / (LENGTH * (LENGTH - 1)) as f64;
        let chi_square: f64 = (0..LENGTH * LENGTH)
            .filter(|cell| cell / LENGTH != cell % LENGTH)
            .map(|cell| (f64::from(counts[cell as usize]) - expected).powi(2) / expected)
            .sum();
        // 109 degrees of freedom: 99.9 % of the time below 160.
        assert!(chi_square < 160.0, "{chi_square}");
    }
}
