//! Chips, models and engines as publications spell them.

use facts::{
    Facts,
    lookup::Named,
    table::{self, PROVENANCE},
};
use performance::EngineKind;
use std::collections::BTreeMap;
use units::{Dtype, Problem, Problems};

const TABLE: &str = include_str!("../../../../data/measured_names.csv");

/// The id of a spelling that does not say which of several chips is meant.
const AMBIGUOUS: &str = "-";

/// What a spelling stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Kind {
    Chip,
    Model,
}

/// Spellings in normal form, and what they stand for.
#[derive(Clone, Debug)]
pub struct Names {
    chips: BTreeMap<String, String>,
    models: BTreeMap<String, String>,
    /// Format of each model's published checkpoint, and of its experts.
    checkpoints: BTreeMap<String, (Dtype, Option<Dtype>)>,
}

impl Names {
    /// The built-in ids and aliases, and the spellings of `measured_names.csv`.
    pub fn new(facts: &Facts) -> Result<Self, Problems> {
        let mut names = Self { chips: BTreeMap::new(), models: BTreeMap::new(), checkpoints: BTreeMap::new() };
        for chip in &facts.chips {
            for name in chip.aliases.iter().chain([&chip.id, &chip.name]) {
                names.chips.entry(chip_form(name)).or_insert_with(|| chip.id.clone());
            }
        }
        for model in &facts.models {
            for name in model.aliases().iter().chain([&model.id]) {
                names.models.entry(model_form(name)).or_insert_with(|| model.id.clone());
            }
            let formats = (model.architecture.checkpoint_dtype, model.architecture.expert_dtype);
            names.checkpoints.insert(model.id.clone(), formats);
        }
        let columns = [&["kind", "name", "id"][..], &PROVENANCE].concat();
        let rows = table::read(TABLE, "data/measured_names.csv", &columns, |row| {
            row.provenance();
            (row.one_of("kind", &[("chip", Kind::Chip), ("model", Kind::Model)]), row.text("name"), row.text("id"))
        })?;
        let mut problems = Problems::default();
        for (kind, name, id) in rows {
            // A spelling that several chips share stands for none: never substitute.
            if id == AMBIGUOUS {
                names.chips.remove(&name);
                continue;
            }
            let known = match kind {
                Kind::Chip => facts.chips.iter().any(|chip| chip.id == id),
                Kind::Model => names.checkpoints.contains_key(&id),
            };
            if !known {
                let message = format!("measured_names.csv names '{id}', which is in no table");
                problems.push(Problem::new("unknown_id", message));
            }
            match kind {
                Kind::Chip => names.chips.insert(name, id),
                Kind::Model => names.models.insert(name, id),
            };
        }
        problems.check(names)
    }

    /// Our id of a chip; a form with a memory size wins over the form without.
    pub fn chip(&self, spelt: &str) -> Option<&str> {
        let form = chip_form(spelt);
        let without: Vec<&str> = form.split(' ').filter(|word| !is_memory(word)).collect();
        let found = self.chips.get(&form).or_else(|| self.chips.get(&without.join(" ")));
        found.map(String::as_str)
    }

    /// Our id of a model.
    pub fn model(&self, spelt: &str) -> Option<&str> {
        self.models.get(&model_form(spelt)).map(String::as_str)
    }

    /// The format of weights that a publication calls `spelt`, for a model on a chip of a vendor; nothing where it
    /// is no format. A blank one is the checkpoint's own, or what the model's spelling says.
    pub fn weights(&self, spelt: &str, model: &str, model_spelt: &str, nvidia: bool) -> Option<Dtype> {
        let (own, experts) = *self.checkpoints.get(model)?;
        let four = if nvidia { Dtype::Nvfp4 } else { Dtype::Mxfp4 };
        let eight = if own == Dtype::Fp8Block { own } else { Dtype::Fp8 };
        let upper = model_spelt.to_ascii_uppercase();
        // Models whose experts are published in a narrow format run as published, whatever it is called; but 4-bit
        // integers are no 4-bit floats: there the name tells of another checkpoint.
        let four_bit_float = ["fp4", "nvfp4", "mxfp4"].iter().any(|name| spelt.eq_ignore_ascii_case(name));
        let converted = upper.contains("NVFP4") || four_bit_float;
        match experts {
            Some(Dtype::Int4) if converted => return Some(four),
            Some(_) => return Some(own),
            None => {}
        }
        match spelt.to_ascii_lowercase().as_str() {
            "" | "unset" if upper.contains("NVFP4") => Some(Dtype::Nvfp4),
            "" | "unset" if upper.contains("FP8") => Some(eight),
            "" | "unset" => Some(own),
            "fp8" => Some(eight),
            "fp4" => Some(four),
            "bfloat16" | "fp16" => Some(Dtype::Bf16),
            "uint4" | "int4_wo" => Some(Dtype::Int4),
            other => other.parse().ok(),
        }
    }
}

/// The engine's family, from how a publication names it.
pub fn engine(spelt: &str) -> EngineKind {
    let spelt = spelt.to_ascii_lowercase();
    if spelt.contains("sglang") {
        EngineKind::Sglang
    } else if spelt.contains("vllm") {
        EngineKind::Vllm
    } else if spelt.contains("trt") || spelt.contains("tensorrt") {
        EngineKind::TrtLlm
    } else {
        EngineKind::Generic
    }
}

/// The format of the cache that a publication calls `spelt`. Where it says nothing: FP8 under TensorRT-LLM with
/// narrow weights, whose checkpoints carry the scales, else BF16, the engines' default (assumption).
pub fn cache(spelt: &str, engine: EngineKind, weights: Dtype) -> Dtype {
    let narrow = matches!(weights, Dtype::Fp8 | Dtype::Fp8Block | Dtype::Nvfp4);
    match spelt.split(' ').next().unwrap_or_default() {
        "fp8" => Dtype::Fp8,
        "" if engine == EngineKind::TrtLlm && narrow => Dtype::Fp8,
        _ => Dtype::Bf16,
    }
}

/// The first word that looks like a release, such as `v0.5.12` in `lmsysorg/sglang:v0.5.12-cu130`.
pub fn version(spelt: &str) -> Option<String> {
    let words = spelt.split(|c: char| !(c.is_ascii_alphanumeric() || c == '.'));
    words.map(|word| word.trim_start_matches('v')).find(|word| is_release(word)).map(str::to_string)
}

fn is_release(word: &str) -> bool {
    let mut parts = word.split('.');
    let number = |part: Option<&str>| part.is_some_and(|part| part.bytes().next().is_some_and(|b| b.is_ascii_digit()));
    number(parts.next()) && number(parts.next())
}

fn is_memory(word: &str) -> bool {
    word.strip_suffix("gb").is_some_and(|digits| !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit()))
}

/// Lower case, words between blanks, without vendors' names and what stands in parentheses.
fn chip_form(spelt: &str) -> String {
    const NOISE: [&str; 16] = [
        "nvidia",
        "amd",
        "instinct",
        "gpu",
        "intel",
        "google",
        "aws",
        "habana",
        "huawei",
        "geforce",
        "virtualized",
        "cts",
        "cpu",
        "ai",
        "accelerator",
        "fhfl",
    ];
    let open = spelt.split('(').next().unwrap_or(spelt);
    // "Intel(R) Arc Pro(R) B60": the sign of a trade mark is no remark.
    let open = if spelt.contains("(R)") { spelt.replace("(R)", "") } else { open.to_string() };
    let lower = open.to_lowercase().replace('®', "");
    let words = lower.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty() && !NOISE.contains(word));
    words.collect::<Vec<_>>().join(" ")
}

/// Lower case, words between blanks: what stands before a parenthesis and after the last slash that parts a
/// publisher from its model, without formats, revisions and accuracy targets.
fn model_form(spelt: &str) -> String {
    const NOISE: [&str; 12] =
        ["fp8", "fp4", "nvfp4", "mxfp4", "instruct", "hf", "0528", "dynamic", "99", "99.9", "chat", "meta"];
    let open = spelt.split('(').next().unwrap_or(spelt).trim();
    let name = match open.split_once('/') {
        // "DeepSeek-V3/R1 671B" names two models of one shape; "openai/gpt-oss-120b" has a publisher.
        Some((publisher, _)) if publisher.to_lowercase().starts_with("deepseek-v") => open,
        Some((_, name)) => name,
        None => open,
    };
    let lower = name.to_lowercase();
    let words = lower.split(|c: char| !(c.is_alphanumeric() || c == '.')).filter(|word| !word.is_empty());
    // "LLaMA v3.1 70B" is Llama 3.1; "DeepSeek-V3" keeps its letter.
    let llama = lower.contains("llama") || lower.contains("mistral");
    let plain = |word: &str| match word.strip_prefix('v') {
        Some(number) if llama && number.starts_with(|c: char| c.is_ascii_digit()) => number.to_string(),
        _ => word.to_string(),
    };
    words.filter(|word| !NOISE.contains(word)).map(plain).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names() -> Names {
        Names::new(&Facts::load(None).unwrap()).unwrap()
    }

    #[test]
    fn chips_are_found_as_publications_spell_them() {
        let names = names();
        for (spelt, id) in [
            ("NVIDIA H200 SXM 141GB", Some("h200-sxm")),
            ("NVIDIA A100-PCIE-40GB", Some("a100-40-pcie")),
            ("NVIDIA A100", Some("a100-80-sxm")),
            ("AMD Instinct MI355X 288GB HBM3e (x87)", Some("mi355x")),
            ("NVIDIA GH200 Grace Hopper Superchip 144GB", Some("gh200-144")),
            ("NVIDIA GH200 480GB", Some("gh200-96")),
            ("Nvidia GH200 GPU", None),
            ("Argonne Nvidia GH200 GPU", Some("gh200-96")),
            ("AMD MI250 GPU", Some("mi250")),
            ("Intel Max 1550", Some("max-1550")),
            ("Intel(R) Arc Pro(R) B60", Some("arc-b60")),
            ("Intel(R) Arc Pro(R) B70", None),
            ("Huawei Atlas 800 A3 node (64G x 16)", None),
            ("Pi CM5 - 16GB (Nvidia RTX 4090)", None),
            ("h100_sxm", Some("h100-sxm")),
            ("gb200", Some("gb200-nvl72")),
            ("NVIDIA H200 (slurm partition \"h200\")", Some("h200-sxm")),
            ("", None),
        ] {
            assert_eq!(names.chip(spelt), id, "{spelt}");
        }
    }

    #[test]
    fn models_are_found_as_publications_spell_them() {
        let names = names();
        for (spelt, id) in [
            ("DeepSeek-R1-0528", Some("deepseek-ai/DeepSeek-R1")),
            ("nvidia/DeepSeek-V3.1-NVFP4", Some("deepseek-ai/DeepSeek-V3.1")),
            ("Llama 3.1 405B (amd/Llama-3.1-70B-Instruct-FP8-KV)", Some("meta-llama/Meta-Llama-3.1-405B")),
            ("llama2-70b-99.9", Some("meta-llama/Llama-2-70b-hf")),
            ("LLaMA v3.3 70B", Some("meta-llama/Llama-3.3-70B-Instruct")),
            ("zhipuai/GLM-5", Some("zai-org/GLM-5")),
            ("Qwen/Qwen3-235B-A22B-FP8", Some("Qwen/Qwen3-235B-A22B")),
            ("huggyllama/llama-7b", Some("meta-llama/Llama-2-7b-hf")),
            ("Mistral-7B-Instruct-v0.2", Some("mistralai/Mistral-7B-v0.1")),
            ("RedHatAI/Llama-4-Scout-17B-16E-Instruct-FP8-dynamic", Some("meta-llama/Llama-4-Scout-17B-16E-Instruct")),
            ("Deci/DeciLM-7B", None),
        ] {
            assert_eq!(names.model(spelt), id, "{spelt}");
        }
    }

    #[test]
    fn releases_are_found_in_names_of_images() {
        assert_eq!(version("sglang lmsysorg/sglang:v0.5.12-cu130").as_deref(), Some("0.5.12"));
        assert_eq!(version("vLLM nightly (2026-02)"), None);
        assert_eq!(version("TensorRT-LLM 0.14.0").as_deref(), Some("0.14.0"));
    }
}
