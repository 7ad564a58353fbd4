//! The loss of an engine's constants on measurements, and the constants with the least.

use facts::Facts;
use performance::{Constant, Efficiencies, EngineKind};
use rayon::prelude::*;
use std::collections::BTreeMap;
use units::Problems;

use super::search::{self, Axis};
use crate::validation::{Metric, Names, Reading, Setup, Source, predict, schema};

/// What is learned of each engine; everything else of it is stated.
pub const FITTED: [Constant; 4] =
    [Constant::HostStep, Constant::FrontLatency, Constant::PrefillLaunch, Constant::PrefillWork];

/// An error above this counts as this [ln of a factor].
pub const GROSS: f64 = 1.5;
/// What it costs to move a constant by a factor of e from where the search starts, in measurements that are off by a
/// factor of e; it decides only where the measurements do not.
const INERTIA: f64 = 0.02;

/// Launching a layer from Python takes about this long (vLLM's dispatch of a prefill, 0.8 ms a layer in
/// ai-dynamo/aiconfigurator's model, is the longest that was published; half a millisecond is between it and none) [s].
const LAUNCHING_S: f64 = 5e-4;

/// One measurement: a setup and its figures, repeated runs by their geometric mean.
#[derive(Clone, Debug)]
pub struct Case {
    /// What ran.
    pub(crate) setup: Setup,
    /// What was measured [SI].
    pub(crate) figures: Vec<(Metric, f64)>,
}

impl Case {
    /// The engine.
    pub fn engine(&self) -> EngineKind {
        self.setup.engine
    }

    /// Our id of the chip.
    pub fn chip(&self) -> &str {
        &self.setup.chip
    }

    /// Our id of the model.
    pub fn model(&self) -> &str {
        &self.setup.model
    }
}

/// The distinct measurements of files, in the order of their keys.
///
/// # Errors
/// All problems of all files.
pub fn cases(sources: &[Source], facts: &Facts) -> Result<Vec<Case>, Problems> {
    let names = Names::new(facts)?;
    let mut problems = Problems::default();
    let mut all: Vec<Reading> = Vec::new();
    for (file, source) in sources.iter().enumerate() {
        match schema::read(file, source, &names) {
            Ok((_, rows)) => all.extend(rows),
            Err(found) => problems.0.extend(found.0),
        }
    }
    problems.check(grouped(&all))
}

fn grouped(readings: &[Reading]) -> Vec<Case> {
    let mut groups: BTreeMap<String, (Setup, BTreeMap<Metric, Vec<f64>>)> = BTreeMap::new();
    for reading in readings {
        if let (Ok(target), Some(measured)) = (&reading.target, reading.measured) {
            let (_, figures) =
                groups.entry(target.setup.key()).or_insert_with(|| (target.setup.clone(), BTreeMap::new()));
            figures.entry(target.metric).or_default().push(measured / target.scale);
        }
    }
    let mean = |values: &[f64]| (values.iter().map(|value| value.ln()).sum::<f64>() / values.len() as f64).exp();
    groups
        .into_values()
        .map(|(setup, figures)| {
            let figures = figures.into_iter().map(|(metric, values)| (metric, mean(&values))).collect();
            Case { setup, figures }
        })
        .collect()
}

/// Constants with the least loss.
#[derive(Clone, Debug, PartialEq)]
pub struct Fitted {
    /// Each of those that were fitted [its unit].
    pub values: Vec<(Constant, f64)>,
    /// Figures that they rest on [count].
    pub figures: usize,
    /// Their mean loss: about the mean absolute logarithm of prediction over measurement [ln].
    pub loss: f64,
}

/// Every set of constants that was tried on the cases of one engine, with its errors: what is best without some of
/// the cases is found among them, without predicting anything anew.
pub(super) struct Tried {
    axes: Vec<Axis>,
    /// Constants, and the logarithms of prediction over measurement by case.
    points: Vec<(Vec<f64>, Vec<Vec<f64>>)>,
}

impl Tried {
    /// Tries sets of constants on the cases of one engine: a search from those of `efficiencies` on, then all
    /// neighbours of its end at each of `steps`; `None` where no case can be predicted.
    pub(super) fn search(
        cases: &[&Case],
        facts: &Facts,
        efficiencies: &Efficiencies,
        on: (EngineKind, Option<&str>),
        steps: &[f64],
    ) -> Result<Option<Self>, Problems> {
        let (engine, chip) = on;
        let now = efficiencies.engines().constants(engine, chip.unwrap_or_default());
        let axes: Vec<Axis> = FITTED
            .iter()
            .map(|constant| {
                let (least, most) = constant.bounds();
                Axis { start: now.get(*constant), least, most }
            })
            .collect();
        let mut tried = Self { axes: axes.clone(), points: Vec::new() };
        let errors = |values: &[f64]| -> Result<Vec<Vec<f64>>, Problems> {
            let pairs: Vec<(Constant, f64)> = FITTED.into_iter().zip(values.iter().copied()).collect();
            let table = efficiencies.with_engines(efficiencies.engines().with(engine, chip, &pairs));
            cases.par_iter().map(|case| errors_of(case, facts, &table)).collect()
        };
        // Figures cannot be predicted for one set of constants and not for another: once is enough to know.
        let start: Vec<f64> = axes.iter().map(|axis| axis.start).collect();
        if errors(&start)?.iter().all(Vec::is_empty) {
            return Ok(None);
        }
        let mut failed = None;
        let mut loss = |tried: &mut Self, values: &[f64]| match errors(values) {
            Ok(found) => {
                tried.points.push((values.to_vec(), found));
                tried.loss(tried.points.len() - 1, &|_| true).0
            }
            Err(problems) => {
                failed = Some(problems);
                f64::MAX
            }
        };
        let (mut best, mut least) = search::minimise(&axes, |values| loss(&mut tried, values));
        for raised in plateaus(&axes) {
            let (other, found) = search::minimise(&raised, |values| loss(&mut tried, values));
            if found < least {
                (best, least) = (other, found);
            }
        }
        for step in steps {
            for values in search::around(&axes, &best, *step) {
                loss(&mut tried, &values);
            }
        }
        match failed {
            Some(problems) => Err(problems),
            None => Ok(Some(tried)),
        }
    }

    /// The loss of a set of constants on the cases that are kept, and on how many figures it rests.
    fn loss(&self, point: usize, kept: &dyn Fn(usize) -> bool) -> (f64, usize) {
        let (values, errors) = &self.points[point];
        let moved: f64 = values.iter().zip(&self.axes).map(|(value, axis)| (value / axis.start).ln().powi(2)).sum();
        let of = || errors.iter().enumerate().filter(|(case, _)| kept(*case)).flat_map(|(_, errors)| errors);
        let figures = of().count();
        let sum: f64 = of().map(|error| error.abs().min(GROSS)).sum();
        ((sum + INERTIA * moved) / figures.max(1) as f64, figures)
    }

    /// Where the search began.
    pub(super) fn first(&self) -> Option<Fitted> {
        let (loss, figures) = self.loss(0, &|_| true);
        let values = FITTED.into_iter().zip(self.points.first()?.0.iter().copied()).collect();
        Some(Fitted { values, figures, loss })
    }

    /// The best of all sets on the cases that are kept, the first of equals; `None` where there is no figure.
    pub(super) fn best(&self, kept: &dyn Fn(usize) -> bool) -> Option<Fitted> {
        let losses = (0..self.points.len()).map(|point| (point, self.loss(point, kept)));
        let (point, (loss, figures)) = losses.min_by(|(_, a), (_, b)| a.0.total_cmp(&b.0))?;
        let values = FITTED.into_iter().zip(self.points[point].0.iter().copied()).collect();
        (figures > 0).then_some(Fitted { values, figures, loss })
    }
}

/// Other starts for the search. Launching is the larger of two times: below that of a layer's kernels it changes nothing, and
/// a search that starts there stays.
fn plateaus(axes: &[Axis]) -> Vec<Vec<Axis>> {
    let Some(at) = FITTED.iter().position(|constant| *constant == Constant::PrefillLaunch) else { return Vec::new() };
    let mut raised = axes.to_vec();
    raised[at].start = raised[at].start.max(LAUNCHING_S);
    if raised[at].start > axes[at].start { vec![raised] } else { Vec::new() }
}

/// Fits the constants of one engine, on one chip alone where it is named, to its cases.
///
/// # Errors
/// A chip or model that is in no table.
pub fn fit(
    cases: &[&Case],
    facts: &Facts,
    efficiencies: &Efficiencies,
    on: (EngineKind, Option<&str>),
) -> Result<Option<Fitted>, Problems> {
    let tried = Tried::search(cases, facts, efficiencies, on, &[])?;
    Ok(tried.and_then(|tried| tried.best(&|_| true)))
}

/// How much the mean loss of an engine's constants on its cases would fall if one of those that are fitted were moved by a
/// factor: 0 where every neighbour is worse, as it is where a fit ends; `None` where no case can be predicted [ln].
///
/// # Errors
/// A chip or model that is in no table.
pub fn gain(
    cases: &[&Case],
    facts: &Facts,
    efficiencies: &Efficiencies,
    (engine, factor): (EngineKind, f64),
) -> Result<Option<f64>, Problems> {
    let now = efficiencies.engines().constants(engine, "");
    let loss = |moved: Option<(Constant, f64)>| -> Result<Option<f64>, Problems> {
        let table = efficiencies.with_engines(efficiencies.engines().with(engine, None, moved.as_slice()));
        let errors: Result<Vec<Vec<f64>>, Problems> =
            cases.par_iter().map(|case| errors_of(case, facts, &table)).collect();
        let errors: Vec<f64> = errors?.into_iter().flatten().map(|error| error.abs().min(GROSS)).collect();
        Ok((!errors.is_empty()).then(|| errors.iter().sum::<f64>() / errors.len() as f64))
    };
    let Some(own) = loss(None)? else { return Ok(None) };
    let mut least = own;
    for constant in FITTED {
        let (low, high) = constant.bounds();
        for value in [now.get(constant) * factor, now.get(constant) / factor] {
            least = loss(Some((constant, value.clamp(low, high))))?.map_or(least, |found| found.min(least));
        }
    }
    Ok(Some(own - least))
}

/// Logarithms of prediction over measurement.
fn errors_of(case: &Case, facts: &Facts, table: &Efficiencies) -> Result<Vec<f64>, Problems> {
    let Ok(found) = predict::figures(&case.setup, facts, table)? else { return Ok(Vec::new()) };
    let ratio = |(metric, measured): &(Metric, f64)| found.value(*metric).map(|value| (value / measured).ln());
    Ok(case.figures.iter().filter_map(ratio).collect())
}
