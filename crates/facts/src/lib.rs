//! Facts: typed tables of chips, models, prices, sectors, blocs, workloads and history, each row with its
//! source, date, licence and confidence; and what is counted from a model's architecture.
//!
//! A fact is read once, checked as a whole (all problems of a table at once) and never defaulted: an unknown
//! figure is `None`.

pub mod architecture;
pub mod chip;
pub mod model;

pub use architecture::{Architecture, Counts};
pub use chip::Chip;
pub use model::{Model, ModelScore, find_model, read_model_scores, read_models};
