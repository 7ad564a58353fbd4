//! What the rules say, written as sentences.
#![allow(clippy::unwrap_used, clippy::print_stderr)]

#[path = "specification/history.rs"]
mod history;
#[path = "specification/language.rs"]
mod language;
#[path = "specification/policies.rs"]
mod policies;
