//! No input makes the reader of configurations panic, hang or answer with an impossible model.

use facts::Architecture;
use proptest::prelude::*;
use serde_json::{Value, json};

/// A small mixture of experts with latent attention, and one with windows, as starting points.
fn seeds() -> Vec<Value> {
    vec![
        json!({"model_type": "deepseek_v32", "hidden_size": 64, "num_hidden_layers": 4, "num_attention_heads": 4,
            "q_lora_rank": 16, "kv_lora_rank": 8, "qk_nope_head_dim": 8, "qk_rope_head_dim": 4, "v_head_dim": 8,
            "n_routed_experts": 8, "num_experts_per_tok": 2, "moe_intermediate_size": 16, "n_shared_experts": 1,
            "first_k_dense_replace": 1, "intermediate_size": 128, "vocab_size": 100, "index_n_heads": 2,
            "index_head_dim": 4, "index_topk": 64, "torch_dtype": "bfloat16"}),
        json!({"model_type": "gemma3", "text_config": {"hidden_size": 64, "num_hidden_layers": 6,
            "num_attention_heads": 4, "num_key_value_heads": 2, "head_dim": 16, "intermediate_size": 128,
            "vocab_size": 100, "sliding_window": 32, "max_position_embeddings": 1024},
            "vision_config": {"hidden_size": 32, "num_hidden_layers": 2, "num_attention_heads": 2,
            "intermediate_size": 64, "image_size": 896, "patch_size": 14}}),
        json!({"model_type": "qwen3_next", "hidden_size": 64, "num_hidden_layers": 4, "num_attention_heads": 4,
            "num_key_value_heads": 2, "head_dim": 16, "linear_num_key_heads": 2, "linear_num_value_heads": 4,
            "linear_key_head_dim": 8, "linear_value_head_dim": 8, "linear_conv_kernel_dim": 4, "num_experts": 8,
            "num_experts_per_tok": 2, "moe_intermediate_size": 16, "shared_expert_intermediate_size": 16,
            "vocab_size": 100}),
        json!({"model_type": "llama4", "text_config": {"hidden_size": 64, "num_hidden_layers": 4,
            "num_attention_heads": 4, "num_key_value_heads": 2, "head_dim": 16, "intermediate_size": 32,
            "intermediate_size_mlp": 64, "num_local_experts": 4, "num_experts_per_tok": 1, "vocab_size": 100,
            "interleave_moe_layer_step": 2, "attention_chunk_size": 64}}),
        json!({"model_type": "falcon", "hidden_size": 64, "num_hidden_layers": 2, "num_attention_heads": 4,
            "vocab_size": 100}),
    ]
}

fn read(config: &Value) -> Result<Architecture, units::Problems> {
    Architecture::from_config(&config.to_string(), "config.json")
}

/// Values that a hand-written or broken file may hold.
fn hostile() -> impl Strategy<Value = Value> {
    prop_oneof![
        Just(Value::Null),
        Just(json!("NaN")),
        Just(json!(-1)),
        Just(json!(0)),
        Just(json!(1e300)),
        Just(json!(3.5)),
        Just(json!(u64::MAX)),
        Just(json!([])),
        Just(json!({})),
        Just(json!([1, 2, 3])),
        Just(json!(["full_attention", "nonsense"])),
        any::<bool>().prop_map(Value::Bool),
        any::<u32>().prop_map(|number| json!(number)),
        (0u64..200).prop_map(|number| json!(number)),
        "[a-z_]{0,12}".prop_map(Value::String),
    ]
}

/// Every count that there is, so that nothing in it panics.
fn count_everything(architecture: &Architecture) {
    let counts = architecture.counts();
    assert!(counts.active <= counts.total && counts.total > 0);
    assert!(counts.attn + counts.norms + counts.embed <= counts.total);
    for tokens in [0, 1, 7, 1 << 20, u64::MAX] {
        let figures = [
            architecture.kv_bytes(tokens, 2.0),
            architecture.decode_flops(tokens),
            architecture.prefill_flops(tokens),
            architecture.sparse_decode_flops(tokens),
            architecture.sparse_prefill_flops(tokens),
            architecture.decode_weight_bytes(tokens as f64, 1.0, 0.5),
        ];
        assert!(figures.iter().all(|figure| figure.is_finite() && *figure >= 0.0), "{figures:?}");
    }
    if let Some(vision) = &architecture.vision {
        for (width, height) in [(0, 0), (1, 1), (1024, 1024), (u64::MAX, 1), (u64::MAX, u64::MAX)] {
            vision.tokens(width, height);
            assert!(vision.flops(width, height).is_finite() && vision.params() > 0);
        }
    }
}

#[test]
fn the_seeds_are_models() {
    for seed in seeds() {
        count_everything(&read(&seed).unwrap_or_else(|problems| panic!("{problems}")));
    }
}

#[test]
fn every_problem_of_a_file_is_told_at_once_with_line_and_key() {
    let text = "{\n \"model_type\": \"llama\",\n \"hidden_size\": -4096,\n \"num_hidden_layers\": \"32\",\n \"num_attention_heads\": 0,\n \"intermediate_sise\": 11008,\n \"vocab_size\": NaN\n}";
    let problems = Architecture::from_config(text, "config.json").unwrap_err().0;
    let told: Vec<(Option<u64>, &str, &str)> =
        problems.iter().map(|problem| (problem.line, problem.key.as_deref().unwrap_or(""), problem.code)).collect();
    assert_eq!(
        told,
        [
            (Some(3), "hidden_size", "bad_value"),
            (Some(4), "num_hidden_layers", "bad_value"),
            (Some(5), "num_attention_heads", "bad_value"),
            (Some(6), "intermediate_size", "missing_key"),
            (Some(7), "vocab_size", "bad_value"),
        ]
    );
    assert!(problems[3].message.contains("intermediate_sise"), "{}", problems[3]);
}

#[test]
fn a_misspelt_family_is_refused_with_the_nearest() {
    let problems = Architecture::from_config(r#"{"model_type": "lama"}"#, "config.json").unwrap_err().0;
    assert_eq!((problems[0].code, problems[0].suggestion.as_deref()), ("unsupported_architecture", Some("llama")));
}

#[test]
fn a_model_larger_than_any_is_refused() {
    let mut seed = seeds().swap_remove(0);
    for (key, value) in [("hidden_size", 1 << 20), ("n_routed_experts", 1 << 14), ("moe_intermediate_size", 1 << 22)] {
        seed[key] = json!(value);
    }
    assert_eq!(read(&seed).unwrap_err().0[0].code, "too_large");
}

proptest! {
    #[test]
    fn arbitrary_text_is_a_problem_and_no_panic(text in ".{0,200}") {
        prop_assert!(Architecture::from_config(&text, "x").is_err());
    }

    #[test]
    fn arbitrary_objects_are_problems_and_no_panic(key in "[a-z_]{1,20}", value in hostile()) {
        let mut config = json!({"model_type": "llama"});
        config[key] = value;
        prop_assert!(read(&config).is_err());
    }

    #[test]
    fn a_changed_configuration_gives_a_model_that_counts_or_problems_with_a_key(
        seed in 0usize..5, changes in prop::collection::vec((any::<prop::sample::Index>(), hostile()), 1..4),
    ) {
        let mut config = seeds().swap_remove(seed);
        for (index, value) in changes {
            let nested = config.get("text_config").is_some() && index.index(4) > 0;
            let object = if nested { config.get_mut("text_config").unwrap() } else { &mut config };
            let Some(object) = object.as_object_mut().filter(|object| !object.is_empty()) else { continue };
            let key = object.keys().nth(index.index(object.len())).unwrap().clone();
            object.insert(key, value);
        }
        match read(&config) {
            Ok(architecture) => count_everything(&architecture),
            Err(problems) => {
                prop_assert!(!problems.0.is_empty());
                prop_assert!(problems.0.iter().all(|problem| problem.file.is_some()));
            }
        }
    }

    #[test]
    fn a_truncated_configuration_is_a_problem(seed in 0usize..5, cut in any::<prop::sample::Index>()) {
        let text = seeds()[seed].to_string();
        let end = cut.index(text.len());
        prop_assert!(Architecture::from_config(&text[..end], "x").is_err());
    }

    #[test]
    fn counts_grow_with_layers_experts_and_context(
        layers in 2u64..40, experts in 8u64..200, tokens in 1u64..100_000, more in 1u64..50,
    ) {
        let of = |layers: u64, experts: u64| {
            let mut seed = seeds().swap_remove(0);
            seed["num_hidden_layers"] = json!(layers);
            seed["n_routed_experts"] = json!(experts);
            read(&seed).unwrap()
        };
        let (small, deep, wide) = (of(layers, experts), of(layers + more, experts), of(layers, experts + more));
        prop_assert!(deep.total_params() > small.total_params());
        prop_assert!(deep.kv_bytes(tokens, 2.0) > small.kv_bytes(tokens, 2.0));
        prop_assert!(wide.total_params() > small.total_params());
        // More experts to choose from change what a token passes through only by the router.
        let routers = (layers - 1) * more * (64 + 1);
        prop_assert_eq!(wide.active_params() - small.active_params(), routers);
        prop_assert!(small.decode_flops(tokens + more) > small.decode_flops(tokens));
        let read_bytes = |tokens: u64| small.decode_weight_bytes(tokens as f64, 1.0, 1.0);
        prop_assert!(read_bytes(tokens) <= read_bytes(tokens + more));
    }

    #[test]
    fn the_attention_of_a_prefill_is_that_of_its_tokens(tokens in 1u64..300) {
        // Windows and chunks included; latent attention has another form in prefill, linear none.
        for seed in [1, 3, 4] {
            let architecture = read(&seeds()[seed]).unwrap();
            let one_by_one: f64 = architecture
                .groups
                .iter()
                .map(|group| (1..=tokens).map(|context| group.attention.decode_flops(context)).sum::<f64>())
                .sum();
            let at_once: f64 = architecture.groups.iter().map(|group| group.attention.prefill_flops(tokens)).sum();
            prop_assert_eq!(one_by_one, at_once);
        }
    }
}
