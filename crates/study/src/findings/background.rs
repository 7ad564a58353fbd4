//! What stands behind the findings: the scenario, chips in two currencies, fit, assumptions, accounts.

use serde::Serialize;
use std::collections::BTreeMap;
use units::{Confidence, Quarter};

/// The scenario in short.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ScenarioSummary {
    /// Its name.
    pub name: String,
    /// First quarter.
    pub start: Quarter,
    /// Last quarter.
    pub until: Quarter,
    /// The quarter from which policies part.
    pub policy_start: Quarter,
    /// Members of each bloc, in order; `*` = all other countries.
    pub blocs: Vec<(String, Vec<String>)>,
    /// Policies, in the order given.
    pub policies: Vec<PolicySummary>,
    /// Keys that differ from the built-in scenario, each with where it was set: `file` or `--set`.
    pub changed: Vec<(String, String)>,
}

/// A policy in short.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct PolicySummary {
    /// Id.
    pub id: String,
    /// Title, from its file.
    pub title: String,
    /// The bloc whose envelope pays.
    pub actor: String,
    /// What that bloc spends a year, at median inputs; null where no input says so [USD/year].
    pub envelope_usd_per_year: Option<f64>,
}

/// A chip in two currencies, relative to the reference chip (= 1).
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ChipValue {
    /// Id.
    pub id: String,
    /// Name.
    pub name: String,
    /// Vendor.
    pub vendor: String,
    /// Bloc of the vendor.
    pub origin: String,
    /// Month of release [YYYY-MM].
    pub release: String,
    /// Dense 8-bit operations, or 16-bit where it has no 8-bit unit [op/s].
    pub flop_per_s: f64,
    /// Memory bandwidth [byte/s].
    pub byte_per_s: f64,
    /// Memory [bytes].
    pub memory_bytes: f64,
    /// Training value: its FLOP/s over the reference chip's [ratio].
    pub training_ratio: f64,
    /// Bandwidth over the reference chip's [ratio].
    pub bandwidth_ratio: f64,
    /// Inference value: tokens per second of the reference model over the reference chip's [ratio].
    pub inference_ratio: Option<f64>,
    /// Export outcome to the controlled bloc on the day of the data (`free`, `licence_cbc`, `denial`, ...), or
    /// `domestic`, of its own make.
    pub outcome: Option<String>,
}

/// The model by which inference value is counted.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ReferenceModel {
    /// Id.
    pub id: String,
    /// Why or how: batch, context and so on, by name.
    pub settings: BTreeMap<String, f64>,
}

/// Model against data, one series.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct FitSeries {
    /// Stable id, such as `china_sales_byte_per_s`.
    pub id: String,
    /// Bloc; null for the world.
    pub bloc: Option<String>,
    /// Unit.
    pub unit: String,
    /// Sources of the data.
    pub source: String,
    /// Camp of the data, where sources disagree.
    pub camp: Option<String>,
    /// The points.
    pub points: Vec<FitPoint>,
    /// Points scored: those that the model was not anchored on.
    pub n_points: usize,
    /// Root mean square of ln(model/data) at the median [ln units]; null without points.
    pub rmse_ln: Option<f64>,
    /// Mean of ln(model/data) [ln units]; null without points.
    pub bias_ln: Option<f64>,
    /// Share of points whose data interval and model's 90 % band overlap [fraction]; null without points.
    pub overlap_fraction: Option<f64>,
}

/// One point of a [`FitSeries`].
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct FitPoint {
    /// When.
    pub quarter: Quarter,
    /// Observed.
    pub observed: f64,
    /// Lower end of what was observed; null where the source gives none.
    pub observed_low: Option<f64>,
    /// Upper end.
    pub observed_high: Option<f64>,
    /// Model, 5 % quantile.
    pub p5: Option<f64>,
    /// Model, median.
    pub p50: f64,
    /// Model, 95 % quantile.
    pub p95: Option<f64>,
    /// Whether the model was anchored on it: shown, not scored.
    pub anchor: bool,
}

/// One uncertain input.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Assumption {
    /// Id.
    pub id: String,
    /// What it is, one sentence of the registry.
    pub title: String,
    /// Unit.
    pub unit: String,
    /// Distribution, by the names of the scenario file; `fixed` where it is held.
    pub dist: String,
    /// Low end.
    pub low: f64,
    /// Central value.
    pub central: f64,
    /// High end.
    pub high: f64,
    /// Source.
    pub source: String,
    /// How far it may be trusted.
    pub confidence: Confidence,
    /// Whether no source is known: an assumption of ours.
    pub assumed: bool,
    /// Equations that read it (`E4`, ...).
    pub read_by: Vec<String>,
    /// Whether it varies from future to future.
    pub sampled: bool,
    /// Why it is held, as a code (`no_range`, `fixed_by_scenario`, `not_read`); null where it varies.
    pub fixed_because: Option<String>,
    /// Camps where sources disagree, the default first.
    pub camps: Vec<CampValue>,
    /// Whether the scenario changed it.
    pub changed: bool,
}

/// A camp's value.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct CampValue {
    /// Its name.
    pub camp: String,
    /// Its low end.
    pub low: f64,
    /// Its central value.
    pub central: f64,
    /// Its high end.
    pub high: f64,
    /// Its source.
    pub source: String,
}

/// The money of one policy and bloc at median inputs, a year, averaged from `policy_start` to the horizon.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Account {
    /// Policy.
    pub policy: String,
    /// The bloc whose envelope pays.
    pub bloc: String,
    /// The envelope [USD/year].
    pub envelope_usd_per_year: f64,
    /// What it was spent on.
    pub lines: Vec<AccountLine>,
    /// Revenue that the policy forgoes, lost by vendors and not compensated [USD/year].
    pub foregone_usd_per_year: f64,
    /// Whether the lines sum to the envelope.
    pub reconciles: bool,
}

/// One line of an [`Account`].
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct AccountLine {
    /// What for, as a code: `adoption_programme`, `open_science`, `enforcement`, `capital`, ...
    pub item: String,
    /// How much [USD/year].
    pub usd_per_year: f64,
}

/// One hindcast in a line; `downstream hindcast` has the whole of it.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct HindcastLine {
    /// `V1` to `V9`.
    pub id: String,
    /// How it ended.
    pub status: crate::hindcast::Status,
    /// Forecasts scored.
    pub n_points: usize,
    /// How many of them are independent.
    pub n_independent: usize,
    /// Share of truths inside the 90 % band, where it has one [fraction].
    pub coverage90_fraction: Option<f64>,
    /// 1 - CRPS over that of the naive forecast, where it has one [fraction].
    pub skill_crps_fraction: Option<f64>,
}
