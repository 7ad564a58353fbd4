//! Three truth values (Kleene's strong logic).

use std::ops::Not;

/// No, it depends on what is unknown, yes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Truth {
    /// Does not hold.
    No,
    /// Depends on an unknown figure.
    Maybe,
    /// Holds.
    Yes,
}

impl Truth {
    /// The weaker of two.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        self.min(other)
    }

    /// The stronger of two.
    #[must_use]
    pub fn or(self, other: Self) -> Self {
        self.max(other)
    }
}

impl Not for Truth {
    type Output = Self;

    fn not(self) -> Self {
        match self {
            Self::No => Self::Yes,
            Self::Maybe => Self::Maybe,
            Self::Yes => Self::No,
        }
    }
}

impl From<bool> for Truth {
    fn from(value: bool) -> Self {
        if value { Self::Yes } else { Self::No }
    }
}

impl From<Option<bool>> for Truth {
    fn from(value: Option<bool>) -> Self {
        value.map_or(Self::Maybe, Self::from)
    }
}

#[cfg(test)]
mod tests {
    use super::Truth::{self, Maybe, No, Yes};

    const ALL: [Truth; 3] = [No, Maybe, Yes];

    #[test]
    fn the_laws_of_and_or_and_not_hold_in_three_values() {
        for a in ALL {
            assert_eq!(!!a, a);
            assert_eq!(a.and(Yes), a);
            assert_eq!(a.or(No), a);
            assert_eq!(a.and(No), No);
            assert_eq!(a.or(Yes), Yes);
            for b in ALL {
                assert_eq!(a.and(b), b.and(a));
                assert_eq!(!(a.and(b)), (!a).or(!b), "De Morgan");
                assert_eq!(a.or(a.and(b)), a, "absorption");
                for c in ALL {
                    assert_eq!(a.and(b.or(c)), a.and(b).or(a.and(c)), "distribution");
                }
            }
        }
    }
}
