//! What chips cost: rents, or the parts of owning, as ranges and as drawn values.

use facts::{Chip, Facts};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use units::{Date, HOURS_PER_MONTH, Problem, Problems, Range};

use crate::{Candidate, Request};

/// What a chip-hour is priced by (CONTRACTS section 5).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Basis {
    /// Rent by the hour, all hours of the month.
    #[default]
    Rental,
    /// Capital over its life, power, overhead.
    Owning,
}

impl Basis {
    /// The words of the command line.
    pub const WORDS: [(&'static str, Self); 2] = [("rental", Self::Rental), ("owning", Self::Owning)];
}

/// What one chip costs; `T` is a [`Range`] or a value drawn from it.
#[derive(Clone, Debug, PartialEq)]
pub enum ChipPrice<T> {
    /// Rented.
    Rental {
        /// Rent [USD per chip-hour].
        usd_per_chip_hour: T,
        /// Who asks it, and when.
        source: String,
    },
    /// Owned.
    Owning {
        /// A chip with its share of the server, without network and hall [USD].
        server_usd: T,
        /// Power that the hall is built for, a chip with its share of host and network [W].
        hall_w: T,
        /// How the two were come by.
        source: String,
    },
}

/// What all owned chips of a site share.
#[derive(Clone, Debug, PartialEq)]
pub struct Site<T> {
    /// Scale-out network, as a share of the servers [fraction].
    pub network_fraction: T,
    /// Hall with power and cooling [USD per W].
    pub facility_usd_per_w: T,
    /// Life of servers and network [years].
    pub server_life_years: T,
    /// Life of the hall [years].
    pub facility_life_years: T,
    /// Power of the site over IT power [ratio].
    pub pue: T,
    /// Staff, spares, software, as a share of capital and power [fraction].
    pub overhead_fraction: T,
    /// Price of electricity [USD/kWh].
    pub electricity_usd_per_kwh: T,
}

/// Prices of the chips of a search, on one basis.
///
/// Drawn by [`draw`](Self::draw), so that a study can price the same [`Found`](crate::Found) a thousand times.
#[derive(Clone, Debug, PartialEq)]
pub struct PriceBook<T> {
    /// By the chip's id; a chip without a price is not here.
    pub chips: BTreeMap<String, ChipPrice<T>>,
    /// For owning.
    pub site: Option<Site<T>>,
}

impl PriceBook<Range> {
    /// Prices of every chip that has one, nearest to the request's day, with their ranges: of rents the lowest
    /// and the highest that were asked.
    ///
    /// # Errors
    /// A country without a price of electricity; a table of capital costs without a row that owning needs.
    pub fn of(facts: &Facts, request: &Request) -> Result<Self, Problems> {
        match request.basis {
            Basis::Rental => Ok(Self::rents(facts, request)),
            Basis::Owning => Self::owning(facts, request),
        }
    }

    fn rents(facts: &Facts, request: &Request) -> Self {
        let rent = |chip: &Chip| Some((chip.id.clone(), rented(facts, chip, request.on).ok()?));
        Self { chips: facts.chips.iter().filter_map(rent).collect(), site: None }
    }

    fn owning(facts: &Facts, request: &Request) -> Result<Self, Problems> {
        let electricity_usd_per_kwh = match (request.electricity_usd_per_kwh, &request.country) {
            (Some(price), _) => price,
            (None, Some(country)) => {
                let id = &facts.country(country)?.id;
                facts.electricity(id, None, request.on)?.usd_per_kwh
            }
            (None, None) => {
                let message = "owning needs a price of electricity: give a country or the price";
                return Err(Problem::new("missing_electricity", message).key("electricity_usd_per_kwh").into());
            }
        };
        let hall_over_tdp = hall_over_tdp(facts);
        let mut chips = BTreeMap::new();
        let mut site = None;
        for chip in &facts.chips {
            let Ok(owning) = facts.owning(chip, request.on) else { continue };
            let Some(price) = owned(chip, &owning, hall_over_tdp) else { continue };
            chips.insert(chip.id.clone(), price);
            site = Some(Site {
                network_fraction: owning.network_fraction,
                facility_usd_per_w: owning.facility_usd_per_w,
                server_life_years: owning.server_life_years,
                facility_life_years: owning.facility_life_years,
                pue: owning.pue,
                overhead_fraction: owning.overhead_fraction,
                electricity_usd_per_kwh,
            });
        }
        Ok(Self { chips, site })
    }

    /// The central prices.
    pub fn central(&self) -> PriceBook<f64> {
        self.draw(|_, range| range.central)
    }

    /// Prices drawn by a function of (figure, range). Figures are named `rent/h100-sxm`, `server/h100-sxm`,
    /// `hall/h100-sxm` and by the fields of [`Site`]; chips come in the order of their ids, then the site.
    pub fn draw(&self, mut value: impl FnMut(&str, Range) -> f64) -> PriceBook<f64> {
        let chips = self
            .chips
            .iter()
            .map(|(id, price)| {
                let price = match price {
                    ChipPrice::Rental { usd_per_chip_hour, source } => ChipPrice::Rental {
                        usd_per_chip_hour: value(&format!("rent/{id}"), *usd_per_chip_hour),
                        source: source.clone(),
                    },
                    ChipPrice::Owning { server_usd, hall_w, source } => ChipPrice::Owning {
                        server_usd: value(&format!("server/{id}"), *server_usd),
                        hall_w: value(&format!("hall/{id}"), *hall_w),
                        source: source.clone(),
                    },
                };
                (id.clone(), price)
            })
            .collect();
        let site = self.site.as_ref().map(|site| Site {
            network_fraction: value("network_fraction", site.network_fraction),
            facility_usd_per_w: value("facility_usd_per_w", site.facility_usd_per_w),
            server_life_years: value("server_life_years", site.server_life_years),
            facility_life_years: value("facility_life_years", site.facility_life_years),
            pue: value("pue", site.pue),
            overhead_fraction: value("overhead_fraction", site.overhead_fraction),
            electricity_usd_per_kwh: value("electricity_usd_per_kwh", site.electricity_usd_per_kwh),
        });
        PriceBook { chips, site }
    }
}

impl PriceBook<f64> {
    /// What a candidate costs, all hours of a month [USD/month]; `None` without a price of its chip, or, owned,
    /// without its power.
    pub fn usd_per_month(&self, candidate: &Candidate) -> Option<f64> {
        let chips = candidate.deployment.chips() as f64;
        match self.chips.get(&candidate.chip)? {
            ChipPrice::Rental { usd_per_chip_hour, .. } => Some(chips * usd_per_chip_hour * HOURS_PER_MONTH),
            ChipPrice::Owning { server_usd, hall_w, .. } => {
                let site = self.site.as_ref()?;
                let capital = chips * site.capital_usd_per_chip_month(*server_usd, *hall_w);
                let energy_kwh = candidate.power_w? * site.pue / 1e3 * HOURS_PER_MONTH;
                Some((capital + energy_kwh * site.electricity_usd_per_kwh) * (1.0 + site.overhead_fraction))
            }
        }
    }

    /// What must be paid or promised up front for a candidate: the purchase of servers, network and hall, or
    /// nothing where it is rented by the hour [USD].
    pub fn commitment_usd(&self, candidate: &Candidate) -> Option<f64> {
        let chips = candidate.deployment.chips() as f64;
        match self.chips.get(&candidate.chip)? {
            ChipPrice::Rental { .. } => Some(0.0),
            ChipPrice::Owning { server_usd, hall_w, .. } => {
                let site = self.site.as_ref()?;
                Some(chips * (server_usd * (1.0 + site.network_fraction) + hall_w * site.facility_usd_per_w))
            }
        }
    }

    /// PUE of the site, where one is owned [ratio].
    pub fn pue(&self) -> Option<f64> {
        self.site.as_ref().map(|site| site.pue)
    }
}

impl Site<f64> {
    /// Servers and network over their life, hall over its own, straight line and without interest
    /// [USD per chip and month].
    fn capital_usd_per_chip_month(&self, server_usd: f64, hall_w: f64) -> f64 {
        let servers = server_usd * (1.0 + self.network_fraction) / (self.server_life_years * 12.0);
        servers + hall_w * self.facility_usd_per_w / (self.facility_life_years * 12.0)
    }
}

/// What is asked for a chip nearest to a day, with the lowest and the highest.
///
/// # Errors
/// A chip that nobody rents out.
pub(crate) fn rented(facts: &Facts, chip: &Chip, on: Date) -> Result<ChipPrice<Range>, Problem> {
    let rental = facts.rental(&chip.id, on)?;
    let usd_per_chip_hour = Range { low: rental.low, central: rental.median, high: rental.high };
    let source = format!("{} on {}: {}", class_name(rental.provider_class), rental.period, rental.source);
    Ok(ChipPrice::Rental { usd_per_chip_hour, source })
}

/// A chip with its server and its hall; `None` where its power is not known.
pub(crate) fn owned(chip: &Chip, owning: &facts::Owning, hall_over_tdp: Option<f64>) -> Option<ChipPrice<Range>> {
    let estimated = || Some(Range::fixed(chip.tdp_w? * hall_over_tdp?));
    let hall_w = owning.allin_w.or_else(estimated)?;
    let power = if owning.allin_w.is_some() { "" } else { "; hall power estimated from TDP" };
    let source = format!("{} ({}, {}){power}", owning.basis, owning.source, owning.period);
    Some(ChipPrice::Owning { server_usd: owning.server_usd, hall_w, source })
}

/// Hall power over TDP: the median of the chips for which both are known; `None` where there is none.
pub(crate) fn hall_over_tdp(facts: &Facts) -> Option<f64> {
    let mut ratios: Vec<f64> = facts
        .chips
        .iter()
        .filter_map(|chip| Some(chip.allin_w? / chip.tdp_w?))
        .filter(|ratio| ratio.is_finite() && *ratio >= 1.0)
        .collect();
    ratios.sort_by(f64::total_cmp);
    ratios.get(ratios.len() / 2).copied()
}

fn class_name(class: facts::ProviderClass) -> &'static str {
    let words = facts::ProviderClass::WORDS;
    words.iter().find(|(_, known)| *known == class).map_or("provider", |(word, _)| word)
}
