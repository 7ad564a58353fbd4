//! Reading a Hugging Face `config.json`.
//!
//! Every family spells the same few shapes differently, and an absent key means the default of its class in
//! the transformers library, which is seldom false or zero. A family is read in one place: softmax attention
//! by a table of conventions, the others by a function each. A family whose arithmetic the formulas do not
//! cover is refused by name.

mod experts;
mod format;
mod hybrid;
mod json;
mod keys;
mod latent;
mod legacy;
mod softmax;
mod vision;

use std::cell::RefCell;
use units::{Problem, Problems, nearest};

use super::{Architecture, Attention, LayerGroup, Mlp, limit};
use keys::{Keys, Section};

/// Reads the language model of one family, named beside its keys.
type Read = fn(&Keys<'_>, &str) -> Language;

/// A family that is read.
enum Reader {
    Softmax(&'static softmax::Family),
    Other(Read),
}

/// The families that are read, other than those of [`softmax::FAMILIES`].
const OTHERS: [(&str, Read); 15] = [
    ("deepseek_v2", latent::read),
    ("deepseek_v3", latent::read),
    ("deepseek_v32", latent::read),
    ("falcon", legacy::falcon),
    ("glm4_moe_lite", latent::read),
    ("glm_moe_dsa", latent::read),
    ("gptj", legacy::gptj),
    ("kimi_k2", latent::read),
    ("kimi_k25", latent::read),
    ("minimax_m1", hybrid::minimax_m1),
    ("phi", legacy::phi),
    ("qwen3_5", hybrid::qwen),
    ("qwen3_5_moe", hybrid::qwen),
    ("qwen3_5_moe_text", hybrid::qwen),
    ("qwen3_next", hybrid::qwen),
];

/// Families that are known and not modelled, each with what lies beyond the formulas.
const REFUSED: [(&str, &str); 9] = [
    ("deepseek_v4", "hyper-connections, compressed attention (compress_ratios), hash layers and a low-rank output"),
    ("gemma4", "two head widths (global_head_dim), shared keys and values, experts beside a dense network"),
    ("gemma4_text", "two head widths (global_head_dim), shared keys and values, experts beside a dense network"),
    ("kimi_k3", "KDA linear attention, latent attention without rotary dimensions, latent experts"),
    ("kimi_linear", "KDA linear attention, latent attention without rotary dimensions, latent experts"),
    ("mimo_v2_flash", "keys and values of two widths (head_dim, v_head_dim)"),
    ("minimax_m3", "block-sparse attention (sparse_attention_config)"),
    ("nemotron-nas", "a different shape for every layer (block_configs)"),
    ("nemotron_h", "Mamba-2 layers (hybrid_override_pattern)"),
];

/// A language model as its family describes it.
struct Language {
    hidden: u64,
    vocab: u64,
    tied: bool,
    head_bias: bool,
    final_norm_params: u64,
    layers: Layers,
    max_context: Option<u64>,
    mtp_layers: u64,
}

/// Layers in their order, alike ones together.
#[derive(Default)]
struct Layers(Vec<LayerGroup>);

impl Layers {
    /// Adds the next layer.
    fn push(&mut self, attention: Attention, mlp: Mlp, norm_params: u64) {
        let layer = LayerGroup { count: 1, attention, mlp, norm_params };
        let alike = self.0.iter_mut().find(|group| {
            group.attention == layer.attention && group.mlp == layer.mlp && group.norm_params == norm_params
        });
        match alike {
            Some(group) => group.count += 1,
            None => self.0.push(layer),
        }
    }
}

impl Architecture {
    /// The shape that a `config.json` describes; an absent key means the default of its transformers class.
    ///
    /// # Errors
    /// All problems at once, each with file, key and line: text that is no JSON object, a `model_type` that is
    /// unknown or beyond the formulas (`unsupported_architecture`), missing or impossible values.
    pub fn from_config(text: &str, file: &str) -> Result<Self, Problems> {
        let root = json::object(text, file)?;
        let problems = RefCell::new(Problems::default());
        let root = Keys::new(&root, Section { text, file, name: None }, &problems);
        let family = root.word("model_type");
        let architecture = family.and_then(|family| Some(assemble(&root, family, &reader(family, &root)?)));
        let Some(architecture) = problems.into_inner().check(architecture)? else {
            return Err(Problem::new("bad_config", "describes no model").file(file).into());
        };
        architecture.too_large().map_or(Ok(architecture), |problem| Err(problem.file(file).into()))
    }
}

/// The function that reads a family; a problem where there is none.
fn reader(family: &str, root: &Keys<'_>) -> Option<Reader> {
    if let Some(family) = softmax::family(family) {
        return Some(Reader::Softmax(family));
    }
    if let Some((_, read)) = OTHERS.iter().find(|(name, _)| *name == family) {
        return Some(Reader::Other(*read));
    }
    let refused = REFUSED.iter().find(|(name, _)| *name == family);
    root.record(
        "model_type",
        refused.map_or_else(
            || unknown(family),
            |(_, beyond)| {
                Problem::new("unsupported_architecture", format!("'{family}' is beyond the formulas: it has {beyond}"))
            },
        ),
    );
    None
}

/// The problem of a family that nobody here has heard of.
fn unknown(family: &str) -> Problem {
    let known = softmax::FAMILIES.iter().map(|family| family.model_type).chain(OTHERS.map(|(name, _)| name));
    let close = nearest(family, known);
    let hint = if close.is_empty() { String::new() } else { format!("; nearest: {}", close.join(", ")) };
    Problem::new("unsupported_architecture", format!("'{family}' is not a model_type that is known{hint}"))
        .suggest(close.into_iter().next())
}

/// Language model, number formats and vision encoder together.
fn assemble(root: &Keys<'_>, family: &str, reader: &Reader) -> Architecture {
    let nested = root.section("text_config");
    let keys = nested.as_ref().unwrap_or(root);
    let language = match reader {
        Reader::Softmax(family) => softmax::read(keys, family),
        Reader::Other(read) => read(keys, family),
    };
    let formats = format::read(root, nested.as_ref());
    Architecture {
        family: family.to_string(),
        hidden: language.hidden,
        vocab: language.vocab,
        tied_embeddings: language.tied,
        head_bias: language.head_bias,
        final_norm_params: language.final_norm_params,
        groups: language.layers.0,
        max_context: language.max_context,
        checkpoint_dtype: formats.checkpoint,
        expert_dtype: formats.experts,
        mtp_layers: language.mtp_layers,
        vision: vision::read(root, family, language.hidden),
    }
}
