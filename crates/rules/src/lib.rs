//! Export rules: dated predicates over a chip's figures, destinations, outcomes, citations.
//!
//! The table `data/export_rules.toml` is data, and its predicates are a small language of their own
//! ([`predicate`]); nothing about a particular rule stands in code. A [`RuleBook`] answers for one [`Item`]
//! and one [`Query`], or only the [`Outcome`] where the world model asks for many chips and quarters.
//! A figure that is not known is tried over all its values: where the outcome then differs, the answer is
//! `indeterminate`, never `free`.

pub mod answer;
pub mod book;
pub mod cases;
mod check;
mod confirmation;
mod evaluate;
pub mod item;
mod margins;
pub mod outcome;
pub mod place;
pub mod predicate;
pub mod query;
mod read;
pub mod rule;
pub mod sheet;

pub use answer::Answer;
pub use book::RuleBook;
pub use item::{Figure, Item};
pub use outcome::Outcome;
pub use place::Iso2;
pub use query::Query;
pub use rule::Rule;
