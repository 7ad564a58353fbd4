//! What a chip delivers with a model: operators with exact shapes, their times, a step, memory, the steady
//! state of a closed loop, energy and cost.
//!
//! The way in: [`estimate`] answers one question in full; [`Prepared`] answers many about one deployment
//! without allocating; [`reference_rate`] gives the world model its tokens per second per chip.

pub mod answer;
pub mod decoding;
pub mod deployment;
pub mod efficiency;
pub mod engine;
pub mod interval;
pub mod operator;
pub mod options;
pub mod prepared;
pub mod reference;
pub mod refusal;
pub mod speculative;
pub mod table;
pub mod workload;

mod arithmetic;
mod closed_loop;
mod cost;
mod estimate;
mod machine;
mod memory;
mod nearest;
mod operators;
mod step;

pub use answer::Answer;
pub use closed_loop::{
    client::{Client, Settings},
    simulation::Run,
};
pub use decoding::Decoding;
pub use deployment::{Deployment, Placement};
pub use efficiency::Efficiencies;
pub use engine::{
    Engine, EngineKind,
    constants::{Constant, Constants, EngineRow, EngineTable},
};
pub use estimate::{Request, estimate};
pub use interval::Intervals;
pub use nearest::nearest;
pub use operator::{Bound, Operator, Phase};
pub use options::{CostBasis, Options, Owning};
pub use prepared::{Prepared, Steady};
pub use reference::{Objective, ReferenceRate, reference_decode_tok_per_s, reference_rate};
pub use refusal::{Refusal, RefusalCode};
pub use speculative::Speculative;
pub use workload::Workload;
