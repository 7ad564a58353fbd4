//! Blocs: a partition of the world's countries.

use facts::{Facts, Select};
use rules::Iso2;
use units::{Problem, Problems};

use crate::{
    regions::{ByRegion, REGIONS, REST},
    tables::Tables,
};

/// The most blocs of a run: state is kept in arrays of this length.
pub const MAX_BLOCS: usize = 20;

/// One bloc of a partition, as a scenario names it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BlocSpec {
    /// Its name, such as `us`.
    pub name: String,
    /// Countries [ISO 3166 alpha-2]; `*` = all that no other bloc names.
    pub countries: Vec<String>,
}

impl BlocSpec {
    /// The default partition: `us`, `china` (with Hong Kong and Macau), `rest`.
    pub fn default_partition() -> Vec<Self> {
        let bloc = |name: &str, countries: &[&str]| Self {
            name: name.into(),
            countries: countries.iter().map(ToString::to_string).collect(),
        };
        vec![bloc("us", &["US"]), bloc("china", &["CN", "HK", "MO"]), bloc("rest", &["*"])]
    }

    /// Checks a partition: one to [`MAX_BLOCS`] blocs, distinct names, no country in two, exactly one `*`.
    ///
    /// # Errors
    /// All that is wrong with it.
    pub fn check(blocs: &[Self]) -> Result<(), Problems> {
        let mut problems = Problems::default();
        let mut problem = |message: String| problems.push(Problem::new("bad_blocs", message).key("blocs"));
        if blocs.is_empty() || blocs.len() > MAX_BLOCS {
            problem(format!("there are {} blocs; between 1 and {MAX_BLOCS} are simulated", blocs.len()));
        }
        for (index, bloc) in blocs.iter().enumerate() {
            if blocs[..index].iter().any(|other| other.name == bloc.name) {
                problem(format!("the bloc '{}' stands twice", bloc.name));
            }
            for country in &bloc.countries {
                let at = |other: &Self| other.countries.contains(country);
                if let Some(other) = blocs[..index].iter().find(|other| at(other)) {
                    problem(format!("'{country}' is in two blocs, '{}' and '{}'", other.name, bloc.name));
                }
            }
        }
        if !blocs.iter().any(|bloc| bloc.countries.iter().any(|country| country == "*")) {
            problem("no bloc holds '*', so some countries are in none".into());
        }
        problems.check(())
    }
}

/// What a bloc is made of, in terms of the data's regions.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Bloc {
    /// Share of each region's product that is the bloc's; counts are shared out by it [fraction].
    pub share: ByRegion,
    /// Weights over regions, by product, for averages of rates; they sum to one.
    pub weight: ByRegion,
    /// Product in 2025 [USD/year].
    pub gdp_usd: f64,
    /// Population [persons].
    pub population: f64,
    /// Shares of the sectors in value added; they sum to one.
    pub sector_share: Vec<f64>,
    /// Where its chips go, with weights that sum to one, and the group of each.
    pub destinations: Vec<(Iso2, f64, usize)>,
}

impl Bloc {
    /// The average of a rate over the bloc's regions.
    pub fn mean(&self, figure: &ByRegion) -> f64 {
        self.weight.iter().zip(figure).map(|(weight, value)| weight * value).sum()
    }

    /// The bloc's part of a count by region.
    pub fn part(&self, figure: &ByRegion) -> f64 {
        self.share.iter().zip(figure).map(|(share, value)| share * value).sum()
    }
}

/// Resolves a partition against the countries, sectors and economies of the data.
pub(crate) fn resolve(specs: &[BlocSpec], tables: &Tables, facts: &Facts) -> Result<Vec<Bloc>, Problems> {
    let mut problems = Problems::default();
    let mut macro_figure = |series: &str, region: usize| {
        let select = Select { bloc: Some(REGIONS[region]), ..Select::series(series) };
        let latest = select.from(&facts.macro_economy).into_iter().max_by_key(|figure| figure.period);
        if latest.is_none() {
            let message = format!("the macro table has no '{series}' of {}", REGIONS[region]);
            problems.push(Problem::new("missing_figure", message).file("data/macro.csv"));
        }
        latest.map_or(1.0, |figure| figure.value)
    };
    let gdp: ByRegion = std::array::from_fn(|region| macro_figure("gdp_imf_usd_per_year", region));
    let population: ByRegion = std::array::from_fn(|region| macro_figure("population_persons", region));
    let sector_share: Vec<Vec<f64>> =
        (0..REGIONS.len()).map(|region| sector_shares(region, tables, facts, &mut problems)).collect();
    let member = |country: &Iso2| {
        let named = specs.iter().position(|spec| spec.countries.iter().any(|code| code == country.as_str()));
        named.or_else(|| specs.iter().position(|spec| spec.countries.iter().any(|code| code == "*")))
    };
    let blocs = (0..specs.len())
        .map(|index| {
            // What no row of the table names belongs to whoever holds '*'.
            let holds_rest = specs[index].countries.iter().any(|code| code == "*");
            let share: ByRegion = std::array::from_fn(|region| {
                let of_region = || tables.destinations.iter().filter(move |row| row.region == region);
                let named: f64 = of_region().map(|row| row.gdp_usd).sum();
                let own: f64 =
                    of_region().filter(|row| member(&row.country) == Some(index)).map(|row| row.gdp_usd).sum();
                let total = if region == REST { gdp[region].max(named) } else { named };
                let unnamed = if holds_rest { total - named } else { 0.0 };
                (own + unnamed) / total
            });
            let gdp_usd: f64 = (0..REGIONS.len()).map(|region| share[region] * gdp[region]).sum();
            let weight: ByRegion = std::array::from_fn(|region| share[region] * gdp[region] / gdp_usd.max(1.0));
            let own: Vec<_> = tables.destinations.iter().filter(|row| member(&row.country) == Some(index)).collect();
            let total: f64 = own.iter().map(|row| row.weight * weight[row.region].max(1e-9)).sum();
            let destinations = own
                .iter()
                .map(|row| (row.country, row.weight * weight[row.region].max(1e-9) / total, row.group))
                .collect();
            Bloc {
                share,
                weight,
                gdp_usd,
                population: (0..REGIONS.len()).map(|region| share[region] * population[region]).sum(),
                sector_share: (0..tables.sectors.len())
                    .map(|sector| (0..REGIONS.len()).map(|region| weight[region] * sector_share[region][sector]).sum())
                    .collect(),
                destinations,
            }
        })
        .collect::<Vec<_>>();
    for (bloc, spec) in blocs.iter().zip(specs) {
        if bloc.gdp_usd <= 0.0 || bloc.destinations.is_empty() {
            let message =
                format!("the economy of the bloc '{}' is not known: none of its countries is in the data", spec.name);
            problems.push(
                Problem::new("unknown_economy", message).key("blocs").suggest(Some("region_countries.csv".into())),
            );
        }
    }
    problems.check(blocs)
}

/// Shares of value added by sector, the last one being what the others leave. Education in the United States
/// counts public schools, as elsewhere (the value-added table has them in government).
fn sector_shares(region: usize, tables: &Tables, facts: &Facts, problems: &mut Problems) -> Vec<f64> {
    let latest = |series: &str, sector: &str| {
        let select = Select { bloc: Some(REGIONS[region]), sector: Some(sector), ..Select::series(series) };
        select.from(&facts.sectors).into_iter().max_by_key(|figure| figure.period).map(|figure| figure.value)
    };
    let mut shares = Vec::new();
    let count = tables.sectors.len();
    for sector in &tables.sectors[..count.saturating_sub(1)] {
        let share = latest("value_added_share_incl_public_fraction", &sector.id)
            .or_else(|| latest("value_added_share_fraction", &sector.id));
        shares.push(share.unwrap_or_else(|| {
            let message = format!("there is no value added of '{}' in {}", sector.id, REGIONS[region]);
            problems.push(Problem::new("missing_figure", message).file("data/sectors.csv"));
            0.1
        }));
    }
    if count > 0 {
        shares.push(1.0 - shares.iter().sum::<f64>());
    }
    shares
}
