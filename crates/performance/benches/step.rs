//! What planners and the world wait for: one step, a steady state, a reference rate.

use facts::Facts;
use performance::{Deployment, Efficiencies, Objective, Prepared, Workload, reference_rate};

fn main() {
    divan::main();
}

fn deepseek_on_h200() -> (facts::Chip, facts::Architecture, Deployment) {
    let facts = Facts::load(None).expect("the embedded tables read");
    let chip = facts.chip("h200-sxm").expect("a built-in chip").clone();
    let architecture = facts.model("deepseek-ai/DeepSeek-V3").expect("a built-in model").architecture.clone();
    let deployment = Deployment::of(&architecture, 8);
    (chip, architecture, deployment)
}

fn prepared() -> Prepared {
    let (chip, architecture, deployment) = deepseek_on_h200();
    Prepared::new(&chip, &architecture, &deployment, Efficiencies::builtin()).expect("it fits")
}

/// One decode step of DeepSeek-V3, 61 layers: aim under 20 us.
#[divan::bench]
fn decode_step(bencher: divan::Bencher) {
    let prepared = prepared();
    bencher.bench(|| prepared.decode_step_s(divan::black_box(64.0), divan::black_box(1536.0)));
}

/// The same again and again as contexts grow by a token.
#[divan::bench]
fn decode_steps_with_growing_context(bencher: divan::Bencher) {
    let prepared = prepared();
    let mut context = 1024.0;
    bencher.bench_local(|| {
        context += 1.0;
        prepared.decode_step_s(64.0, context)
    });
}

/// The same with all but attention priced once: aim about 1 us.
#[divan::bench]
fn decoding_with_growing_context(bencher: divan::Bencher) {
    let prepared = prepared();
    let decoding = prepared.decoding(64.0);
    let mut context = 1024.0;
    bencher.bench_local(|| {
        context += 1.0;
        decoding.step_s(context)
    });
}

#[divan::bench(args = [1, 64, 1024])]
fn steady_state(bencher: divan::Bencher, concurrency: u64) {
    let prepared = prepared();
    let workload = Workload::text(1024.0, 1024.0, concurrency);
    bencher.bench(|| prepared.steady(divan::black_box(&workload)));
}

#[divan::bench]
fn prepare(bencher: divan::Bencher) {
    let (chip, architecture, deployment) = deepseek_on_h200();
    bencher.bench(|| Prepared::new(&chip, &architecture, &deployment, Efficiencies::builtin()));
}

#[divan::bench]
fn reference(bencher: divan::Bencher) {
    let (chip, architecture, _) = deepseek_on_h200();
    let objective = Objective { context_tokens: 2048.0, tpot_limit_s: 0.05 };
    bencher.bench(|| reference_rate(&chip, &architecture, objective, Efficiencies::builtin()));
}
