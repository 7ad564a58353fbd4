//! One horizontal bar a row, its name and its value above it.

use maud::{Markup, html};

use super::{
    LETTER, Scale, Tone, WIDTH,
    figure::{Words, empty, svg},
    svg::{Anchor, fit, line, rect, text, text_width},
};

/// One bar.
#[derive(Clone, Debug, PartialEq)]
pub struct Bar {
    /// What it is.
    pub label: String,
    /// What it stands for.
    pub tone: Tone,
    /// From where to where it reaches; the first is 0 for a plain bar.
    pub reach: (f64, f64),
    /// What is written at the right.
    pub value: String,
}

const ROW: f64 = 30.0;
const MARGIN: f64 = 4.0;
const THICK: f64 = 8.0;

/// Draws bars on one linear scale that holds zero, with a line at `reference` where there is one.
pub fn draw(words: &Words, bars: &[Bar], reference: Option<f64>) -> Markup {
    let drawable = |bar: &&Bar| bar.reach.0.is_finite() && bar.reach.1.is_finite();
    let ends = bars.iter().filter(drawable).flat_map(|bar| [bar.reach.0, bar.reach.1]);
    let (low, high) =
        ends.chain(reference).fold((0.0_f64, 0.0_f64), |(low, high), value| (low.min(value), high.max(value)));
    let size = (WIDTH, ROW * bars.len() as f64 + 4.0);
    let any = bars.iter().filter(drawable).count() > 0;
    let Some(scale) = Scale::exact(low, high, MARGIN, WIDTH - MARGIN).filter(|_| any) else {
        return empty(words, (WIDTH, 60.0));
    };
    let body = html! {
        @for (index, bar) in bars.iter().enumerate() {
            @let top = ROW * index as f64;
            @let value_width = text_width(&bar.value, LETTER);
            (text(MARGIN, top + 12.0, Anchor::Start, "label", &fit(&bar.label, WIDTH - 3.0 * MARGIN - value_width, LETTER)))
            (text(WIDTH - MARGIN, top + 12.0, Anchor::End, "value", &bar.value))
            (line("track", (MARGIN, top + 17.0 + THICK / 2.0), (WIDTH - MARGIN, top + 17.0 + THICK / 2.0)))
            @if let Some((from, to)) = scale.at(bar.reach.0).zip(scale.at(bar.reach.1)) {
                (rect("bar", bar.tone, (from.min(to), top + 17.0), ((to - from).abs(), THICK)))
            }
        }
        @if let Some(x) = reference.and_then(|value| scale.at(value)) { (line("mark", (x, 0.0), (x, size.1))) }
    };
    svg(words, size, &body)
}
