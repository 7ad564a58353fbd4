//! This crate's side of the comparison with other programs: `benches/peers/run.py` runs it and them.
//!
//! `peers CASE [FILE]` prints the least wall and processor time of several repetitions in seconds and numbers to compare by,
//! in one line of JSON. FILE holds the runs for `prim` (columns of inputs, then 0 or 1, with a header row).
#![allow(clippy::print_stdout, clippy::unwrap_used, reason = "a program for measuring, stopped by whatever is wrong")]

mod lake;

use std::time::Instant;

use explore::design::Saltelli;
use explore::discovery::{Sample, prim::Prim};
use explore::known::ishigami;
use explore::sensitivity::{Bootstrap, Estimate, delta, sobol};
use explore::{Design, Draws, Ensemble, Method};

fn main() {
    let mut arguments = std::env::args().skip(1);
    let case = arguments.next().unwrap_or_default();
    match case.as_str() {
        "sobol" => report(10, sobol_of_ishigami),
        "delta" => report(5, delta_of_ishigami()),
        "lake" => report(20, || lake::study(1)),
        "lake100" => report(3, || lake::study(100)),
        "prim" => report(20, prim_of(&arguments.next().unwrap())),
        _ => println!("usage: peers sobol|delta|lake|lake100|prim [FILE]"),
    }
}

/// Prints the least times of some repetitions and the result, which is always the same.
fn report(repetitions: u32, mut case: impl FnMut() -> Vec<f64>) {
    let start = Instant::now();
    let mut result = case();
    // The processor time is counted in steps of some milliseconds: so often in a row that they do not matter.
    let in_a_row = (0.1 / start.elapsed().as_secs_f64()).ceil();
    let (mut wall, mut processor) = (f64::INFINITY, f64::INFINITY);
    for _ in 0..repetitions {
        let (start, used) = (Instant::now(), processor_seconds());
        for _ in 0..in_a_row as u32 {
            result = case();
        }
        wall = wall.min(start.elapsed().as_secs_f64() / in_a_row);
        processor = processor.min((processor_seconds() - used) / in_a_row);
    }
    println!("{{\"wall_s\": {wall}, \"processor_s\": {processor}, \"result\": {result:?}}}");
}

/// What all threads of this process have used so far, as Linux counts it: other programs on the machine disturb it less
/// than the wall time.
fn processor_seconds() -> f64 {
    let threads = std::fs::read_dir("/proc/self/task").unwrap();
    let nanoseconds = threads.map(|thread| {
        let text = std::fs::read(thread.unwrap().path().join("schedstat")).unwrap();
        let text = String::from_utf8(text).unwrap();
        text.split(' ').next().unwrap().parse::<f64>().unwrap()
    });
    nanoseconds.sum::<f64>() / 1e9
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
