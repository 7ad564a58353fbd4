//! Parallel coordinates: one upright axis a quantity, one line a thing through its values.

use maud::{Markup, html};

use super::{
    LETTER, Scale, Tone, WIDTH,
    figure::{Words, empty, svg},
    labels::spread,
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
const TOP: f64 = 36.0;
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
    let (left, right) = (34.0, chart.width - 34.0_f64.max(room + 12.0));
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
            @let style = if thread.faint { "stroke-width: 0.7; opacity: 0.22" } else { "stroke-width: 1.1; opacity: 0.75" };
            path class=(format!("line {}", thread.tone.class())) d=(path(&points)) style=(style) {}
        }
        (names(chart, &|value| y(chart.axes.len() - 1, value), right, room))
        @for (axis, known) in chart.axes.iter().enumerate() {
            (line("axis", (x(axis), TOP), (x(axis), BOTTOM)))
            @let raised = if axis % 2 == 1 { 8.0 } else { 20.0 };
            (text(x(axis), raised, Anchor::Middle, "note", &fit(&known.name, 2.0 * step.min(90.0) - 6.0, 10.0)))
            @if let Some((low, high)) = ends[axis] {
                (text(x(axis), BOTTOM + 12.0, Anchor::Middle, "tick", &(chart.written)(low, &known.unit)))
                (text(x(axis), TOP - 2.0, Anchor::Middle, "tick", &(chart.written)(high, &known.unit)))
            }
        }
    };
    svg(&chart.words, (chart.width, HEIGHT), &body)
}

/// Names at the ends of the threads, moved apart where they would cover one another.
fn names(chart: &Parallel, y: &dyn Fn(f64) -> Option<f64>, right: f64, room: f64) -> Markup {
    let ends: Vec<(&Thread, f64)> = chart
        .threads
        .iter()
        .filter(|thread| !thread.label.is_empty())
        .filter_map(|thread| Some((thread, y(*thread.values.last()?)?)))
        .collect();
    let wanted: Vec<f64> = ends.iter().map(|(_, y)| *y).collect();
    let placed = spread(&wanted, LETTER + 1.5, TOP, BOTTOM);
    html! {
        @for ((thread, y), to) in ends.iter().zip(placed) {
            path class=(format!("leader {}", thread.tone.class())) d=(path(&[Some((right + 1.5, *y)), Some((right + 7.0, to))])) {}
            (text(right + 9.0, to + 3.8, Anchor::Start, &format!("label {}", thread.tone.class()), &fit(&thread.label, room, LETTER)))
        }
    }
}
