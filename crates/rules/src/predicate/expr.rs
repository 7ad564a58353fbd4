//! The tree of a condition and its evaluation.

use super::{Comparison, Flag, Quantity, Truth, Word};
use crate::{
    Figure, Iso2,
    book::{GroupId, GroupView},
};

/// A condition.
#[derive(Clone, Debug, PartialEq)]
pub enum Expr {
    /// Holds or not, whatever the item.
    Constant(bool),
    /// A yes or no of the item or the query.
    Flag(Flag),
    /// The opposite.
    Not(Box<Self>),
    /// `and`
    All(Vec<Self>),
    /// `or`
    Any(Vec<Self>),
    /// Figures against a threshold.
    Compare(Comparison),
    /// The item has no such figure (one that is only unknown exists).
    IsNone(Quantity),
    /// A word among quoted words.
    WordIn(Word, Vec<String>),
    /// The destination among countries and groups.
    DestIn(Vec<Iso2>, Vec<GroupId>),
}

/// What a condition is evaluated over.
#[derive(Clone, Debug)]
pub struct Scope<'a> {
    /// The figures, by [`Quantity`].
    pub figures: [Figure; Quantity::COUNT],
    /// The flags, by [`Flag`]; `None` = unknown.
    pub flags: [Option<bool>; Flag::COUNT],
    /// The words, by [`Word`].
    pub words: [&'a str; Word::ALL.len()],
    /// The destination under the rules.
    pub dest: Iso2,
    /// Who is in which group.
    pub groups: GroupView<'a>,
}

impl Expr {
    /// Whether the condition holds.
    pub fn evaluate(&self, scope: &Scope) -> Truth {
        match self {
            Self::Constant(value) => (*value).into(),
            Self::Flag(flag) => scope.flags[*flag as usize].into(),
            Self::Not(inner) => !inner.evaluate(scope),
            Self::All(parts) => {
                let mut all = Truth::Yes;
                for part in parts {
                    all = all.and(part.evaluate(scope));
                    if all == Truth::No {
                        break;
                    }
                }
                all
            }
            Self::Any(parts) => {
                let mut any = Truth::No;
                for part in parts {
                    any = any.or(part.evaluate(scope));
                    if any == Truth::Yes {
                        break;
                    }
                }
                any
            }
            Self::Compare(comparison) => comparison.holds(&scope.figures),
            Self::IsNone(quantity) => (scope.figures[*quantity as usize] == Figure::Inapplicable).into(),
            Self::WordIn(word, list) => list.iter().any(|entry| entry == scope.words[*word as usize]).into(),
            Self::DestIn(countries, groups) => (countries.contains(&scope.dest)
                || groups.iter().any(|group| scope.groups.holds(*group, scope.dest)))
            .into(),
        }
    }

    /// The parts of an `and`, an `or` or a `not`.
    fn parts(&self) -> &[Self] {
        match self {
            Self::Not(inner) => std::slice::from_ref(inner),
            Self::All(parts) | Self::Any(parts) => parts,
            _ => &[],
        }
    }

    /// Collects the comparisons from left to right.
    pub fn comparisons<'a>(&'a self, found: &mut Vec<&'a Comparison>) {
        if let Self::Compare(comparison) = self {
            found.push(comparison);
        }
        for part in self.parts() {
            part.comparisons(found);
        }
    }

    /// Collects the countries that are named.
    pub fn countries(&self, found: &mut Vec<Iso2>) {
        if let Self::DestIn(countries, _) = self {
            found.extend(countries);
        }
        for part in self.parts() {
            part.countries(found);
        }
    }

    /// Whether a flag is read.
    pub fn reads_flag(&self, flag: Flag) -> bool {
        *self == Self::Flag(flag) || self.parts().iter().any(|part| part.reads_flag(flag))
    }
}
