//! All hindcasts by id, with what they may read.

use facts::Facts;
use rules::RuleBook;
use std::path::Path;
use units::{Problem, Problems, nearest};
use world::{Registry, Sources};

use super::{
    Hindcast, adoption, china, cost_series, diffusion, event_study, forecast, moore_on_many_technologies, openness,
    price, replication, wright_on_solar,
};

/// The tests, in order.
pub const IDS: [&str; 10] = ["V1", "V2", "V3", "V4", "V5", "V6", "V7", "V8", "V9", "V10"];

/// What hindcasts are made of. The tests see the facts through a [`super::Vintage`], the truth as they are.
#[derive(Debug)]
pub struct Past<'a> {
    /// Facts.
    pub facts: &'a Facts,
    /// Export rules.
    pub book: &'a RuleBook,
    /// Uncertain inputs.
    pub registry: &'a Registry,
    /// The user's folder of tables, if any.
    pub folder: Option<&'a Path>,
    /// Seed of every draw.
    pub seed: u64,
    /// Facts by which the registered forecast is scored, if any.
    pub observed: Option<super::forecast::Observed>,
    /// Draws of an ensemble.
    pub draws: u64,
}

impl<'a> Past<'a> {
    /// The usual seed and number of draws.
    pub fn new(sources: &Sources<'a>) -> Self {
        let Sources { facts, book, registry, folder } = *sources;
        Self { facts, book, registry, folder, observed: None, seed: 1, draws: 500 }
    }
}

/// The id as it is written here.
///
/// # Errors
/// An unknown one, with the nearest.
pub fn id(name: &str) -> Result<&'static str, Problem> {
    IDS.into_iter().find(|id| id.eq_ignore_ascii_case(name.trim())).ok_or_else(|| {
        let message = format!("there is no hindcast '{name}'; use one of {}", IDS.join(", "));
        Problem::new("unknown_hindcast", message).suggest(nearest(name, IDS).into_iter().next())
    })
}

/// Runs the tests named, in the order of their numbers; all of them where none is named. `progress` gets how many are
/// done and `false` from it stops.
///
/// # Errors
/// Unknown ids, all at once; tables that a test cannot read.
pub fn run(
    names: &[String],
    past: &Past<'_>,
    mut progress: impl FnMut(usize, usize) -> bool,
) -> Result<Option<Vec<Hindcast>>, Problems> {
    let mut problems = Problems::default();
    let mut wanted = Vec::new();
    for name in names {
        match id(name) {
            Ok(id) => wanted.push(id),
            Err(problem) => problems.push(problem),
        }
    }
    problems.check(())?;
    let ids: Vec<&str> = IDS.into_iter().filter(|id| names.is_empty() || wanted.contains(id)).collect();
    let mut found = Vec::new();
    for (done, id) in ids.iter().enumerate() {
        if !progress(done, ids.len()) {
            return Ok(None);
        }
        found.push(one(id, past)?);
    }
    progress(ids.len(), ids.len());
    Ok(Some(found))
}

fn one(id: &str, past: &Past<'_>) -> Result<Hindcast, Problems> {
    match id {
        "V1" => Ok(moore_on_many_technologies(&cost_series()?).hindcast),
        "V2" => wright_on_solar(&cost_series()?)
            .map(|test| test.hindcast)
            .ok_or_else(|| Problem::new("no_solar", "technology_costs.csv lacks solar modules").into()),
        "V3" => diffusion::diffusion(),
        "V4" => china::china_sales(past),
        "V5" => event_study::event_study(past),
        "V6" => price::token_price(past),
        "V7" => adoption::adoption(past),
        "V8" => openness::openness(past),
        "V9" => replication::replication(past),
        _ => forecast::registered_forecast(past.observed.as_ref()),
    }
}
