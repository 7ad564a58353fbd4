//! The chips that a world may buy, real, announced and to come (E20), and the models that its tokens are counted in.

use units::Quarter;

/// A chip as the world sees it.
#[derive(Clone, Debug, PartialEq)]
pub struct CatalogueChip {
    /// Our id; successors after the last announced one are `nvidia-2030` and so on.
    pub id: String,
    /// The name that is printed.
    pub name: String,
    /// The vendor, by index.
    pub vendor: usize,
    /// First quarter of shipment, before any slip.
    pub available: Quarter,
    /// Dense 8-bit operations [FLOP/s].
    pub flop_per_s: f64,
    /// Memory bandwidth [byte/s].
    pub byte_per_s: f64,
    /// Memory [bytes].
    pub memory_bytes: f64,
    /// Price when first sold [USD].
    pub price_usd: f64,
    /// Power with its share of host and network [W].
    pub power_w: f64,
    /// Tokens per second in decode by reference model, from the performance model; 0 where nothing fits [token/s].
    pub decode_tok_per_s: Vec<f64>,
    /// Whether it is synthetic: after the last announced chip, or cut to a threshold.
    pub synthetic: bool,
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
