//! Tables for people.
//!
//! Each takes the contract's `result` object (the same that `--json` prints), so that what people and machines
//! read cannot differ; the findings of the brief come as their own type. A key that is missing or null prints as
//! a dash. Every text ends with a newline, and holds escape codes only where the [`crate::Style`] allows colour.

mod adapt;
mod analysis;
mod calibrate;
mod checks;
mod estimate;
mod explore;
mod facts;
mod findings;
mod grid;
pub(crate) mod hindcast;
mod json;
mod plan;
mod rules;
mod scenario;
mod validate;
mod world;
mod world_compare;
mod world_trace;

pub use adapt::adapt;
pub use analysis::analysis;
pub use calibrate::calibrate;
pub use checks::checks;
pub use estimate::estimate;
pub use explore::explore;
pub use facts::facts;
pub use findings::findings;
pub use hindcast::hindcast;
pub use plan::plan;
pub use rules::{rules_cases, rules_check, rules_table};
pub use scenario::scenario_diff;
pub use validate::validate;
pub use world::world;
pub use world_compare::world_compare;
pub use world_trace::world_trace;
