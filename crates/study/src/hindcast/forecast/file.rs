//! The registered forecast as a file: `data/registered_forecast.toml`.

use serde::{Deserialize, Serialize};
use std::fmt::Write;
use units::{Problem, Problems};

use super::{FREEZE, LEVELS, QUARTERS};
use crate::hindcast::Sample;

/// The schema.
const SCHEMA: &str = "downstream/forecast/1";
/// The name of the file.
pub const FILE: &str = "registered_forecast.toml";
/// The file.
const REGISTERED: &str = include_str!("../../../../../data/registered_forecast.toml");

/// From what a forecast was made.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Made {
    /// Version of the program.
    pub version: String,
    /// Hash of the tables, as in the envelope of every answer.
    pub data_sha256: String,
    /// Seed of the draws.
    pub seed: u64,
    /// Futures drawn.
    pub futures: u64,
    /// The last day that it sees.
    pub sees_until: String,
    /// The policy.
    pub policy: String,
    /// The camps where sources disagree.
    pub camps: Vec<String>,
    /// Uncertain inputs of the world.
    pub inputs: usize,
    /// How many of them are assumptions of ours; the others rest on sources before the freeze.
    pub inputs_assumed: usize,
}

/// One series.
#[derive(Clone, Debug, PartialEq)]
pub struct Series {
    /// Its name.
    pub variable: String,
    /// The bloc.
    pub bloc: String,
    /// Its unit.
    pub unit: String,
    /// Its value in the last quarter seen, in the unit.
    pub last: f64,
    /// By level of [`LEVELS`], then quarter, in the unit.
    pub quantiles: Vec<Vec<f64>>,
}

impl Series {
    /// The forecast of a quarter: linear between the registered quantiles, and at the outer ones beyond them. `None`
    /// where a quantile is not finite, which no file that was read has.
    pub fn sample(&self, quarter: usize) -> Option<Sample> {
        let value = |level: usize| self.quantiles[level][quarter];
        let quantile = |share: f64| {
            let above = LEVELS.iter().position(|level| *level >= share).unwrap_or(LEVELS.len() - 1).max(1);
            let (low, high) = (LEVELS[above - 1], LEVELS[above]);
            let part = ((share - low) / (high - low)).clamp(0.0, 1.0);
            value(above - 1) + part * (value(above) - value(above - 1))
        };
        Sample::of_quantiles(quantile)
    }
}

/// A forecast.
#[derive(Clone, Debug, PartialEq)]
pub struct Forecast {
    /// From what it was made.
    pub made: Made,
    /// Its series.
    pub series: Vec<Series>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Document {
    schema: String,
    made: Made,
    quarters: Vec<units::Quarter>,
    levels: Vec<f64>,
    series: Vec<Entry>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    variable: String,
    bloc: String,
    unit: String,
    last: f64,
    p5: Vec<f64>,
    p25: Vec<f64>,
    p50: Vec<f64>,
    p75: Vec<f64>,
    p95: Vec<f64>,
}

impl Forecast {
    /// As the text of a file, the same bytes for the same forecast.
    pub fn to_toml(&self) -> String {
        let mut text = String::from(
            "# The registered forecast (V10). Made by `downstream hindcast V10 --register FILE`; never edited by hand.\n\
             # Its SHA-256 stands in the file beside it and in the book. Quantiles by quarter; `last` is 2025Q4.\n",
        );
        let list = |items: &[String]| items.iter().map(|item| format!("{item:?}")).collect::<Vec<_>>().join(", ");
        let numbers = |values: &[f64]| values.iter().map(|value| number(*value)).collect::<Vec<_>>().join(", ");
        let quarters: Vec<String> = (1..=QUARTERS as i32).map(|ahead| (FREEZE + ahead).to_string()).collect();
        let made = &self.made;
        // Writing to a string cannot fail.
        let _ = write!(
            text,
            "schema = {SCHEMA:?}\nquarters = [{}]\nlevels = [{}]\n\n[made]\nversion = {:?}\ndata_sha256 = {:?}\n\
             seed = {}\nfutures = {}\nsees_until = {:?}\npolicy = {:?}\ncamps = [{}]\ninputs = {}\ninputs_assumed = {}\n",
            list(&quarters),
            numbers(&LEVELS),
            made.version,
            made.data_sha256,
            made.seed,
            made.futures,
            made.sees_until,
            made.policy,
            list(&made.camps),
            made.inputs,
            made.inputs_assumed,
        );
        for series in &self.series {
            let _ = write!(
                text,
                "\n[[series]]\nvariable = {:?}\nbloc = {:?}\nunit = {:?}\nlast = {}\n",
                series.variable,
                series.bloc,
                series.unit,
                number(series.last)
            );
            for (name, values) in ["p5", "p25", "p50", "p75", "p95"].iter().zip(&series.quantiles) {
                let _ = writeln!(text, "{name} = [{}]", numbers(values));
            }
        }
        text
    }

    /// Reads a file.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn parse(text: &str, file: &str) -> Result<Self, Problems> {
        let document: Document = toml::from_str(text).map_err(|error| {
            let line = error.span().map(|span| text[..span.start].lines().count().max(1) as u64);
            let problem = Problem::new("bad_forecast", error.message().to_string()).file(file);
            line.map_or(problem.clone(), |line| problem.line(line))
        })?;
        let wrong = |message: &str| Problems::from(Problem::new("bad_forecast", message).file(file));
        if document.schema != SCHEMA {
            return Err(wrong("is of another schema"));
        }
        let quarters = (1..=QUARTERS as i32).map(|ahead| FREEZE + ahead);
        if !document.quarters.iter().copied().eq(quarters) || document.levels != LEVELS {
            return Err(wrong("has other quarters or levels than those of a registered forecast"));
        }
        let mut series = Vec::new();
        for entry in document.series {
            let quantiles = vec![entry.p5, entry.p25, entry.p50, entry.p75, entry.p95];
            let whole = quantiles.iter().all(|values| values.len() == QUARTERS && values.iter().all(|v| v.is_finite()));
            let rising = whole && (0..QUARTERS).all(|at| quantiles.windows(2).all(|pair| pair[0][at] <= pair[1][at]));
            if !rising || !entry.last.is_finite() {
                return Err(wrong(&format!("the quantiles of '{}' are not whole or do not rise", entry.variable)));
            }
            let Entry { variable, bloc, unit, last, .. } = entry;
            series.push(Series { variable, bloc, unit, last, quantiles });
        }
        Ok(Self { made: document.made, series })
    }
}

/// A number as TOML wants it: with a point or an exponent, in the shortest form that reads back.
fn number(value: f64) -> String {
    format!("{value:?}")
}

/// The registered forecast.
///
/// # Errors
/// None in a build whose tests passed.
pub fn registered() -> Result<Forecast, Problems> {
    Forecast::parse(REGISTERED, FILE)
}

/// The SHA-256 of the registered file.
pub fn registered_sha256() -> String {
    crate::hashes::text_sha256(REGISTERED)
}

/// A unit of a registered series as the points of a hindcast carry it.
pub fn known_unit(unit: &str) -> &'static str {
    const KNOWN: [&str; 8] = ["FLOP/s", "byte/s", "fraction", "USD/year", "USD/Mtok", "token/s", "USD", "months"];
    KNOWN.into_iter().find(|known| *known == unit).unwrap_or("see the registered forecast")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_registered_forecast_has_the_hash_that_stands_beside_it_and_in_the_book() {
        let beside = include_str!("../../../../../data/registered_forecast.sha256");
        assert_eq!(beside.split_whitespace().collect::<Vec<_>>(), [registered_sha256().as_str(), FILE]);
        let book = include_str!("../../../../../book/src/concepts/hindcasts.md");
        assert!(book.contains("{{#include ../../../data/registered_forecast.sha256}}"), "the book shows that file");
    }

    #[test]
    fn it_reads_back_as_it_was_written() {
        let forecast = registered().unwrap();
        let written = forecast.to_toml();
        assert_eq!(Forecast::parse(&written, FILE).unwrap(), forecast);
        assert_eq!(crate::hashes::text_sha256(&written), registered_sha256(), "and in the same bytes");
    }

    #[test]
    fn it_saw_nothing_after_2025_and_holds_every_observable_of_the_design() {
        let forecast = registered().unwrap();
        assert_eq!(forecast.made.sees_until, "2025-12-31");
        let has = |part: &str| forecast.series.iter().any(|series| series.variable.contains(part));
        for part in [
            "nvidia_sales_flop",
            "nvidia_sales_byte",
            "amd_",
            "tpu_",
            "huawei_",
            "china_share",
            "cloud_capex",
            "ai_capex",
            "adoption_",
            "token_price",
            "open_model_share",
            "chinese_open_model_share",
            "capability_lag",
        ] {
            assert!(has(part), "{part}");
        }
        let shares = forecast.series.iter().filter(|series| series.unit == "fraction");
        assert!(shares.flat_map(|series| series.quantiles.iter().flatten()).all(|share| (0.0..=1.0).contains(share)));
    }

    #[test]
    fn a_sample_of_a_registered_series_runs_through_its_quantiles() {
        let quantiles = [1.0, 2.0, 3.0, 4.0, 5.0].map(|value| vec![value; QUARTERS]).to_vec();
        let series = Series { variable: "x".into(), bloc: "us".into(), unit: "USD".into(), last: 1.0, quantiles };
        let sample = series.sample(0).unwrap();
        for (level, value) in LEVELS.iter().zip([1.0, 2.0, 3.0, 4.0, 5.0]) {
            assert!((sample.quantile(*level) - value).abs() < 0.06, "{level}: {}", sample.quantile(*level));
        }
    }

    #[test]
    fn a_file_with_falling_quantiles_or_other_quarters_is_refused() {
        let text = registered().unwrap().to_toml();
        assert!(Forecast::parse(&text.replacen("2026Q1", "2026Q2", 1), "f.toml").is_err());
        assert!(Forecast::parse(&text.replacen("downstream/forecast/1", "x", 1), "f.toml").is_err());
        let problem = Forecast::parse(&text.replacen("seed = ", "sed = ", 1), "f.toml").unwrap_err();
        assert!(problem.0[0].line.is_some(), "{problem}");
    }
}
