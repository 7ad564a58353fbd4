//! Parallel coordinates: one upright axis a quantity, one line a thing through its values.

use maud::{Markup, html};

use super::{
    LETTER, Scale, Tone, WIDTH,
    figure::{Words, empty, svg},
    svg::{Anchor, fit, line, path, text, text_width},
};

/// One thing.
#[derive(Clone, Debug, PartialEq)]
pub struct Thread {
    /// What it stands for.
    pub tone: Tone,
    /// Its value on each axis.
    pub values: Vec<f64>,
    /// Whether it stands back.
    pub faint: bool,
    /// What is written at its end; may be empty.
    pub label: String,
}

/// An axis.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Axis {
    /// What it is.
    pub name: String,
    /// The unit of its values.
    pub unit: String,
}

/// A chart of parallel coordinates.
#[derive(Clone)]
pub struct Parallel<'a> {
    /// Its words.
    pub words: Words,
    /// The axes.
    pub axes: Vec<Axis>,
    /// The things, those in front last.
    pub threads: Vec<Thread>,
    /// How a value of a unit is written.
    pub written: &'a dyn Fn(f64, &str) -> String,
    /// Width of the drawing.
    pub width: f64,
}

/// The usual width.
pub const COLUMN: f64 = WIDTH;
const HEIGHT: f64 = 240.0;
const TOP: f64 = 34.0;
const BOTTOM: f64 = HEIGHT - 18.0;

/// Draws the chart. An axis without two different values is flat: all lines cross it in the middle.
pub fn draw(chart: &Parallel) -> Markup {
    let ends: Vec<Option<(f64, f64)>> = (0..chart.axes.len())
        .map(|axis| {
            let values =
                chart.threads.iter().filter_map(|thread| thread.values.get(axis)).filter(|value| value.is_finite());
            values.fold(None, |ends: Option<(f64, f64)>, value| {
                Some(ends.map_or((*value, *value), |(low, high)| (low.min(*value), high.max(*value))))
            })
        })
        .collect();
    if chart.axes.len() < 2 || ends.iter().all(Option::is_none) {
        return empty(&chart.words, (chart.width, 60.0));
    }
    let room =
        chart.threads.iter().map(|thread| text_width(&thread.label, LETTER)).fold(0.0, f64::max).min(chart.width * 0.3);
    let (left, right) = (34.0, chart.width - 34.0_f64.max(room + 8.0));
    let x = |axis: usize| left + (right - left) * axis as f64 / (chart.axes.len() - 1) as f64;
    let y = |axis: usize, value: f64| {
        let (low, high) = ends[axis]?;
        match Scale::exact(low, high, BOTTOM, TOP) {
            Some(scale) => scale.at(value),
            None => value.is_finite().then_some(f64::midpoint(TOP, BOTTOM)),
        }
    };
    let step = if chart.axes.len() > 1 { (right - left) / (chart.axes.len() - 1) as f64 } else { chart.width };
    let body = html! {
        @for thread in &chart.threads {
            @let points: Vec<_> = thread.values.iter().enumerate().map(|(axis, value)| y(axis, *value).map(|y| (x(axis), y))).collect();
            path class=(format!("line {}", thread.tone.class())) d=(path(&points))
                opacity=(if thread.faint { "0.18" } else { "0.75" }) stroke-width=(if thread.faint { "0.8" } else { "1.1" }) {}
            @if let Some(Some((x, y))) = points.last() {
                @if !thread.label.is_empty() { (text(x + 6.0, y + 3.5, Anchor::Start, &format!("label {}", thread.tone.class()), &fit(&thread.label, room, LETTER))) }
            }
        }
        @for (axis, known) in chart.axes.iter().enumerate() {
            (line("axis", (x(axis), TOP), (x(axis), BOTTOM)))
            @let raised = if axis % 2 == 1 { 10.0 } else { 24.0 };
            (text(x(axis), raised, Anchor::Middle, "note", &fit(&known.name, 2.0 * step.min(90.0) - 6.0, 10.0)))
            @if let Some((low, high)) = ends[axis] {
                (text(x(axis), BOTTOM + 12.0, Anchor::Middle, "tick", &(chart.written)(low, &known.unit)))
                (text(x(axis) + 3.0, TOP + 3.0, Anchor::Start, "tick", &(chart.written)(high, &known.unit)))
            }
        }
    };
    svg(&chart.words, (chart.width, HEIGHT), &body)
}
