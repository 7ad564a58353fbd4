//! Tables for people.
//!
//! Each takes the contract's `result` object (the same that `--json` prints), so that what people and machines
//! read cannot differ. A key that is missing or null prints as a dash.

use serde_json::Value;

use crate::Style;

/// One deployment: a summary, and with `explain` where the time goes, by operator.
pub fn estimate(result: &Value, explain: bool, style: &Style) -> String {
    let _ = (result, explain, style);
    String::new()
}

/// The class, the outcome, the rule and the margins of one chip.
pub fn rules_check(result: &Value, style: &Style) -> String {
    let _ = (result, style);
    String::new()
}

/// Every chip's outcome for one destination and date.
pub fn rules_table(result: &Value, style: &Style) -> String {
    let _ = (result, style);
    String::new()
}

/// How many cases agree, and those that do not.
pub fn rules_cases(result: &Value, style: &Style) -> String {
    let _ = (result, style);
    String::new()
}

/// The scores by metric, chip, model and engine, and what was skipped and why.
pub fn validate(result: &Value, style: &Style) -> String {
    let _ = (result, style);
    String::new()
}

/// The cheapest deployments beside the prices of the same model by API.
pub fn plan(result: &Value, style: &Style) -> String {
    let _ = (result, style);
    String::new()
}

/// Trajectories at the ends of chosen years, policies side by side.
pub fn world(result: &Value, style: &Style) -> String {
    let _ = (result, style);
    String::new()
}

/// A list of facts, one a row; with a single row, its card.
pub fn facts(result: &Value, style: &Style) -> String {
    let _ = (result, style);
    String::new()
}

/// The findings of the brief: the nine verdicts with their votes, and what they depend on.
pub fn findings(brief: &study::findings::Brief, style: &Style) -> String {
    let _ = (brief, style);
    String::new()
}
