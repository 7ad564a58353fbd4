//! Predictions beside measurements: read published end-to-end figures, predict what can be predicted, count the
//! rest by reason, score (CONTRACTS section 6).
//!
//! No prediction uses a measured value of its row: the efficiencies come from kernel timings, the constants of engines
//! from end-to-end rows ([`crate::calibration`]), without those that are left out. One row becomes a [`setup::Setup`] (chip, model, layout, load) and one or two
//! measured metrics; equal setups are predicted once and scored once.

mod argonne;
mod exclusions;
mod intervals;
mod measured;
mod names;
mod physics;
pub(crate) mod predict;
mod recipe;
mod report;
mod row;
pub(crate) mod schema;
mod score;
mod setup;
pub(crate) mod shape;
mod silicon;
mod statistics;
mod targets;

use facts::Facts;
use performance::{Efficiencies, Intervals};
use std::collections::BTreeMap;
use units::{Problem, Problems, Warning};

pub use performance::interval::Figure;
pub use predict::LeaveOut;
pub use report::{Corrected, FileReport, ScoreRow, Skipped, ValidationResult, Violator};
pub use row::{Row, Run};
pub use schema::Schema;
pub use score::Scored;
pub use targets::{TargetReport, targets};

pub(crate) use names::Names;
pub use setup::Deployed;
pub(crate) use setup::{Load, Metric, Setup};

use predict::Figures;
use setup::Skip;

/// The project's own small table of published figures, for `validate` without a file.
const PUBLISHED: &str = include_str!("../../../data/published_measurements.csv");

/// A file of measurements: its name as the user gave it, and its text (gunzipped).
#[derive(Clone, Debug)]
pub struct Source {
    /// Name, which may have folders.
    pub name: String,
    /// Text.
    pub text: String,
}

impl Source {
    /// The built-in table.
    pub fn published() -> Self {
        Self { name: "published_measurements.csv".into(), text: PUBLISHED.into() }
    }

    /// The name without its folders, which is all that is printed.
    fn short_name(&self) -> String {
        let name = std::path::Path::new(&self.name).file_name();
        name.map_or_else(|| self.name.clone(), |name| name.to_string_lossy().into_owned())
    }
}

/// One measured figure of one row, read.
#[derive(Clone, Debug)]
pub(crate) struct Reading {
    /// Index of the file.
    pub file: usize,
    /// Line of the row.
    pub line: u64,
    /// The row's id, where the file has one, else its line.
    pub id: String,
    /// The publication, or the kind of file.
    pub source: String,
    /// The metric as the file names it.
    pub metric: String,
    /// The unit as the file names it.
    pub unit: String,
    /// The figure, in `unit`.
    pub measured: Option<f64>,
    /// What to predict and how, or why not.
    pub target: Result<Target, Skip>,
    /// The corrections that were applied to the row.
    pub corrected: Vec<&'static str>,
    /// Whether no number format was given and one was assumed.
    pub assumed_dtype: bool,
    /// Whether lengths were assumed: the row then tells of the order of systems alone.
    pub assumed_lengths: bool,
}

/// A metric of a setup, with the factor from SI units to the file's.
#[derive(Clone, Debug)]
pub(crate) struct Target {
    /// What runs.
    pub setup: setup::Setup,
    /// What was measured.
    pub metric: Metric,
    /// File's unit per SI unit (1000 for milliseconds).
    pub scale: f64,
}

/// Predictions and scores.
#[derive(Clone, Debug)]
pub struct Validation {
    /// The `result` of the contract.
    pub result: ValidationResult,
    /// Every reading with its prediction, in file order.
    pub rows: Vec<Row>,
    /// Every setup and metric that was scored, once.
    pub scored: Vec<Scored>,
    /// For the envelope.
    pub warnings: Vec<Warning>,
}

impl Validation {
    /// The `--predictions` file.
    ///
    /// # Errors
    /// None in practice: the text is written to memory.
    pub fn predictions_csv(&self) -> Result<String, Problem> {
        let files: Vec<String> = self.result.files.iter().map(|file| file.name.clone()).collect();
        report::predictions(&self.rows, &files)
    }

    /// The table of intervals that the errors of these predictions teach, as CSV (`data/intervals.csv`).
    pub fn intervals_csv(&self) -> String {
        intervals::table(&self.scored, self.result.leave_out)
    }
}

/// Predicts and scores every row of the files.
///
/// # Errors
/// All problems of all files: an unknown header, a missing column, a metric that is no number.
pub fn validate(
    sources: &[Source],
    facts: &Facts,
    efficiencies: &Efficiencies,
    leave_out: LeaveOut,
) -> Result<Validation, Problems> {
    let names = Names::new(facts)?;
    let mut problems = Problems::default();
    let mut readings: Vec<Reading> = Vec::new();
    let mut schemas = Vec::new();
    for (file, source) in sources.iter().enumerate() {
        match schema::read(file, source, &names) {
            Ok((schema, rows)) => {
                schemas.push(schema);
                readings.extend(rows);
            }
            Err(found) => problems.0.extend(found.0),
        }
    }
    problems.check(())?;
    // Equal setups once, in the order of their keys: the same result for any number of threads.
    let mut setups = BTreeMap::new();
    for target in readings.iter().filter_map(|reading| reading.target.as_ref().ok()) {
        setups.entry(target.setup.key()).or_insert(&target.setup);
    }
    let predicted: BTreeMap<String, Result<Figures, Skip>> = predict::all(&setups, facts, efficiencies, leave_out)?;
    let context = row::Context { predicted: &predicted, facts, intervals: Intervals::builtin() };
    let rows: Vec<Row> = readings.iter().map(|reading| context.row(reading, schemas[reading.file])).collect();
    let (scored, places) = score::scored(&rows);
    let files = sources.iter().zip(&schemas).enumerate();
    let files = files.map(|(file, (source, schema))| report::file(&source.short_name(), schema.name(), file, &rows));
    let result = ValidationResult {
        leave_out,
        files: files.collect(),
        scores: score::scores(&rows, &scored, &places),
        targets: Vec::new(),
        violators: report::violators(&rows),
    };
    let assumed = readings.iter().filter(|reading| reading.assumed_dtype && reading.target.is_ok()).count();
    let mut warnings = Vec::new();
    if assumed > 0 {
        let message = format!("{assumed} figures state no number format; the checkpoint's own was assumed");
        warnings.push(Warning::new("assumed_dtype", message));
    }
    let mut found = Validation { result, rows, scored, warnings };
    found.result.targets = targets(std::slice::from_ref(&found))?;
    Ok(found)
}

/// The runs of an accuracy board.
#[derive(Clone, Debug)]
pub struct Board {
    /// The run that was asked for; its targets are those of all runs.
    pub run: Validation,
    /// The same rows with other things left out.
    pub held_out: Vec<Validation>,
}

impl Board {
    /// Every run, the one that was asked for first.
    pub fn runs(&self) -> impl Iterator<Item = &Validation> {
        std::iter::once(&self.run).chain(&self.held_out)
    }
}

/// Predicts and scores every row of the files with nothing, the model, and the chip left out, and with `leave_out`.
///
/// # Errors
/// As [`validate`].
pub fn board(
    sources: &[Source],
    facts: &Facts,
    efficiencies: &Efficiencies,
    leave_out: LeaveOut,
) -> Result<Board, Problems> {
    let others = [LeaveOut::None, LeaveOut::Model, LeaveOut::Chip].into_iter().filter(|other| *other != leave_out);
    let mut runs = vec![validate(sources, facts, efficiencies, leave_out)?];
    for other in others {
        runs.push(validate(sources, facts, efficiencies, other)?);
    }
    let found = targets(&runs)?;
    let mut run = runs.remove(0);
    run.result.targets = found;
    Ok(Board { run, held_out: runs })
}

/// Reads the files of a command line, or the built-in table where none is named.
///
/// # Errors
/// Every file that cannot be read.
pub fn sources(paths: &[std::path::PathBuf]) -> Result<Vec<Source>, Problems> {
    if paths.is_empty() {
        return Ok(vec![Source::published()]);
    }
    let mut problems = Problems::default();
    let mut sources = Vec::new();
    for path in paths {
        match units::read_text(path) {
            Ok(text) => sources.push(Source { name: path.display().to_string(), text }),
            Err(problem) => problems.push(problem),
        }
    }
    problems.check(sources)
}

/// A problem of a row.
fn row_problem(source: &Source, line: u64, code: &'static str, key: &str, message: String) -> Problem {
    Problem::new(code, message).file(&source.name).line(line).key(key)
}
