//! What share of its peaks a chip delivers: the table `data/efficiencies.csv`.

use std::sync::LazyLock;
use units::Problems;

const BUILTIN: &str = include_str!("../../../data/efficiencies.csv");

/// The table of efficiencies, floors and overheads.
#[derive(Clone, Debug, PartialEq)]
pub struct Efficiencies {}

impl Efficiencies {
    /// The embedded table.
    pub fn builtin() -> &'static Self {
        static TABLE: LazyLock<Efficiencies> = LazyLock::new(|| {
            Efficiencies::parse(BUILTIN, "data/efficiencies.csv").expect("the embedded table is checked by a test")
        });
        &TABLE
    }

    /// Reads a table of the same columns.
    ///
    /// # Errors
    /// Every problem of the table, with line and column.
    pub fn parse(_text: &str, _file: &str) -> Result<Self, Problems> {
        Ok(Self {})
    }

    /// The table without the rows measured on one chip, which then is priced like a chip never seen: for
    /// scoring how far the rest carries over (`validate --leave-out chip`).
    #[must_use]
    pub fn without_chip(&self, _chip_id: &str) -> Self {
        self.clone()
    }
}
