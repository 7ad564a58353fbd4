//! The rooflines that measured times are divided by before they are interpolated.
//!
//! They need not be right, only bend where the times bend: what is read off a table is the measured time wherever it
//! was measured, whatever the law.

use super::Class;
use facts::Chip;
use units::Dtype;

/// The integers that fix a curve, as `refit/kernels.py` orders them; unused ones are 0.
pub(crate) type Key = [u32; 6];

/// What the smallest kernel takes: that of a 16-bit product on Hopper is 2.5 us (PERFORMANCE item 1) [s].
const FLOOR_S: f64 = 2.5e-6;
/// The same of a mixture of experts, which routes, sorts, multiplies and gathers (smallest measured: 13 to 40 us) [s].
const EXPERTS_FLOOR_S: f64 = 15e-6;
/// The same of attention (PERFORMANCE item 2: 8.7 to 11.4 us) [s].
const ATTENTION_FLOOR_S: f64 = 8e-6;
/// A collective's floor and the time of a byte (PERFORMANCE item 6: 5 us; NVLink about 300 GB/s) [s], [s/byte].
const COLLECTIVE: (f64, f64) = (5e-6, 1.0 / 300e9);
/// Width of the heads of a gated delta net (Qwen3-Next, Qwen3.5).
const DELTA: f64 = 128.0;
/// DeepSeek's latent: rank and rotary width, and the widths of its heads' keys and values.
const LATENT: (f64, f64, f64, f64) = (512.0, 64.0, 128.0, 128.0);

/// The specification of a measured chip.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Peaks {
    /// Dense 16-bit, 8-bit and 4-bit arithmetic [FLOP/s].
    pub flop_per_s: [f64; 3],
    /// Memory bandwidth [byte/s].
    pub byte_per_s: f64,
}

impl Peaks {
    /// Whether a chip has this bandwidth and 16-bit peak, to within two per cent of rounding between data sheets.
    pub(super) fn are_of(&self, chip: &Chip) -> bool {
        let near = |a: f64, b: f64| (a / b - 1.0).abs() < 0.02;
        near(chip.memory_bw_byte_per_s, self.byte_per_s)
            && chip.dense_op_per_s.fp16.is_some_and(|peak| near(peak, self.flop_per_s[0]))
    }

    fn roofline_s(&self, format: Dtype, flop: f64, bytes: f64) -> f64 {
        let peak = match format {
            Dtype::Fp8 | Dtype::Fp8Block | Dtype::Int8 => self.flop_per_s[1],
            Dtype::Nvfp4 | Dtype::Fp4 => self.flop_per_s[2],
            _ => self.flop_per_s[0],
        };
        (flop / peak).max(bytes / self.byte_per_s)
    }

    /// The reference time of a curve's kernel at a point of its grid [s].
    pub(super) fn time_s(&self, class: Class, format: Dtype, key: &Key, at: [f64; 2]) -> f64 {
        let key = key.map(f64::from);
        match class {
            Class::Gemm => self.gemm_s(format, key[0], key[1], at[0]),
            Class::Experts => self.experts_s(format, &key, at[0]),
            Class::PrefillAttention | Class::DecodeAttention => self.attention_s(class, format, &key, at),
            Class::LatentPrefill | Class::LatentDecode => self.latent_s(class, format, key[0], at),
            Class::LatentAbsorb | Class::LatentExpand => {
                let (rank, _, width, _) = LATENT;
                let flop = 2.0 * at[0] * key[0] * rank * width;
                let bytes = format.bytes() * key[0] * (rank * width + at[0] * (rank + width));
                FLOOR_S + self.roofline_s(format, flop, bytes)
            }
            Class::DeltaPrefill | Class::DeltaDecode => self.delta_s(class, key[1], at),
            Class::AllReduce | Class::AllGather | Class::AllToAll => COLLECTIVE.0 + at[0] * COLLECTIVE.1,
        }
    }

    /// The reference time of a product [s].
    pub(super) fn gemm_s(&self, format: Dtype, n: f64, k: f64, m: f64) -> f64 {
        let bytes = n * k * format.bytes() + m * k * format.bytes().max(1.0) + 2.0 * m * n;
        FLOOR_S + self.roofline_s(format, 2.0 * m * n * k, bytes)
    }

    fn experts_s(&self, format: Dtype, key: &[f64; 6], tokens: f64) -> f64 {
        let [hidden, width, top_k, experts, tp, ep] = *key;
        let (held, pairs, width) = (experts / ep, tokens * top_k / ep, width / tp);
        // Expected number of the held experts that are touched.
        let distinct = held * (1.0 - (1.0 - (top_k / experts).min(1.0)).powf(tokens));
        let flop = 6.0 * pairs * hidden * width;
        let bytes = 3.0 * distinct * hidden * width * format.bytes() + 2.0 * pairs * (2.0 * hidden + 3.0 * width);
        EXPERTS_FLOOR_S + self.roofline_s(format, flop, bytes)
    }

    /// A class's cache format changes its traffic; arithmetic is in 16 bits.
    fn attention_s(&self, class: Class, cache: Dtype, key: &[f64; 6], [batch, length]: [f64; 2]) -> f64 {
        let [width, window, kv_heads, heads, ..] = *key;
        let seen = if window > 0.0 { length.min(window) } else { length };
        let (flop, bytes) = if class == Class::PrefillAttention {
            let pairs = seen * (seen + 1.0) / 2.0 + (length - seen) * seen;
            (4.0 * pairs * heads * width, 4.0 * length * width * (heads + kv_heads))
        } else {
            (4.0 * seen * heads * width, 2.0 * seen * kv_heads * width * cache.bytes() + 4.0 * heads * width)
        };
        ATTENTION_FLOOR_S + self.roofline_s(Dtype::Bf16, batch * flop, batch * bytes)
    }

    /// The state of a head is DELTA x DELTA in 32 bits, read and written a token in decode, a chunk in prefill.
    fn delta_s(&self, class: Class, heads: f64, [batch, length]: [f64; 2]) -> f64 {
        let state = heads * DELTA * DELTA;
        let tokens = if class == Class::DeltaPrefill { batch * length } else { batch };
        let states = if class == Class::DeltaPrefill { batch * (length / 64.0).ceil() } else { batch };
        let bytes = states * 8.0 * state + tokens * 8.0 * heads * DELTA;
        2.0 * FLOOR_S + self.roofline_s(Dtype::Bf16, 6.0 * tokens * state, bytes)
    }

    fn latent_s(&self, class: Class, cache: Dtype, heads: f64, [batch, length]: [f64; 2]) -> f64 {
        let (rank, rope, key, value) = LATENT;
        let (flop, bytes) = if class == Class::LatentPrefill {
            let each = key + rope + value;
            (heads * length * (length + 1.0) * each, 4.0 * heads * length * each)
        } else {
            let traffic = length * (rank + rope) * cache.bytes() + 2.0 * heads * (2.0 * rank + rope);
            (2.0 * heads * length * (2.0 * rank + rope), traffic)
        };
        ATTENTION_FLOOR_S + self.roofline_s(Dtype::Bf16, batch * flop, batch * bytes)
    }
}
