//! How the futures voted: one bar of three parts a row.

use maud::{Markup, html};

use super::{
    LETTER, Tone, WIDTH,
    figure::{Words, empty, svg},
    svg::{Anchor, fit, line, rect, text, text_width},
};

/// The votes of one row.
#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    /// Whose votes.
    pub label: String,
    /// For, neither, against [futures].
    pub counts: [usize; 3],
    /// Wilson interval of the share for [fraction].
    pub for_interval: Option<(f64, f64)>,
}

const ROW: f64 = 39.0;
const MARGIN: f64 = 4.0;
const THICK: f64 = 15.0;
const TONES: [Tone; 3] = [Tone::For, Tone::Neither, Tone::Against];

/// Where the parts of a bar end, from 0 to 1. None without votes.
pub fn parts(counts: [usize; 3]) -> Option<[f64; 3]> {
    let total = counts.iter().sum::<usize>();
    (total > 0).then(|| {
        let total = total as f64;
        [counts[0] as f64 / total, (counts[0] + counts[1]) as f64 / total, 1.0]
    })
}

/// Draws the rows over an axis of shares, with lines at the shares that a verdict asks for.
pub fn draw(words: &Words, rows: &[Row], asked: &[f64]) -> Markup {
    if rows.iter().all(|row| parts(row.counts).is_none()) {
        return empty(words, (WIDTH, 60.0));
    }
    let bottom = ROW * rows.len() as f64;
    let asked: Vec<f64> = asked.iter().copied().filter(|share| share.is_finite()).collect();
    let body = html! {
        @for (index, row) in rows.iter().enumerate() { (one(row, ROW * index as f64, &asked)) }
        @for share in &asked {
            (text(at(*share), bottom + 9.0, Anchor::Middle, "tick", &format!("{:.0} %", share * 100.0)))
        }
    };
    svg(words, (WIDTH, bottom + 13.0), &body)
}

/// The place of a share.
fn at(share: f64) -> f64 {
    MARGIN + share.clamp(0.0, 1.0) * (WIDTH - 2.0 * MARGIN)
}

fn one(row: &Row, top: f64, asked: &[f64]) -> Markup {
    let y = top + 17.0;
    html! {
        (text(MARGIN, top + 12.0, Anchor::Start, "label", &fit(&row.label, WIDTH - 2.0 * MARGIN, LETTER)))
        @if let Some(ends) = parts(row.counts) {
            @for (index, tone) in TONES.into_iter().enumerate() {
                @let from = if index == 0 { 0.0 } else { ends[index - 1] };
                @if ends[index] > from {
                    (rect("part", tone, (at(from), y), (at(ends[index]) - at(from), THICK)))
                    (share(from, ends[index], index, y))
                }
            }
            @for share in asked { (line("mark", (at(*share), y - 2.0), (at(*share), y + THICK + 1.0))) }
            @if let Some((low, high)) = row.for_interval.filter(|(low, high)| low.is_finite() && high.is_finite()) {
                (line("wilson", (at(low), y + THICK + 2.0), (at(high), y + THICK + 2.0)))
            }
        }
    }
}

/// A part's share, written into it where it has room: against at its right end, the others at their left one.
fn share(from: f64, to: f64, index: usize, y: f64) -> Markup {
    let words = format!("{:.1} %", (to - from) * 100.0);
    let room = at(to) - at(from) > text_width(&words, LETTER) + 22.0;
    let (x, anchor, class) = match index {
        0 => (at(from) + 6.0, Anchor::Start, "on"),
        1 => (at(from) + 6.0, Anchor::Start, "on-pale"),
        _ => (at(to) - 6.0, Anchor::End, "on"),
    };
    html! { @if room { (text(x, y + 11.2, anchor, class, &words)) } }
}

/// A bar without words for a small place; the words stand beside it.
pub fn strip(words: &Words, counts: [usize; 3]) -> Markup {
    let (width, height) = (120.0, 8.0);
    let Some(ends) = parts(counts) else { return empty(words, (width, 14.0)) };
    let body = html! {
        @for (index, tone) in TONES.into_iter().enumerate() {
            @let from = if index == 0 { 0.0 } else { ends[index - 1] };
            @if ends[index] > from {
                (rect("part", tone, (from * width, 0.0), ((ends[index] - from) * width, height)))
            }
        }
    };
    svg(words, (width, height), &body)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_add_up_and_no_votes_are_no_bar() {
        assert_eq!(parts([1, 1, 2]), Some([0.25, 0.5, 1.0]));
        assert_eq!(parts([0, 0, 0]), None);
        let words = Words { no_data: "no data".into(), ..Words::default() };
        assert!(draw(&words, &[], &[]).into_string().contains("no data"));
    }
}
