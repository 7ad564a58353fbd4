//! The project's own tables of models and scores.

#![allow(clippy::unwrap_used, clippy::print_stderr, reason = "a test fails loudly and says what it skips")]

use facts::architecture::expected_distinct_experts;
use facts::{Architecture, Facts, equal_or_better, read_models};
use std::path::PathBuf;
use units::Dtype;

const MODELS: &str = include_str!("../../../data/models.csv");

fn facts() -> Facts {
    Facts::load(None).unwrap_or_else(|problems| panic!("{problems}"))
}

#[test]
fn a_row_is_what_its_configuration_gives() {
    let root = std::env::var_os("DOWNSTREAM_SHARED")
        .map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared"), PathBuf::from);
    let folder = root.join("data/models");
    if !folder.is_dir() {
        eprintln!("skipped: no shared data at {}", folder.display());
        return;
    }
    let models = read_models(MODELS, "models.csv").unwrap();
    assert_eq!(models.len(), 107);
    for model in models {
        let text = units::read_text(&folder.join(format!("{}.json", model.id.replace('/', "__")))).unwrap();
        let mut want = Architecture::from_config(&text, &model.id).unwrap();
        match model.id.as_str() {
            // Named so; the file was edited on its way to us and says nothing of it.
            "zai-org/GLM-4.7-FP8" => want.checkpoint_dtype = Dtype::Fp8,
            // "The same native int4 quantization method as Kimi-K2-Thinking" (README of Kimi K2.5, section 4).
            "moonshotai/Kimi-K2-Thinking" => want.expert_dtype = Some(Dtype::Int4),
            _ => {}
        }
        assert_eq!(model.architecture, want, "{}", model.id);
    }
}

#[test]
fn a_model_is_found_by_its_hub_name_or_an_alias_in_any_case() {
    let facts = facts();
    let id = |name: &str| facts.model(name).map(|model| model.id.as_str()).map_err(|problem| problem.message);
    assert_eq!(id("DEEPSEEK-AI/deepseek-v3"), Ok("deepseek-ai/DeepSeek-V3"));
    assert_eq!(id("deepseek-v3"), Ok("deepseek-ai/DeepSeek-V3"));
    assert_eq!(id("r1"), Ok("deepseek-ai/DeepSeek-R1"));
    assert_eq!(id("llama-3.1-405b"), Ok("meta-llama/Meta-Llama-3.1-405B"));
    assert_eq!(id("kimi-k2"), Ok("moonshotai/Kimi-K2-Instruct"));
    assert_eq!(id("gpt-oss-120b"), Ok("openai/gpt-oss-120b"));
}

#[test]
fn an_unknown_model_is_never_answered_but_suggests_the_nearest() {
    let facts = facts();
    let problem = facts.model("deepseek-v33").unwrap_err();
    assert_eq!(problem.code, "unknown_model");
    assert!(problem.suggestion.is_some_and(|id| id.starts_with("deepseek-ai/DeepSeek-V3")));
}

#[test]
fn a_model_is_printed_with_its_counts_and_where_it_comes_from() {
    let facts = facts();
    let row = serde_json::to_value(facts.model("deepseek-v3").unwrap()).unwrap();
    assert_eq!(row["id"], "deepseek-ai/DeepSeek-V3");
    // 671 B in the README of DeepSeek-V3; (512 + 64) x 2 bytes x 61 layers a token.
    assert_eq!(row["counts"]["total"], 671_026_419_200_u64);
    assert_eq!(row["counts"]["kv_bytes_per_token_bf16_all_layers"], 70272);
    assert_eq!(row["counts"]["kv_bytes_bf16"]["1024"], 71_958_528);
    for key in ["source", "date", "licence", "confidence"] {
        assert!(row[key].is_string(), "{key}");
    }
}

#[test]
fn a_broken_table_names_every_row_and_column() {
    let broken = MODELS
        .replacen(",61Md", ",61Zd", 1)
        .replacen(",3Md 58Me,7168,129280,", ",3Md 58Me,0,129280,", 1)
        .replacen(",sliding 4096,", ",sliding nought,", 1);
    let problems = read_models(&broken, "models.csv").unwrap_err().0;
    let keys: Vec<&str> = problems.iter().filter_map(|problem| problem.key.as_deref()).collect();
    assert!(keys.contains(&"hidden") && keys.contains(&"window"), "{keys:?}");
    assert!(problems.iter().all(|problem| problem.line.is_some() && problem.file.is_some()));
}

#[test]
fn two_models_may_not_share_a_name() {
    let doubled = MODELS.replacen("deepseek-r1|r1", "deepseek-r1|r1|V3", 1);
    assert_ne!(doubled, MODELS);
    let problems = read_models(&doubled, "models.csv").unwrap_err();
    assert_eq!(problems.0[0].code, "doubled_name");
}

#[test]
fn the_scores_name_models_that_can_be_deployed_or_bought() {
    let facts = facts();
    for score in &facts.model_scores {
        let ours = facts.models.iter().find(|model| model.id == score.model);
        if let Some(model) = ours {
            assert_eq!((&score.origin, score.open_weights), (&model.origin, model.open_weights), "{}", score.model);
        } else if !score.open_weights {
            assert!(facts.api_prices.iter().any(|price| price.model == score.model), "{} has no price", score.model);
        }
    }
    let compared = |a: &str, b: &str| equal_or_better(&facts.model_scores, a, b, 0.02);
    // The op-ed's own pair: GPQA diamond 0.565 against 0.509 in Epoch's runs, MATH-500 0.902 against 0.738.
    let (v3, llama) = ("deepseek-ai/DeepSeek-V3", "meta-llama/Meta-Llama-3.1-405B");
    assert_eq!((compared(v3, llama), compared(llama, v3)), (Some(true), Some(false)));
    assert_eq!(compared(v3, v3), Some(true));
}

/// Whether a figure is what the design notes print, to the digits that they print.
fn near(got: f64, want: f64) -> bool {
    (got - want).abs() <= 5e-4 * want.abs()
}

#[test]
fn the_worked_examples_come_out() {
    let facts = facts();
    let shape = |name: &str| &facts.model(name).unwrap().architecture;
    // Distinct experts of DeepSeek-V3 in a step of 16 and of 64 tokens.
    assert!(near(expected_distinct_experts(256, 8, 16.0), 101.96));
    assert!(near(expected_distinct_experts(256, 8, 64.0), 222.44));
    // Weights that its step reads at one byte a parameter [GB].
    let step = |tokens: f64| shape("deepseek-v3").decode_weight_bytes(tokens, 1.0, 1.0) / 1e9;
    assert!(near(step(1.0), 36.63) && near(step(16.0), 276.64) && near(step(256.0), 669.91));
    // Checkpoint of gpt-oss: MXFP4 experts, bfloat16 rest [GiB].
    let oss = shape("gpt-oss-120b");
    let bytes = oss.weight_bytes(oss.checkpoint_dtype, oss.expert_dtype.unwrap());
    assert!(near(bytes / f64::from(1_u32 << 30), 60.7677));
    // Cache of windows and hybrids at 128 K [GB], and the state of a sequence [MB].
    assert!(near(shape("gemma-3-27b").kv_bytes(131_072, 2.0) / 1e9, 11.174));
    assert!(near(shape("llama-4-scout").kv_bytes(131_072, 2.0) / 1e9, 7.650));
    assert!(near(shape("qwen3-next").state_bytes() as f64 / 1e6, 77.3));
    assert!(near(shape("minimax-m1").state_bytes() as f64 / 1e6, 293.6));
    // Llama-3.1-405B: prefill of 8192 tokens [TFLOP], decode at 131072 [GFLOP].
    let llama = shape("llama-3.1-405b");
    assert!(near(llama.prefill_flops(8192) / 1e12, 6857.76) && near(llama.decode_flops(131_072) / 1e9, 1889.84));
}

#[test]
fn sparse_attention_pays_for_its_index_and_for_the_positions_it_keeps() {
    let facts = facts();
    let v32 = &facts.model("deepseek-v3.2").unwrap().architecture;
    let matrices = v32.decode_flops(0);
    assert!(near(v32.decode_flops(131_072) - matrices, 2_226.940_542_976e9));
    assert!(near(v32.sparse_decode_flops(131_072) - matrices, 130.996_502_528e9 + 34.795_945_984e9));
    // 128 bytes of FP8 and a 4-byte scale in each of 61 layers; only 21 of GLM-5.2's layers have an indexer.
    assert_eq!(v32.index_cache_bytes_per_token(), 8052);
    assert_eq!(facts.model("glm-5.2").unwrap().architecture.index_cache_bytes_per_token(), 21 * 132);
    let dense = &facts.model("deepseek-v3").unwrap().architecture;
    assert_eq!(dense.index_cache_bytes_per_token(), 0);
    assert_eq!(dense.sparse_decode_flops(5000), dense.decode_flops(5000));
    assert_eq!(dense.sparse_prefill_flops(5000), dense.prefill_flops(5000));
}

#[test]
fn an_image_of_a_megapixel_is_about_a_thousand_tokens_or_what_its_family_fixes() {
    let facts = facts();
    let tokens = |name: &str| facts.model(name).unwrap().architecture.vision.as_ref().unwrap().tokens(1024, 1024);
    assert_eq!(tokens("qwen2.5-vl-7b"), 37 * 37);
    assert_eq!(tokens("qwen3-vl-30b-a3b"), 32 * 32);
    assert_eq!(tokens("qwen3.5-27b"), 32 * 32);
    assert_eq!(tokens("gemma-3-27b"), 256);
    assert_eq!(tokens("kimi-k2.5"), 37 * 37);
    assert_eq!(tokens("devstral-small-2"), 37 * 37);
    assert_eq!(tokens("llama-4-scout"), 17 * 144);
    assert!(facts.model("deepseek-v3").unwrap().architecture.vision.is_none());
}
