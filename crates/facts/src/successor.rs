//! Chips to come: what is announced, and the growth assumed after the last announced one (E20).

use serde::Serialize;
use units::{Problems, Provenance, Quarter};

use crate::{Period, table};

/// One quantity of an announced chip, or of the rule for those that follow.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Successor {
    /// The chip's id, or the rule's; one row a quantity.
    pub id: String,
    /// Whether it is an announced chip; otherwise a rule for later generations.
    pub announced_chip: bool,
    /// The vendor, `all` for a rule.
    pub vendor: String,
    /// `us`, `china`, `rest` or `all`.
    pub bloc: String,
    /// The chip's name.
    pub chip: String,
    /// Our id of the chip it follows.
    pub predecessor: Option<String>,
    /// First quarter of shipment: low, central, high.
    pub available: [Option<Quarter>; 3],
    /// What is given: `dense_fp8`, `memory_bandwidth`, `memory_capacity`, `tdp`, a growth, a cadence.
    pub quantity: String,
    /// Low, in `unit`.
    pub low: Option<f64>,
    /// Central, in `unit`.
    pub central: Option<f64>,
    /// High, in `unit`.
    pub high: Option<f64>,
    /// The unit; blank for a bare note.
    pub unit: Option<String>,
    /// Whose view it is, where sources disagree.
    pub camp: Option<String>,
    /// When it was published.
    pub visible_from: Option<Period>,
    /// `announced`, `shipping`, `rule`, ...
    pub status: String,
    /// A remark.
    pub note: Option<String>,
    /// Where the row comes from.
    #[serde(flatten)]
    pub provenance: Provenance,
}

/// Reads `successors.csv`.
///
/// # Errors
/// Every problem of the table.
pub fn read_successors(text: &str, file: &str) -> Result<Vec<Successor>, Problems> {
    const OWN: [&str; 18] = [
        "id",
        "record",
        "vendor",
        "bloc",
        "chip",
        "predecessor",
        "available_low",
        "available_central",
        "available_high",
        "quantity",
        "low",
        "central",
        "high",
        "unit",
        "camp",
        "visible_from",
        "status",
        "note",
    ];
    let columns = [&OWN[..], &table::PROVENANCE].concat();
    table::read(text, file, &columns, |row| {
        let [low, central, high] = ["low", "central", "high"].map(|name| row.optional_number(name, table::ANY));
        let known: Vec<f64> = [low, central, high].into_iter().flatten().collect();
        if !known.is_sorted() {
            row.refuse("central", "bad_range", "low, central, high are not in rising order");
        }
        Successor {
            id: row.text("id"),
            announced_chip: row.one_of("record", &[("chip", true), ("trend_rule", false)]),
            vendor: row.text("vendor"),
            bloc: row.text("bloc"),
            chip: row.text("chip"),
            predecessor: row.optional_text("predecessor"),
            available: ["available_low", "available_central", "available_high"].map(|name| row.optional_parsed(name)),
            quantity: row.text("quantity"),
            low,
            central,
            high,
            unit: row.optional_text("unit"),
            camp: row.optional_text("camp"),
            visible_from: row.optional_parsed("visible_from"),
            status: row.text("status"),
            note: row.optional_text("note"),
            provenance: row.provenance(),
        }
    })
}
