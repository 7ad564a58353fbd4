//! Constants of engines, fitted to a user's benchmarks.

use serde_json::Value;

use super::{
    grid::{Grid, Side, paragraph},
    json::{list, number, text},
};
use crate::Style;

/// One table an engine and chip, with the errors before and after.
pub fn calibrate(result: &Value, style: &Style) -> String {
    let mut out = String::new();
    for fit in list(result, "fits") {
        let columns =
            [("constant", Side::Left), ("before", Side::Right), ("fitted", Side::Right), ("unit", Side::Left)];
        let mut grid = Grid::new(style, &columns);
        for constant in list(fit, "constants") {
            let value = |key: &str| number(constant, key).map_or_else(String::new, |value| format!("{value:.3e}"));
            grid.row([text(constant, "constant"), value("before"), value("after"), text(constant, "unit")]);
        }
        let percent = |key: &str| number(fit, key).map_or_else(String::new, |value| format!("{:.1} %", 100.0 * value));
        let sentence = format!(
            "{} on {}: {} figures of {} runs; mean error {} before, {} after, on the runs that were fitted.",
            text(fit, "engine"),
            text(fit, "chip"),
            text(fit, "figures"),
            text(fit, "runs"),
            percent("error_before_fraction"),
            percent("error_after_fraction"),
        );
        out.push_str(&paragraph(&sentence, style));
        out.push('\n');
        out.push_str(&grid.text(style));
        out.push('\n');
    }
    out
}
