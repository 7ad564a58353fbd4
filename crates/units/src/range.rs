//! An uncertain figure: low, central, high.

use serde::{Deserialize, Serialize};

/// `low <= central <= high`, all finite, in the unit of whoever holds it.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Range {
    /// The low end.
    pub low: f64,
    /// The value used where nothing is varied.
    pub central: f64,
    /// The high end.
    pub high: f64,
}

impl Range {
    /// A figure without width.
    pub fn fixed(value: f64) -> Self {
        Self { low: value, central: value, high: value }
    }

    /// Checks the order and that all three are finite.
    pub fn new(low: f64, central: f64, high: f64) -> Option<Self> {
        (low.is_finite() && central.is_finite() && high.is_finite() && low <= central && central <= high)
            .then_some(Self { low, central, high })
    }

    /// Whether it has any width.
    pub fn varies(self) -> bool {
        self.low < self.high
    }
}
