//! What share of its peaks a chip delivers: the table `data/efficiencies.csv`.
//!
//! Rows of a chip are fitted to its own kernel timings (`refit/efficiencies.py`). A chip without rows takes
//! the geometric mean of its family (the same vendor, generation and memory), one whose family has none the
//! mean of all measured chips, times the `transfer_*` ratios of its vendor: stated defaults with ranges.
//! Leaving a chip out is therefore the same as never having seen it.

mod family;
mod kernel;
pub(crate) mod lookup;

pub(crate) use kernel::{Curve, Kernel, Price};
pub(crate) use lookup::{Found, KernelClass, Subject};

use crate::{engine::constants::EngineTable, table::ChipTable};
use facts::{Chip, table};
use std::{
    collections::{BTreeMap, BTreeSet},
    path::Path,
    sync::{Arc, LazyLock},
};
use units::{Dtype, Problem, Problems, Provenance, Range};

const BUILTIN: &str = include_str!("../../../data/efficiencies.csv");
const FILE: &str = "efficiencies.csv";
const COLUMNS: [&str; 14] = [
    "id",
    "scope",
    "family",
    "quantity",
    "dtype",
    "at",
    "low",
    "central",
    "high",
    "unit",
    "source",
    "date",
    "licence",
    "confidence",
];

/// What the rows can be about, each with its unit.
const QUANTITIES: [(&str, &str); 46] = [
    ("gemm_floor_s", "s"),
    ("gemm_memory", "fraction"),
    ("gemm_compute", "fraction"),
    ("moe_floor_s", "s"),
    ("moe_memory", "fraction"),
    ("moe_compute", "fraction"),
    ("prefill_attention_floor_s", "s"),
    ("prefill_attention_memory", "fraction"),
    ("prefill_attention_compute", "fraction"),
    ("decode_attention_floor_s", "s"),
    ("decode_attention_memory", "fraction"),
    ("decode_attention_compute", "fraction"),
    ("latent_prefill_floor_s", "s"),
    ("latent_prefill_memory", "fraction"),
    ("latent_prefill_compute", "fraction"),
    ("latent_decode_floor_s", "s"),
    ("latent_decode_memory", "fraction"),
    ("latent_decode_compute", "fraction"),
    ("all_reduce_floor_s", "s"),
    ("all_reduce_bandwidth", "fraction"),
    ("all_to_all_floor_s", "s"),
    ("all_to_all_bandwidth", "fraction"),
    ("elementwise_memory", "fraction"),
    ("elementwise_floor_s", "s"),
    ("p2p_floor_s", "s"),
    ("network_floor_s", "s"),
    ("network_bandwidth", "fraction"),
    ("link_byte_per_s", "byte/s"),
    ("scaleout_byte_per_s", "byte/s"),
    ("transfer_compute", "ratio"),
    ("transfer_gemm_compute", "ratio"),
    ("head_sharing", "fraction"),
    ("transfer_memory", "ratio"),
    ("transfer_floor", "ratio"),
    ("memory_utilization", "fraction"),
    ("reserve_bytes", "bytes"),
    ("collective_bytes", "bytes"),
    ("step_tokens", "tokens"),
    ("max_requests", "count"),
    ("held_output", "fraction"),
    ("expert_imbalance", "ratio"),
    ("power_gemm", "fraction"),
    ("power_moe", "fraction"),
    ("power_prefill_attention", "fraction"),
    ("power_decode_attention", "fraction"),
    ("power_vision", "fraction"),
];

/// What a kernel class draws as it uses the units more, and the quantities that are not of a kernel class.
const MORE_QUANTITIES: [(&str, &str); 13] = [
    ("power_gemm_compute", "ratio"),
    ("power_gemm_memory", "ratio"),
    ("power_moe_compute", "ratio"),
    ("power_moe_memory", "ratio"),
    ("power_prefill_attention_compute", "ratio"),
    ("power_prefill_attention_memory", "ratio"),
    ("power_decode_attention_compute", "ratio"),
    ("power_decode_attention_memory", "ratio"),
    ("power_elementwise", "fraction"),
    ("power_communication", "fraction"),
    ("power_idle", "fraction"),
    ("power_host", "fraction"),
    ("host_power_ratio", "ratio"),
];

/// One row.
#[derive(Clone, Debug, PartialEq)]
pub struct Efficiency {
    /// Its id.
    pub id: String,
    /// The chip it was measured on, or the engine, vendor or `default` that it holds for.
    pub scope: String,
    /// The family of a measured chip.
    pub family: Option<String>,
    /// What it is about.
    pub quantity: &'static str,
    /// The number format, where it matters.
    pub dtype: Option<Dtype>,
    /// Where on a curve: rows, rows an expert, tokens, chips, or the minor release of an engine.
    pub at: Option<f64>,
    /// The value with its range.
    pub range: Range,
    /// Where it comes from.
    pub provenance: Provenance,
}

type Index = BTreeMap<(&'static str, Option<Dtype>), Vec<usize>>;

/// The table of efficiencies, floors and overheads.
#[derive(Clone, Debug, PartialEq)]
pub struct Efficiencies {
    rows: Arc<Vec<Efficiency>>,
    /// Rows by quantity and format, in the order of the table.
    index: Arc<Index>,
    /// Chips whose kernel tables are not looked at.
    left_out: Arc<BTreeSet<String>>,
    /// What engines add to the kernels.
    engines: Arc<EngineTable>,
}

impl Efficiencies {
    /// The embedded table.
    pub fn builtin() -> &'static Self {
        static TABLE: LazyLock<Efficiencies> =
            LazyLock::new(|| Efficiencies::parse(BUILTIN, FILE).expect("a test reads the embedded table"));
        &TABLE
    }

    /// The table of a user's folder where it holds one (`efficiencies.csv`), else the embedded one.
    ///
    /// # Errors
    /// An unreadable file, or every problem of the table.
    pub fn load(folder: Option<&Path>) -> Result<Self, Problems> {
        match folder.map(|folder| folder.join(FILE)).filter(|path| path.exists()) {
            Some(path) => Self::parse(&units::read_text(&path)?, &path.display().to_string()),
            None => Ok(Self::builtin().clone()),
        }
    }

    /// Reads a table of the same columns.
    ///
    /// # Errors
    /// Every problem of the table, with line and column: also a missing default, without which some chip could
    /// not be priced.
    pub fn parse(text: &str, file: &str) -> Result<Self, Problems> {
        let names: Vec<(&str, (&'static str, &'static str))> =
            QUANTITIES.iter().chain(&MORE_QUANTITIES).map(|pair| (pair.0, *pair)).collect();
        let rows = table::read(text, file, &COLUMNS, |row| {
            let (quantity, unit) = row.one_of("quantity", &names);
            if row.text("unit") != unit {
                row.refuse("unit", "wrong_unit", format!("{quantity} is in {unit}"));
            }
            let largest = if unit == "fraction" { 1.5 } else { f64::MAX };
            let range = row.range(["low", "central", "high"], 0.0..=largest);
            if unit == "fraction" && range.central > 1.0 {
                row.refuse("central", "bad_fraction", format!("{quantity} is over 1"));
            }
            Efficiency {
                id: row.text("id"),
                scope: row.text("scope"),
                family: row.optional_text("family"),
                quantity,
                dtype: row.optional_parsed("dtype"),
                at: row.optional_number("at", table::NOT_NEGATIVE),
                range,
                provenance: row.provenance(),
            }
        })?;
        let table = Self::from_rows(rows);
        let mut problems = Problems::default();
        for quantity in lookup::WANTED {
            if !table.rows.iter().any(|row| row.quantity == quantity) {
                let message = format!("has no row for '{quantity}'");
                problems.push(Problem::new("missing_row", message).file(file).key(quantity));
            }
        }
        problems.check(table)
    }

    /// All rows, in the order of the table.
    pub fn rows(&self) -> &[Efficiency] {
        &self.rows
    }

    /// The table without the rows measured on one chip, and without its kernel table: it then is priced like a
    /// chip never seen, for scoring how far the rest carries over (`validate --leave-out chip`).
    #[must_use]
    pub fn without_chip(&self, chip_id: &str) -> Self {
        let mut left_out = (*self.left_out).clone();
        left_out.insert(chip_id.to_string());
        let rest = Self::from_rows(self.rows.iter().filter(|row| row.scope != chip_id).cloned().collect());
        Self { left_out: Arc::new(left_out), engines: self.engines.clone(), ..rest }
    }

    /// The table with no chip's kernel table beside it: the specification tier alone answers, for scoring it.
    #[must_use]
    pub fn without_kernel_tables(&self) -> Self {
        Self { left_out: Arc::new(crate::table::chips().map(str::to_string).collect()), ..self.clone() }
    }

    /// Whether measured kernels of a chip answer for it.
    pub fn has_kernel_table(&self, chip_id: &str) -> bool {
        !self.left_out.contains(chip_id) && crate::table::chips().any(|known| known == chip_id)
    }

    /// The kernel table of a chip, unless it is left out.
    pub(crate) fn kernels(&self, chip: &Chip) -> Option<&'static ChipTable> {
        if self.left_out.contains(&chip.id) { None } else { crate::table::of(chip) }
    }

    /// What engines add to the kernels.
    pub fn engines(&self) -> &EngineTable {
        &self.engines
    }

    /// The same efficiencies under other constants of engines.
    #[must_use]
    pub fn with_engines(&self, engines: EngineTable) -> Self {
        Self { engines: Arc::new(engines), ..self.clone() }
    }

    fn from_rows(rows: Vec<Efficiency>) -> Self {
        let mut index = Index::new();
        for (at, row) in rows.iter().enumerate() {
            index.entry((row.quantity, row.dtype)).or_default().push(at);
        }
        Self {
            rows: Arc::new(rows),
            index: Arc::new(index),
            left_out: Arc::default(),
            engines: Arc::new(EngineTable::builtin().clone()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_embedded_table_reads() {
        Efficiencies::parse(BUILTIN, FILE).unwrap();
    }

    #[test]
    fn a_chip_left_out_has_no_row() {
        let table = Efficiencies::builtin().without_chip("h100-sxm");
        assert!(table.rows().len() < Efficiencies::builtin().rows().len());
        assert!(table.rows().iter().all(|row| row.scope != "h100-sxm"));
    }

    #[test]
    fn a_wrong_unit_and_an_unknown_quantity_are_both_reported() {
        let text = "id,scope,family,quantity,dtype,at,low,central,high,unit,source,date,licence,confidence\n\
                    a,default,,gemm_floor_s,bf16,,1,2,3,ms,x,2026,x,low\n\
                    b,default,,gem_memory,bf16,,0.1,0.2,0.3,fraction,x,2026,x,low\n";
        let problems = Efficiencies::parse(text, "e.csv").unwrap_err();
        assert!(problems.0.iter().any(|problem| problem.code == "wrong_unit" && problem.line == Some(2)));
        assert!(problems.0.iter().any(|problem| problem.code == "unknown_word" && problem.line == Some(3)));
    }
}
