//! What runs its own course whatever happens: trends by quarter, worked out once for a future.

use super::PerBloc;
use crate::{
    MAX_BLOCS, World,
    equations::{DT, supply},
    parameters::Parameters,
};

/// Trends, by quarter since 2022Q1.
pub(crate) struct Paths {
    /// Share of the growth of the end of history that is left, for what fades (E17, E11).
    pub fade: Vec<f64>,
    /// Tokens per adopter beyond price, over those of the end of history (E6).
    pub intensity: Vec<f64>,
    /// Serving throughput by software, over that of the end of history (E5).
    pub software: Vec<f64>,
    /// Product without AI by bloc [USD/year] (E13).
    pub gdp_usd: Vec<PerBloc>,
}

impl Paths {
    pub fn new(world: &World, p: &Parameters) -> Self {
        let quarters = world.quarters();
        let end = world.span.known - 1;
        let years = |quarter: usize| (quarter as f64 - end as f64) * DT;
        let half_life = p.capital_growth_half_life_years;
        let a_quarter = 0.5_f64.powf(DT / half_life);
        let software_quarter = p.serving_software_per_year.powf(DT);
        let mut growth = [1.0; MAX_BLOCS];
        let mut gdp = [0.0; MAX_BLOCS];
        for (bloc, entry) in world.blocs.iter().enumerate() {
            let yearly = 1.0 + entry.mean(&p.gdp_growth_per_year);
            growth[bloc] = yearly.powf(DT);
            // The figure is that of the year 2025, whose middle lies one and a half quarters before that of 2025Q4.
            gdp[bloc] = entry.gdp_usd * yearly.powf(years(0) + 0.375);
        }
        let mut paths = Self {
            fade: Vec::with_capacity(quarters),
            intensity: Vec::with_capacity(quarters),
            software: Vec::with_capacity(quarters),
            gdp_usd: Vec::with_capacity(quarters),
        };
        let (mut fade, mut software) = (1.0, p.serving_software_per_year.powf(years(0)));
        let ln_intensity = p.intensity_growth_per_year.ln();
        for quarter in 0..quarters {
            paths.fade.push(fade);
            paths.software.push(software);
            paths.gdp_usd.push(gdp);
            paths.intensity.push((ln_intensity * supply::effective_years(half_life, years(quarter), fade)).exp());
            if quarter >= end {
                fade *= a_quarter;
            }
            software *= software_quarter;
            for (gdp, growth) in gdp.iter_mut().zip(growth) {
                *gdp *= growth;
            }
        }
        paths
    }
}
