//! The model beside history, 2022 to 2025 (E23): each published figure with what the model says of it.

use facts::{Facts, Figure, Select};
use units::Quarter;

use crate::{Trajectory, Variable, World, history, parameters::Parameters, published, world::quarter_index};

/// One published figure.
#[derive(Clone, Debug, PartialEq)]
pub struct Observation {
    /// The series, such as `china_sales_byte_per_s`.
    pub series: String,
    /// The bloc; `None` = the world.
    pub bloc: Option<String>,
    /// The unit.
    pub unit: String,
    /// Where it is from.
    pub source: String,
    /// Whose view it is, where sources disagree.
    pub camp: Option<String>,
    /// When.
    pub quarter: Quarter,
    /// The figure.
    pub observed: f64,
    /// Its low end, where one was published.
    pub low: Option<f64>,
    /// Its high end.
    pub high: Option<f64>,
    /// Whether the model was anchored on it, or reads it, so that it is no test.
    pub anchor: bool,
    /// How the model sees it.
    kind: Kind,
}

/// How the model sees a figure.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Kind {
    /// China's share of all chips sold since 2022, by operations or bandwidth.
    ChinaShare(Variable),
    /// A variable of a bloc as it is.
    Variable(Variable),
    /// NVIDIA's data-centre revenue of a quarter: its chips at their list price, and the networks sold with them.
    VendorRevenue,
    /// A published series (E23), by its place in [`crate::published`]; its figures are the series' over this.
    Published(usize, f64),
    /// Ratio of a variable to its value at the last figure.
    Index(Variable, Quarter, f64),
    /// Share of open models, or of Chinese open ones, outside China.
    OpenShare(bool),
}

/// The figures of history that the model is held against.
pub(crate) fn observations(facts: &Facts) -> Vec<Observation> {
    let mut found = Vec::new();
    let mut add = |name: &str, select: Select, anchor_last: bool, kind: &dyn Fn(&Figure) -> Kind| {
        let mut figures = select.from(&facts.history);
        figures.retain(|figure| (history::FIRST..=history::LAST).contains(&figure.period.quarter()));
        figures.sort_by_key(|figure| figure.period);
        let Some(last) = figures.last().copied() else { return };
        for figure in figures {
            found.push(Observation {
                series: name.to_string(),
                bloc: Some(figure.bloc.clone()).filter(|bloc| bloc != "world"),
                unit: figure.unit.clone(),
                source: figure.provenance.source.clone(),
                camp: figure.camp.clone(),
                quarter: figure.period.quarter(),
                observed: figure.value,
                low: figure.low,
                high: figure.high,
                anchor: anchor_last && figure.period == last.period,
                kind: kind(last),
            });
        }
    };
    for (name, from, variable) in [
        ("china_share_flop", "china_cumulative_share_flop_fraction", Variable::SalesFlop),
        ("china_share_bandwidth", "china_cumulative_share_bandwidth_fraction", Variable::SalesByte),
    ] {
        add(name, Select::series(from), false, &|_| Kind::ChinaShare(variable));
    }
    let nvidia = Select::series("nvidia_data_centre_revenue_usd");
    add("nvidia_data_centre_revenue", nvidia, false, &|_| Kind::VendorRevenue);
    let tokens = Select { bloc: Some("china"), ..Select::series("tokens_country_per_s") };
    add("tokens_of_china", tokens, true, &|_| Kind::Variable(Variable::TokensUsed));
    for (index, series) in published::SERIES.iter().enumerate().filter(|(_, series)| series.has_own_figures()) {
        add(series.name, series.select, true, &|_| Kind::Published(index, series.scale));
    }
    add("open_share", Select::series("openrouter_open_share_fraction"), true, &|_| Kind::OpenShare(false));
    let chinese = Select::series("openrouter_chinese_open_share_fraction");
    add("chinese_open_share", chinese, false, &|_| Kind::OpenShare(true));
    let revenue = Select { entity: Some("OpenAI"), ..Select::series("revenue_annualised_usd_per_year") };
    add("revenue_of_openai", revenue, true, &|last| {
        Kind::Index(Variable::ServingRevenue, last.period.quarter(), last.value)
    });
    found
}

/// What a run says of each observation; not a number where it was not recorded.
pub(crate) fn modelled(world: &World, p: &Parameters, trajectory: &Trajectory) -> Vec<f64> {
    world.observations().iter().map(|seen| model(world, p, trajectory, seen).unwrap_or(f64::NAN)).collect()
}

fn model(world: &World, p: &Parameters, trajectory: &Trajectory, seen: &Observation) -> Option<f64> {
    let at = trajectory.at(seen.quarter)?;
    // A figure of a region is held against the bloc that holds most of it.
    let home = |name: Option<&str>| match name {
        Some("us" | "US") => world.home[crate::regions::US],
        Some("china" | "CN") => world.home[crate::regions::CHINA],
        Some("rest") => world.home[crate::regions::REST],
        _ => trajectory.world(),
    };
    let bloc = home(seen.bloc.as_deref());
    match seen.kind {
        Kind::ChinaShare(variable) => {
            let china = world.home[crate::regions::CHINA];
            let sum = |bloc: usize| trajectory.get(variable, bloc)[..=at].iter().sum::<f64>();
            Some(sum(china) / sum(trajectory.world()))
        }
        Kind::Variable(variable) => Some(trajectory.get(variable, bloc)[at]),
        Kind::VendorRevenue => {
            let quarter = quarter_index(seen.quarter);
            let vendor = trajectory.vendors().iter().position(|vendor| vendor == "NVIDIA")?;
            let sold = world.history.of(quarter).iter();
            let of = sold.filter(|sale| world.chips[sale.chip].vendor == vendor);
            // Smuggled chips are counted where they were first sold.
            let legal = of.filter(|sale| sale.channel != history::Channel::ChinaLeak);
            Some(
                legal.map(|sale| sale.units * p.sales_error * world.chips[sale.chip].price_usd).sum::<f64>()
                    / (1.0 - p.observation_networking_share),
            )
        }
        Kind::Published(index, scale) => {
            let definition = &published::SERIES[index];
            Some(trajectory.published(definition.variable, definition.name)?[at] / scale)
        }
        Kind::Index(variable, last, value) => {
            let us = world.home[crate::regions::US];
            let series = trajectory.get(variable, us);
            Some(series[at] / series[trajectory.at(last)?] * value)
        }
        Kind::OpenShare(chinese) => {
            let rest = world.home[crate::regions::REST];
            let origins = 0..trajectory.blocs().len();
            let china = world.home[crate::regions::CHINA];
            let counted = origins.filter(|origin| !chinese || *origin == china);
            Some(counted.map(|origin| trajectory.ecosystem(rest, origin, true)[at]).sum())
        }
    }
}
