//! The nine claims, one file each; how votes become a verdict, and the thresholds fixed before the run.

pub mod settings;
pub mod verdict;
