//! What the rules say, written as sentences.
#![allow(clippy::unwrap_used, clippy::print_stderr)]

#[path = "specification/history.rs"]
mod history;
#[path = "specification/language.rs"]
mod language;
#[path = "specification/policies.rs"]
mod policies;

use facts::Facts;
use rules::Item;
use std::sync::LazyLock;

static FACTS: LazyLock<Facts> = LazyLock::new(|| Facts::load(None).unwrap());

/// A built-in chip as the rules see it.
fn item(id: &str) -> Item {
    Item::from_chip(FACTS.chip(id).unwrap())
}
