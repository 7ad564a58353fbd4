//! 1,000 experiments with the lake over 100 years, as in the EMA Workbench's example `example_lake_model.py`: thirty-two
//! experiments side by side.

use std::array::from_fn;

use explore::known::Lake;
use explore::{Design, Distribution, Draws, Ensemble, Method, lanes};

const EXPERIMENTS: u64 = 1000;
const YEARS: usize = 100;
const LANES: usize = 32;

/// One number for each of the experiments that are run together.
type Lanes = [f64; LANES];

/// Means over the experiments of the largest mean pollution, the utility, the inertia and the reliability, with `samples`
/// series of inflows in each experiment.
pub fn study(samples: u64) -> Vec<f64> {
    let design = Design::new(Method::MonteCarlo, EXPERIMENTS, 5, Draws::new(1, 0)).unwrap();
    let ranges = [(0.1, 0.45), (2.0, 4.5), (0.01, 0.05), (0.001, 0.005), (0.93, 0.99)];
    let ranges = ranges.map(|(low, high)| Distribution::Uniform { low, high });
    // The golden ratio spreads them; the peers have the same.
    let releases: [f64; YEARS] = from_fn(|year| 0.1 * (year as f64 * 0.618_033_988_749_894_9).fract());
    let mut sums = [0.0; 4];
    let run = |block: u64| {
        let rows: [u64; LANES] = from_fn(|lane| (block * LANES as u64 + lane as u64).min(EXPERIMENTS - 1));
        let inputs: [Lanes; 5] =
            from_fn(|input| rows.map(|row| ranges[input].quantile(design.coordinate(row, input as u32))));
        experiments(rows, samples, &inputs, &releases)
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

/// The outcomes of thirty-two experiments with loss, steepness, mean and standard deviation of inflows, and discount factor.
fn experiments(rows: [u64; LANES], samples: u64, inputs: &[Lanes; 5], releases: &[f64; YEARS]) -> [Lanes; 4] {
    let [loss, steepness, mean, sd, discount] = *inputs;
    let critical: Lanes = from_fn(|lane| {
        let lake = Lake { loss: loss[lane], steepness: steepness[lane] };
        lake.tipping_point().unwrap_or(f64::INFINITY)
    });
    // The lognormal distribution of this mean and standard deviation.
    let square: Lanes = from_fn(|lane| (1.0 + (sd[lane] / mean[lane]).powi(2)).ln());
    let sigma = square.map(f64::sqrt);
    let centre: Lanes = from_fn(|lane| mean[lane].ln() - square[lane] / 2.0);
    let inflow = |normal: Lanes| -> Lanes { lanes::exp(from_fn(|lane| centre[lane] + sigma[lane] * normal[lane])) };

    let mut totals = vec![[0.0; LANES]; YEARS];
    let mut below = [0.0; LANES];
    for sample in 0..samples {
        let runs = rows.map(|row| row | sample << 32);
        let mut x = [0.0; LANES];
        for pair in 0..YEARS / 2 {
            // A draw gives the inflows of two years.
            for (half, normal) in lanes::standard_normals(Draws::new(1, 3), runs, pair as u32).into_iter().enumerate() {
                let year = 2 * pair + half;
                for lane in 0..LANES {
                    totals[year][lane] += x[lane];
                    below[lane] += if x[lane] < critical[lane] { 1.0 } else { 0.0 };
                }
                let (power, inflow) = (lanes::pow(x, steepness), inflow(normal));
                for lane in 0..LANES {
                    let recycled = power[lane] / (1.0 + power[lane]);
                    x[lane] = (1.0 - loss[lane]) * x[lane] + recycled + releases[year] + inflow[lane];
                }
            }
        }
    }
    let runs = samples as f64;
    let largest = from_fn(|lane| totals.iter().map(|total| total[lane]).fold(0.0, f64::max) / runs);
    let utility = discount.map(|factor| releases.iter().rev().fold(0.0, |sum, release| sum * factor + 0.4 * release));
    let jumps = releases.windows(2).filter(|pair| (pair[1] - pair[0]).abs() > 0.02).count();
    let inertia = [jumps as f64 / (YEARS - 1) as f64; LANES];
    [largest, utility, inertia, below.map(|below| below / (runs * YEARS as f64))]
}
