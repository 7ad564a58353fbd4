//! Statements about the model as data (`checks/world.toml`): held against every quarter of every future under every
//! policy.
//!
//! A statement is read ([`Statement`]), laid out over the series of a world ([`Plan`]), and evaluated on runs. What
//! breaks one is counted, and the first break is kept with its place, so that it can be run again.

mod plan;
mod read;

use serde::Serialize;
use std::convert::Infallible;
use std::sync::atomic::Ordering;
use units::Problems;
use world::Variant;

pub use plan::Plan;
pub use read::{Relation, Statement, builtin, parse};

use crate::ensemble::Watch;
use crate::ground::Ground;
use crate::sampling::{Sampler, camps};

/// What was found.
#[derive(Clone, Debug, Serialize)]
pub struct Report {
    /// Futures in each camp.
    pub futures: usize,
    /// Camps, the default first.
    pub camps: Vec<String>,
    /// Policies.
    pub policies: Vec<String>,
    /// One for each statement, in their order.
    pub statements: Vec<Finding>,
}

/// How one statement fared.
#[derive(Clone, Debug, Serialize)]
pub struct Finding {
    /// Its id.
    pub id: String,
    /// What it says.
    pub says: String,
    /// Comparisons made.
    pub compared: u64,
    /// Of them, broken.
    pub broken: u64,
    /// The first that was broken.
    pub first: Option<Break>,
}

/// A comparison that does not hold.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Break {
    /// The camp, `default` or `disagreement=camp`.
    pub camp: String,
    /// The future, counted from 0.
    pub future: u64,
    /// The policy.
    pub policy: String,
    /// What was compared: the series, or the bloc of an account.
    pub of: String,
    /// The quarter; none for accounts.
    pub quarter: Option<String>,
    /// The left side.
    pub left: f64,
    /// The right side.
    pub right: f64,
}

/// Runs `futures` futures in each camp of a scenario, under its policies, and holds every statement against them.
///
/// `None` where it was cancelled. One statement that is broken leaves the others to be counted.
///
/// # Errors
/// Statements that this world has no series for; correlations that contradict one another.
pub fn run(
    ground: &Ground<'_>,
    statements: &[Statement],
    futures: usize,
    watch: Watch<'_>,
) -> Result<Option<Report>, Problems> {
    let like = ground.world.trajectory();
    let plan = Plan::new(statements, &like)?;
    let camps = camps(&ground.scenario);
    let in_all = (futures * camps.len()) as u64;
    let mut findings: Vec<Finding> = statements
        .iter()
        .map(|statement| Finding {
            id: statement.id.clone(),
            says: statement.says.clone(),
            compared: 0,
            broken: 0,
            first: None,
        })
        .collect();
    for (number, camp) in camps.iter().enumerate() {
        let sampler = Sampler::new(&ground.scenario, camp, futures, ground.scenario.run.seed)?;
        let before = (number * futures) as u64;
        let one = |future: u64| {
            let draw = sampler.draw(future);
            let mut run = like.clone();
            let tally = |policy: &crate::ground::Prepared| {
                ground.world.run(&policy.compiled, &draw, &Variant::default(), &mut run);
                plan.hold(&run)
            };
            ground.policies.iter().map(tally).collect::<Vec<_>>()
        };
        let progress = |done: u64| (watch.progress)(before + done, in_all);
        let ended = explore::Ensemble::new(0..futures as u64).progress(&progress).cancel(watch.cancel).run(
            one,
            |future, all| {
                for (policy, tallies) in ground.policies.iter().zip(all) {
                    for (finding, tally) in findings.iter_mut().zip(tallies) {
                        finding.compared += tally.compared;
                        finding.broken += tally.broken;
                        if let Some(first) = tally.first.filter(|_| finding.first.is_none()) {
                            let (camp, policy) = (camp.label(), policy.policy.id.clone());
                            finding.first = Some(Break { camp, future, policy, ..first });
                        }
                    }
                }
                Ok::<(), Infallible>(())
            },
        );
        if ended.is_ok_and(|ended| ended.cancelled) || watch.cancel.load(Ordering::Relaxed) {
            return Ok(None);
        }
    }
    Ok(Some(Report {
        futures,
        camps: camps.iter().map(crate::sampling::CampKey::label).collect(),
        policies: ground.policies.iter().map(|policy| policy.policy.id.clone()).collect(),
        statements: findings,
    }))
}
