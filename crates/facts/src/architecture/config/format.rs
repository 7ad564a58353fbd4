//! Number formats of a checkpoint: `torch_dtype` and `quantization_config`.

use serde_json::Value;
use units::{Dtype, Problem};

use super::Keys;

/// Formats of a checkpoint.
pub struct Formats {
    /// Of most matrices.
    pub checkpoint: Dtype,
    /// Of the routed experts, where it differs.
    pub experts: Option<Dtype>,
}

/// The formats that a configuration states; bfloat16 where it states none, as engines load it.
pub fn read(root: &Keys<'_>, nested: Option<&Keys<'_>>) -> Formats {
    let keys = [nested, Some(root)];
    let stated = keys.iter().flatten().find_map(|keys| {
        let key = keys.spelling(&["torch_dtype", "dtype"]);
        keys.optional_word(key).map(|word| float(keys, key, word))
    });
    let float = stated.unwrap_or(Dtype::Bf16);
    let quantised = keys.iter().flatten().find_map(|keys| keys.section("quantization_config"));
    quantised.map_or(Formats { checkpoint: float, experts: None }, |keys| quantisation(&keys, float))
}

/// A floating-point format of PyTorch.
fn float(keys: &Keys<'_>, key: &str, word: &str) -> Dtype {
    match word.strip_prefix("torch.").unwrap_or(word) {
        "float16" | "half" => Dtype::Fp16,
        "float32" | "float" => Dtype::Fp32,
        "float8_e4m3fn" | "float8_e5m2" => Dtype::Fp8,
        "bfloat16" | "auto" => Dtype::Bf16,
        _ => {
            let message = format!("'{key}' is \"{word}\"; bfloat16, float16, float32 or float8_e4m3fn is wanted");
            keys.record(key, Problem::new("unknown_dtype", message));
            Dtype::Bf16
        }
    }
}

/// What `quantization_config` makes of it. Where only the experts are quantised (gpt-oss, Kimi K2.5: the
/// modules left out include attention), the rest keeps its format.
fn quantisation(keys: &Keys<'_>, float: Dtype) -> Formats {
    let whole = |checkpoint| Formats { checkpoint, experts: None };
    let experts_only = |format| Formats { checkpoint: float, experts: Some(format) };
    match keys.word("quant_method") {
        Some("fp8" | "fbgemm_fp8") => {
            whole(if keys.get("weight_block_size").is_some() { Dtype::Fp8Block } else { Dtype::Fp8 })
        }
        Some("mxfp4") => experts_only(Dtype::Mxfp4),
        Some("gptq" | "awq" | "compressed-tensors") => match bits(keys) {
            Some(4) if leaves_attention_out(keys) => experts_only(Dtype::Int4),
            Some(4) => whole(Dtype::Int4),
            Some(8) => whole(Dtype::Int8),
            _ => unknown(keys, float),
        },
        Some(_) => unknown(keys, float),
        // The key is missing or no word: recorded.
        None => whole(float),
    }
}

/// Bits of an integer weight, here or in the first group of compressed-tensors.
fn bits(keys: &Keys<'_>) -> Option<u64> {
    let direct = keys.get("bits").and_then(Value::as_u64);
    direct.or_else(|| {
        let groups = keys.get("config_groups")?.as_object()?;
        let weights = groups.values().next()?.get("weights")?;
        (weights.get("type")?.as_str()? == "int").then(|| weights.get("num_bits")?.as_u64()).flatten()
    })
}

/// Whether the modules that stay unquantised include attention.
fn leaves_attention_out(keys: &Keys<'_>) -> bool {
    let names = keys.get("ignore").and_then(Value::as_array);
    names.is_some_and(|names| names.iter().filter_map(Value::as_str).any(|name| name.contains("self_attn")))
}

/// A quantisation that is not known.
fn unknown(keys: &Keys<'_>, float: Dtype) -> Formats {
    let message = "is not a quantisation that is known; without quantization_config the model is read as it was \
                   before";
    keys.record("quant_method", Problem::new("unknown_dtype", format!("'quant_method' {message}")));
    Formats { checkpoint: float, experts: None }
}
