//! How good a forecast is: CRPS, error, coverage, skill against a naive forecast.

use serde::Serialize;

use super::Point;

/// A forecast as an equally weighted sample in rising order.
#[derive(Clone, Debug, PartialEq)]
pub struct Sample(Vec<f64>);

/// Members of a sample that is made of quantiles.
const QUANTILES: usize = 99;

impl Sample {
    /// From draws; `None` where there is none or one is not finite.
    pub fn new(mut draws: Vec<f64>) -> Option<Self> {
        draws.sort_by(f64::total_cmp);
        (!draws.is_empty() && draws.iter().all(|draw| draw.is_finite())).then_some(Self(draws))
    }

    /// From a quantile function on (0, 1).
    pub fn of_quantiles(quantile: impl Fn(f64) -> f64) -> Option<Self> {
        Self::new((0..QUANTILES).map(|index| quantile((index as f64 + 0.5) / QUANTILES as f64)).collect())
    }

    /// From values with weights, by their weighted quantiles.
    pub fn weighted(mut values: Vec<(f64, f64)>) -> Option<Self> {
        values.sort_by(|a, b| a.0.total_cmp(&b.0));
        let total: f64 = values.iter().map(|(_, weight)| weight).sum();
        if total.is_nan() || total <= 0.0 {
            return None;
        }
        let (mut index, mut below) = (0, 0.0);
        let draws = (0..QUANTILES).map(|rank| {
            let wanted = (rank as f64 + 0.5) / QUANTILES as f64 * total;
            while index + 1 < values.len() && below + values[index].1 < wanted {
                below += values[index].1;
                index += 1;
            }
            values[index].0
        });
        Self::new(draws.collect())
    }

    /// The quantile at a share (0 to 1), linear between members.
    pub fn quantile(&self, share: f64) -> f64 {
        explore::statistics::quantile(&self.0, share).unwrap_or(f64::NAN)
    }

    /// The continuous ranked probability score of Gneiting and Raftery (2007), eq. 21:
    /// `E|X - y| - E|X - X'|/2`, in the unit of the forecast.
    pub fn crps(&self, truth: f64) -> f64 {
        let n = self.0.len() as f64;
        let error: f64 = self.0.iter().map(|member| (member - truth).abs()).sum::<f64>() / n;
        // In rising order the mean absolute difference of all pairs is a sum over ranks.
        let spread: f64 =
            self.0.iter().enumerate().map(|(rank, member)| (2.0 * rank as f64 + 1.0 - n) * member).sum::<f64>();
        error - spread / (n * n)
    }

    /// Every member through a rising function.
    #[must_use]
    pub fn map(&self, rising: impl Fn(f64) -> f64) -> Self {
        Self(self.0.iter().map(|member| rising(*member)).collect())
    }

    /// 5, 50 and 95 %.
    pub fn band(&self) -> [f64; 3] {
        [0.05, 0.5, 0.95].map(|share| self.quantile(share))
    }
}

/// How good a test's forecasts are, all points together.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct Score {
    /// Mean CRPS, in the unit of `on`.
    pub crps: Option<f64>,
    /// Root mean square error of the median, likewise.
    pub rmse: Option<f64>,
    /// Share of truths inside the 90 % band [fraction].
    pub coverage90_fraction: Option<f64>,
    /// 1 - CRPS over that of the naive forecast [fraction].
    pub skill_crps_fraction: Option<f64>,
    /// The unit of CRPS and error.
    pub unit: &'static str,
}

/// Points with their samples, scored as they come.
#[derive(Clone, Debug, Default)]
pub struct Card {
    unit: &'static str,
    crps: Vec<f64>,
    naive: Vec<f64>,
    errors: Vec<f64>,
    covered: Vec<bool>,
}

impl Card {
    /// A card whose scores are in a unit.
    pub fn new(unit: &'static str) -> Self {
        Self { unit, ..Self::default() }
    }

    /// Adds a forecast beside the truth and the naive forecast, all in the card's unit.
    pub fn add(&mut self, sample: &Sample, truth: f64, naive: f64) {
        self.crps.push(sample.crps(truth));
        self.naive.push((naive - truth).abs());
        self.errors.push(sample.quantile(0.5) - truth);
        self.covered.push((sample.quantile(0.05)..=sample.quantile(0.95)).contains(&truth));
    }

    /// Adds all of another card.
    pub fn join(&mut self, other: &Self) {
        self.crps.extend(&other.crps);
        self.naive.extend(&other.naive);
        self.errors.extend(&other.errors);
        self.covered.extend(&other.covered);
    }

    /// Mean CRPS of the forecasts; that of the naive ones, whose CRPS is their absolute error.
    pub fn crps(&self) -> (f64, f64) {
        (mean(&self.crps), mean(&self.naive))
    }

    /// The score of all.
    pub fn score(&self) -> Score {
        if self.crps.is_empty() {
            return Score { unit: self.unit, ..Score::default() };
        }
        let (crps, naive) = self.crps();
        let some = |value: f64| value.is_finite().then_some(value);
        Score {
            crps: some(crps),
            rmse: some(root_mean_square(&self.errors)),
            coverage90_fraction: some(share(self.covered.iter().copied())),
            skill_crps_fraction: some(1.0 - crps / naive),
            unit: self.unit,
        }
    }
}

/// A point of a forecast, with the band of its sample.
pub fn point(sample: &Sample, naive: f64, of: Truth) -> Point {
    let [p5, p50, p95] = sample.band();
    let Truth { series, freeze, at, unit, value, range } = of;
    let (truth_lo, truth_hi) = (range.map(|range| range.0), range.map(|range| range.1));
    Point { series, freeze, at, unit, truth: value, truth_lo, truth_hi, p5, p50, p95, naive }
}

/// What happened, and what it is called.
#[derive(Clone, Debug)]
pub struct Truth {
    /// The series.
    pub series: String,
    /// The freeze of the forecast.
    pub freeze: String,
    /// When.
    pub at: String,
    /// Unit.
    pub unit: &'static str,
    /// The value.
    pub value: f64,
    /// Its range, where it is an estimate.
    pub range: Option<(f64, f64)>,
}

/// The share of cases that hold, NaN where there are none.
pub fn share(cases: impl IntoIterator<Item = bool>) -> f64 {
    let (mut held, mut all) = (0_usize, 0_usize);
    for case in cases {
        held += usize::from(case);
        all += 1;
    }
    held as f64 / all as f64
}

/// Root mean square, NaN of nothing.
pub fn root_mean_square(errors: &[f64]) -> f64 {
    (errors.iter().map(|error| error * error).sum::<f64>() / errors.len() as f64).sqrt()
}

/// Mean, NaN of nothing.
pub fn mean(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / values.len() as f64
}

/// Sample mean and standard deviation (n - 1); `None` for fewer than two.
pub fn mean_and_deviation(values: &[f64]) -> Option<(f64, f64)> {
    if values.len() < 2 {
        return None;
    }
    let mean = mean(values);
    let squares: f64 = values.iter().map(|value| (value - mean).powi(2)).sum();
    Some((mean, (squares / (values.len() - 1) as f64).sqrt()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_crps_of_one_member_is_its_absolute_error() {
        assert_eq!(Sample::new(vec![3.0]).unwrap().crps(5.0), 2.0);
    }

    #[test]
    fn two_members_around_the_truth_by_hand() {
        // E|X - y| = 1, E|X - X'| = (0 + 2 + 2 + 0)/4 = 1: 1 - 1/2.
        assert_eq!(Sample::new(vec![2.0, 0.0]).unwrap().crps(1.0), 0.5);
    }

    #[test]
    fn the_crps_of_a_standard_normal_at_its_mean_is_known() {
        use statrs::distribution::{ContinuousCDF, Normal};
        let sample = Sample::of_quantiles(|share| Normal::standard().inverse_cdf(share)).unwrap();
        // Gneiting and Raftery (2007), eq. 5: (sqrt 2 - 1)/sqrt pi = 0.23370.
        assert!((sample.crps(0.0) - 0.2337).abs() < 0.002, "{}", sample.crps(0.0));
    }

    #[test]
    fn weights_are_counts() {
        let weighted = Sample::weighted(vec![(1.0, 3.0), (0.0, 1.0)]).unwrap();
        assert_eq!((weighted.quantile(0.2), weighted.quantile(0.3)), (0.0, 1.0));
        assert!(Sample::weighted(vec![(1.0, 0.0)]).is_none());
    }

    #[test]
    fn a_forecast_that_is_as_good_as_the_naive_one_has_no_skill() {
        let mut card = Card::new("x");
        card.add(&Sample::new(vec![3.0]).unwrap(), 5.0, 7.0);
        assert_eq!(card.score().skill_crps_fraction, Some(0.0));
        assert_eq!(Card::new("x").score().crps, None);
    }
}
