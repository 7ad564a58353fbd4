//! Summaries of samples: quantiles, proportions with their uncertainty, rank correlation.
//!
//! "No data" is `None`. A value that is not finite is the caller's to deal with before: it makes the answer
//! `None` too, since it has no place in an order.

/// The quantile at `share` (0 to 1) of a sample: linear between order statistics (Hyndman and Fan's type 7, the
/// default of R and NumPy). `None` for an empty sample or one with a value that is not finite.
///
/// # Examples
/// ```
/// assert_eq!(explore::statistics::quantile(&[4.0, 1.0, 3.0, 2.0], 0.25), Some(1.75));
/// assert_eq!(explore::statistics::quantile(&[], 0.5), None);
/// ```
pub fn quantile(sample: &[f64], share: f64) -> Option<f64> {
    quantile_in_place(&mut sample.to_vec(), share)
}

/// As [`quantile`], without a copy and in linear time; the sample is left in another order.
pub fn quantile_in_place(sample: &mut [f64], share: f64) -> Option<f64> {
    if sample.is_empty() || sample.iter().any(|value| !value.is_finite()) || !(0.0..=1.0).contains(&share) {
        return None;
    }
    let place = share * (sample.len() - 1) as f64;
    let (_, low, above) = sample.select_nth_unstable_by(place.floor() as usize, f64::total_cmp);
    let high = above.iter().copied().min_by(f64::total_cmp).unwrap_or(*low);
    Some(*low + place.fract() * (high - *low))
}

/// The median of a sample.
pub fn median(sample: &[f64]) -> Option<f64> {
    quantile(sample, 0.5)
}

/// The arithmetic mean, summed in the order given.
pub fn mean(sample: &[f64]) -> Option<f64> {
    let mean = sample.iter().sum::<f64>() / sample.len() as f64;
    mean.is_finite().then_some(mean)
}

/// A sample in rising order, for several quantiles of it.
#[derive(Clone, Debug, PartialEq)]
pub struct Sorted(Vec<f64>);

impl Sorted {
    /// Sorts a sample; `None` if it is empty or a value is not finite.
    pub fn new(mut sample: Vec<f64>) -> Option<Self> {
        if sample.is_empty() || sample.iter().any(|value| !value.is_finite()) {
            return None;
        }
        sample.sort_by(f64::total_cmp);
        Some(Self(sample))
    }

    /// The quantile at `share`, as [`quantile`]; `None` for a share outside 0 to 1.
    pub fn quantile(&self, share: f64) -> Option<f64> {
        if !(0.0..=1.0).contains(&share) {
            return None;
        }
        let place = share * (self.0.len() - 1) as f64;
        let below = place.floor() as usize;
        let above = (below + 1).min(self.0.len() - 1);
        let (low, high) = (self.0[below], self.0[above]);
        Some(low + (place - below as f64) * (high - low))
    }

    /// The values, rising.
    pub fn values(&self) -> &[f64] {
        &self.0
    }
}

/// A 95 % interval of a proportion, by Wilson's score method (1927): good for few trials and near 0 and 1.
/// `None` without trials.
///
/// # Examples
/// ```
/// let (low, high) = explore::statistics::wilson_95(8, 10).unwrap();
/// assert!((low - 0.490).abs() < 5e-4 && (high - 0.943).abs() < 5e-4);
/// ```
pub fn wilson_95(successes: u64, trials: u64) -> Option<(f64, f64)> {
    const Z: f64 = 1.959_963_984_540_054;
    if trials == 0 || successes > trials {
        return None;
    }
    let n = trials as f64;
    let share = successes as f64 / n;
    let middle = share + Z * Z / (2.0 * n);
    let half = Z * (share * (1.0 - share) / n + Z * Z / (4.0 * n * n)).sqrt();
    let scale = 1.0 + Z * Z / n;
    // The formula gives exactly 0 and 1 at the ends; rounding does not.
    let low = if successes == 0 { 0.0 } else { (middle - half) / scale };
    let high = if successes == trials { 1.0 } else { (middle + half) / scale };
    Some((low, high))
}

/// Places of the values in rising order, ties by place.
pub(crate) fn ascending(values: &[f64]) -> Vec<u32> {
    let mut order: Vec<u32> = (0..values.len() as u32).collect();
    // The place makes the order unique, so an unstable sort will do.
    order.sort_unstable_by(|a, b| values[*a as usize].total_cmp(&values[*b as usize]).then(a.cmp(b)));
    order
}

/// The rank of each value from 1, ties sharing the mean of their ranks.
pub fn ranks(sample: &[f64]) -> Vec<f64> {
    let order = ascending(sample);
    let mut ranks = vec![0.0; sample.len()];
    let mut before = 0;
    for tied in order.chunk_by(|a, b| sample[*a as usize] == sample[*b as usize]) {
        let rank = before as f64 + (tied.len() + 1) as f64 / 2.0;
        for index in tied {
            ranks[*index as usize] = rank;
        }
        before += tied.len();
    }
    ranks
}

/// Spearman's rank correlation, ties by mean ranks. `None` for samples of different or too small size, with a
/// value that is not finite, or without any variation.
///
/// # Examples
/// ```
/// assert_eq!(explore::statistics::spearman(&[1.0, 2.0, 3.0], &[10.0, 100.0, 1000.0]), Some(1.0));
/// assert_eq!(explore::statistics::spearman(&[1.0, 1.0, 1.0], &[1.0, 2.0, 3.0]), None);
/// ```
pub fn spearman(first: &[f64], second: &[f64]) -> Option<f64> {
    let finite = |sample: &[f64]| sample.iter().all(|value| value.is_finite());
    if first.len() != second.len() || first.len() < 2 || !finite(first) || !finite(second) {
        return None;
    }
    pearson(&ranks(first), &ranks(second))
}

/// Pearson's correlation; `None` without variation.
fn pearson(first: &[f64], second: &[f64]) -> Option<f64> {
    let (mean_first, mean_second) = (mean(first)?, mean(second)?);
    let (mut covariance, mut variance_first, mut variance_second) = (0.0, 0.0, 0.0);
    for (a, b) in first.iter().zip(second) {
        let (a, b) = (a - mean_first, b - mean_second);
        covariance += a * b;
        variance_first += a * a;
        variance_second += b * b;
    }
    let correlation = covariance / (variance_first * variance_second).sqrt();
    correlation.is_finite().then(|| correlation.clamp(-1.0, 1.0))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// R: quantile(c(15, 20, 35, 40, 50), c(0.05, 0.3, 0.4, 0.95), type = 7).
    #[test]
    fn quantiles_are_those_of_r() {
        let sample = Sorted::new(vec![15.0, 20.0, 35.0, 40.0, 50.0]).unwrap();
        let got = [0.05, 0.3, 0.4, 0.95, 0.0, 1.0].map(|share| sample.quantile(share).unwrap());
        for (got, wanted) in got.into_iter().zip([16.0, 23.0, 29.0, 48.0, 15.0, 50.0]) {
            assert!((got - wanted).abs() < 1e-12, "{got} is not {wanted}");
        }
    }

    #[test]
    fn no_data_is_none() {
        assert_eq!(median(&[1.0, f64::NAN]), None);
        assert_eq!(quantile(&[1.0], 1.5), None);
        assert_eq!(mean(&[]), None);
        assert_eq!(wilson_95(0, 0), None);
        assert_eq!(wilson_95(2, 1), None);
        assert_eq!(spearman(&[1.0], &[1.0]), None);
    }

    /// Newcombe, Statistics in Medicine 17 (1998), table I: 81/263, 15/148, 0/20, 1/29.
    #[test]
    fn wilson_intervals_are_those_of_newcombe() {
        for (successes, trials, low, high) in
            [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0, 0.1611), (1, 29, 0.0061, 0.1718)]
        {
            let (got_low, got_high) = wilson_95(successes, trials).unwrap();
            assert!(
                (got_low - low).abs() < 5e-5 && (got_high - high).abs() < 5e-5,
                "{successes}/{trials}: {got_low} {got_high}"
            );
        }
    }

    #[test]
    fn ties_share_their_mean_rank() {
        assert_eq!(ranks(&[10.0, 20.0, 10.0, 5.0]), [2.5, 4.0, 2.5, 1.0]);
    }

    /// Hand-worked: ranks (1, 2, 3, 4, 5) and (2, 1, 4, 3, 5): sum of d^2 = 4, rho = 1 - 6 x 4 / (5 x 24) = 0.8.
    #[test]
    fn spearman_of_a_hand_worked_sample() {
        let rho = spearman(&[1.0, 2.0, 3.0, 4.0, 5.0], &[20.0, 10.0, 40.0, 30.0, 50.0]).unwrap();
        assert!((rho - 0.8).abs() < 1e-12);
    }

    proptest! {
        #[test]
        fn a_quantile_lies_within_the_sample_and_rises_with_its_share(
            sample in prop::collection::vec(-1e9..1e9f64, 1..50), a in 0.0..=1.0f64, b in 0.0..=1.0f64,
        ) {
            let sorted = Sorted::new(sample).unwrap();
            let (low, high) = (sorted.quantile(a.min(b)).unwrap(), sorted.quantile(a.max(b)).unwrap());
            prop_assert!(low <= high);
            prop_assert_eq!(quantile(sorted.values(), a.min(b)), Some(low));
            prop_assert!(sorted.values()[0] <= low && high <= *sorted.values().last().unwrap());
        }

        #[test]
        fn a_wilson_interval_holds_the_share(trials in 1u64..1000, part in 0.0..=1.0f64) {
            let successes = (part * trials as f64) as u64;
            let (low, high) = wilson_95(successes, trials).unwrap();
            let share = successes as f64 / trials as f64;
            prop_assert!(0.0 <= low && low <= share && share <= high && high <= 1.0);
        }
    }
}
