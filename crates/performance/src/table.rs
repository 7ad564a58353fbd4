//! The table tier: times of a chip's own measured kernels, interpolated.
//!
//! `data/kernels/CHIP.csv.gz` holds curves of measured times (`refit/kernels.py` distils them); [`Kernels`] reads
//! them for one deployment. Between points the ratio of the measured time to a roofline ([`law`]) is interpolated,
//! which is nearly flat where the time itself bends (PERFORMANCE item 11); of attention the times themselves, which
//! rise with batch and length ([`surface`]). A reading says how it was come
//! by: a measured point, between points, or carried over from the edge, a near shape or another engine's kernel. A
//! chip without a table, a class or a format without curves gives `None`, and the specification tier answers: never
//! another chip's table.

mod axis;
mod family;
mod file;
mod kernels;
mod law;
mod nearest;
mod surface;

pub(crate) use kernels::{Gemm, Kernels};

use facts::Chip;
use family::Family;
use std::sync::OnceLock;
use units::{Dtype, Tier};

/// A time with how it was come by.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Reading {
    /// Time of one kernel [s].
    pub time_s: f64,
    /// Measured, interpolated or transferred.
    pub tier: Tier,
}

/// Classes of kernels that there are curves of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Class {
    /// Products; shape n, k; over m.
    Gemm,
    /// Mixtures of experts; shape hidden, width, experts a token, experts, tensor and expert parallelism; over tokens.
    Experts,
    /// Attention over prompts; shape head width, window, key-value heads, heads; over batch and length.
    PrefillAttention,
    /// Attention of single tokens; the same shape; over batch and context.
    DecodeAttention,
    /// Naive latent attention; shape heads; over batch and length.
    LatentPrefill,
    /// Absorbed latent attention; shape heads; over batch and context.
    LatentDecode,
    /// Queries into the latent space; shape heads; over tokens.
    LatentAbsorb,
    /// Values out of the latent space; shape heads; over tokens.
    LatentExpand,
    /// Gated delta nets over prompts; shape key heads, value heads; over batch and length.
    DeltaPrefill,
    /// Gated delta nets of single tokens; the same shape; over batch.
    DeltaDecode,
    /// Sum over chips; shape chips; over bytes on each.
    AllReduce,
    /// Every chip's part on every chip; shape chips; over bytes gathered.
    AllGather,
    /// A part of every chip for every other; shape chips; over bytes on each, its own part included.
    AllToAll,
}

/// All curves of one chip.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct ChipTable {
    peaks: law::Peaks,
    families: Vec<Family>,
}

impl ChipTable {
    /// The curves of a class in a format, and whether they are of the first engine in that very format. Where that
    /// engine was not measured in it, its kernels in the other 8-bit format stand for it, then the other engines'.
    fn family(&self, class: Class, engines: &[&str], format: Dtype) -> Option<(&Family, bool)> {
        let sibling = match format {
            Dtype::Fp8 if class == Class::Experts => Some(Dtype::Fp8Block),
            Dtype::Fp8Block if class == Class::Experts => Some(Dtype::Fp8),
            _ => None,
        };
        let formats = || [Some(format), sibling].into_iter().flatten();
        let choices = engines.iter().flat_map(|engine| formats().map(move |format| (*engine, format)));
        choices.enumerate().find_map(|(at, (engine, format))| {
            let is = |family: &&Family| family.class == class && family.format == format && family.engine == engine;
            self.families.iter().find(is).map(|family| (family, at == 0))
        })
    }
}

macro_rules! embedded {
    ($($chip:literal),*) => {
        [$(($chip, include_bytes!(concat!("../../../data/kernels/", $chip, ".csv.gz")).as_slice())),*]
    };
}

/// The embedded tables by chip.
static FILES: [(&str, &[u8]); 12] = embedded![
    "a100-80-sxm",
    "arc-b60",
    "b200",
    "b300",
    "gb200-nvl72",
    "gb300-nvl72",
    "h100-sxm",
    "h20-96",
    "h200-sxm",
    "h800-sxm",
    "l40s",
    "rtx-pro-6000-bw"
];

/// The ids of the chips that have kernel tables.
pub fn chips() -> impl Iterator<Item = &'static str> {
    FILES.iter().map(|(chip, _)| *chip)
}

/// The table of a chip, unpacked when it is first asked for. `None` also where a chip of that id is not the one that
/// was measured, by its memory bandwidth and 16-bit peak (a user's chip file, a what-if).
pub(crate) fn of(chip: &Chip) -> Option<&'static ChipTable> {
    static TABLES: [OnceLock<ChipTable>; FILES.len()] = [const { OnceLock::new() }; FILES.len()];
    let at = FILES.iter().position(|(id, _)| *id == chip.id)?;
    let table = TABLES[at].get_or_init(|| {
        let (id, bytes) = FILES[at];
        file::read(bytes, &format!("{id}.csv.gz")).expect("a test reads the embedded tables")
    });
    table.peaks.are_of(chip).then_some(table)
}

#[cfg(test)]
mod tests;
