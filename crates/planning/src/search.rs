//! The search: what load each deployment bears within the objectives, and how many replicas the rate then takes.

mod known;
mod load;

use facts::{Chip, Facts};
use performance::{Deployment, Prepared, RefusalCode, Workload};
use rayon::prelude::*;
use rules::{Outcome, RuleBook};
use std::collections::BTreeMap;
use units::Problems;

use crate::{PriceBook, Request, Supply, supply::supply};
use known::Curve;
use load::Point;

pub use known::Searches;

/// One deployment that serves the request, before prices.
#[derive(Clone, Debug, PartialEq)]
pub struct Candidate {
    /// The chip's id.
    pub chip: String,
    /// What the export rules say of it; `None` where no country was named.
    pub outcome: Option<Outcome>,
    /// The layout, with as many replicas as the rate takes.
    pub deployment: Deployment,
    /// Requests in flight on one replica at the rate that it is given [count].
    pub concurrency_per_replica: u64,
    /// Mean time to first token there [s].
    pub ttft_s: f64,
    /// Mean time between tokens there [s].
    pub tpot_s: f64,
    /// Mean power of all chips with their share of the hosts, PUE not included; `None` = not known. Where a replica
    /// has less than one request in flight: an upper bound, that of one always busy with a single request [W].
    pub power_w: Option<f64>,
    /// Tokens read and written by a request, as throughput counts them [tokens].
    pub tokens_per_request: f64,
}

/// All that a search found, in a fixed order: the same for any number of threads.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Found {
    /// Deployments that serve the request, by chip, then in the order of the space.
    pub candidates: Vec<Candidate>,
    /// Chips that may not be had and deployments that cannot be or are too slow, by reason [count].
    pub refused: BTreeMap<String, u64>,
    /// Deployments that were laid out [count].
    pub searched: u64,
    /// Requests that arrive [1/s].
    pub rate_per_s: f64,
}

/// Lays the model out in every way of the [`space`] on every chip that may be had and has a price on the request's
/// basis.
///
/// # Errors
/// A request whose figures mean nothing, or that names what nobody knows: all of it at once.
pub fn search(facts: &Facts, book: &RuleBook, request: &Request) -> Result<Found, Problems> {
    Searches::new(facts, book).search(request)
}

impl Searches<'_> {
    /// As [`search`], without working out again what an earlier search of the same model and workload found.
    ///
    /// # Errors
    /// Those of [`search`].
    pub fn search(&mut self, request: &Request) -> Result<Found, Problems> {
        let (facts, book) = (self.facts, self.book);
        request.problems(facts).check(())?;
        let (mut chips, refused) = supply(facts, book, request)?;
        let prices = PriceBook::of(facts, request)?;
        let all = chips.len();
        chips.retain(|supply| prices.chips.contains_key(&supply.chip.id));
        let mut found = Found { rate_per_s: request.rate_per_s, ..Found::default() };
        for reason in refused {
            *found.refused.entry(reason).or_default() += 1;
        }
        if chips.len() < all {
            found.refused.insert("no_price".into(), (all - chips.len()) as u64);
        }
        let known = self.curves(request);
        let mut curves: Vec<(Supply, Vec<Curve>)> = chips
            .iter()
            .map(|supply| {
                let curves = known.remove(&supply.chip.id);
                (*supply, curves.unwrap_or_else(|| Curve::all(supply.chip, &request.architecture)))
            })
            .collect();
        let tasks: Vec<(Supply, &mut Curve)> =
            curves.iter_mut().flat_map(|(supply, curves)| curves.iter_mut().map(|curve| (*supply, curve))).collect();
        found.searched = tasks.len() as u64;
        let results: Vec<Result<Candidate, &'static str>> =
            tasks.into_par_iter().map(|(supply, curve)| candidate(request, supply, curve)).collect();
        known.extend(curves.into_iter().map(|(supply, curves)| (supply.chip.id.clone(), curves)));
        for result in results {
            match result {
                Ok(candidate) => found.candidates.push(candidate),
                Err(reason) => *found.refused.entry(reason.to_string()).or_default() += 1,
            }
        }
        Ok(found)
    }
}

/// One deployment, or why it does not serve.
fn candidate(request: &Request, supply: Supply, curve: &mut Curve) -> Result<Candidate, &'static str> {
    // What the fewest replicas need is enough: knowing the limit beyond it would not change the plan.
    let enough_per_s = request.rate_per_s / request.min_replicas as f64 / request.max_utilisation_fraction;
    let (point, replicas) = curve.asked(supply.chip, request, |at| {
        let largest = load::largest(&request.objectives, enough_per_s, at)?;
        let bearable = largest.requests_per_s * request.max_utilisation_fraction;
        // A rate that is a whole number of replicas' loads must not take one more for the sake of rounding.
        let replicas = (request.rate_per_s / bearable - 1e-9).ceil().max(request.min_replicas as f64);
        if !replicas.is_finite() || replicas > MOST_REPLICAS {
            return Err("too_many_replicas");
        }
        Ok((load::smallest_at(request.rate_per_s / replicas, largest, at), replicas))
    })?;
    Ok(Candidate {
        chip: supply.chip.id.clone(),
        outcome: supply.outcome,
        concurrency_per_replica: point.concurrency,
        ttft_s: point.ttft_s,
        tpot_s: point.tpot_s,
        power_w: point.power_w.map(|power| power * replicas),
        tokens_per_request: point.total_tok_per_s / point.requests_per_s,
        deployment: Deployment { replicas: replicas as u64, ..curve.deployment.clone() },
    })
}

impl Candidate {
    /// The rate over the largest rate that the plan bears within the objectives [fraction]; `None` for another
    /// request's candidate.
    pub fn utilisation_fraction(&self, facts: &Facts, request: &Request) -> Option<f64> {
        let one = Deployment { replicas: 1, ..self.deployment.clone() };
        let prepared = prepare(facts.chip(&self.chip).ok()?, request, &one).ok()?;
        let at = |concurrency| Point::of(&prepared, &workload(request, concurrency));
        let largest = load::largest(&request.objectives, f64::INFINITY, at).ok()?;
        Some(request.rate_per_s / self.deployment.replicas as f64 / largest.requests_per_s)
    }
}

/// Most replicas of a plan [count].
const MOST_REPLICAS: f64 = (1u64 << 20) as f64;

fn prepare(chip: &Chip, request: &Request, deployment: &Deployment) -> Result<Prepared, &'static str> {
    Prepared::new(chip, &request.architecture, deployment, &request.efficiencies).map_err(|refusal| {
        match refusal.code {
            RefusalCode::OutOfMemory => "out_of_memory",
            RefusalCode::TpHeads => "tp_heads",
            RefusalCode::DtypeUnsupported => "dtype_unsupported",
            RefusalCode::UnsupportedArchitecture => "unsupported_architecture",
        }
    })
}

/// The workload of one replica with so many requests in flight.
pub(crate) fn workload(request: &Request, concurrency: u64) -> Workload {
    let shape = &request.workload;
    Workload {
        images: shape.images.round() as u64,
        prefix_share: shape.prefix_share_fraction.unwrap_or(0.0),
        ..Workload::text(shape.input.mean, shape.output.mean, concurrency)
    }
}
