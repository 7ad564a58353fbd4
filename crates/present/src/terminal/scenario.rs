//! Two scenarios side by side.

use serde_json::Value;

use super::{
    grid::{Grid, Side, paragraph},
    json::{list, text},
};
use crate::Style;

/// The keys on which two scenarios differ, what each says side by side.
pub fn scenario_diff(result: &Value, style: &Style) -> String {
    let (a, b) = (text(result, "a"), text(result, "b"));
    let differences = list(result, "differences");
    if differences.is_empty() {
        return paragraph(&format!("'{a}' and '{b}' say the same of every key."), style);
    }
    let mut grid = Grid::new(style, &[("key", Side::Left), (&a, Side::Left), (&b, Side::Left)]);
    for difference in differences {
        grid.row([text(difference, "key"), text(difference, "a"), text(difference, "b")]);
    }
    grid.text(style)
}
