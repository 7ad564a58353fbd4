//! Axes: hairlines and few, short numbers.

use maud::{Markup, html};
use units::Quarter;

use super::{
    Scale,
    svg::{Anchor, line, text, text_width},
};

/// Height of the letters on an axis [user units].
pub const TICK_LETTER: f64 = 10.0;

/// Horizontal hairlines from `left` to `right` with their values at the left.
pub fn rungs(scale: &Scale, most: usize, (left, right): (f64, f64), written: &dyn Fn(f64) -> String) -> Markup {
    html! {
        @for tick in scale.ticks(most) {
            @if let Some(y) = scale.at(tick) {
                (line("grid", (left, y), (right, y)))
                (text(left - 5.0, y + 3.5, Anchor::End, "tick", &written(tick)))
            }
        }
    }
}

/// Vertical hairlines from `top` to `bottom` with their values below; a value that would touch the last is left out.
pub fn columns(scale: &Scale, most: usize, (top, bottom): (f64, f64), written: &dyn Fn(f64) -> String) -> Markup {
    let mut free_from = f64::NEG_INFINITY;
    html! {
        @for tick in scale.ticks(most) {
            @if let Some(x) = scale.at(tick) {
                (line("grid", (x, top), (x, bottom)))
                @let label = written(tick);
                @let half = text_width(&label, TICK_LETTER) / 2.0;
                @if x - half > free_from {
                    @let () = free_from = x + half + 4.0;
                    (text(x, bottom + 13.0, Anchor::Middle, "tick", &label))
                }
            }
        }
    }
}

/// A scale of quarters: places of their middles, from the first quarter to the last.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Time {
    first: Quarter,
    count: i32,
    from: f64,
    to: f64,
}

impl Time {
    /// From `first` to `last`, mapped onto `from..to`. None unless `first < last`.
    pub fn new(first: Quarter, last: Quarter, from: f64, to: f64) -> Option<Self> {
        let count = last.since(first);
        (count > 0).then_some(Self { first, count, from, to })
    }

    /// The place of a quarter; None outside.
    pub fn at(&self, quarter: Quarter) -> Option<f64> {
        let index = quarter.since(self.first);
        (0..=self.count)
            .contains(&index)
            .then(|| self.from + f64::from(index) / f64::from(self.count) * (self.to - self.from))
    }

    /// First quarters of years, at most `most`, evenly spaced: every 1, 2, 5 or 10 years.
    pub fn years(&self, most: usize) -> Vec<Quarter> {
        let last = self.first + self.count;
        for every in [1, 2, 5, 10, 20, 50] {
            let years: Vec<Quarter> = (self.first.year()..=last.year())
                .filter(|year| year % every == 0)
                .map(|year| Quarter::new(year, 1))
                .filter(|quarter| self.at(*quarter).is_some())
                .collect();
            if years.len() <= most {
                return years;
            }
        }
        Vec::new()
    }

    /// The axis: ticks and years below `bottom`.
    pub fn markup(&self, most: usize, bottom: f64) -> Markup {
        html! {
            (line("axis", (self.from, bottom), (self.to, bottom)))
            @for quarter in self.years(most) {
                @if let Some(x) = self.at(quarter) {
                    (line("axis", (x, bottom), (x, bottom + 3.0)))
                    (text(x, bottom + 13.0, Anchor::Middle, "tick", &quarter.year().to_string()))
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn years_are_round_and_few() {
        let time = Time::new(Quarter::new(2022, 1), Quarter::new(2035, 4), 0.0, 220.0).unwrap();
        let years: Vec<i32> = time.years(4).into_iter().map(Quarter::year).collect();
        assert_eq!(years, [2025, 2030, 2035]);
        assert_eq!(time.at(Quarter::new(2035, 4)), Some(220.0));
        assert_eq!(time.at(Quarter::new(2036, 1)), None);
        assert!(Time::new(Quarter::new(2022, 1), Quarter::new(2022, 1), 0.0, 1.0).is_none());
    }
}
