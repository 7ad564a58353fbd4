//! Points with two values each, with a path through them where they are steps, named where there is room.

use maud::{Markup, html};

use super::{
    LETTER, Scale, Shape, Tone, WIDTH,
    axis::{columns, rungs},
    figure::{Words, empty, svg},
    labels::{Box2, first_free},
    svg::{Anchor, dot, line, path, text, text_width},
};

/// One thing.
#[derive(Clone, Debug, PartialEq)]
pub struct Point {
    /// Its name; an empty one is not written.
    pub label: String,
    /// What it stands for.
    pub tone: Tone,
    /// Value across.
    pub x: f64,
    /// Value up.
    pub y: f64,
    /// Whether it is drawn hollow.
    pub hollow: bool,
}

/// A chart of points.
#[derive(Clone)]
pub struct Plane<'a> {
    /// Its words.
    pub words: Words,
    /// The points, the most important first: the first get labels first.
    pub points: Vec<Point>,
    /// Whether a line joins them, in their order.
    pub joined: bool,
    /// Whether the axes are plain or logarithmic.
    pub shape: Shape,
    /// Whether plain axes start at zero.
    pub from_zero: bool,
    /// Whether the line on which both values are equal is drawn.
    pub diagonal: bool,
    /// What lies across, and up.
    pub captions: (String, String),
    /// How a value is written on the axes, across and up.
    pub written: [&'a dyn Fn(f64) -> String; 2],
}

const HEIGHT: f64 = 300.0;
const FRAME: Box2 = Box2 { left: 46.0, top: 18.0, right: WIDTH - 10.0, bottom: HEIGHT - 34.0 };

/// Draws the chart.
pub fn draw(chart: &Plane) -> Markup {
    let zero = chart.from_zero.then_some(0.0);
    let scale = |of: fn(&Point) -> f64, from, to| {
        Scale::covering(chart.shape, chart.points.iter().map(of).chain(zero), from, to)
    };
    let across = scale(|point| point.x, FRAME.left, FRAME.right);
    let up = scale(|point| point.y, FRAME.bottom, FRAME.top);
    let (Some(across), Some(up)) = (across, up) else { return empty(&chart.words, (WIDTH, 120.0)) };
    let placed: Vec<(&Point, f64, f64)> =
        chart.points.iter().filter_map(|point| Some((point, across.at(point.x)?, up.at(point.y)?))).collect();
    if placed.is_empty() {
        return empty(&chart.words, (WIDTH, 120.0));
    }
    let joined: Vec<Option<(f64, f64)>> = placed.iter().map(|(_, x, y)| Some((*x, *y))).collect();
    let body = html! {
        (rungs(&up, 5, (FRAME.left, FRAME.right), chart.written[1]))
        (columns(&across, 5, (FRAME.top, FRAME.bottom), chart.written[0]))
        @if let Some((from, to)) = ends(&across, &up).filter(|_| chart.diagonal) { (line("mark", from, to)) }
        (text(FRAME.right, HEIGHT - 6.0, Anchor::End, "note", &chart.captions.0))
        (text(2.0, 10.0, Anchor::Start, "note", &chart.captions.1))
        @if chart.joined { path class="line t-muted" d=(path(&joined)) {} }
        @for (point, x, y) in placed.iter().rev() {
            (dot(if point.hollow { "dot hollow" } else { "dot" }, point.tone, (*x, *y), 3.4, &point.label))
        }
        (names(&placed))
    };
    svg(&chart.words, (WIDTH, HEIGHT), &body)
}

/// The ends of the line on which both values are equal; None where the scales have no value in common.
fn ends(across: &Scale, up: &Scale) -> Option<((f64, f64), (f64, f64))> {
    let (low, high) = (across.low().max(up.low()), across.high().min(up.high()));
    let end = |value: f64| across.at(value).zip(up.at(value));
    if low < high { end(low).zip(end(high)) } else { None }
}

/// Names where they cover neither a dot nor another name; the others are in the table.
fn names(placed: &[(&Point, f64, f64)]) -> Markup {
    const AROUND: Box2 = Box2 { left: FRAME.left, top: 12.0, right: WIDTH, bottom: FRAME.bottom };
    let mut taken: Vec<Box2> =
        placed.iter().map(|(_, x, y)| Box2 { left: x - 4.0, top: y - 4.0, right: x + 4.0, bottom: y + 4.0 }).collect();
    let mut out = Vec::new();
    for (point, x, y) in placed.iter().filter(|(point, ..)| !point.label.is_empty()) {
        let width = text_width(&point.label, LETTER) + 2.0;
        let half = LETTER / 2.0 + 1.0;
        let at = |left: f64, middle: f64| Box2 { left, top: middle - half, right: left + width, bottom: middle + half };
        let candidates = [
            at(x + 6.0, *y),
            at(x - 6.0 - width, *y),
            at(x - width / 2.0, y - 11.0),
            at(x - width / 2.0, y + 11.0),
            at(x + 5.0, y - 9.0),
            at(x - 5.0 - width, y - 9.0),
        ];
        if let Some(index) = first_free(&candidates, &taken, &AROUND) {
            taken.push(candidates[index]);
            out.push((candidates[index], *point));
        }
    }
    html! {
        @for (place, point) in out {
            (text(place.left + 1.0, place.bottom - 3.0, Anchor::Start, &format!("label {}", point.tone.class()), &point.label))
        }
    }
}
