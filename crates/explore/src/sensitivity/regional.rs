//! Regional sensitivity: which inputs separate the runs of interest from the others.
//!
//! For each input the Kolmogorov-Smirnov distance between its distribution in the runs of interest and in the others
//! (Hornberger and Spear, J. Environ. Manage. 12, 1981), and how probable such a distance would be if there were no
//! difference: Kolmogorov's limit with Stephens's correction for small samples (J. R. Stat. Soc. B 32, 1970), as in
//! Numerical Recipes 14.3. The runs are taken to be independent.

use serde::{Deserialize, Serialize};

use crate::statistics::ascending;

/// How one input separates the runs of interest from the others.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Separation {
    /// Kolmogorov-Smirnov distance, 0 to 1.
    pub distance: f64,
    /// The value of the input at which the two distributions are farthest apart.
    pub at: f64,
    /// Whether the runs of interest have more of the values above it.
    pub above: bool,
    /// Probability of such a distance without any difference.
    pub p_value: f64,
}

/// How each input separates the runs of interest. `None` unless there are runs of both kinds; an input without
/// variation has distance 0.
///
/// # Panics
/// If the columns have different lengths, or a value is not a number.
///
/// # Examples
/// ```
/// use explore::sensitivity::regional;
///
/// let input: Vec<f64> = (0..10).map(f64::from).collect();
/// let interest: Vec<bool> = input.iter().map(|value| *value >= 7.0).collect();
/// let separation = regional::analyse(&[input], &interest).unwrap()[0];
/// assert_eq!((separation.distance, separation.at, separation.above), (1.0, 6.0, true));
/// ```
pub fn analyse(inputs: &[Vec<f64>], of_interest: &[bool]) -> Option<Vec<Separation>> {
    assert!(inputs.iter().all(|input| input.len() == of_interest.len()), "the columns have different lengths");
    assert!(inputs.iter().flatten().all(|value| !value.is_nan()), "an input is not a number");
    let inside = of_interest.iter().filter(|interest| **interest).count();
    let outside = of_interest.len() - inside;
    (inside > 0 && outside > 0)
        .then(|| inputs.iter().map(|input| separation(input, of_interest, inside as f64, outside as f64)).collect())
}

fn separation(input: &[f64], of_interest: &[bool], inside: f64, outside: f64) -> Separation {
    let (mut below_inside, mut below_outside) = (0.0, 0.0);
    let (mut gap, mut at) = (0.0f64, f64::NAN);
    for equal in ascending(input).chunk_by(|a, b| input[*a as usize] == input[*b as usize]) {
        for run in equal {
            *(if of_interest[*run as usize] { &mut below_inside } else { &mut below_outside }) += 1.0;
        }
        let here = below_outside / outside - below_inside / inside;
        if here.abs() > gap.abs() || at.is_nan() {
            (gap, at) = (here, input[equal[0] as usize]);
        }
    }
    let size = (inside * outside / (inside + outside)).sqrt();
    let p_value = kolmogorov_tail((size + 0.12 + 0.11 / size) * gap.abs());
    Separation { distance: gap.abs(), at, above: gap > 0.0, p_value }
}

/// The probability that Kolmogorov's statistic exceeds x: 2 sum (-1)^(k - 1) exp(-2 k^2 x^2).
fn kolmogorov_tail(x: f64) -> f64 {
    // Below, the tail is 1 to within 1e-12, and the sum converges slowly.
    if x < 0.2 {
        return 1.0;
    }
    let terms = (1..=100).map(|k| {
        let size = (-2.0 * (f64::from(k) * x).powi(2)).exp();
        if k % 2 == 1 { size } else { -size }
    });
    (2.0 * terms.sum::<f64>()).clamp(0.0, 1.0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Draws;

    /// Kolmogorov's table: 10 %, 5 %, 1 % at 1.22385, 1.35810, 1.62762.
    #[test]
    fn the_tail_is_that_of_the_tables() {
        for (x, wanted) in [(1.223_85, 0.10), (1.358_10, 0.05), (1.627_62, 0.01)] {
            assert!((kolmogorov_tail(x) - wanted).abs() < 1e-6 + 1e-5 * wanted, "{x}");
        }
        assert!((kolmogorov_tail(0.2) - 1.0).abs() < 1e-9);
    }

    /// By hand: interest 1, 2, 5 of 1..6; at 2 the shares below are 2/3 and 0, the largest gap.
    #[test]
    fn a_hand_worked_distance() {
        let input: Vec<f64> = (1..=6).map(f64::from).collect();
        let got = analyse(&[input], &[true, true, false, false, true, false]).unwrap()[0];
        assert!((got.distance - 2.0 / 3.0).abs() < 1e-12);
        assert_eq!((got.at, got.above), (2.0, false));
    }

    /// Under no difference the p-value is uniform (a little high, the distance being discrete): 5 % of 400 below 0.05.
    #[test]
    fn without_a_difference_small_p_values_are_as_rare_as_they_say() {
        let draws = Draws::new(3, 0);
        let small = (0..400u32).filter(|study| {
            let input: Vec<f64> = (0..200).map(|run| draws.uniform(run, 2 * study)).collect();
            let interest: Vec<bool> = (0..200).map(|run| draws.uniform(run, 2 * study + 1) < 0.3).collect();
            analyse(&[input], &interest).unwrap()[0].p_value < 0.05
        });
        // Binomial: mean 20, standard deviation 4.4; three of them.
        let small = small.count();
        assert!((7..=33).contains(&small), "{small} of 400");
    }

    #[test]
    fn runs_of_one_kind_separate_nothing() {
        assert_eq!(analyse(&[vec![1.0, 2.0]], &[true, true]), None);
        assert_eq!(analyse(&[vec![1.0, 1.0]], &[true, false]).unwrap()[0].distance, 0.0);
    }
}
