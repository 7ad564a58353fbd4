//! The steady state.

use crate::fixtures::{chip, deepseek, llama70};
use performance::{Constant, Deployment, Efficiencies, Engine, EngineKind, Prepared, Steady, Workload};
use units::Dtype;

fn llama(engine: EngineKind) -> Prepared {
    let deployment = Deployment { weights: Dtype::Fp8, engine: Engine::of(engine), ..Deployment::of(llama70(), 8) };
    Prepared::new(chip("h100-sxm"), llama70(), &deployment, Efficiencies::builtin()).expect("it fits")
}

/// With the same kernels and overheads under every engine: its scheduler alone makes the difference.
fn scheduler(engine: EngineKind) -> Prepared {
    let deployment = Deployment { weights: Dtype::Fp8, engine: Engine::of(engine), ..Deployment::of(llama70(), 8) };
    let efficiencies = Efficiencies::builtin().without_kernel_tables();
    let alike = [
        (Constant::HostStep, 3e-4),
        (Constant::FrontLatency, 0.015),
        (Constant::PrefillLaunch, 1e-4),
        (Constant::PrefillWork, 1.0),
    ];
    let efficiencies = efficiencies.with_engines(efficiencies.engines().with(engine, None, &alike));
    Prepared::new(chip("h100-sxm"), llama70(), &deployment, &efficiencies).expect("it fits")
}

fn at(prepared: &Prepared, concurrency: u64) -> Steady {
    prepared.steady(&Workload::text(1024.0, 512.0, concurrency)).expect("a request fits")
}

#[test]
fn littles_law_holds_for_every_engine_and_load() {
    for engine in EngineKind::ALL {
        let prepared = llama(engine);
        for concurrency in [1, 2, 7, 64, 500, 5000] {
            let steady = at(&prepared, concurrency);
            let in_flight = steady.requests_per_s * steady.e2e_s;
            assert!((in_flight / concurrency as f64 - 1.0).abs() < 1e-9, "{engine:?} {concurrency} {in_flight}");
            assert!((steady.ttft_s + 511.0 * steady.tpot_s - steady.e2e_s).abs() < 1e-6 * steady.e2e_s);
            assert!((steady.output_tok_per_s / steady.requests_per_s - 512.0).abs() < 1e-6);
        }
    }
}

#[test]
fn more_in_flight_write_no_less_together_and_no_faster_each() {
    for engine in EngineKind::ALL {
        let prepared = llama(engine);
        let mut before = at(&prepared, 1);
        for concurrency in [2, 4, 8, 16, 32, 64, 128, 256] {
            let steady = at(&prepared, concurrency);
            assert!(steady.output_tok_per_s > before.output_tok_per_s * 0.999, "{engine:?} {concurrency}");
            assert!(steady.tpot_s > before.tpot_s * 0.999, "{engine:?} {concurrency}");
            before = steady;
        }
    }
}

#[test]
fn what_the_cache_does_not_admit_waits() {
    let deployment = Deployment::of(deepseek(), 8);
    let prepared = Prepared::new(chip("h200-sxm"), deepseek(), &deployment, Efficiencies::builtin()).unwrap();
    let workload = |concurrency| Workload::text(30_000.0, 1000.0, concurrency);
    let room = prepared.steady(&workload(10_000)).unwrap().running;
    assert!(room < 200.0);
    let few = prepared.steady(&workload(room as u64 / 2)).unwrap();
    let many = prepared.steady(&workload(room as u64 * 4)).unwrap();
    assert_eq!(many.running, room);
    assert!(many.ttft_s > 3.0 * few.ttft_s);
    assert!((many.requests_per_s * many.e2e_s / (room * 4.0).floor() - 1.0).abs() < 0.05);
}

#[test]
fn prompts_first_give_early_first_tokens_and_slow_ones_after() {
    let workload = Workload::text(4000.0, 200.0, 64);
    let mixed = scheduler(EngineKind::TrtLlm).steady(&workload).unwrap();
    let first = scheduler(EngineKind::Sglang).steady(&workload).unwrap();
    assert!(first.ttft_s < mixed.ttft_s, "{} {}", first.ttft_s, mixed.ttft_s);
    assert!(first.tpot_s > first.decode_step_s);
    // From a standing start the bunch waits together, and is held up less afterwards.
    assert!(first.ttft_burst_s > first.ttft_s && first.tpot_burst_s < first.tpot_s);
}

#[test]
fn a_saturated_prompt_station_keeps_its_rate() {
    // Prompts of 4096 tokens and 16 written: nearly all time is prefill.
    for engine in EngineKind::ALL {
        let prepared = llama(engine);
        let steady = |concurrency| prepared.steady(&Workload::text(4096.0, 16.0, concurrency)).unwrap();
        let (some, many) = (steady(128), steady(512));
        assert!(many.requests_per_s > some.requests_per_s * 0.95, "{engine:?}");
        assert!(many.prefill_fraction > 0.5 && many.prefill_fraction <= 1.0);
        assert!(1.0 / many.requests_per_s < 1.5 * many.prefill_s, "{engine:?}");
    }
}

#[test]
fn one_written_token_is_all_prefill() {
    let steady = llama(EngineKind::Vllm).steady(&Workload::text(2000.0, 1.0, 8)).unwrap();
    assert_eq!(steady.prefill_fraction, 1.0);
    assert!((steady.e2e_s - steady.ttft_s).abs() < 1e-12);
}

#[test]
fn a_shared_prefix_is_not_computed_again() {
    let prepared = llama(EngineKind::Vllm);
    let plain = Workload::text(8000.0, 100.0, 8);
    let shared = Workload { prefix_share: 0.75, ..plain.clone() };
    let (plain, shared) = (prepared.steady(&plain).unwrap(), prepared.steady(&shared).unwrap());
    assert!(shared.prefill_s < 0.5 * plain.prefill_s && shared.prefill_s > 0.2 * plain.prefill_s);
}

#[test]
fn two_replicas_serve_twice_the_load_alike() {
    let one = Deployment { weights: Dtype::Fp8, ..Deployment::of(llama70(), 8) };
    let two = Deployment { replicas: 2, ..one.clone() };
    let steady = |deployment: &Deployment, concurrency| {
        let prepared = Prepared::new(chip("h100-sxm"), llama70(), deployment, Efficiencies::builtin()).unwrap();
        at(&prepared, concurrency)
    };
    let (one, two) = (steady(&one, 64), steady(&two, 128));
    assert!((two.output_tok_per_s / one.output_tok_per_s - 2.0).abs() < 1e-9);
    assert_eq!(two.tpot_s, one.tpot_s);
}

#[test]
fn the_same_question_has_the_same_answer() {
    let prepared = llama(EngineKind::Vllm);
    assert_eq!(at(&prepared, 77), at(&llama(EngineKind::Vllm), 77));
    assert_eq!(at(&prepared, 77), at(&prepared, 77));
}
