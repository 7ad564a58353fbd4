//! What claims read from a run: a variable at a quarter, a sum over quarters, an average over blocs.

use units::Quarter;
use world::{Trajectory, Variable};

/// Years in a quarter.
const YEAR: f64 = 0.25;

/// A variable by bloc at a quarter; of a variable by sector, the whole economy's. NaN outside the run.
pub fn at(run: &Trajectory, variable: Variable, bloc: usize, quarter: Quarter) -> f64 {
    run.at(quarter).map_or(f64::NAN, |index| series(run, variable, bloc)[index])
}

/// A yearly rate summed over the quarters from `from` to `until`, both included. NaN outside the run.
pub fn total(run: &Trajectory, variable: Variable, bloc: usize, from: Quarter, until: Quarter) -> f64 {
    between(run, from, until).map_or(f64::NAN, |range| series(run, variable, bloc)[range].iter().sum::<f64>() * YEAR)
}

/// The same, each quarter discounted to `from`.
pub fn discounted(
    run: &Trajectory,
    variable: Variable,
    bloc: usize,
    (from, until): (Quarter, Quarter),
    rate: f64,
) -> f64 {
    between(run, from, until).map_or(f64::NAN, |range| {
        let quarters = series(run, variable, bloc)[range].iter().enumerate();
        quarters.map(|(index, flow)| flow * YEAR / (1.0 + rate).powf(index as f64 * YEAR)).sum()
    })
}

/// The mean of a variable over the quarters from `from` to `until`. NaN outside the run.
pub fn mean(run: &Trajectory, variable: Variable, bloc: usize, from: Quarter, until: Quarter) -> f64 {
    between(run, from, until).map_or(f64::NAN, |range| {
        let values = &series(run, variable, bloc)[range];
        values.iter().sum::<f64>() / values.len() as f64
    })
}

/// The share of a bloc's tokens that models of an origin have, open or closed [fraction].
pub fn origin_share(run: &Trajectory, bloc: usize, origin: usize, quarter: Quarter) -> f64 {
    run.at(quarter)
        .map_or(f64::NAN, |index| run.ecosystem(bloc, origin, false)[index] + run.ecosystem(bloc, origin, true)[index])
}

/// A bloc's share of the sum over blocs at a quarter [fraction].
pub fn share(run: &Trajectory, variable: Variable, bloc: usize, quarter: Quarter) -> f64 {
    let all: f64 = (0..run.blocs().len()).map(|each| at(run, variable, each, quarter)).sum();
    at(run, variable, bloc, quarter) / all
}

/// A bloc's series; of a variable by sector, the whole economy's.
fn series(run: &Trajectory, variable: Variable, bloc: usize) -> &[f64] {
    match variable.dimension() {
        world::Dimension::BlocSector => run.sector(variable, bloc, run.sectors().len()),
        _ => run.get(variable, bloc),
    }
}

fn between(run: &Trajectory, from: Quarter, until: Quarter) -> Option<std::ops::RangeInclusive<usize>> {
    let (from, until) = (run.at(from)?, run.at(until)?);
    (from <= until).then_some(from..=until)
}
