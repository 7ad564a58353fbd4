//! One deployment: what it delivers and costs, and where the time goes.

use serde_json::Value;

use super::{
    grid::{Grid, Side, card, heading, paragraph},
    json::{amount, at, central, interval, list, text},
};
use crate::{Style, quantity::DASH};

/// The lines of the summary: caption, path, unit.
const LINES: [(&str, &str, &str); 17] = [
    ("Time to first token", "latency.ttft_s", "s"),
    ("  start-up burst included", "latency.ttft_burst_s", "s"),
    ("Time per output token", "latency.tpot_s", "s"),
    ("Whole request", "latency.e2e_s", "s"),
    ("Prefill step", "steps.prefill_s", "s"),
    ("Decode step", "steps.decode_s", "s"),
    ("Output", "throughput.output_tok_per_s", "tok_per_s"),
    ("  per chip", "throughput.output_tok_per_s_per_chip", "tok_per_s"),
    ("Input and output", "throughput.total_tok_per_s", "tok_per_s"),
    ("Requests", "throughput.requests_per_s", "per s"),
    ("Power at the meter", "energy.power_w", "w"),
    ("Energy per output token", "energy.j_per_output_tok", "J"),
    ("Energy per million output tokens", "energy.kwh_per_mtok_output", "kWh"),
    ("Cost, all on output tokens", "cost.usd_per_mtok_output", "usd_per_mtok"),
    ("Cost, input and output", "cost.usd_per_mtok_total", "usd_per_mtok"),
    ("  share of input tokens", "cost.usd_per_mtok_input", "usd_per_mtok"),
    ("  share of output tokens", "cost.usd_per_mtok_output_split", "usd_per_mtok"),
];

/// One deployment: a summary, and with `explain` where the time goes, by operator.
pub fn estimate(result: &Value, explain: bool, style: &Style) -> String {
    let mut out = heading(&deployment_line(at(result, "deployment")), style);
    out.push_str(&paragraph(&settings(result), style));
    if at(result, "fits").as_bool() == Some(false) {
        out.push('\n');
        out.push_str(&refusal(result, style));
        out.push_str(&memory(result, style));
        return out;
    }
    out.push('\n');
    out.push_str(&summary(result, style));
    out.push_str(&memory(result, style));
    out.push_str(&price(result, style));
    if explain {
        out.push('\n');
        out.push_str(&heading("Where the time goes", style));
        out.push_str(&operators(result, style));
    }
    out
}

/// `MODEL on 8 x CHIP, ENGINE`.
pub fn deployment_line(deployment: &Value) -> String {
    format!(
        "{} on {} x {}, {}",
        text(deployment, "model"),
        text(deployment, "chips"),
        text(deployment, "chip"),
        text(deployment, "engine")
    )
}

/// How it is cut, in one phrase.
pub fn layout(deployment: &Value) -> String {
    let many = |key: &str| at(deployment, key).as_u64().is_some_and(|count| count != 1);
    ["replicas", "tp", "pp", "dp", "ep", "moe_tp"]
        .iter()
        .filter(|key| many(key) || **key == "tp")
        // Experts are cut like attention, and a dense model has none, unless they are spread over chips.
        .filter(|key| **key != "moe_tp" || many("ep"))
        .map(|key| format!("{} {}", key.replace('_', "-"), text(deployment, key)))
        .collect::<Vec<_>>()
        .join(", ")
}

fn settings(result: &Value) -> String {
    let (deployment, workload) = (at(result, "deployment"), at(result, "workload"));
    let images = match at(workload, "images").as_u64() {
        Some(images) if images > 0 => format!(", {images} images ({} tokens)", text(workload, "image_tokens")),
        _ => String::new(),
    };
    format!(
        "{}; weights {}, KV cache {}; {} tokens in{images}, {} out, {} requests in flight",
        layout(deployment),
        text(deployment, "weights"),
        text(deployment, "kv"),
        text(workload, "input"),
        text(workload, "output"),
        text(workload, "concurrency")
    )
}

fn refusal(result: &Value, style: &Style) -> String {
    let mut out = paragraph(&format!("Cannot be: {}", text(result, "refusal.message")), style);
    let nearest = at(result, "refusal.nearest");
    if nearest.is_object() {
        let line = format!(
            "Nearest that can: {}; {}; weights {}, KV cache {}",
            deployment_line(nearest),
            layout(nearest),
            text(nearest, "weights"),
            text(nearest, "kv")
        );
        out.push_str(&paragraph(&line, style));
    }
    out
}

fn summary(result: &Value, style: &Style) -> String {
    let with_interval = LINES.iter().any(|(_, path, unit)| !interval(result, path, unit).is_empty());
    let mut columns = vec![("", Side::Left), ("value", Side::Right)];
    if with_interval {
        columns.push(("80 % interval", Side::Left));
    }
    columns.push(("tier", Side::Left));
    let mut grid = Grid::new(style, &columns);
    for (caption, path, unit) in LINES {
        let value = central(result, path, unit);
        if value == DASH {
            continue;
        }
        let mut row = vec![caption.replace("  ", "\u{a0}\u{a0}"), value];
        if with_interval {
            row.push(interval(result, path, unit));
        }
        row.push(text(at(result, path), "tier"));
        grid.row(row);
    }
    grid.text(style)
}

fn memory(result: &Value, style: &Style) -> String {
    let chip = at(result, "memory.per_chip_bytes");
    let bytes = |key: &str| amount(chip, key, "bytes");
    let line = format!(
        "weights {}, KV cache {}, activations {}, reserve {} of {} usable ({} in all)",
        bytes("weights"),
        bytes("kv"),
        bytes("activations"),
        bytes("reserve"),
        bytes("usable"),
        bytes("capacity")
    );
    let kv = format!(
        "{} a token; room for {} tokens",
        amount(result, "memory.kv_bytes_per_token", "bytes"),
        text(result, "memory.kv_tokens_max")
    );
    let entries = [("Memory per chip", line), ("KV cache", kv)];
    format!("\n{}", card(entries, style))
}

fn price(result: &Value, style: &Style) -> String {
    let cost = at(result, "cost");
    if cost.is_null() {
        return String::new();
    }
    let line =
        format!("{}, {}; {}", amount(cost, "usd_per_chip_hour", "usd"), text(cost, "basis"), text(cost, "source"));
    card([("Price of a chip-hour", line)], style)
}

/// Width that a line of the operators needs; a narrower terminal breaks the line itself, which harms less than words
/// broken in every column.
const OPERATORS_WIDTH: usize = 120;

/// One table a phase: what a column would repeat stands in its caption.
fn operators(result: &Value, style: &Style) -> String {
    let style = &Style { width: style.width.max(OPERATORS_WIDTH), ..*style };
    let mut out = String::new();
    for phase in ["prefill", "decode"] {
        let mut grid = Grid::new(
            style,
            &[
                (phase, Side::Left),
                ("layers", Side::Right),
                ("m x n x k", Side::Right),
                ("dtype", Side::Left),
                ("FLOP a layer", Side::Right),
                ("bytes a layer", Side::Right),
                ("time of all", Side::Right),
                ("share", Side::Right),
                ("bound", Side::Left),
                ("tier", Side::Left),
            ],
        );
        for operator in list(result, "operators").iter().filter(|operator| text(operator, "phase") == phase) {
            let side = |key: &str| at(operator, key).as_f64().map_or(DASH.to_string(), |side| format!("{side:.0}"));
            // What has no matrix, such as the host's work, has no shape.
            let shapeless = at(operator, "n").as_f64() == Some(0.0);
            let shape = if shapeless { DASH.to_string() } else { format!("{}x{}x{}", side("m"), side("n"), side("k")) };
            grid.row([
                text(operator, "name"),
                text(operator, "layers"),
                shape,
                text(operator, "dtype"),
                amount(operator, "flop", "flop").replace("FLOP", "").trim_end().to_string(),
                amount(operator, "bytes", "bytes"),
                amount(operator, "time_s", "s"),
                amount(operator, "share_fraction", "fraction"),
                text(operator, "bound"),
                text(operator, "tier"),
            ]);
        }
        if !grid.is_empty() {
            out.push_str(&grid.text(style));
            out.push('\n');
        }
    }
    out
}
