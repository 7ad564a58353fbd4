//! The chips that a world may buy, real, announced and to come (E20), and the models that its tokens are counted in.
//!
//! Chips to come are real [`Chip`]s with grown figures: the performance model and the export rules see them as
//! they see any other. Where a buyer may not have a chip, its vendor offers it cut to a threshold, as it did with
//! the H20 (fewer operations, all the bandwidth) and the RTX 6000D (all the operations, less bandwidth).

mod build;
mod rates;

pub(crate) use build::{Horizon, build};

use facts::Chip;
use units::Quarter;

/// What a chip of the catalogue is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin {
    /// A chip of the table of chips.
    Listed,
    /// Announced, with its vendor's figures.
    Announced,
    /// After the last announced one, by its line's trend.
    Trend,
    /// A chip cut to a threshold; the index is that of the full one.
    Cut(usize, Cut),
}

/// How a chip is cut.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cut {
    /// Operations, below the thresholds of TPP and density: as the H20.
    Operations,
    /// Bandwidth, below 1,400 GB/s, and 1,700 GB/s with links: as the RTX 6000D.
    Bandwidth,
    /// Both: as the L20.
    Both,
}

/// A chip as the world sees it.
#[derive(Clone, Debug, PartialEq)]
pub struct CatalogueChip {
    /// Its specification, as rules and performance model see it.
    pub chip: Chip,
    /// What it is.
    pub origin: Origin,
    /// The vendor, by index in [`crate::Trajectory::vendors`].
    pub vendor: usize,
    /// First quarter of shipment, before any slip.
    pub available: Quarter,
    /// First quarter in which it is no longer sold.
    pub withdrawn: Quarter,
    /// Dense 8-bit operations [FLOP/s].
    pub flop_per_s: f64,
    /// Memory bandwidth [byte/s].
    pub byte_per_s: f64,
    /// Memory [bytes].
    pub memory_bytes: f64,
    /// Transfer rate over all links, both directions [byte/s].
    pub io_byte_per_s: f64,
    /// Price when first sold, by central inputs [USD].
    pub price_usd: f64,
    /// Power with its share of host and network [W].
    pub power_w: f64,
    /// What it does with each reference model.
    pub rates: Vec<ModelRate>,
    /// Tokens per second in prefill, over the mix of reference models [token/s].
    pub prefill_tok_per_s: f64,
    /// Tokens per second in decode, over the mix of reference models [token/s].
    pub decode_tok_per_s: f64,
    /// Elasticity of decode to bandwidth; the rest is to operations.
    pub decode_bandwidth_elasticity: f64,
    /// Packages that a wafer of advanced packaging yields, for American chips [packages/wafer].
    pub packages_per_wafer: f64,
    /// Dies of the size of an Ascend 910B's that a Chinese chip takes [dies].
    pub dies: f64,
    /// Whether its memory is stacked beside the dies.
    pub has_stacked_memory: bool,
    /// Its line, by index.
    pub(crate) line: usize,
    /// Price of the chip that its own is derived from, and the years of growth since [USD, years].
    pub(crate) price_base: (f64, f64),
    /// Years since the last announced chip of its line; 0 for those that have figures [years].
    pub(crate) trend_years: f64,
}

/// What a chip does with one reference model; `None` = it does not fit or misses the objective.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct ModelRate {
    /// Tokens per second in prefill [token/s].
    pub prefill_tok_per_s: Option<f64>,
    /// Tokens per second in decode [token/s].
    pub decode_tok_per_s: Option<f64>,
}

impl CatalogueChip {
    /// Whether its figures are the vendor's promise or a trend, so that they may slip and fall short.
    pub fn is_to_come(&self) -> bool {
        matches!(self.origin, Origin::Announced | Origin::Trend)
    }
}

/// A model that tokens are counted in.
#[derive(Clone, Debug, PartialEq)]
pub struct ReferenceModel {
    /// The model's id.
    pub id: String,
    /// Its share of the tokens [fraction].
    pub weight: f64,
    /// Mean context in decode [tokens].
    pub context_tokens: f64,
    /// Longest decode step [s].
    pub tpot_limit_s: f64,
}
