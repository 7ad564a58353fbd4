//! Where a figure comes from.

use serde::{Deserialize, Serialize};
use std::str::FromStr;

use crate::Problem;

/// How far a figure may be trusted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Confidence {
    /// Recalled, estimated, or a source of low standing.
    Low,
    /// One secondary source, or derived.
    Medium,
    /// Read in the source itself, or several agree.
    High,
}

impl FromStr for Confidence {
    type Err = Problem;

    fn from_str(text: &str) -> Result<Self, Problem> {
        match text.trim().to_ascii_lowercase().as_str() {
            "high" => Ok(Self::High),
            "medium" => Ok(Self::Medium),
            "low" => Ok(Self::Low),
            _ => Err(Problem::new("bad_confidence", format!("'{text}' is not a confidence; use high, medium or low"))),
        }
    }
}

/// What every row of a table carries.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Provenance {
    /// Publisher, page or repository with its revision.
    pub source: String,
    /// The day, month, quarter or year that the figure is about or was seen.
    pub date: String,
    /// The licence under which the figure may be used.
    pub licence: String,
    /// How far it may be trusted.
    pub confidence: Confidence,
}
