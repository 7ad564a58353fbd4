//! What the methods cost: sensitivity of Ishigami's function, scenario discovery, functions of eight numbers at once.

use divan::{Bencher, black_box};
use explore::design::Saltelli;
use explore::discovery::{Sample, cart::Cart, prim::Prim};
use explore::known::ishigami;
use explore::sensitivity::{Bootstrap, delta, pawn, sobol};
use explore::{Design, Draws, Method, lanes};

fn main() {
    divan::main();
}

fn point(of: &[f64]) -> &[f64; 3] {
    of.try_into().expect("three inputs")
}

#[divan::bench(args = [1 << 10, 1 << 14])]
fn sobol_indices_of_second_order_with_100_resamples(bencher: Bencher, samples: u64) {
    let design = Saltelli::new(Method::Sobol, samples, 3, Draws::new(1, 0)).expect("six dimensions").second_order();
    let output = [(0..design.rows()).map(|row| ishigami(point(&design.point(row)))).collect()];
    bencher.bench(|| sobol::analyse(&design, black_box(&output), &Bootstrap::new(100, Draws::new(1, 1))));
}

/// Ishigami's function at `rows` points: the inputs and the output.
fn given(rows: u64) -> (Vec<Vec<f64>>, Vec<f64>) {
    let design = Design::new(Method::LatinHypercube, rows, 3, Draws::new(1, 0)).expect("a hypercube always exists");
    let inputs = (0..3).map(|input| (0..rows).map(|row| design.coordinate(row, input)).collect()).collect();
    (inputs, (0..rows).map(|row| ishigami(point(&design.point(row)))).collect())
}

#[divan::bench(args = [1_000, 10_000, 100_000])]
fn delta_of_three_inputs(bencher: Bencher, rows: u64) {
    let (inputs, output) = given(rows);
    let outputs = [output];
    bencher.bench(|| delta::analyse(&inputs, black_box(&outputs), Draws::new(1, 1)));
}

#[divan::bench(args = [1_000, 10_000, 100_000])]
fn pawn_of_three_inputs(bencher: Bencher, rows: u64) {
    let (inputs, output) = given(rows);
    let outputs = [output];
    bencher.bench(|| pawn::analyse(&inputs, black_box(&outputs), 10));
}

#[divan::bench(args = [1_000, 100_000])]
fn prim_where_ishigami_is_high(bencher: Bencher, rows: u64) {
    let (inputs, output) = given(rows);
    let of_interest: Vec<bool> = output.iter().map(|value| *value > 8.0).collect();
    bencher.bench(|| Prim::default().find(&Sample::new(black_box(&inputs), &of_interest).expect("some are high")));
}

#[divan::bench(args = [1_000, 100_000])]
fn cart_where_ishigami_is_high(bencher: Bencher, rows: u64) {
    let (inputs, output) = given(rows);
    let of_interest: Vec<bool> = output.iter().map(|value| *value > 8.0).collect();
    bencher.bench(|| Cart::default().leaves(&Sample::new(black_box(&inputs), &of_interest).expect("some are high")));
}

const EIGHT: [f64; 8] = [0.01, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.99];

#[divan::bench]
fn eight_powers(bencher: Bencher) {
    bencher.bench(|| lanes::pow(black_box(EIGHT), black_box([2.5; 8])));
}

#[divan::bench]
fn eight_normal_quantiles(bencher: Bencher) {
    bencher.bench(|| lanes::standard_normal_quantile(black_box(EIGHT)));
}

#[divan::bench]
fn sixteen_uniforms(bencher: Bencher) {
    bencher.bench(|| lanes::uniforms(Draws::new(1, 0), black_box([1, 2, 3, 4, 5, 6, 7, 8]), 3));
}
