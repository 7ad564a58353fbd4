//! The schema `silicon`: mean TTFT and TPOT a row, with the full configuration.

use performance::speculative::Method;
use rules::sheet::{Row, Sheet};
use std::collections::BTreeMap;
use units::Problems;

use super::{
    Reading, Source, Target, exclusions,
    names::{self, Names},
    recipe::{self, Recipe},
    row_problem,
    setup::{Layout, Load, Metric, Pool, Setup, Skip},
};

/// The columns.
pub const COLUMNS: [&str; 34] = [
    "id",
    "silicon_data_source",
    "backend",
    "backend_version",
    "model_path",
    "system",
    "precision",
    "mode",
    "isl",
    "osl",
    "gemm_quant_mode",
    "moe_quant_mode",
    "batch_size",
    "tp_size",
    "pp_size",
    "attention_dp_size",
    "moe_tp_size",
    "moe_ep_size",
    "prefill_batch_size",
    "prefill_num_workers",
    "prefill_tp_size",
    "prefill_pp_size",
    "prefill_attention_dp_size",
    "prefill_moe_tp_size",
    "prefill_moe_ep_size",
    "decode_batch_size",
    "decode_num_workers",
    "decode_tp_size",
    "decode_pp_size",
    "decode_attention_dp_size",
    "decode_moe_tp_size",
    "decode_moe_ep_size",
    "silicon_ttft_ms",
    "silicon_tpot_ms",
];

/// Mean output over nominal output of InferenceX: lengths are drawn between 0.8 and 1.0 of the nominal one.
pub const JITTER: f64 = 0.9;

/// Two readings a row.
pub fn readings(file: usize, source: &Source, sheet: &Sheet, names: &Names) -> Result<Vec<Reading>, Problems> {
    let mut problems = Problems::default();
    let kept = kept(sheet);
    let mut readings = Vec::new();
    for (index, row) in sheet.rows().enumerate() {
        let excluded = kept.get(&figures(&row)).is_some_and(|kept| *kept != index);
        let setup = if excluded { Err(Skip::Excluded("s2")) } else { setup(&row, names) };
        let mut corrected = Vec::new();
        if exclusions::squared(&row) {
            corrected.push("s1");
        }
        if row.get("attention_dp_size").is_some_and(|dp| dp.parse() == Ok(0.0)) {
            corrected.push("s4");
        }
        if exclusions::predicts_tokens(&row) {
            corrected.push("s5");
        }
        for (column, metric, name) in
            [("silicon_ttft_ms", Metric::TtftBurst, "ttft_mean"), ("silicon_tpot_ms", Metric::Tpot, "tpot_mean")]
        {
            let measured = row.get(column).map(str::parse::<f64>);
            if let Some(Err(_)) = measured {
                let message = format!("'{}' is no number", row.get(column).unwrap_or_default());
                problems.push(row_problem(source, row.line, "bad_number", column, message));
            }
            let measured = measured.and_then(Result::ok);
            let valid = measured.is_some_and(|value| value.is_finite() && value > 0.0);
            let target = setup
                .clone()
                .and_then(|setup| if valid { Ok(Target { setup, metric, scale: 1e3 }) } else { Err(Skip::INVALID) });
            readings.push(Reading {
                file,
                line: row.line,
                id: row.get("id").map_or_else(|| format!("line-{}", row.line), str::to_string),
                source: "silicon".into(),
                metric: name.into(),
                unit: "ms".into(),
                measured,
                target,
                corrected: corrected.clone(),
                assumed_dtype: row.get("precision").is_none(),
                assumed_lengths: false,
            });
        }
    }
    problems.check(readings)
}

/// The two figures of a row, as written.
fn figures<'a>(row: &Row<'a>) -> [Option<&'a str>; 2] {
    [row.get("silicon_ttft_ms"), row.get("silicon_tpot_ms")]
}

/// Of rows with the same two figures, the one that is kept (s2): from the database dump, else with its numbers of
/// workers, else the first.
fn kept(sheet: &Sheet) -> BTreeMap<[Option<&str>; 2], usize> {
    let mut kept: BTreeMap<_, (u8, usize)> = BTreeMap::new();
    for (index, row) in sheet.rows().enumerate() {
        let dump = row.get("silicon_data_source").is_some_and(|source| source.contains("db-dump/"));
        let rank = if dump { 0 } else { 1 + u8::from(exclusions::without_workers(&row)) };
        let entry = kept.entry(figures(&row)).or_insert((rank, index));
        *entry = (*entry).min((rank, index));
    }
    kept.into_iter().map(|(figures, (_, index))| (figures, index)).collect()
}

fn count(row: &Row, column: &str) -> Option<u64> {
    row.get(column)?.parse::<f64>().ok().filter(|value| (0.0..1e9).contains(value)).map(|value| value as u64)
}

/// The client's requests in flight, over all replicas.
fn client_concurrency(row: &Row) -> Option<u64> {
    let source = row.get("silicon_data_source")?;
    let (_, rest) = source.split_once("silicon_concurrency=")?;
    rest.split(';').next()?.trim().parse().ok()
}

fn setup(row: &Row, names: &Names) -> Result<Setup, Skip> {
    if exclusions::without_workers(row) {
        return Err(Skip::Excluded("s3"));
    }
    let get = |column| row.get(column).unwrap_or_default();
    let chip = names.chip(get("system")).ok_or(Skip::CHIP)?;
    let model = names.model(get("model_path")).ok_or(Skip::MODEL)?;
    let spelt = row.get("gemm_quant_mode").or(row.get("precision")).unwrap_or_default();
    let weights = names.weights(spelt, model, get("model_path"), true).ok_or(Skip::DTYPE)?;
    let length =
        |column, skip| row.get(column).and_then(|text| text.parse::<f64>().ok()).filter(|l| *l >= 1.0).ok_or(skip);
    // The dashboard's runs draw their lengths; the other exports are of runs with fixed ones.
    let dashboard = ["db-dump/", "source_file=2026-0", "kimi-k2.5-gap"]
        .iter()
        .any(|part| get("silicon_data_source").contains(part));
    let factor = if dashboard { JITTER } else { 1.0 };
    let apart = get("mode") == "disagg";
    let (layout, concurrency) = if apart { disaggregated(row)? } else { aggregated(row)? };
    let engine = match get("backend") {
        "trtllm" | "sglang" | "vllm" => names::engine(get("backend")),
        _ => return Err(Skip::ENGINE),
    };
    let load = (length("isl", Skip::INPUT)?, concurrency);
    let ranks = match &layout {
        Layout::Aggregated(pool) => pool.dp,
        Layout::Disaggregated { decode, .. } => decode.dp,
    };
    let framework = get("backend");
    let recipe =
        Recipe { framework, engine, chip, weights, ranks, apart, rank_load: concurrency.div_ceil(ranks.max(1)) };
    let drafts = exclusions::predicts_tokens(row);
    let speculative = drafts.then(|| recipe::draft(&recipe, model, Method::Mtp)).transpose()?;
    let client = match speculative {
        _ if !dashboard => recipe::configured(engine, load),
        Some(draft) => recipe::inferencex_mtp(&recipe, load, &draft),
        None => recipe::inferencex(engine, (chip, apart), load),
    };
    Ok(Setup {
        source: "silicon".into(),
        chip: chip.into(),
        model: model.into(),
        engine,
        version: row.get("backend_version").map(str::to_string),
        weights,
        kv: if dashboard { recipe::cache(weights) } else { names::cache("", engine, weights) },
        layout,
        input_tokens: length("isl", Skip::INPUT)? * factor,
        output_tokens: (length("osl", Skip::OUTPUT)? * factor).max(1.0),
        load: Load::Closed(concurrency),
        client,
        speculative,
        alone: None,
    })
}

/// One replica: TTFT and TPOT do not depend on how many there are.
fn aggregated(row: &Row) -> Result<(Layout, u64), Skip> {
    let one = |column| count(row, column).unwrap_or(1).max(1);
    let (tp, pp, ep) =
        (count(row, "tp_size").filter(|tp| *tp > 0).ok_or(Skip::PARALLELISM)?, one("pp_size"), one("moe_ep_size"));
    let batch = count(row, "batch_size").filter(|batch| *batch > 0).ok_or(Skip::CONCURRENCY)?;
    let dp = one("attention_dp_size");
    if exclusions::squared(row) {
        let chips = ((tp * dp) as f64).sqrt().round() as u64;
        // vLLM's recipes cut attention as they cut the experts, whatever the export calls it.
        let dp = if dp > 1 && row.get("backend") != Some("vllm") { chips } else { 1 };
        let pool = Pool { replicas: 1, tp: chips / dp, pp, dp, ep: chips };
        return Ok((Layout::Aggregated(pool), client_concurrency(row).unwrap_or(batch * one("attention_dp_size"))));
    }
    // Attention data parallelism left blank: more chips under the experts than under attention.
    let expert_chips = one("moe_tp_size") * ep;
    let blank = row.get("attention_dp_size").is_none();
    let dp = if blank && expert_chips > tp && expert_chips % tp == 0 { expert_chips / tp } else { dp };
    Ok((Layout::Aggregated(Pool { replicas: 1, tp, pp, dp, ep }), batch * dp))
}

fn disaggregated(row: &Row) -> Result<(Layout, u64), Skip> {
    let pool = |phase: &str| {
        let get = |what: &str| count(row, &format!("{phase}_{what}"));
        let one = |what| get(what).unwrap_or(1).max(1);
        let replicas = get("num_workers").filter(|workers| *workers > 0)?;
        let tp = get("tp_size").filter(|tp| *tp > 0)?;
        Some(Pool { replicas, tp, pp: one("pp_size"), dp: one("attention_dp_size"), ep: one("moe_ep_size") })
    };
    let prefill = pool("prefill").ok_or(Skip::DISAGGREGATED)?;
    let decode = pool("decode").ok_or(Skip::DISAGGREGATED)?;
    let batch = count(row, "decode_batch_size").filter(|batch| *batch > 0);
    let running = batch.map(|batch| batch * decode.replicas * decode.dp);
    let concurrency = client_concurrency(row).or(running).ok_or(Skip::CONCURRENCY)?;
    Ok((Layout::Disaggregated { prefill, decode }, concurrency))
}
