//! All facts together: the embedded tables, any of them replaced by a file of the same name in a user's folder.

use std::path::Path;
use units::{Date, Problem, Problems, nearest, read_text};

use crate::api_price::{self, ApiPrice, read_api_prices};
use crate::capital::{self, CapitalCost, Owning, read_capital_costs};
use crate::chip::{self, Chip, read_chip_memory, read_chips};
use crate::country::{Country, read_countries};
use crate::electricity::{self, ElectricityPrice, read_electricity_prices};
use crate::event::{Event, read_events};
use crate::figure::{Figure, read_figures};
use crate::lever_effect::{LeverEffect, read_lever_effects};
use crate::licence_flow::{LicenceFlow, read_licence_flow};
use crate::lookup::find;
use crate::model::{Model, ModelScore, find_model, read_model_scores, read_models};
use crate::rental::{self, RentalPrice, RentalRow, read_rental_prices};
use crate::successor::{Successor, read_successors};
use crate::workload::{WorkloadShape, read_workloads};

/// The last day that the facts describe.
pub const AS_OF: Date = Date::constant(2026, 11, 23);

macro_rules! embedded {
    ($($name:literal),* $(,)?) => {
        [$(($name, include_str!(concat!("../../../data/", $name)))),*]
    };
}

/// The tables of the binary, by file name.
const EMBEDDED: &[(&str, &str)] = &embedded![
    "api_prices.csv",
    "capital_costs.csv",
    "chip_memory.csv",
    "chips.csv",
    "countries.csv",
    "electricity_prices.csv",
    "events.csv",
    "export_rules.toml",
    "history.csv",
    "lever_effects.csv",
    "licence_flow.csv",
    "macro.csv",
    "model_scores.csv",
    "models.csv",
    "rental_prices.csv",
    "sectors.csv",
    "successors.csv",
    "supply.csv",
    "workloads.csv",
];

/// Tables that the world model embeds and reads itself; a user's folder may replace them too, and
/// [`Facts::replaced`] hands them over.
const ELSEWHERE: &[&str] = &[
    "adoption_sectors.csv",
    "catalogue.csv",
    "input_vintages.csv",
    "inputs.csv",
    "reference_models.csv",
    "region_countries.csv",
    "vendor_lines.csv",
];

/// Tables that say how claims are decided and predictions are made and scored: a user's folder may hold a copy (ours
/// does), but another content is refused, since it would not be used.
const FIXED: &[(&str, &str)] = &embedded![
    "acceptance_lengths.csv",
    "accuracy_targets.csv",
    "claims.toml",
    "efficiencies.csv",
    "engine_constants.csv",
    "engine_folds.csv",
    "exclusions.csv",
    "expert_exchange.csv",
    "intervals.csv",
    "measured_names.csv",
    "mlperf_lengths.csv",
    "published_measurements.csv",
    "registered_forecast.toml",
    "replications.csv",
    "rule_confirmations.csv",
    "technology_costs.csv",
    "technology_diffusion.csv",
    "variables.toml",
];

/// Every fact, read and checked.
#[derive(Clone, Debug)]
pub struct Facts {
    /// Accelerators (`chips.csv`).
    pub chips: Vec<Chip>,
    /// Models (`models.csv`).
    pub models: Vec<Model>,
    /// Published scores of models (`model_scores.csv`).
    pub model_scores: Vec<ModelScore>,
    /// Countries (`countries.csv`).
    pub countries: Vec<Country>,
    /// Rents asked (`rental_prices.csv`).
    pub rental_prices: Vec<RentalRow>,
    /// What owning costs (`capital_costs.csv`).
    pub capital_costs: Vec<CapitalCost>,
    /// Electricity (`electricity_prices.csv`).
    pub electricity_prices: Vec<ElectricityPrice>,
    /// Prices of tokens (`api_prices.csv`).
    pub api_prices: Vec<ApiPrice>,
    /// Workloads (`workloads.csv`).
    pub workloads: Vec<WorkloadShape>,
    /// Shares, exposure and gates by sector and bloc (`sectors.csv`).
    pub sectors: Vec<Figure>,
    /// Product, population, electricity by bloc (`macro.csv`).
    pub macro_economy: Vec<Figure>,
    /// Wafers, packaging, memory, domestic output (`supply.csv`).
    pub supply: Vec<Figure>,
    /// What happened 2022 to 2025: sales, capital, revenue, tokens, adoption, shares (`history.csv`).
    pub history: Vec<Figure>,
    /// Dated events (`events.csv`).
    pub events: Vec<Event>,
    /// What levers do and cost (`lever_effects.csv`).
    pub lever_effects: Vec<LeverEffect>,
    /// What licences let through (`licence_flow.csv`).
    pub licence_flow: Vec<LicenceFlow>,
    /// Chips to come (`successors.csv`).
    pub successors: Vec<Successor>,
    /// The text of `export_rules.toml`, which the rules read.
    pub export_rules_text: String,
    /// Every table used, name and text, in the order of names.
    texts: Vec<(String, String)>,
    /// The files of the user's folder: table, path as the user named it, text.
    replaced: Vec<(String, String, String)>,
}

impl Facts {
    /// The embedded tables, any of them replaced by a file of the same name in `folder`.
    ///
    /// # Errors
    /// Every problem of every table; a `folder` that is none, or that holds a CSV or TOML file of another name.
    pub fn load(folder: Option<&Path>) -> Result<Self, Problems> {
        let mut problems = Problems::default();
        let overrides = folder.map_or_else(Vec::new, |folder| replaced(folder, &mut problems));
        let mut texts = Vec::new();
        let mut files = Vec::new();
        for (name, text) in EMBEDDED {
            let (file, text) = match overrides.iter().find(|(known, _, _)| known == name) {
                Some((_, file, text)) => (file.clone(), text.clone()),
                None => (format!("data/{name}"), text.to_string()),
            };
            texts.push((name.to_string(), text));
            files.push(file);
        }
        for (name, file, text) in overrides.iter().filter(|(name, _, _)| ELSEWHERE.contains(&name.as_str())) {
            texts.push((name.clone(), text.clone()));
            files.push(file.clone());
        }
        let mut shelf = Shelf { texts: &texts, files: &files, problems };
        let mut chips = shelf.read("chips.csv", read_chips);
        let memory = shelf.read("chip_memory.csv", read_chip_memory);
        // A user's own chips.csv says all that is known of its chips, unless a chip_memory.csv comes with it.
        let own = |table: &str| overrides.iter().any(|(name, _, _)| name == table);
        if (!own("chips.csv") || own("chip_memory.csv"))
            && let Err(found) = chip::attach(&mut chips, &memory)
        {
            shelf.problems.0.extend(found.0);
        }
        let facts = Self {
            chips,
            models: shelf.read("models.csv", read_models),
            model_scores: shelf.read("model_scores.csv", read_model_scores),
            countries: shelf.read("countries.csv", read_countries),
            rental_prices: shelf.read("rental_prices.csv", read_rental_prices),
            capital_costs: shelf.read("capital_costs.csv", read_capital_costs),
            electricity_prices: shelf.read("electricity_prices.csv", read_electricity_prices),
            api_prices: shelf.read("api_prices.csv", read_api_prices),
            workloads: shelf.read("workloads.csv", read_workloads),
            sectors: shelf.read("sectors.csv", read_figures),
            macro_economy: shelf.read("macro.csv", read_figures),
            supply: shelf.read("supply.csv", read_figures),
            history: shelf.read("history.csv", read_figures),
            events: shelf.read("events.csv", read_events),
            lever_effects: shelf.read("lever_effects.csv", read_lever_effects),
            licence_flow: shelf.read("licence_flow.csv", read_licence_flow),
            successors: shelf.read("successors.csv", read_successors),
            export_rules_text: shelf.text("export_rules.toml").to_string(),
            texts: Vec::new(),
            replaced: Vec::new(),
        };
        let problems = shelf.problems;
        texts.sort();
        problems.check(Self { texts, replaced: overrides, ..facts })
    }

    /// The user's version of a table, as path and text, for a room that embeds the table itself.
    pub fn replaced(&self, name: &str) -> Option<(&str, &str)> {
        let found = self.replaced.iter().find(|(known, _, _)| known == name)?;
        Some((&found.1, &found.2))
    }

    /// Every table used, name and text, in the order of names: what a run hashes to say which data it read.
    pub fn texts(&self) -> &[(String, String)] {
        &self.texts
    }

    /// The chip of an id or alias, case ignored.
    ///
    /// # Errors
    /// `unknown_chip` with the nearest names.
    pub fn chip(&self, name: &str) -> Result<&Chip, Problem> {
        find("unknown_chip", "chip", &self.chips, name)
    }

    /// The model of a hub name or alias, case ignored.
    ///
    /// # Errors
    /// `unknown_model` with the nearest names.
    pub fn model(&self, name: &str) -> Result<&Model, Problem> {
        find_model(&self.models, name)
    }

    /// The country of an ISO 3166 alpha-2 code, a common name, or the regulation's spelling.
    ///
    /// # Errors
    /// `unknown_country` with the nearest names.
    pub fn country(&self, name: &str) -> Result<&Country, Problem> {
        find("unknown_country", "country", &self.countries, name)
    }

    /// The workload of an id or alias, case ignored.
    ///
    /// # Errors
    /// `unknown_workload` with the nearest names.
    pub fn workload(&self, name: &str) -> Result<&WorkloadShape, Problem> {
        find("unknown_workload", "workload", &self.workloads, name)
    }

    /// What an hour of a chip rents for: see [`rental::rental_price`].
    ///
    /// # Errors
    /// `no_rental_price` where nobody is known to rent it out by the hour.
    pub fn rental(&self, chip_id: &str, on: Date) -> Result<RentalPrice, Problem> {
        rental::rental_price(&self.rental_prices, chip_id, on)
    }

    /// What it costs to own a chip: see [`capital::owning`].
    ///
    /// # Errors
    /// `no_purchase_price` where none is known.
    pub fn owning(&self, chip: &Chip, on: Date) -> Result<Owning, Problem> {
        capital::owning(&self.capital_costs, chip, on)
    }

    /// The price of electricity in a country: see [`electricity::electricity_price`].
    ///
    /// # Errors
    /// `no_electricity_price` where none is known.
    pub fn electricity(&self, country: &str, class: Option<&str>, on: Date) -> Result<&ElectricityPrice, Problem> {
        electricity::electricity_price(&self.electricity_prices, country, class, on)
    }

    /// What each provider's offers of a model cost on a day: see [`api_price::api_prices_of`].
    pub fn api_prices_of(&self, model: &str, on: Date) -> Vec<&ApiPrice> {
        api_price::api_prices_of(&self.api_prices, model, on)
    }
}

/// The texts, handed out by name, with the problems of those who read them.
struct Shelf<'t> {
    texts: &'t [(String, String)],
    files: &'t [String],
    problems: Problems,
}

impl Shelf<'_> {
    fn text(&self, name: &str) -> &str {
        self.texts.iter().find(|(known, _)| known == name).map_or("", |(_, text)| text)
    }

    fn read<T>(&mut self, name: &str, read: impl Fn(&str, &str) -> Result<Vec<T>, Problems>) -> Vec<T> {
        let index = self.texts.iter().position(|(known, _)| known == name);
        let (text, file) = index.map_or(("", name), |index| (self.texts[index].1.as_str(), self.files[index].as_str()));
        read(text, file).unwrap_or_else(|problems| {
            self.problems.0.extend(problems.0);
            Vec::new()
        })
    }
}

/// The tables that a user's folder replaces: name, path as the user named it, text.
fn replaced(folder: &Path, problems: &mut Problems) -> Vec<(String, String, String)> {
    let shown = folder.display().to_string();
    let Ok(entries) = std::fs::read_dir(folder) else {
        problems.push(Problem::new("not_a_folder", "is no folder that can be read; --data wants one").file(shown));
        return Vec::new();
    };
    let mut names: Vec<String> =
        entries.filter_map(|entry| entry.ok()?.file_name().into_string().ok()).filter(|name| is_table(name)).collect();
    names.sort_unstable();
    let known = || EMBEDDED.iter().chain(FIXED).map(|(name, _)| *name).chain(ELSEWHERE.iter().copied());
    let mut found = Vec::new();
    for name in names {
        let path = folder.join(&name);
        let file = path.display().to_string();
        if !known().any(|known| known == name) {
            let near = nearest(&name, known()).into_iter().next();
            problems.push(Problem::new("unknown_table", "is no table of ours").file(file).suggest(near));
            continue;
        }
        match read_text(&path) {
            Ok(text) => match FIXED.iter().find(|(fixed, _)| *fixed == name) {
                Some((_, own)) if *own == text => {}
                Some(_) => {
                    let message = "cannot be replaced: it says how claims are decided or predictions made and scored";
                    problems.push(Problem::new("fixed_table", message).file(file));
                }
                None => found.push((name, file, text)),
            },
            Err(problem) => problems.push(problem),
        }
    }
    found
}

fn is_table(name: &str) -> bool {
    let extension = Path::new(name).extension().and_then(|extension| extension.to_str());
    extension.is_some_and(|extension| extension.eq_ignore_ascii_case("csv") || extension.eq_ignore_ascii_case("toml"))
}
