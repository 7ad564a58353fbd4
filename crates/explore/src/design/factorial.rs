//! Full factorial designs: every combination of levels once.

use super::DesignError;

/// Every combination of levels, the last dimension changing fastest.
///
/// A dimension of k levels is cut into k equal parts and stands at their middles: the coordinates keep off 0 and 1,
/// where many inverse CDFs are infinite, and each level speaks for the same share of the distribution.
///
/// # Examples
/// ```
/// use explore::design::Factorial;
///
/// let design = Factorial::new(&[2, 3]).unwrap();
/// assert_eq!(design.rows(), 6);
/// assert_eq!(design.levels_of(4), [1, 1]);
/// assert_eq!(design.point(4), [0.75, 0.5]);
/// ```
#[derive(Clone, Debug)]
pub struct Factorial {
    levels: Vec<u32>,
    rows: u64,
}

impl Factorial {
    /// A design with so many levels in each dimension.
    ///
    /// # Errors
    /// A dimension without levels, or more rows than a `u64` counts.
    pub fn new(levels: &[u32]) -> Result<Self, DesignError> {
        if let Some(dimension) = levels.iter().position(|levels| *levels == 0) {
            return Err(DesignError { message: format!("dimension {dimension} of a factorial design has no levels") });
        }
        let rows = levels.iter().try_fold(1u64, |rows, levels| rows.checked_mul(u64::from(*levels)));
        let rows = rows.ok_or_else(|| DesignError { message: "a factorial design has more than 2^64 rows".into() })?;
        Ok(Self { levels: levels.to_vec(), rows })
    }

    /// Number of rows: the product of the levels.
    pub fn rows(&self) -> u64 {
        self.rows
    }

    /// Number of dimensions.
    pub fn dimensions(&self) -> u32 {
        self.levels.len() as u32
    }

    /// The level of each dimension in a row, from 0.
    ///
    /// # Panics
    /// If the row lies outside the design.
    pub fn levels_of(&self, row: u64) -> Vec<u32> {
        assert!(row < self.rows, "row {row} is not in the design");
        let mut rest = row;
        let mut chosen: Vec<u32> = self
            .levels
            .iter()
            .rev()
            .map(|levels| {
                let level = rest % u64::from(*levels);
                rest /= u64::from(*levels);
                level as u32
            })
            .collect();
        chosen.reverse();
        chosen
    }

    /// All coordinates of a row.
    ///
    /// # Panics
    /// If the row lies outside the design.
    pub fn point(&self, row: u64) -> Vec<f64> {
        let middle = |(level, levels): (u32, &u32)| (f64::from(level) + 0.5) / f64::from(*levels);
        self.levels_of(row).into_iter().zip(&self.levels).map(middle).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn every_combination_comes_once(levels in prop::collection::vec(1u32..5, 0..5)) {
            let design = Factorial::new(&levels).unwrap();
            let all: std::collections::BTreeSet<Vec<u32>> = (0..design.rows()).map(|row| design.levels_of(row)).collect();
            prop_assert_eq!(all.len() as u64, levels.iter().map(|levels| u64::from(*levels)).product::<u64>());
            prop_assert!(all.iter().flat_map(|row| row.iter().zip(&levels)).all(|(level, levels)| level < levels));
        }
    }

    #[test]
    fn what_cannot_be_counted_is_refused() {
        assert!(Factorial::new(&[3, 0]).is_err());
        assert!(Factorial::new(&[1 << 31; 3]).is_err());
    }
}
