//! Two policies at one quarter: values, difference, and what the difference is made of.

use serde_json::Value;

use super::{
    grid::{Grid, Side, heading, paragraph},
    json::{list, number, text},
};
use crate::{
    Language, Style,
    quantity::{DASH, number as written, symbol},
};

/// What is less than this share of the quantity in every bloc is not worth a line.
const NEGLIGIBLE: f64 = 1e-3;

/// One table a variable: blocs across, values and contributions down.
pub fn world_compare(result: &Value, style: &Style) -> String {
    let differences = list(result, "differences");
    let mut out = String::new();
    let (a, b, at) = (text(result, "a"), text(result, "b"), text(result, "at"));
    for of_one in differences.chunk_by(|left, right| text(left, "variable") == text(right, "variable")) {
        if !out.is_empty() {
            out.push('\n');
        }
        let unit = text(&of_one[0], "unit");
        let title = Language::English.name("variable", &text(&of_one[0], "variable"));
        out.push_str(&heading(&format!("{title} [{}], {at}", symbol(&unit, Language::English)), style));
        out.push_str(&table(of_one, &a, &b, &unit, style));
    }
    let runs = number(result, "runs").unwrap_or(0.0);
    let explained = differences.iter().any(|difference| !list(difference, "mechanisms").is_empty());
    out.push('\n');
    let note = if explained {
        format!(
            "Shapley values at median inputs, exact, from {runs} runs of the model. Parts sum to the difference; so do mechanisms with what no switch reaches. What adds less than a thousandth of the quantity in every bloc is not shown; --json has all."
        )
    } else {
        format!("{runs} runs of the model at median inputs. --explain says what the differences are made of.")
    };
    out.push_str(&paragraph(&note, style));
    out
}

fn table(blocs: &[Value], a: &str, b: &str, unit: &str, style: &Style) -> String {
    let names: Vec<String> = blocs.iter().map(|bloc| text(bloc, "bloc")).collect();
    let mut columns = vec![("", Side::Left)];
    columns.extend(names.iter().map(|name| (name.as_str(), Side::Right)));
    let mut grid = Grid::new(style, &columns);
    let change = if unit == "fraction" { "fraction_points" } else { unit };
    let mut row = |caption: &str, unit: &str, values: Vec<Option<f64>>| {
        let cells =
            values.into_iter().map(|value| value.map_or_else(|| DASH.into(), |v| written(v, unit, Language::English)));
        grid.row(std::iter::once(caption.to_string()).chain(cells));
    };
    let each = |key: &str| blocs.iter().map(|bloc| number(bloc, key)).collect::<Vec<_>>();
    row(a, unit, each("a"));
    row(b, unit, each("b"));
    row("difference", change, each("difference"));
    for (key, caption) in [("parts", "by part of the policy"), ("mechanisms", "by mechanism of the model")] {
        let count = blocs.first().map_or(0, |bloc| list(bloc, key).len());
        let mut headed = false;
        for index in 0..count {
            let values: Vec<Option<f64>> = blocs.iter().map(|bloc| number(&list(bloc, key)[index], "value")).collect();
            let largest = |value: &Option<f64>, bloc: &Value| {
                let scale = number(bloc, "a").unwrap_or(0.0).abs().max(number(bloc, "b").unwrap_or(0.0).abs());
                value.is_some_and(|value| value.abs() > NEGLIGIBLE * scale)
            };
            if !values.iter().zip(blocs).any(|(value, bloc)| largest(value, bloc)) {
                continue;
            }
            if !std::mem::replace(&mut headed, true) {
                row(caption, "", Vec::new());
            }
            let name = crate::language::in_words(&text(&list(&blocs[0], key)[index], "name"));
            row(&format!("\u{b7} {name}"), change, values);
        }
        if key == "mechanisms" && count > 0 {
            row("\u{b7} what no switch reaches", change, each("beyond_mechanisms"));
        }
    }
    grid.text(style)
}
