//! The answer, in the shape of the contract.

use serde::Serialize;
use units::{Confidence, Date, Warning};

use crate::{Iso2, Outcome, item::ItemSource};

/// What the rules say of one item and one query (the `result` of `rules check`).
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Answer {
    /// The item.
    pub chip: ChipLine,
    /// The question, resolved.
    pub query: QueryLine,
    /// The figures that the rules read.
    pub metrics: Metrics,
    /// `3A090`, `3A090.a`, `3A090.b`, `3A090.c`, `none`, `indeterminate`, `unconfirmed`.
    pub class: String,
    /// All classes that the item meets, in the order of the rules.
    pub classes: Vec<String>,
    /// The outcome.
    pub outcome: Outcome,
    /// The outcome in words.
    pub outcome_text: String,
    /// The rule that set the outcome; null where none did, or where it is not determined.
    pub rule: Option<RuleLine>,
    /// Ids of the rules that held, in order.
    pub applied: Vec<String>,
    /// Each threshold of the rules in force beside the item's figure; left out of tables.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub margins: Option<Vec<Margin>>,
    /// The duty, where one applies.
    pub tariff: Option<Tariff>,
    /// `yes`, `partial`, `arithmetic`, `none`: whether a public statement confirms it for this chip and regime.
    pub confirmation: &'static str,
    /// What else to know: conditions of the rules that held, measures that change no outcome.
    pub notes: Vec<String>,
    /// What no answer here covers.
    pub not_covered: [&'static str; 4],
    /// For the envelope.
    #[serde(skip)]
    pub warnings: Vec<Warning>,
}

/// The item, in an answer.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ChipLine {
    /// Our id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Built in, or from a file.
    pub source: ItemSource,
    /// How far its figures may be trusted.
    pub confidence: Confidence,
}

/// The question, resolved to codes.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct QueryLine {
    /// Destination, before Hong Kong is counted as China.
    pub to: Iso2,
    /// The day.
    pub on: Date,
    /// Headquarters, where given.
    pub headquartered_in: Option<Iso2>,
    /// Shipped from outside the United States.
    pub reexport: bool,
    /// The named list of rules, where given.
    pub snapshot: Option<String>,
}

/// The figures that the rules read.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Metrics {
    /// Total processing performance [TOPS x bit].
    pub tpp: Option<f64>,
    /// The format that gives it.
    pub tpp_dtype: Option<String>,
    /// TPP over die area [TOPS x bit / mm2].
    pub performance_density: Option<f64>,
    /// Applicable die area [mm2].
    pub die_area_mm2: Option<f64>,
    /// All interfaces but memory, both directions [GB/s].
    pub io_gb_per_s: Option<f64>,
    /// DRAM bandwidth [GB/s].
    pub dram_bw_gb_per_s: Option<f64>,
    /// Designed or marketed for data centres.
    pub datacenter: bool,
}

/// The rule that set the outcome.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct RuleLine {
    /// Its id.
    pub id: String,
    /// Its title.
    pub title: String,
    /// Federal Register, company filing; null for a user's rule.
    pub citation: Option<String>,
    /// First day.
    pub effective: Date,
    /// Where it was read.
    pub source: Option<String>,
    /// How far the row may be trusted.
    pub confidence: Option<Confidence>,
}

/// One threshold beside the item's figure.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Margin {
    /// The rule.
    pub rule: String,
    /// The class, or null where the threshold stands in a licence block.
    pub class: Option<String>,
    /// `tpp`, `pd`, `io`, `dram_bw`, or a sum of them.
    pub quantity: String,
    /// `>=`, `>`, `<=`, `<`, `==`, `!=`.
    pub relation: &'static str,
    /// The threshold, in the quantity's unit.
    pub threshold: f64,
    /// The item's figure; null where not known.
    pub value: Option<f64>,
    /// Whether the comparison holds; null where not known.
    pub met: Option<bool>,
    /// value / threshold - 1.
    pub margin_fraction: Option<f64>,
}

/// A duty on imports into the United States on the way.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Tariff {
    /// The rate [fraction of value].
    pub rate_fraction: f64,
    /// The rule.
    pub rule: String,
}
