//! What is forecast: every observable of WORLD that somebody will publish, read off a run of the world.

use units::Problem;
use world::{Trajectory, Variable, World};

use super::{FREEZE, QUARTERS};

/// How a series is read off a run, in a quarter by its index.
type Read = Box<dyn Fn(&Trajectory, usize) -> f64 + Sync + Send>;

/// One series to be.
pub struct Observable {
    /// Its name in a table of facts; the unit is its suffix where it is not that of a share or of months.
    pub variable: String,
    /// The bloc, or `world`.
    pub bloc: String,
    /// Its unit.
    pub unit: String,
    read: Read,
}

impl Observable {
    fn new(variable: impl Into<String>, bloc: impl Into<String>, unit: &str, read: Read) -> Self {
        Self { variable: variable.into(), bloc: bloc.into(), unit: unit.into(), read }
    }

    /// Its values from the last quarter of history on.
    pub fn read(&self, run: &Trajectory) -> Vec<f64> {
        let last = run.at(FREEZE).unwrap_or(0);
        (0..=QUARTERS).map(|ahead| (self.read)(run, last + ahead)).collect()
    }
}

/// All of them.
///
/// # Errors
/// A bloc or vendor that the world has not.
pub fn all(world: &World) -> Result<Vec<Observable>, Problem> {
    let mut all = sales(world)?;
    all.extend(by_bloc(world));
    all.extend(published(world));
    all.extend(models(world)?);
    Ok(all)
}

/// What vendors sell and China's share of what is bought, in both currencies (E11, E16).
fn sales(world: &World) -> Result<Vec<Observable>, Problem> {
    let mut all = Vec::new();
    for (vendor, name) in [("NVIDIA", "nvidia"), ("AMD", "amd"), ("Google", "tpu"), ("Huawei", "huawei")] {
        let missing = || Problem::new("no_data", format!("the world has no vendor '{vendor}'"));
        let index = world.vendors().iter().position(|known| known == vendor).ok_or_else(missing)?;
        for (currency, variable) in [("flop_per_s", Variable::VendorFlop), ("byte_per_s", Variable::VendorByte)] {
            let read: Read = Box::new(move |run, at| run.vendor(variable, index)[at]);
            all.push(Observable::new(format!("{name}_sales_{currency}"), "world", variable.unit(), read));
        }
    }
    let china = bloc(world, "china")?;
    for (currency, variable) in [("flop", Variable::SalesFlop), ("bandwidth", Variable::SalesByte)] {
        let name = format!("china_share_of_sales_{currency}_fraction");
        let read: Read = Box::new(move |run, at| run.get(variable, china)[at] / run.get(variable, run.world())[at]);
        all.push(Observable::new(name, "china", "fraction", read));
    }
    Ok(all)
}

/// AI capital, the price of a token at fixed quality and tokens, by bloc (E17, E5, E6).
fn by_bloc(world: &World) -> Vec<Observable> {
    let variables = [Variable::AiCapex, Variable::ServicePrice, Variable::TokensUsed];
    let blocs = world.options().blocs.iter().enumerate();
    let of = |(index, spec): (usize, &world::BlocSpec)| {
        variables.map(|variable| {
            let read: Read = Box::new(move |run, at| run.get(variable, index)[at]);
            Observable::new(variable.name(), &spec.name, variable.unit(), read)
        })
    };
    blocs.flat_map(of).collect()
}

/// Adoption as each survey sees it, the cheapest price of a level, spending of the clouds (E23).
fn published(world: &World) -> Vec<Observable> {
    let of = |series: &world::PublishedName| {
        let (variable, name) = (series.variable, series.name.clone());
        let (what, unit) = match variable {
            Variable::AdoptionPublished => ("adoption", "fraction"),
            Variable::TokenPrice => ("token_price", "usd_per_mtok"),
            _ => ("cloud_capex", "usd_per_year"),
        };
        let bloc = series.bloc.clone().unwrap_or_else(|| "world".into());
        let shown = format!("{what}_{name}_{unit}");
        // No survey finds more than everybody, whatever the factor by which it sees adoption.
        let most = if variable == Variable::AdoptionPublished { 1.0 } else { f64::INFINITY };
        let read: Read =
            Box::new(move |run, at| run.published(variable, &name).map_or(f64::NAN, |shown| shown[at].min(most)));
        Observable::new(shown, bloc, variable.unit(), read)
    };
    world.trajectory().published_names().iter().map(of).collect()
}

/// Open models and Chinese open ones among the tokens of blocs outside China (E8); months by which the best Chinese
/// model trails (E2).
fn models(world: &World) -> Result<Vec<Observable>, Problem> {
    let mut all = Vec::new();
    let (china, origins) = (bloc(world, "china")?, world.options().blocs.len());
    for user in ["us", "rest"] {
        let index = bloc(world, user)?;
        let open: Read =
            Box::new(move |run, at| (0..origins).map(|origin| run.ecosystem(index, origin, true)[at]).sum());
        all.push(Observable::new("open_model_share_fraction", user, "fraction", open));
        let chinese: Read = Box::new(move |run, at| run.ecosystem(index, china, true)[at]);
        all.push(Observable::new("chinese_open_model_share_fraction", user, "fraction", chinese));
    }
    let lag: Read = Box::new(move |run, at| run.get(Variable::CapabilityLag, china)[at]);
    all.push(Observable::new(Variable::CapabilityLag.name(), "china", Variable::CapabilityLag.unit(), lag));
    Ok(all)
}

fn bloc(world: &World, name: &str) -> Result<usize, Problem> {
    world.bloc(name).ok_or_else(|| Problem::new("no_data", format!("the world has no bloc '{name}'")))
}
