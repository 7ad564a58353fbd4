//! The result object, key by key.

use crate::fixtures::{chip, deepseek, llama70};
use performance::{CostBasis, Deployment, Options, Owning, Request, Workload, estimate};
use serde_json::Value;
use units::Dtype;

fn answer(cost: Option<CostBasis>, tp: u64) -> Value {
    let deployment = Deployment { weights: Dtype::Fp8, ..Deployment::of(llama70(), tp) };
    let workload = Workload::text(1024.0, 1024.0, 64);
    let options = Options { cost, ..Options::default() };
    let request = Request {
        chip: chip("h100-sxm"),
        model: "meta-llama/Meta-Llama-3.1-70B",
        architecture: llama70(),
        deployment: &deployment,
        workload: &workload,
        options: &options,
    };
    serde_json::to_value(estimate(&request).expect("a sound question")).expect("it serialises")
}

fn keys(value: &Value) -> Vec<&str> {
    value.as_object().expect("an object").keys().map(String::as_str).collect()
}

fn rental() -> CostBasis {
    CostBasis::Rental { usd_per_chip_hour: 2.0, source: "a price".into() }
}

#[test]
fn the_result_has_the_keys_of_the_contract_and_no_other() {
    let result = answer(Some(rental()), 8);
    let wanted = |text: &str| text.split(' ').map(str::to_string).collect::<Vec<_>>();
    for (part, names) in [
        (&result, "fits refusal deployment workload memory steps latency throughput energy cost operators"),
        (&result["deployment"], "model chip chips replicas tp pp dp ep moe_tp engine weights kv"),
        (&result["workload"], "input output concurrency images image_tokens"),
        (&result["memory"], "per_chip_bytes kv_tokens_max kv_bytes_per_token"),
        (&result["memory"]["per_chip_bytes"], "capacity usable weights kv activations reserve"),
        (&result["steps"], "prefill_s decode_s batch_decode"),
        (&result["latency"], "ttft_s ttft_burst_s tpot_s e2e_s"),
        (&result["throughput"], "output_tok_per_s total_tok_per_s output_tok_per_s_per_chip requests_per_s"),
        (&result["energy"], "power_w j_per_output_tok kwh_per_mtok_output"),
        (
            &result["cost"],
            "basis usd_per_chip_hour source usd_per_mtok_output usd_per_mtok_total usd_per_mtok_input usd_per_mtok_output_split",
        ),
        (&result["operators"][0], "phase name layers m n k dtype flop bytes time_s share_fraction bound tier"),
        (&result["latency"]["ttft_s"], "value lo hi tier"),
    ] {
        assert_eq!(keys(part), wanted(names));
    }
    assert_eq!(result["deployment"]["engine"], "vllm");
    assert_eq!(result["deployment"]["weights"], "fp8");
    assert_eq!(result["workload"]["image_tokens"], 0);
    let [lo, hi] = ["lo", "hi"].map(|end| result["latency"]["tpot_s"][end].as_f64().unwrap());
    assert!(0.0 < lo && lo < hi);
}

#[test]
fn a_refusal_keeps_every_key_and_has_no_figure() {
    let result = answer(Some(rental()), 6);
    assert_eq!(result["fits"], false);
    assert_eq!(result["refusal"]["code"], "tp_heads");
    assert!(result["refusal"]["nearest"]["tp"].is_u64());
    assert!(result["latency"]["tpot_s"]["value"].is_null() && result["latency"]["tpot_s"]["tier"].is_null());
    assert!(result["memory"]["kv_tokens_max"].is_null());
}

#[test]
fn rent_is_charged_to_tokens_in_four_ways() {
    let result = answer(Some(rental()), 8);
    let number = |value: &Value| value["value"].as_f64().unwrap();
    let output = number(&result["cost"]["usd_per_mtok_output"]);
    let rate = number(&result["throughput"]["output_tok_per_s"]);
    assert!((output - 16.0 / 3600.0 / rate * 1e6).abs() < 1e-9 * output);
    // Input and output are equally long here.
    assert!((number(&result["cost"]["usd_per_mtok_total"]) - output / 2.0).abs() < 1e-9 * output);
    let split = number(&result["cost"]["usd_per_mtok_input"]) + number(&result["cost"]["usd_per_mtok_output_split"]);
    assert!((split - output).abs() < 1e-9 * output);
}

#[test]
fn owning_adds_the_power_that_the_chip_draws() {
    let owning = |electricity_usd_per_kwh| {
        let result = answer(
            Some(CostBasis::Owning(Owning {
                capital_usd_per_chip: 40_000.0,
                life_years: 5.0,
                utilisation_fraction: 0.7,
                electricity_usd_per_kwh,
                overhead_usd_per_chip_hour: 0.2,
                source: "figures".into(),
            })),
            8,
        );
        let power = result["energy"]["power_w"]["value"].as_f64().unwrap();
        (result["cost"]["usd_per_chip_hour"].as_f64().unwrap(), power)
    };
    let ((free, power), (paid, _)) = (owning(0.0), owning(0.1));
    assert!((paid - free - power / 8.0 / 1000.0 * 0.1).abs() < 1e-9);
}

#[test]
fn without_a_price_the_cost_is_null() {
    let cost = &answer(None, 8)["cost"];
    assert!(cost["basis"].is_null() && cost["usd_per_mtok_output"]["value"].is_null());
}

#[test]
fn the_batch_of_a_rank_is_its_share_rounded_up() {
    let deployment = Deployment { dp: 8, ep: 8, ..Deployment::of(deepseek(), 1) };
    let workload = Workload::text(100.0, 1000.0, 100);
    let options = Options::default();
    let request = Request {
        chip: chip("h200-sxm"),
        model: "m",
        architecture: deepseek(),
        deployment: &deployment,
        workload: &workload,
        options: &options,
    };
    let answer = estimate(&request).unwrap();
    // 100 over 8 ranks: 13 each, nearly all of them writing.
    assert_eq!(answer.steps.batch_decode, Some(13));
}
