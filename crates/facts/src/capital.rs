//! What a chip costs to own: purchase prices, its share of servers, network and hall, lives, overheads.

use serde::Serialize;
use units::{Date, Problem, Problems, Provenance, Range};

use crate::{Chip, Period, table};

/// One figure of the cost of owning.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct CapitalCost {
    /// Its id.
    pub id: String,
    /// What it is: `chip_price`, `server_price`, `network_per_server_fraction`, `overhead_fraction`, `pue`, ...
    pub item: String,
    /// Our id of the chip, where it is about one.
    pub chip: Option<String>,
    /// Chips that the price buys, where it is about a server or rack [count].
    pub chips: Option<f64>,
    /// Low, central, high, in `unit`.
    pub value: Range,
    /// The unit.
    pub unit: String,
    /// When it was observed.
    pub period: Period,
    /// A remark.
    pub note: Option<String>,
    /// Where the row comes from.
    #[serde(flatten)]
    pub provenance: Provenance,
}

/// What the price basis `owning` is made of: capital over life x utilisation, plus power x PUE x electricity,
/// plus overhead.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Owning {
    /// A chip with its share of the server, without network and hall [USD].
    pub server_usd: Range,
    /// Scale-out network, as a share of `server_usd` [fraction].
    pub network_fraction: Range,
    /// Hall with power and cooling, land excluded [USD per W of IT power].
    pub facility_usd_per_w: Range,
    /// Life of servers and network [years].
    pub server_life_years: Range,
    /// Life of the hall [years].
    pub facility_life_years: Range,
    /// Power per chip with its share of host and network, before PUE [W].
    pub allin_w: Option<Range>,
    /// Mean power over rated power [fraction].
    pub power_utilisation_fraction: Range,
    /// Power of the site over IT power [ratio].
    pub pue: Range,
    /// Staff, spares, software, as a share of capital and power [fraction].
    pub overhead_fraction: Range,
    /// When the purchase price was observed.
    pub period: Period,
    /// How `server_usd` was come by, and from where.
    pub basis: String,
    /// The source of the purchase price.
    pub source: String,
}

/// What it costs to own a chip, at the purchase price nearest to `on`: a server's or rack's over its chips, or a
/// chip's times the server multiplier; the server's where both are as near.
///
/// # Errors
/// `no_purchase_price` where neither is known.
pub fn owning(rows: &[CapitalCost], chip: &Chip, on: Date) -> Result<Owning, Problem> {
    let nearest = |item: &str, of: Option<&str>| {
        rows.iter()
            .filter(|row| row.item == item && row.chip.as_deref() == of)
            .min_by(|a, b| a.period.days_from(on).total_cmp(&b.period.days_from(on)))
    };
    let general = |item: &'static str| {
        nearest(item, None).map(|row| row.value).ok_or_else(|| {
            Problem::new("no_capital_cost", format!("the table of capital costs has no row '{item}'")).key(item)
        })
    };
    let multiplier = general("server_multiplier")?;
    let id = Some(chip.id.as_str());
    let days = |row: Option<&CapitalCost>| row.map_or(f64::INFINITY, |row| row.period.days_from(on));
    let (server, own) = (nearest("server_price", id), nearest("chip_price", id));
    let server = server.filter(|_| days(server) <= days(own));
    let (server_usd, period, basis, source) = match (server, own) {
        (Some(row), _) if row.chips.is_some_and(|chips| chips > 0.0) => {
            let chips = row.chips.unwrap_or(1.0);
            (
                scale(row.value, 1.0 / chips),
                row.period,
                format!("price of {chips} chips' server or rack"),
                &row.provenance,
            )
        }
        (_, Some(row)) => {
            (product(row.value, multiplier), row.period, "chip price x server multiplier".to_string(), &row.provenance)
        }
        _ => {
            let Some(price) = chip.price_usd else {
                let message = format!("no purchase price is known for {}; give --price-usd-per-chip-hour", chip.id);
                return Err(Problem::new("no_purchase_price", message).key("chip"));
            };
            let period = chip.price_date.unwrap_or(Period { first: on, last: on });
            (scale(multiplier, price), period, "chip price x server multiplier".to_string(), &chip.provenance)
        }
    };
    Ok(Owning {
        server_usd,
        network_fraction: general("network_per_server_fraction")?,
        facility_usd_per_w: general("facility_usd_per_w")?,
        server_life_years: general("server_life_years")?,
        facility_life_years: general("facility_life_years")?,
        allin_w: nearest("allin_w", id).map(|row| row.value).or(chip.allin_w.map(Range::fixed)),
        power_utilisation_fraction: general("power_utilisation_fraction")?,
        pue: general("pue")?,
        overhead_fraction: general("overhead_fraction")?,
        period,
        basis,
        source: source.source.clone(),
    })
}

fn scale(range: Range, by: f64) -> Range {
    Range { low: range.low * by, central: range.central * by, high: range.high * by }
}

fn product(a: Range, b: Range) -> Range {
    Range { low: a.low * b.low, central: a.central * b.central, high: a.high * b.high }
}

/// Reads `capital_costs.csv`.
///
/// # Errors
/// Every problem of the table.
pub fn read_capital_costs(text: &str, file: &str) -> Result<Vec<CapitalCost>, Problems> {
    const OWN: [&str; 9] = ["id", "item", "chip", "chips", "low", "central", "high", "unit", "note"];
    let columns = [&OWN[..], &table::PROVENANCE].concat();
    table::read(text, file, &columns, |row| CapitalCost {
        id: row.text("id"),
        item: row.text("item"),
        chip: row.optional_text("chip"),
        chips: row.optional_number("chips", table::POSITIVE),
        value: row.range(["low", "central", "high"], table::NOT_NEGATIVE),
        unit: row.text("unit"),
        period: row.period("date"),
        note: row.optional_text("note"),
        provenance: row.provenance(),
    })
}
