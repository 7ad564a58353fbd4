//! Speculative decoding: what a draft costs and what it brings.

use crate::fixtures::{ask, chip, deepseek, model, roomy};
use performance::{
    Deployment, Efficiencies, Phase, Prepared, Speculative, Workload,
    speculative::{Method, Source},
};

fn with(speculative: Option<Speculative>) -> Deployment {
    Deployment { speculative, ..Deployment::of(deepseek(), 8) }
}

fn drafts(draft_tokens: u64, acceptance_length: f64) -> Speculative {
    Speculative { method: Method::Mtp, draft_tokens, acceptance_length, source: Source::Given }
}

fn prepared(speculative: Option<Speculative>) -> Prepared {
    Prepared::new(chip("h200-sxm"), deepseek(), &with(speculative), Efficiencies::builtin()).expect("it fits")
}

#[test]
fn a_token_takes_a_step_over_the_tokens_that_it_writes() {
    let prepared = prepared(Some(drafts(3, 2.5)));
    let (step, token) = (prepared.decode_step_s(8.0, 2000.0), prepared.decode_token_s(8.0, 2000.0));
    assert!((step / 2.5 / token - 1.0).abs() < 1e-12);
}

#[test]
fn a_draft_that_is_never_accepted_only_costs_and_one_that_mostly_is_pays_while_few_requests_run() {
    let plain = prepared(None);
    let (wasted, good) = (prepared(Some(drafts(3, 1.0))), prepared(Some(drafts(3, 3.0))));
    for batch in [1.0, 16.0, 256.0] {
        assert!(wasted.decode_token_s(batch, 2000.0) > plain.decode_token_s(batch, 2000.0));
    }
    assert!(good.decode_token_s(1.0, 2000.0) < 0.6 * plain.decode_token_s(1.0, 2000.0));
    // Weights are read once for all queries while few run; later the arithmetic of four queries counts.
    let gain = |batch| plain.decode_token_s(batch, 2000.0) / good.decode_token_s(batch, 2000.0);
    assert!(gain(1.0) > gain(512.0));
}

#[test]
fn a_draft_verifies_n_plus_one_queries_over_one_cache() {
    // A chip without tables: the law's figures are those of the shapes.
    let operator = |speculative| {
        let answer = ask(&roomy("mi300x"), deepseek(), &with(speculative), &Workload::text(2000.0, 500.0, 1));
        let find = |name: &str| {
            answer.operators.iter().find(|o| o.phase == Phase::Decode && o.name == name && o.layers > 50).cloned()
        };
        (find("attention_decode").unwrap(), find("router").unwrap())
    };
    let ((one, router), (four, routers)) = (operator(None), operator(Some(drafts(3, 2.5))));
    assert!((four.flop / one.flop - 4.0).abs() < 1e-9 && (routers.m / router.m - 4.0).abs() < 1e-9);
    // 576 x 2 bytes of cache a position once, and per query 128 / 8 heads of 2 x (2 x 512 + 64) bytes.
    assert!(four.bytes < 1.2 * one.bytes, "{} {}", four.bytes, one.bytes);
}

#[test]
fn the_drafting_layer_runs_once_a_draft_token_and_has_weights_and_a_cache() {
    let workload = Workload::text(2000.0, 500.0, 8);
    let chip = roomy("h200-sxm");
    let (plain, drafting) = (
        ask(&chip, deepseek(), &with(None), &workload),
        ask(&chip, deepseek(), &with(Some(drafts(3, 2.5))), &workload),
    );
    let passes: u64 = drafting
        .operators
        .iter()
        .filter(|operator| operator.phase == Phase::Decode && operator.name == "draft_projection")
        .map(|operator| operator.layers)
        .sum();
    assert_eq!(passes, 3);
    let weights = |answer: &performance::Answer| answer.memory.per_chip_bytes.weights;
    // One of 58 layers of experts: 11.5e9 parameters in 8 bits, an eighth on each chip.
    let more = weights(&drafting) - weights(&plain);
    assert!(more > 1.3e9 && more < 1.6e9, "{more}");
    assert!(drafting.memory.kv_tokens_max < plain.memory.kv_tokens_max);
}

#[test]
fn eagle_drafts_with_a_dense_layer_where_the_model_has_experts() {
    let deployment = |method| Deployment {
        speculative: Some(Speculative { method, draft_tokens: 3, acceptance_length: 2.5, source: Source::Given }),
        ..Deployment::of(model("moonshotai/Kimi-K2.5"), 8)
    };
    let step = |method| {
        Prepared::new(chip("b200"), model("moonshotai/Kimi-K2.5"), &deployment(method), Efficiencies::builtin())
            .unwrap()
            .decode_step_s(64.0, 2000.0)
    };
    assert!(step(Method::Eagle3) < step(Method::Mtp));
}

#[test]
fn a_batch_that_speculates_and_writes_on_is_priced_like_its_steps() {
    let prepared = prepared(Some(drafts(3, 2.5)));
    let decoding = prepared.decoding(32.0);
    for context in [1.0, 3000.0, 40_000.0] {
        assert!((decoding.step_s(context) / prepared.decode_step_s(32.0, context) - 1.0).abs() < 1e-9);
    }
}
