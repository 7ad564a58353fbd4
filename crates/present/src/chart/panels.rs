//! Small multiples: one small chart of lines a policy, all on one scale.

use maud::{Markup, html};
use units::Quarter;

use super::{
    Scale, Shape, Tone,
    axis::{Time, rungs},
    figure::{Words, empty, svg},
    lines::{Line, marks, values},
    svg::{Anchor, line, text},
};

/// Size of one panel [user units].
pub const SIZE: (f64, f64) = (172.0, 112.0);

/// One panel.
#[derive(Clone, Debug)]
pub struct Panel {
    /// Its words; the title is written above it.
    pub words: Words,
    /// What its title stands for.
    pub tone: Tone,
    /// Its lines.
    pub lines: Vec<Line>,
}

/// The panels of one variable.
#[derive(Clone)]
pub struct Panels<'a> {
    /// The panels, in reading order.
    pub panels: Vec<Panel>,
    /// The quarters of every line.
    pub quarters: &'a [Quarter],
    /// How values are spread.
    pub shape: Shape,
    /// A quarter to mark, such as where policies part.
    pub marked: Option<Quarter>,
    /// How a value is written on the axis.
    pub written: &'a dyn Fn(f64) -> String,
    /// Names of the tones, for the one key above all panels.
    pub key: Vec<(Tone, String)>,
}

/// Draws the key and all panels on a common scale.
pub fn draw(chart: &Panels) -> Markup {
    let (width, height) = SIZE;
    let (left, right, top, bottom) = (36.0, width - 6.0, 8.0, height - 18.0);
    let all = chart.panels.iter().flat_map(|panel| values(&panel.lines));
    let scale = Scale::covering(chart.shape, all, bottom, top);
    let ends = chart.quarters.first().zip(chart.quarters.last());
    let time = ends.and_then(|(first, last)| Time::new(*first, *last, left, right));
    html! {
        (key(&chart.key))
        div.panels {
            @for panel in &chart.panels {
                div.panel {
                    p class=(format!("panel-title {}", panel.tone.class())) { (panel.words.title) }
                    @if let Some((scale, time)) = scale.zip(time) {
                        (one(chart, panel, &scale, &time, (top, bottom)))
                    } @else {
                        (empty(&panel.words, SIZE))
                    }
                }
            }
        }
    }
}

fn one(chart: &Panels, panel: &Panel, scale: &Scale, time: &Time, (top, bottom): (f64, f64)) -> Markup {
    let drawn: Vec<(Markup, Markup)> =
        panel.lines.iter().map(|line| marks(line, time, scale, chart.quarters)).collect();
    if values(&panel.lines).into_iter().all(|value| scale.at(value).is_none()) {
        return empty(&panel.words, SIZE);
    }
    let body = html! {
        (rungs(scale, 3, (36.0, SIZE.0 - 6.0), chart.written))
        (line("axis", (36.0, bottom), (SIZE.0 - 6.0, bottom)))
        @for quarter in time.years(3) {
            @if let Some(x) = time.at(quarter) {
                (text(x, bottom + 12.0, Anchor::Middle, "tick", &quarter.year().to_string()))
            }
        }
        @if let Some(x) = chart.marked.and_then(|quarter| time.at(quarter)) { (line("mark", (x, top), (x, bottom))) }
        @for (band, _) in &drawn { (band) }
        @for (_, stroke) in &drawn { (stroke) }
    };
    svg(&panel.words, SIZE, &body)
}

/// Coloured words that say what each tone stands for.
pub fn key(entries: &[(Tone, String)]) -> Markup {
    html! {
        @if !entries.is_empty() {
            p.key {
                @for (tone, word) in entries { span class=(tone.class()) { i {} (word) } }
            }
        }
    }
}
