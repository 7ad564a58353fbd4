//! Vision encoders of a configuration.

use super::Keys;
use crate::architecture::Vision;

/// The vision encoder, where there is one that is known.
pub fn read(_root: &Keys<'_>, _family: &str, _hidden: u64) -> Option<Vision> {
    None
}
