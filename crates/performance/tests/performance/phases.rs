//! Pools of one phase, experts over many hosts, and two pools handing requests over.

use crate::fixtures::{ask, chip, deepseek, llama70};
use performance::{Client, Deployment, Efficiencies, Engine, EngineKind, Phase, Placement, Prepared, Steady, Workload};

/// DeepSeek-V3 with attention on every chip apart and experts over all of them.
fn wide(chips: u64, overlap: bool, placement: Placement) -> Deployment {
    let engine = Engine::of(EngineKind::Sglang);
    Deployment { dp: chips, ep: chips, engine, overlap, placement, ..Deployment::of(deepseek(), 1) }
}

fn only(phase: Phase, workload: &Workload) -> Workload {
    Workload { phase: Some(phase), ..workload.clone() }
}

fn steady(chip_id: &str, deployment: &Deployment, workload: &Workload) -> Steady {
    let prepared = Prepared::new(chip(chip_id), deepseek(), deployment, Efficiencies::builtin()).expect("it fits");
    prepared.steady(workload).expect("a request fits")
}

#[test]
fn a_pool_that_only_writes_has_no_first_token_and_one_that_only_reads_no_time_between_tokens() {
    let deployment = Deployment::of(llama70(), 8);
    let both = Workload::text(2048.0, 256.0, 64);
    let writes = ask(chip("h200-sxm"), llama70(), &deployment, &only(Phase::Decode, &both));
    assert!(writes.latency.ttft_s.value.is_none() && writes.latency.tpot_s.value.is_some());
    let reads = ask(chip("h200-sxm"), llama70(), &deployment, &only(Phase::Prefill, &both));
    assert!(reads.latency.tpot_s.value.is_none() && reads.latency.ttft_s.value.is_some());
    let phases = |answer: &performance::Answer| {
        let mut found: Vec<Phase> = answer.operators.iter().map(|operator| operator.phase).collect();
        found.dedup();
        found
    };
    assert_eq!((phases(&writes), phases(&reads)), (vec![Phase::Decode], vec![Phase::Prefill]));
}

#[test]
fn a_phase_alone_is_no_slower_than_beside_the_other() {
    let deployment = Deployment::of(llama70(), 8);
    let prepared = Prepared::new(chip("h200-sxm"), llama70(), &deployment, Efficiencies::builtin()).unwrap();
    let both = Workload::text(2048.0, 256.0, 64);
    let together = prepared.steady(&both).unwrap();
    let writes = prepared.steady(&only(Phase::Decode, &both)).unwrap();
    let reads = prepared.steady(&only(Phase::Prefill, &both)).unwrap();
    assert!(writes.tpot_s <= together.tpot_s && writes.requests_per_s >= together.requests_per_s);
    assert!(reads.requests_per_s >= together.requests_per_s);
}

#[test]
fn a_decode_pool_writes_its_batch_every_step() {
    let deployment = wide(72, false, Placement::Even);
    let found = steady("h100-sxm", &deployment, &only(Phase::Decode, &Workload::text(2000.0, 100.0, 72 * 64)));
    let rate = 72.0 * 64.0 / found.decode_step_s;
    assert!((found.output_tok_per_s / rate - 1.0).abs() < 1e-9);
}

#[test]
fn tokens_found_in_a_cache_are_read_for_little() {
    let deployment = wide(32, true, Placement::Even);
    let cold = only(Phase::Prefill, &Workload::text(4096.0, 1.0, 128));
    let warm = Workload { prefix_share: 0.5, ..cold.clone() };
    let gain =
        steady("h100-sxm", &deployment, &warm).requests_per_s / steady("h100-sxm", &deployment, &cold).requests_per_s;
    // Half the tokens, but their attention still looks at the whole prompt.
    assert!((1.4..2.0).contains(&gain), "{gain}");
}

/// LMSYS (2025-05-05): halves that overlap give 27 to 35 % in prefill at the same tokens a chip, 40 % at most.
#[test]
fn halves_that_hide_each_others_exchange_gain_what_was_published() {
    let load = only(Phase::Prefill, &Workload::text(4096.0, 1.0, 64));
    let rate = |overlap| steady("h100-sxm", &wide(32, overlap, Placement::ByLoad), &load).requests_per_s;
    let gain = rate(true) / rate(false);
    assert!((1.15..1.6).contains(&gain), "{gain}");
}

#[test]
fn the_better_experts_are_placed_the_faster_the_step() {
    let load = only(Phase::Prefill, &Workload::text(4096.0, 1.0, 128));
    let rate = |placement| steady("h100-sxm", &wide(32, true, placement), &load).requests_per_s;
    assert!(rate(Placement::Even) > rate(Placement::ByLoad) && rate(Placement::ByLoad) > rate(Placement::Fixed));
}

/// Prompts that wait for one engine share its steps: it reads a burst faster than one prompt after another.
#[test]
fn prompts_that_wait_for_a_prefill_pool_share_its_steps() {
    let engine = Engine::of(EngineKind::TrtLlm);
    let deployment = Deployment { ep: 8, engine, ..Deployment::of(deepseek(), 8) };
    let pool = Prepared::new(chip("h200-sxm"), deepseek(), &deployment, Efficiencies::builtin()).unwrap();
    let alone_s = pool.prefill_step_s(512.0, 0.0);
    let client = Client { rounds: 1.0, ..Client::ALIKE };
    let burst = pool.run_apart(&pool, &Workload::text(512.0, 4.0, 128), &client).unwrap();
    // One after another the mean prompt would wait for half of the 128.
    assert!(burst.ttft_s < 0.6 * 64.0 * alone_s, "{} {}", burst.ttft_s, 64.0 * alone_s);
}

#[test]
fn two_pools_are_the_same_to_the_bit_twice_and_more_readers_make_first_tokens_earlier() {
    let engine = Engine::of(EngineKind::Sglang);
    let pool = |replicas| {
        let deployment = Deployment { replicas, ep: 8, engine: engine.clone(), ..Deployment::of(deepseek(), 8) };
        Prepared::new(chip("h200-sxm"), deepseek(), &deployment, Efficiencies::builtin()).unwrap()
    };
    let workload = Workload::text(4096.0, 128.0, 64);
    let run = |readers| pool(2).run_apart(&pool(readers), &workload, &Client::INFERENCEX).unwrap();
    assert_eq!(run(1), run(1));
    assert!(run(4).ttft_s < run(2).ttft_s && run(2).ttft_s < run(1).ttft_s);
}
