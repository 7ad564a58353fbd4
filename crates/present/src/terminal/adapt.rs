//! What a search for adaptive policies found.

use study::adapt::{Adapted, Found};

use super::grid::{Grid, Side, heading, paragraph};
use crate::{Language, Style, explore::when, quantity::number};

/// The Pareto set, and the policies without a switch beside it.
pub fn adapt(adapted: &Adapted, style: &Style) -> String {
    let mut out = heading("Policies with a switch, on futures that the search had not seen", style);
    out.push_str(&table(adapted, &adapted.adaptive, style));
    out.push('\n');
    out.push_str(&heading("Policies without", style));
    out.push_str(&table(adapted, &adapted.fixed, style));
    out.push_str(&paragraph("* nothing listed here is at least as good in every objective and better in one.", style));
    out
}

fn table(adapted: &Adapted, list: &[Found], style: &Style) -> String {
    let mut columns = vec![("", Side::Left), ("policy", Side::Left), ("when", Side::Left)];
    columns.extend(adapted.objectives.iter().map(|objective| (objective.name.as_str(), Side::Right)));
    let mut grid = Grid::new(style, &columns);
    for found in list {
        let name = match &found.switch {
            Some(switch) => format!("{} > {}", found.start, switch.to),
            None => found.start.clone(),
        };
        let mut row = vec![if found.unbeaten { "*".to_string() } else { String::new() }, name, when(found)];
        let values = found.measured.iter().zip(&adapted.objectives);
        row.extend(values.map(|(value, objective)| number(*value, &objective.unit, Language::English)));
        grid.row(row);
    }
    grid.text(style)
}
