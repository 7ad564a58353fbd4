//! The small language of the rule table: conditions on a chip's figures and on the destination.
//!
//! ```text
//! (tpp >= 4800 or (tpp >= 1600 and pd is not None and pd >= 5.92)) and dc
//! current == 'nac' and dest not in D5 and dest != 'Macau'
//! 2400 <= tpp < 4800
//! ```
//!
//! Numbers, quoted words, the names of [`names`], `and or not in`, comparisons (also chained), sums, parentheses,
//! lists, `is None`: anything else is a [`Problem`] with its column. It is parsed once into a tree and evaluated
//! in three values, since a figure may be unknown. Sums keep every comparison linear, which is what lets
//! [`breakpoints`] find all the sides of all thresholds exactly; products would not, so there are none.

pub mod breakpoints;
pub mod expr;
pub mod linear;
pub mod names;
mod parse;
mod token;
mod truth;

pub use expr::{Expr, Scope};
pub use linear::{Comparison, Relation};
pub use names::{Flag, Quantity, Word};
pub use truth::Truth;

use units::Problem;

use crate::{Iso2, book::Groups};

/// Deepest nesting of parentheses and lists: far above any rule, far below what would exhaust the stack.
pub const MAX_DEPTH: usize = 64;

/// A parsed condition.
#[derive(Clone, Debug, PartialEq)]
pub struct Predicate {
    /// As it was written.
    pub text: String,
    /// The tree.
    pub expr: Expr,
}

impl Predicate {
    /// Parses a condition; names of groups are those of `groups`.
    ///
    /// # Errors
    /// The first thing that is not of the language, with line and column within `text` and what was meant.
    pub fn parse(text: &str, groups: &Groups) -> Result<Self, Problem> {
        let tokens = token::tokens(text)?;
        Ok(Self { text: text.to_string(), expr: parse::expression(text, &tokens, groups)? })
    }

    /// Whether the condition holds; [`Truth::Maybe`] where it reads a figure that is unknown.
    pub fn holds(&self, scope: &Scope) -> Truth {
        self.expr.evaluate(scope)
    }

    /// The countries that it names.
    pub fn countries(&self) -> Vec<Iso2> {
        let mut found = Vec::new();
        self.expr.countries(&mut found);
        found
    }

    /// The comparisons of figures with thresholds, as written from left to right.
    pub fn comparisons(&self) -> Vec<&Comparison> {
        let mut found = Vec::new();
        self.expr.comparisons(&mut found);
        found
    }
}
