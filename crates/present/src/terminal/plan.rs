//! The cheapest deployments beside the prices of the same model by API.

use serde_json::Value;

use super::{
    estimate::layout,
    grid::{Grid, Side, heading, paragraph},
    json::{amount, at, central, list, text},
};
use crate::{Language, Style, quantity::DASH};

/// The cheapest deployments beside the prices of the same model by API.
pub fn plan(result: &Value, style: &Style) -> String {
    let plans = list(result, "plans");
    let mut out = plans.first().map_or_else(
        || heading("No deployment meets the request", style),
        |first| heading(&format!("Cheapest ways to serve {}", text(first, "deployment.model")), style),
    );
    if !plans.is_empty() {
        out.push_str(&ranked(plans, style));
    }
    let offers = list(result, "api");
    if !offers.is_empty() {
        out.push('\n');
        out.push_str(&heading("The same requests by API", style));
        out.push_str(&interfaces(offers, style));
    }
    out.push_str(&refused(result, style));
    out
}

fn ranked(plans: &[Value], style: &Style) -> String {
    let ruled = plans.iter().any(|plan| !at(plan, "outcome").is_null());
    let mut columns = vec![
        ("", Side::Right),
        ("chips", Side::Left),
        ("layout", Side::Left),
        ("weights", Side::Left),
        ("a month", Side::Right),
        ("per Mtok", Side::Right),
        ("TTFT", Side::Right),
        ("TPOT", Side::Right),
        ("used", Side::Right),
        ("power", Side::Right),
    ];
    if ruled {
        columns.push(("export", Side::Left));
    }
    let mut grid = Grid::new(style, &columns);
    for plan in plans {
        let deployment = at(plan, "deployment");
        let mut row = vec![
            text(plan, "rank"),
            format!("{} x {}", text(deployment, "chips"), text(deployment, "chip")),
            layout(deployment),
            text(deployment, "weights"),
            amount(plan, "usd_per_month", "usd"),
            amount(plan, "usd_per_mtok_total", "usd"),
            central(plan, "ttft_s", "s"),
            central(plan, "tpot_s", "s"),
            amount(plan, "utilisation_fraction", "fraction"),
            amount(plan, "power_w", "w"),
        ];
        if ruled {
            let code = text(plan, "outcome");
            row.push(if code == DASH { code } else { Language::English.name("outcome", &code) });
        }
        grid.row(row);
    }
    grid.text(style)
}

fn interfaces(offers: &[Value], style: &Style) -> String {
    let mut grid = Grid::new(
        style,
        &[("provider", Side::Left), ("model", Side::Left), ("a month", Side::Right), ("seen", Side::Left)],
    );
    for offer in offers {
        grid.row([
            text(offer, "provider"),
            text(offer, "model"),
            amount(offer, "usd_per_month", "usd"),
            text(offer, "observed"),
        ]);
    }
    grid.text(style)
}

/// How many were looked at, and why others were not taken.
fn refused(result: &Value, style: &Style) -> String {
    let reasons: Vec<String> = list(result, "refused")
        .iter()
        .map(|each| format!("{} {}", text(each, "count"), crate::language::in_words(&text(each, "reason"))))
        .collect();
    let laid_out = format!("{} deployments were laid out", text(result, "searched"));
    let refused = if reasons.is_empty() { String::new() } else { format!("; refused: {}", reasons.join(", ")) };
    format!("\n{}", paragraph(&format!("{laid_out}{refused}."), style))
}
