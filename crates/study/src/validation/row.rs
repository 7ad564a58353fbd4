//! A reading with its prediction.

use facts::Facts;
use performance::{
    Intervals,
    interval::{self, Figure},
};
use std::collections::BTreeMap;
use units::Tier;

use super::{
    Reading, physics,
    predict::Figures,
    schema::Schema,
    setup::{Layout, Load, Metric, Skip},
};

/// A reading with its prediction.
#[derive(Clone, Debug)]
pub struct Row {
    /// Index of the file.
    pub file: usize,
    /// The kind of file.
    pub schema: Schema,
    /// Line of the row.
    pub line: u64,
    /// The row's id, where the file has one, else its line.
    pub id: String,
    /// The publication.
    pub source: String,
    /// The metric as the file names it.
    pub metric: String,
    /// The unit as the file names it.
    pub unit: String,
    /// The figure in the file's unit.
    pub measured: Option<f64>,
    /// The prediction in the file's unit.
    pub predicted: Option<f64>,
    /// Its 80 % interval, which no measurement of the row's chip and model had a part in.
    pub interval: Option<(f64, f64)>,
    /// How the prediction was come by.
    pub tier: Option<Tier>,
    /// Why there is none.
    pub(super) skip: Option<Skip>,
    /// The rules that corrected the row.
    pub corrected: Vec<&'static str>,
    /// What was run, where it could be read.
    pub run: Option<Run>,
}

/// The setup of a row, as far as scores need it.
#[derive(Clone, Debug)]
pub struct Run {
    /// What makes two rows the same setup.
    pub key: String,
    /// The same without the load.
    pub family: String,
    /// Requests in flight, or of a batch.
    pub load: u64,
    /// Our id of the chip.
    pub chip: String,
    /// Whose chip it is.
    pub vendor: String,
    /// Our id of the model.
    pub model: String,
    /// The engine's family.
    pub engine: &'static str,
    /// What kind of figure was measured.
    pub figure: Figure,
    /// The file's unit per SI unit.
    pub per_si: f64,
    /// The kind of file.
    pub schema: Schema,
    /// Model, lengths and load: what systems are compared under.
    pub benchmark: String,
    /// Whether prefill and decode ran on chips of their own.
    pub disaggregated: bool,
    /// Whether lengths were assumed: it counts for the order of systems, not for errors.
    pub order_only: bool,
    /// Of a figure that beats the chips' peaks: how many times its limit it is [ratio].
    pub beyond_physics: Option<f64>,
}

/// What kind of figure a metric is, for its interval.
fn figure(metric: Metric) -> Figure {
    match metric {
        Metric::TtftBurst | Metric::Ttft | Metric::TtftTail => Figure::Ttft,
        Metric::Tpot => Figure::Tpot,
        Metric::EndToEnd => Figure::EndToEnd,
        Metric::Energy => Figure::Energy,
        _ => Figure::Throughput,
    }
}

/// What every reading is looked up in.
pub(super) struct Context<'a> {
    pub predicted: &'a BTreeMap<String, Result<Figures, Skip>>,
    pub facts: &'a Facts,
    pub intervals: &'a Intervals,
}

impl Context<'_> {
    /// A reading with the prediction of its setup.
    pub fn row(&self, reading: &Reading, schema: Schema) -> Row {
        let mut row = Row {
            schema,
            file: reading.file,
            line: reading.line,
            id: reading.id.clone(),
            source: reading.source.clone(),
            metric: reading.metric.clone(),
            unit: reading.unit.clone(),
            measured: reading.measured,
            predicted: None,
            interval: None,
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
        let figure = figure(target.metric);
        let figures = self.predicted.get(&setup.key());
        match figures {
            Some(Ok(figures)) => match figures.value(target.metric) {
                Some(value) => {
                    row.predicted = Some(value * target.scale);
                    row.tier = Some(figures.tier);
                    let without = Some(interval::fold(&setup.chip, &setup.model));
                    let interval = self.intervals.get(figure, figures.tier, without);
                    row.interval = interval.map(|i| (i.lo_ratio, i.hi_ratio)).map(|(lo, hi)| {
                        let value = value * target.scale;
                        (value * lo, value * hi)
                    });
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
            chip: setup.chip.clone(),
            vendor: self.facts.chip(&setup.chip).map_or_else(|_| String::new(), |chip| chip.vendor.clone()),
            model: setup.model.clone(),
            engine: setup.engine.name(),
            figure,
            per_si: target.scale,
            schema,
            disaggregated: matches!(setup.layout, Layout::Disaggregated { .. }),
            beyond_physics: reading.measured.and_then(|m| physics::beyond(target, m / target.scale, self.facts)),
            order_only: reading.assumed_lengths,
            benchmark: format!("{} {} {} {:?}", setup.model, setup.input_tokens, setup.output_tokens, setup.load),
        });
        row
    }
}

impl Row {
    /// Whether it stands in the denominator of the answered share: not excluded, and of a metric that is modelled.
    pub fn counts(&self) -> bool {
        !matches!(self.skip, Some(Skip::Excluded(_))) && self.skip != Some(Skip::METRIC)
    }
}
