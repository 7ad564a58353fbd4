//! What is forecast: every observable of WORLD that somebody will publish, read off a run of the world.

use facts::{Facts, Select};
use units::Problem;
use world::{Trajectory, Variable, World};

use super::{FREEZE, QUARTERS};

/// One series to be.
pub struct Observable {
    /// Its name in a table of facts.
    pub variable: String,
    /// The bloc, or `world`.
    pub bloc: String,
    /// Its unit.
    pub unit: String,
    read: Box<dyn Fn(&Trajectory, usize) -> f64 + Sync + Send>,
}

impl Observable {
    /// Its values from the last quarter of history on.
    pub fn read(&self, run: &Trajectory) -> Vec<f64> {
        let last = run.at(FREEZE).unwrap_or(0);
        (0..=QUARTERS).map(|ahead| (self.read)(run, last + ahead)).collect()
    }
}

/// All of them.
///
/// # Errors
/// A figure of 2025 that the tables lack, by which a series is anchored.
pub fn all(world: &World, facts: &Facts) -> Result<Vec<Observable>, Problem> {
    let mut all = Vec::new();
    let mut add = |variable: &str, bloc: &str, unit: &str, read: Box<dyn Fn(&Trajectory, usize) -> f64 + Sync + Send>| {
        all.push(Observable { variable: variable.into(), bloc: bloc.into(), unit: unit.into(), read });
    };
    // Sales of vendors, in both currencies.
    for (vendor, name) in [("NVIDIA", "nvidia"), ("AMD", "amd"), ("Google", "tpu"), ("Huawei", "huawei")] {
        let missing = || Problem::new("no_data", format!("the world has no vendor '{vendor}'"));
        let index = world.vendors().iter().position(|known| known == vendor).ok_or_else(missing)?;
        for (currency, variable) in [("flop_per_s", Variable::VendorFlop), ("byte_per_s", Variable::VendorByte)] {
            let unit = variable.unit();
            let name = format!("{name}_sales_{currency}");
            add(&name, "world", unit, Box::new(move |run, at| run.vendor(variable, index)[at]));
        }
    }
    // China's share of what is bought, in both currencies.
    let china = bloc(world, "china")?;
    for (currency, variable) in [("flop", Variable::SalesFlop), ("bandwidth", Variable::SalesByte)] {
        let name = format!("china_share_of_sales_{currency}_fraction");
        let share = move |run: &Trajectory, at: usize| run.get(variable, china)[at] / run.get(variable, run.world())[at];
        add(&name, "china", "fraction", Box::new(share));
    }
    for (index, spec) in world.options().blocs.iter().enumerate() {
        let capital = move |run: &Trajectory, at: usize| run.get(Variable::AiCapex, index)[at];
        add("ai_capex_usd_per_year", &spec.name, "USD/year", Box::new(capital));
        let price = move |run: &Trajectory, at: usize| run.get(Variable::ServicePrice, index)[at];
        add("token_price_usd_per_mtok", &spec.name, "USD/Mtok", Box::new(price));
        let tokens = move |run: &Trajectory, at: usize| run.get(Variable::TokensUsed, index)[at];
        add("tokens_used_per_s", &spec.name, "token/s", Box::new(tokens));
    }
    // The cloud firms' spending moves with the capital of their bloc (E17, E23).
    let us = bloc(world, "us")?;
    let clouds = last(facts, &Select::series("capex_cash_sum4_usd"))?;
    let cloud = move |run: &Trajectory, at: usize| {
        let series = run.get(Variable::AiCapex, us);
        clouds * series[at] / series[run.at(FREEZE).unwrap_or(at)]
    };
    add("cloud_capex_usd", "us", "USD", Box::new(cloud));
    // Adoption as each survey sees it (E23).
    let surveys = [
        ("users_15_to_64_microsoft_fraction", "us", "us", "genai_users_fraction", Some("persons 15-64"), us),
        ("users_15_to_64_microsoft_fraction", "china", "china", "genai_users_fraction", Some("persons 15-64"), china),
        ("users_6_and_older_cnnic_fraction", "china", "china", "genai_users_fraction", Some("persons 6+"), china),
        ("enterprises_10_and_more_eurostat_fraction", "EU", "EU", "ai_use_fraction", Some("enterprises 10+"), bloc(world, "rest")?),
    ];
    for (variable, shown, in_table, series, entity, index) in surveys {
        let select = Select { bloc: Some(in_table), entity, sector: Some("all"), ..Select::series(series) };
        let anchor = last(facts, &select)?;
        let seen = move |run: &Trajectory, at: usize| {
            let adoption = run.sector(Variable::Adoption, index, run.sectors().len());
            (anchor * adoption[at] / adoption[run.at(FREEZE).unwrap_or(at)]).min(1.0)
        };
        add(variable, shown, "fraction", Box::new(seen));
    }
    // Open models and Chinese open ones among the tokens of each bloc outside China (E8).
    for spec in ["us", "rest"] {
        let user = bloc(world, spec)?;
        let origins = world.options().blocs.len();
        let open = move |run: &Trajectory, at: usize| (0..origins).map(|origin| run.ecosystem(user, origin, true)[at]).sum();
        add("open_model_share_fraction", spec, "fraction", Box::new(open));
        let chinese = move |run: &Trajectory, at: usize| run.ecosystem(user, china, true)[at];
        add("chinese_open_model_share_fraction", spec, "fraction", Box::new(chinese));
    }
    // Months by which China's best model trails the frontier (E2).
    let lag = move |run: &Trajectory, at: usize| {
        let index = |bloc: usize| run.get(Variable::CapabilityIndex, bloc);
        months_behind(index(run.world()), index(china)[at], at)
    };
    add("capability_lag_months", "china", "months", Box::new(lag));
    Ok(all)
}

fn bloc(world: &World, name: &str) -> Result<usize, Problem> {
    world.bloc(name).ok_or_else(|| Problem::new("no_data", format!("the world has no bloc '{name}'")))
}

/// The last figure of a series.
fn last(facts: &Facts, select: &Select<'_>) -> Result<f64, Problem> {
    let found = select.from(&facts.history).into_iter().max_by_key(|figure| figure.period);
    found.map(|figure| figure.value).ok_or_else(|| Problem::new("no_data", format!("there is no {}", select.series)))
}

/// Months since the frontier was where the follower is: linear between quarters, and beyond the first quarter by the
/// frontier's first step.
fn months_behind(frontier: &[f64], follower: f64, at: usize) -> f64 {
    let mut quarter = at;
    while quarter > 0 && frontier[quarter - 1] > follower {
        quarter -= 1;
    }
    let before = quarter.saturating_sub(1);
    let step = frontier[before + 1] - frontier[before];
    let inside = if step > 0.0 { (frontier[before + 1] - follower) / step } else { 0.0 };
    ((at as f64 - (before + 1) as f64 + inside) * 3.0).max(0.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn months_behind_are_read_off_the_frontier_s_past() {
        let frontier = [0.0, 0.1, 0.2, 0.3, 0.4];
        assert!((months_behind(&frontier, 0.2, 4) - 6.0).abs() < 1e-9);
        assert!((months_behind(&frontier, 0.25, 4) - 4.5).abs() < 1e-9);
        assert_eq!(months_behind(&frontier, 0.4, 4), 0.0);
        assert!((months_behind(&frontier, -0.1, 4) - 15.0).abs() < 1e-9);
    }
}
