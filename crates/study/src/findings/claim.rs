//! The finding on one claim: verdict, votes, camps, what it depends on, the counter-case.

use serde::{Serialize, Serializer};
use std::{collections::BTreeMap, fmt};
use units::Quarter;

/// One of the nine.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub enum ClaimId {
    /// Algorithms can make up for the lack of high-end chips.
    C1,
    /// Computing power alone does not secure dominance.
    C2,
    /// Inference chips are the more strategic ones to control.
    C3,
    /// Downstream diffusion beats upstream controls.
    C4,
    /// Economies of scale push cost down and spread the technology.
    C5,
    /// The advantage lies with whoever serves at scale.
    C6,
    /// If one side leaves open source, the other's models spread further.
    C7,
    /// Open source lowers the entry barrier.
    C8,
    /// A hybrid with adaptation and diplomacy does best.
    C9,
}

impl ClaimId {
    /// All nine, in order.
    pub const ALL: [Self; 9] =
        [Self::C1, Self::C2, Self::C3, Self::C4, Self::C5, Self::C6, Self::C7, Self::C8, Self::C9];

    /// `C1` to `C9`.
    pub fn name(self) -> &'static str {
        ["C1", "C2", "C3", "C4", "C5", "C6", "C7", "C8", "C9"][self as usize]
    }
}

impl fmt::Display for ClaimId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

/// What the votes and the checks say together.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// For in at least three quarters of the futures, in every camp.
    Holds,
    /// More for than against in every camp, and half or more for in the default.
    LeansFor,
    /// Camps or votes disagree.
    Contested,
    /// The mirror of `LeansFor`.
    LeansAgainst,
    /// The mirror of `Holds`.
    Fails,
    /// The same verdict comes out with the mechanism neutralised.
    BuiltIn,
    /// The comparison has no meaning in most futures (a gap that is none).
    Undefined,
    /// A part that the claim rests on is not in today's model.
    NotYetDecidable,
}

/// Counts of futures.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Votes {
    /// Futures in which the claim's conditions are met.
    #[serde(rename = "for")]
    pub in_favour: usize,
    /// Futures in which their mirror is met.
    pub against: usize,
    /// Futures in which neither is, the undefined ones among them.
    pub neither: usize,
    /// Futures in which the comparison has no meaning; counted in `neither` too.
    pub undefined: usize,
}

impl Votes {
    /// All futures.
    pub fn total(self) -> usize {
        self.in_favour + self.against + self.neither
    }

    /// For and against exchanged.
    #[must_use]
    pub fn mirrored(self) -> Self {
        Self { in_favour: self.against, against: self.in_favour, ..self }
    }
}

/// A share with its 95 % Wilson interval [fraction].
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Share {
    /// Count over total.
    pub share_fraction: f64,
    /// Lower end.
    pub lo: f64,
    /// Upper end.
    pub hi: f64,
}

/// The three shares; null where no future was run.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Shares {
    /// Share for.
    #[serde(rename = "for")]
    pub in_favour: Option<Share>,
    /// Share against.
    pub against: Option<Share>,
    /// Share neither.
    pub neither: Option<Share>,
}

/// The votes of one camp, never pooled with another's.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Camp {
    /// `default`, or `<input>=<camp>`.
    pub camp: String,
    /// The input on which sources disagree; null for the default.
    pub input: Option<String>,
    /// The camp's name; null for the default.
    pub name: Option<String>,
    /// Its votes.
    #[serde(flatten)]
    pub votes: Votes,
    /// Their shares.
    pub shares: Shares,
    /// What this camp alone would say.
    pub verdict: Verdict,
}

/// The votes at another horizon, default camp.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Horizon {
    /// The quarter at which the metrics are read.
    pub quarter: Quarter,
    /// The votes there.
    #[serde(flatten)]
    pub votes: Votes,
    /// What they say, all camps considered.
    pub verdict: Verdict,
}

/// What happens to the votes when one assumed input is set to either end.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Dependence {
    /// The input.
    pub input: String,
    /// Its unit.
    pub unit: String,
    /// Its low end, and the votes there.
    pub low: f64,
    /// The votes at the low end.
    pub votes_low: Votes,
    /// The verdict at the low end.
    pub verdict_low: Verdict,
    /// Its high end.
    pub high: f64,
    /// The votes at the high end.
    pub votes_high: Votes,
    /// The verdict at the high end.
    pub verdict_high: Verdict,
    /// Whether either end turns the verdict to another one.
    pub flips: bool,
}

/// The run with the mechanism neutralised.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct BuiltIn {
    /// Codes of what was neutralised, such as `performance_ratios_equal`.
    pub neutralised: Vec<String>,
    /// The votes of that run.
    #[serde(flatten)]
    pub votes: Votes,
    /// Its verdict.
    pub verdict: Verdict,
    /// Whether it is the verdict of the real run, so that the claim is built in.
    pub same_verdict: bool,
}

/// A named number: over futures where it varies (`n` > 1), else a single figure.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Metric {
    /// The unit, in the names of the contract (`usd_per_year`, `fraction`, `months`, `ratio`, ...).
    pub unit: &'static str,
    /// 5 % quantile over futures; null for a single figure.
    pub p5: Option<f64>,
    /// Median, or the figure; null where there is none.
    pub p50: Option<f64>,
    /// 95 % quantile over futures; null for a single figure.
    pub p95: Option<f64>,
    /// Futures in which it is defined (1 for a single figure).
    pub n: usize,
}

impl Metric {
    /// A single figure. One that is not finite is none.
    pub fn single(unit: &'static str, value: f64) -> Self {
        let value = value.is_finite().then_some(value);
        Self { unit, p5: None, p50: value, p95: None, n: usize::from(value.is_some()) }
    }

    /// No figure.
    pub fn none(unit: &'static str) -> Self {
        Self { unit, p5: None, p50: None, p95: None, n: 0 }
    }
}

/// The counter-case as numbers.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct CounterCase {
    /// Codes of what the numbers say, such as `make_up_not_erase`; empty where nothing speaks against.
    pub codes: Vec<String>,
    /// The numbers by name.
    pub metrics: BTreeMap<String, Metric>,
}

/// A structured fact: a code, the names and the numbers that its sentence needs.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Note {
    /// What it says, as a stable code.
    pub code: String,
    /// Names in it: policies, blocs, chips, inputs.
    pub names: BTreeMap<String, String>,
    /// Numbers in it.
    pub numbers: BTreeMap<String, Metric>,
}

impl Note {
    /// A note of this code.
    pub fn new(code: impl Into<String>) -> Self {
        Self { code: code.into(), ..Self::default() }
    }

    /// Adds a name.
    #[must_use]
    pub fn name(mut self, key: &str, value: impl Into<String>) -> Self {
        self.names.insert(key.into(), value.into());
        self
    }

    /// Adds a number.
    #[must_use]
    pub fn number(mut self, key: &str, unit: &'static str, value: f64) -> Self {
        self.numbers.insert(key.into(), Metric::single(unit, value));
        self
    }
}

/// A small table beside a claim: dates of C1, volumes of C8, policies of C9.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Table {
    /// Stable id; `present` holds its caption and the captions of its columns.
    pub id: &'static str,
    /// Columns.
    pub columns: Vec<Column>,
    /// Rows, in a stated order.
    pub rows: Vec<Vec<Cell>>,
}

/// A column of a [`Table`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Column {
    /// Key.
    pub key: &'static str,
    /// Unit; empty for text.
    pub unit: &'static str,
}

/// A cell of a [`Table`].
#[derive(Clone, Debug, PartialEq)]
pub enum Cell {
    /// A name or a code.
    Text(String),
    /// A number.
    Number(f64),
    /// Nothing to show: null.
    Empty,
}

impl Cell {
    /// A number, or nothing where it is not finite.
    pub fn number(value: f64) -> Self {
        if value.is_finite() { Self::Number(value) } else { Self::Empty }
    }

    /// A text.
    pub fn text(value: impl Into<String>) -> Self {
        Self::Text(value.into())
    }
}

impl Serialize for Cell {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Text(text) => serializer.serialize_str(text),
            Self::Number(number) => serializer.serialize_f64(*number),
            Self::Empty => serializer.serialize_none(),
        }
    }
}

/// The finding on one claim.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ClaimFinding {
    /// Which claim.
    pub id: ClaimId,
    /// The verdict, checks included.
    pub verdict: Verdict,
    /// What the votes alone say, before the checks.
    pub verdict_by_votes: Verdict,
    /// Where it is not yet decidable: codes of what is missing.
    pub needs: Option<Vec<String>>,
    /// The votes of the default camps.
    #[serde(flatten)]
    pub votes: Votes,
    /// Their shares.
    pub shares: Shares,
    /// The votes by camp, the default first.
    pub camps: Vec<Camp>,
    /// Assumed inputs whose ends turn the verdict: the headline then says "depends on".
    pub depends_on: Vec<Dependence>,
    /// Futures used for each end of "depends on".
    pub depends_on_futures: usize,
    /// Every assumed input that was tried, those of `depends_on` among them, by the change in the share for.
    pub depends_on_tested: Vec<Dependence>,
    /// The quarter at which the claim is decided.
    pub horizon: Quarter,
    /// The same votes at the other horizons.
    pub horizons: Vec<Horizon>,
    /// Whether the verdict changes with the horizon.
    pub horizon_changes_verdict: bool,
    /// The named numbers that the conditions use, and those shown beside them.
    pub metrics: BTreeMap<String, Metric>,
    /// The thresholds it was decided by, from `claims.toml`.
    pub thresholds: BTreeMap<String, f64>,
    /// The counter-case.
    pub counter_case: CounterCase,
    /// The run with the mechanism neutralised; null where there is no world run to neutralise.
    pub built_in: Option<BuiltIn>,
    /// Tables beside it.
    pub tables: Vec<Table>,
    /// Facts that must be said with it.
    pub notes: Vec<Note>,
}
