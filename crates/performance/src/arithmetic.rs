//! Which arithmetic runs a number format on a chip: native, or weights widened on the fly.

use crate::engine::EngineKind;
use facts::Chip;
use units::Dtype;

/// How matrix products with weights of a format are run.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Arithmetic {
    /// Format of the weights in memory.
    pub stored: Dtype,
    /// Peak of the units that run it [FLOP/s].
    pub peak_flop_per_s: f64,
    /// The format whose measured efficiencies apply.
    pub measured_as: Dtype,
    /// Bytes of activation traffic an input element: written narrow and read again where they are quantised on
    /// the way, else read in 16 bits [bytes].
    pub input_bytes: f64,
}

/// Why a format cannot be run.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Unsupported {
    /// In words.
    pub message: String,
}

impl Arithmetic {
    /// The arithmetic for weights of `dtype`.
    ///
    /// A format with units of its own runs natively. FP8 without them runs weight-only in 16 bits (vLLM's and
    /// SGLang's Marlin kernels on NVIDIA parts since Ampere; TensorRT-LLM wants FP8 units). INT4 and MXFP4 are
    /// weight-only everywhere: that is how the measured kernels run them. NVFP4 and plain FP4 take 4-bit units
    /// or Marlin. The generic engine widens on any chip. FP32 is never rounded on the way: PyTorch's products keep to
    /// IEEE FP32 unless told otherwise (`allow_tf32` is off since its 1.12), so a chip without an FP32 figure runs none.
    /// INT8 has its own peak and the efficiency of FP8 (assumption: no INT8 kernel was timed).
    pub(crate) fn of(dtype: Dtype, chip: &Chip, engine: EngineKind) -> Result<Self, Unsupported> {
        let peaks = &chip.dense_op_per_s;
        // A chip without 16-bit units holds 16-bit numbers in wider ones.
        let sixteen = peaks.of(Dtype::Bf16).or(peaks.tf32).or(peaks.fp32);
        let native = |peak: f64, measured_as: Dtype, input_bytes: f64| Self {
            stored: dtype,
            peak_flop_per_s: peak,
            measured_as,
            input_bytes,
        };
        let widened = |allowed: bool| match sixteen {
            Some(peak) if allowed => Ok(native(peak, Dtype::Int4, 2.0)),
            _ => Err(Unsupported {
                message: format!(
                    "{} has no {dtype} arithmetic, and {} does not widen {dtype} weights on it",
                    chip.name,
                    engine.name()
                ),
            }),
        };
        let marlin = match engine {
            EngineKind::Generic => true,
            EngineKind::Vllm | EngineKind::Sglang => chip.vendor.eq_ignore_ascii_case("nvidia") && peaks.tf32.is_some(),
            EngineKind::TrtLlm => false,
        };
        match dtype {
            Dtype::Bf16 | Dtype::Fp16 | Dtype::Fp32 => {
                let peak = if dtype == Dtype::Fp32 { peaks.of(dtype) } else { sixteen };
                match peak {
                    Some(peak) => Ok(native(peak, Dtype::Bf16, dtype.bytes())),
                    None => Err(Unsupported { message: format!("{} states no {dtype} arithmetic", chip.name) }),
                }
            }
            Dtype::Fp8 | Dtype::Fp8Block | Dtype::Int8 => match peaks.of(dtype) {
                Some(peak) if dtype == Dtype::Int8 => Ok(native(peak, Dtype::Fp8, 4.0)),
                Some(peak) => Ok(native(peak, dtype, 4.0)),
                None => widened(marlin),
            },
            Dtype::Nvfp4 | Dtype::Fp4 => match peaks.of(dtype) {
                Some(peak) => Ok(native(peak, Dtype::Nvfp4, 3.125)),
                None => widened(marlin),
            },
            Dtype::Int4 => widened(true),
            Dtype::Mxfp4 => widened(true).map(|found| Self { measured_as: Dtype::Mxfp4, ..found }),
        }
    }

    /// Whether an engine keeps a cache in `dtype`: 16 and 32 bits, 8 bits by storage; 4 bits nowhere here.
    pub(crate) fn check_cache(dtype: Dtype) -> Result<(), Unsupported> {
        match dtype {
            Dtype::Fp32 | Dtype::Bf16 | Dtype::Fp16 | Dtype::Fp8 | Dtype::Int8 => Ok(()),
            Dtype::Fp8Block | Dtype::Int4 | Dtype::Fp4 | Dtype::Nvfp4 | Dtype::Mxfp4 => Err(Unsupported {
                message: format!("a KV cache in {dtype} is not modelled; use bf16, fp16, fp8 or int8"),
            }),
        }
    }
}
