//! Quantities, dates, provenance, estimates, problems: the words that every other room speaks.
//!
//! Nothing here knows of chips, models or blocs. Values are SI inside; a unit stands in a type or in
//! a name (`_s`, `_byte_per_s`, `_usd`), and is converted only where something is read or printed.

pub mod dtype;
pub mod estimate;
pub mod format;
pub mod nearest;
pub mod problem;
pub mod provenance;
pub mod quarter;
pub mod range;
pub mod read;

pub use dtype::Dtype;
pub use estimate::{Estimate, Tier};
pub use nearest::{by_nearness, nearest, nearest_hint};
pub use problem::{Problem, Problems, Warning};
pub use provenance::{Confidence, Provenance};
pub use quarter::Quarter;
pub use range::Range;
pub use read::read_text;

pub use jiff::civil::Date;

/// One gigabyte [bytes]: the decimal one, as vendors count.
pub const GIGA: f64 = 1e9;
/// One tera-operation per second [op/s].
pub const TERA: f64 = 1e12;
/// Hours in a month: a twelfth of 365.25 days [h].
pub const HOURS_PER_MONTH: f64 = 365.25 * 24.0 / 12.0;
/// Seconds in that month [s].
pub const SECONDS_PER_MONTH: f64 = HOURS_PER_MONTH * 3600.0;
/// Seconds in a year of 365.25 days [s].
pub const SECONDS_PER_YEAR: f64 = 31_557_600.0;
