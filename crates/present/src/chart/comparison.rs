//! Predictions against measurements on two equal logarithmic axes: thousands of points, a band in which a prediction
//! is close enough, and the interval of each.
//!
//! Points and intervals of a tone are one path each, so that a page of thousands stays small.

use maud::{Markup, html};
use std::fmt::Write;

use super::{
    Scale, Shape, Tone, WIDTH,
    axis::{columns, rungs},
    figure::{Words, empty, svg},
    labels::Box2,
    svg::{Anchor, line, px, text},
};

/// One prediction.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Pair {
    /// How it was come by.
    pub tone: Tone,
    /// What was measured.
    pub measured: f64,
    /// What was predicted.
    pub predicted: f64,
    /// The ends of its interval.
    pub interval: Option<(f64, f64)>,
}

/// A chart of predictions against measurements.
#[derive(Clone)]
pub struct Comparison<'a> {
    /// Its words.
    pub words: Words,
    /// The pairs.
    pub pairs: Vec<Pair>,
    /// Share by which a prediction may be off and still be close [fraction].
    pub close: f64,
    /// What lies across, and up.
    pub captions: (String, String),
    /// How a value is written on the axes.
    pub written: &'a dyn Fn(f64) -> String,
}

const HEIGHT: f64 = 340.0;
const FRAME: Box2 = Box2 { left: 40.0, top: 18.0, right: WIDTH - 8.0, bottom: HEIGHT - 34.0 };

/// Draws the chart; both axes cover the same values.
pub fn draw(chart: &Comparison) -> Markup {
    let frame = FRAME;
    let values = chart.pairs.iter().flat_map(|pair| [pair.measured, pair.predicted]);
    let across = Scale::covering(Shape::Log, values.clone(), frame.left, frame.right);
    let up = Scale::covering(Shape::Log, values, frame.bottom, frame.top);
    let (Some(across), Some(up)) = (across, up) else { return empty(&chart.words, (WIDTH, 120.0)) };
    let mut tones: Vec<Tone> = chart.pairs.iter().map(|pair| pair.tone).collect();
    tones.sort_unstable();
    tones.dedup();
    // The largest group first, so that the smaller ones lie on top.
    tones.sort_by_key(|tone| std::cmp::Reverse(chart.pairs.iter().filter(|pair| pair.tone == *tone).count()));
    let body = html! {
        (rungs(&up, 6, (frame.left, frame.right), chart.written))
        (columns(&across, 6, (frame.top, frame.bottom), chart.written))
        path.close d=(band(&across, &up, chart.close)) {}
        @if let Some((from, to)) = across.at(across.low()).zip(up.at(up.low())).zip(across.at(across.high()).zip(up.at(up.high()))) {
            (line("mark", from, to))
        }
        @for tone in &tones { path class=(format!("bars {}", tone.class())) d=(bars(chart, *tone, &across, &up)) {} }
        @for tone in &tones { path class=(format!("points {}", tone.class())) d=(points(chart, *tone, &across, &up)) {} }
        (text(frame.right, HEIGHT - 6.0, Anchor::End, "note", &chart.captions.0))
        (text(2.0, 10.0, Anchor::Start, "note", &chart.captions.1))
    };
    svg(&chart.words, (WIDTH, HEIGHT), &body)
}

/// The area between `1 - close` and `1 + close` times the measurement.
fn band(across: &Scale, up: &Scale, close: f64) -> String {
    let (low, high) = (across.low(), across.high());
    let corner = |x: f64, factor: f64| across.at(x).zip(up.at(x * factor));
    let corners = [corner(low, 1.0 + close), corner(high / (1.0 + close), 1.0 + close), corner(high, 1.0)];
    let lower = [corner(high, 1.0 - close), corner(low / (1.0 - close), 1.0 - close), corner(low, 1.0)];
    let mut d = String::new();
    for (index, (x, y)) in corners.into_iter().chain(lower).flatten().enumerate() {
        let _ = write!(d, "{}{} {}", if index == 0 { 'M' } else { 'L' }, px(x), px(y));
    }
    d.push('Z');
    d
}

/// The intervals of a tone, upright lines.
fn bars(chart: &Comparison, tone: Tone, across: &Scale, up: &Scale) -> String {
    let mut d = String::new();
    for pair in chart.pairs.iter().filter(|pair| pair.tone == tone) {
        let ends = pair.interval.and_then(|(low, high)| up.at(low).zip(up.at(high)));
        if let Some((x, (low, high))) = across.at(pair.measured).zip(ends) {
            let _ = write!(d, "M{} {}V{}", px(x), px(low), px(high));
        }
    }
    d
}

/// The points of a tone: lines of no length whose round ends are the dots.
fn points(chart: &Comparison, tone: Tone, across: &Scale, up: &Scale) -> String {
    let mut d = String::new();
    for pair in chart.pairs.iter().filter(|pair| pair.tone == tone) {
        if let Some((x, y)) = across.at(pair.measured).zip(up.at(pair.predicted)) {
            let _ = write!(d, "M{} {}h0", px(x), px(y));
        }
    }
    d
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chart(pairs: Vec<Pair>) -> String {
        let words = Words { id: "x".into(), title: "X".into(), description: "Y".into(), no_data: "no data".into() };
        let captions = ("measured".into(), "predicted".into());
        draw(&Comparison { words, pairs, close: 0.2, captions, written: &|value| format!("{value}") }).into_string()
    }

    #[test]
    fn a_prediction_that_is_right_lies_on_the_line_of_equal_values() {
        let pair = |value| Pair { tone: Tone::Accent, measured: value, predicted: value, interval: None };
        let svg = chart(vec![pair(1.0), pair(1000.0)]);
        // The corners of the frame: left bottom and right top.
        assert!(svg.contains(&format!("M{} {}h0M{} {}h0", 40, 306, 332, 18)), "{svg}");
    }

    #[test]
    fn what_is_not_finite_is_no_point_and_nothing_is_no_chart() {
        let pair = Pair { tone: Tone::Accent, measured: f64::NAN, predicted: f64::NAN, interval: None };
        assert!(chart(vec![pair]).contains("no data") && chart(Vec::new()).contains("no data"));
    }
}
