//! What a chip-hour costs, from flags and facts; and what the export rules say of the chip at the place.

use facts::{Chip, Facts};
use performance::CostBasis;
use rules::{Item, Outcome, Query};
use units::{Date, Problem, Warning};

use crate::{context::Context, failure::Failure, quantity};

/// Flags that price a chip-hour.
#[derive(Debug, clap::Args)]
pub struct PriceFlags {
    /// The price of a chip-hour, in place of a price from the tables
    #[arg(long, value_name = "USD", value_parser = quantity::positive, allow_negative_numbers = true, conflicts_with = "price_basis")]
    price_usd_per_chip_hour: Option<f64>,
    /// Rental: the median on-demand neocloud price; owning: capital, power and overhead
    #[arg(long, value_parser = ["rental", "owning"])]
    price_basis: Option<String>,
    /// Price of electricity, for owning [default: the country's]
    #[arg(long, value_name = "USD", value_parser = quantity::positive, allow_negative_numbers = true)]
    electricity_usd_per_kwh: Option<f64>,
    /// Power usage effectiveness of the site [default: from the tables]
    #[arg(long, value_name = "RATIO", value_parser = quantity::positive, allow_negative_numbers = true)]
    pue: Option<f64>,
}

/// Where and when.
pub struct Place<'a> {
    /// The country, as the user wrote it.
    pub country: Option<&'a str>,
    /// The day.
    pub on: Date,
}

impl PriceFlags {
    /// What a chip-hour costs; `None` with a warning where no table has a price.
    ///
    /// # Errors
    /// Owning without a price of electricity; an unknown country.
    pub fn basis(
        &self,
        facts: &Facts,
        chip: &Chip,
        place: &Place,
    ) -> Result<(Option<CostBasis>, Vec<Warning>), Failure> {
        if let Some(usd_per_chip_hour) = self.price_usd_per_chip_hour {
            return Ok((
                Some(CostBasis::Rental { usd_per_chip_hour, source: "given by --price-usd-per-chip-hour".into() }),
                self.unused(),
            ));
        }
        let priced = match self.price_basis.as_deref() {
            Some("owning") => {
                let usd_per_kwh = self.electricity(facts, place)?;
                return match planning::owning_basis(facts, chip, place.on, usd_per_kwh) {
                    Ok(basis) => Ok((Some(CostBasis::Owning(basis)), Vec::new())),
                    Err(problem) => Ok((None, vec![no_price(&problem)])),
                };
            }
            _ => planning::rental_basis(facts, chip, place.on),
        };
        match priced {
            Ok(basis) => Ok((Some(basis), self.unused())),
            Err(problem) => Ok((None, vec![no_price(&problem)])),
        }
    }

    /// Power usage effectiveness: the flag's, else that of the tables.
    pub fn pue(&self, default: f64) -> f64 {
        self.pue.unwrap_or(default)
    }

    fn electricity(&self, facts: &Facts, place: &Place) -> Result<f64, Failure> {
        if let Some(price) = self.electricity_usd_per_kwh {
            return Ok(price);
        }
        let Some(country) = place.country else {
            let message = "owning needs a price of electricity: give --in COUNTRY or --electricity-usd-per-kwh";
            return Err(Problem::new("missing_electricity", message).key("--price-basis").into());
        };
        let id = &facts.country(country)?.id;
        Ok(facts.electricity(id, None, place.on)?.usd_per_kwh.central)
    }

    /// A rented chip's price holds its electricity.
    fn unused(&self) -> Vec<Warning> {
        let message =
            "a rented chip's price holds its electricity; --electricity-usd-per-kwh counts with --price-basis owning";
        self.electricity_usd_per_kwh.iter().map(|_| Warning::new("unused_flag", message)).collect()
    }
}

fn no_price(problem: &Problem) -> Warning {
    Warning::new("no_price", format!("no cost is given: {}", problem.message))
}

/// A warning where the export rules stand between the chip and the place.
///
/// # Errors
/// An unknown country.
pub fn export_note(context: &Context, chip: &Chip, country: &str, on: Date) -> Result<Option<Warning>, Failure> {
    let answer = context.rules()?.check(&Item::from_chip(chip), &Query::new(country, on))?;
    if matches!(answer.outcome, Outcome::Free | Outcome::Aca) {
        return Ok(None);
    }
    let message = format!(
        "on {on} the export rules say of the {} to {}: {} ({}); see `downstream rules check`",
        chip.name,
        answer.query.to.as_str(),
        answer.outcome.name(),
        answer.outcome_text
    );
    Ok(Some(Warning::new("export_rules", message)))
}
