//! A predicted number with how it was come by.

use serde::{Deserialize, Serialize};

/// How a time, and what is made of it, was come by; a sum is as weak as its weakest part.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Tier {
    /// A measured point, returned as measured.
    Measured,
    /// Between measured points of the same chip.
    Interpolated,
    /// Another shape, dtype or chip of a measured family.
    Transferred,
    /// From the specification: roofline times an efficiency.
    Specification,
}

impl Tier {
    /// The name that is printed.
    pub fn name(self) -> &'static str {
        match self {
            Self::Measured => "measured",
            Self::Interpolated => "interpolated",
            Self::Transferred => "transferred",
            Self::Specification => "specification",
        }
    }
}

/// A number with its 80 % interval, null where none is known, and its tier.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Estimate {
    /// The central value, null where there is no answer.
    pub value: Option<f64>,
    /// Lower end of the 80 % interval.
    pub lo: Option<f64>,
    /// Upper end of the 80 % interval.
    pub hi: Option<f64>,
    /// The weakest tier of its parts; null where there is no answer.
    pub tier: Option<Tier>,
}

impl Estimate {
    /// A value without an interval. A value that is not finite has no answer: it must not stand for one.
    pub fn new(value: f64, tier: Tier) -> Self {
        if value.is_finite() { Self { value: Some(value), lo: None, hi: None, tier: Some(tier) } } else { Self::NONE }
    }

    /// The same with an interval of these multiples of the value, low and high [ratio].
    #[must_use]
    pub fn within(self, ratios: Option<(f64, f64)>) -> Self {
        let end = |ratio: f64| self.value.map(|value| value * ratio).filter(|end| end.is_finite());
        match ratios {
            Some((low, high)) => Self { lo: end(low), hi: end(high), ..self },
            None => self,
        }
    }

    /// No answer.
    pub const NONE: Self = Self { value: None, lo: None, hi: None, tier: None };
}
