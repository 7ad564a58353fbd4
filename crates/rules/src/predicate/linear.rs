//! Sums of figures, and their comparison with a threshold.

use std::fmt::{self, Write};

use super::{Quantity, Truth};
use crate::Figure;

/// How two numbers are compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Relation {
    /// `<`
    Less,
    /// `<=`
    LessOrEqual,
    /// `>`
    Greater,
    /// `>=`
    GreaterOrEqual,
    /// `==`
    Equal,
    /// `!=`
    NotEqual,
}

impl Relation {
    /// As written.
    pub fn name(self) -> &'static str {
        match self {
            Self::Less => "<",
            Self::LessOrEqual => "<=",
            Self::Greater => ">",
            Self::GreaterOrEqual => ">=",
            Self::Equal => "==",
            Self::NotEqual => "!=",
        }
    }

    /// Whether it holds.
    pub fn holds(self, left: f64, right: f64) -> bool {
        match self {
            Self::Less => left < right,
            Self::LessOrEqual => left <= right,
            Self::Greater => left > right,
            Self::GreaterOrEqual => left >= right,
            Self::Equal => left == right,
            Self::NotEqual => left != right,
        }
    }

    /// The relation with its sides exchanged.
    #[must_use]
    pub fn mirrored(self) -> Self {
        match self {
            Self::Less => Self::Greater,
            Self::LessOrEqual => Self::GreaterOrEqual,
            Self::Greater => Self::Less,
            Self::GreaterOrEqual => Self::LessOrEqual,
            same => same,
        }
    }
}

/// A sum of figures and a number.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Sum {
    /// Factor of each figure.
    pub factors: [f64; Quantity::COUNT],
    /// The number.
    pub constant: f64,
}

impl Sum {
    /// A number.
    pub fn number(constant: f64) -> Self {
        Self { constant, ..Self::default() }
    }

    /// One figure.
    pub fn quantity(quantity: Quantity) -> Self {
        let mut sum = Self::default();
        sum.factors[quantity as usize] = 1.0;
        sum
    }

    /// `self + sign * other`.
    #[must_use]
    pub fn plus(mut self, other: &Self, sign: f64) -> Self {
        for (own, theirs) in self.factors.iter_mut().zip(other.factors) {
            *own += sign * theirs;
        }
        self.constant += sign * other.constant;
        self
    }

    /// The figure, where the sum is exactly one.
    pub fn single(&self) -> Option<Quantity> {
        Quantity::ALL.into_iter().find(|quantity| *self == Self::quantity(*quantity))
    }
}

/// A sum of figures against a threshold; figures on the left, the first with a positive factor.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Comparison {
    /// Factor of each figure.
    pub factors: [f64; Quantity::COUNT],
    /// The relation.
    pub relation: Relation,
    /// The number on the right.
    pub threshold: f64,
}

impl Comparison {
    /// `left relation right`, brought to the normal form.
    pub fn new(left: &Sum, relation: Relation, right: &Sum) -> Self {
        let difference = left.plus(right, -1.0);
        let (factors, threshold) = (difference.factors, -difference.constant);
        if factors.iter().find(|factor| **factor != 0.0).is_some_and(|first| *first < 0.0) {
            let turned = factors.map(|factor| if factor == 0.0 { 0.0 } else { -factor });
            return Self { factors: turned, relation: relation.mirrored(), threshold: difference.constant };
        }
        Self { factors, relation, threshold: if threshold == 0.0 { 0.0 } else { threshold } }
    }

    /// The figures it reads.
    pub fn reads(&self) -> impl Iterator<Item = Quantity> {
        Quantity::ALL.into_iter().filter(|quantity| self.factors[*quantity as usize] != 0.0)
    }

    /// The sum of figures: `None` where one is unknown or inapplicable.
    pub fn value(&self, figures: &[Figure; Quantity::COUNT]) -> Option<f64> {
        self.reads().try_fold(0.0, |sum, quantity| {
            Some(sum + self.factors[quantity as usize] * figures[quantity as usize].value()?)
        })
    }

    /// Whether it holds: never for a figure that the item does not have.
    pub fn holds(&self, figures: &[Figure; Quantity::COUNT]) -> Truth {
        if let Some(value) = self.value(figures) {
            return self.relation.holds(value, self.threshold).into();
        }
        let inapplicable = self.reads().any(|quantity| figures[quantity as usize] == Figure::Inapplicable);
        if inapplicable { Truth::No } else { Truth::Maybe }
    }

    /// The left side, as people write it.
    pub fn quantity_text(&self) -> String {
        let mut text = String::new();
        for quantity in self.reads() {
            let factor = self.factors[quantity as usize];
            if !text.is_empty() {
                text.push_str(if factor < 0.0 { " - " } else { " + " });
            }
            if factor.abs() != 1.0 {
                let _ = write!(text, "{} ", factor.abs());
            }
            text.push_str(quantity.name());
        }
        text
    }
}

impl fmt::Display for Comparison {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {} {}", self.quantity_text(), self.relation.name(), self.threshold)
    }
}
