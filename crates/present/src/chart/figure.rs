//! A chart with everything a reader needs around it: caption, description, and the numbers as a table.

use maud::{Markup, html};

/// Letters from which on a cell of a table may wrap.
const LONG: usize = 40;

/// The numbers behind a chart, already written out.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Table {
    /// Captions of the columns; the first column names the row.
    pub head: Vec<String>,
    /// Rows.
    pub rows: Vec<Vec<String>>,
}

impl Table {
    /// A table with these captions and no rows yet.
    pub fn new<S: Into<String>>(head: impl IntoIterator<Item = S>) -> Self {
        Self { head: head.into_iter().map(Into::into).collect(), rows: Vec::new() }
    }

    /// Adds a row.
    pub fn row<S: Into<String>>(&mut self, cells: impl IntoIterator<Item = S>) {
        self.rows.push(cells.into_iter().map(Into::into).collect());
    }

    /// As HTML, in a box that scrolls sideways on a narrow screen. A keyboard can reach and scroll the box.
    pub fn markup(&self, label: &str) -> Markup {
        html! {
            div.scroll tabindex="0" role="region" aria-label=(label) {
                table {
                    thead { tr { @for cell in &self.head { th scope="col" { (cell) } } } }
                    tbody {
                        @for row in &self.rows {
                            tr {
                                @for (index, cell) in row.iter().enumerate() {
                                    @let long = cell.chars().count() > LONG;
                                    @if index == 0 { th.long[long] scope="row" { (cell) } }
                                    @else { td.long[long] { (cell) } }
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}

/// A chart as it stands on the page.
#[derive(Clone, Debug)]
pub struct Figure {
    /// A word for the page's anchors, unique on it.
    pub id: String,
    /// What it shows, in a few words.
    pub title: String,
    /// What to know to read it; may be empty.
    pub note: String,
    /// The drawing: one or more `svg` elements.
    pub drawing: Markup,
    /// The numbers it is drawn from.
    pub table: Table,
    /// The words on the door of the table.
    pub table_label: String,
    /// Whether it takes the whole width of the page.
    pub wide: bool,
}

impl Figure {
    /// As HTML.
    pub fn markup(&self) -> Markup {
        html! {
            figure.wide[self.wide] id=(self.id) {
                figcaption {
                    strong { (self.title) }
                    @if !self.note.is_empty() { span.note { (self.note) } }
                }
                (self.drawing)
                @if !self.table.rows.is_empty() {
                    details {
                        summary { (self.table_label) }
                        (self.table.markup(&self.title))
                    }
                }
            }
        }
    }
}

/// The words that a screen reader says for a drawing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Words {
    /// A word for ids, unique on the page.
    pub id: String,
    /// What the drawing is.
    pub title: String,
    /// What it shows, in a sentence.
    pub description: String,
    /// What it says where it has nothing to show.
    pub no_data: String,
}

/// An `svg` of this size that names and describes itself.
pub fn svg(words: &Words, size: (f64, f64), body: &Markup) -> Markup {
    let (title, description) = (format!("{}-t", words.id), format!("{}-d", words.id));
    let view = format!("0 0 {} {}", super::svg::px(size.0), super::svg::px(size.1));
    html! {
        svg.chart viewBox=(view) role="img" aria-labelledby=(format!("{title} {description}")) {
            title id=(title) { (words.title) }
            desc id=(description) { (words.description) }
            (body)
        }
    }
}

/// An `svg` that says "no data".
pub fn empty(words: &Words, size: (f64, f64)) -> Markup {
    svg(words, size, &super::svg::no_data(size.0, size.1, &words.no_data))
}
