//! What `validate` prints and writes, in the shape of the contract.

use serde::Serialize;
use std::collections::BTreeMap;
use units::Problem;

use super::{LeaveOut, row::Row, targets::TargetReport};

/// Ids shown for each reason.
const EXAMPLES: usize = 3;

/// The `result` of `validate`.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ValidationResult {
    /// What the efficiencies had not seen.
    pub leave_out: LeaveOut,
    /// The files, as given.
    pub files: Vec<FileReport>,
    /// Ordered by metric, source, chip, model, engine, tier; `*` = all.
    pub scores: Vec<ScoreRow>,
    /// What the model has to reach, and whether it does.
    pub targets: Vec<TargetReport>,
    /// Figures that beat the peaks of their chips, in file order: faults of the row, or of how it was read.
    pub violators: Vec<Violator>,
}

/// One file.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct FileReport {
    /// Its name, without its folder.
    pub name: String,
    /// `measured`, `silicon`, `argonne`.
    pub schema: &'static str,
    /// Rows of the file.
    pub rows: usize,
    /// Rows with at least one prediction.
    pub predicted: usize,
    /// The others by reason, in the order of reasons.
    pub skipped: Vec<Skipped>,
    /// Rows that were corrected, by rule.
    pub corrected: Vec<Corrected>,
}

/// Rows without a prediction for one reason.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Skipped {
    /// The reason.
    pub reason: String,
    /// How many.
    pub rows: usize,
    /// The first three.
    pub examples: Vec<String>,
}

/// Rows corrected by one rule.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Corrected {
    /// The rule.
    pub rule: &'static str,
    /// How many.
    pub rows: usize,
}

/// One row of the score table; null where nothing was scored.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ScoreRow {
    /// The publication.
    pub source: String,
    /// The chip.
    pub chip: String,
    /// The model.
    pub model: String,
    /// The engine.
    pub engine: String,
    /// How the predictions were come by.
    pub tier: String,
    /// The metric.
    pub metric: String,
    /// Figures that are kept and of a modelled metric.
    pub rows: usize,
    /// Share of them that is predicted.
    pub answered_fraction: f64,
    /// Distinct setups that are scored.
    pub scored: usize,
    /// Mean absolute error over the measured figure [fraction].
    pub mape: Option<f64>,
    /// Median absolute error [fraction].
    pub mdape: Option<f64>,
    /// Median signed error [fraction].
    pub bias_median: Option<f64>,
    /// Share within 20 %.
    pub within20_fraction: Option<f64>,
    /// Median rank correlation over families with at least four loads.
    pub spearman_family_median: Option<f64>,
    /// Share whose measurement lies in the 80 % interval, which was learned from other chips and models.
    pub interval80_coverage_fraction: Option<f64>,
    /// Mean error of single measurements against their own mean: nothing can be better [fraction].
    pub replicate_floor_mape: Option<f64>,
}

/// A figure that beats the peaks of its chips.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Violator {
    /// The row's id.
    pub id: String,
    /// Line of the row.
    pub line: u64,
    /// The publication.
    pub source: String,
    /// The chip.
    pub chip: String,
    /// The model.
    pub model: String,
    /// The metric.
    pub metric: String,
    /// How many times the limit it is [ratio].
    pub limit_ratio: f64,
}

/// The figures that beat the peaks of their chips; excluded ones are known already.
pub fn violators(rows: &[Row]) -> Vec<Violator> {
    let violator = |row: &Row| {
        let run = row.run.as_ref()?;
        Some(Violator {
            id: row.id.clone(),
            line: row.line,
            source: row.source.clone(),
            chip: run.chip.clone(),
            model: run.model.clone(),
            metric: row.metric.clone(),
            limit_ratio: run.beyond_physics?,
        })
    };
    rows.iter().filter_map(violator).collect()
}

/// Counts of one file.
pub fn file(name: &str, schema: &'static str, index: usize, rows: &[Row]) -> FileReport {
    // A row of two metrics counts once; it is predicted where one of them is.
    let mut lines: BTreeMap<u64, Vec<&Row>> = BTreeMap::new();
    for row in rows.iter().filter(|row| row.file == index) {
        lines.entry(row.line).or_default().push(row);
    }
    let mut skipped: BTreeMap<String, Vec<&str>> = BTreeMap::new();
    let mut corrected: BTreeMap<&'static str, usize> = BTreeMap::new();
    let mut predicted = 0;
    for figures in lines.values() {
        for rule in &figures[0].corrected {
            *corrected.entry(rule).or_default() += 1;
        }
        if figures.iter().any(|row| row.predicted.is_some()) {
            predicted += 1;
        } else if let Some(skip) = figures.iter().find_map(|row| row.skip.as_ref()) {
            skipped.entry(skip.text()).or_default().push(&figures[0].id);
        }
    }
    let skipped = skipped.into_iter().map(|(reason, ids)| Skipped {
        reason,
        rows: ids.len(),
        examples: ids.iter().take(EXAMPLES).map(|id| (*id).to_string()).collect(),
    });
    FileReport {
        name: name.into(),
        schema,
        rows: lines.len(),
        predicted,
        skipped: skipped.collect(),
        corrected: corrected.into_iter().map(|(rule, rows)| Corrected { rule, rows }).collect(),
    }
}

/// The `--predictions` file: one row per input row and metric, in file order.
///
/// # Errors
/// None in practice: the text is written to memory.
pub fn predictions(rows: &[Row], files: &[String]) -> Result<String, Problem> {
    let mut writer = csv::WriterBuilder::new().terminator(csv::Terminator::Any(b'\n')).from_writer(Vec::new());
    let failed = |error: String| Problem::new("bad_csv", format!("the predictions cannot be written: {error}"));
    let header = ["file", "line", "id", "metric", "unit", "measured", "predicted", "lo", "hi", "tier", "skip_reason"];
    writer.write_record(header).map_err(|error| failed(error.to_string()))?;
    let number = |value: Option<f64>| value.map_or_else(String::new, |value| value.to_string());
    for row in rows {
        let record = [
            files.get(row.file).cloned().unwrap_or_default(),
            row.line.to_string(),
            row.id.clone(),
            row.metric.clone(),
            row.unit.clone(),
            number(row.measured),
            number(row.predicted),
            number(row.interval.map(|(lo, _)| lo)),
            number(row.interval.map(|(_, hi)| hi)),
            row.tier.map_or("", units::Tier::name).to_string(),
            row.skip.as_ref().map_or_else(String::new, super::setup::Skip::text),
        ];
        writer.write_record(record).map_err(|error| failed(error.to_string()))?;
    }
    let bytes = writer.into_inner().map_err(|error| failed(error.to_string()))?;
    String::from_utf8(bytes).map_err(|error| failed(error.to_string()))
}
