//! The two languages of what a reader reads, and the table of texts.

use std::str::FromStr;
use units::{Problem, nearest};

/// A language of the brief.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Language {
    /// English.
    #[default]
    English,
    /// Chinese in simplified characters.
    Chinese,
}

impl Language {
    /// Both, in the order of the table's columns.
    pub const ALL: [Self; 2] = [Self::English, Self::Chinese];

    /// The tag for `lang=` in a page (BCP 47).
    pub fn tag(self) -> &'static str {
        match self {
            Self::English => "en",
            Self::Chinese => "zh-Hans",
        }
    }
}

impl FromStr for Language {
    type Err = Problem;

    fn from_str(text: &str) -> Result<Self, Problem> {
        match text.trim().to_ascii_lowercase().as_str() {
            "en" | "english" => Ok(Self::English),
            "zh" | "zh-hans" | "zh-cn" | "chinese" => Ok(Self::Chinese),
            other => Err(Problem::new("unknown_language", format!("'{text}' is not a language of the brief; use en or zh"))
                .suggest(nearest(other, ["en", "zh"]).into_iter().next())),
        }
    }
}
