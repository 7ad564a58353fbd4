//! What an hour of a chip rents for.

use std::collections::BTreeSet;

use serde::Serialize;
use units::{Confidence, Date, Problem, Problems, Provenance, nearest};

use crate::{Period, table};

/// What kind of firm rents it out: prices of the kinds differ by a factor of two to four and are not mixed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ProviderClass {
    /// AWS, Azure, Google Cloud, Oracle.
    Hyperscaler,
    /// Clouds that rent accelerators above all.
    Neocloud,
    /// Markets where owners offer their machines.
    Marketplace,
    /// An index or a survey over providers.
    Index,
}

impl ProviderClass {
    /// The words of the table.
    pub const WORDS: [(&'static str, Self); 4] = [
        ("hyperscaler", Self::Hyperscaler),
        ("neocloud", Self::Neocloud),
        ("marketplace", Self::Marketplace),
        ("index", Self::Index),
    ];
}

/// How it is rented.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum RentalTerm {
    /// By the hour, without commitment.
    OnDemand,
    /// By the hour, may be taken away.
    Spot,
    /// Committed for months or years.
    Reserved,
}

impl RentalTerm {
    /// The words of the table.
    pub const WORDS: [(&'static str, Self); 3] =
        [("on_demand", Self::OnDemand), ("spot", Self::Spot), ("reserved", Self::Reserved)];
}

/// One price that a provider asked.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct RentalRow {
    /// Its id.
    pub id: String,
    /// Our id of the chip.
    pub chip: String,
    /// The firm that rents it out.
    pub provider: String,
    /// What kind of firm.
    pub provider_class: ProviderClass,
    /// How it is rented.
    pub term: RentalTerm,
    /// Length of the commitment, where it is one [months].
    pub months: Option<f64>,
    /// The price [USD per chip-hour].
    pub usd_per_chip_hour: f64,
    /// Region, as the provider names it.
    pub region: String,
    /// When it was observed.
    pub period: Period,
    /// A remark.
    pub note: Option<String>,
    /// Where the row comes from.
    #[serde(flatten)]
    pub provenance: Provenance,
}

/// The price basis `rental`: the median on-demand price of neoclouds at the nearest date.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct RentalPrice {
    /// Median of the rows [USD per chip-hour].
    pub median: f64,
    /// Lowest row [USD per chip-hour].
    pub low: f64,
    /// Highest row [USD per chip-hour].
    pub high: f64,
    /// The kind of firm whose prices these are: neocloud where it has any.
    pub provider_class: ProviderClass,
    /// When they were observed.
    pub period: Period,
    /// How many rows.
    pub rows: usize,
    /// Who was asked, and the source.
    pub source: String,
    /// The lowest confidence of the rows.
    pub confidence: Confidence,
}

/// The median on-demand price of a chip at the date nearest to `on`, from neoclouds; where no neocloud has any,
/// from marketplaces, then from hyperscalers, and the class says so.
///
/// Rows within 15 days of the nearest one count as one date.
///
/// # Errors
/// `no_rental_price` where nobody is known to rent it out by the hour: never another chip's price.
pub fn rental_price(rows: &[RentalRow], chip: &str, on: Date) -> Result<RentalPrice, Problem> {
    let of_chip = |row: &&RentalRow| row.chip == chip && row.term == RentalTerm::OnDemand;
    for class in [ProviderClass::Neocloud, ProviderClass::Marketplace, ProviderClass::Hyperscaler] {
        let found: Vec<&RentalRow> = rows.iter().filter(of_chip).filter(|row| row.provider_class == class).collect();
        let Some(nearest) = found.iter().min_by(|a, b| a.period.days_from(on).total_cmp(&b.period.days_from(on)))
        else {
            continue;
        };
        let period = nearest.period;
        let same_date: Vec<&RentalRow> =
            found.iter().copied().filter(|row| row.period.days_from(period.last) <= 15.0).collect();
        return Ok(summary(&same_date, class, period));
    }
    let known: BTreeSet<&str> =
        rows.iter().filter(|row| row.term == RentalTerm::OnDemand).map(|row| row.chip.as_str()).collect();
    let near = nearest(chip, known).into_iter().next();
    let message = format!("no on-demand rental price is known for {chip}; give --price-usd-per-chip-hour");
    Err(Problem::new("no_rental_price", message).key("chip").suggest(near))
}

fn summary(rows: &[&RentalRow], provider_class: ProviderClass, period: Period) -> RentalPrice {
    let mut prices: Vec<f64> = rows.iter().map(|row| row.usd_per_chip_hour).collect();
    prices.sort_by(f64::total_cmp);
    let middle = prices.len() / 2;
    let median = if prices.len() % 2 == 1 { prices[middle] } else { f64::midpoint(prices[middle - 1], prices[middle]) };
    let mut providers: Vec<&str> = rows.iter().map(|row| row.provider.as_str()).collect();
    providers.sort_unstable();
    providers.dedup();
    let mut sources: Vec<&str> = rows.iter().map(|row| row.provenance.source.as_str()).collect();
    sources.sort_unstable();
    sources.dedup();
    RentalPrice {
        median,
        low: prices[0],
        high: prices[prices.len() - 1],
        provider_class,
        period,
        rows: rows.len(),
        source: format!("{} ({})", providers.join(", "), sources.join("; ")),
        confidence: rows.iter().map(|row| row.provenance.confidence).min().unwrap_or(Confidence::Low),
    }
}

/// Reads `rental_prices.csv`.
///
/// # Errors
/// Every problem of the table.
pub fn read_rental_prices(text: &str, file: &str) -> Result<Vec<RentalRow>, Problems> {
    const OWN: [&str; 9] =
        ["id", "chip", "provider", "provider_class", "term", "months", "usd_per_chip_hour", "region", "note"];
    let columns = [&OWN[..], &table::PROVENANCE].concat();
    table::read(text, file, &columns, |row| RentalRow {
        id: row.text("id"),
        chip: row.text("chip"),
        provider: row.text("provider"),
        provider_class: row.one_of("provider_class", &ProviderClass::WORDS),
        term: row.one_of("term", &RentalTerm::WORDS),
        months: row.optional_number("months", table::POSITIVE),
        usd_per_chip_hour: row.number("usd_per_chip_hour", 0.001..=1e4),
        region: row.text("region"),
        period: row.period("date"),
        note: row.optional_text("note"),
        provenance: row.provenance(),
    })
}
