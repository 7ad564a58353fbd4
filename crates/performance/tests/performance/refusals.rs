//! Deployments that cannot be, with the nearest that can; and questions that mean nothing.

use crate::fixtures::{ask, chip, deepseek, llama70};
use performance::{Deployment, Engine, EngineKind, Options, RefusalCode, Request, Workload, estimate};
use units::Dtype;

fn short() -> Workload {
    Workload::text(1000.0, 100.0, 4)
}

#[test]
fn deepseek_does_not_fit_eight_h100_and_twice_as_many_are_proposed() {
    let answer = ask(chip("h100-sxm"), deepseek(), &Deployment::of(deepseek(), 8), &short());
    assert!(!answer.fits && answer.throughput.output_tok_per_s.value.is_none() && answer.operators.is_empty());
    let refusal = answer.refusal.unwrap();
    assert_eq!(refusal.code, RefusalCode::OutOfMemory);
    let nearest = refusal.nearest.unwrap();
    assert_eq!((nearest.chips, nearest.weights), (16, Dtype::Fp8Block));
    assert!(ask(chip("h100-sxm"), deepseek(), &nearest.deployment(), &short()).fits);
    assert!(answer.memory.per_chip_bytes.weights > 80e9);
}

#[test]
fn heads_that_do_not_divide_are_refused_with_a_divisor() {
    let answer = ask(chip("h200-sxm"), llama70(), &Deployment::of(llama70(), 6), &short());
    let refusal = answer.refusal.unwrap();
    assert_eq!(refusal.code, RefusalCode::TpHeads);
    assert!(refusal.message.contains("64") && refusal.message.contains('6'), "{}", refusal.message);
    assert_eq!(refusal.nearest.unwrap().tp, 8);
}

#[test]
fn fp8_on_ampere_is_widened_by_vllm_and_refused_by_tensorrt_llm() {
    let with = |engine| {
        let deployment = Deployment { weights: Dtype::Fp8, engine: Engine::of(engine), ..Deployment::of(llama70(), 8) };
        ask(chip("a100-80-sxm"), llama70(), &deployment, &short())
    };
    assert!(with(EngineKind::Vllm).fits);
    let refusal = with(EngineKind::TrtLlm).refusal.unwrap();
    assert_eq!(refusal.code, RefusalCode::DtypeUnsupported);
    assert_eq!(refusal.nearest.unwrap().weights, Dtype::Bf16);
}

#[test]
fn a_dense_model_has_no_experts_to_spread() {
    let refusal =
        ask(chip("h200-sxm"), llama70(), &Deployment { ep: 8, ..Deployment::of(llama70(), 8) }, &short()).refusal;
    let refusal = refusal.unwrap();
    assert_eq!(refusal.code, RefusalCode::UnsupportedArchitecture);
    assert_eq!(refusal.nearest.unwrap().deployment(), Deployment::of(llama70(), 8));
}

#[test]
fn a_request_longer_than_the_cache_is_out_of_memory() {
    let deployment = Deployment { weights: Dtype::Fp8, ..Deployment::of(llama70(), 1) };
    let long = Workload::text(100_000.0, 100.0, 1);
    let refusal = ask(chip("h100-sxm"), llama70(), &deployment, &long).refusal.unwrap();
    assert_eq!(refusal.code, RefusalCode::OutOfMemory);
    assert!(refusal.nearest.unwrap().chips > 1);
}

#[test]
fn all_that_means_nothing_is_said_at_once() {
    let deployment = Deployment { tp: 0, ..Deployment::of(llama70(), 8) };
    let workload = Workload { prefix_share: 2.0, images: 1, ..Workload::text(f64::NAN, 0.0, 0) };
    let options = Options { pue: 0.5, ..Options::default() };
    let request = Request {
        chip: chip("h100-sxm"),
        model: "llama",
        architecture: llama70(),
        deployment: &deployment,
        workload: &workload,
        options: &options,
    };
    let problems = estimate(&request).unwrap_err();
    let keys: Vec<_> = problems.0.iter().filter_map(|problem| problem.key.as_deref()).collect();
    for key in ["tp", "input", "output", "concurrency", "prefix_share", "pue", "images"] {
        assert!(keys.contains(&key), "{key} in {keys:?}");
    }
}

#[test]
fn a_chip_without_a_32_bit_figure_runs_no_32_bit_products() {
    let chip = chip("ascend-910c");
    assert_eq!(chip.dense_op_per_s.fp32, None);
    let deployment = Deployment { weights: Dtype::Fp32, ..Deployment::of(llama70(), 8) };
    let refusal = ask(chip, llama70(), &deployment, &short()).refusal.unwrap();
    assert_eq!(refusal.code, RefusalCode::DtypeUnsupported);
    assert_ne!(refusal.nearest.unwrap().weights, Dtype::Fp32);
}
