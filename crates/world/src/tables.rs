//! The world's own tables: vendors and their lines, what is on sale when, countries of a region, sectors,
//! reference models.

use std::path::Path;

use facts::table;
use rules::Iso2;
use units::{Problem, Problems, Quarter, nearest};

use crate::{inputs::table_text, regions::REGIONS, state::MAX_SECTORS};

/// The most vendors of a run: state is kept in arrays of this length.
pub(crate) const MAX_VENDORS: usize = 16;

/// Who may buy the chips of a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Reach {
    /// Anyone, under the export rules.
    All,
    /// Operators of the region of its maker, who run it for the world.
    Own,
    /// Buyers of the region of its maker.
    Domestic,
}

/// Inputs that carry a line's growth after its last announced chip, by key, and its cadence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct LineGrowth {
    pub flop: String,
    pub bandwidth: String,
    pub memory: String,
    pub power: String,
    pub price: String,
    pub cadence_quarters: i32,
}

/// A vendor's line of chips.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct VendorLine {
    pub id: String,
    pub vendor: String,
    pub origin: usize,
    pub reach: Reach,
    pub growth: Option<LineGrowth>,
}

/// A chip of a line: when it is sold, at what price.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct OnSale {
    pub chip: String,
    pub line: String,
    pub available: Quarter,
    pub withdrawn: Quarter,
    pub price_usd: Option<f64>,
    pub predecessor: Option<String>,
    /// Stands in where the chip's own row has none [W].
    pub tdp_w: Option<f64>,
    /// Packages that a wafer of advanced packaging yields, where it is known [packages/wafer].
    pub packages_per_wafer: Option<f64>,
    /// Dies of a Chinese chip [dies].
    pub dies: Option<f64>,
}

/// Groups of destinations whose weights vary together; the last is the reference.
pub(crate) const GROUPS: [&str; 3] = ["gulf", "south_asia", "other"];

/// A country as a destination and as a part of its region's economy.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Destination {
    pub country: Iso2,
    pub region: usize,
    pub weight: f64,
    pub gdp_usd: f64,
    /// Index in [`GROUPS`].
    pub group: usize,
}

/// A sector of the economy; what is known of it stands in the inputs that end with its id.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Sector {
    pub id: String,
}

/// All of them.
#[derive(Clone, Debug)]
pub(crate) struct Tables {
    pub lines: Vec<VendorLine>,
    pub on_sale: Vec<OnSale>,
    pub destinations: Vec<Destination>,
    pub sectors: Vec<Sector>,
    pub models: Vec<crate::ReferenceModel>,
}

impl Tables {
    /// Reads the embedded tables, or those of the same name in a folder.
    pub fn load(folder: Option<&Path>) -> Result<Self, Problems> {
        let mut problems = Problems::default();
        let mut text = |name: &str, embedded: &'static str| match table_text(folder, name, embedded) {
            Ok(found) => found,
            Err(found) => {
                problems.0.extend(found.0);
                (name.to_string(), embedded.to_string())
            }
        };
        let lines = text("vendor_lines.csv", include_str!("../../../data/vendor_lines.csv"));
        let on_sale = text("catalogue.csv", include_str!("../../../data/catalogue.csv"));
        let countries = text("region_countries.csv", include_str!("../../../data/region_countries.csv"));
        let models = text("reference_models.csv", include_str!("../../../data/reference_models.csv"));
        let mut read = Reader { problems };
        let tables = Self {
            lines: read.rows(read_lines(&lines.0, &lines.1)),
            on_sale: read.rows(read_on_sale(&on_sale.0, &on_sale.1)),
            destinations: read.rows(read_destinations(&countries.0, &countries.1)),
            sectors: read.rows(sectors(folder)),
            models: read.rows(read_models(&models.0, &models.1)),
        };
        for row in &tables.on_sale {
            if !tables.lines.iter().any(|line| line.id == row.line) {
                let near = nearest(&row.line, tables.lines.iter().map(|line| &line.id)).into_iter().next();
                let message = format!("{} is of the line '{}', which vendor_lines.csv has not", row.chip, row.line);
                read.problems.push(Problem::new("unknown_line", message).file(on_sale.0.clone()).suggest(near));
            }
        }
        read.problems.check(tables)
    }

    /// The vendors, in the order of their first line.
    pub fn vendors(&self) -> Vec<String> {
        let mut vendors: Vec<String> = Vec::new();
        for line in &self.lines {
            if !vendors.contains(&line.vendor) {
                vendors.push(line.vendor.clone());
            }
        }
        vendors
    }
}

/// Gathers the problems of several tables.
struct Reader {
    problems: Problems,
}

impl Reader {
    fn rows<T>(&mut self, result: Result<Vec<T>, Problems>) -> Vec<T> {
        result.unwrap_or_else(|problems| {
            self.problems.0.extend(problems.0);
            Vec::new()
        })
    }
}

/// The words of a region column.
fn regions() -> [(&'static str, usize); REGIONS.len()] {
    std::array::from_fn(|index| (REGIONS[index], index))
}

fn read_lines(file: &str, text: &str) -> Result<Vec<VendorLine>, Problems> {
    const OWN: [&str; 10] = [
        "line",
        "vendor",
        "origin",
        "reach",
        "flop_growth",
        "bandwidth_growth",
        "memory_growth",
        "power_growth",
        "price_growth",
        "cadence_quarters",
    ];
    table::read(text, file, &[&OWN[..], &table::PROVENANCE].concat(), |row| {
        let growth = row.optional_text("flop_growth").map(|flop| LineGrowth {
            flop,
            bandwidth: row.text("bandwidth_growth"),
            memory: row.text("memory_growth"),
            power: row.text("power_growth"),
            price: row.text("price_growth"),
            cadence_quarters: row.number("cadence_quarters", 1.0..=40.0) as i32,
        });
        let _ = row.provenance();
        VendorLine {
            id: row.text("line"),
            vendor: row.text("vendor"),
            origin: row.one_of("origin", &regions()),
            reach: row.one_of("reach", &[("all", Reach::All), ("own", Reach::Own), ("domestic", Reach::Domestic)]),
            growth,
        }
    })
}

fn read_on_sale(file: &str, text: &str) -> Result<Vec<OnSale>, Problems> {
    const OWN: [&str; 10] = [
        "chip",
        "line",
        "available",
        "withdrawn",
        "price_usd",
        "predecessor",
        "tdp_w",
        "packages_per_wafer",
        "dies",
        "note",
    ];
    table::read(text, file, &[&OWN[..], &table::PROVENANCE].concat(), |row| {
        let _ = row.provenance();
        let price_usd = row.optional_number("price_usd", table::POSITIVE);
        let predecessor = row.optional_text("predecessor");
        if price_usd.is_none() && predecessor.is_none() {
            row.refuse("price_usd", "missing_value", "price_usd is blank and there is no predecessor to take it from");
        }
        OnSale {
            chip: row.text("chip"),
            line: row.text("line"),
            available: row.quarter("available"),
            withdrawn: row.quarter("withdrawn"),
            price_usd,
            predecessor,
            tdp_w: row.optional_number("tdp_w", table::POSITIVE),
            packages_per_wafer: row.optional_number("packages_per_wafer", table::POSITIVE),
            dies: row.optional_number("dies", table::POSITIVE),
        }
    })
}

fn read_destinations(file: &str, text: &str) -> Result<Vec<Destination>, Problems> {
    const OWN: [&str; 5] = ["country", "region", "weight", "gdp_usd", "group"];
    let groups: [(&str, usize); GROUPS.len()] = std::array::from_fn(|index| (GROUPS[index], index));
    table::read(text, file, &[&OWN[..], &table::PROVENANCE].concat(), |row| {
        let code = row.text("country");
        let country = Iso2::new(&code).unwrap_or_else(|| {
            row.refuse("country", "unknown_country", format!("'{code}' is no country code of two letters"));
            // A table with a problem is never used.
            Iso2::MACAU
        });
        let _ = row.provenance();
        Destination {
            country,
            region: row.one_of("region", &regions()),
            weight: row.number("weight", table::POSITIVE),
            gdp_usd: row.number("gdp_usd", table::POSITIVE),
            group: row.one_of("group", &groups),
        }
    })
}

/// The sectors: the embedded table, or that of a folder.
pub(crate) fn sectors(folder: Option<&Path>) -> Result<Vec<Sector>, Problems> {
    let embedded = include_str!("../../../data/adoption_sectors.csv");
    let (file, text) = table_text(folder, "adoption_sectors.csv", embedded)?;
    read_sectors(&file, &text)
}

fn read_sectors(file: &str, text: &str) -> Result<Vec<Sector>, Problems> {
    const OWN: [&str; 3] = ["sector", "title", "note"];
    let sectors = table::read(text, file, &[&OWN[..], &table::PROVENANCE].concat(), |row| {
        let _ = (row.provenance(), row.text("title"));
        Sector { id: row.text("sector") }
    })?;
    if sectors.is_empty() || sectors.len() > MAX_SECTORS {
        let message = format!("{} sectors; there must be between 1 and {MAX_SECTORS}", sectors.len());
        return Err(Problem::new("bad_sectors", message).file(file).into());
    }
    Ok(sectors)
}

fn read_models(file: &str, text: &str) -> Result<Vec<crate::ReferenceModel>, Problems> {
    const OWN: [&str; 4] = ["model", "weight", "context_tokens", "tpot_limit_s"];
    table::read(text, file, &[&OWN[..], &table::PROVENANCE].concat(), |row| {
        let _ = row.provenance();
        crate::ReferenceModel {
            id: row.text("model"),
            weight: row.number("weight", table::POSITIVE),
            context_tokens: row.number("context_tokens", table::POSITIVE),
            tpot_limit_s: row.number("tpot_limit_s", table::POSITIVE),
        }
    })
}
