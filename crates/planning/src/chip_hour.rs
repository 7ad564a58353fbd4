//! The price of one chip-hour, in the form that an estimate takes.

use facts::{Chip, Facts};
use performance::{CostBasis, Owning};
use units::{Date, Problem};

use crate::prices::{ChipPrice, hall_over_tdp, owned, rented};

/// Rent of a chip: as its own file states it, else the median that was asked nearest to the day.
///
/// # Errors
/// A chip without a rent.
pub fn rental_basis(facts: &Facts, chip: &Chip, on: Date) -> Result<CostBasis, Problem> {
    if let Some(usd_per_chip_hour) = chip.rental_usd_per_hour {
        return Ok(CostBasis::Rental { usd_per_chip_hour, source: chip.provenance.source.clone() });
    }
    match rented(facts, chip, on)? {
        ChipPrice::Rental { usd_per_chip_hour, source } => {
            Ok(CostBasis::Rental { usd_per_chip_hour: usd_per_chip_hour.central, source })
        }
        ChipPrice::Owning { .. } => Err(no_price(chip)),
    }
}

/// Owning a chip, central figures: the same money a month as [`PriceBook`](crate::PriceBook) counts, with the hall
/// put on the servers' life and the overhead on both capital and power.
///
/// # Errors
/// A chip without a purchase price or without power; a table of capital costs without a row that owning needs.
pub fn owning_basis(facts: &Facts, chip: &Chip, on: Date, electricity_usd_per_kwh: f64) -> Result<Owning, Problem> {
    let parts = facts.owning(chip, on)?;
    let ChipPrice::Owning { server_usd, hall_w, source } =
        owned(chip, &parts, hall_over_tdp(facts)).ok_or_else(|| no_price(chip))?
    else {
        return Err(no_price(chip));
    };
    let life_years = parts.server_life_years.central;
    let hall = hall_w.central * parts.facility_usd_per_w.central * life_years / parts.facility_life_years.central;
    let servers = server_usd.central * (1.0 + parts.network_fraction.central);
    let overhead = 1.0 + parts.overhead_fraction.central;
    Ok(Owning {
        capital_usd_per_chip: (servers + hall) * overhead,
        life_years,
        utilisation_fraction: 1.0,
        electricity_usd_per_kwh: electricity_usd_per_kwh * overhead,
        overhead_usd_per_chip_hour: 0.0,
        source,
    })
}

fn no_price(chip: &Chip) -> Problem {
    Problem::new("no_price", format!("the tables have no price of the {}", chip.name))
}
