//! SHA-256 of what a result rests on.

use facts::Facts;
use sha2::{Digest, Sha256};
use std::fmt::Write;

/// The hash of every table of facts, by name and content, as the envelope of every answer carries it.
pub fn data_sha256(facts: &Facts) -> String {
    let mut hash = Sha256::new();
    for (name, text) in facts.texts() {
        for part in [name, text] {
            hash.update(part.as_bytes());
            hash.update([0]);
        }
    }
    hexadecimal(&hash.finalize())
}

/// The hash of a text.
pub fn text_sha256(text: &str) -> String {
    hexadecimal(&Sha256::digest(text.as_bytes()))
}

fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        // Writing to a string cannot fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_hash_is_that_of_the_standard() {
        // FIPS 180-4's example "abc".
        assert!(text_sha256("abc").starts_with("ba7816bf8f01cfea"));
    }
}
