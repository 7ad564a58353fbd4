//! From TOML to rules: the rule table as a whole, and the `[[rule]]` tables of a policy file.

mod book;
mod fields;
mod rule;

pub use book::{Contents, contents};
pub use rule::rules;
