//! What to leave out, to correct, or to keep once: `data/exclusions.csv` says it, this file does it.

use rules::sheet::Row;
use std::collections::BTreeSet;

/// Parts of metric names that are kernels, theory, cost or training, not serving (m7).
const NOT_SERVING: [&str; 11] = [
    "gemm_",
    "kernel_",
    "dispatch_",
    "combine_",
    "theoretical_",
    "kv_cache_per_token",
    "training_",
    "mtp_speedup",
    "gpu_hours",
    "cost",
    "daily_",
];

/// The first rule that leaves a row of `measured` out, if any.
pub fn measured(row: &Row) -> Option<&'static str> {
    let get = |column| row.get(column).unwrap_or_default();
    let (notes, chip, metric) = (get("notes"), get("chip"), get("metric"));
    if notes.contains("QUALITY:") {
        return Some("m1");
    }
    if get("source").starts_with("MLPerf") && notes.split(';').any(|item| item.trim() == "open") {
        return Some("m2");
    }
    if chip.contains(" and ") || chip.contains("), ") {
        return Some("m3");
    }
    if NOT_SERVING.iter().any(|part| metric.contains(part)) || metric == "gpu_price_assumed" {
        return Some("m7");
    }
    let unnamed = ["(type not stated)", "(SM90)", "(SM100)"];
    (chip.is_empty() || chip == "N/A" || unnamed.iter().any(|part| chip.contains(part))).then_some("m6")
}

/// The method of speculative decoding that a row of `measured` was run with (m8).
pub fn speculation<'a>(row: &Row<'a>) -> Option<&'a str> {
    let (_, rest) = row.get("notes")?.split_once("spec=")?;
    rest.split(';').next().map(str::trim)
}

/// Whether the workers of a disaggregated row of `measured` are counted twice (m4).
pub fn counted_twice(row: &Row) -> bool {
    row.get("parallelism").is_some_and(|parallelism| parallelism.contains("[0x"))
}

/// Rows of `measured` that repeat an accuracy twin (m5): the first of a log is kept.
#[derive(Debug, Default)]
pub struct Twins(BTreeSet<Vec<String>>);

impl Twins {
    /// Whether the same log was seen before under another accuracy target.
    pub fn repeats(&mut self, row: &Row) -> bool {
        let get = |column| row.get(column).unwrap_or_default();
        if !get("source").starts_with("MLPerf") {
            return false;
        }
        let model = get("model");
        let Some(base) = model.strip_suffix("-99.9").or_else(|| model.strip_suffix("-99")) else { return false };
        let system: Vec<&str> = get("notes").split(';').map(str::trim).take(2).collect();
        let fields = [get("source"), system[0], system.get(1).unwrap_or(&""), get("chip"), get("chips"), base];
        let figures = [get("scenario"), get("metric"), get("value")];
        !self.0.insert(fields.iter().chain(&figures).map(|field| (*field).to_string()).collect())
    }
}

/// Whether tp_size x attention_dp_size of a row of `silicon` is the square of its chips (s1).
pub fn squared(row: &Row) -> bool {
    let get = |column| row.get(column).unwrap_or_default();
    let sources = ["source_file=2026-04-06.csv", "db-dump/2026-04-27"];
    let experts = get("moe_ep_size").parse::<f64>().is_ok_and(|count| count > 1.0);
    get("mode") == "agg" && experts && sources.iter().any(|source| get("silicon_data_source").contains(source))
}

/// Whether the numbers of workers of a disaggregated row of `silicon` are unknown (s3).
pub fn without_workers(row: &Row) -> bool {
    row.get("mode") == Some("disagg") && row.get("decode_num_workers").is_none()
}

/// Whether a row of `silicon` is one of InferenceX's runs of DeepSeek-R1 with multi-token prediction (s5): TensorRT-LLM's
/// images for them are `1.2.0rc6.post3`, and `1.1.0rc2.post2` from the day these runs began; those without have
/// `1.2.0rc6.post2` and `1.1.0rc2.post2` before that day (SemiAnalysisAI/InferenceX pull requests 412, 1487 to 1489).
pub fn predicts_tokens(row: &Row) -> bool {
    /// Day of the first runs.
    const BEGIN: &str = "2026-01-14";
    let get = |column| row.get(column).unwrap_or_default();
    let deepseek = get("model_path").to_ascii_lowercase().contains("deepseek-r1");
    let day = get("silicon_data_source").split_once("measured=").map_or("", |(_, rest)| rest);
    let image = match get("backend_version") {
        "1.2.0rc6.post3" => true,
        "1.1.0rc2.post2" => day >= BEGIN,
        _ => false,
    };
    get("mode") == "agg" && get("backend") == "trtllm" && deepseek && image
}

/// Whether a row of `argonne` is one whose latency is wrong (a2).
pub fn impossible_latency(row: &Row) -> bool {
    let get = |column| row.get(column).unwrap_or_default();
    let (hardware, engine, length) = (get("Hardware"), get("Framework"), get("Input Output Length"));
    let model = get("Model").rsplit('/').next().unwrap_or_default();
    let h100 = hardware.contains("H100") && engine == "TensorRT-LLM";
    let small = ["Aquila-7B", "bloom-7b1", "gpt-j-6b", "llama-7b", "opt-6.7b"];
    (h100 && model == "Qwen2-7B" && length == "2048")
        || (hardware.contains("GH200") && engine == "vLLM" && length == "2048" && small.contains(&model))
        || (h100
            && get("Num of Hardware") == "4"
            && model == "Qwen2-72B"
            && length == "1024"
            && get("Batch Size") == "1")
}

#[cfg(test)]
mod tests {
    use facts::table::{self, PROVENANCE};

    const TABLE: &str = include_str!("../../../../data/exclusions.csv");

    #[test]
    fn the_table_names_exactly_the_rules_that_are_applied_here() {
        let columns = [&["id", "schema", "condition", "action", "reason"][..], &PROVENANCE].concat();
        let ids = table::read(TABLE, "data/exclusions.csv", &columns, |row| {
            for column in ["schema", "condition", "action", "reason"] {
                row.text(column);
            }
            row.provenance();
            row.text("id")
        });
        let applied = ["m1", "m2", "m3", "m4", "m5", "m6", "m7", "m8", "s1", "s2", "s3", "s4", "s5", "a1", "a2"];
        assert_eq!(ids.unwrap(), applied);
    }
}
