//! Learning the few constants of an engine from end-to-end measurements.
//!
//! A measurement is a setup with the figures that were measured of it; the constants are those that make the
//! predictions of the closed loop nearest to them, by the mean of absolute logarithms of prediction over measurement.
//! Errors above a factor of [`fit::GROSS`] count as that factor, so that a run that went wrong (compilation in the
//! measured window) pulls no harder than a bad one.
//!
//! The committed constants (`data/engine_constants.csv`) and those of every fold (`data/engine_folds.csv`), which
//! `validate --leave-out` uses, come from [`folds::refit`] on the kept rows of `silicon_sample.csv`; a user's own
//! benchmarks from `user`.

pub mod bench_json;
pub mod fit;
pub mod folds;
pub mod user;

mod search;

pub use fit::{Case, FITTED, Fitted};
pub use folds::Folds;
