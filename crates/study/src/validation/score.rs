//! Errors by metric, source, chip, model, engine and tier.

mod statistics;

use facts::Facts;
use std::collections::{BTreeMap, BTreeSet};
use units::Tier;

use super::{
    Reading,
    predict::Figures,
    report::ScoreRow,
    setup::{Load, Skip},
};
use statistics::{geometric_mean, mean, median, spearman};

/// Loads that a family must have for its order to be scored.
const FAMILY_LOADS: usize = 4;

/// All of a dimension.
const ANY: &str = "*";

/// A reading with its prediction.
#[derive(Clone, Debug)]
pub struct Row {
    pub file: usize,
    pub line: u64,
    pub id: String,
    pub source: String,
    pub metric: String,
    pub unit: String,
    /// The figure in the file's unit.
    pub measured: Option<f64>,
    /// The prediction in the file's unit.
    pub predicted: Option<f64>,
    pub tier: Option<Tier>,
    pub skip: Option<Skip>,
    pub corrected: Vec<&'static str>,
    /// What was run, where it could be read.
    run: Option<Run>,
}

/// The setup of a row, as far as scores need it.
#[derive(Clone, Debug)]
struct Run {
    key: String,
    family: String,
    load: u64,
    chip: String,
    model: String,
    engine: &'static str,
}

impl Row {
    /// A reading with the prediction of its setup.
    pub fn of(reading: &Reading, predicted: &BTreeMap<String, Result<Figures, Skip>>, facts: &Facts) -> Self {
        let mut row = Self {
            file: reading.file,
            line: reading.line,
            id: reading.id.clone(),
            source: reading.source.clone(),
            metric: reading.metric.clone(),
            unit: reading.unit.clone(),
            measured: reading.measured,
            predicted: None,
            tier: None,
            skip: None,
            corrected: reading.corrected.clone(),
            run: None,
        };
        let target = match &reading.target {
            Ok(target) => target,
            Err(skip) => {
                row.skip = Some(skip.clone());
                return row;
            }
        };
        let setup = &target.setup;
        let figures = predicted.get(&setup.key());
        match figures {
            Some(Ok(figures)) => match figures.value(target.metric) {
                Some(value) => {
                    row.predicted = Some(value * target.scale);
                    row.tier = Some(figures.tier);
                }
                None => row.skip = Some(Skip::METRIC),
            },
            Some(Err(skip)) => row.skip = Some(skip.clone()),
            None => row.skip = Some(Skip::DOES_NOT_FIT),
        }
        row.run = Some(Run {
            key: setup.key(),
            family: setup.family_key(),
            load: match setup.load {
                Load::Closed(count) | Load::Batch(count) => count,
                Load::Saturated => u64::MAX,
            },
            chip: facts.chip(&setup.chip).map_or_else(|_| setup.chip.clone(), |chip| chip.id.clone()),
            model: setup.model.clone(),
            engine: setup.engine.name(),
        });
        row
    }

    /// Whether it stands in the denominator of the answered share: not excluded, and of a metric that is modelled.
    fn counts(&self) -> bool {
        !matches!(self.skip, Some(Skip::Excluded(_))) && self.skip != Some(Skip::METRIC)
    }
}

/// One setup and metric: scored once, against the geometric mean of its measurements.
struct Group<'a> {
    run: &'a Run,
    metric: &'a str,
    predicted: f64,
    measured: Vec<f64>,
}

impl Group<'_> {
    fn truth(&self) -> f64 {
        geometric_mean(&self.measured)
    }
}

/// A cell of the table: metric, source, chip, model, engine, tier.
type Cell = [String; 6];

/// What falls into a cell.
#[derive(Default)]
struct Contents {
    rows: usize,
    answered: usize,
    groups: BTreeSet<usize>,
}

/// The table of scores: every metric, and all together, as a whole and by each dimension in turn.
pub fn scores(rows: &[Row]) -> Vec<ScoreRow> {
    let mut groups: Vec<Group> = Vec::new();
    let mut index: BTreeMap<(&str, &str), usize> = BTreeMap::new();
    let mut cells: BTreeMap<Cell, Contents> = BTreeMap::new();
    for row in rows.iter().filter(|row| row.counts()) {
        let group = match (&row.run, row.predicted, row.measured) {
            (Some(run), Some(predicted), Some(measured)) => {
                let at = *index.entry((&row.metric, &run.key)).or_insert_with(|| {
                    groups.push(Group { run, metric: &row.metric, predicted, measured: Vec::new() });
                    groups.len() - 1
                });
                groups[at].measured.push(measured);
                Some(at)
            }
            _ => None,
        };
        for cell in cells_of(row) {
            let contents = cells.entry(cell).or_default();
            contents.rows += 1;
            contents.answered += usize::from(group.is_some());
            contents.groups.extend(group);
        }
    }
    cells.into_iter().map(|(cell, contents)| score(cell, &contents, &groups)).collect()
}

/// The cells that a row belongs to.
fn cells_of(row: &Row) -> Vec<Cell> {
    let run = row.run.as_ref();
    let dimensions = [
        Some(row.source.clone()),
        run.map(|run| run.chip.clone()),
        run.map(|run| run.model.clone()),
        run.map(|run| run.engine.to_string()),
        row.tier.map(|tier| tier.name().to_string()),
    ];
    let mut cells = Vec::new();
    for metric in [row.metric.as_str(), ANY] {
        let whole = [metric, ANY, ANY, ANY, ANY, ANY].map(str::to_string);
        cells.push(whole.clone());
        for (place, value) in dimensions.iter().enumerate() {
            if let Some(value) = value {
                let mut cell = whole.clone();
                cell[place + 1].clone_from(value);
                cells.push(cell);
            }
        }
    }
    cells
}

fn score(cell: Cell, contents: &Contents, groups: &[Group]) -> ScoreRow {
    let scored: Vec<&Group> = contents.groups.iter().map(|at| &groups[*at]).collect();
    let signed: Vec<f64> = scored.iter().map(|group| group.predicted / group.truth() - 1.0).collect();
    let absolute: Vec<f64> = signed.iter().map(|error| error.abs()).collect();
    let within = absolute.iter().filter(|error| **error <= 0.2).count() as f64;
    // By metric and family: predicted and measured, by load.
    let mut families: BTreeMap<_, BTreeMap<u64, (f64, f64)>> = BTreeMap::new();
    for group in &scored {
        let family = families.entry((group.metric, group.run.family.as_str())).or_default();
        family.insert(group.run.load, (group.predicted, group.truth()));
    }
    let orders: Vec<f64> = families
        .values()
        .filter(|family| family.len() >= FAMILY_LOADS)
        .filter_map(|family| spearman(&family.values().copied().collect::<Vec<_>>()))
        .collect();
    let replicates: Vec<f64> = scored
        .iter()
        .filter(|group| group.measured.len() > 1)
        .flat_map(|group| group.measured.iter().map(|measured| (measured / group.truth() - 1.0).abs()))
        .collect();
    let [metric, source, chip, model, engine, tier] = cell;
    ScoreRow {
        source,
        chip,
        model,
        engine,
        tier,
        metric,
        rows: contents.rows,
        answered_fraction: contents.answered as f64 / contents.rows as f64,
        scored: scored.len(),
        mape: mean(&absolute),
        mdape: median(&absolute),
        bias_median: median(&signed),
        within20_fraction: (!scored.is_empty()).then(|| within / scored.len() as f64),
        spearman_family_median: median(&orders),
        interval80_coverage_fraction: None,
        replicate_floor_mape: mean(&replicates),
    }
}
