//! What a draw costs: bits, coordinates of designs, quantiles, whole rows.

use divan::{Bencher, black_box};
use explore::{Design, Distribution, Draws, Method};

fn main() {
    divan::main();
}

#[divan::bench]
fn philox_uniform(bencher: Bencher) {
    let draws = Draws::new(1, 0);
    let mut run = 0;
    bencher.bench_local(|| {
        run += 1;
        draws.uniform(black_box(run), 3)
    });
}

#[divan::bench(args = [Method::MonteCarlo, Method::LatinHypercube, Method::Sobol])]
fn row_of_100_dimensions(bencher: Bencher, method: Method) {
    let design = Design::new(method, 100_000, 100, Draws::new(1, 0)).expect("100 dimensions are within every method");
    let mut point = vec![0.0; 100];
    let mut row = 0;
    bencher.bench_local(|| {
        row = (row + 1) % design.rows();
        design.fill(black_box(row), &mut point);
        point[99]
    });
}

#[divan::bench(args = [
    Distribution::Triangular { low: 0.0, mode: 1.0, high: 3.0 },
    Distribution::LogNormal { median: 1.0, sigma: 0.5 },
    Distribution::Beta { alpha: 2.0, beta: 5.0, low: 0.0, high: 1.0 },
])]
fn quantile(bencher: Bencher, distribution: &Distribution) {
    bencher.bench(|| distribution.quantile(black_box(0.3)));
}
