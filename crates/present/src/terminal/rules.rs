//! Export rules: one chip, every chip, and a file of cases.

use anstyle::AnsiColor;
use serde_json::Value;
use units::format;

use super::{
    grid::{Grid, Side, card, coloured, heading, paragraph},
    json::{amount, at, list, number, text},
};
use crate::{Language, Style, quantity::DASH};

/// The outcome of a chip in words.
fn outcome(code: &str) -> String {
    Language::English.name("outcome", code)
}

/// From green to red by how much stands between the chip and the buyer.
fn colour(code: &str) -> AnsiColor {
    match code {
        "free" | "aca" => AnsiColor::Green,
        "denial" | "policy_of_denial" => AnsiColor::Red,
        _ => AnsiColor::Yellow,
    }
}

/// The class, the outcome, the rule and the margins of one chip.
pub fn rules_check(result: &Value, style: &Style) -> String {
    let (chip, query) = (at(result, "chip"), at(result, "query"));
    let mut out = heading(
        &format!("{} ({}; figures: confidence {})", text(chip, "name"), text(chip, "id"), text(chip, "confidence")),
        style,
    );
    out.push_str(&paragraph(&question(query), style));
    out.push('\n');
    let code = text(result, "outcome");
    let shown = format!("  {}\n", coloured(&outcome(&code), colour(&code), style));
    out.push_str(&shown);
    if !at(result, "outcome_text").is_null() {
        out.push_str(&paragraph(&text(result, "outcome_text"), style));
    }
    out.push('\n');
    out.push_str(&card(answers(result), style));
    out.push_str(&margins(result, style));
    out.push_str(&lines("Notes", result, "notes", style));
    out.push_str(&lines("Not covered", result, "not_covered", style));
    out.push_str("\n  Not legal advice.\n");
    out
}

fn question(query: &Value) -> String {
    let firm = match at(query, "headquartered_in") {
        Value::Null => String::new(),
        home => format!(", for a firm headquartered in {}", super::json::scalar(home)),
    };
    let again = if at(query, "reexport").as_bool() == Some(true) { ", as a re-export" } else { "" };
    let snapshot = match at(query, "snapshot") {
        Value::Null => String::new(),
        snapshot => format!(", by the rules of {}", super::json::scalar(snapshot)),
    };
    format!("to {}, on {}{firm}{again}{snapshot}", text(query, "to"), text(query, "on"))
}

fn answers(result: &Value) -> Vec<(&'static str, String)> {
    let (rule, metrics) = (at(result, "rule"), at(result, "metrics"));
    let rule_line = if rule.is_null() {
        DASH.to_string()
    } else {
        format!(
            "{}; {}; from {} (source: {}; confidence {})",
            text(rule, "title"),
            text(rule, "citation").trim_end_matches('.'),
            text(rule, "effective"),
            text(rule, "source"),
            text(rule, "confidence")
        )
    };
    let mut entries = vec![
        ("Class", text(result, "class")),
        ("All classes", text(result, "classes")),
        ("Rule", rule_line),
        ("Rules applied", text(result, "applied")),
    ];
    if !at(result, "tariff").is_null() {
        let tariff = at(result, "tariff");
        entries.push(("Tariff", format!("{} ({})", amount(tariff, "rate_fraction", "fraction"), text(tariff, "rule"))));
    }
    entries.push(("Confirmed", text(result, "confirmation")));
    entries.push(("TPP", format!("{} ({})", text(metrics, "tpp"), text(metrics, "tpp_dtype"))));
    entries.push(("Performance density", text(metrics, "performance_density")));
    entries.push(("Die area", amount(metrics, "die_area_mm2", "mm2")));
    entries.push(("I/O", amount(metrics, "io_gb_per_s", "GB/s")));
    entries.push(("DRAM bandwidth", amount(metrics, "dram_bw_gb_per_s", "GB/s")));
    entries.push(("For data centres", text(metrics, "datacenter")));
    entries
}

fn margins(result: &Value, style: &Style) -> String {
    let mut grid = Grid::new(
        style,
        &[
            ("rule", Side::Left),
            ("class", Side::Left),
            ("quantity", Side::Left),
            ("threshold", Side::Right),
            ("value", Side::Right),
            ("met", Side::Left),
            ("margin", Side::Right),
        ],
    );
    for margin in list(result, "margins") {
        grid.row([
            text(margin, "rule"),
            text(margin, "class"),
            text(margin, "quantity"),
            format!("{} {}", text(margin, "relation"), text(margin, "threshold")),
            text(margin, "value"),
            text(margin, "met"),
            number(margin, "margin_fraction").map_or_else(|| DASH.into(), signed),
        ]);
    }
    if grid.is_empty() { String::new() } else { format!("\n{}", grid.text(style)) }
}

/// A margin in per cent with its sign.
fn signed(fraction: f64) -> String {
    let sign = if fraction > 0.0 { "+" } else { "" };
    format!("{sign}{}", format::percent(fraction))
}

fn lines(caption: &str, result: &Value, key: &str, style: &Style) -> String {
    let said: Vec<String> = list(result, key).iter().map(super::json::scalar).collect();
    if said.is_empty() {
        return String::new();
    }
    let mut out = format!("\n{}", heading(&format!("  {caption}"), style));
    for line in said {
        out.push_str(&paragraph(&line, style));
    }
    out
}

/// Every chip's outcome for one destination and date.
pub fn rules_table(result: &Value, style: &Style) -> String {
    let rows = list(result, "rows");
    let mut out = rows.first().map_or_else(String::new, |row| heading(&question(at(row, "query")), style));
    let mut grid = Grid::new(
        style,
        &[
            ("chip", Side::Left),
            ("outcome", Side::Left),
            ("class", Side::Left),
            ("TPP", Side::Right),
            ("PD", Side::Right),
            ("DRAM GB/s", Side::Right),
            ("I/O GB/s", Side::Right),
            ("rule", Side::Left),
        ],
    );
    for row in rows {
        grid.row([
            text(row, "chip.id"),
            outcome(&text(row, "outcome")),
            text(row, "class"),
            text(row, "metrics.tpp"),
            text(row, "metrics.performance_density"),
            text(row, "metrics.dram_bw_gb_per_s"),
            text(row, "metrics.io_gb_per_s"),
            text(row, "rule.id"),
        ]);
    }
    out.push_str(&grid.text(style));
    out.push_str("\n  Not covered: entity lists, end use, embargoes, other countries' law. Not legal advice.\n");
    out
}

/// How many cases agree, and those that do not.
pub fn rules_cases(result: &Value, style: &Style) -> String {
    let mut out = heading(
        &format!(
            "{}: {} of {} compared cases agree ({} in all)",
            text(result, "file"),
            text(result, "matched"),
            text(result, "compared"),
            text(result, "rows")
        ),
        style,
    );
    let mut grid = Grid::new(
        style,
        &[
            ("line", Side::Right),
            ("case", Side::Left),
            ("outcome", Side::Left),
            ("expected", Side::Left),
            ("class", Side::Left),
            ("expected", Side::Left),
            ("rule", Side::Left),
        ],
    );
    for case in list(result, "cases").iter().filter(|case| at(case, "match").as_bool() == Some(false)) {
        grid.row([
            text(case, "line"),
            text(case, "case_id"),
            text(case, "outcome"),
            text(case, "expected_outcome"),
            text(case, "class"),
            text(case, "expected_class"),
            text(case, "rule"),
        ]);
    }
    if !grid.is_empty() {
        out.push_str(&grid.text(style));
    }
    out
}
