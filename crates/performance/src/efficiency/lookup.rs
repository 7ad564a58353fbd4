//! From the table to one chip's constants.

use super::{Curve, Efficiencies, Efficiency, Kernel, family};
use crate::engine::{Engine, EngineKind};
use facts::Chip;
use units::{Dtype, Tier};

/// Quantities without which a chip cannot be priced.
pub(super) const WANTED: [&str; 26] = [
    "gemm_floor_s",
    "moe_floor_s",
    "prefill_attention_floor_s",
    "decode_attention_floor_s",
    "latent_prefill_floor_s",
    "latent_decode_floor_s",
    "all_reduce_floor_s",
    "all_to_all_floor_s",
    "elementwise_memory",
    "elementwise_floor_s",
    "p2p_floor_s",
    "network_floor_s",
    "network_bandwidth",
    "link_byte_per_s",
    "scaleout_byte_per_s",
    "memory_utilization",
    "reserve_bytes",
    "collective_bytes",
    "step_tokens",
    "max_requests",
    "held_output",
    "expert_imbalance",
    "power_gemm",
    "power_idle",
    "power_host",
    "host_power_ratio",
];

/// A chip as the table sees it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Subject<'a> {
    id: &'a str,
    /// Release of the engine's kernels; vLLM's minor number before its 1.0, else the newest.
    release: f64,
    families: &'static [&'static str],
    same_vendor: bool,
}

impl<'a> Subject<'a> {
    /// Of a chip.
    pub(crate) fn of(chip: &'a Chip) -> Self {
        let (families, same_vendor) = (family::of(chip), family::is_measured_vendor(chip));
        Self { id: &chip.id, release: f64::MAX, families, same_vendor }
    }

    /// With the kernels of an engine's release.
    pub(crate) fn run_by(self, engine: &Engine) -> Self {
        let release = match (engine.kind, engine.release()) {
            (EngineKind::Vllm, Some((0, minor))) => minor.into(),
            _ => f64::MAX,
        };
        Self { release, ..self }
    }
}

/// The quantities of a kernel class.
#[derive(Clone, Copy, Debug)]
pub(crate) struct KernelClass {
    floor: &'static str,
    memory: &'static str,
    compute: &'static str,
}

/// Plain matrix products.
pub(crate) const GEMM: KernelClass =
    KernelClass { floor: "gemm_floor_s", memory: "gemm_memory", compute: "gemm_compute" };
/// Grouped products with routed experts, sorting and gathering included.
pub(crate) const MOE: KernelClass = KernelClass { floor: "moe_floor_s", memory: "moe_memory", compute: "moe_compute" };
/// Causal attention over a prompt.
pub(crate) const PREFILL_ATTENTION: KernelClass = KernelClass {
    floor: "prefill_attention_floor_s",
    memory: "prefill_attention_memory",
    compute: "prefill_attention_compute",
};
/// Attention of single tokens over their caches.
pub(crate) const DECODE_ATTENTION: KernelClass = KernelClass {
    floor: "decode_attention_floor_s",
    memory: "decode_attention_memory",
    compute: "decode_attention_compute",
};
/// Naive latent attention over a prompt.
pub(crate) const LATENT_PREFILL: KernelClass =
    KernelClass { floor: "latent_prefill_floor_s", memory: "latent_prefill_memory", compute: "latent_prefill_compute" };
/// Absorbed latent attention of single tokens.
pub(crate) const LATENT_DECODE: KernelClass =
    KernelClass { floor: "latent_decode_floor_s", memory: "latent_decode_memory", compute: "latent_decode_compute" };

/// Points of a quantity with how they were come by.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Found {
    points: Vec<(f64, f64)>,
    /// Own or family rows: transferred; else the specification with a default.
    pub tier: Tier,
}

impl Found {
    /// The points as a curve.
    pub(crate) fn curve(&self) -> Curve {
        Curve::through(&self.points)
    }

    /// The value of a quantity that has but one, else of its first point.
    pub(crate) fn value(&self) -> f64 {
        self.points.first().map_or(0.0, |point| point.1)
    }
}

impl Efficiencies {
    /// A measured quantity for a chip: its own rows, else its family's mean, else that of all chips times the
    /// transfer ratio of its vendor.
    pub(crate) fn measured(&self, quantity: &'static str, dtype: Option<Dtype>, chip: Subject) -> Option<Found> {
        let rows = self.index.get(&(quantity, dtype))?;
        let chosen = |want: &dyn Fn(&Efficiency) -> bool| {
            mean_by_point(rows.iter().map(|&at| &self.rows[at]).filter(|row| row.family.is_some() && want(row)))
        };
        let own = chosen(&|row| row.scope == chip.id);
        let near = chip.families.iter().map(|family| chosen(&|row| row.family.as_deref() == Some(family)));
        if let Some(points) = std::iter::once(own).chain(near).find(|points| !points.is_empty()) {
            return Some(Found { points, tier: Tier::Transferred });
        }
        let mut points = chosen(&|_| true);
        if !chip.same_vendor {
            let (ratio, most) = match quantity {
                name if name.ends_with("_floor_s") => ("transfer_floor", f64::MAX),
                "gemm_compute" | "moe_compute" => ("transfer_gemm_compute", 1.0),
                name if name.ends_with("_compute") => ("transfer_compute", 1.0),
                name if name.starts_with("power_") => ("", 1.0),
                _ => ("transfer_memory", 1.0),
            };
            if !ratio.is_empty() {
                let ratio = self
                    .maturity(ratio, chip)
                    .unwrap_or_else(|| self.maturity("transfer_compute", chip).unwrap_or(1.0));
                for point in &mut points {
                    point.1 = (point.1 * ratio).min(most);
                }
            }
        }
        (!points.is_empty()).then_some(Found { points, tier: Tier::Specification })
    }

    /// How far a vendor's software is at an engine's release: the row of the chip, of its family, else of all others.
    pub(crate) fn maturity(&self, quantity: &'static str, chip: Subject) -> Option<f64> {
        let scopes = [chip.id, chip.families[0], "default"];
        let points = self.stated_curve(quantity, &scopes);
        points.into_iter().rev().find(|(from, _)| *from <= chip.release).map(|point| point.1)
    }

    /// A stated quantity: the row of the first scope that has one, the last whose `at` is not above the given.
    pub(crate) fn stated(&self, quantity: &'static str, scopes: &[&str], at: Option<f64>) -> f64 {
        self.stated_curve(quantity, scopes)
            .into_iter()
            .rev()
            .find(|(from, _)| at.is_none_or(|at| *from <= at))
            .map_or(1.0, |point| point.1)
    }

    /// The points of a stated quantity, of the first scope that has any.
    pub(crate) fn stated_curve(&self, quantity: &'static str, scopes: &[&str]) -> Vec<(f64, f64)> {
        let rows = self.index.get(&(quantity, None)).map_or(&[][..], Vec::as_slice);
        scopes
            .iter()
            .map(|scope| {
                let of_scope = rows.iter().map(|&at| &self.rows[at]).filter(|row| row.scope == *scope);
                let mut points: Vec<_> = of_scope.map(|row| (row.at.unwrap_or(0.0), row.range.central)).collect();
                points.sort_by(|a, b| a.0.total_cmp(&b.0));
                points
            })
            .find(|points| !points.is_empty())
            .unwrap_or_default()
    }

    /// The law of a kernel class for a chip.
    pub(crate) fn kernel(
        &self,
        class: &KernelClass,
        dtype: Option<Dtype>,
        chip: (Subject, f64),
        peak_flop_per_s: f64,
    ) -> Option<Kernel> {
        let (subject, bandwidth_byte_per_s) = chip;
        let floor = self.measured(class.floor, dtype, subject)?;
        let compute = self.measured(class.compute, dtype, subject)?;
        let memory = self.measured(class.memory, dtype, subject)?;
        Some(Kernel {
            floor_s: floor.value(),
            byte_per_s: bandwidth_byte_per_s * memory.value(),
            peak_flop_per_s,
            compute: compute.curve(),
            tier: floor.tier.max(compute.tier).max(memory.tier),
        })
    }
}

/// Geometric means over the chips that have a point, in ascending order of the points.
fn mean_by_point<'a>(rows: impl Iterator<Item = &'a Efficiency>) -> Vec<(f64, f64)> {
    let mut points: Vec<(f64, f64, f64)> = Vec::new();
    for row in rows {
        let at = row.at.unwrap_or(0.0);
        let log = row.range.central.max(1e-12).ln();
        match points.iter_mut().find(|point| point.0 == at) {
            Some(point) => {
                point.1 += log;
                point.2 += 1.0;
            }
            None => points.push((at, log, 1.0)),
        }
    }
    points.sort_by(|a, b| a.0.total_cmp(&b.0));
    points.into_iter().map(|(at, sum, count)| (at, (sum / count).exp())).collect()
}
