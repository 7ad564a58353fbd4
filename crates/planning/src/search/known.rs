//! What deployments bear, kept between searches: a question asked of another place, day or rate, or at other prices,
//! asks the performance model nothing that it has been asked before.

use facts::{Architecture, Chip, Facts, WorkloadShape};
use performance::{Deployment, Efficiencies, Prepared};
use rules::RuleBook;
use std::cell::{OnceCell, RefCell};
use std::collections::BTreeMap;

use super::{load::Point, prepare, workload};
use crate::{Request, space};

/// Searches over the same facts and rules that share what they have found; each answers as [`super::search`] does.
pub struct Searches<'a> {
    pub(super) facts: &'a Facts,
    pub(super) book: &'a RuleBook,
    known: Vec<(Load, BTreeMap<String, Vec<Curve>>)>,
}

/// What steady states depend on beside chip and deployment.
#[derive(PartialEq)]
struct Load {
    architecture: Architecture,
    workload: WorkloadShape,
    efficiencies: Efficiencies,
}

/// The steady states of one deployment, by requests in flight, as far as they have been asked for.
pub(super) struct Curve {
    pub(super) deployment: Deployment,
    refused: Option<&'static str>,
    points: BTreeMap<u64, Option<Point>>,
}

impl<'a> Searches<'a> {
    /// Nothing is known yet.
    pub fn new(facts: &'a Facts, book: &'a RuleBook) -> Self {
        Self { facts, book, known: Vec::new() }
    }

    /// The curves of every chip for the request's load.
    pub(super) fn curves(&mut self, request: &Request) -> &mut BTreeMap<String, Vec<Curve>> {
        let load = Load {
            architecture: request.architecture.clone(),
            workload: request.workload.clone(),
            efficiencies: request.efficiencies.clone(),
        };
        let at = self.known.iter().position(|(known, _)| *known == load).unwrap_or_else(|| {
            self.known.push((load, BTreeMap::new()));
            self.known.len() - 1
        });
        &mut self.known[at].1
    }
}

impl Curve {
    /// Every way to lay the model out on a chip, with nothing asked yet.
    pub(super) fn all(chip: &Chip, architecture: &Architecture) -> Vec<Self> {
        let new = |deployment| Self { deployment, refused: None, points: BTreeMap::new() };
        space::deployments(chip, architecture).into_iter().map(new).collect()
    }

    /// Lets `ask` read the curve; what it reads is worked out where it is not known.
    pub(super) fn asked<T>(
        &mut self,
        chip: &Chip,
        request: &Request,
        ask: impl FnOnce(&dyn Fn(u64) -> Option<Point>) -> Result<T, &'static str>,
    ) -> Result<T, &'static str> {
        if let Some(reason) = self.refused {
            return Err(reason);
        }
        let prepared: OnceCell<Prepared> = OnceCell::new();
        if self.points.is_empty() {
            match prepare(chip, request, &self.deployment) {
                Ok(ready) => _ = prepared.set(ready),
                Err(reason) => {
                    self.refused = Some(reason);
                    return Err(reason);
                }
            }
        }
        let points = RefCell::new(&mut self.points);
        let deployment = &self.deployment;
        ask(&|concurrency| {
            if let Some(known) = points.borrow().get(&concurrency) {
                return *known;
            }
            // What was prepared once can be prepared again.
            if prepared.get().is_none() {
                _ = prepared.set(prepare(chip, request, deployment).ok()?);
            }
            let point = Point::of(prepared.get()?, &workload(request, concurrency));
            points.borrow_mut().insert(concurrency, point);
            point
        })
    }
}
