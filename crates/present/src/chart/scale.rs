//! From values to places: linear and logarithmic scales with round ticks.

/// How values are spread over a scale.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// Equal differences are equal distances.
    Linear,
    /// Equal ratios are equal distances; only values above zero have a place.
    Log,
}

/// A mapping of an interval of values onto an interval of places.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Scale {
    shape: Shape,
    low: f64,
    high: f64,
    from: f64,
    to: f64,
}

impl Scale {
    /// A scale that covers all `values` that can have a place, widened to round numbers.
    ///
    /// None where no value can be placed: none is finite, or none is above zero on a logarithmic scale. A single
    /// value gets room on both sides.
    pub fn covering(shape: Shape, values: impl IntoIterator<Item = f64>, from: f64, to: f64) -> Option<Self> {
        let (mut low, mut high) = (f64::INFINITY, f64::NEG_INFINITY);
        for value in values {
            if value.is_finite() && (shape == Shape::Linear || value > 0.0) {
                low = low.min(value);
                high = high.max(value);
            }
        }
        if low > high {
            return None;
        }
        let (low, high) = match shape {
            Shape::Linear => widen_linear(low, high),
            Shape::Log => widen_log(low, high),
        };
        let span_is_finite = (high - low).is_finite() && low < high;
        span_is_finite.then_some(Self { shape, low, high, from, to })
    }

    /// A linear scale over exactly `low..high`. None unless both are finite and `low < high`.
    pub fn exact(low: f64, high: f64, from: f64, to: f64) -> Option<Self> {
        (low.is_finite() && high.is_finite() && low < high).then_some(Self {
            shape: Shape::Linear,
            low,
            high,
            from,
            to,
        })
    }

    /// The place of a value; values beyond the ends are put at the ends. None for what has no place.
    pub fn at(&self, value: f64) -> Option<f64> {
        if !value.is_finite() {
            return None;
        }
        let share = match self.shape {
            Shape::Linear => (value - self.low) / (self.high - self.low),
            Shape::Log if value > 0.0 => (value / self.low).ln() / (self.high / self.low).ln(),
            Shape::Log => return None,
        };
        let place = self.from + share.clamp(0.0, 1.0) * (self.to - self.from);
        place.is_finite().then_some(place)
    }

    /// The lowest value.
    pub fn low(&self) -> f64 {
        self.low
    }

    /// The highest value.
    pub fn high(&self) -> f64 {
        self.high
    }

    /// Whether zero lies inside, so that a line may mark it.
    pub fn crosses(&self, value: f64) -> bool {
        self.low < value && value < self.high
    }

    /// Round values inside, at most `most` of them.
    pub fn ticks(&self, most: usize) -> Vec<f64> {
        match self.shape {
            Shape::Linear => linear_ticks(self.low, self.high, most),
            Shape::Log => log_ticks(self.low, self.high, most),
        }
    }
}

/// The round step (1, 2, 2.5 or 5 times a power of ten) that divides `span` into at most `most` parts.
fn round_step(span: f64, most: usize) -> f64 {
    let raw = span / most.max(1) as f64;
    let power = 10f64.powf(raw.log10().floor());
    let factor = [1.0, 2.0, 2.5, 5.0, 10.0].into_iter().find(|factor| factor * power >= raw * (1.0 - 1e-9));
    factor.unwrap_or(10.0) * power
}

fn widen_linear(low: f64, high: f64) -> (f64, f64) {
    let (low, high) = if low < high {
        (low, high)
    } else {
        let room = if low == 0.0 { 1.0 } else { low.abs() * 0.1 };
        (low - room, high + room)
    };
    // An axis that nearly reaches zero starts there: a short bar of an axis without its foot misleads.
    let low = if low > 0.0 && low < 0.4 * high { 0.0 } else { low };
    let high = if high < 0.0 && high > 0.4 * low { 0.0 } else { high };
    let step = round_step(high - low, 5);
    ((low / step).floor() * step, (high / step).ceil() * step)
}

fn widen_log(low: f64, high: f64) -> (f64, f64) {
    if high / low > 30.0 {
        return (10f64.powf(low.log10().floor()), 10f64.powf(high.log10().ceil()));
    }
    let rungs = [1.0, 2.0, 5.0, 10.0];
    let below = |value: f64| {
        let power = 10f64.powf(value.log10().floor());
        rungs.iter().rev().map(|rung| rung * power).find(|rung| *rung <= value * (1.0 + 1e-9)).unwrap_or(power)
    };
    let above = |value: f64| {
        let power = 10f64.powf(value.log10().floor());
        rungs.iter().map(|rung| rung * power).find(|rung| *rung >= value * (1.0 - 1e-9)).unwrap_or(10.0 * power)
    };
    let (below, above) = (below(low), above(high));
    if below < above { (below, above) } else { (below / 2.0, above * 2.0) }
}

fn linear_ticks(low: f64, high: f64, most: usize) -> Vec<f64> {
    let step = round_step(high - low, most.saturating_sub(1).max(1));
    let first = (low / step - 1e-9).ceil() as i64;
    let last = (high / step + 1e-9).floor() as i64;
    (first..=last).map(|index| index as f64 * step).collect()
}

fn log_ticks(low: f64, high: f64, most: usize) -> Vec<f64> {
    let first = low.log10().floor() as i32;
    let last = high.log10().ceil() as i32;
    let inside = |value: &f64| *value >= low * (1.0 - 1e-9) && *value <= high * (1.0 + 1e-9);
    let decades: Vec<f64> = (first..=last).map(|power| 10f64.powi(power)).filter(inside).collect();
    if decades.len() <= 2 {
        for rungs in [[1.0, 2.0, 5.0].as_slice(), &[1.0, 3.0]] {
            let within = |power: i32| rungs.iter().map(move |rung| rung * 10f64.powi(power));
            let dense: Vec<f64> = (first..=last).flat_map(within).filter(inside).collect();
            if dense.len() <= most {
                return dense;
            }
        }
    }
    let every = decades.len().div_ceil(most.max(1)).max(1);
    decades.into_iter().step_by(every).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_linear_scale_ends_at_round_values_and_ticks_are_round() {
        let scale = Scale::covering(Shape::Linear, [3.0, 97.0], 0.0, 100.0).unwrap();
        assert_eq!((scale.low(), scale.high()), (0.0, 100.0));
        assert_eq!(scale.ticks(6), [0.0, 20.0, 40.0, 60.0, 80.0, 100.0]);
        assert_eq!(scale.at(50.0), Some(50.0));
    }

    #[test]
    fn a_log_scale_spaces_ratios_equally_and_has_no_place_for_zero() {
        let scale = Scale::covering(Shape::Log, [0.0, 2.0, 5000.0, f64::NAN], 0.0, 300.0).unwrap();
        assert_eq!((scale.low(), scale.high()), (1.0, 10_000.0));
        assert!((scale.at(100.0).unwrap() - 150.0).abs() < 1e-9);
        assert_eq!(scale.at(0.0), None);
        assert_eq!(scale.ticks(3), [1.0, 100.0, 10_000.0]);
    }

    #[test]
    fn a_narrow_log_scale_has_ticks_within_the_decade() {
        let scale = Scale::covering(Shape::Log, [1.2, 7.0], 0.0, 300.0).unwrap();
        assert_eq!(scale.ticks(6), [1.0, 2.0, 5.0, 10.0]);
    }

    #[test]
    fn what_is_not_finite_makes_no_scale() {
        assert_eq!(Scale::covering(Shape::Linear, [f64::NAN, f64::INFINITY], 0.0, 1.0), None);
        assert_eq!(Scale::covering(Shape::Log, [-1.0, 0.0], 0.0, 1.0), None);
        assert_eq!(Scale::covering(Shape::Linear, [-f64::MAX, f64::MAX], 0.0, 1.0), None);
    }

    #[test]
    fn a_single_value_gets_room() {
        for value in [0.0, 5.0, -0.02, 1e30] {
            let scale = Scale::covering(Shape::Linear, [value], 0.0, 1.0).unwrap();
            assert!(scale.low() <= value && value <= scale.high() && scale.low() < scale.high(), "{value}");
            assert!(scale.ticks(5).len() >= 2, "{value}");
        }
    }
}
