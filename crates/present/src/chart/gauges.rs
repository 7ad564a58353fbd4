//! What was measured against the thresholds of a test: one row a measure, each with its own scale.

use maud::{Markup, html};

use super::{
    LETTER, Scale, Shape, Tone, WIDTH,
    axis::TICK_LETTER,
    figure::{Words, empty, svg},
    svg::{Anchor, dot, fit, line, rect, text, text_width},
};

/// A threshold and how it is written.
#[derive(Clone, Debug, PartialEq)]
pub struct Threshold {
    /// Its value.
    pub value: f64,
    /// As written below the scale.
    pub written: String,
}

/// One measure.
#[derive(Clone, Debug, PartialEq)]
pub struct Gauge {
    /// What is measured.
    pub label: String,
    /// What is written at the right.
    pub value: String,
    /// Lower end, value, upper end.
    pub measured: (Option<f64>, f64, Option<f64>),
    /// From where on it counts for the claim.
    pub in_favour: Option<Threshold>,
    /// From where on it counts against.
    pub against: Option<Threshold>,
    /// How values are spread.
    pub shape: Shape,
}

const ROW: f64 = 56.0;
const MARGIN: f64 = 4.0;
const THICK: f64 = 13.0;

/// Draws the rows; a measure without a finite value says so.
pub fn draw(words: &Words, gauges: &[Gauge]) -> Markup {
    if gauges.is_empty() {
        return empty(words, (WIDTH, 60.0));
    }
    let body = html! {
        @for (index, gauge) in gauges.iter().enumerate() { (one(gauge, ROW * index as f64, &words.no_data)) }
    };
    svg(words, (WIDTH, ROW * gauges.len() as f64), &body)
}

fn one(gauge: &Gauge, top: f64, no_data: &str) -> Markup {
    let (low, middle, high) = gauge.measured;
    let thresholds = [&gauge.in_favour, &gauge.against].into_iter().flatten().map(|threshold| threshold.value);
    let values = [Some(middle), low, high].into_iter().flatten().chain(thresholds);
    let scale = Scale::covering(gauge.shape, values, MARGIN, WIDTH - MARGIN).filter(|scale| scale.at(middle).is_some());
    let value = if scale.is_some() { gauge.value.as_str() } else { no_data };
    let (y, centre) = (top + 18.0, top + 18.0 + THICK / 2.0);
    html! {
        (text(MARGIN, top + 11.0, Anchor::Start, "label",
            &fit(&gauge.label, WIDTH - 3.0 * MARGIN - text_width(value, LETTER), LETTER)))
        (text(WIDTH - MARGIN, top + 11.0, Anchor::End, "value", value))
        (rect("gauge", Tone::Muted, (MARGIN, y), (WIDTH - 2.0 * MARGIN, THICK)))
        @if let Some(scale) = scale {
            (zones(gauge, &scale, y))
            @if let Some((from, to)) = low.and_then(|low| scale.at(low)).zip(high.and_then(|high| scale.at(high))) {
                (line("interval t-observed", (from, centre), (to, centre)))
            }
            @if let Some(x) = scale.at(middle) { (dot("dot", Tone::Observed, (x, centre), 4.2, "")) }
        }
    }
}

/// The zone from each threshold to the end that lies away from the other one, and the thresholds' numbers: of two,
/// the lower one's number stands left of it and the upper one's right, so that they cannot meet.
fn zones(gauge: &Gauge, scale: &Scale, y: f64) -> Markup {
    let sides = [(&gauge.in_favour, &gauge.against, Tone::For), (&gauge.against, &gauge.in_favour, Tone::Against)];
    html! {
        @for (own, other, tone) in sides {
            @if let Some((threshold, x)) = own.as_ref().and_then(|own| Some((own, scale.at(own.value)?))) {
                // Alone, a threshold for counts upwards and one against downwards.
                @let up = other.as_ref().map_or(tone == Tone::For, |other| threshold.value >= other.value);
                @let (from, to) = if up { (x, WIDTH - MARGIN) } else { (MARGIN, x) };
                @let width = text_width(&threshold.written, TICK_LETTER);
                @let class = format!("tick {}", tone.class());
                (rect("zone", tone, (from, y), (to - from, THICK)))
                (line(&format!("threshold {}", tone.class()), (x, y), (x, y + THICK + 3.0)))
                @if up {
                    (text((x - 2.0).min(WIDTH - width), y + THICK + 12.0, Anchor::Start, &class, &threshold.written))
                } @else {
                    (text((x + 2.0).max(width), y + THICK + 12.0, Anchor::End, &class, &threshold.written))
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn gauge(value: f64) -> Gauge {
        let threshold = |value: f64| Some(Threshold { value, written: format!("{value}") });
        Gauge {
            label: "R1".into(),
            value: "v".into(),
            measured: (None, value, None),
            in_favour: threshold(1.1),
            against: threshold(0.9),
            shape: Shape::Linear,
        }
    }

    #[test]
    fn opposed_measures_stand_in_opposed_zones() {
        let words = Words::default();
        let place = |value: f64| -> f64 {
            let svg = draw(&words, &[gauge(value)]).into_string();
            svg.split("cx=\"").nth(1).unwrap().split('"').next().unwrap().parse().unwrap()
        };
        assert!(place(0.5) < place(1.0) && place(1.0) < place(1.5));
    }

    #[test]
    fn a_measure_that_is_no_number_says_so() {
        let words = Words { no_data: "no data".into(), ..Words::default() };
        let svg = draw(&words, &[gauge(f64::NAN)]).into_string();
        assert!(svg.contains("no data") && !svg.contains("NaN"), "{svg}");
    }
}
