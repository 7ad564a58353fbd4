//! A dot with its interval a row, on a common axis.

use maud::{Markup, html};

use super::{
    LETTER, Scale, Shape, Tone, WIDTH,
    axis::columns,
    figure::{Words, empty, svg},
    svg::{Anchor, dot, fit, line, text, text_width},
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
    /// A value to mark with a line, such as no change.
    pub reference: Option<f64>,
    /// How a value is written on the axis.
    pub written: &'a dyn Fn(f64) -> String,
}

const ROW: f64 = 20.0;
const MARGIN: f64 = 4.0;

/// Draws the chart: names at the left, values at the right, the axis between them. Its height follows from the
/// number of rows.
pub fn draw(chart: &Intervals) -> Markup {
    let widest = |text: &dyn Fn(&Row) -> f64| chart.rows.iter().map(text).fold(0.0, f64::max);
    let names = widest(&|row| text_width(&row.label, LETTER)).min(WIDTH * 0.36);
    let values = widest(&|row| text_width(&row.value, LETTER)).min(WIDTH * 0.3);
    let (left, right) = (names + MARGIN + 12.0, WIDTH - values - MARGIN - 12.0);
    let (top, bottom) = (2.0, 6.0 + ROW * chart.rows.len() as f64);
    let marks = chart.rows.iter().flat_map(|row| &row.marks);
    let ends = marks.flat_map(|mark| [Some(mark.middle), mark.low, mark.high].into_iter().flatten());
    let drawable = ends.clone().any(f64::is_finite);
    let scale = Scale::covering(chart.shape, ends.chain(chart.reference), left, right).filter(|_| drawable);
    let Some(scale) = scale else { return empty(&chart.words, (WIDTH, 60.0)) };
    let body = html! {
        (columns(&scale, 4, (top, bottom), chart.written))
        @if let Some(x) = chart.reference.and_then(|value| scale.at(value)) { (line("mark", (x, top), (x, bottom))) }
        @for (index, row) in chart.rows.iter().enumerate() {
            @let middle = top + ROW * (index as f64 + 0.5);
            (text(MARGIN, middle + 3.8, Anchor::Start, "label", &fit(&row.label, names + 2.0, LETTER)))
            (text(WIDTH - MARGIN, middle + 3.8, Anchor::End, "value", &row.value))
            (one(row, &scale, middle))
        }
    };
    svg(&chart.words, (WIDTH, bottom + 18.0), &body)
}

/// The marks of one row, joined where there are several.
fn one(row: &Row, scale: &Scale, y: f64) -> Markup {
    html! {
        @if let [first, .., last] = row.marks.as_slice() {
            @if let Some((from, to)) = scale.at(first.middle).zip(scale.at(last.middle)) {
                (line("link", (from, y), (to, y)))
            }
        }
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
        Intervals { words, rows, shape: Shape::Linear, reference: Some(1.0), written }
    }

    #[test]
    fn a_row_without_a_finite_value_is_no_mark_and_a_reference_alone_is_no_chart() {
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
        let places: Vec<f64> =
            svg.split("cx=\"").skip(1).map(|rest| rest.split('"').next().unwrap().parse().unwrap()).collect();
        assert!(places[0] < places[1], "{places:?}");
        assert!(svg.contains("a &amp; b"));
    }
}
