//! The closed loop step by step.

use crate::fixtures::{chip, deepseek, llama70};
use performance::{Client, Constant, Deployment, Efficiencies, Engine, EngineKind, Prepared, Run, Settings, Workload};
use units::Dtype;

fn llama(engine: EngineKind) -> Prepared {
    let deployment = Deployment { weights: Dtype::Fp8, engine: Engine::of(engine), ..Deployment::of(llama70(), 8) };
    Prepared::new(chip("h100-sxm"), llama70(), &deployment, Efficiencies::builtin()).expect("it fits")
}

fn run(engine: EngineKind, (input, output, concurrency): (f64, f64, u64), client: &Client) -> Run {
    llama(engine).run(&Workload::text(input, output, concurrency), client).expect("a request fits")
}

#[test]
fn one_request_at_a_time_waits_for_nothing_but_the_front_end() {
    for engine in EngineKind::ALL {
        let prepared = llama(engine);
        let found = run(engine, (1024.0, 512.0, 1), &Client::ALIKE);
        let constants = Efficiencies::builtin().engines().constants(engine, "h100-sxm");
        let front_s = constants.get(Constant::FrontSerial);
        let latency_s = constants.get(Constant::FrontLatency);
        let prompt_s = prepared.prefill_step_s(1024.0, 0.0);
        // The way through the front end is drawn between none and twice its mean, here ten times.
        let spread = found.ttft_s - front_s - prompt_s;
        assert!((0.0..=2.0 * latency_s).contains(&(spread + 0.02 * prompt_s)), "{engine:?} {spread}");
        let step_s = prepared.decode_step_s(1.0, 1024.0 + 256.0);
        assert!((found.tpot_s / step_s - 1.0).abs() < 0.01, "{engine:?} {} {step_s}", found.tpot_s);
    }
}

#[test]
fn littles_law_holds_while_all_slots_are_filled() {
    for engine in EngineKind::ALL {
        let client = Client { rounds: 40.0, ..Client::INFERENCEX };
        let found = run(engine, (1024.0, 128.0, 32), &client);
        let in_flight = found.requests_per_s * found.e2e_s;
        assert!((in_flight / 32.0 - 1.0).abs() < 0.06, "{engine:?} {in_flight}");
    }
}

#[test]
fn prompts_of_one_length_stay_together_where_they_go_first() {
    let wait = |engine, client: &Client| run(engine, (1024.0, 128.0, 32), client).ttft_s;
    // Written together, ended together, sent together, read together: for ever.
    assert!(wait(EngineKind::Sglang, &Client::ALIKE) > 1.3 * wait(EngineKind::Sglang, &Client::INFERENCEX));
}

#[test]
fn a_queue_that_is_looked_at_rarely_makes_first_tokens_late() {
    let every = |steps| {
        let settings = Settings { look_steps: Some(steps), ..Settings::NONE };
        let client = Client { settings, ..Client::INFERENCEX };
        run(EngineKind::Sglang, (1024.0, 1024.0, 8), &client)
    };
    let (often, rarely) = (every(1.0), every(30.0));
    // Half of thirty steps, more or less.
    let late_s = rarely.ttft_s - often.ttft_s;
    assert!((8.0..25.0).contains(&(late_s / often.tpot_s)), "{}", late_s / often.tpot_s);
}

#[test]
fn the_same_run_twice_is_the_same_to_the_bit() {
    let workload = (700.0, 300.0, 77);
    for engine in EngineKind::ALL {
        let client = Client::INFERENCEX;
        assert_eq!(run(engine, workload, &client), run(engine, workload, &client));
    }
}

#[test]
fn chips_of_their_own_for_prompts_keep_decodes_from_being_held_up() {
    let engine = Engine::of(EngineKind::TrtLlm);
    let deployment = Deployment { ep: 8, engine, ..Deployment::of(deepseek(), 8) };
    let pool = Prepared::new(chip("h200-sxm"), deepseek(), &deployment, Efficiencies::builtin()).unwrap();
    let workload = Workload::text(4096.0, 256.0, 32);
    let together = pool.run(&workload, &Client::INFERENCEX).unwrap();
    let apart = pool.run_apart(&pool, &workload, &Client::INFERENCEX).unwrap();
    assert!(apart.tpot_s < together.tpot_s, "{} {}", apart.tpot_s, together.tpot_s);
}

/// The quick form against the simulation, over engines and loads: the time between tokens within 15 %, the rate within
/// 15 %; the first token of the steady part within a factor of 2.5, since the quick form spreads arrivals evenly.
#[test]
fn the_quick_form_agrees_with_the_simulation_within_stated_bounds() {
    for engine in EngineKind::ALL {
        for load in [(1024.0, 1024.0, 4), (1024.0, 1024.0, 64), (8192.0, 1024.0, 16), (1024.0, 256.0, 128)] {
            let (input, output, concurrency) = load;
            let steady = llama(engine).steady(&Workload::text(input, output, concurrency)).expect("it fits");
            let found = run(engine, load, &Client::INFERENCEX);
            let ratio = [
                steady.tpot_s / found.tpot_s,
                steady.requests_per_s / found.requests_per_s,
                steady.ttft_s / found.ttft_steady_s,
            ];
            let near = |ratio: f64, bound: f64| (1.0 / bound..=bound).contains(&ratio);
            assert!(
                near(ratio[0], 1.15) && near(ratio[1], 1.15) && near(ratio[2], 2.5),
                "{engine:?} {load:?} {ratio:?}"
            );
        }
    }
}
