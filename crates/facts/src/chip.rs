//! A chip's specification, in SI units.

mod file;
mod memory;
mod table;

use serde::Serialize;
use units::{Dtype, Provenance};

use crate::{Period, lookup::Named};

pub(crate) use memory::attach;
pub use memory::{ChipMemory, read_chip_memory};
pub use table::read_chips;

/// Peak dense throughput by number format, without sparsity [op/s]; `None` = not supported or unknown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct DensePeaks {
    /// 32-bit floating point (vector units).
    pub fp32: Option<f64>,
    /// TF32 tensor arithmetic; not counted in TPP (its bit length is unsettled).
    pub tf32: Option<f64>,
    /// 16-bit floating point, either kind, at whatever width it accumulates: what the export rules count.
    pub fp16: Option<f64>,
    /// 16-bit floating point with 32-bit accumulation, where that is slower (GeForce cards: half): what
    /// inference engines run.
    pub fp16_fp32_accumulate: Option<f64>,
    /// 8-bit floating point.
    pub fp8: Option<f64>,
    /// 4-bit floating point.
    pub fp4: Option<f64>,
    /// 8-bit integers.
    pub int8: Option<f64>,
    /// 4-bit integers.
    pub int4: Option<f64>,
}

impl DensePeaks {
    /// The peak of the arithmetic that runs a format [op/s]: weights-only formats (INT4) compute in 16 bits.
    /// `None` where the chip has no units for it.
    pub fn of(&self, dtype: Dtype) -> Option<f64> {
        match dtype {
            Dtype::Fp32 => self.fp32,
            Dtype::Bf16 | Dtype::Fp16 | Dtype::Int4 => self.fp16_fp32_accumulate.or(self.fp16),
            Dtype::Fp8 | Dtype::Fp8Block => self.fp8,
            Dtype::Int8 => self.int8,
            Dtype::Fp4 | Dtype::Nvfp4 | Dtype::Mxfp4 => self.fp4,
        }
    }

    /// Dense 8-bit throughput [op/s], the first currency of the world model (WORLD E1): FP8 or INT8,
    /// else 16-bit (a chip without 8-bit units runs 8-bit work at that rate).
    pub fn eight_bit(&self) -> Option<f64> {
        match (self.fp8, self.int8) {
            (Some(a), Some(b)) => Some(a.max(b)),
            (a, b) => a.or(b).or(self.fp16),
        }
    }
}

/// What kind of part it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum ChipKind {
    /// A graphics processor.
    Gpu,
    /// An accelerator made for machine learning.
    Asic,
    /// A system on a chip.
    Soc,
    /// A general-purpose processor.
    Cpu,
}

/// One accelerator.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Chip {
    /// Our id, lower case, such as `h100-sxm`.
    pub id: String,
    /// Other names that look it up.
    pub aliases: Vec<String>,
    /// The name that is printed.
    pub name: String,
    /// The firm whose chip it is.
    pub vendor: String,
    /// What kind of part.
    pub kind: ChipKind,
    /// Month of release, `YYYY-MM`; `unreleased` (proposed or cancelled) sorts after every month.
    pub release: String,
    /// Country of the design house [ISO 3166 alpha-2].
    pub origin: String,
    /// Designed or marketed for data centres.
    pub datacenter: bool,
    /// Peaks by number format.
    pub dense_op_per_s: DensePeaks,
    /// Area of every logic die on a non-planar process in the package [mm2].
    pub die_area_mm2: Option<f64>,
    /// Transistors [count].
    pub transistors: Option<f64>,
    /// Memory on the package or card, as labelled: whole gigabytes stand for 1e9 bytes each [bytes].
    pub memory_bytes: f64,
    /// What the driver reports of it (`chip_memory.csv`) [bytes].
    pub memory_driver_bytes: Option<f64>,
    /// Memory bandwidth [byte/s].
    pub memory_bw_byte_per_s: f64,
    /// `HBM3`, `GDDR6`, `SRAM`, ...
    pub memory_type: String,
    /// Scale-up link, both directions together [byte/s]; 0 = none.
    pub scaleup_bidir_byte_per_s: Option<f64>,
    /// Host interface, both directions together [byte/s].
    pub host_io_bidir_byte_per_s: Option<f64>,
    /// Chips in one scale-up domain [count].
    pub scaleup_domain_chips: Option<u32>,
    /// Network per chip, one direction [byte/s].
    pub scaleout_uni_byte_per_s: Option<f64>,
    /// Thermal design power [W].
    pub tdp_w: Option<f64>,
    /// Power per chip with its share of host, network and cooling inside the hall [W].
    pub allin_w: Option<f64>,
    /// Idle power [W].
    pub idle_w: Option<f64>,
    /// Purchase price [USD].
    pub price_usd: Option<f64>,
    /// When that price was seen.
    pub price_date: Option<Period>,
    /// What kind of price it is: launch, list, street.
    pub price_note: Option<String>,
    /// Rent [USD per chip-hour], as a chip file states it; built-in chips have their rows in the rental table.
    pub rental_usd_per_hour: Option<f64>,
    /// Fields that were recalled or that sources disagree on: low confidence, whatever the row's own is.
    pub low_confidence_fields: Option<String>,
    /// Where sources disagree on its figures.
    pub disagreement: Option<String>,
    /// Where the row comes from.
    #[serde(flatten)]
    pub provenance: Provenance,
}

impl Named for Chip {
    fn id(&self) -> &str {
        &self.id
    }

    fn aliases(&self) -> &[String] {
        &self.aliases
    }
}

impl Chip {
    /// Total processing performance: the largest dense TOPS x bit length over all formats but TF32
    /// (3A090 technical notes 1 to 3) [TOPS x bit], with the format that gives it.
    pub fn tpp(&self) -> Option<(f64, &'static str)> {
        let peaks = &self.dense_op_per_s;
        [
            (peaks.fp16, 16.0, "fp16"),
            (peaks.fp32, 32.0, "fp32"),
            (peaks.fp8, 8.0, "fp8"),
            (peaks.int8, 8.0, "int8"),
            (peaks.fp4, 4.0, "fp4"),
            (peaks.int4, 4.0, "int4"),
        ]
        .into_iter()
        .filter_map(|(peak, bits, name)| peak.map(|peak| (peak / units::TERA * bits, name)))
        // Formats that tie but for rounding are named in this order.
        .reduce(|best, next| if next.0 > best.0 * (1.0 + 1e-9) { next } else { best })
    }

    /// TPP over the applicable die area (technical note 4) [TOPS x bit / mm2].
    pub fn performance_density(&self) -> Option<f64> {
        Some(self.tpp()?.0 / self.die_area_mm2?)
    }

    /// Aggregate transfer rate over all interfaces but memory, both directions [byte/s].
    pub fn io_bidir_byte_per_s(&self) -> Option<f64> {
        Some(self.scaleup_bidir_byte_per_s? + self.host_io_bidir_byte_per_s?)
    }

    /// Memory bandwidth as the export rules count it: none for parts with SRAM only [byte/s].
    pub fn dram_bw_byte_per_s(&self) -> f64 {
        if self.memory_type.eq_ignore_ascii_case("SRAM") { 0.0 } else { self.memory_bw_byte_per_s }
    }
}
