//! A table of what happened, by which the registered forecast is scored: columns variable, bloc, date, value, low,
//! high, unit.

use facts::table;
use units::{Problem, Problems, nearest};

use super::{FREEZE, Forecast, QUARTERS};

/// Facts, each with the series that it is about.
#[derive(Clone, Debug, PartialEq)]
pub struct Observed {
    /// In the order of the file.
    pub facts: Vec<Fact>,
}

/// One fact.
#[derive(Clone, Debug, PartialEq)]
pub struct Fact {
    /// Index among the series of the forecast.
    pub series: usize,
    /// Index among its quarters.
    pub quarter: usize,
    /// The value, in the unit of the series.
    pub value: f64,
    /// Low end, likewise.
    pub low: Option<f64>,
    /// High end, likewise.
    pub high: Option<f64>,
}

impl Observed {
    /// Reads a table of facts against a forecast.
    ///
    /// # Errors
    /// Every problem with its line: unknown variables and blocs, other units, dates that are no quarter of the
    /// forecast, an empty table.
    pub fn parse(text: &str, file: &str, forecast: &Forecast) -> Result<Self, Problems> {
        const COLUMNS: [&str; 7] = ["variable", "bloc", "date", "value", "low", "high", "unit"];
        let facts = table::read(text, file, &COLUMNS, |row| {
            let (variable, bloc, unit) = (row.text("variable"), row.text("bloc"), row.text("unit"));
            let (period, value) = (row.period("date"), row.number("value", table::ANY));
            let (low, high) = (row.optional_number("low", table::ANY), row.optional_number("high", table::ANY));
            if low.is_some_and(|low| low > value) || high.is_some_and(|high| high < value) {
                row.refuse("value", "bad_range", format!("value {value} is not between low and high"));
            }
            let of_variable: Vec<usize> =
                (0..forecast.series.len()).filter(|index| forecast.series[*index].variable == variable).collect();
            let series = of_variable.iter().copied().find(|index| forecast.series[*index].bloc == bloc);
            match (of_variable.first(), series) {
                (None, _) => {
                    let near = nearest(&variable, forecast.series.iter().map(|series| &series.variable));
                    let hint = near.first().map_or_else(String::new, |near| format!("; did you mean '{near}'?"));
                    row.refuse("variable", "unknown_variable", format!("'{variable}' was not forecast{hint}"));
                }
                (Some(_), None) => {
                    let blocs: Vec<&str> =
                        of_variable.iter().map(|index| forecast.series[*index].bloc.as_str()).collect();
                    let message = format!("'{variable}' was forecast for {}, not for '{bloc}'", blocs.join(", "));
                    row.refuse("bloc", "unknown_bloc", message);
                }
                (Some(_), Some(index)) if forecast.series[index].unit != unit => {
                    let message = format!("'{variable}' is in '{}', not in '{unit}'", forecast.series[index].unit);
                    row.refuse("unit", "wrong_unit", message);
                }
                _ => {}
            }
            let quarter = period.quarter().since(FREEZE) - 1;
            if !(0..QUARTERS as i32).contains(&quarter) {
                let (first, last) = (FREEZE + 1, FREEZE + QUARTERS as i32);
                row.refuse("date", "bad_date", format!("{period} is no quarter of the forecast ({first} to {last})"));
            }
            Fact { series: series.unwrap_or(0), quarter: quarter.max(0) as usize, value, low, high }
        })?;
        if facts.is_empty() {
            return Err(Problem::new("no_data", "has no row: there is nothing to score").file(file).into());
        }
        Ok(Self { facts })
    }
}
