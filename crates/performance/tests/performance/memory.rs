//! Where memory goes.

use crate::fixtures::{ask, chip, deepseek, llama70, model, roomy};
use performance::{Deployment, Efficiencies, Engine, Prepared, Workload};
use units::Dtype;

fn kv_tokens(deployment: &Deployment, architecture: &facts::Architecture) -> u64 {
    let answer = ask(&roomy("h200-sxm"), architecture, deployment, &Workload::text(100.0, 100.0, 1));
    answer.memory.kv_tokens_max.expect("a cache that grows")
}

#[test]
fn llama_70b_keeps_327_680_bytes_a_token() {
    // MODELS: 2 x 8 x 128 x 2 x 80.
    let deployment = Deployment { weights: Dtype::Fp8, ..Deployment::of(llama70(), 8) };
    let answer = ask(chip("h100-sxm"), llama70(), &deployment, &Workload::text(100.0, 100.0, 1));
    assert_eq!(answer.memory.kv_bytes_per_token, 327_680.0);
    let per_chip = &answer.memory.per_chip_bytes;
    assert!((per_chip.weights - 70.5e9 / 8.0).abs() < 0.6e9, "{}", per_chip.weights);
    let parts = per_chip.weights + per_chip.kv + per_chip.activations + per_chip.reserve;
    assert!((parts - per_chip.usable).abs() < 1.0 && per_chip.usable < per_chip.capacity);
    // Whole blocks of 16, each chip with one of the eight heads.
    let tokens = answer.memory.kv_tokens_max.unwrap();
    assert_eq!(tokens % 16, 0);
    assert_eq!(tokens, (per_chip.kv / (327_680.0 / 8.0) / 16.0).floor() as u64 * 16);
}

#[test]
fn half_the_bytes_an_element_hold_twice_the_tokens() {
    let wide = Deployment::of(llama70(), 8);
    let narrow = Deployment { kv: Dtype::Fp8, ..wide.clone() };
    let ratio = kv_tokens(&narrow, llama70()) as f64 / kv_tokens(&wide, llama70()) as f64;
    assert!((ratio - 2.0).abs() < 1e-3, "{ratio}");
}

#[test]
fn beyond_its_key_value_heads_more_chips_hold_no_more_tokens_each() {
    // 8 key-value heads: on 16 chips each head stands twice.
    let per_chip = |tp: u64| {
        let prepared =
            Prepared::new(&roomy("h200-sxm"), llama70(), &Deployment::of(llama70(), tp), Efficiencies::builtin());
        prepared.unwrap().kv_tokens_per_rank().unwrap()
    };
    assert!(per_chip(8) > 1.9 * per_chip(4));
    assert!(per_chip(16) < 1.01 * per_chip(8));
}

#[test]
fn a_latent_cache_is_not_cut_by_tensor_parallelism_but_attention_ranks_add_up() {
    let one = kv_tokens(&Deployment::of(deepseek(), 1), deepseek());
    let eight = kv_tokens(&Deployment::of(deepseek(), 8), deepseek());
    let apart = kv_tokens(&Deployment { dp: 8, ep: 8, ..Deployment::of(deepseek(), 1) }, deepseek());
    assert!((eight as f64 / one as f64 - 1.0).abs() < 0.1);
    assert!(apart > 7 * one);
}

#[test]
fn windows_hold_less_than_global_layers() {
    let gemma = model("google/gemma-3-27b-it");
    let prepared = Prepared::new(chip("h100-sxm"), gemma, &Deployment::of(gemma, 2), Efficiencies::builtin()).unwrap();
    let many = |input: f64| prepared.steady(&Workload::text(input, 1000.0, 100_000)).unwrap().running;
    // Were all layers global, eight times the length would leave an eighth of the requests.
    assert!(many(64_000.0) > many(8_000.0) / 6.0, "{} {}", many(64_000.0), many(8_000.0));
}

#[test]
fn the_engines_release_sets_its_share_of_the_memory() {
    let usable = |engine: &str| {
        let deployment = Deployment { engine: engine.parse::<Engine>().unwrap(), ..Deployment::of(llama70(), 8) };
        let answer = ask(chip("h200-sxm"), llama70(), &deployment, &Workload::text(100.0, 100.0, 1));
        answer.memory.per_chip_bytes.usable / answer.memory.per_chip_bytes.capacity
    };
    // PERFORMANCE item 9.
    assert!((usable("vllm@0.9") - 0.90).abs() < 1e-9);
    assert!((usable("vllm@0.22") - 0.92).abs() < 1e-9);
    assert!((usable("sglang") - 0.88).abs() < 1e-9);
}

#[test]
fn a_chip_holds_what_its_driver_reports_else_the_vendors_gigabytes_are_binary() {
    let capacity = |chip: &facts::Chip| {
        let workload = Workload::text(100.0, 100.0, 1);
        ask(chip, llama70(), &Deployment::of(llama70(), 4), &workload).memory.per_chip_bytes.capacity
    };
    // nvidia-smi: 81,559 MiB. ai-dynamo/aiconfigurator systems/h100_sxm.yaml: mem_capacity 85899345920.
    assert_eq!(capacity(chip("h100-sxm")), 81_559.0 * 1_048_576.0);
    let unknown = facts::Chip { memory_driver_bytes: None, ..chip("h100-sxm").clone() };
    assert_eq!(capacity(&unknown), 85_899_345_920.0);
}
