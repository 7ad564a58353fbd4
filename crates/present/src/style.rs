//! How a table for people is drawn: its width, its language, and whether it may use colour.

use crate::Language;

/// What the binary knows of the reader's terminal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Style {
    /// Widest line [columns]; tables wrap their text to it.
    pub width: usize,
    /// Whether escape codes for colour may be written: on a terminal that wants them, never into a pipe.
    pub colour: bool,
    /// The reader's language, where a table has sentences.
    pub language: Language,
}

impl Style {
    /// Plain text for a pipe or a file: 100 columns, no colour, English.
    pub const PLAIN: Self = Self { width: 100, colour: false, language: Language::English };
}

impl Default for Style {
    fn default() -> Self {
        Self::PLAIN
    }
}
