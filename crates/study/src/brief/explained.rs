//! What the votes of a claim hang on, from the runs already made (CLAIMS, "depends on"): the three inputs that explain
//! most of the vote, and the box of inputs in which votes against it are dense.
//!
//! Total indices want a design of their own, with 192 runs a sample; the runs of a brief are given, and of given runs the
//! first-order index can be estimated without bias ([`given`]). So that is what stands in the table, and it is called so.

use std::sync::OnceLock;

use explore::{
    Draws,
    discovery::{Found, Sample, prim::Prim},
    sensitivity::{Bootstrap, given},
};

use crate::claims::{Ballot, Claim, Context, verdict::Vote};
use crate::findings::{Cell, Column, Table};

/// The inputs that vary in the default camp, column by column: made once for all claims.
#[derive(Debug, Default)]
pub struct Columns(OnceLock<Vec<(usize, Vec<f64>)>>);

impl Columns {
    fn of(&self, context: &Context<'_>, rows: u64) -> &[(usize, Vec<f64>)] {
        self.0.get_or_init(|| {
            let sampler = context.sampler;
            let draws: Vec<Vec<f64>> = (0..rows.min(sampler.rows())).map(|row| sampler.draw(row)).collect();
            let inputs = 0..context.ground.world.registry().len();
            let varying = inputs.filter(|input| sampler.varies(*input));
            varying.map(|input| (input, draws.iter().map(|draw| draw[input]).collect())).collect()
        })
    }
}

/// Fewest futures, and fewest votes on each side, for a table.
const FEWEST: usize = 100;
const FEWEST_VOTES: usize = 20;
/// Inputs in the table.
const SHOWN: usize = 3;
/// A limit with a larger quasi-p-value is dropped.
const QUASI_P: f64 = 0.05;

/// The tables of a claim: none where it has one vote a camp, or too few futures.
pub fn tables(context: &Context<'_>, claim: &dyn Claim, ballots: &[Ballot], columns: &Columns) -> Vec<Table> {
    if !claim.votes_by_future() || ballots.len() < FEWEST {
        return Vec::new();
    }
    let columns = columns.of(context, ballots.len() as u64);
    if columns.first().is_none_or(|(_, values)| values.len() != ballots.len()) {
        return Vec::new();
    }
    let inputs: Vec<Vec<f64>> = columns.iter().map(|(_, values)| values.clone()).collect();
    let input = |column: usize| &context.ground.world.registry().inputs[columns[column].0];
    explained(context, ballots, &inputs, &input).into_iter().chain(against(ballots, &inputs, &input)).collect()
}

type Known<'a> = &'a dyn Fn(usize) -> &'a world::InputSpec;

/// The inputs with the largest first-order indices on the vote (for 1, neither 0, against -1), of those whose interval lies
/// above zero.
fn explained(context: &Context<'_>, ballots: &[Ballot], inputs: &[Vec<f64>], known: Known<'_>) -> Option<Table> {
    let vote = |ballot: &Ballot| match ballot.vote {
        Vote::For => 1.0,
        Vote::Neither => 0.0,
        Vote::Against => -1.0,
        // Left out by the method.
        Vote::Undefined => f64::NAN,
    };
    let votes: Vec<f64> = ballots.iter().map(vote).collect();
    let bootstrap = Bootstrap::new(100, Draws::new(context.ground.scenario.run.seed, 9));
    let found = given::analyse(inputs, &[votes], &bootstrap).remove(0)?;
    let mut order: Vec<usize> = (0..inputs.len()).filter(|column| found.first[*column].low > 0.0).collect();
    order.sort_by(|a, b| found.first[*b].value.total_cmp(&found.first[*a].value).then(a.cmp(b)));
    order.truncate(SHOWN);
    let row = |column: &usize| {
        let index = found.first[*column];
        let numbers = [index.value, index.low, index.high].map(Cell::number);
        std::iter::once(Cell::text(&known(*column).key)).chain(numbers).collect()
    };
    (!order.is_empty()).then(|| Table {
        id: "votes_explained",
        columns: vec![
            Column { key: "input", unit: "" },
            Column { key: "share_of_variance", unit: "fraction" },
            Column { key: "share_of_variance_low", unit: "fraction" },
            Column { key: "share_of_variance_high", unit: "fraction" },
        ],
        rows: order.iter().map(row).collect(),
    })
}

/// The PRIM box of votes against, where it is any denser than all futures: a row an input that it limits, and how good it is.
fn against(ballots: &[Ballot], inputs: &[Vec<f64>], known: Known<'_>) -> Option<Table> {
    let of_interest: Vec<bool> = ballots.iter().map(|ballot| ballot.vote == Vote::Against).collect();
    let count = of_interest.iter().filter(|against| **against).count();
    if count < FEWEST_VOTES || ballots.len() - count < FEWEST_VOTES {
        return None;
    }
    let sample = Sample::new(inputs, &of_interest)?;
    let trajectory = Prim::default().find(&sample)?;
    let best = trajectory.iter().rev().max_by(|a, b| a.balance().total_cmp(&b.balance()))?;
    let found: Found = sample.simplify(best, QUASI_P);
    if found.restricted() == 0 || found.density <= count as f64 / ballots.len() as f64 {
        return None;
    }
    let row = |(column, limits): (usize, &explore::discovery::Limits)| {
        let end = |end: Option<f64>| end.map_or(Cell::Empty, Cell::number);
        vec![
            Cell::text(&known(column).key),
            Cell::text(&known(column).unit),
            end(limits.low),
            end(limits.high),
            Cell::number(found.density),
            Cell::number(found.coverage),
        ]
    };
    Some(Table {
        id: "against_box",
        columns: vec![
            Column { key: "input", unit: "" },
            Column { key: "unit", unit: "" },
            Column { key: "at_least", unit: "" },
            Column { key: "at_most", unit: "" },
            Column { key: "density_in_box", unit: "fraction" },
            Column { key: "coverage_of_box", unit: "fraction" },
        ],
        rows: found.limits.iter().enumerate().filter(|(_, limits)| limits.restrict()).map(row).collect(),
    })
}
