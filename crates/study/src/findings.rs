//! What a study found, as numbers and codes: the one thing that `present` reads.
//!
//! There is no prose here. A sentence is composed where it is shown, in either language, from the figures and
//! the codes of these types; a number that a sentence needs and that is not here cannot be said.

pub mod background;
pub mod claim;
pub mod series;

use serde::Serialize;
use std::collections::BTreeMap;

pub use background::HindcastLine;
pub use background::{Account, AccountLine, Assumption, CampValue, ChipValue, FitPoint, FitSeries, PolicySummary};
pub use background::{ReferenceModel, ScenarioSummary};
pub use claim::{BuiltIn, Camp, Cell, ClaimFinding, ClaimId, Column, CounterCase, Dependence, Horizon, Metric, Note};
pub use claim::{Share, Shares, Table, Verdict, Votes};
pub use series::{PolicySeries, Series, Trajectories};

/// Everything the brief is made of.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Brief {
    /// The scenario that was run, as people name it.
    pub scenario: ScenarioSummary,
    /// How much was run.
    pub counts: Counts,
    /// The nine claims, C1 to C9.
    pub claims: Vec<ClaimFinding>,
    /// Quantile bands of the chosen variables, by policy; they have a file of their own, `trajectories.csv`.
    #[serde(skip_serializing)]
    pub trajectories: Trajectories,
    /// Chips by what they are worth in training and in inference.
    pub chips: ChipValues,
    /// The median run under `history` beside what was observed, 2022 to 2025.
    pub fit: Vec<FitSeries>,
    /// Forecasts frozen in the past, scored on what happened: how far the models below may be trusted.
    pub hindcasts: Vec<HindcastLine>,
    /// Every uncertain input: range, source, camps; and those that were held fixed.
    pub assumptions: Vec<Assumption>,
    /// Who paid what under each policy, at median inputs.
    pub accounts: Vec<Account>,
    /// What this study cannot say, as codes with their numbers.
    pub limits: Vec<Note>,
    /// SHA-256 of the inputs: `claims`, `data`, `scenario`.
    pub hashes: BTreeMap<String, String>,
    /// The day of the newest data [YYYY-MM-DD].
    pub data_as_of: String,
    /// The seed of every draw.
    pub seed: u64,
}

/// How much was run.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Counts {
    /// Policies.
    pub policies: usize,
    /// Futures in each camp.
    pub futures: usize,
    /// Camps run: the default one, and every other one off it.
    pub camps: usize,
    /// World runs behind the votes: policies and variants x futures, over all camps.
    pub runs: usize,
    /// World runs of the checks beside them (built in, depends on, equal strictness).
    pub check_runs: usize,
    /// Inputs that vary from future to future.
    pub inputs_sampled: usize,
    /// Inputs held at one value.
    pub inputs_fixed: usize,
}

/// Chips in two currencies.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ChipValues {
    /// The chip that counts as 1 in both.
    pub reference_chip: String,
    /// The models whose tokens are counted, with their weights.
    pub reference_models: Vec<ReferenceModel>,
    /// One row a chip, by training value, falling.
    pub rows: Vec<ChipValue>,
}

impl Brief {
    /// The finding on one claim; every brief has all nine.
    pub fn claim(&self, id: ClaimId) -> Option<&ClaimFinding> {
        self.claims.iter().find(|claim| claim.id == id)
    }
}
