//! C1 (a): the cheapest plan of T against the cheapest plan of the others, at one date.
//!
//! The level of quality is that of T's best open model for which an open model of other origin scores as high. T may
//! choose among its models of that level and the chips it may have; the others among theirs and any chip. A model on
//! both sides' chips splits `R1` into a model factor and a chip factor. The interval of `R1` joins what prices are
//! uncertain by with what the performance model is: each side's throughput is drawn from the 80 % interval of its tier.

use explore::{Distribution, statistics::Sorted};
use facts::{Chip, Model};
use performance::{
    Efficiencies, Intervals,
    interval::{Figure, Interval},
};
use planning::{Basis, Found, Licence, Objectives, PriceBook, Request, Searches};
use units::{Date, Problems, Range, Tier};

use crate::claims::settings::C1 as Settings;
use crate::claims::verdict::Vote;
use crate::findings::{Cell, Column, Table};
use crate::ground::Ground;
use crate::market::{PriceDraws, is_as_good, middle_of, open_models, workload};

/// Countries of the two sides, for rules and electricity.
const CHINA: &str = "CN";
const OTHER: &str = "US";

/// One date.
#[derive(Clone, Debug, PartialEq)]
pub struct Comparison {
    /// The date, as the settings write it.
    pub date: String,
    /// T's best open model that has an equal; `None` where it has none.
    pub level: Option<String>,
    /// T's plan at central prices.
    pub china: Option<Chosen>,
    /// The others'.
    pub other: Option<Chosen>,
    /// Tokens per USD, T over the others: low, median, high of the interval.
    pub ratio: Option<[f64; 3]>,
    /// T's model over the others' model, both on any chip, at central prices.
    pub model_factor: f64,
    /// T's model on T's chips over T's model on any chip, at central prices.
    pub chip_factor: f64,
    /// What this date says.
    pub vote: Vote,
    /// Open models that had a score by then, those of T that are as good as the level, and the others' [count].
    pub models: [usize; 3],
}

/// A plan that was chosen.
#[derive(Clone, Debug, PartialEq)]
pub struct Chosen {
    /// Model.
    pub model: String,
    /// Chip.
    pub chip: String,
    /// Chips in all.
    pub chips: u64,
    /// Export outcome of the chip, or `domestic`.
    pub outcome: Option<String>,
    /// Cost [USD per million tokens, read and written].
    pub usd_per_mtok: f64,
}

/// One model's plans on one side, with their prices.
struct Offer {
    model: String,
    found: Found,
    prices: PriceBook<Range>,
    /// Chips of the country's own make, which are not exported to it.
    domestic: Vec<String>,
}

impl Offer {
    fn search(ground: &Ground<'_>, searches: &mut Searches<'_>, request: &Request) -> Result<Self, Problems> {
        Ok(Self {
            model: request.model.clone(),
            found: searches.search(request)?,
            prices: PriceBook::of(ground.inputs.facts, request)?,
            domestic: {
                let chips = ground.inputs.facts.chips.iter();
                let home = |chip: &&Chip| request.country.as_deref() == Some(chip.origin.as_str());
                chips.filter(home).map(|chip| chip.id.clone()).collect()
            },
        })
    }

    /// The cheapest plan at central prices.
    fn central(&self) -> Option<Chosen> {
        let prices = self.prices.central();
        let priced = self.found.cheapest(&prices)?;
        Some(Chosen {
            model: self.model.clone(),
            chip: priced.candidate.chip.clone(),
            chips: priced.candidate.deployment.chips(),
            outcome: if self.domestic.contains(&priced.candidate.chip) {
                Some("domestic".into())
            } else {
                priced.candidate.outcome.map(|outcome| outcome.name().to_string())
            },
            usd_per_mtok: priced.usd_per_mtok_total,
        })
    }

    /// The cost of the cheapest plan in a draw; the price of electricity is each side's own.
    fn drawn(&self, draws: &mut PriceDraws, draw: u64, side: &str) -> Option<f64> {
        let prices = self.prices.draw(|figure, range| {
            let own = figure == "electricity_usd_per_kwh";
            draws.value(&if own { format!("{figure}/{side}") } else { figure.to_string() }, draw, range)
        });
        let cheapest = self.found.cheapest(&prices)?;
        let performance = throughput_interval(&cheapest.candidate.chip).map_or(1.0, |interval| {
            // Both models of a side run on the same engines: one draw for them.
            around(interval).quantile(draws.uniform(&format!("performance/{side}"), draw))
        });
        Some(cheapest.usd_per_mtok_total / performance)
    }
}

/// Between which multiples of the predicted throughput a chip's true one lies, by whether its kernels were measured.
fn throughput_interval(chip: &str) -> Option<Interval> {
    let efficiencies = Efficiencies::builtin();
    let tier = if efficiencies.has_kernel_table(chip) {
        Tier::Interpolated
    } else if efficiencies.rows().iter().any(|row| row.scope == chip) {
        Tier::Transferred
    } else {
        Tier::Specification
    };
    Intervals::builtin().get(Figure::Throughput, tier, None)
}

/// The lognormal distribution whose middle 80 % an interval is.
fn around(interval: Interval) -> Distribution {
    /// The 90th percentile of the standard normal distribution.
    const Z90: f64 = 1.281_551_565_544_600_4;
    let (low, high) = (interval.lo_ratio.ln(), interval.hi_ratio.ln());
    Distribution::LogNormal { median: f64::midpoint(low, high).exp(), sigma: (high - low) / (2.0 * Z90) }
}

/// The question of a side: a model, a country, a day.
fn request(
    ground: &Ground<'_>,
    settings: &Settings,
    model: &Model,
    country: &str,
    on: Date,
) -> Result<Request, Problems> {
    let shape = workload(ground.inputs.facts, &settings.workload, settings.input_tokens, settings.output_tokens)?;
    let objectives = Objectives::new(settings.ttft_mean_s, settings.tpot_mean_s);
    Ok(Request {
        country: Some(country.into()),
        on,
        basis: Basis::Owning,
        ..Request::new(model, shape, settings.rate_per_s, objectives)
    })
}

/// Compares at a date.
pub fn compare(
    ground: &Ground<'_>,
    settings: &Settings,
    date: &str,
    searches: &mut Searches<'_>,
    draws: &mut PriceDraws,
) -> Result<Comparison, Problems> {
    let on = middle_of(date)?;
    let facts = ground.inputs.facts;
    let models = open_models(facts, on, &settings.score_benchmark);
    let as_good = |model: &str, level: &str| is_as_good(facts, model, level, settings.score_tolerance);
    let side = |china: bool, level: &str| -> Vec<&Model> {
        let of = models.iter().map(|(model, _)| *model).filter(|model| (model.origin == CHINA) == china);
        of.filter(|model| as_good(&model.id, level)).collect()
    };
    let level = models
        .iter()
        .map(|(model, _)| *model)
        .find(|model| model.origin == CHINA && !side(false, &model.id).is_empty());
    let nothing = Comparison {
        date: date.into(),
        level: None,
        china: None,
        other: None,
        ratio: None,
        model_factor: f64::NAN,
        chip_factor: f64::NAN,
        vote: Vote::Undefined,
        models: [models.len(), 0, 0],
    };
    let Some(level) = level else { return Ok(nothing) };
    let mut offers = |models: Vec<&Model>, country: &str| -> Result<Vec<Offer>, Problems> {
        models
            .into_iter()
            .map(|model| Offer::search(ground, searches, &request(ground, settings, model, country, on)?))
            .collect()
    };
    let china = offers(side(true, &level.id), CHINA)?;
    let other = offers(side(false, &level.id), OTHER)?;
    let best = |offers: &[Offer]| {
        offers.iter().filter_map(Offer::central).min_by(|a, b| a.usd_per_mtok.total_cmp(&b.usd_per_mtok))
    };
    let (chosen_china, chosen_other) = (best(&china), best(&other));
    let unrestricted = match &chosen_china {
        Some(chosen) => best(&offers(vec![facts.model(&chosen.model)?], OTHER)?),
        None => None,
    };
    let cost = |chosen: &Option<Chosen>| chosen.as_ref().map_or(f64::NAN, |chosen| chosen.usd_per_mtok);
    let least = |offers: &[Offer], draws: &mut PriceDraws, draw, side: &str| {
        offers.iter().filter_map(|offer| offer.drawn(draws, draw, side)).min_by(f64::total_cmp)
    };
    let ratios: Option<Vec<f64>> = (0..settings.price_draws as u64)
        .map(|draw| Some(least(&other, draws, draw, OTHER)? / least(&china, draws, draw, CHINA)?))
        .collect();
    let tail = 0.5 * (1.0 - settings.interval_share);
    let ratio = ratios
        .and_then(Sorted::new)
        .and_then(|sorted| Some([sorted.quantile(tail)?, sorted.quantile(0.5)?, sorted.quantile(1.0 - tail)?]));
    let vote =
        ratio.map_or(Vote::Undefined, |[low, _, high]| Vote::of(low >= settings.r1_for, high <= settings.r1_against));
    Ok(Comparison {
        level: Some(level.id.clone()),
        model_factor: cost(&chosen_other) / cost(&unrestricted),
        chip_factor: cost(&unrestricted) / cost(&chosen_china),
        china: chosen_china,
        other: chosen_other,
        ratio,
        vote,
        models: [models.len(), china.len(), other.len()],
        ..nothing
    })
}

/// The comparisons as a table.
pub fn table(comparisons: &[Comparison]) -> Table {
    let text = |value: Option<&String>| value.map_or(Cell::Empty, Cell::text);
    let rows = comparisons
        .iter()
        .map(|each| {
            let china = each.china.as_ref();
            let other = each.other.as_ref();
            let ratio = |index: usize| each.ratio.map_or(Cell::Empty, |ratio| Cell::number(ratio[index]));
            vec![
                Cell::text(&each.date),
                text(each.level.as_ref()),
                text(china.map(|chosen| &chosen.model)),
                text(china.map(|chosen| &chosen.chip)),
                text(china.and_then(|chosen| chosen.outcome.as_ref())),
                china.map_or(Cell::Empty, |chosen| Cell::number(chosen.usd_per_mtok)),
                text(other.map(|chosen| &chosen.model)),
                text(other.map(|chosen| &chosen.chip)),
                other.map_or(Cell::Empty, |chosen| Cell::number(chosen.usd_per_mtok)),
                ratio(0),
                ratio(1),
                ratio(2),
                Cell::number(each.model_factor),
                Cell::number(each.chip_factor),
                Cell::text(each.vote.name()),
            ]
        })
        .collect();
    let column = |key, unit| Column { key, unit };
    Table {
        id: "c1_deployment",
        columns: vec![
            column("date", ""),
            column("quality_level", ""),
            column("model_china", ""),
            column("chip_china", ""),
            column("outcome", ""),
            column("cost_china", "usd_per_mtok"),
            column("model_other", ""),
            column("chip_other", ""),
            column("cost_other", "usd_per_mtok"),
            column("r1_low", "ratio"),
            column("r1", "ratio"),
            column("r1_high", "ratio"),
            column("model_factor", "ratio"),
            column("chip_factor", "ratio"),
            column("vote", ""),
        ],
        rows,
    }
}

/// The op-ed's own pair at central prices of a date, on each of T's chips, whatever the rules say of them.
pub fn own_pair(
    ground: &Ground<'_>,
    settings: &Settings,
    date: &str,
    searches: &mut Searches<'_>,
) -> Result<Table, Problems> {
    let on = middle_of(date)?;
    let facts = ground.inputs.facts;
    let mut plan = |model: &str, chip: &str, country: &str| -> Result<Option<Chosen>, Problems> {
        let request = Request {
            chips: Some(vec![chip.into()]),
            licence: Licence::Any,
            ..request(ground, settings, facts.model(model)?, country, on)?
        };
        Ok(Offer::search(ground, searches, &request)?.central())
    };
    let other = plan(&settings.pair_model_other, &settings.pair_chip_other, OTHER)?;
    let mut rows = Vec::new();
    for chip in &settings.pair_chips_china {
        let china = plan(&settings.pair_model_china, chip, CHINA)?;
        let cost = |chosen: &Option<Chosen>| chosen.as_ref().map_or(f64::NAN, |chosen| chosen.usd_per_mtok);
        let count =
            |chosen: &Option<Chosen>| chosen.as_ref().map_or(Cell::Empty, |chosen| Cell::number(chosen.chips as f64));
        let outcome = china.as_ref().and_then(|chosen| chosen.outcome.clone());
        rows.push(vec![
            Cell::text(date),
            Cell::text(&settings.pair_model_china),
            Cell::text(chip),
            outcome.map_or(Cell::Empty, Cell::Text),
            count(&china),
            Cell::number(cost(&china)),
            Cell::text(&settings.pair_model_other),
            Cell::text(&settings.pair_chip_other),
            count(&other),
            Cell::number(cost(&other)),
            Cell::number(cost(&other) / cost(&china)),
        ]);
    }
    let column = |key, unit| Column { key, unit };
    Ok(Table {
        id: "c1_own_pair",
        columns: vec![
            column("date", ""),
            column("model_china", ""),
            column("chip_china", ""),
            column("outcome", ""),
            column("chips_china", "chips"),
            column("cost_china", "usd_per_mtok"),
            column("model_other", ""),
            column("chip_other", ""),
            column("chips_other", "chips"),
            column("cost_other", "usd_per_mtok"),
            column("r1", "ratio"),
        ],
        rows,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tenth_of_the_draws_lies_beyond_each_end_of_an_interval() {
        let distribution = around(Interval { lo_ratio: 0.8, hi_ratio: 1.5 });
        assert!((distribution.quantile(0.1) - 0.8).abs() < 1e-9 && (distribution.quantile(0.9) - 1.5).abs() < 1e-9);
    }
}
