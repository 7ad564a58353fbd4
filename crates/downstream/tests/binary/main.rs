//! The real binary, end to end: what a user types, what a user sees.

#![allow(clippy::unwrap_used)] // A test may panic; the lint knows only functions marked as tests.

mod bad_input;
mod calibrate;
mod conventions;
mod explore;
mod explore_analysis;
mod hindcast;
mod support;
mod verbs;
