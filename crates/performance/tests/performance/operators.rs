//! Shapes, arithmetic and traffic against numbers worked by hand and counts made by another crate.

use crate::fixtures::{ask, chip, deepseek, facts, llama70, model, roomy};
use performance::{Bound, Deployment, Operator, Phase, Workload};
use units::Dtype;

fn named<'a>(operators: &'a [Operator], phase: Phase, name: &str) -> &'a Operator {
    operators
        .iter()
        .rev()
        .find(|operator| operator.phase == phase && operator.name == name)
        .unwrap_or_else(|| panic!("no {name}"))
}

#[test]
fn llama_70b_on_eight_chips_has_the_shapes_of_its_config() {
    // d 8192, 64 heads and 8 key-value heads of 128, F 28672, V 128256, 80 layers.
    let deployment = Deployment { weights: Dtype::Fp8, ..Deployment::of(llama70(), 8) };
    let answer = ask(chip("h100-sxm"), llama70(), &deployment, &Workload::text(1000.0, 48.0, 1));
    let qkv = named(&answer.operators, Phase::Decode, "attention_qkv");
    assert_eq!((qkv.layers, qkv.m, qkv.n, qkv.k), (80, 1.0, 1280.0, 8192.0));
    assert_eq!(qkv.flop, 2.0 * 1280.0 * 8192.0);
    // FP8 weights; activations read in 16 bits, written and read in 8; results in 16.
    assert_eq!(qkv.bytes, 1280.0 * 8192.0 + 4.0 * 8192.0 + 2.0 * 1280.0);
    let attention = named(&answer.operators, Phase::Decode, "attention_decode");
    // Context 1000 + 48/2: 4 H h S FLOP with H = 8 here; keys and values of one head, then q and o.
    assert_eq!(attention.flop, 4.0 * 8.0 * 128.0 * 1024.0);
    assert_eq!(attention.bytes, 2.0 * 128.0 * 2.0 * 1024.0 + 4.0 * 8.0 * 128.0);
    let prefill = named(&answer.operators, Phase::Prefill, "attention_prefill");
    assert_eq!(prefill.flop, 4.0 * 8.0 * 128.0 * (1000.0 * 1001.0 / 2.0));
    let up = named(&answer.operators, Phase::Prefill, "mlp_up");
    assert_eq!((up.m, up.n, up.k), (1000.0, 2.0 * 28672.0 / 8.0, 8192.0));
    let head = named(&answer.operators, Phase::Prefill, "head");
    assert_eq!((head.m, head.n, head.k), (1.0, 128_256.0 / 8.0, 8192.0));
}

#[test]
fn one_token_of_deepseek_reads_eight_experts_and_attends_to_the_latent() {
    let answer = ask(chip("h200-sxm"), deepseek(), &Deployment::of(deepseek(), 8), &Workload::text(1000.0, 48.0, 1));
    let experts = named(&answer.operators, Phase::Decode, "experts");
    assert_eq!(experts.layers, 58);
    // 8 of 256 experts of 3 x 7168 x 2048, cut over 8 chips, a byte each, and the activations of 8 pairs.
    let weights = 8.0 * 3.0 * 7168.0 * 2048.0 / 8.0;
    let activations = 8.0 * 2.0 * (2.0 * 7168.0 + 3.0 * 256.0) + 4.0 * 7168.0;
    assert!((experts.bytes - weights - activations).abs() < 1.0, "{}", experts.bytes);
    let attention = named(&answer.operators, Phase::Decode, "attention_decode");
    // MODELS: 2 H [(c + r) + c] S = 278,528 S for all 128 heads; a chip has 16 of them and the whole latent.
    assert_eq!(attention.flop, 278_528.0 / 8.0 * 1024.0);
    assert_eq!(attention.bytes, 576.0 * 2.0 * 1024.0 + 2.0 * 16.0 * 1088.0);
}

#[test]
fn arithmetic_of_a_token_and_of_a_prompt_agrees_with_the_counts_of_every_model() {
    let mut seen = 0;
    for model in &facts().models {
        let architecture = &model.architecture;
        let deployment = Deployment { weights: Dtype::Bf16, ..Deployment::of(architecture, 1) };
        let answer = ask(&roomy("h200-sxm"), architecture, &deployment, &Workload::text(4000.0, 192.0, 1));
        assert!(answer.fits, "{}: {:?}", model.id, answer.refusal);
        let sum = |phase: Phase| {
            let operators = answer.operators.iter().filter(|operator| operator.phase == phase);
            operators.map(|operator| operator.flop * operator.layers as f64).sum::<f64>()
        };
        // Sparse attention is counted there as dense, and runs here as it is: tested below.
        if answer.operators.iter().any(|operator| operator.name.starts_with("indexer")) {
            continue;
        }
        let counted = architecture.decode_flops(4096);
        assert!((sum(Phase::Decode) / counted - 1.0).abs() < 1e-3, "{} decode", model.id);
        let counted = architecture.prefill_flops(4000);
        assert!((sum(Phase::Prefill) / counted - 1.0).abs() < 1e-3, "{} prefill", model.id);
        seen += 1;
    }
    assert!(seen > 90, "only {seen} models");
}

#[test]
fn sparse_attention_scores_every_position_and_attends_to_2048() {
    // MODELS: DeepSeek-V3.2 at 128K: index 130.996502528 GFLOP, attention 34.795945984 GFLOP.
    let architecture = model("deepseek-ai/DeepSeek-V3.2");
    let chip = roomy("h200-sxm");
    let workload = Workload::text(131_070.0, 4.0, 1);
    let answer = ask(&chip, architecture, &Deployment::of(architecture, 1), &workload);
    let whole = |name: &str| {
        let operators = answer.operators.iter().filter(|o| o.phase == Phase::Decode && o.name == name);
        operators.map(|operator| operator.flop * operator.layers as f64).sum::<f64>()
    };
    assert!((whole("indexer_scores") / 130.996_502_528e9 - 1.0).abs() < 1e-9, "{}", whole("indexer_scores"));
    assert!((whole("attention_decode") / 34.795_945_984e9 - 1.0).abs() < 1e-9, "{}", whole("attention_decode"));
}

#[test]
fn one_chip_has_no_collective() {
    let answer = ask(&roomy("h100-sxm"), llama70(), &Deployment::of(llama70(), 1), &Workload::text(500.0, 500.0, 4));
    assert!(
        answer
            .operators
            .iter()
            .all(|operator| operator.bound != Bound::Network && !operator.name.contains("all_reduce"))
    );
}

#[test]
fn eight_chips_sum_the_hidden_state_twice_a_layer() {
    let deployment = Deployment { weights: Dtype::Fp8, ..Deployment::of(llama70(), 8) };
    let answer = ask(chip("h100-sxm"), llama70(), &deployment, &Workload::text(1000.0, 48.0, 1));
    let sum = named(&answer.operators, Phase::Prefill, "mlp_all_reduce");
    // 2 (N - 1)/N of m d 16-bit numbers cross each link.
    assert!((sum.bytes - 2.0 * 7.0 / 8.0 * 1000.0 * 8192.0 * 2.0).abs() < 1.0);
    assert_eq!(sum.layers, 80);
}

#[test]
fn a_single_decode_is_bound_by_bytes_and_a_long_prompt_by_arithmetic() {
    let deployment = Deployment { weights: Dtype::Bf16, ..Deployment::of(llama70(), 4) };
    let answer = ask(chip("h100-sxm"), llama70(), &deployment, &Workload::text(8000.0, 100.0, 1));
    assert_eq!(named(&answer.operators, Phase::Decode, "mlp_up").bound, Bound::Memory);
    assert_eq!(named(&answer.operators, Phase::Prefill, "mlp_up").bound, Bound::Compute);
}

#[test]
fn shares_of_a_phase_add_up_to_one() {
    let answer = ask(chip("h200-sxm"), deepseek(), &Deployment::of(deepseek(), 8), &Workload::text(300.0, 300.0, 64));
    for phase in [Phase::Prefill, Phase::Decode] {
        let shares: f64 = answer.operators.iter().filter(|o| o.phase == phase).map(|o| o.share_fraction).sum();
        assert!((shares - 1.0).abs() < 1e-9, "{phase:?} {shares}");
    }
}

#[test]
fn spread_attention_sends_tokens_to_their_experts_and_back() {
    let deployment = Deployment { dp: 8, ep: 8, ..Deployment::of(deepseek(), 1) };
    let answer = ask(chip("h200-sxm"), deepseek(), &deployment, &Workload::text(1000.0, 100.0, 64));
    assert!(named(&answer.operators, Phase::Decode, "expert_dispatch").bytes > 0.0);
    assert!(named(&answer.operators, Phase::Decode, "expert_combine").time_s > 0.0);
    assert!(answer.operators.iter().all(|operator| !operator.name.contains("all_reduce")));
}

#[test]
fn an_image_adds_its_tokens_to_the_prompt_and_an_encoder_to_the_prefill() {
    let architecture = model("Qwen/Qwen2.5-VL-7B-Instruct");
    let text = Workload::text(500.0, 100.0, 1);
    let seen = Workload { images: 2, image_size: Some((1120, 1120)), ..text.clone() };
    let deployment = Deployment::of(architecture, 1);
    let (text, seen) = (
        ask(chip("h100-sxm"), architecture, &deployment, &text),
        ask(chip("h100-sxm"), architecture, &deployment, &seen),
    );
    // A token is 2 x 2 patches of 14 pixels: (1120 / 28)^2 = 1600 an image.
    assert_eq!(seen.workload.image_tokens, 3200);
    assert_eq!(named(&seen.operators, Phase::Prefill, "mlp_up").m, 3700.0);
    let encoder = named(&seen.operators, Phase::Prefill, "vision_encoder");
    let counted = 2.0 * architecture.vision.as_ref().unwrap().flops(1120, 1120);
    assert!((encoder.flop * encoder.layers as f64 / counted - 1.0).abs() < 1e-9);
    assert!(text.operators.iter().all(|operator| operator.name != "vision_encoder"));
    assert!(seen.latency.ttft_s.value > text.latency.ttft_s.value);
}

/// Products of an answer as (name, FLOP/s).
fn rates(answer: &performance::Answer) -> Vec<(&'static str, f64)> {
    let products = answer.operators.iter().filter(|operator| operator.name.starts_with("mlp_"));
    products.map(|operator| (operator.name, operator.flop * operator.layers as f64 / operator.time_s)).collect()
}

#[test]
fn integers_run_on_units_of_their_own_however_fast_those_of_fp8_are() {
    // B300: 155e12 op/s of dense INT8 beside 4,500e12 of FP8 (data/chips.csv).
    let chip = chip("b300");
    assert_eq!((chip.dense_op_per_s.int8, chip.dense_op_per_s.fp8), (Some(155e12), Some(4500e12)));
    let prompts = Workload::text(4096.0, 16.0, 8);
    let with = |weights| ask(chip, llama70(), &Deployment { weights, ..Deployment::of(llama70(), 1) }, &prompts);
    let (int8, fp8) = (with(Dtype::Int8), with(Dtype::Fp8));
    for (name, rate) in rates(&int8) {
        assert!(rate <= 155e12, "{name} {rate:e}");
    }
    assert!(rates(&fp8).iter().any(|(_, rate)| *rate > 1000e12));
    // No kernel of integers was timed, so none is read off a table.
    let products = int8.operators.iter().filter(|operator| operator.name.starts_with("mlp_up"));
    assert!(products.map(|operator| operator.tier).all(|tier| tier >= units::Tier::Transferred));
}

#[test]
fn weights_in_32_bits_stay_below_the_32_bit_peak() {
    for id in ["h100-sxm", "mi300x"] {
        let chip = chip(id);
        let peak = chip.dense_op_per_s.fp32.expect("stated");
        let deployment = Deployment { weights: Dtype::Fp32, ..Deployment::of(llama70(), 8) };
        let answer = ask(chip, llama70(), &deployment, &Workload::text(4096.0, 16.0, 8));
        assert!(answer.fits);
        for (name, rate) in rates(&answer) {
            assert!(rate <= peak, "{id} {name} {rate:e}");
        }
    }
}
