//! The equations, one file each, numbered as in the design notes (WORLD). Each is a few plain functions of
//! numbers; how they are put together stands in [`crate::step`].

pub(crate) mod adoption;
pub(crate) mod capacity;
pub(crate) mod capital;
pub(crate) mod clearing;
pub(crate) mod controls;
pub(crate) mod demand;
pub(crate) mod domestic;
pub(crate) mod ecosystem;
pub(crate) mod learning;
pub(crate) mod levers;
pub(crate) mod observation;
pub(crate) mod price;
pub(crate) mod productivity;
pub(crate) mod progress;
pub(crate) mod purchases;
pub(crate) mod retirement;
pub(crate) mod spillover;
pub(crate) mod split;
pub(crate) mod supply;
pub(crate) mod trade;
pub(crate) mod training;

/// A quarter in years.
pub(crate) const DT: f64 = 0.25;
