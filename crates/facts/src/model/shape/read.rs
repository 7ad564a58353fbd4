//! From cells to a shape.

use units::Dtype;

use crate::architecture::{
    Architecture, Attention, Grouped, Indexer, Latent, LayerGroup, Linear, Mlp, Moe, Resize, Vision, Window, limit,
};
use crate::table::Row;

/// The shape of a row.
pub fn read(row: &mut Row<'_>) -> Architecture {
    let pattern = pattern(row);
    let norm_params = number(row, "norm_params", EXTRA);
    let groups = pattern
        .into_iter()
        .map(|(count, attention, mlp)| LayerGroup {
            count,
            attention: read_attention(row, attention),
            mlp: read_mlp(row, mlp),
            norm_params,
        })
        .collect();
    let architecture = Architecture {
        family: row.text("family"),
        hidden: count(row, "hidden", limit::HIDDEN),
        vocab: count(row, "vocab", limit::VOCAB),
        tied_embeddings: row.yes_no("tied_embeddings"),
        head_bias: row.yes_no("head_bias"),
        final_norm_params: number(row, "final_norm_params", EXTRA),
        groups,
        max_context: optional(row, "max_context", limit::CONTEXT),
        checkpoint_dtype: dtype(row, "checkpoint_dtype"),
        expert_dtype: row.optional_parsed("expert_dtype"),
        mtp_layers: number(row, "mtp_layers", limit::LAYERS),
        vision: read_vision(row),
    };
    if let Some(problem) = architecture.too_large() {
        row.refuse("layer_pattern", problem.code, problem.message);
    }
    architecture
}

/// Largest figure of biases, norms, routers or one expert that is read [parameters].
const EXTRA: u64 = 1 << 46;

/// Numbers, kinds of attention and kinds of feed-forward part.
fn pattern(row: &mut Row<'_>) -> Vec<(u64, char, char)> {
    let text = row.text("layer_pattern");
    let kind = |word: &str| {
        let mlp = word.chars().last().filter(|letter| "de".contains(*letter))?;
        let rest = &word[..word.len() - 1];
        let attention = rest.chars().last().filter(|letter| "GWMRL".contains(*letter))?;
        let count = rest[..rest.len() - 1].parse().ok().filter(|count| (1..=limit::LAYERS).contains(count))?;
        Some((count, attention, mlp))
    };
    let kinds: Option<Vec<_>> = text.split_whitespace().map(kind).collect();
    kinds.unwrap_or_else(|| {
        row.refuse("layer_pattern", "bad_pattern", format!("layer_pattern is '{text}'; such as '3Md 58Me' is wanted"));
        Vec::new()
    })
}

fn read_attention(row: &mut Row<'_>, kind: char) -> Attention {
    match kind {
        'L' => Attention::Linear(read_linear(row)),
        'M' | 'R' => Attention::Latent(read_latent(row, kind == 'M')),
        _ => Attention::Grouped(read_grouped(row, kind == 'W')),
    }
}

fn read_grouped(row: &mut Row<'_>, windowed: bool) -> Grouped {
    let grouped = Grouped {
        heads: count(row, "heads", limit::HEADS),
        kv_heads: count(row, "kv_heads", limit::HEADS),
        head_dim: count(row, "head_dim", limit::HEAD_DIM),
        window: windowed.then(|| window(row)),
        extra_params: number(row, "attention_extra_params", EXTRA),
        output_gate: row.yes_no("output_gate"),
    };
    narrow(row, "head_dim", grouped.heads.max(grouped.kv_heads), grouped.head_dim);
    if !grouped.heads.is_multiple_of(grouped.kv_heads) {
        let message = format!("{} heads are no multiple of {} kv_heads", grouped.heads, grouped.kv_heads);
        row.refuse("kv_heads", "bad_value", message);
    }
    grouped
}

fn window(row: &mut Row<'_>) -> Window {
    let text = row.text("window");
    let size = |size: &str| size.parse().ok().filter(|size| (1..=limit::CONTEXT).contains(size));
    let window = match text.split_once(' ') {
        Some(("sliding", width)) => size(width).map(Window::Sliding),
        Some(("chunked", width)) => size(width).map(Window::Chunked),
        _ => None,
    };
    window.unwrap_or_else(|| {
        row.refuse("window", "bad_window", format!("window is '{text}'; such as 'sliding 4096' is wanted"));
        Window::Sliding(1)
    })
}

fn read_latent(row: &mut Row<'_>, own_index: bool) -> Latent {
    let indexed = own_index && row.optional_text("index_heads").is_some();
    let latent = Latent {
        heads: count(row, "heads", limit::HEADS),
        q_rank: optional(row, "q_rank", limit::RANK),
        kv_rank: count(row, "kv_rank", limit::RANK),
        nope_dim: count(row, "nope_dim", limit::HEAD_DIM),
        rope_dim: count(row, "rope_dim", limit::HEAD_DIM),
        v_dim: count(row, "v_dim", limit::HEAD_DIM),
        indexer: indexed.then(|| Indexer {
            heads: count(row, "index_heads", limit::HEADS),
            dim: count(row, "index_dim", limit::HEAD_DIM),
        }),
        extra_params: number(row, "attention_extra_params", EXTRA),
        sparse_top_k: optional(row, "sparse_top_k", limit::CONTEXT),
    };
    narrow(row, "v_dim", latent.heads, latent.v_dim.max(latent.nope_dim + latent.rope_dim));
    if let Some(indexer) = latent.indexer {
        narrow(row, "index_dim", indexer.heads, indexer.dim);
    }
    latent
}

fn read_linear(row: &mut Row<'_>) -> Linear {
    let delta_net = row.one_of("linear_kind", &[("delta_net", true), ("lightning", false)]);
    let heads = count(row, "linear_value_heads", limit::HEADS);
    let width = count(row, "linear_value_dim", limit::HEAD_DIM);
    narrow(row, "linear_value_dim", heads, width);
    if !delta_net {
        return Linear::Lightning { heads, head_dim: width };
    }
    let key_heads = count(row, "linear_key_heads", limit::HEADS);
    let key_dim = count(row, "linear_key_dim", limit::HEAD_DIM);
    narrow(row, "linear_key_dim", key_heads, key_dim);
    let conv_kernel = count(row, "linear_conv_kernel", limit::KERNEL);
    Linear::DeltaNet { key_heads, value_heads: heads, key_dim, value_dim: width, conv_kernel }
}

fn read_mlp(row: &mut Row<'_>, kind: char) -> Mlp {
    if kind == 'd' {
        return Mlp::Dense {
            width: count(row, "mlp_width", limit::MLP_WIDTH),
            gated: row.yes_no("mlp_gated"),
            bias_params: number(row, "mlp_bias_params", EXTRA),
        };
    }
    let moe = Moe {
        experts: count(row, "experts", limit::EXPERTS),
        top_k: count(row, "top_k", limit::EXPERTS),
        width: count(row, "expert_width", limit::MLP_WIDTH),
        expert_params: count(row, "expert_params", EXTRA),
        shared_width: number(row, "shared_width", limit::SHARED_WIDTH),
        shared_gate_params: number(row, "shared_gate_params", EXTRA),
        router_params: number(row, "router_params", EXTRA),
    };
    if moe.top_k > moe.experts {
        row.refuse("top_k", "bad_value", format!("top_k is {}, more than {} experts", moe.top_k, moe.experts));
    }
    Mlp::Moe(moe)
}

fn read_vision(row: &mut Row<'_>) -> Option<Vision> {
    row.optional_text("vision_hidden")?;
    Some(Vision {
        hidden: count(row, "vision_hidden", limit::vision::HIDDEN),
        layers: count(row, "vision_layers", limit::vision::LAYERS),
        heads: count(row, "vision_heads", limit::vision::HIDDEN),
        mlp_width: count(row, "vision_mlp_width", limit::vision::WIDTH),
        mlp_gated: row.yes_no("vision_mlp_gated"),
        layer_extra_params: number(row, "vision_layer_extra_params", EXTRA),
        patch: count(row, "vision_patch", limit::vision::SIDE),
        merge: count(row, "vision_merge", limit::vision::SIDE),
        resize: resize(row),
        window_patches: optional(row, "vision_window_patches", limit::vision::SIDE),
        global_layers: number(row, "vision_global_layers", limit::vision::LAYERS),
        patch_params: number(row, "vision_patch_params", EXTRA),
        projector_params: number(row, "vision_projector_params", EXTRA),
        table_params: number(row, "vision_table_params", EXTRA),
    })
}

fn resize(row: &mut Row<'_>) -> Resize {
    let text = row.text("vision_resize");
    let mut words = text.split_whitespace();
    let rule = words.next().unwrap_or_default();
    let numbers: Option<Vec<u64>> = words.map(|word| word.parse().ok().filter(|number| *number > 0)).collect();
    match (rule, numbers.as_deref()) {
        ("square", Some([side])) => Resize::Square { side: *side },
        ("nearest", Some([min, max])) if min <= max => Resize::Nearest { min_pixels: *min, max_pixels: *max },
        ("longest_side", Some([side])) => Resize::LongestSide { side: *side },
        ("patch_budget", Some([patches, side])) => Resize::PatchBudget { patches: *patches, side_patches: *side },
        ("tiles", Some([side, tiles])) if *tiles <= limit::vision::TILES => {
            Resize::Tiles { side: *side, max_tiles: *tiles }
        }
        _ => {
            let message =
                format!("vision_resize is '{text}'; such as 'square 896' or 'nearest 3136 12845056' is wanted");
            row.refuse("vision_resize", "bad_resize", message);
            Resize::Square { side: 1 }
        }
    }
}

/// Refuses heads that are too wide together.
fn narrow(row: &mut Row<'_>, column: &str, heads: u64, width: u64) {
    if heads * width > limit::HEADS_WIDTH {
        let message = format!("{heads} heads of {width} are wider than {}", limit::HEADS_WIDTH);
        row.refuse(column, "out_of_range", message);
    }
}

fn dtype(row: &mut Row<'_>, column: &str) -> Dtype {
    row.text(column);
    row.optional_parsed(column).unwrap_or(Dtype::Bf16)
}

/// A whole number from 0 to `max`.
fn number(row: &mut Row<'_>, column: &str, max: u64) -> u64 {
    let value = row.number(column, 0.0..=max as f64);
    if value.fract() != 0.0 {
        row.refuse(column, "not_a_count", format!("{column} is {value}; a whole number is wanted"));
    }
    value as u64
}

/// A whole number from 1 to `max`.
fn count(row: &mut Row<'_>, column: &str, max: u64) -> u64 {
    let value = number(row, column, max);
    if value == 0 && row.optional_text(column).as_deref() == Some("0") {
        row.refuse(column, "out_of_range", format!("{column} is 0; it must be at least 1"));
    }
    value.max(1)
}

/// A whole number from 1 to `max`, where there is one.
fn optional(row: &mut Row<'_>, column: &str, max: u64) -> Option<u64> {
    row.optional_text(column).map(|_| count(row, column, max))
}
