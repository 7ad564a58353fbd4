//! Models of one shape: DeepSeek-V3, R1 and V3.1 are one to the performance model (MEASURED item 3).

use facts::Facts;

/// The first model in the table with the architecture of `model`; itself where it is in no table.
pub fn of<'a>(facts: &'a Facts, model: &'a str) -> &'a str {
    let Ok(found) = facts.model(model) else { return model };
    let first = facts.models.iter().find(|other| other.architecture == found.architecture);
    first.map_or(model, |first| &first.id)
}
