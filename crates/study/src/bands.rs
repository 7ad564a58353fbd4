//! Bands: quantiles of series over futures, with bounded memory.
//!
//! Values are kept as f32 (seven digits, far more than any band means) for at most [`MOST_KEPT`] futures: the rows of a
//! Latin hypercube come in random order, so that the first of them are a fair sample of all.

use explore::statistics::Sorted;
use rayon::prelude::*;
use units::Quarter;
use world::{Trajectory, Variable};

use crate::findings::{PolicySeries, Series};

/// Most futures whose series are kept.
pub const MOST_KEPT: u64 = 1000;

/// The variables whose series the brief keeps; `world` prints all.
const BRIEF: [Variable; 15] = [
    Variable::FleetFlop,
    Variable::FleetByte,
    Variable::SalesFlop,
    Variable::SalesByte,
    Variable::TrainFlop,
    Variable::EffectiveTrainFlop,
    Variable::ServeCapacity,
    Variable::TokensUsed,
    Variable::Utilisation,
    Variable::ServicePrice,
    Variable::ServiceCost,
    Variable::Adoption,
    Variable::Value,
    Variable::EcosystemShare,
    Variable::AiCapex,
];

/// Which series are kept, by their index in [`Trajectory::all`].
#[derive(Clone, Debug)]
pub struct Chosen {
    indices: Vec<usize>,
}

impl Chosen {
    /// Those of the brief.
    pub fn for_brief(run: &Trajectory) -> Self {
        let kept = |(index, (info, _)): (usize, (world::SeriesInfo, &[f64]))| {
            let wanted = BRIEF.contains(&info.variable)
                // Value by sector is adoption by sector times constants: the whole economy is enough.
                && !(info.variable == Variable::Value && info.sector.is_some());
            wanted.then_some(index)
        };
        Self { indices: run.all().into_iter().enumerate().filter_map(kept).collect() }
    }

    /// All of them.
    pub fn all(run: &Trajectory) -> Self {
        Self { indices: (0..run.all().len()).collect() }
    }

    /// Numbers of one run.
    pub fn values(&self, run: &Trajectory) -> Vec<f32> {
        let all = run.all();
        self.indices.iter().flat_map(|index| all[*index].1.iter().map(|value| *value as f32)).collect()
    }
}

/// The values of one policy: future by future, in it series by series, in it quarter by quarter.
#[derive(Clone, Debug, Default)]
pub struct Kept {
    futures: Vec<Vec<f32>>,
}

impl Kept {
    /// Adds a future.
    pub fn push(&mut self, values: Vec<f32>) {
        self.futures.push(values);
    }

    /// The bands of every chosen series. `like` is any run of the same world: it names the series.
    pub fn bands(&self, chosen: &Chosen, like: &Trajectory, id: &str, policy_start: Quarter) -> PolicySeries {
        let quarters = like.quarters().len();
        let all = like.all();
        let band = |(position, index): (usize, &usize)| {
            let mut bands: [Vec<f64>; 3] = std::array::from_fn(|_| Vec::with_capacity(quarters));
            for quarter in 0..quarters {
                let place = position * quarters + quarter;
                let values = self.futures.iter().map(|future| f64::from(future[place])).collect();
                let sorted = Sorted::new(values);
                for (band, share) in bands.iter_mut().zip([0.05, 0.5, 0.95]) {
                    let value = sorted.as_ref().and_then(|sorted| sorted.quantile(share));
                    band.push(rounded(value.unwrap_or(f64::NAN)));
                }
            }
            let [p5, p50, p95] = bands;
            let several = self.futures.len() > 1;
            series(&all[*index].0, p50, several.then_some((p5, p95)))
        };
        PolicySeries { id: id.into(), policy_start, series: chosen.indices.par_iter().enumerate().map(band).collect() }
    }
}

/// A series in the shape of the contract.
fn series(info: &world::SeriesInfo, p50: Vec<f64>, ends: Option<(Vec<f64>, Vec<f64>)>) -> Series {
    let (p5, p95) = ends.unzip();
    Series {
        variable: info.variable.name().into(),
        bloc: info.bloc.clone(),
        sector: info.sector.clone(),
        origin: info.origin.clone(),
        openness: info.openness.map(str::to_string),
        unit: info.variable.unit().into(),
        p5,
        p50,
        p95,
    }
}

/// Seven significant digits: what an f32 holds, and no noise behind them.
pub fn rounded(value: f64) -> f64 {
    format!("{value:.6e}").parse().unwrap_or(value)
}
