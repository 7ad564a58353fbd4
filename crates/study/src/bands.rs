//! Bands: quantiles of series over futures, with bounded memory.
//!
//! Values are kept as f32 (seven digits, far more than any band means) for at most [`MOST_KEPT`] futures: the rows of a
//! Latin hypercube come in random order, so that the first of them are a fair sample of all.

use explore::statistics::Sorted;
use rayon::prelude::*;
use units::Quarter;
use world::{Dimension, Trajectory, Variable};

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

/// Which series are kept.
#[derive(Clone, Debug)]
pub struct Chosen {
    series: Vec<(world::SeriesInfo, Place)>,
}

/// Where a series stands in a run: found once by name, then read by index.
#[derive(Clone, Copy, Debug)]
enum Place {
    Bloc(Variable, usize),
    Sector(Variable, usize, usize),
    Ecosystem(usize, usize, bool),
    Vendor(Variable, usize),
    Published(Variable, usize),
}

impl Place {
    /// The place of a series; a bloc or sector that is not listed is the aggregate, which follows the last one.
    fn of(run: &Trajectory, info: &world::SeriesInfo) -> Self {
        let index = |names: &[String], name: Option<&String>| {
            names.iter().position(|known| Some(known) == name).unwrap_or(names.len())
        };
        let bloc = index(run.blocs(), info.bloc.as_ref());
        match info.variable.dimension() {
            Dimension::Bloc => Self::Bloc(info.variable, bloc),
            Dimension::BlocSector => Self::Sector(info.variable, bloc, index(run.sectors(), info.sector.as_ref())),
            Dimension::BlocOriginOpenness => {
                Self::Ecosystem(bloc, index(run.blocs(), info.origin.as_ref()), info.openness == Some("open"))
            }
            Dimension::Vendor => Self::Vendor(info.variable, index(run.vendors(), info.origin.as_ref())),
            Dimension::Published => {
                let names = run.published_names().iter().filter(|series| series.variable == info.variable);
                let names: Vec<String> = names.map(|series| series.name.clone()).collect();
                Self::Published(info.variable, index(&names, info.origin.as_ref()))
            }
        }
    }

    fn read(self, run: &Trajectory) -> &[f64] {
        match self {
            Self::Bloc(variable, bloc) => run.get(variable, bloc),
            Self::Sector(variable, bloc, sector) => run.sector(variable, bloc, sector),
            Self::Ecosystem(bloc, origin, open) => run.ecosystem(bloc, origin, open),
            Self::Vendor(variable, vendor) => run.vendor(variable, vendor),
            Self::Published(variable, index) => run.published_at(variable, index),
        }
    }
}

impl Chosen {
    /// Those of the brief.
    pub fn for_brief(run: &Trajectory) -> Self {
        Self::by(run, |info| {
            // Value by sector is adoption by sector times constants: the whole economy is enough.
            BRIEF.contains(&info.variable) && !(info.variable == Variable::Value && info.sector.is_some())
        })
    }

    /// All of them.
    pub fn all(run: &Trajectory) -> Self {
        Self::by(run, |_| true)
    }

    fn by(run: &Trajectory, wanted: impl Fn(&world::SeriesInfo) -> bool) -> Self {
        let all = run.all().into_iter().map(|(info, _)| info);
        Self { series: all.filter(wanted).map(|info| (info.clone(), Place::of(run, &info))).collect() }
    }

    /// Numbers of one run.
    pub fn values(&self, run: &Trajectory) -> Vec<f32> {
        self.series.iter().flat_map(|(_, place)| place.read(run).iter().map(|value| *value as f32)).collect()
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

    /// The bands of every chosen series. `like` is any run of the same world: it has its quarters.
    pub fn bands(&self, chosen: &Chosen, like: &Trajectory, id: &str, policy_start: Quarter) -> PolicySeries {
        let quarters = like.quarters().len();
        let band = |(position, (info, _)): (usize, &(world::SeriesInfo, Place))| {
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
            series(info, p50, several.then_some((p5, p95)))
        };
        PolicySeries { id: id.into(), policy_start, series: chosen.series.par_iter().enumerate().map(band).collect() }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn seven_digits_are_kept_and_no_noise() {
        assert_eq!(rounded(f64::from(0.1_f32)), 0.1);
        assert_eq!(rounded(1.234_567_891e23), 1.234_568e23);
        assert_eq!(rounded(0.0), 0.0);
    }
}
