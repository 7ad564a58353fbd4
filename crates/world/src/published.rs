//! Published series as the model shows them (E23): adoption by survey, token prices by level, capital spending.
//!
//! Each series sees its variable through an offset and a factor of its own. The offset is an input with a range;
//! the factor is what makes the series show its last published figure, give or take the error of the survey. A
//! change of the question makes a new series.

use facts::{Facts, Select};
use units::{Problem, Problems, Quarter};

use crate::{
    Trajectory, Variable,
    blocs::Bloc,
    equations::observation,
    history,
    parameters::Parameters,
    regions::{CHINA, REGIONS, REST, US},
    tables::Sector,
    trajectory::PublishedName,
    world::quarter_index,
};

/// The rate at which the four Chinese firms' capital was added up (`history.csv`) [CNY/USD].
const CNY_PER_USD: f64 = 7.2;

/// What a series measures; each has its own offset and error.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Measure {
    /// Firms that use AI.
    Firms,
    /// Firms, by a question that counts any business function (BTOS since November 2025).
    FirmsAnyFunction,
    /// Persons, physicians among them.
    Persons,
    /// The lowest price of a level of quality.
    Price,
    /// Capital spending for all purposes.
    Capital,
}

impl Measure {
    /// Offset [share of the anchor for capital, else the unit of the series] and factor on the anchored figure.
    fn view(self, p: &Parameters, anchor: f64) -> (f64, f64) {
        match self {
            Self::Firms => (p.observation_offset_firms, p.observation_error_firms),
            Self::FirmsAnyFunction => {
                let factor = p.observation_break_firms;
                (p.observation_offset_firms * factor, p.observation_error_firms * factor)
            }
            Self::Persons => (p.observation_offset_persons, p.observation_error_persons),
            Self::Price => (0.0, p.observation_error_price),
            Self::Capital => (p.observation_offset_capital * anchor, 1.0),
        }
    }
}

/// A series as it stands in `history.csv`.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Definition {
    pub name: &'static str,
    pub variable: Variable,
    /// The region whose bloc it is about; `None` = the world.
    region: Option<usize>,
    /// The sector of ours; `None` = the whole economy.
    sector: Option<&'static str>,
    measure: Measure,
    pub select: Select<'static>,
    /// What one of its figures is multiplied by for our unit: four for quarters that become years.
    pub scale: f64,
}

impl Definition {
    /// Whether the figures that it is anchored on are its own; those of a series that begins later are of the one
    /// before.
    pub fn has_own_figures(&self) -> bool {
        self.measure != Measure::FirmsAnyFunction
    }
}

const fn figures(
    series: &'static str,
    bloc: &'static str,
    sector: &'static str,
    entity: &'static str,
) -> Select<'static> {
    Select { series, bloc: Some(bloc), sector: Some(sector), entity: Some(entity), camp: None }
}

const fn adoption(name: &'static str, region: Option<usize>, measure: Measure, select: Select<'static>) -> Definition {
    Definition { name, variable: Variable::AdoptionPublished, region, sector: None, measure, select, scale: 1.0 }
}

const fn price(name: &'static str, level: &'static str) -> Definition {
    Definition {
        name,
        variable: Variable::TokenPrice,
        region: None,
        sector: None,
        measure: Measure::Price,
        select: figures("token_price_usd_per_mtok", "world", "MMLU", level),
        scale: 1.0,
    }
}

/// All of them.
pub(crate) const SERIES: [Definition; 13] = [
    adoption("firms_of_us", Some(US), Measure::Firms, figures("ai_use_fraction", "us", "all", "firms")),
    // No figure of the new question is of 2025: it is seen through the old one and the jump between them.
    adoption(
        "firms_of_us_any_function",
        Some(US),
        Measure::FirmsAnyFunction,
        figures("ai_use_fraction", "us", "all", "firms"),
    ),
    adoption(
        "enterprises_of_eu",
        Some(REST),
        Measure::Firms,
        figures("ai_use_fraction", "EU", "all", "enterprises 10+"),
    ),
    adoption("firms_of_canada", Some(REST), Measure::Firms, figures("ai_use_fraction", "CA", "all", "firms")),
    adoption(
        "persons_of_us",
        Some(US),
        Measure::Persons,
        figures("genai_users_fraction", "us", "all", "persons 15-64"),
    ),
    adoption(
        "persons_of_china_by_telemetry",
        Some(CHINA),
        Measure::Persons,
        figures("genai_users_fraction", "china", "all", "persons 15-64"),
    ),
    adoption(
        "persons_of_china_by_survey",
        Some(CHINA),
        Measure::Persons,
        figures("genai_users_fraction", "china", "all", "persons 6+"),
    ),
    adoption(
        "persons_of_world",
        None,
        Measure::Persons,
        figures("genai_users_fraction", "world", "all", "persons 15-64"),
    ),
    Definition {
        sector: Some("healthcare"),
        ..adoption(
            "physicians_of_us",
            Some(US),
            Measure::Persons,
            figures("ai_use_fraction", "us", "healthcare", "physicians"),
        )
    },
    price("gpt_3_5", "at least GPT-3.5 Turbo"),
    price("gpt_4", "at least GPT-4-0314"),
    Definition {
        name: "capital_of_four_us_firms",
        variable: Variable::CloudCapex,
        region: Some(US),
        sector: None,
        measure: Measure::Capital,
        select: Select { series: "capex_cash_sum4_usd", bloc: Some("us"), sector: None, entity: None, camp: None },
        scale: 4.0,
    },
    // Alibaba, Tencent, ByteDance, Baidu: only years are estimated for all four, seen in their last quarter. The share
    // that is not AI is taken as in the United States: nobody gives it.
    Definition {
        name: "capital_of_four_chinese_firms",
        variable: Variable::CloudCapex,
        region: Some(CHINA),
        sector: None,
        measure: Measure::Capital,
        select: Select {
            series: "capex_sum4_year_estimate_cny",
            bloc: Some("china"),
            sector: None,
            entity: None,
            camp: None,
        },
        scale: 1.0 / CNY_PER_USD,
    },
];

/// A series in one world.
#[derive(Clone, Debug)]
pub(crate) struct Published {
    pub definition: Definition,
    /// The bloc; the number of blocs for the world.
    bloc: usize,
    /// The sector; the number of sectors for the whole economy.
    sector: usize,
    /// Its last figure of history: quarter and value in the variable's unit.
    pub anchor: (Quarter, f64),
}

/// Finds every series in the facts. At a freeze before the end of the data, `known`, a series that had not begun is
/// left out.
pub(crate) fn resolve(
    facts: &Facts,
    blocs: &[Bloc],
    home: &[usize; REGIONS.len()],
    sectors: &[Sector],
    known: Quarter,
) -> Result<Vec<Published>, Problems> {
    let mut problems = Problems::default();
    let mut found = Vec::with_capacity(SERIES.len());
    for definition in SERIES {
        let figures = definition.select.from(&facts.history);
        let past = figures.iter().filter(|figure| figure.period.quarter() <= known);
        let Some(last) = past.max_by_key(|figure| figure.period) else {
            if known < history::LAST {
                continue;
            }
            let message = format!("history.csv has no '{}' for {}", definition.select.series, definition.name);
            problems.push(Problem::new("missing_figure", message).file("data/history.csv"));
            continue;
        };
        // A series of a sector that another sector table has not is shown for the whole economy.
        let sector = sectors.iter().position(|sector| Some(sector.id.as_str()) == definition.sector);
        found.push(Published {
            definition,
            bloc: definition.region.map_or(blocs.len(), |region| home[region]),
            sector: sector.unwrap_or(sectors.len()),
            anchor: (last.period.quarter(), last.value * definition.scale),
        });
    }
    problems.check(found)
}

/// The names for a trajectory.
pub(crate) fn names(published: &[Published], blocs: &[String]) -> Vec<PublishedName> {
    let name = |series: &Published| PublishedName {
        variable: series.definition.variable,
        name: series.definition.name.to_string(),
        bloc: blocs.get(series.bloc).cloned(),
    };
    published.iter().map(name).collect()
}

/// What is behind a series: the variable of the model that it sees, and where.
fn signal<'a>(series: &Published, trajectory: &'a Trajectory, home: &[usize; REGIONS.len()]) -> &'a [f64] {
    match series.definition.variable {
        Variable::AdoptionPublished => trajectory.sector(Variable::Adoption, series.bloc, series.sector),
        Variable::TokenPrice => trajectory.get(Variable::ServicePrice, home[US]),
        _ => trajectory.get(Variable::AiCapex, series.bloc),
    }
}

/// Writes every series of a finished run. A run that begins after a series' last figure is anchored on its first
/// quarter.
pub(crate) fn record(
    published: &[Published],
    home: &[usize; REGIONS.len()],
    p: &Parameters,
    trajectory: &mut Trajectory,
) {
    let quarters = trajectory.quarters().len();
    let first = quarter_index(trajectory.quarters()[0]);
    let mut place = (Variable::AdoptionPublished, 0);
    for series in published {
        let variable = series.definition.variable;
        let index = if place.0 == variable { place.1 } else { 0 };
        place = (variable, index + 1);
        let at = quarter_index(series.anchor.0).saturating_sub(first).min(quarters - 1);
        let then = signal(series, trajectory, home)[at];
        let (offset, factor) = series.definition.measure.view(p, series.anchor.1);
        for quarter in 0..quarters {
            let now = signal(series, trajectory, home)[quarter];
            let shown = observation::shown(now / then, offset, series.anchor.1 * factor);
            // A series of nearly everyone ends at everyone: what the factor would show beyond is cut off.
            let shown = if variable == Variable::AdoptionPublished { shown.min(1.0) } else { shown };
            trajectory.put(variable, index, quarter, shown);
        }
    }
}
