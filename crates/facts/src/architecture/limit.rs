//! Bounds on what is read: far above any model, and small enough that one layer's parameters fit in 64 bits.

use units::Problem;

use super::Architecture;

/// Largest model that is read [parameters]: a thousand times the largest there is.
pub const MAX_PARAMETERS: u64 = 1 << 50;

pub const VOCAB: u64 = 1 << 24;
pub const HIDDEN: u64 = 1 << 20;
pub const HEADS: u64 = 1 << 16;
pub const HEAD_DIM: u64 = 1 << 16;
/// All heads together.
pub const HEADS_WIDTH: u64 = 1 << 21;
pub const RANK: u64 = 1 << 20;
pub const MLP_WIDTH: u64 = 1 << 22;
/// All shared experts together.
pub const SHARED_WIDTH: u64 = 1 << 36;
pub const EXPERTS: u64 = 1 << 14;
pub const LAYERS: u64 = 1 << 12;
pub const CONTEXT: u64 = 1 << 40;
pub const KERNEL: u64 = 1 << 10;

/// Of a vision encoder.
pub mod vision {
    pub const HIDDEN: u64 = 1 << 16;
    pub const LAYERS: u64 = 1 << 10;
    pub const WIDTH: u64 = 1 << 20;
    pub const SIDE: u64 = 1 << 16;
    pub const TABLE: u64 = 1 << 24;
    pub const TILES: u64 = 1 << 8;
}

impl Architecture {
    /// The problem of a shape too large to count in 64 bits.
    pub(crate) fn too_large(&self) -> Option<Problem> {
        let message = || format!("describes more than {MAX_PARAMETERS} parameters; no such model exists");
        (self.total_params() > MAX_PARAMETERS).then(|| Problem::new("too_large", message()))
    }
}
