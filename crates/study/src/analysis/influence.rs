//! Which inputs an output depends on.

use explore::{
    Draws,
    design::Points,
    sensitivity::{Bootstrap, delta, given, morris, pawn, sobol},
    statistics::{mean, ranks},
};
use rayon::prelude::*;
use serde::Serialize;

use super::{Number, Runs};

/// What the methods say of one output; lists are by input.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Influence {
    /// The output.
    pub output: String,
    /// Its mean over the independent runs; none where there are none.
    pub mean: Option<f64>,
    /// Its means where an input is low and where it is high.
    pub tornado: Vec<Swing>,
    /// Sobol' indices of a Saltelli design.
    pub sobol: Option<Sobol>,
    /// First-order Sobol' indices from the independent runs.
    pub given: Option<Vec<Number>>,
    /// Borgonovo's delta.
    pub delta: Option<Vec<Number>>,
    /// PAWN; none for an input that does not vary.
    pub pawn: Option<Vec<Option<Pawn>>>,
    /// Elementary effects of a Morris design.
    pub morris: Option<Vec<Effect>>,
}

/// An output's means where an input is in its lowest tenth and in its highest.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Swing {
    /// Mean where the input is low (or, of camps, of the first).
    pub low: f64,
    /// Mean where it is high (of the last camp).
    pub high: f64,
}

/// Sobol' indices.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Sobol {
    /// First-order indices.
    pub first: Vec<Number>,
    /// Total indices.
    pub total: Vec<Number>,
    /// Second-order indices, where the design has them.
    pub second: Vec<Pair>,
}

/// A second-order index.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Pair {
    /// The two inputs.
    pub inputs: (usize, usize),
    /// Their index.
    pub index: Number,
}

/// Kolmogorov-Smirnov distances.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Pawn {
    /// The median over ten slices.
    pub median: f64,
    /// The largest.
    pub largest: f64,
    /// What the mean would be if the input did nothing.
    pub noise: f64,
}

/// Elementary effects.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Effect {
    /// Mean effect, over the span of the levels.
    pub mu: f64,
    /// Mean size of the effect.
    pub mu_star: Number,
    /// Standard deviation of the effect.
    pub sigma: f64,
}

/// Resamples of a bootstrap.
const RESAMPLES: u32 = 100;
/// Slices of PAWN.
const SLICES: usize = 10;

pub(super) fn of(runs: &Runs, independent: bool) -> Vec<Influence> {
    let scheme = &runs.manifest().design;
    let whole = runs.manifest().shard.is_none();
    let points = scheme.points(runs.manifest().inputs.len() as u32).ok().filter(|_| whole);
    let columns: Vec<Vec<f64>> =
        runs.outputs.iter().map(|output| runs.table.output(runs.explained, *output).to_vec()).collect();
    let bootstrap = Bootstrap::new(RESAMPLES, Draws::new(runs.ask.seed, 1));
    let indices = match &points {
        Some(Points::Saltelli(design)) => sobol::analyse(design, &columns, &bootstrap),
        _ => vec![None; columns.len()],
    };
    let effects = match &points {
        Some(Points::Morris(design)) => morris::analyse(design, &columns),
        _ => vec![None; columns.len()],
    };
    let inputs = if independent { runs.inputs() } else { Vec::new() };
    let outputs: Vec<Vec<f64>> =
        if independent { columns.iter().map(|column| runs.pick(column)).collect() } else { Vec::new() };
    let nothing = || columns.iter().map(|_| None).collect::<Vec<_>>();
    let (givens, deltas) = if independent {
        (
            given::analyse(&inputs, &outputs, &bootstrap).into_iter().map(|one| one.map(|one| one.first)).collect(),
            delta::analyse(&inputs, &outputs, Draws::new(runs.ask.seed, 2))
                .into_iter()
                .map(|one| one.map(|one| one.inputs))
                .collect(),
        )
    } else {
        (nothing(), nothing())
    };
    let numbers = |estimates: Vec<_>| estimates.into_iter().map(Number::from).collect::<Vec<_>>();
    let mut pawns: Vec<Option<pawn::Pawn>> =
        if independent { pawn::analyse(&inputs, &outputs, SLICES) } else { columns.iter().map(|_| None).collect() };
    let mut all = Vec::new();
    for (index, ((sobols, effects), (given, delta))) in
        indices.into_iter().zip(effects).zip(givens.into_iter().zip(deltas)).enumerate()
    {
        let pawn = pawns[index].take().map(|pawn| {
            let one = |distances: pawn::Distances| Pawn {
                median: distances.median,
                largest: distances.largest,
                noise: distances.noise,
            };
            pawn.inputs.into_iter().map(|distances| distances.map(one)).collect()
        });
        let output = outputs.get(index);
        all.push(Influence {
            output: runs.manifest().outputs[runs.outputs[index]].name.clone(),
            mean: output.and_then(|output| mean(output)),
            tornado: output
                .map_or_else(Vec::new, |output| inputs.par_iter().map(|input| swing(input, output)).collect()),
            sobol: sobols.map(|found| Sobol {
                first: numbers(found.first),
                total: numbers(found.total),
                second: found
                    .second
                    .iter()
                    .map(|pair| Pair { inputs: pair.groups, index: pair.index.into() })
                    .collect(),
            }),
            given: given.map(numbers),
            delta: delta.map(numbers),
            pawn,
            morris: effects.map(|effects| {
                let one = |effect: &morris::Effect| Effect {
                    mu: effect.mu,
                    mu_star: effect.mu_star.into(),
                    sigma: effect.sigma,
                };
                effects.inputs.iter().map(one).collect()
            }),
        });
    }
    all
}

/// The output's means in the lowest and in the highest tenth of an input. Equal values stay together: of a few cases the
/// lowest and the highest one.
fn swing(input: &[f64], output: &[f64]) -> Swing {
    let n = input.len() as f64;
    let ranks = ranks(input);
    let (least, most) =
        ranks.iter().fold((f64::INFINITY, 0.0_f64), |(least, most), rank| (least.min(*rank), most.max(*rank)));
    let of = |inside: &dyn Fn(f64) -> bool| {
        let values: Vec<f64> =
            ranks.iter().zip(output).filter(|(rank, _)| inside(**rank)).map(|(_, value)| *value).collect();
        mean(&values).unwrap_or(f64::NAN)
    };
    Swing { low: of(&|rank| rank <= least.max(0.1 * n)), high: of(&|rank| rank >= most.min(0.9 * n)) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_swing_is_between_tenths_or_between_cases() {
        let input: Vec<f64> = (0..100).map(f64::from).collect();
        let swing_of = swing(&input, &input);
        // Ranks 1 to 10 are the values 0 to 9; ranks 90 to 100 the values 89 to 99.
        assert_eq!((swing_of.low, swing_of.high), (4.5, 94.0));
        let cases: Vec<f64> = (0..100).map(|run| f64::from(run % 2)).collect();
        assert_eq!(swing(&cases, &cases), Swing { low: 0.0, high: 1.0 });
    }
}
