//! Tables for people: aligned, within the width, honest about what is missing.

#[path = "support/sample.rs"]
mod sample;

use present::{Language, Style, terminal};
use serde_json::{Value, json};

const PLAIN: Style = Style::PLAIN;

fn estimate(value: f64, unit_tier: &str) -> Value {
    json!({"value": value, "lo": null, "hi": null, "tier": unit_tier})
}

fn deployment() -> Value {
    json!({"model": "sample/model", "chip": "h200-sxm", "chips": 8, "replicas": 1, "tp": 8, "pp": 1, "dp": 1, "ep": 1,
        "moe_tp": 8, "engine": "vllm@0.9", "weights": "fp8", "kv": "fp8"})
}

#[test]
fn an_estimate_says_what_it_is_of_and_what_comes_out() {
    let result = json!({
        "fits": true, "refusal": null, "deployment": deployment(),
        "workload": {"input": 1024, "output": 1024, "concurrency": 64, "images": 0, "image_tokens": 0},
        "memory": {"per_chip_bytes": {"capacity": 141e9, "usable": 120e9, "weights": 84e9, "kv": 20e9,
            "activations": 2e9, "reserve": 3e9}, "kv_tokens_max": 580_000, "kv_bytes_per_token": 34_500},
        "steps": {"prefill_s": estimate(0.2, "specification"), "decode_s": estimate(0.021, "specification")},
        "latency": {"ttft_s": estimate(0.412, "specification"), "tpot_s": {"value": 0.0213, "lo": 0.018, "hi": 0.026,
            "tier": "interpolated"}},
        "throughput": {"output_tok_per_s": estimate(2980.0, "specification")},
        "cost": {"basis": "rental", "usd_per_chip_hour": 3.2, "source": "neocloud median", "usd_per_mtok_output":
            estimate(2.38, "specification")},
        "operators": [{"phase": "decode", "name": "attention_qkv", "layers": 61, "m": 64, "n": 2112, "k": 7168,
            "dtype": "fp8", "flop": 1.9e9, "bytes": 1.5e7, "time_s": 1.1e-5, "share_fraction": 0.12,
            "bound": "memory", "tier": "specification"}]});
    let text = terminal::estimate(&result, false, &PLAIN);
    assert!(text.starts_with("sample/model on 8 x h200-sxm, vllm@0.9\n"), "{text}");
    for said in ["tp 8", "1,024 tokens in", "412 ms", "21.3 ms", "18.0 ms to 26.0 ms", "interpolated", "$3.20, rental"]
    {
        assert!(text.contains(said), "no '{said}' in:\n{text}");
    }
    assert!(!text.contains("attention_qkv"), "operators only with --explain");
    let text = terminal::estimate(&result, true, &Style { width: 160, ..PLAIN });
    assert!(text.contains("attention_qkv") && text.contains("memory"), "{text}");
}

#[test]
fn a_deployment_that_cannot_be_says_why_and_what_can() {
    let result = json!({"fits": false, "deployment": deployment(), "workload": {},
        "refusal": {"code": "out_of_memory", "message": "the weights need 671 GB", "nearest": deployment()}});
    let text = terminal::estimate(&result, false, &PLAIN);
    assert!(text.contains("Cannot be: the weights need 671 GB") && text.contains("Nearest that can:"), "{text}");
}

#[test]
fn a_rules_check_leads_with_the_outcome_and_ends_with_what_it_is_not() {
    let result = json!({
        "chip": {"id": "h200-sxm", "name": "H200 SXM", "confidence": "high"},
        "query": {"to": "CN", "on": "2026-01-20", "headquartered_in": null, "reexport": false, "snapshot": null},
        "metrics": {"tpp": 15832, "tpp_dtype": "fp16", "performance_density": 19.45, "die_area_mm2": 814,
            "io_gb_per_s": 1028, "dram_bw_gb_per_s": 4800, "datacenter": true},
        "class": "3A090.a", "classes": ["3A090.a"], "outcome": "licence_cbc", "outcome_text": "reviewed case by case",
        "rule": {"id": "r", "title": "T", "citation": "15 CFR", "effective": "2026-01-15", "source": "S",
            "confidence": "high"},
        "applied": ["r"], "margins": [{"rule": "r", "class": "3A090.a", "quantity": "tpp", "relation": ">=",
            "threshold": 4800, "value": 15832, "met": true, "margin_fraction": 2.298}],
        "tariff": {"rate_fraction": 0.25, "rule": "t"}, "confirmation": "yes", "notes": ["a note"],
        "not_covered": ["entity list", "end use"]});
    let text = terminal::rules_check(&result, &PLAIN);
    for said in ["to CN, on 2026-01-20", "licence, case by case", "+229.8 %", "15,832", "25.0 %", "entity list"] {
        assert!(text.contains(said), "no '{said}' in:\n{text}");
    }
    assert!(text.trim_end().ends_with("Not legal advice."));
    assert!(!text.contains('\u{1b}'));
    assert!(terminal::rules_check(&result, &Style { colour: true, ..PLAIN }).contains('\u{1b}'));
}

#[test]
fn cases_show_only_what_does_not_agree() {
    let case = |id: &str, agrees: Value| {
        json!({"case_id": id, "line": 2, "outcome": "free", "class": "none",
        "expected_outcome": "denial", "expected_class": null, "match": agrees, "rule": null})
    };
    let result = json!({"file": "cases.csv", "rows": 3, "compared": 2, "matched": 1, "mismatched": 1,
        "cases": [case("good", json!(true)), case("bad", json!(false)), case("open", Value::Null)]});
    let text = terminal::rules_cases(&result, &PLAIN);
    assert!(text.contains("1 of 2 compared cases agree (3 in all)"), "{text}");
    assert!(text.contains("bad") && !text.contains("good") && !text.contains("open"), "{text}");
}

#[test]
fn a_plan_without_an_answer_says_so() {
    let result = json!({"plans": [], "api": [], "refused": [{"reason": "out_of_memory", "count": 12}], "searched": 40});
    let text = terminal::plan(&result, &PLAIN);
    assert!(text.starts_with("No deployment meets the request"), "{text}");
    assert!(text.contains("40 deployments were laid out; refused: 12 out of memory."), "{text}");
}

#[test]
fn a_plan_ranks_and_compares_with_interfaces() {
    let result = json!({"plans": [{"rank": 1, "deployment": deployment(), "replicas": 1, "usd_per_month": 18_432.0,
        "usd_per_mtok_total": 0.41, "ttft_s": estimate(0.9, "specification"), "tpot_s": estimate(0.03, "specification"),
        "utilisation_fraction": 0.71, "outcome": "free", "power_w": 7_900.0}],
        "api": [{"provider": "a", "model": "m", "usd_per_month": 25_000.0, "observed": "2026-11-01"}],
        "refused": [], "searched": 10});
    let text = terminal::plan(&result, &Style { width: 140, ..PLAIN });
    for said in ["8 x h200-sxm", "$18,432", "900 ms", "71.0 %", "$25,000", "2026-11-01"] {
        assert!(text.contains(said), "no '{said}' in:\n{text}");
    }
}

#[test]
fn scores_show_the_whole_then_sources_then_chips() {
    let score = |source: &str, chip: &str, engine: &str| {
        json!({"source": source, "chip": chip, "model": "*", "engine": engine, "tier": "*",
        "metric": "tpot_mean", "rows": 10, "answered_fraction": 0.9, "scored": 9, "mape": 0.21, "mdape": 0.18,
        "bias_median": -0.05, "within20_fraction": 0.6, "spearman_family_median": 0.97, "replicate_floor_mape": null})
    };
    let result = json!({"leave_out": "none", "files": [{"name": "m.csv", "schema": "measured", "rows": 100,
        "predicted": 60, "skipped": [{"reason": "unknown_chip", "rows": 40, "examples": []}], "corrected": []}],
        "scores": [score("*", "*", "*"), score("paper", "*", "*"), score("*", "h100", "*"), score("paper", "h100", "vllm")]});
    let text = terminal::validate(&result, &Style { width: 140, ..PLAIN });
    for said in
        ["60 of 100 rows predicted", "skipped: 40 unknown chip", "By source", "By chip", "21.0 %", "1 finer scores"]
    {
        assert!(text.contains(said), "no '{said}' in:\n{text}");
    }
}

#[test]
fn the_world_shows_medians_and_bands_of_each_policy() {
    let series = |bands: bool| {
        json!({"variable": "adoption_fraction", "bloc": "us", "sector": null, "origin": null,
        "openness": null, "unit": "fraction", "p5": if bands { json!([0.1, 0.2]) } else { Value::Null },
        "p50": [0.15, 0.3], "p95": if bands { json!([0.2, 0.4]) } else { Value::Null }})
    };
    let result = json!({"quarters": ["2025Q4", "2026Q1"], "policies": [
        {"id": "history", "policy_start": "2026Q1", "series": [series(true)]},
        {"id": "hybrid", "policy_start": "2026Q1", "series": [series(false)]}]});
    let text = terminal::world(&result, &PLAIN);
    for said in ["Adoption [%]", "15.0 % (10.0 % to 20.0 %)", "hybrid", "All 2 series"] {
        assert!(text.contains(said), "no '{said}' in:\n{text}");
    }
}

#[test]
fn facts_are_a_list_or_a_card() {
    let row = |id: &str| {
        json!({"id": id, "name": "H100 SXM", "vendor": "NVIDIA", "memory_bytes": 8e10,
        "memory_bw_byte_per_s": 3.35e12, "source": "a data sheet", "confidence": "high", "peaks_op_per_s": {"fp8": 1.979e15}})
    };
    let list = terminal::facts(&json!({"kind": "chips", "rows": [row("a"), row("b")]}), &PLAIN);
    assert!(list.contains("chips (2)") && list.contains("80.0 GB") && !list.contains("a data sheet"), "{list}");
    let card = terminal::facts(&json!({"kind": "chips", "rows": [row("a")]}), &PLAIN);
    for said in ["H100 SXM", "a data sheet", "3.35 TB/s", "peaks fp8", "1.98 Pop/s"] {
        assert!(card.contains(said), "no '{said}' in:\n{card}");
    }
}

#[test]
fn anything_may_be_missing() {
    for result in
        [json!({}), json!(null), json!([]), json!({"rows": [{}], "plans": [{}], "scores": [{}], "cases": [{}]})]
    {
        for text in [
            terminal::estimate(&result, true, &PLAIN),
            terminal::rules_check(&result, &PLAIN),
            terminal::rules_table(&result, &PLAIN),
            terminal::rules_cases(&result, &PLAIN),
            terminal::validate(&result, &PLAIN),
            terminal::plan(&result, &PLAIN),
            terminal::world(&result, &PLAIN),
            terminal::facts(&result, &PLAIN),
        ] {
            assert!(text.ends_with('\n') && !text.contains("NaN"), "{text}");
        }
    }
}

#[test]
fn the_findings_fit_the_terminal_in_both_languages() {
    for language in Language::ALL {
        for width in [60, 100, 140] {
            let style = Style { width, colour: false, language };
            let text = terminal::findings(&sample::brief(1.0), &style);
            for line in text.lines().skip(1) {
                let columns: usize = line.chars().map(|c| if present::chart::svg::is_wide(c) { 2 } else { 1 }).sum();
                assert!(columns <= width, "{columns} columns of {width}: {line}");
            }
            assert!(text.contains(language.find("verdict.holds").unwrap()));
        }
    }
}

#[test]
fn colour_moves_no_column() {
    let coloured = terminal::findings(&sample::brief(1.0), &Style { colour: true, ..PLAIN });
    let mut plain = String::new();
    let mut rest = coloured.as_str();
    while let Some((before, after)) = rest.split_once('\u{1b}') {
        plain.push_str(before);
        rest = after.split_once('m').map_or("", |(_, rest)| rest);
    }
    plain.push_str(rest);
    assert_ne!(coloured, plain);
    assert_eq!(plain, terminal::findings(&sample::brief(1.0), &PLAIN));
}
