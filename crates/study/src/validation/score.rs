//! Errors by metric, source, chip, model, engine and tier.

use performance::interval::Figure;
use std::collections::{BTreeMap, BTreeSet};
use units::Tier;

use super::{
    report::ScoreRow,
    row::{Row, Run},
    statistics::{geometric_mean, mean, median, spearman},
};

/// Loads that a family must have for its order to be scored.
const FAMILY_LOADS: usize = 4;

/// All of a dimension.
const ANY: &str = "*";

/// One setup and metric: scored once, against the geometric mean of its measurements.
#[derive(Clone, Debug)]
pub struct Scored {
    /// What ran.
    pub run: Run,
    /// The publication.
    pub source: String,
    /// The metric as the file names it.
    pub metric: String,
    /// The unit as the file names it.
    pub unit: String,
    /// How the prediction was come by.
    pub tier: Tier,
    /// In the file's unit.
    pub predicted: f64,
    /// The 80 % interval, in the file's unit.
    pub interval: Option<(f64, f64)>,
    /// In the file's unit.
    pub measured: Vec<f64>,
}

impl Scored {
    /// The geometric mean of the measurements, in the file's unit.
    pub fn truth(&self) -> f64 {
        geometric_mean(&self.measured)
    }

    /// Prediction over measurement, less 1 [fraction].
    pub fn signed(&self) -> f64 {
        self.predicted / self.truth() - 1.0
    }

    /// Whether the measurement lies in the interval.
    pub fn covered(&self) -> Option<bool> {
        self.interval.map(|(lo, hi)| (lo..=hi).contains(&self.truth()))
    }

    /// What kind of figure it is.
    pub fn figure(&self) -> Figure {
        self.run.figure
    }
}

/// Every setup and metric that has both, once, in the order of first rows; and of each row its place among them.
pub fn scored(rows: &[Row]) -> (Vec<Scored>, Vec<Option<usize>>) {
    let mut scored: Vec<Scored> = Vec::new();
    let mut index: BTreeMap<(&str, &str), usize> = BTreeMap::new();
    let mut places = Vec::with_capacity(rows.len());
    for row in rows {
        let (Some(run), Some(predicted), Some(measured), Some(tier), true) =
            (&row.run, row.predicted, row.measured, row.tier, row.counts())
        else {
            places.push(None);
            continue;
        };
        let at = *index.entry((&row.metric, &run.key)).or_insert_with(|| {
            scored.push(Scored {
                run: run.clone(),
                source: row.source.clone(),
                metric: row.metric.clone(),
                unit: row.unit.clone(),
                tier,
                predicted,
                interval: row.interval,
                measured: Vec::new(),
            });
            scored.len() - 1
        });
        scored[at].measured.push(measured);
        places.push(Some(at));
    }
    (scored, places)
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
pub fn scores(rows: &[Row], scored: &[Scored], places: &[Option<usize>]) -> Vec<ScoreRow> {
    let mut cells: BTreeMap<Cell, Contents> = BTreeMap::new();
    for (row, place) in rows.iter().zip(places).filter(|(row, _)| row.counts()) {
        for cell in cells_of(row) {
            let contents = cells.entry(cell).or_default();
            contents.rows += 1;
            contents.answered += usize::from(place.is_some());
            contents.groups.extend(place);
        }
    }
    cells.into_iter().map(|(cell, contents)| score(cell, &contents, scored)).collect()
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

fn score(cell: Cell, contents: &Contents, groups: &[Scored]) -> ScoreRow {
    let all = || contents.groups.iter().map(|at| &groups[*at]);
    let scored: Vec<&Scored> = all().filter(|group| !group.run.order_only).collect();
    let signed: Vec<f64> = scored.iter().map(|group| group.signed()).collect();
    let absolute: Vec<f64> = signed.iter().map(|error| error.abs()).collect();
    let within = absolute.iter().filter(|error| **error <= 0.2).count() as f64;
    // By metric and family: predicted and measured, by load.
    let mut families: BTreeMap<_, BTreeMap<u64, (f64, f64)>> = BTreeMap::new();
    for group in &scored {
        let family = families.entry((group.metric.as_str(), group.run.family.as_str())).or_default();
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
    let covered: Vec<f64> = scored.iter().filter_map(|group| group.covered()).map(|c| f64::from(u8::from(c))).collect();
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
        interval80_coverage_fraction: mean(&covered),
        replicate_floor_mape: mean(&replicates),
    }
}
