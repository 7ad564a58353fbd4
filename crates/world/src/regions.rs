//! Regions: how the data divides the world. A bloc is a union of parts of regions, so that a scenario may split
//! or join them; what is counted is shared out by gross domestic product, what is a rate is averaged by it.

/// The regions of the data, in the order of every figure by region.
pub const REGIONS: [&str; 3] = ["us", "china", "rest"];

/// Index of the United States.
pub(crate) const US: usize = 0;
/// Index of China: mainland, Hong Kong, Macau.
pub(crate) const CHINA: usize = 1;
/// Index of the rest of the world.
pub(crate) const REST: usize = 2;

/// A number for each region.
pub(crate) type ByRegion = [f64; REGIONS.len()];
