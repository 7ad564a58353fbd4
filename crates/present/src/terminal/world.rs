//! Trajectories at the ends of chosen years, policies one below the other.

use serde_json::Value;

use super::{
    grid::{Grid, Side, heading, paragraph},
    json::{at, list, text},
};
use crate::{
    Language, Style,
    quantity::{DASH, number},
};

/// Variables that a table shows; the others are a flag away.
const SHOWN: [&str; 8] = [
    "adoption_fraction",
    "service_price_usd_per_mtok",
    "fleet_flop_per_s",
    "fleet_byte_per_s",
    "tokens_used_per_s",
    "tokens_served_per_s",
    "value_usd_per_year",
    "ecosystem_share_fraction",
];
/// Most columns of quarters.
const COLUMNS: usize = 6;

/// Trajectories at the ends of chosen years, policies side by side.
pub fn world(result: &Value, style: &Style) -> String {
    let quarters: Vec<String> = list(result, "quarters").iter().map(super::json::scalar).collect();
    let chosen = chosen(&quarters);
    let policies = list(result, "policies");
    let mut out = String::new();
    for variable in SHOWN {
        let mut columns = vec![("", Side::Left), ("policy", Side::Left)];
        columns.extend(chosen.iter().map(|index| (quarters[*index].as_str(), Side::Right)));
        let mut grid = Grid::new(style, &columns);
        let mut unit = String::new();
        for (who, policy, series) in rows(policies, variable) {
            unit = text(series, "unit");
            let mut row = vec![who, policy];
            row.extend(chosen.iter().map(|index| cell(series, *index, &unit)));
            grid.row(row);
        }
        if grid.is_empty() {
            continue;
        }
        if !out.is_empty() {
            out.push('\n');
        }
        let title = Language::English.name("variable", variable);
        out.push_str(&heading(&format!("{title} [{}]", crate::quantity::symbol(&unit, Language::English)), style));
        out.push_str(&grid.text(style));
    }
    let total: usize = policies.iter().map(|policy| list(policy, "series").len()).sum();
    out.push('\n');
    out.push_str(&paragraph(&format!("All {total} series and every quarter with --json or --csv."), style));
    out
}

/// The series of a variable, by bloc and cut, then by policy.
fn rows<'a>(policies: &'a [Value], variable: &str) -> Vec<(String, String, &'a Value)> {
    let mut rows: Vec<(usize, String, String, &Value)> = Vec::new();
    let mut order: Vec<String> = Vec::new();
    for policy in policies {
        for series in list(policy, "series").iter().filter(|series| text(series, "variable") == variable) {
            let who = who(series);
            let place = order.iter().position(|known| *known == who).unwrap_or_else(|| {
                order.push(who.clone());
                order.len() - 1
            });
            rows.push((place, who, text(policy, "id"), series));
        }
    }
    rows.sort_by_key(|(place, ..)| *place);
    rows.into_iter().map(|(_, who, policy, series)| (who, policy, series)).collect()
}

/// Bloc, sector, origin and openness, as far as they apply.
fn who(series: &Value) -> String {
    let parts: Vec<String> = ["bloc", "sector", "origin", "openness"]
        .iter()
        .map(|key| text(series, key))
        .filter(|part| part != DASH)
        .collect();
    parts.join(" \u{b7} ")
}

/// The median with its band, where there is one.
fn cell(series: &Value, index: usize, unit: &str) -> String {
    let value = |key: &str| at(series, key).get(index).and_then(Value::as_f64);
    let written = |key: &str| value(key).map_or_else(|| DASH.into(), |value| number(value, unit, Language::English));
    match (value("p5"), value("p95")) {
        (Some(_), Some(_)) => format!("{} ({} to {})", written("p50"), written("p5"), written("p95")),
        _ => written("p50"),
    }
}

/// Ends of years, evenly spread, the last quarter always among them.
fn chosen(quarters: &[String]) -> Vec<usize> {
    let Some(last) = quarters.len().checked_sub(1) else { return Vec::new() };
    let mut ends: Vec<usize> = (0..=last).filter(|index| quarters[*index].ends_with("Q4") || *index == last).collect();
    if ends.len() > COLUMNS {
        let step = (ends.len() - 1).div_ceil(COLUMNS - 1);
        ends = ends.into_iter().rev().step_by(step).collect();
        ends.reverse();
    }
    ends
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_quarter_is_always_shown() {
        let quarters: Vec<String> =
            (2022..=2035).flat_map(|year| (1..=4).map(move |q| format!("{year}Q{q}"))).collect();
        let shown: Vec<&str> = chosen(&quarters).into_iter().map(|index| quarters[index].as_str()).collect();
        assert_eq!(shown, ["2023Q4", "2026Q4", "2029Q4", "2032Q4", "2035Q4"]);
        assert!(chosen(&[]).is_empty());
    }
}
