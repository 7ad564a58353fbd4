//! Statements about the model, and whether they hold.

use serde_json::Value;

use super::{
    grid::{Grid, Side, paragraph},
    json::{at, list, number, text},
};
use crate::{Style, quantity::DASH};

/// One line a statement; a broken one with the first place where it breaks.
pub fn checks(result: &Value, style: &Style) -> String {
    let mut grid = Grid::new(
        style,
        &[("statement", Side::Left), ("compared", Side::Right), ("broken", Side::Right), ("", Side::Left)],
    );
    let statements = list(result, "statements");
    for statement in statements {
        let first = at(statement, "first");
        let place = if first.is_null() {
            "holds".to_string()
        } else {
            let quarter = text(first, "quarter");
            let quarter = if quarter == DASH { String::new() } else { format!(" in {quarter}") };
            format!(
                "first: {}{quarter}, {} in future {} of camp {}: {} against {}",
                text(first, "of"),
                text(first, "policy"),
                text(first, "future"),
                text(first, "camp"),
                text(first, "left"),
                text(first, "right")
            )
        };
        let count = |key: &str| number(statement, key).map_or_else(|| DASH.into(), |count| format!("{count}"));
        grid.row([text(statement, "says"), count("compared"), count("broken"), place]);
    }
    let broken = statements.iter().filter(|one| number(one, "broken").is_some_and(|broken| broken > 0.0)).count();
    let mut out = grid.text(style);
    out.push('\n');
    let verdict = match broken {
        0 => format!("All {} statements hold", statements.len()),
        broken => format!("{broken} of {} statements are broken", statements.len()),
    };
    out.push_str(&paragraph(
        &format!(
            "{verdict}: {} policies, {} futures in each of {} camps.",
            list(result, "policies").len(),
            text(result, "futures"),
            list(result, "camps").len()
        ),
        style,
    ));
    out
}
