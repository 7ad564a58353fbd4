//! The world model: blocs quarter by quarter, from chips to adoption, one file an equation.
//!
//! The way in: read the uncertain inputs ([`Registry`]) and the policies ([`Policy`]), build the [`World`] once
//! (it tabulates tokens per second of every chip and reference model), [`World::compile`] each policy once (it
//! asks the export rules), and [`World::run`] it for as many futures as wanted. A future is a vector of f64 in
//! the order of the registry. A run allocates nothing inside its quarterly loop.
//!
//! Equations are numbered as in the design notes (WORLD, E1 to E24); each file of [`equations`] names its own.

// A bloc indexes many arrays at once: the index says so more plainly than a zip of five.
#![allow(clippy::needless_range_loop)]

pub mod blocs;
pub mod catalogue;
pub mod compile;
mod equations;
pub mod fit;
mod history;
pub mod inputs;
pub mod lineage;
mod parameters;
pub mod policy;
mod published;
pub mod regions;
mod run;
mod state;
mod step;
mod tables;
pub mod trajectory;
pub mod variant;
pub mod world;

pub use blocs::{BlocSpec, MAX_BLOCS};
pub use catalogue::{CatalogueChip, Cut, ModelRate, Origin, ReferenceModel};
pub use compile::{CompiledPolicy, CompiledSwitch};
pub use fit::Observation;
pub use inputs::{Distribution, InputSpec, Registry};
pub use policy::{Policy, Stance};
pub use trajectory::{Accounts, Dimension, PublishedName, SeriesInfo, Trajectory, Variable};
pub use variant::{CapitalShock, Currency, FleetShock, Purpose, Switches, Variant};
pub use world::{RunOptions, Sources, World};
