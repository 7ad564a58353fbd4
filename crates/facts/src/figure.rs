//! Figures of one tidy shape: a named series, where and when it holds, its value and range.
//!
//! Sectors, the macro economy, supply and history are tables of this shape. Sources that disagree on one
//! quantity stand in rows of different `camp`, which exclude one another and are never averaged.

use serde::Serialize;
use units::{Problems, Provenance, Range};

use crate::{Period, table};

/// One figure of a series.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Figure {
    /// The quantity, such as `ai_capex_usd`.
    pub series: String,
    /// `us`, `china`, `rest`, `world`, or a country [ISO 3166 alpha-2].
    pub bloc: String,
    /// The sector of the economy, where it has one.
    pub sector: Option<String>,
    /// The firm, chip, model or survey population, where it has one.
    pub entity: Option<String>,
    /// Whose view it is, where sources disagree.
    pub camp: Option<String>,
    /// When it holds.
    pub period: Period,
    /// The value, in `unit`.
    pub value: f64,
    /// The low end, where one was published or argued, in `unit`.
    pub low: Option<f64>,
    /// The high end, likewise, in `unit`.
    pub high: Option<f64>,
    /// The unit of value, low and high.
    pub unit: String,
    /// When it was published: a blind test may use it only after that day.
    pub visible_from: Option<Period>,
    /// A remark for whoever uses it.
    pub note: Option<String>,
    /// Where the row comes from.
    #[serde(flatten)]
    pub provenance: Provenance,
}

impl Figure {
    /// Series, bloc, sector, entity, camp and date, which together name it; blanks left out.
    pub fn id(&self) -> String {
        let parts = [Some(self.series.as_str()), Some(&self.bloc), self.sector.as_deref(), self.entity.as_deref()];
        let named = parts.into_iter().chain([self.camp.as_deref()]).flatten();
        named.chain([self.period.to_string().as_str()]).collect::<Vec<_>>().join("/")
    }

    /// Low, central, high; a missing end is the central value.
    pub fn range(&self) -> Range {
        Range { low: self.low.unwrap_or(self.value), central: self.value, high: self.high.unwrap_or(self.value) }
    }
}

/// Which figures are wanted; `None` = whatever it is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Select<'a> {
    /// The series.
    pub series: &'a str,
    /// The bloc or country.
    pub bloc: Option<&'a str>,
    /// The sector.
    pub sector: Option<&'a str>,
    /// The firm, chip, model or population.
    pub entity: Option<&'a str>,
    /// The camp.
    pub camp: Option<&'a str>,
}

impl<'a> Select<'a> {
    /// Every figure of a series.
    pub fn series(series: &'a str) -> Self {
        Self { series, ..Self::default() }
    }

    /// The figures that it selects, in the order of the table (by date within a series).
    pub fn from<'f>(&self, figures: &'f [Figure]) -> Vec<&'f Figure> {
        let fits = |wanted: Option<&str>, found: Option<&str>| wanted.is_none() || wanted == found;
        figures
            .iter()
            .filter(|figure| {
                figure.series == self.series
                    && fits(self.bloc, Some(&figure.bloc))
                    && fits(self.sector, figure.sector.as_deref())
                    && fits(self.entity, figure.entity.as_deref())
                    && fits(self.camp, figure.camp.as_deref())
            })
            .collect()
    }
}

/// Reads a table of figures.
///
/// # Errors
/// Every problem of the table.
pub fn read_figures(text: &str, file: &str) -> Result<Vec<Figure>, Problems> {
    const OWN: [&str; 11] =
        ["series", "bloc", "sector", "entity", "camp", "value", "low", "high", "unit", "visible_from", "note"];
    let columns = [&OWN[..], &table::PROVENANCE].concat();
    table::read(text, file, &columns, |row| {
        let value = row.number("value", table::ANY);
        let (low, high) = (row.optional_number("low", table::ANY), row.optional_number("high", table::ANY));
        if low.is_some_and(|low| low > value) || high.is_some_and(|high| high < value) {
            row.refuse("value", "bad_range", format!("value {value} is not between low and high"));
        }
        Figure {
            series: row.text("series"),
            bloc: row.text("bloc"),
            sector: row.optional_text("sector"),
            entity: row.optional_text("entity"),
            camp: row.optional_text("camp"),
            period: row.period("date"),
            value,
            low,
            high,
            unit: row.text("unit"),
            visible_from: row.optional_parsed("visible_from"),
            note: row.optional_text("note"),
            provenance: row.provenance(),
        }
    })
}
