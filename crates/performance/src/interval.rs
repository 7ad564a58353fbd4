//! The 80 % interval around a prediction, learned from how far predictions were off: `data/intervals.csv`.
//!
//! A row says, for one figure and tier, between which multiples of the prediction the middle 80 % of measurements
//! lay. `downstream validate --intervals` learns the table anew from predictions of rows that the engine's constants
//! were not fitted to. Chip and model of a row choose its *fold*; the rows of a fold say what the other folds teach,
//! so that a measurement is only ever compared with an interval that it had no part in. A question that is no
//! measurement takes what all folds teach together.

use facts::table;
use std::sync::LazyLock;
use units::{Estimate, Problems, Tier};

/// What an interval is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Figure {
    /// Time to first token.
    Ttft,
    /// Time between tokens, and a decode step.
    Tpot,
    /// Arrival to last token.
    EndToEnd,
    /// Tokens or requests a second.
    Throughput,
    /// Energy and power.
    Energy,
}

impl Figure {
    /// All, in the order of the table.
    pub const ALL: [Self; 5] = [Self::Ttft, Self::Tpot, Self::EndToEnd, Self::Throughput, Self::Energy];

    /// The word in the table.
    pub fn name(self) -> &'static str {
        match self {
            Self::Ttft => "ttft",
            Self::Tpot => "tpot",
            Self::EndToEnd => "e2e",
            Self::Throughput => "throughput",
            Self::Energy => "energy",
        }
    }
}

/// The tiers, from the best known.
pub const TIERS: [Tier; 4] = [Tier::Measured, Tier::Interpolated, Tier::Transferred, Tier::Specification];

/// Parts that measurements are cut into by chip and model.
pub const FOLDS: u64 = 10;

/// The fold of a chip and a model: FNV-1a (Fowler, Noll, Vo) of their ids, so that it never changes.
pub fn fold(chip: &str, model: &str) -> u64 {
    let bytes = chip.bytes().chain([0]).chain(model.bytes());
    let hash =
        bytes.fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x100_0000_01b3));
    // The low bits alone mix the last letters only.
    ((hash >> 32) ^ hash) % FOLDS
}

/// Multiples of a prediction.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Interval {
    /// A tenth of the measurements lay below this multiple [ratio].
    pub lo_ratio: f64,
    /// A tenth lay above this one [ratio].
    pub hi_ratio: f64,
}

/// One row of the table.
#[derive(Clone, Debug, PartialEq)]
pub struct IntervalRow {
    /// What it is about.
    pub figure: Figure,
    /// How the predictions were come by.
    pub tier: Tier,
    /// The fold that had no part in it; `None` = all had.
    pub fold: Option<u64>,
    /// The interval.
    pub interval: Interval,
}

/// The table.
#[derive(Clone, Debug, PartialEq)]
pub struct Intervals {
    rows: Vec<IntervalRow>,
}

const FILE: &str = "intervals.csv";
const BUILTIN: &str = include_str!("../../../data/intervals.csv");

impl Intervals {
    /// The table of the binary. One that cannot be read leaves every interval out; a test holds it readable.
    pub fn builtin() -> &'static Self {
        static TABLE: LazyLock<Intervals> =
            LazyLock::new(|| Intervals::read(BUILTIN, FILE).unwrap_or(Intervals { rows: Vec::new() }));
        &TABLE
    }

    /// Reads a table.
    ///
    /// # Errors
    /// Every problem of the table.
    pub fn read(text: &str, file: &str) -> Result<Self, Problems> {
        let columns = [&Self::COLUMNS[..], &table::PROVENANCE].concat();
        let figures = Figure::ALL.map(|figure| (figure.name(), figure));
        let tiers = TIERS.map(|tier| (tier.name(), tier));
        let rows = table::read(text, file, &columns, |row| {
            let fold = row.text("fold");
            let fold = if fold == "all" { None } else { Some(fold.parse().ok().filter(|fold| *fold < FOLDS)) };
            if fold == Some(None) {
                row.refuse("fold", "unknown_fold", format!("is neither 'all' nor below {FOLDS}"));
            }
            row.optional_count("setups");
            row.provenance();
            let interval = Interval {
                lo_ratio: row.number("lo_ratio", table::POSITIVE),
                hi_ratio: row.number("hi_ratio", table::POSITIVE),
            };
            if interval.lo_ratio > interval.hi_ratio {
                row.refuse("lo_ratio", "low_above_high", "is above hi_ratio");
            }
            let (figure, tier) = (row.one_of("figure", &figures), row.one_of("tier", &tiers));
            IntervalRow { figure, tier, fold: fold.flatten(), interval }
        })?;
        Ok(Self { rows })
    }

    /// The table's own columns.
    pub const COLUMNS: [&str; 6] = ["figure", "tier", "fold", "setups", "lo_ratio", "hi_ratio"];

    /// A table of these rows.
    pub fn of(rows: Vec<IntervalRow>) -> Self {
        Self { rows }
    }

    /// The rows, in the order of the table.
    pub fn rows(&self) -> &[IntervalRow] {
        &self.rows
    }

    /// The interval of a figure and tier: what all folds teach, or what the others than `without` do.
    pub fn get(&self, figure: Figure, tier: Tier, without: Option<u64>) -> Option<Interval> {
        let wanted = |row: &&IntervalRow| row.figure == figure && row.tier == tier && row.fold == without;
        self.rows.iter().find(wanted).map(|row| row.interval)
    }

    /// A value with its interval; without one where the table has none.
    pub fn estimate(&self, figure: Figure, tier: Tier, value: f64) -> Estimate {
        Estimate::new(value, tier).within(self.get(figure, tier, None).map(|i| (i.lo_ratio, i.hi_ratio)))
    }

    /// A value that falls as its figure rises, such as a cost per token of a throughput.
    pub fn inverse(&self, figure: Figure, tier: Tier, value: f64) -> Estimate {
        let interval = self.get(figure, tier, None);
        Estimate::new(value, tier).within(interval.map(|i| (1.0 / i.hi_ratio, 1.0 / i.lo_ratio)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_built_in_table_is_readable_and_has_an_interval_for_every_figure_of_an_answer() {
        let table = Intervals::read(BUILTIN, FILE).unwrap_or_else(|problems| panic!("{problems}"));
        assert_eq!(&table, Intervals::builtin());
        for figure in Figure::ALL {
            for tier in TIERS {
                assert!(table.get(figure, tier, None).is_some_and(|i| i.lo_ratio < i.hi_ratio), "{figure:?} {tier:?}");
                // Energy was measured of one chip and model alone: without them nothing is known of it.
                for fold in (0..FOLDS).filter(|_| figure != Figure::Energy) {
                    assert!(table.get(figure, tier, Some(fold)).is_some(), "{figure:?} {tier:?} {fold}");
                }
            }
        }
    }

    #[test]
    fn a_worse_tier_never_has_a_narrower_interval() {
        let table = Intervals::builtin();
        for figure in Figure::ALL {
            let widths = TIERS.map(|tier| table.get(figure, tier, None).map_or(0.0, |i| i.hi_ratio / i.lo_ratio));
            assert!(widths.is_sorted_by(|a, b| a <= &(b * 1.000_001)), "{figure:?}: {widths:?}");
        }
    }

    #[test]
    fn an_interval_multiplies_the_value_and_that_of_an_inverse_turns_round() {
        let interval = Interval { lo_ratio: 0.8, hi_ratio: 2.0 };
        let row = IntervalRow { figure: Figure::Throughput, tier: Tier::Measured, fold: None, interval };
        let table = Intervals::of(vec![row]);
        let rate = table.estimate(Figure::Throughput, Tier::Measured, 10.0);
        assert_eq!((rate.lo, rate.value, rate.hi), (Some(8.0), Some(10.0), Some(20.0)));
        let cost = table.inverse(Figure::Throughput, Tier::Measured, 10.0);
        assert_eq!((cost.lo, cost.value, cost.hi), (Some(5.0), Some(10.0), Some(12.5)));
        let unknown = table.estimate(Figure::Ttft, Tier::Measured, 10.0);
        assert_eq!((unknown.lo, unknown.hi), (None, None));
    }

    #[test]
    fn folds_are_fixed_and_spread() {
        assert_eq!(fold("h100-sxm", "deepseek-ai/DeepSeek-V3"), fold("h100-sxm", "deepseek-ai/DeepSeek-V3"));
        let used: std::collections::BTreeSet<u64> = (0..100).map(|n| fold("b200", &format!("model-{n}"))).collect();
        assert_eq!(used.len() as u64, FOLDS);
    }
}
