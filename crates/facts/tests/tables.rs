//! The built-in tables, and what the loader says of broken ones.

use facts::Facts;

fn facts() -> Facts {
    Facts::load(None).unwrap_or_else(|problems| panic!("{problems}"))
}

#[test]
fn every_built_in_table_loads() {
    let facts = facts();
    assert_eq!(facts.chips.len(), 99);
}
