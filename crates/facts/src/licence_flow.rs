//! What a licence outcome lets through: shares of uncontrolled demand, as priors by outcome class.

use serde::Serialize;
use units::{Problems, Provenance, Range};

use crate::table;

/// The share of uncontrolled demand that is shipped under one outcome.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct LicenceFlow {
    /// The outcome, in the words of the export rules' `[outcomes]`.
    pub outcome: String,
    /// `legal` or `smuggled`: the smuggled rows calibrate the leak (E12), never the legal flow.
    pub channel: String,
    /// `flop`, `bandwidth` or `both`.
    pub currency: String,
    /// Shipped as a share of uncontrolled demand [fraction]; above 1 where a chip strong in one currency
    /// is bought in place of another.
    pub share: Range,
    /// `derived` or `assumption`.
    pub kind: String,
    /// What it was read off.
    pub basis: Option<String>,
    /// A remark.
    pub note: Option<String>,
    /// Where the row comes from.
    #[serde(flatten)]
    pub provenance: Provenance,
}

impl LicenceFlow {
    /// Outcome, channel, currency and basis, which together name it.
    pub fn id(&self) -> String {
        let parts = [Some(self.outcome.as_str()), Some(&self.channel), Some(&self.currency), self.basis.as_deref()];
        parts.into_iter().flatten().collect::<Vec<_>>().join("/")
    }
}

/// Reads `licence_flow.csv`.
///
/// # Errors
/// Every problem of the table.
pub fn read_licence_flow(text: &str, file: &str) -> Result<Vec<LicenceFlow>, Problems> {
    const OWN: [&str; 9] = ["outcome", "channel", "currency", "low", "central", "high", "kind", "basis", "note"];
    let columns = [&OWN[..], &table::PROVENANCE].concat();
    table::read(text, file, &columns, |row| LicenceFlow {
        outcome: row.text("outcome"),
        channel: row.text("channel"),
        currency: row.text("currency"),
        share: row.range(["low", "central", "high"], table::NOT_NEGATIVE),
        kind: row.text("kind"),
        basis: row.optional_text("basis"),
        note: row.optional_text("note"),
        provenance: row.provenance(),
    })
}
