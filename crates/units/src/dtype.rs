//! Number formats of weights, activations and caches.

use serde::{Deserialize, Serialize};
use std::{fmt, str::FromStr};

use crate::{Problem, nearest};

/// A number format, as the command line and the measurements name it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Dtype {
    /// 32-bit floating point.
    Fp32,
    /// bfloat16.
    Bf16,
    /// IEEE half precision.
    Fp16,
    /// 8-bit floating point, one scale a tensor or a channel.
    Fp8,
    /// 8-bit floating point with a scale a block of 128 (DeepSeek's).
    Fp8Block,
    /// 8-bit integers.
    Int8,
    /// 4-bit integers, weights only (16-bit arithmetic).
    Int4,
    /// 4-bit floating point, no scales counted.
    Fp4,
    /// NVIDIA's 4-bit floating point: a scale a block of 16.
    Nvfp4,
    /// The OCP 4-bit floating point: a scale a block of 32.
    Mxfp4,
}

impl Dtype {
    /// Every format, in the order of the contract.
    pub const ALL: [Self; 10] = [
        Self::Fp32,
        Self::Bf16,
        Self::Fp16,
        Self::Fp8,
        Self::Fp8Block,
        Self::Int8,
        Self::Int4,
        Self::Fp4,
        Self::Nvfp4,
        Self::Mxfp4,
    ];

    /// Stored size, scales included [bytes per element].
    ///
    /// Blocks of 16 carry an 8-bit scale in NVFP4 (4.5 bits), of 32 in MXFP4 (4.25 bits); a 4-byte scale
    /// a 128 x 128 block of FP8 adds 0.02 %, which is left out. INT4 counts a 16-bit scale a group of 128.
    pub fn bytes(self) -> f64 {
        match self {
            Self::Fp32 => 4.0,
            Self::Bf16 | Self::Fp16 => 2.0,
            Self::Fp8 | Self::Fp8Block | Self::Int8 => 1.0,
            Self::Int4 => 0.515_625,
            Self::Fp4 => 0.5,
            Self::Nvfp4 => 0.5625,
            Self::Mxfp4 => 0.53125,
        }
    }

    /// The name that is printed and read.
    pub fn name(self) -> &'static str {
        match self {
            Self::Fp32 => "fp32",
            Self::Bf16 => "bf16",
            Self::Fp16 => "fp16",
            Self::Fp8 => "fp8",
            Self::Fp8Block => "fp8_block",
            Self::Int8 => "int8",
            Self::Int4 => "int4",
            Self::Fp4 => "fp4",
            Self::Nvfp4 => "nvfp4",
            Self::Mxfp4 => "mxfp4",
        }
    }
}

impl fmt::Display for Dtype {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

impl FromStr for Dtype {
    type Err = Problem;

    fn from_str(text: &str) -> Result<Self, Problem> {
        let wanted = text.trim().to_ascii_lowercase();
        Self::ALL.into_iter().find(|dtype| dtype.name() == wanted).ok_or_else(|| {
            let names = Self::ALL.map(Self::name);
            Problem::new("unknown_dtype", format!("'{text}' is not a number format; use one of {}", names.join(", ")))
                .suggest(nearest(&wanted, names).into_iter().next())
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_reads_back() {
        for dtype in Dtype::ALL {
            assert_eq!(dtype.name().parse::<Dtype>().unwrap(), dtype);
        }
    }

    #[test]
    fn a_misspelt_format_suggests_the_nearest() {
        let problem = "fp8-block".parse::<Dtype>().unwrap_err();
        assert_eq!(problem.suggestion.as_deref(), Some("fp8_block"));
    }
}
