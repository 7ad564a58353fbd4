//! A dot with its interval a row, on a common axis, with the zones of a test behind.

use maud::{Markup, html};

use super::{
    LETTER, Scale, Shape, Tone, WIDTH,
    axis::columns,
    figure::{Words, empty, svg},
    svg::{Anchor, dot, fit, line, rect, text, text_width},
};

/// A value with an interval.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Mark {
    /// What it stands for.
    pub tone: Tone,
    /// Lower end.
    pub low: Option<f64>,
    /// The value.
    pub middle: f64,
    /// Upper end.
    pub high: Option<f64>,
}

/// One row.
#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    /// What it is.
    pub label: String,
    /// Its marks: one, or two to compare.
    pub marks: Vec<Mark>,
    /// What is written at the right.
    pub value: String,
}

/// A chart of intervals.
#[derive(Clone)]
pub struct Intervals<'a> {
    /// Its words.
    pub words: Words,
    /// The rows, from the top.
    pub rows: Vec<Row>,
    /// How values are spread.
    pub shape: Shape,
    /// From where on a value speaks for a claim: the threshold, and its word.
    pub above: Option<(f64, String)>,
    /// Up to where a value speaks against it.
    pub below: Option<(f64, String)>,
    /// A value to mark with a line, such as no change.
    pub reference: Option<f64>,
    /// How a value is written on the axis.
    pub written: &'a dyn Fn(f64) -> String,
    /// Whether the zone that speaks for a claim lies at low values instead.
    pub reversed: bool,
}

const ROW: f64 = 29.0;
const MARGIN: f64 = 10.0;

/// Draws the chart; its height follows from the number of rows.
pub fn draw(chart: &Intervals) -> Markup {
    let zones = chart.above.is_some() || chart.below.is_some();
    let top = if zones { 18.0 } else { 4.0 };
    let bottom = top + ROW * chart.rows.len() as f64 + 4.0;
    let size = (WIDTH, bottom + 18.0);
    let marks = chart.rows.iter().flat_map(|row| &row.marks);
    let ends = marks.flat_map(|mark| [Some(mark.middle), mark.low, mark.high].into_iter().flatten());
    let thresholds = [&chart.above, &chart.below].into_iter().flatten().map(|(value, _)| *value);
    let drawable = ends.clone().any(f64::is_finite);
    let all = ends.chain(thresholds).chain(chart.reference);
    let scale = Scale::covering(chart.shape, all, MARGIN, WIDTH - MARGIN).filter(|_| drawable);
    let Some(scale) = scale else { return empty(&chart.words, (WIDTH, 60.0)) };
    let body = html! {
        (zone(chart, &scale, (top, bottom)))
        (columns(&scale, 6, (top, bottom), chart.written))
        @if let Some(x) = chart.reference.and_then(|value| scale.at(value)) { (line("mark", (x, top), (x, bottom))) }
        @for (index, row) in chart.rows.iter().enumerate() {
            (one(row, &scale, top + ROW * index as f64))
        }
    };
    svg(&chart.words, size, &body)
}

/// The shaded zones and their words, kept inside the chart and apart from one another.
fn zone(chart: &Intervals, scale: &Scale, (top, bottom): (f64, f64)) -> Markup {
    let place = |side: &Option<(f64, String)>| {
        side.as_ref().and_then(|(value, word)| scale.at(*value).map(|x| (x, word.clone())))
    };
    let (for_tone, against_tone) =
        if chart.reversed { (Tone::Against, Tone::For) } else { (Tone::For, Tone::Against) };
    let (above, below) = (place(&chart.above), place(&chart.below));
    let above_width = above.as_ref().map_or(0.0, |(_, word)| text_width(word, LETTER));
    let above_start = above.as_ref().map(|(x, _)| x.min(WIDTH - 4.0 - above_width).max(4.0));
    html! {
        @if let Some((x, word)) = &above {
            (rect("zone", for_tone, (*x, top), (WIDTH - x, bottom - top)))
            (text(above_start.unwrap_or(*x), top - 6.0, Anchor::Start, &format!("zone-word {}", for_tone.class()), word))
        }
        @if let Some((x, word)) = &below {
            @let width = text_width(word, LETTER);
            @let limit = above_start.map_or(WIDTH - 4.0, |start| start - 8.0);
            @let end = x.max(width + 4.0).min(limit);
            (rect("zone", against_tone, (0.0, top), (*x, bottom - top)))
            @if end - width >= 0.0 {
                (text(end, top - 6.0, Anchor::End, &format!("zone-word {}", against_tone.class()), word))
            }
        }
    }
}

fn one(row: &Row, scale: &Scale, top: f64) -> Markup {
    let y = top + 21.0;
    let value_width = text_width(&row.value, LETTER);
    html! {
        (text(MARGIN, top + 11.0, Anchor::Start, "label", &fit(&row.label, WIDTH - 3.0 * MARGIN - value_width, LETTER)))
        (text(WIDTH - MARGIN, top + 11.0, Anchor::End, "value", &row.value))
        @for mark in &row.marks {
            @let ends = mark.low.and_then(|low| scale.at(low)).zip(mark.high.and_then(|high| scale.at(high)));
            @if let Some((low, high)) = ends {
                (line(&format!("interval {}", mark.tone.class()), (low, y), (high, y)))
            }
            @if let Some(x) = scale.at(mark.middle) { (dot("dot", mark.tone, (x, y), 4.0, "")) }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chart(rows: Vec<Row>, written: &dyn Fn(f64) -> String) -> Intervals<'_> {
        let words = Words { id: "x".into(), title: "X".into(), description: "Y".into(), no_data: "no data".into() };
        let (above, below) = (Some((1.1, "for".into())), Some((0.9, "against".into())));
        Intervals { words, rows, shape: Shape::Linear, above, below, reference: None, written, reversed: false }
    }

    #[test]
    fn a_row_without_a_finite_value_is_no_mark_and_thresholds_alone_are_no_chart() {
        let mark = Mark { tone: Tone::Accent, low: None, middle: f64::NAN, high: None };
        let row = Row { label: "a & b".into(), marks: vec![mark], value: "–".into() };
        let svg = draw(&chart(vec![row], &|value| format!("{value}"))).into_string();
        assert!(svg.contains("no data"), "{svg}");
    }

    #[test]
    fn a_value_further_right_stands_further_right() {
        let row = |value: f64| Row {
            label: "a & b".into(),
            marks: vec![Mark { tone: Tone::Accent, low: Some(value - 0.1), middle: value, high: Some(value + 0.1) }],
            value: "v".into(),
        };
        let svg = draw(&chart(vec![row(0.8), row(1.4)], &|value| format!("{value:.1}"))).into_string();
        let places: Vec<f64> = svg
            .split("cx=\"")
            .skip(1)
            .map(|rest| rest.split('"').next().unwrap().parse().unwrap())
            .collect();
        assert!(places[0] < places[1], "{places:?}");
        assert!(svg.contains("a &amp; b"));
    }
}
