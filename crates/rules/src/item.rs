//! The figures of a thing to be exported, as the rules count them.

use facts::{Chip, chip::ChipKind};
use serde::Serialize;
use units::{Confidence, GIGA};

/// A figure that a rule may ask for.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Figure {
    /// Known.
    Known(f64),
    /// There is one, but it is not known: every value from 0 up is tried.
    Unknown,
    /// There is none (a memory stack has no processing performance): `is None` holds, comparisons fail.
    Inapplicable,
}

impl Figure {
    /// The number, where known.
    pub fn value(self) -> Option<f64> {
        match self {
            Self::Known(value) => Some(value),
            Self::Unknown | Self::Inapplicable => None,
        }
    }
}

impl From<Option<f64>> for Figure {
    fn from(value: Option<f64>) -> Self {
        value.map_or(Self::Unknown, Self::Known)
    }
}

/// Where an item's figures were read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum ItemSource {
    /// The built-in chip table.
    Builtin,
    /// A user's chip file or case file.
    File,
}

/// A thing to be exported: a packaged chip, or a stand-alone memory stack.
#[derive(Clone, Debug, PartialEq)]
pub struct Item {
    /// Our id.
    pub id: String,
    /// The name that is printed.
    pub name: String,
    /// The firm whose product it is.
    pub vendor: String,
    /// `gpu`, `asic`, `soc`, `cpu`, `memory`.
    pub kind: String,
    /// Country of the design house [ISO 3166 alpha-2].
    pub origin: String,
    /// Total processing performance [TOPS x bit].
    pub tpp: Figure,
    /// The format that gives it.
    pub tpp_dtype: Option<String>,
    /// Performance density [TOPS x bit / mm2].
    pub performance_density: Figure,
    /// Applicable die area [mm2].
    pub die_area_mm2: Option<f64>,
    /// Transfer rate over all interfaces but memory, both directions [GB/s].
    pub io_gb_per_s: Figure,
    /// Total DRAM bandwidth; 0 for parts with SRAM only [GB/s].
    pub dram_bw_gb_per_s: Figure,
    /// Bandwidth density of a stand-alone memory stack [GB/s/mm2].
    pub hbm_density: Figure,
    /// Transistors [1e9].
    pub transistors_b: Figure,
    /// Whether the package holds HBM.
    pub has_hbm: bool,
    /// Designed or marketed for data centres.
    pub datacenter: bool,
    /// Where the figures were read.
    pub source: ItemSource,
    /// How far they may be trusted.
    pub confidence: Confidence,
}

impl Item {
    /// A built-in chip's figures; for a chip file set `source` afterwards.
    pub fn from_chip(chip: &Chip) -> Self {
        let kind = match chip.kind {
            ChipKind::Gpu => "gpu",
            ChipKind::Asic => "asic",
            ChipKind::Soc => "soc",
            ChipKind::Cpu => "cpu",
        };
        Self {
            id: chip.id.clone(),
            name: chip.name.clone(),
            vendor: chip.vendor.clone(),
            kind: kind.into(),
            origin: chip.origin.clone(),
            tpp: chip.tpp().map(|(tpp, _)| tpp).into(),
            tpp_dtype: chip.tpp().map(|(_, dtype)| dtype.into()),
            performance_density: chip.performance_density().into(),
            die_area_mm2: chip.die_area_mm2,
            io_gb_per_s: chip.io_bidir_byte_per_s().map(|rate| rate / GIGA).into(),
            dram_bw_gb_per_s: Figure::Known(chip.dram_bw_byte_per_s() / GIGA),
            hbm_density: Figure::Inapplicable,
            transistors_b: chip.transistors.map(|count| count / 1e9).into(),
            has_hbm: chip.memory_type.to_ascii_uppercase().starts_with("HBM"),
            datacenter: chip.datacenter,
            source: ItemSource::Builtin,
            confidence: chip.provenance.confidence,
        }
    }

    /// A stand-alone memory stack: only its bandwidth density is asked for (3A090.c).
    pub fn memory_stack(name: &str, density: Figure) -> Self {
        Self {
            id: "hbm".into(),
            name: name.into(),
            vendor: String::new(),
            kind: "memory".into(),
            origin: String::new(),
            tpp: Figure::Inapplicable,
            tpp_dtype: None,
            performance_density: Figure::Inapplicable,
            die_area_mm2: None,
            io_gb_per_s: Figure::Inapplicable,
            dram_bw_gb_per_s: Figure::Inapplicable,
            hbm_density: density,
            transistors_b: Figure::Inapplicable,
            has_hbm: true,
            datacenter: true,
            source: ItemSource::File,
            confidence: Confidence::Medium,
        }
    }
}
