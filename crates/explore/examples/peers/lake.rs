//! 1,000 experiments with the lake over 100 years, as in the EMA Workbench's example `example_lake_model.py`: thirty-two
//! experiments side by side.

use std::array::from_fn;
use std::f64::consts::LOG2_E;

use explore::known::Lake;
use explore::{Draws, Ensemble, lanes};

const EXPERIMENTS: u64 = 1000;
const YEARS: usize = 100;
const LANES: usize = 32;

/// One number for each of the experiments that are run together.
type Lanes = [f64; LANES];

/// Means over the experiments of the largest mean pollution, the utility, the inertia and the reliability, with `samples`
/// series of inflows in each experiment.
pub fn study(samples: u64) -> Vec<f64> {
    // The golden ratio spreads them; the peers have the same.
    let releases: [f64; YEARS] = from_fn(|year| 0.1 * (year as f64 * 0.618_033_988_749_894_9).fract());
    let mut sums = [0.0; 4];
    let run = |block: u64| {
        let rows: [u64; LANES] = from_fn(|lane| (block * LANES as u64 + lane as u64).min(EXPERIMENTS - 1));
        lanes::widest(
            #[inline(always)]
            || experiments(rows, samples, &releases),
        )
    };
    let keep = |block: u64, outcomes: [Lanes; 4]| {
        let real = (EXPERIMENTS - block * LANES as u64).min(LANES as u64) as usize;
        for (sum, outcome) in sums.iter_mut().zip(outcomes) {
            *sum += outcome[..real].iter().sum::<f64>();
        }
        Ok::<(), std::convert::Infallible>(())
    };
    Ensemble::new(0..EXPERIMENTS.div_ceil(LANES as u64)).run(run, keep).unwrap();
    sums.map(|sum| sum / EXPERIMENTS as f64).to_vec()
}

/// The outcomes of thirty-two experiments.
#[expect(clippy::inline_always, reason = "see `lanes::widest`")]
#[inline(always)]
fn experiments(rows: [u64; LANES], samples: u64, releases: &[f64; YEARS]) -> [Lanes; 4] {
    // Loss, steepness, mean and standard deviation of inflows, and discount factor, as the peers draw them.
    let mut inputs = [[0.0; LANES]; 5];
    for (input, (low, high)) in
        [(0.1, 0.45), (2.0, 4.5), (0.01, 0.05), (0.001, 0.005), (0.93, 0.99)].into_iter().enumerate()
    {
        let [uniform, _] = lanes::uniforms(Draws::new(1, 0), rows, input as u32);
        inputs[input] = from_fn(|lane| low + (high - low) * uniform[lane]);
    }
    let [loss, steepness, mean, sd, discount] = inputs;
    let critical = Lake::tipping_points(loss, steepness);
    // The lognormal distribution of this mean and standard deviation, as powers of two.
    let square = lanes::ln::<LANES>(from_fn(|lane| 1.0 + (sd[lane] / mean[lane]).powi(2)));
    let ln_mean = lanes::ln(mean);
    let sigma: Lanes = from_fn(|lane| square[lane].sqrt() * LOG2_E);
    let centre: Lanes = from_fn(|lane| (ln_mean[lane] - square[lane] / 2.0) * LOG2_E);

    let mut totals = vec![[0.0; LANES]; YEARS];
    let mut below = [0.0; LANES];
    for sample in 0..samples {
        let runs: [u64; LANES] = from_fn(|lane| rows[lane] | sample << 32);
        let mut x = [0.0; LANES];
        for pair in 0..YEARS / 2 {
            // A draw gives the inflows of two years.
            for (half, normal) in lanes::standard_normals(Draws::new(1, 3), runs, pair as u32).into_iter().enumerate() {
                let year = 2 * pair + half;
                for lane in 0..LANES {
                    totals[year][lane] += x[lane];
                    below[lane] += if x[lane] < critical[lane] { 1.0 } else { 0.0 };
                }
                let inflow = lanes::exp2::<LANES>(from_fn(|lane| centre[lane] + sigma[lane] * normal[lane]));
                let power = lanes::pow(x, steepness);
                for lane in 0..LANES {
                    let recycled = power[lane] / (1.0 + power[lane]);
                    x[lane] = (1.0 - loss[lane]) * x[lane] + recycled + releases[year] + inflow[lane];
                }
            }
        }
    }
    let runs = samples as f64;
    let mut largest = [0.0; LANES];
    for total in &totals {
        largest = from_fn(|lane| f64::max(largest[lane], total[lane] / runs));
    }
    let mut utility = [0.0; LANES];
    for release in releases.iter().rev() {
        utility = from_fn(|lane| utility[lane] * discount[lane] + 0.4 * release);
    }
    let jumps = releases.windows(2).filter(|pair| (pair[1] - pair[0]).abs() > 0.02).count();
    let inertia = [jumps as f64 / (YEARS - 1) as f64; LANES];
    [largest, utility, inertia, below.map(|below| below / (runs * YEARS as f64))]
}
