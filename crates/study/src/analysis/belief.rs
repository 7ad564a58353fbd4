//! What one must believe: where in the inputs the runs of interest lie.

use explore::{
    discovery::{Found, Sample, cart::Cart, prim::Prim, stacking},
    sensitivity::regional,
};
use serde::Serialize;

use super::{Interest, Runs};

/// Where the runs of interest lie.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Belief {
    /// Which runs are of interest.
    pub interest: Interest,
    /// Independent runs.
    pub runs: usize,
    /// Of them, of interest.
    pub of_interest: usize,
    /// The peeling and pasting trajectory of PRIM, from all runs on.
    pub trajectory: Vec<Peel>,
    /// The boxes: the first, and a second one in what it leaves, where that one is any better than chance.
    pub boxes: Vec<Leaf>,
    /// The leaves of a classification tree, the densest first.
    pub tree: Vec<Leaf>,
    /// How each input separates the runs of interest; by input.
    pub separation: Vec<Separation>,
    /// Shares over the four inputs that separate best, in three bins each.
    pub stack: Option<Stack>,
    /// How dense the first box is in each camp.
    pub camps: Vec<CampDensity>,
    /// A sample of runs for a picture: values of the inputs of `shown`, and whether of interest.
    pub picture: Vec<(Vec<f64>, bool)>,
    /// The inputs of the picture.
    pub shown: Vec<usize>,
}

/// A box on the way.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Peel {
    /// Share of the runs of interest that it holds.
    pub coverage: f64,
    /// Share of its runs that are of interest.
    pub density: f64,
    /// Share of all runs that it holds.
    pub mass: f64,
    /// Inputs with a limit.
    pub restricted: usize,
    /// Whether it is the one that was taken, before limits that could as well be dropped were.
    pub taken: bool,
}

/// A box and what makes it.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Leaf {
    /// Share of the runs of interest that it holds.
    pub coverage: f64,
    /// Share of its runs that are of interest.
    pub density: f64,
    /// Share of all runs that it holds.
    pub mass: f64,
    /// Runs in it.
    pub runs: usize,
    /// Of them, of interest.
    pub of_interest: usize,
    /// What must be true, the most telling first.
    pub conditions: Vec<Condition>,
}

/// What must be true of one input.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Condition {
    /// The input.
    pub input: usize,
    /// It is at least so much, in its unit.
    pub low: Option<f64>,
    /// It is at most so much, in its unit.
    pub high: Option<f64>,
    /// Of an input with cases, those that are inside.
    pub levels: Vec<String>,
    /// Share of the runs in which this is so.
    pub share_of_runs: f64,
    /// The larger quasi-p-value of the limits.
    pub quasi_p: f64,
}

/// How an input separates the runs of interest.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Separation {
    /// Kolmogorov-Smirnov distance.
    pub distance: f64,
    /// The value at which the two distributions are farthest apart.
    pub at: f64,
    /// Whether the runs of interest have more above it.
    pub above: bool,
    /// Probability of such a distance without any difference.
    pub p_value: f64,
}

/// A table over bins of a few inputs.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Stack {
    /// Inputs along the rows, the first changing slowest.
    pub rows: Vec<usize>,
    /// Inputs along the columns.
    pub columns: Vec<usize>,
    /// Bins of each.
    pub bins: usize,
    /// Share of interest by cell; none without a run.
    pub cells: Vec<Vec<Option<f64>>>,
}

/// A camp.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct CampDensity {
    /// The disagreement, as the input is called.
    pub disagreement: String,
    /// The camp.
    pub camp: String,
    /// Share of its runs that are of interest.
    pub share: f64,
    /// The same in the first box; none where that holds no run of the camp.
    pub share_in_box: Option<f64>,
}

/// Fewest runs of interest, and of the others.
const FEWEST: usize = 20;
/// A limit with a larger quasi-p-value is dropped (Bryant and Lempert 2010 look at 5 %).
const QUASI_P: f64 = 0.05;
/// Runs in the picture.
const PICTURE: usize = 240;

pub(super) fn of(runs: &Runs, interest: &Interest) -> Option<Belief> {
    let inputs = runs.inputs();
    let of_interest = interest.of(runs);
    let count = of_interest.iter().filter(|interest| **interest).count();
    if count < FEWEST || of_interest.len() - count < FEWEST {
        return None;
    }
    let sample = Sample::new(&inputs, &of_interest)?;
    let trajectory = Prim::default().find(&sample)?;
    let taken = best(&trajectory)?;
    let first = sample.simplify(&trajectory[taken], QUASI_P);
    let mut boxes = vec![leaf(runs, &inputs, &first)];
    let rest = sample.without(&first.limits);
    let base = count as f64 / of_interest.len() as f64;
    if first.restricted() > 0
        && count - first.interest >= FEWEST
        && let Some(second) = Prim::default().find(&rest)
        && let Some(place) = best(&second)
    {
        let second = rest.simplify(&second[place], QUASI_P);
        if second.restricted() > 0 && second.density > base {
            boxes.push(leaf(runs, &inputs, &second));
        }
    }
    let separation: Vec<Separation> = regional::analyse(&inputs, &of_interest)?
        .into_iter()
        .map(|one| Separation { distance: one.distance, at: one.at, above: one.above, p_value: one.p_value })
        .collect();
    let mut order: Vec<usize> = (0..separation.len()).collect();
    order.sort_by(|a, b| separation[*b].distance.total_cmp(&separation[*a].distance));
    let step = of_interest.len().div_ceil(PICTURE);
    let shown: Vec<usize> = order.iter().copied().take(6).collect();
    let picture = (0..of_interest.len())
        .step_by(step)
        .map(|run| (shown.iter().map(|input| inputs[*input][run]).collect(), of_interest[run]))
        .collect();
    Some(Belief {
        interest: interest.clone(),
        runs: of_interest.len(),
        of_interest: count,
        trajectory: trajectory
            .iter()
            .enumerate()
            .map(|(place, found)| Peel {
                coverage: found.coverage,
                density: found.density,
                mass: found.mass,
                restricted: found.restricted(),
                taken: place == taken,
            })
            .collect(),
        boxes,
        tree: Cart::default().leaves(&sample).iter().map(|found| leaf(runs, &inputs, found)).collect(),
        stack: (order.len() >= 4).then(|| {
            let (rows, columns) = ([order[0], order[2]], [order[1], order[3]]);
            let stack = stacking::stack(&sample, &rows, &columns, 3);
            let shares = |row: &Vec<stacking::Cell>| row.iter().map(stacking::Cell::density).collect();
            Stack {
                rows: rows.to_vec(),
                columns: columns.to_vec(),
                bins: 3,
                cells: stack.cells.iter().map(shares).collect(),
            }
        }),
        camps: camps(runs, &inputs, &of_interest, &first),
        separation,
        picture,
        shown,
    })
}

/// The box with the best balance of coverage and density, the later of equal ones.
fn best(trajectory: &[Found]) -> Option<usize> {
    (0..trajectory.len()).rev().max_by(|a, b| trajectory[*a].balance().total_cmp(&trajectory[*b].balance()))
}

fn leaf(runs: &Runs, inputs: &[Vec<f64>], found: &Found) -> Leaf {
    let mut conditions: Vec<Condition> = found
        .limits
        .iter()
        .enumerate()
        .filter(|(_, limits)| limits.restrict())
        .map(|(input, limits)| {
            let inside = inputs[input].iter().filter(|value| limits.hold(**value)).count();
            let levels = runs.manifest().inputs[input].levels.iter().enumerate();
            let (low, high) = found.quasi_p[input];
            Condition {
                input,
                low: limits.low,
                high: limits.high,
                levels: levels.filter(|(level, _)| limits.hold(*level as f64)).map(|(_, name)| name.clone()).collect(),
                share_of_runs: inside as f64 / inputs[input].len() as f64,
                quasi_p: low.into_iter().chain(high).fold(0.0, f64::max),
            }
        })
        .collect();
    conditions.sort_by(|a, b| a.share_of_runs.total_cmp(&b.share_of_runs).then(a.input.cmp(&b.input)));
    Leaf {
        coverage: found.coverage,
        density: found.density,
        mass: found.mass,
        runs: found.runs,
        of_interest: found.interest,
        conditions,
    }
}

/// How often runs of a camp are of interest, all of them and those in the box.
fn camps(runs: &Runs, inputs: &[Vec<f64>], of_interest: &[bool], found: &Found) -> Vec<CampDensity> {
    let inside = |run: usize| inputs.iter().zip(&found.limits).all(|(values, limits)| limits.hold(values[run]));
    let share = |rows: &[usize]| {
        let count = rows.iter().filter(|run| of_interest[**run]).count();
        (!rows.is_empty()).then(|| count as f64 / rows.len() as f64)
    };
    let mut all = Vec::new();
    for (input, known) in runs.manifest().inputs.iter().enumerate() {
        for (level, camp) in known.levels.iter().enumerate() {
            let of_camp = |run: &usize| inputs[input][*run] == level as f64;
            let rows: Vec<usize> = (0..of_interest.len()).filter(of_camp).collect();
            let within: Vec<usize> = rows.iter().copied().filter(|run| inside(*run)).collect();
            if let Some(of_all) = share(&rows) {
                let (disagreement, camp) = (known.name.clone(), camp.clone());
                all.push(CampDensity { disagreement, camp, share: of_all, share_in_box: share(&within) });
            }
        }
    }
    all
}
