//! The real binary, end to end: what a user types, what a user sees.

mod bad_input;
mod conventions;
mod support;
mod verbs;
