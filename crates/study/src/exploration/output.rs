//! What is read from a run of the world: `VARIABLE@BLOC@QUARTER`.
//!
//! ```text
//! value_usd_per_year@china@2035Q4             a variable of a bloc, or of the aggregate `world`, in a quarter
//! adoption_fraction.healthcare@us@2030Q4      of a sector
//! ecosystem_share_fraction.china.open@rest@2030Q4   of the models of an origin and openness
//! vendor_sales_units@nvidia@2030Q4            of a vendor, in place of the bloc
//! tokens_served_per_s@us@2026Q1..2030Q4       the mean over quarters
//! share:tokens_served_per_s@china@2030Q4      the bloc's share of the sum of all blocs
//! ```

use explore::store::Output;
use units::{Problem, Quarter, nearest};
use world::{Dimension, Trajectory, Variable};

/// How one output is read from a trajectory.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reading {
    /// Its name, as it was asked for.
    pub name: String,
    variable: Variable,
    series: Series,
    /// Indices of the first and the last quarter.
    quarters: (usize, usize),
    share: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Series {
    Bloc(usize),
    Sector(usize, usize),
    Ecosystem { user: usize, origin: usize, open: bool },
    Vendor(usize),
}

impl Reading {
    /// Reads a name, given the shape of a trajectory.
    ///
    /// # Errors
    /// Whatever of it is not there, with what is.
    pub fn parse(text: &str, like: &Trajectory) -> Result<Self, Problem> {
        let problem = |code, message: String| Problem::new(code, message).key("--outputs");
        let mut parts = text.split('@');
        let (Some(what), Some(place), Some(when), None) = (parts.next(), parts.next(), parts.next(), parts.next())
        else {
            let message =
                format!("'{text}' is no output; write VARIABLE@BLOC@QUARTER, as value_usd_per_year@china@2030Q4");
            return Err(problem("bad_output", message));
        };
        let (share, what) = what.strip_prefix("share:").map_or((false, what), |what| (true, what));
        let mut detail = what.split('.');
        let name = detail.next().unwrap_or_default();
        let detail: Vec<&str> = detail.collect();
        let Some(variable) = Variable::ALL.into_iter().find(|variable| variable.name() == name) else {
            let near = nearest(name, Variable::ALL.map(Variable::name));
            let message = format!("'{text}': '{name}' is no variable{}", near_it(&near));
            let whole = near.first().map(|near| text.replacen(name, near, 1));
            return Err(problem("unknown_variable", message).suggest(whole));
        };
        if share && !(variable.dimension() == Dimension::Bloc && is_sum(variable)) {
            return Err(problem("bad_output", format!("'{text}': {name} of the blocs does not add up to a whole")));
        }
        let bloc = |id: &str| find(text, "bloc", id, like.blocs().iter().map(String::as_str).chain(["world"]));
        let series = match (variable.dimension(), detail.as_slice()) {
            (Dimension::Bloc, []) => Series::Bloc(bloc(place)?),
            (Dimension::BlocSector, []) => Series::Sector(bloc(place)?, like.sectors().len()),
            (Dimension::BlocSector, [sector]) => {
                let names = like.sectors().iter().map(String::as_str).chain(["all"]);
                Series::Sector(bloc(place)?, find(text, "sector", sector, names)?)
            }
            (Dimension::BlocOriginOpenness, [origin, openness]) => Series::Ecosystem {
                user: find(text, "bloc", place, like.blocs().iter().map(String::as_str))?,
                origin: find(text, "origin", origin, like.blocs().iter().map(String::as_str))?,
                open: find(text, "openness", openness, ["closed", "open"].into_iter())? == 1,
            },
            (Dimension::BlocOriginOpenness, _) => {
                let message = format!("'{text}': write {name}.ORIGIN.open or {name}.ORIGIN.closed");
                return Err(problem("bad_output", message));
            }
            (Dimension::Vendor, []) => {
                Series::Vendor(find(text, "vendor", place, like.vendors().iter().map(String::as_str))?)
            }
            (_, _) => {
                let message = format!("'{text}': {name} has no '{}'", detail.join("."));
                return Err(problem("bad_output", message));
            }
        };
        let quarter = |part: &str| -> Result<usize, Problem> {
            let quarter: Quarter = part.parse().map_err(|error: Problem| {
                Problem::new(error.code, format!("'{text}': {}", error.message)).key("--outputs")
            })?;
            like.at(quarter).ok_or_else(|| {
                let (first, last) = (like.quarters().first(), like.quarters().last());
                let span = first.zip(last).map_or_else(String::new, |(first, last)| format!(" {first} to {last}"));
                problem("outside_run", format!("'{text}': {quarter} is not in the run{span}"))
            })
        };
        let (from, until) = when.split_once("..").unwrap_or((when, when));
        let quarters = (quarter(from)?, quarter(until)?);
        if quarters.0 > quarters.1 {
            return Err(problem("bad_output", format!("'{text}': {from} is after {until}")));
        }
        Ok(Self { name: text.into(), variable, series, quarters, share })
    }

    /// What is written of it in a manifest.
    pub fn output(&self) -> Output {
        let unit = if self.share { "fraction" } else { self.variable.unit() };
        Output { name: self.name.clone(), unit: unit.into() }
    }

    /// Its value in a run.
    pub fn read(&self, run: &Trajectory) -> f64 {
        let mean = |series: &[f64]| {
            let quarters = &series[self.quarters.0..=self.quarters.1];
            quarters.iter().sum::<f64>() / quarters.len() as f64
        };
        let value = mean(match self.series {
            Series::Bloc(bloc) => run.get(self.variable, bloc),
            Series::Sector(bloc, sector) => run.sector(self.variable, bloc, sector),
            Series::Ecosystem { user, origin, open } => run.ecosystem(user, origin, open),
            Series::Vendor(vendor) => run.vendor(self.variable, vendor),
        });
        if self.share { value / mean(run.get(self.variable, run.world())) } else { value }
    }
}

/// Whether the aggregate of all blocs is their sum.
fn is_sum(variable: Variable) -> bool {
    ["FLOP/s", "byte/s", "bytes", "chips", "token/s", "USD/year"].contains(&variable.unit())
        && variable != Variable::EffectiveTrainFlop
}

fn find<'a>(text: &str, kind: &str, id: &str, names: impl Iterator<Item = &'a str>) -> Result<usize, Problem> {
    let names: Vec<&str> = names.collect();
    names.iter().position(|name| *name == id).ok_or_else(|| {
        let near = nearest(id, &names);
        let message = format!("'{text}': '{id}' is no {kind}; use one of {}", names.join(", "));
        let whole = near.first().map(|near| text.replacen(id, near, 1));
        Problem::new("bad_output", message).key("--outputs").suggest(whole)
    })
}

fn near_it(near: &[String]) -> String {
    if near.is_empty() { String::new() } else { format!("; near it: {}", near.join(", ")) }
}

/// What the built-in study reads where nothing else is asked for: of each bloc at the horizon what its use of AI is worth,
/// how far it is adopted, what a token costs, what its fleet serves, its share of what is served, and its capability.
pub fn default_outputs(like: &Trajectory, horizon: Quarter) -> Vec<String> {
    const OF_EACH_BLOC: [&str; 6] = [
        "value_usd_per_year",
        "adoption_fraction",
        "service_price_usd_per_mtok",
        "tokens_served_per_s",
        "share:tokens_served_per_s",
        "capability_index",
    ];
    let last = like.quarters().last().copied().unwrap_or(horizon);
    let at = horizon.min(last);
    like.blocs().iter().flat_map(|bloc| OF_EACH_BLOC.map(|what| format!("{what}@{bloc}@{at}"))).collect()
}
