//! The schema `measured`: one metric a row, 20 columns.

mod alone;
mod layout;
mod metric;
mod mlperf;

use performance::{Client, speculative::Method};
use rules::sheet::{Row, Sheet};
use units::Problems;

use super::{
    Reading, Source, Target,
    exclusions::{self, Twins},
    names::{self, Names},
    recipe::{self, Recipe},
    row_problem,
    setup::{Layout, Load, Setup, Skip},
    silicon::JITTER,
};

/// The columns.
pub const COLUMNS: [&str; 20] = [
    "source",
    "source_version",
    "source_path_or_url",
    "date",
    "model",
    "weights_dtype",
    "kv_dtype",
    "chip",
    "chips",
    "parallelism",
    "framework",
    "scenario",
    "input_len",
    "output_len",
    "concurrency",
    "metric",
    "value",
    "unit",
    "latency_constraint",
    "notes",
];

/// One reading a row.
pub fn readings(file: usize, source: &Source, sheet: &Sheet, names: &Names) -> Result<Vec<Reading>, Problems> {
    let mut problems = Problems::default();
    let mut twins = Twins::default();
    let mut readings = Vec::new();
    for row in sheet.rows() {
        let value = row.get("value").map(str::parse::<f64>);
        if let Some(Err(_)) = value {
            let message = format!("'{}' is no number", row.get("value").unwrap_or_default());
            problems.push(row_problem(source, row.line, "bad_number", "value", message));
        }
        let measured = value.and_then(Result::ok);
        let repeated = twins.repeats(&row);
        let target = match exclusions::measured(&row) {
            Some(rule) => Err(Skip::Excluded(rule)),
            None if repeated => Err(Skip::Excluded("m5")),
            None => target(&row, names, measured),
        };
        readings.push(Reading {
            file,
            line: row.line,
            id: format!("line-{}", row.line),
            source: row.get("source").unwrap_or_default().to_string(),
            metric: row.get("metric").unwrap_or_default().to_string(),
            unit: row.get("unit").unwrap_or_default().to_string(),
            measured,
            target,
            corrected: {
                let rules = [("m4", exclusions::counted_twice(&row)), ("m8", exclusions::speculation(&row).is_some())];
                rules.into_iter().filter(|(_, applies)| *applies).map(|(rule, _)| rule).collect()
            },
            assumed_dtype: row.get("weights_dtype").is_none(),
            assumed_lengths: row.get("input_len").is_none() && mlperf::input_tokens(&row).is_some(),
        });
    }
    problems.check(readings)
}

fn target(row: &Row, names: &Names, measured: Option<f64>) -> Result<Target, Skip> {
    let get = |column| row.get(column).unwrap_or_default();
    let (metric, scale) = metric::metric(get("metric"), get("unit")).ok_or(Skip::METRIC)?;
    if get("notes").contains("from memory") {
        return Err(Skip::NOT_MEASURED);
    }
    let chip = names.chip(get("chip")).ok_or(Skip::CHIP)?;
    let model = names.model(get("model")).ok_or(Skip::MODEL)?;
    let nvidia = get("chip").contains("NVIDIA");
    let weights = names.weights(get("weights_dtype"), model, get("model"), nvidia).ok_or(Skip::DTYPE)?;
    let dashboard = get("source").starts_with("InferenceX") && get("scenario").contains("random ISL/OSL");
    let factor = if dashboard { JITTER } else { 1.0 };
    let input_tokens = length(get("input_len")).or_else(|| mlperf::input_tokens(row)).ok_or(Skip::INPUT)? * factor;
    let output_tokens = (length(get("output_len")).ok_or(Skip::OUTPUT)? * factor).max(1.0);
    let load = load(get("scenario"), get("concurrency"))?;
    let layout = layout::layout(get("parallelism"), get("chips"))?;
    if measured.is_none_or(|value| !value.is_finite() || value <= 0.0) {
        return Err(Skip::INVALID);
    }
    let engine = names::engine(get("framework"));
    let (pool, apart) = match layout {
        Layout::Aggregated(pool) => (pool, false),
        Layout::Disaggregated { decode, .. } => (decode, true),
    };
    let recipe = Recipe {
        framework: get("framework"),
        engine,
        chip,
        weights,
        ranks: pool.dp,
        apart,
        rank_load: match load {
            Load::Closed(count) | Load::Batch(count) => count / (pool.replicas * pool.dp).max(1),
            Load::Saturated => u64::MAX,
        },
    };
    let setup = Setup {
        source: get("source").into(),
        chip: chip.into(),
        model: model.into(),
        engine,
        version: names::version(get("framework")),
        weights,
        kv: names::cache(get("kv_dtype"), engine, weights),
        layout,
        input_tokens,
        output_tokens,
        load,
        client: client(dashboard, engine, (chip, apart), (input_tokens / factor, load)),
        speculative: exclusions::speculation(row)
            .map(|name| recipe::draft(&recipe, model, method(name)?))
            .transpose()?,
        alone: alone::alone(get("scenario"))?,
    };
    Ok(Target { setup, metric, scale })
}

/// The method that a publication names.
fn method(name: &str) -> Result<Method, Skip> {
    match name {
        "mtp" => Ok(Method::Mtp),
        "eagle3" => Ok(Method::Eagle3),
        _ => Err(Skip::ENGINE),
    }
}

/// The client of a publication.
fn client(
    dashboard: bool,
    engine: performance::EngineKind,
    place: (&str, bool),
    (input_tokens, load): (f64, Load),
) -> Client {
    match load {
        Load::Closed(concurrency) if dashboard => recipe::inferencex(engine, place, (input_tokens, concurrency)),
        _ => Client::ALIKE,
    }
}

/// A length in tokens: `1024`, `290.4`, `8k` (of 1,024); prose is no length.
fn length(text: &str) -> Option<f64> {
    let value = match text.strip_suffix(['k', 'K']) {
        Some(thousands) => thousands.trim().parse::<f64>().ok()? * 1024.0,
        None => text.parse::<f64>().ok()?,
    };
    (1.0..1e9).contains(&value).then_some(value)
}

/// The load that a scenario describes.
fn load(scenario: &str, concurrency: &str) -> Result<Load, Skip> {
    let count = concurrency.parse::<f64>().ok().filter(|count| (1.0..1e9).contains(count) && count.fract() == 0.0);
    match count.map(|count| count as u64) {
        Some(count) if scenario.contains("static batch") => Ok(Load::Batch(count)),
        Some(count) => Ok(Load::Closed(count)),
        None if offline(scenario) && concurrency.is_empty() => Ok(Load::Saturated),
        None => Err(Skip::CONCURRENCY),
    }
}

/// Whether everything is queued from the start.
fn offline(scenario: &str) -> bool {
    scenario.starts_with("max-throughput") || scenario == "offline"
}
