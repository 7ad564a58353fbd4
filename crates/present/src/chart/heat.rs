//! A table of shares as a map: the darker, the larger; each cell says its number.

use maud::{Markup, html};

use super::{
    LETTER, Tone,
    figure::{Words, empty, svg},
    svg::{Anchor, fit, px, text, text_width},
};

/// A map of shares.
#[derive(Clone, Debug)]
pub struct Heat {
    /// Its words.
    pub words: Words,
    /// What the shares are of.
    pub tone: Tone,
    /// Names of the rows.
    pub rows: Vec<String>,
    /// Names of the columns.
    pub columns: Vec<String>,
    /// Shares, row by row, 0 to 1; none where there is nothing.
    pub cells: Vec<Vec<Option<f64>>>,
    /// Cells to mark: row and column.
    pub marked: Vec<(usize, usize)>,
}

const ROW: f64 = 24.0;
const COLUMN: f64 = 44.0;
const MOST_NAMES: f64 = 190.0;

/// Draws the map; its width follows from the number of columns, whose names stand aslant above them.
pub fn draw(heat: &Heat) -> Markup {
    if heat.rows.is_empty() || heat.columns.is_empty() {
        return empty(&heat.words, (super::WIDTH, 60.0));
    }
    let widest = |names: &[String]| names.iter().map(|name| text_width(name, LETTER)).fold(0.0, f64::max);
    let left = widest(&heat.rows).min(MOST_NAMES) + 8.0;
    // Aslant by forty-five degrees.
    let top = (widest(&heat.columns).min(MOST_NAMES) + LETTER) * std::f64::consts::FRAC_1_SQRT_2 + 6.0;
    let right = top;
    let size = (left + COLUMN * heat.columns.len() as f64 + right, top + ROW * heat.rows.len() as f64 + 4.0);
    let body = html! {
        @for (column, name) in heat.columns.iter().enumerate() {
            @let (x, y) = (left + COLUMN * (column as f64 + 0.5), top - 5.0);
            text class="label" transform=(format!("translate({} {}) rotate(-45)", px(x), px(y))) { (fit(name, MOST_NAMES, LETTER)) }
        }
        @for (row, name) in heat.rows.iter().enumerate() {
            @let y = top + ROW * row as f64;
            (text(0.0, y + ROW / 2.0 + 4.0, Anchor::Start, "label", &fit(name, left - 8.0, LETTER)))
            @for column in 0..heat.columns.len() {
                (cell(heat, (row, column), (left + COLUMN * column as f64, y)))
            }
        }
    };
    svg(&heat.words, size, &body)
}

fn cell(heat: &Heat, (row, column): (usize, usize), (x, y): (f64, f64)) -> Markup {
    let share =
        heat.cells.get(row).and_then(|cells| cells.get(column)).copied().flatten().filter(|share| share.is_finite());
    let marked = heat.marked.contains(&(row, column));
    html! {
        @match share {
            Some(share) => {
                rect class=(format!("part {}", heat.tone.class())) x=(px(x + 1.0)) y=(px(y + 1.0)) width=(px(COLUMN - 2.0))
                    height=(px(ROW - 2.0)) opacity=(format!("{:.2}", 0.05 + 0.75 * share.clamp(0.0, 1.0))) {}
                (text(x + COLUMN / 2.0, y + ROW / 2.0 + 4.0, Anchor::Middle, "value", &format!("{share:.2}")))
            }
            None => (text(x + COLUMN / 2.0, y + ROW / 2.0 + 4.0, Anchor::Middle, "note", "\u{2013}")),
        }
        @if marked {
            rect class="marked" x=(px(x + 1.5)) y=(px(y + 1.5)) width=(px(COLUMN - 3.0)) height=(px(ROW - 3.0)) fill="none"
                stroke="currentColor" stroke-width="1.4" {}
        }
    }
}
