//! Plain tables and paragraphs that keep to the width of the terminal.

use anstyle::{AnsiColor, Effects};
use comfy_table::{CellAlignment, ColumnConstraint, ContentArrangement, Table, presets};

use crate::Style;

/// On which side a column stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// Words.
    Left,
    /// Numbers.
    Right,
}

/// A table under construction.
pub struct Grid {
    table: Table,
    sides: Vec<Side>,
    indent: usize,
    headed: bool,
}

impl Grid {
    /// A table with these captions.
    pub fn new(style: &Style, columns: &[(&str, Side)]) -> Self {
        let mut grid = Self::plain(style, &columns.iter().map(|(_, side)| *side).collect::<Vec<_>>());
        grid.table.set_header(columns.iter().map(|(caption, _)| *caption));
        grid.headed = true;
        grid
    }

    /// A table without captions, set in by two columns.
    pub fn plain(style: &Style, sides: &[Side]) -> Self {
        let indent = 2;
        let mut table = Table::new();
        table.load_style(presets::NOTHING);
        table.set_content_arrangement(ContentArrangement::Dynamic);
        table.set_width(u16::try_from(style.width.saturating_sub(indent).max(20)).unwrap_or(u16::MAX));
        Self { table, sides: sides.to_vec(), indent, headed: false }
    }

    /// Adds a row. Line breaks and control characters in a cell become spaces: a cell cannot draw outside itself.
    pub fn row<S: AsRef<str>>(&mut self, cells: impl IntoIterator<Item = S>) {
        self.table.add_row(cells.into_iter().map(|cell| clean(cell.as_ref())));
    }

    /// Whether no row was added.
    pub fn is_empty(&self) -> bool {
        self.table.is_empty()
    }

    /// The finished text. Where it is too wide, the widest columns of words are wrapped and the others kept whole.
    pub fn text(mut self, style: &Style) -> String {
        let wrapped = self.to_wrap(style.width);
        for (index, column) in self.table.column_iter_mut().enumerate() {
            if !wrapped.contains(&index) {
                column.set_constraint(ColumnConstraint::ContentWidth);
            }
        }
        for (column, side) in self.table.column_iter_mut().zip(&self.sides) {
            column.set_padding((0, GAP as u16));
            column.set_cell_alignment(match side {
                Side::Left => CellAlignment::Left,
                Side::Right => CellAlignment::Right,
            });
        }
        let lines: Vec<String> = self.table.lines().map(|line| line.trim_end().to_string()).collect();
        let margin = " ".repeat(self.indent);
        let mut out = String::new();
        for (index, line) in lines.iter().enumerate() {
            out.push_str(&margin);
            // Captions that wrap stand on several lines; only the first is told apart, which is enough.
            if self.headed && index == 0 {
                out.push_str(&dim(line, style));
            } else {
                out.push_str(line);
            }
            out.push('\n');
        }
        out
    }
}

impl Grid {
    /// The least number of the widest columns of words that must be wrapped for the table to fit; all columns, where
    /// even that does not help.
    fn to_wrap(&self, width: usize) -> Vec<usize> {
        let widths: Vec<usize> = self.table.column_max_content_widths().into_iter().map(usize::from).collect();
        let room = width.saturating_sub(self.indent + GAP * widths.len());
        let mut order: Vec<usize> =
            (0..widths.len()).filter(|index| self.sides.get(*index) == Some(&Side::Left)).collect();
        order.sort_by_key(|index| (std::cmp::Reverse(widths[*index]), *index));
        for count in 0..=order.len() {
            let wrapped = &order[..count];
            let kept: usize =
                (0..widths.len()).filter(|index| !wrapped.contains(index)).map(|index| widths[index]).sum();
            let needed: usize = wrapped.iter().map(|index| widths[*index].min(NARROWEST)).sum();
            if kept + needed <= room {
                return wrapped.to_vec();
            }
        }
        (0..widths.len()).collect()
    }
}

/// Columns between two columns.
const GAP: usize = 2;
/// Narrowest that a wrapped column may become.
const NARROWEST: usize = 14;

/// A text without characters that could move the cursor, colour the screen or break the row.
pub fn clean(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect()
}

/// A paragraph wrapped to the width.
pub fn paragraph(text: &str, style: &Style) -> String {
    let mut grid = Grid::plain(style, &[Side::Left]);
    grid.row([text]);
    grid.text(style)
}

/// A heading, bold where the style allows.
pub fn heading(text: &str, style: &Style) -> String {
    format!("{}\n", painted(&clean(text), anstyle::Style::new().effects(Effects::BOLD), style))
}

/// A text that stands back, where the style allows.
pub fn dim(text: &str, style: &Style) -> String {
    painted(text, anstyle::Style::new().effects(Effects::DIMMED), style)
}

/// A text in a colour, where the style allows.
pub fn coloured(text: &str, colour: AnsiColor, style: &Style) -> String {
    painted(text, anstyle::Style::new().fg_color(Some(colour.into())).effects(Effects::BOLD), style)
}

fn painted(text: &str, paint: anstyle::Style, style: &Style) -> String {
    if style.colour { format!("{paint}{text}{paint:#}") } else { text.to_string() }
}

/// Names and values, one a line.
pub fn card<'a>(entries: impl IntoIterator<Item = (&'a str, String)>, style: &Style) -> String {
    let mut grid = Grid::plain(style, &[Side::Left, Side::Left]);
    for (name, value) in entries {
        grid.row([name, &value]);
    }
    grid.text(style)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_align_and_wide_letters_count_twice() {
        let style = Style::PLAIN;
        let mut grid = Grid::new(&style, &[("name", Side::Left), ("n", Side::Right)]);
        grid.row(["芯片", "1"]);
        grid.row(["chip", "10"]);
        let text = grid.text(&style);
        assert_eq!(text, "  name   n\n  芯片   1\n  chip  10\n");
    }

    #[test]
    fn nothing_is_wider_than_the_terminal() {
        let style = Style { width: 40, ..Style::PLAIN };
        let text = paragraph(&"word ".repeat(60), &style);
        assert!(text.lines().all(|line| line.chars().count() <= 40), "{text}");
    }

    #[test]
    fn escape_codes_only_where_allowed_and_never_from_data() {
        assert_eq!(heading("a\u{1b}[31mb", &Style::PLAIN), "a [31mb\n");
        assert!(heading("a", &Style { colour: true, ..Style::PLAIN }).starts_with('\u{1b}'));
    }
}
