//! What the engines' own benchmark clients write: vLLM's `bench serve --save-result` (one JSON object) and SGLang's
//! `bench_serving --output-file` (one object a line). They do not say on what they ran: the user does.

use performance::Client;
use serde_json::Value;
use units::{Problem, Problems};

use super::fit::Case;
use crate::validation::{Deployed, Load, Metric, Setup};

/// Metrics that are read: their key in either client's output, ours, and its unit per SI unit.
const METRICS: [(&str, Metric, f64); 7] = [
    ("mean_ttft_ms", Metric::TtftBurst, 1e3),
    ("median_ttft_ms", Metric::Ttft, 1e3),
    ("mean_tpot_ms", Metric::Tpot, 1e3),
    ("mean_e2e_latency_ms", Metric::EndToEnd, 1e3),
    ("mean_e2el_ms", Metric::EndToEnd, 1e3),
    ("output_throughput", Metric::Output, 1.0),
    ("request_throughput", Metric::Requests, 1.0),
];

/// Whether a text is JSON and no table.
pub(super) fn is_json(text: &str) -> bool {
    text.trim_start().starts_with(['{', '['])
}

/// One case an object.
///
/// # Errors
/// Every object that is no result of a closed loop, with its line.
pub(super) fn cases(text: &str, file: &str, deployed: &Deployed) -> Result<Vec<Case>, Problems> {
    let mut problems = Problems::default();
    let mut cases = Vec::new();
    for (line, object) in objects(text, file)? {
        match case(&object, deployed) {
            Ok(case) => cases.push(case),
            Err(problem) => problems.push(problem.file(file).line(line)),
        }
    }
    problems.check(cases)
}

/// One object, a list of them, or one a line; each with its first line, as far as that is known.
fn objects(text: &str, file: &str) -> Result<Vec<(u64, Value)>, Problem> {
    let broken = |error: &serde_json::Error, before: u64| {
        let line = before + error.line() as u64;
        Problem::new("bad_json", format!("is no JSON: {error}")).file(file).line(line)
    };
    match serde_json::from_str::<Value>(text) {
        Ok(Value::Array(all)) => Ok(all.into_iter().map(|object| (1, object)).collect()),
        Ok(object) => Ok(vec![(1, object)]),
        // One a line, unless even the first line is broken.
        Err(whole) => {
            let lines = text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty());
            let parsed: Result<Vec<(u64, Value)>, Problem> = lines
                .map(|(index, line)| {
                    let value = serde_json::from_str(line).map_err(|error| broken(&error, index as u64))?;
                    Ok((index as u64 + 1, value))
                })
                .collect();
            let one_a_line = text.lines().find(|line| !line.trim().is_empty()).is_some_and(|line| line.ends_with('}'));
            if one_a_line { parsed } else { Err(broken(&whole, 0)) }
        }
    }
}

fn case(object: &Value, deployed: &Deployed) -> Result<Case, Problem> {
    let number = |key: &str| object.get(key).and_then(Value::as_f64).filter(|value| value.is_finite() && *value > 0.0);
    let wanted = |key: &'static str| {
        number(key).ok_or_else(|| {
            let message =
                format!("has no positive number '{key}'; give what vllm bench serve or sglang.bench_serving wrote");
            Problem::new("missing_key", message).key(key)
        })
    };
    let completed = wanted("completed")?;
    let concurrency = wanted("max_concurrency").map_err(|problem| {
        let message = "has no 'max_concurrency': only closed loops are read; run the client with --max-concurrency";
        Problem { message: message.into(), ..problem }
    })?;
    let input_tokens = wanted("total_input_tokens")? / completed;
    let output_tokens = (wanted("total_output_tokens")? / completed).max(1.0);
    let figures: Vec<(Metric, f64)> =
        METRICS.iter().filter_map(|(key, metric, scale)| number(key).map(|value| (*metric, value / scale))).collect();
    if figures.is_empty() {
        let keys: Vec<&str> = METRICS.iter().map(|metric| metric.0).collect();
        return Err(Problem::new("missing_key", format!("has none of {}", keys.join(", "))));
    }
    let concurrency = (concurrency.round() as u64).max(1);
    // Lengths are as alike as the client says, where it does.
    let shortest = number("random_range_ratio").filter(|ratio| *ratio <= 1.0).unwrap_or(1.0);
    let client = Client { rounds: (completed / concurrency as f64).clamp(1.0, 1000.0), shortest, ..Client::ALIKE };
    let setup = Setup::of(deployed, (input_tokens, output_tokens), Load::Closed(concurrency), client);
    Ok(Case { setup, figures })
}
