//! This crate's side of the comparison with other programs: `benches/peers/run.py` runs it and them.
//!
//! `peers CASE [FILE]` prints the least wall time of several repetitions in seconds, then numbers to compare by, all in
//! one line of JSON. FILE holds the runs for `prim` (columns of inputs, then 0 or 1, with a header row).
#![allow(clippy::print_stdout, clippy::unwrap_used, reason = "a program for measuring, stopped by whatever is wrong")]

use std::time::Instant;

use explore::design::Saltelli;
use explore::discovery::{Sample, prim::Prim};
use explore::known::{Lake, ishigami};
use explore::random::philox4x32_10;
use explore::sensitivity::{Bootstrap, Estimate, delta, sobol};
use explore::{Design, Distribution, Draws, Ensemble, Method};

fn main() {
    let mut arguments = std::env::args().skip(1);
    let case = arguments.next().unwrap_or_default();
    match case.as_str() {
        "sobol" => report(10, sobol_of_ishigami),
        "delta" => report(5, delta_of_ishigami()),
        "lake" => report(20, || lakes(1)),
        "lake100" => report(3, || lakes(100)),
        "prim" => report(20, prim_of(&arguments.next().unwrap())),
        _ => println!("usage: peers sobol|delta|lake|lake100|prim [FILE]"),
    }
}

/// Prints the least time of some repetitions and the result, which is always the same.
fn report(repetitions: u32, mut case: impl FnMut() -> Vec<f64>) {
    let timed = (0..repetitions).map(|_| {
        let start = Instant::now();
        let result = case();
        (start.elapsed().as_secs_f64(), result)
    });
    let (seconds, result) = timed.min_by(|a, b| a.0.total_cmp(&b.0)).unwrap();
    println!("{{\"seconds\": {seconds}, \"result\": {result:?}}}");
}

/// Sample, run and analyse Ishigami's function: 2^14 base rows, second order, 100 resamples.
fn sobol_of_ishigami() -> Vec<f64> {
    let design = Saltelli::new(Method::Sobol, 1 << 14, 3, Draws::new(1, 0)).unwrap().second_order();
    let mut output = Vec::with_capacity(design.rows() as usize);
    let run = |row| ishigami(&design.point(row).try_into().unwrap());
    let keep = |_, value| {
        output.push(value);
        Ok::<(), std::convert::Infallible>(())
    };
    Ensemble::new(0..design.rows()).block_rows(1 << 14).run(run, keep).unwrap();
    let indices = sobol::analyse(&design, &[output], &Bootstrap::new(100, Draws::new(1, 1))).remove(0).unwrap();
    let values = |estimates: Vec<Estimate>| estimates.into_iter().map(|estimate| estimate.value);
    values(indices.first)
        .chain(values(indices.total))
        .chain(indices.second.iter().map(|pair| pair.index.value))
        .collect()
}

/// Analyse 10,000 given runs of Ishigami's function.
fn delta_of_ishigami() -> impl FnMut() -> Vec<f64> {
    let design = Design::new(Method::LatinHypercube, 10_000, 3, Draws::new(1, 0)).unwrap();
    let inputs: Vec<Vec<f64>> =
        (0..3).map(|input| (0..design.rows()).map(|row| design.coordinate(row, input)).collect()).collect();
    let output = [(0..design.rows()).map(|row| ishigami(&design.point(row).try_into().unwrap())).collect()];
    move || {
        let deltas = delta::analyse(&inputs, &output, Draws::new(1, 1)).remove(0).unwrap();
        deltas.inputs.iter().map(|delta| delta.value).collect()
    }
}

const YEARS: usize = 100;

/// 1,000 experiments with the lake over 100 years, `samples` series of inflows in each, as in the EMA Workbench's example
/// `example_lake_model.py`: the means of its outcomes (largest mean pollution, utility, inertia, reliability).
fn lakes(samples: u64) -> Vec<f64> {
    let design = Design::new(Method::LatinHypercube, 1000, 5, Draws::new(1, 0)).unwrap();
    let inputs = [(0.1, 0.45), (2.0, 4.5), (0.01, 0.05), (0.001, 0.005), (0.93, 0.99)]
        .map(|(low, high)| Distribution::Uniform { low, high });
    let releases: Vec<f64> = (0..YEARS as u64).map(|year| 0.1 * Draws::new(1, 2).uniform(year, 0)).collect();
    let mut sums = [0.0; 4];
    let run = |row| {
        let value = |input: usize| inputs[input].quantile(design.coordinate(row, input as u32));
        let lake = Lake { loss: value(0), steepness: value(1) };
        experiment(row, samples, lake, [value(2), value(3), value(4)], &releases)
    };
    let keep = |_, outcomes: [f64; 4]| {
        sums.iter_mut().zip(outcomes).for_each(|(sum, outcome)| *sum += outcome);
        Ok::<(), std::convert::Infallible>(())
    };
    Ensemble::new(0..design.rows()).run(run, keep).unwrap();
    sums.map(|sum| sum / design.rows() as f64).to_vec()
}

fn experiment(row: u64, samples: u64, lake: Lake, [mean, sd, discount]: [f64; 3], releases: &[f64]) -> [f64; 4] {
    let critical = lake.tipping_point().unwrap_or(f64::INFINITY);
    // The lognormal distribution of this mean and standard deviation.
    let spread = (1.0 + (sd / mean).powi(2)).ln();
    let inflow = Distribution::LogNormal { median: mean / spread.exp().sqrt(), sigma: spread.sqrt() };
    let mut means = [0.0; YEARS];
    let mut below = 0u32;
    for sample in 0..samples {
        let mut phosphorus = 0.0;
        for year in 0..YEARS {
            means[year] += phosphorus;
            below += u32::from(phosphorus < critical);
            let [u, ..] = draws(row, sample, year as u32);
            phosphorus = lake.next(phosphorus, releases[year] + inflow.quantile(u));
        }
    }
    let largest = means.iter().copied().fold(0.0, f64::max) / samples as f64;
    let utility = releases.iter().rev().fold(0.0, |sum, release| sum * discount + 0.4 * release);
    let jumps = releases.windows(2).filter(|pair| (pair[1] - pair[0]).abs() > 0.02).count();
    let inertia = jumps as f64 / (YEARS - 1) as f64;
    [largest, utility, inertia, f64::from(below) / (samples as usize * YEARS) as f64]
}

/// Two uniform numbers of one draw.
fn draws(row: u64, sample: u64, year: u32) -> [f64; 2] {
    let [a, b, c, d] = philox4x32_10([row as u32, sample as u32, year, 3], [1, 0]);
    [(a, b), (c, d)]
        .map(|(high, low)| ((u64::from(high) << 20 | u64::from(low >> 12)) as f64 + 0.5) / (1u64 << 52) as f64)
}

/// PRIM on the runs of a file, peels of one tenth: the box number 21, or the last.
fn prim_of(path: &str) -> impl FnMut() -> Vec<f64> {
    let text = String::from_utf8(std::fs::read(path).unwrap()).unwrap();
    let rows: Vec<Vec<f64>> =
        text.lines().skip(1).map(|line| line.split(',').map(|field| field.parse().unwrap()).collect()).collect();
    let width = rows[0].len() - 1;
    let inputs: Vec<Vec<f64>> = (0..width).map(|input| rows.iter().map(|row| row[input]).collect()).collect();
    let of_interest: Vec<bool> = rows.iter().map(|row| row[width] == 1.0).collect();
    move || {
        let sample = Sample::new(&inputs, &of_interest).unwrap();
        let trajectory = Prim { peel: 0.1, ..Prim::default() }.find(&sample).unwrap();
        let found = trajectory.get(21).unwrap_or_else(|| trajectory.last().unwrap());
        let limits = found.limits.iter().flat_map(|limits| [limits.low, limits.high]).flatten();
        [found.coverage, found.density, found.mass, trajectory.len() as f64].into_iter().chain(limits).collect()
    }
}
