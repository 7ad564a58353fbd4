//! The schema `argonne`: latency of a whole static batch, input and output of one length.

use performance::EngineKind;
use rules::sheet::{Row, Sheet};
use units::{Dtype, Problems};

use super::{
    Reading, Source, Target, exclusions,
    names::{self, Names},
    row_problem,
    setup::{Layout, Load, Metric, Pool, Setup, Skip},
};

/// The columns.
pub const COLUMNS: [&str; 8] =
    ["Hardware", "Num of Hardware", "Framework", "Model", "Input Output Length", "Batch Size", "Latency", "Throughput"];

/// One reading a row: `Throughput` is 2 x length x batch / latency and is not scored again.
pub fn readings(file: usize, source: &Source, sheet: &Sheet, names: &Names) -> Result<Vec<Reading>, Problems> {
    let mut problems = Problems::default();
    let mut readings = Vec::new();
    for row in sheet.rows() {
        let measured = row.get("Latency").map(str::parse::<f64>);
        if let Some(Err(_)) = measured {
            let message = format!("'{}' is no number", row.get("Latency").unwrap_or_default());
            problems.push(row_problem(source, row.line, "bad_number", "Latency", message));
        }
        let measured = measured.and_then(Result::ok);
        let llama_cpp = row.get("Framework") == Some("llama.cpp");
        readings.push(Reading {
            file,
            line: row.line,
            id: format!("line-{}", row.line),
            source: "LLM-Inference-Bench".into(),
            metric: "latency".into(),
            unit: "s".into(),
            measured,
            target: target(&row, names, measured),
            corrected: if llama_cpp { vec!["a1"] } else { Vec::new() },
            assumed_dtype: true,
            assumed_lengths: false,
        });
    }
    problems.check(readings)
}

/// The release that the benchmark's own instructions check out (argonne-lcf/LLM-Inference-Bench, vLLM/MI300X, vLLM/MI250
/// and vLLM/Max1550); they name none for the other chips.
fn version(framework: &str, chip: &str) -> Option<String> {
    let release = match chip {
        "mi250" | "mi300x" => "0.6.1",
        "max-1550" => "0.5.2",
        _ => return None,
    };
    (framework == "vLLM").then(|| release.to_string())
}

fn target(row: &Row, names: &Names, measured: Option<f64>) -> Result<Target, Skip> {
    if exclusions::impossible_latency(row) {
        return Err(Skip::Excluded("a2"));
    }
    let number = |column| row.get(column).and_then(|text| text.parse::<f64>().ok());
    let hardware = row.get("Hardware").unwrap_or_default();
    // A name that says less than its paper does stands in the table of spellings with the laboratory before it.
    let chip = names.chip(&format!("Argonne {hardware}")).or_else(|| names.chip(hardware)).ok_or(Skip::CHIP)?;
    let model = names.model(row.get("Model").unwrap_or_default()).ok_or(Skip::MODEL)?;
    let length = number("Input Output Length").filter(|length| *length >= 1.0).ok_or(Skip::INPUT)?;
    let chips = number("Num of Hardware").filter(|chips| *chips >= 1.0).ok_or(Skip::PARALLELISM)? as u64;
    let batch = number("Batch Size").filter(|batch| *batch >= 1.0).ok_or(Skip::CONCURRENCY)? as u64;
    if measured.is_none_or(|latency| !latency.is_finite() || latency <= 0.0) {
        return Err(Skip::INVALID);
    }
    let framework = row.get("Framework").unwrap_or_default();
    // llama.cpp lays layers over the chips one after the other and runs one sequence (rule a1).
    let (pool, batch) = if framework == "llama.cpp" {
        (Pool { pp: chips, ..Pool::tensor(1) }, 1)
    } else {
        (Pool::tensor(chips), batch)
    };
    let engine = if framework == "llama.cpp" { EngineKind::Generic } else { names::engine(framework) };
    let setup = Setup {
        source: "LLM-Inference-Bench".into(),
        chip: chip.into(),
        model: model.into(),
        engine,
        version: version(framework, chip),
        weights: Dtype::Bf16,
        kv: Dtype::Bf16,
        layout: Layout::Aggregated(pool),
        input_tokens: length,
        output_tokens: length,
        load: Load::Batch(batch),
        client: performance::Client::ALIKE,
        speculative: None,
        alone: None,
    };
    Ok(Target { setup, metric: Metric::EndToEnd, scale: 1.0 })
}
