//! What a kilowatt-hour costs, by country and kind of buyer.

use serde::Serialize;
use units::{Date, Problem, Problems, Provenance, Range};

use crate::{Period, table};

/// One price of electricity.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ElectricityPrice {
    /// Its id.
    pub id: String,
    /// Country [ISO 3166 alpha-2], `EU`, or `WW` for the world.
    pub country: String,
    /// Part of the country, where it is about one.
    pub region: Option<String>,
    /// `industrial`, `commercial`, `business` or `subsidised` (Chinese data centres on domestic chips).
    pub class: String,
    /// The price [USD/kWh].
    pub usd_per_kwh: Range,
    /// When.
    pub period: Period,
    /// A remark.
    pub note: Option<String>,
    /// Where the row comes from.
    #[serde(flatten)]
    pub provenance: Provenance,
}

/// The price of a country nearest to `on`, for the class given, or where it is `None` for the first of industrial,
/// business, commercial that has one. Only where the country has no price as a whole, one of its regions
/// stands for it, which the row names.
///
/// # Errors
/// `no_electricity_price` where none is known: never another country's.
pub fn electricity_price<'a>(
    rows: &'a [ElectricityPrice],
    country: &str,
    class: Option<&str>,
    on: Date,
) -> Result<&'a ElectricityPrice, Problem> {
    let classes = class.map_or(vec!["industrial", "business", "commercial"], |class| vec![class]);
    let of_country = |row: &&ElectricityPrice| row.country.eq_ignore_ascii_case(country);
    let nearest = |class: &str, whole: bool| {
        rows.iter()
            .filter(of_country)
            .filter(|row| row.class == class && row.region.is_none() == whole)
            .min_by(|a, b| a.period.days_from(on).total_cmp(&b.period.days_from(on)))
    };
    let find = |whole| classes.iter().find_map(|class| nearest(class, whole));
    find(true).or_else(|| find(false)).ok_or_else(|| {
        let message = format!(
            "no electricity price ({}) is known for {country}; give --electricity-usd-per-kwh",
            classes.join(", ")
        );
        Problem::new("no_electricity_price", message).key("country")
    })
}

/// Reads `electricity_prices.csv`.
///
/// # Errors
/// Every problem of the table.
pub fn read_electricity_prices(text: &str, file: &str) -> Result<Vec<ElectricityPrice>, Problems> {
    const OWN: [&str; 8] = ["id", "country", "region", "class", "low", "central", "high", "note"];
    const CLASSES: [(&str, &str); 4] = [
        ("industrial", "industrial"),
        ("commercial", "commercial"),
        ("business", "business"),
        ("subsidised", "subsidised"),
    ];
    let columns = [&OWN[..], &table::PROVENANCE].concat();
    table::read(text, file, &columns, |row| ElectricityPrice {
        id: row.text("id"),
        country: row.text("country"),
        region: row.optional_text("region"),
        class: row.one_of("class", &CLASSES).to_string(),
        usd_per_kwh: row.range(["low", "central", "high"], 0.0..=10.0),
        period: row.period("date"),
        note: row.optional_text("note"),
        provenance: row.provenance(),
    })
}
