//! Who added how much: Shapley values of a quantity that depends on which of a few parts are present.

/// Most parts: 2^16 evaluations are the most that is sensible exactly.
pub const MOST: usize = 16;

/// Each part's share of the whole: the mean, over all orders in which parts could join, of what it adds when it does.
///
/// `worth[set]` is the quantity with the parts of `set` present (bit i = part i), so its length is 2 to the number of
/// parts. The values sum to `worth[all] - worth[0]`. `None` where the length is no power of two or above 2^[`MOST`].
///
/// Source: Shapley (1953), A value for n-person games.
///
/// # Examples
/// ```
/// // Two that earn 1 each alone and 4 together share the surplus evenly.
/// assert_eq!(explore::shapley::values(&[0.0, 1.0, 1.0, 4.0]).unwrap(), [2.0, 2.0]);
/// ```
pub fn values(worth: &[f64]) -> Option<Vec<f64>> {
    let parts = worth.len().checked_ilog2()? as usize;
    if parts > MOST || worth.len() != 1 << parts {
        return None;
    }
    // Weight of a set of s others before a part joins: s! (n - s - 1)! / n!, built up to stay exact enough.
    let mut weight = vec![0.0; parts];
    for (size, weight) in weight.iter_mut().enumerate() {
        let orders: f64 = (1..=size).map(|k| k as f64 / (parts - k) as f64).product();
        *weight = orders / parts as f64;
    }
    let value = |part: usize| {
        let without = (0..worth.len()).filter(|set| set >> part & 1 == 0);
        without.map(|set| weight[set.count_ones() as usize] * (worth[set | 1 << part] - worth[set])).sum()
    };
    Some((0..parts).map(value).collect())
}

#[cfg(test)]
mod tests {
    use super::values;
    use proptest::prelude::*;

    #[test]
    fn parts_that_do_not_touch_one_another_get_what_they_add() {
        let parts = [0.3, 1.0, 0.5, 0.2, 0.0, -0.1];
        let worth: Vec<f64> =
            (0..64).map(|set| (0..6).filter(|part| set >> part & 1 == 1).map(|part| parts[part]).sum()).collect();
        for (value, part) in values(&worth).unwrap().iter().zip(parts) {
            assert!((value - part).abs() < 1e-12);
        }
    }

    #[test]
    fn a_pair_of_gloves_is_worth_most_to_who_has_the_rare_hand() {
        // Shapley and Shubik's glove game: one left glove, two right ones; a pair is worth 1.
        let worth: Vec<f64> = (0..8).map(|set: u32| f64::from(u8::from(set & 1 == 1 && set > 1))).collect();
        let found = values(&worth).unwrap();
        for (value, exact) in found.iter().zip([2.0 / 3.0, 1.0 / 6.0, 1.0 / 6.0]) {
            assert!((value - exact).abs() < 1e-12, "{found:?}");
        }
    }

    #[test]
    fn what_is_no_worth_of_every_set_has_no_values() {
        assert_eq!(values(&[]), None);
        assert_eq!(values(&[1.0, 2.0, 3.0]), None);
        assert_eq!(values(&[1.0]), Some(Vec::new()));
    }

    proptest! {
        #[test]
        fn they_sum_to_the_whole(worth in prop::collection::vec(-1e3..1e3f64, 32)) {
            let sum: f64 = values(&worth).unwrap().iter().sum();
            prop_assert!((sum - (worth[31] - worth[0])).abs() < 1e-9);
        }
    }
}
