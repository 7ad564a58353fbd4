//! Quantities over quarters: lines with bands and observed points, labelled at their ends.

use maud::{Markup, html};
use units::Quarter;

use super::{
    LETTER, Scale, Shape, Tone, WIDTH,
    axis::{Time, rungs},
    figure::{Words, empty, svg},
    labels::spread,
    svg::{Anchor, area, dot, fit, line, path, text, text_width},
};

/// One quantity over the quarters of the chart.
#[derive(Clone, Debug, PartialEq)]
pub struct Line {
    /// What is written at its end.
    pub label: String,
    /// What it stands for.
    pub tone: Tone,
    /// Value by quarter; a value that is not finite leaves a gap.
    pub middle: Vec<f64>,
    /// Lower and upper end of the band, where there is one.
    pub band: Option<(Vec<f64>, Vec<f64>)>,
    /// Whether it is dashed, to tell apart two lines of one tone.
    pub dashed: bool,
}

/// An observed value with its interval, drawn as a dot.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Observed {
    /// When.
    pub quarter: Quarter,
    /// The value.
    pub value: f64,
    /// Its interval, where the source gives one.
    pub interval: Option<(f64, f64)>,
    /// Whether it only stands there and is not compared: drawn hollow.
    pub hollow: bool,
}

/// A chart of lines.
#[derive(Clone)]
pub struct Lines<'a> {
    /// Its words.
    pub words: Words,
    /// The quarters of every line.
    pub quarters: &'a [Quarter],
    /// The lines, the most important last.
    pub lines: Vec<Line>,
    /// Observed points.
    pub observed: Vec<Observed>,
    /// How values are spread.
    pub shape: Shape,
    /// A quarter to mark with a word, such as where policies part.
    pub marked: Option<(Quarter, String)>,
    /// How a value is written on the axis.
    pub written: &'a dyn Fn(f64) -> String,
    /// Width and height.
    pub size: (f64, f64),
}

/// The usual size of a chart of lines.
pub const SIZE: (f64, f64) = (WIDTH, 214.0);

/// Finite places only.
pub(super) fn places(time: &Time, scale: &Scale, quarters: &[Quarter], values: &[f64]) -> Vec<Option<(f64, f64)>> {
    quarters.iter().zip(values).map(|(quarter, value)| time.at(*quarter).zip(scale.at(*value))).collect()
}

/// All values that a scale must cover.
pub(super) fn values<'a>(lines: impl IntoIterator<Item = &'a Line>) -> Vec<f64> {
    let mut all = Vec::new();
    for line in lines {
        all.extend(&line.middle);
        if let Some((low, high)) = &line.band {
            all.extend(low);
            all.extend(high);
        }
    }
    all
}

/// The band and the line of one series.
pub(super) fn marks(line: &Line, time: &Time, scale: &Scale, quarters: &[Quarter]) -> (Markup, Markup) {
    let band = line
        .band
        .as_ref()
        .map(|(low, high)| area(&places(time, scale, quarters, high), &places(time, scale, quarters, low)));
    let band = html! {
        @if let Some(d) = band.filter(|d| !d.is_empty()) { path class=(format!("band {}", line.tone.class())) d=(d) {} }
    };
    let points = places(time, scale, quarters, &line.middle);
    let d = path(&points);
    let role = if line.dashed { "line dashed" } else { "line" };
    let mut there = points.iter().flatten();
    // One point alone makes no line: it is shown as a short dash.
    if let (Some((x, y)), None) = (there.next(), there.next()) {
        let dash = super::svg::line(&format!("line {}", line.tone.class()), (x - 5.0, *y), (x + 5.0, *y));
        return (band, dash);
    }
    let stroke = html! {
        @if !d.is_empty() { path class=(format!("{role} {}", line.tone.class())) d=(d) { title { (line.label) } } }
    };
    (band, stroke)
}

/// Draws the chart.
pub fn draw(chart: &Lines) -> Markup {
    let (width, height) = chart.size;
    let widest = chart.lines.iter().map(|line| text_width(&line.label, LETTER)).fold(0.0, f64::max);
    let room = if chart.lines.len() > 1 { (widest + 12.0).min(width * 0.36) } else { 10.0 };
    let (left, right, top, bottom) = (44.0, width - room, 12.0, height - 20.0);
    let all = values(&chart.lines).into_iter().chain(chart.observed.iter().flat_map(|point| {
        let (low, high) = point.interval.unwrap_or((point.value, point.value));
        [point.value, low, high]
    }));
    let scale = Scale::covering(chart.shape, all, bottom, top);
    let ends = chart.quarters.first().zip(chart.quarters.last());
    let time = ends.and_then(|(first, last)| Time::new(*first, *last, left, right));
    let (Some(scale), Some(time)) = (scale, time) else { return empty(&chart.words, chart.size) };
    let drawn: Vec<(Markup, Markup)> =
        chart.lines.iter().map(|line| marks(line, &time, &scale, chart.quarters)).collect();
    let body = html! {
        (rungs(&scale, 5, (left, right), chart.written))
        (time.markup(4, bottom))
        @if let Some((quarter, word)) = &chart.marked {
            @if let Some(x) = time.at(*quarter) {
                (line("mark", (x, top), (x, bottom)))
                (text(x + 3.0, top + 2.0, Anchor::Start, "note", word))
            }
        }
        @for (band, _) in &drawn { (band) }
        @for (_, stroke) in &drawn { (stroke) }
        @for point in &chart.observed { (observed(point, &time, &scale)) }
        @if chart.lines.len() > 1 { (end_labels(chart, &time, &scale, (top, bottom), width)) }
    };
    svg(&chart.words, chart.size, &body)
}

fn observed(point: &Observed, time: &Time, scale: &Scale) -> Markup {
    let Some((x, y)) = time.at(point.quarter).zip(scale.at(point.value)) else { return html! {} };
    let ends = point.interval.and_then(|(low, high)| scale.at(low).zip(scale.at(high)));
    html! {
        @if let Some((low, high)) = ends { (line(&format!("whisker {}", Tone::Observed.class()), (x, low), (x, high))) }
        (dot(if point.hollow { "dot hollow" } else { "dot" }, Tone::Observed, (x, y), 2.6, &point.quarter.to_string()))
    }
}

/// Labels right of the lines' ends, moved apart where they would cover one another, with a hairline to their line.
fn end_labels(chart: &Lines, time: &Time, scale: &Scale, (top, bottom): (f64, f64), width: f64) -> Markup {
    let ends: Vec<(&Line, f64, f64)> = chart
        .lines
        .iter()
        .filter(|line| !line.label.is_empty())
        .filter_map(|line| {
            let (x, y) = places(time, scale, chart.quarters, &line.middle).into_iter().flatten().next_back()?;
            Some((line, x, y))
        })
        .collect();
    let wanted: Vec<f64> = ends.iter().map(|(_, _, y)| *y).collect();
    let placed = spread(&wanted, LETTER + 1.5, top, bottom);
    html! {
        @for ((line, x, y), to) in ends.iter().zip(placed) {
            @if (to - y).abs() > 3.0 {
                path class=(format!("leader {}", line.tone.class()))
                    d=(path(&[Some((x + 1.5, *y)), Some((x + 7.0, to))])) {}
            }
            (text(x + 9.0, to + 3.8, Anchor::Start, &format!("label {}", line.tone.class()),
                &fit(&line.label, width - x - 9.0, LETTER)))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn quarters() -> Vec<Quarter> {
        (0..8).map(|index| Quarter::new(2024, 1) + index).collect()
    }

    fn chart<'a>(quarters: &'a [Quarter], lines: Vec<Line>, written: &'a dyn Fn(f64) -> String) -> Lines<'a> {
        let words = Words { id: "x".into(), title: "X".into(), description: "Y".into(), no_data: "no data".into() };
        Lines { words, quarters, lines, observed: vec![], shape: Shape::Log, marked: None, written, size: SIZE }
    }

    fn line(label: &str, middle: Vec<f64>) -> Line {
        Line { label: label.into(), tone: Tone::Accent, middle, band: None, dashed: false }
    }

    #[test]
    fn hostile_labels_are_escaped_and_gaps_are_no_numbers() {
        let quarters = quarters();
        let mut values = vec![1.0, 2.0, 3.0, f64::NAN, 5.0, f64::INFINITY, 7.0, 8.0];
        let lines = vec![line("<script>alert(1)</script>", values.clone()), line("b", vec![0.0; 8])];
        let svg = draw(&chart(&quarters, lines, &|value| format!("{value}"))).into_string();
        assert!(!svg.contains("<script"), "{svg}");
        assert!(!svg.contains("NaN") && !svg.contains("inf"), "{svg}");
        values.clear();
        assert!(
            draw(&chart(&quarters, vec![line("a", values)], &|value| format!("{value}")))
                .into_string()
                .contains("no data")
        );
    }
}
