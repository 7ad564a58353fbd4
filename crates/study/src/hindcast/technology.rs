//! Yearly cost series of technologies: `data/technology_costs.csv`.

use serde::Deserialize;
use std::collections::BTreeMap;
use units::{Problem, Problems};

use super::Hindcast;

/// The name of the table.
const FILE: &str = "technology_costs.csv";
/// The technology whose cumulative capacity is known too.
pub const SOLAR: &str = "solar_pv_module";

/// The cost of one technology over consecutive years.
#[derive(Clone, Debug, PartialEq)]
pub struct CostSeries {
    /// Its name.
    pub technology: String,
    /// Consecutive years.
    pub years: Vec<i32>,
    /// ln of the unit cost; its currency and year differ by technology, so that only changes mean anything.
    pub ln_cost: Vec<f64>,
    /// ln of the cumulative capacity [ln MW], where known.
    pub ln_cumulative: Option<Vec<f64>>,
}

impl CostSeries {
    /// Yearly changes of ln cost.
    pub fn steps(&self) -> Vec<f64> {
        self.ln_cost.windows(2).map(|pair| pair[1] - pair[0]).collect()
    }
}

/// A hindcast of costs, with what claim C5 prints of it beside.
#[derive(Clone, Debug, PartialEq)]
pub struct CostTest {
    /// The hindcast.
    pub hindcast: Hindcast,
    /// Lowest coverage of the 90 % band over the horizons, where there are several [fraction].
    pub coverage90_lowest_fraction: f64,
    /// Highest such coverage [fraction].
    pub coverage90_highest_fraction: f64,
    /// Root mean square error of ln cost at a horizon of 10 years [ln units].
    pub rmse_ln_10y: f64,
    /// The same of the naive forecast [ln units].
    pub rmse_ln_10y_naive: f64,
}

#[derive(Deserialize)]
struct Row {
    technology: String,
    year: i32,
    cost: f64,
    cumulative_mw: Option<f64>,
}

/// The embedded series, by technology; sources: Farmer and Lafond 2016 (66 technologies), Lafond et al. 2017 and
/// IRENA (solar modules), both by Our World in Data under CC BY 4.0.
pub fn cost_series() -> Result<Vec<CostSeries>, Problems> {
    parse(include_str!("../../../../data/technology_costs.csv"))
}

fn parse(text: &str) -> Result<Vec<CostSeries>, Problems> {
    let mut problems = Problems::default();
    let mut rows: BTreeMap<String, Vec<(u64, Row)>> = BTreeMap::new();
    for (index, row) in csv::Reader::from_reader(text.as_bytes()).deserialize::<Row>().enumerate() {
        let line = index as u64 + 2;
        match row {
            Ok(row) if row.cost > 0.0 && row.cost.is_finite() && row.cumulative_mw.is_none_or(|mw| mw > 0.0) => {
                rows.entry(row.technology.clone()).or_default().push((line, row));
            }
            Ok(_) => {
                problems.push(Problem::new("bad_number", "a cost or capacity is not above zero").file(FILE).line(line));
            }
            Err(error) => problems.push(Problem::new("bad_row", error.to_string()).file(FILE).line(line)),
        }
    }
    let mut series = Vec::new();
    for (technology, rows) in rows {
        if let Some(pair) = rows.windows(2).find(|pair| pair[1].1.year != pair[0].1.year + 1) {
            let message = format!("the years of '{technology}' do not follow one another");
            problems.push(Problem::new("bad_year", message).file(FILE).line(pair[1].0).key("year"));
        }
        series.push(CostSeries {
            technology,
            years: rows.iter().map(|(_, row)| row.year).collect(),
            ln_cost: rows.iter().map(|(_, row)| row.cost.ln()).collect(),
            ln_cumulative: rows.iter().map(|(_, row)| row.cumulative_mw.map(f64::ln)).collect(),
        });
    }
    problems.check(series)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sixty_six_technologies_and_solar_modules_are_known() {
        let series = cost_series().unwrap();
        assert_eq!(series.len(), 67);
        let solar = series.iter().find(|each| each.technology == SOLAR).unwrap();
        assert_eq!((solar.years[0], *solar.years.last().unwrap()), (1976, 2019));
        assert!(solar.ln_cumulative.is_some());
    }

    #[test]
    fn all_that_is_wrong_is_said_at_once() {
        let head = "technology,year,cost,cumulative_mw\n";
        let problems = parse(&format!("{head}a,2000,1,\na,2002,1,\nb,2000,-1,\nb,x,1,\n")).unwrap_err();
        assert_eq!(problems.0.iter().map(|problem| problem.line).collect::<Vec<_>>(), [Some(3), Some(4), Some(5)]);
    }
}
