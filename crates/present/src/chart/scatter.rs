//! Things with two values each, on two logarithmic axes, labelled where there is room.

use maud::{Markup, html};

use super::{
    LETTER, Scale, Shape, Tone, WIDTH,
    axis::{columns, rungs},
    figure::{Words, empty, svg},
    labels::{Box2, first_free},
    svg::{Anchor, dot, line, text, text_width},
};

/// One thing.
#[derive(Clone, Debug, PartialEq)]
pub struct Point {
    /// Its name.
    pub label: String,
    /// What it stands for.
    pub tone: Tone,
    /// Value across.
    pub x: f64,
    /// Value up.
    pub y: f64,
}

/// A scatter chart.
#[derive(Clone)]
pub struct Scatter<'a> {
    /// Its words.
    pub words: Words,
    /// The points, the most important first: the first get labels first.
    pub points: Vec<Point>,
    /// What lies across, and up.
    pub captions: (String, String),
    /// How a value is written on the axes.
    pub written: &'a dyn Fn(f64) -> String,
}

const HEIGHT: f64 = 330.0;
const FRAME: Box2 = Box2 { left: 36.0, top: 18.0, right: WIDTH - 8.0, bottom: HEIGHT - 34.0 };

/// Draws the chart.
pub fn draw(chart: &Scatter) -> Markup {
    let frame = FRAME;
    let across = Scale::covering(Shape::Log, chart.points.iter().map(|point| point.x), frame.left, frame.right);
    let up = Scale::covering(Shape::Log, chart.points.iter().map(|point| point.y), frame.bottom, frame.top);
    let (Some(across), Some(up)) = (across, up) else { return empty(&chart.words, (WIDTH, 120.0)) };
    let placed: Vec<(&Point, f64, f64)> =
        chart.points.iter().filter_map(|point| Some((point, across.at(point.x)?, up.at(point.y)?))).collect();
    let body = html! {
        (rungs(&up, 6, (frame.left, frame.right), chart.written))
        (columns(&across, 6, (frame.top, frame.bottom), chart.written))
        (diagonal(&across, &up))
        (text(frame.right, HEIGHT - 6.0, Anchor::End, "note", &chart.captions.0))
        (text(2.0, 10.0, Anchor::Start, "note", &chart.captions.1))
        @for (point, x, y) in placed.iter().rev() { (dot("dot", point.tone, (*x, *y), 3.6, &point.label)) }
        (names(&placed))
    };
    svg(&chart.words, (WIDTH, HEIGHT), &body)
}

/// The line on which both values are equal, as far as both scales reach.
fn diagonal(across: &Scale, up: &Scale) -> Markup {
    html! {
        @if let Some((from, to)) = ends(across, up) {
            (line("mark", from, to))
        }
    }
}

/// The ends of that line; None where the scales have no value in common.
fn ends(across: &Scale, up: &Scale) -> Option<((f64, f64), (f64, f64))> {
    let (low, high) = (across.low().max(up.low()), across.high().min(up.high()));
    let end = |value: f64| across.at(value).zip(up.at(value));
    if low < high { end(low).zip(end(high)) } else { None }
}

/// Names where they cover neither a dot nor another name; the others are in the table.
fn names(placed: &[(&Point, f64, f64)]) -> Markup {
    let mut taken: Vec<Box2> =
        placed.iter().map(|(_, x, y)| Box2 { left: x - 4.0, top: y - 4.0, right: x + 4.0, bottom: y + 4.0 }).collect();
    let mut out = Vec::new();
    for (point, x, y) in placed {
        let width = text_width(&point.label, LETTER) + 2.0;
        let at = |left: f64, middle: f64| Box2 {
            left,
            top: middle - LETTER / 2.0 - 1.0,
            right: left + width,
            bottom: middle + LETTER / 2.0 + 1.0,
        };
        let candidates = [
            at(x + 6.0, *y),
            at(x - 6.0 - width, *y),
            at(x - width / 2.0, y - 11.0),
            at(x - width / 2.0, y + 11.0),
            at(x + 5.0, y - 9.0),
            at(x + 5.0, y + 9.0),
            at(x - 5.0 - width, y - 9.0),
            at(x - 5.0 - width, y + 9.0),
        ];
        if let Some(index) = first_free(&candidates, &taken, &FRAME) {
            let free = candidates[index];
            taken.push(free);
            out.push((free, *point));
        }
    }
    html! {
        @for (place, point) in out {
            (text(place.left + 1.0, place.bottom - 3.0, Anchor::Start, &format!("label {}", point.tone.class()), &point.label))
        }
    }
}
