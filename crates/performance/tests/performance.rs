//! The specification of the performance model, room by room.

#[path = "performance/closed_loop.rs"]
mod closed_loop;
#[path = "performance/contract.rs"]
mod contract;
#[path = "performance/fixtures.rs"]
mod fixtures;
#[path = "performance/laws.rs"]
mod laws;
#[path = "performance/memory.rs"]
mod memory;
#[path = "performance/operators.rs"]
mod operators;
#[path = "performance/phases.rs"]
mod phases;
#[path = "performance/reference.rs"]
mod reference;
#[path = "performance/refusals.rs"]
mod refusals;
#[path = "performance/simulation.rs"]
mod simulation;
#[path = "performance/speculative.rs"]
mod speculative;
