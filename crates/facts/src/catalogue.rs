//! Any table as rows of names and values, for `downstream facts`.

use serde::Serialize;
use serde_json::{Map, Value};
use units::{Problem, nearest, nearest_hint};

use crate::{Facts, Figure};

/// A row: names and values in a stated order, with `source`, `date`, `licence` and `confidence`.
pub type Row = Map<String, Value>;

/// What can be listed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Accelerators, with TPP and performance density.
    Chips,
    /// Models, with what is counted from their architecture.
    Models,
    /// Rents, capital costs, electricity and tokens.
    Prices,
    /// Workloads.
    Workloads,
    /// Sectors and blocs: shares, exposure, gates; the macro economy.
    Sectors,
    /// Countries.
    Countries,
    /// What happened 2022 to 2025.
    History,
    /// Dated events.
    Events,
    /// Wafers, packaging, memory, domestic output.
    Supply,
    /// Chips to come.
    Successors,
    /// What levers do and cost, and what licences let through.
    Levers,
}

impl Kind {
    /// Every kind with its word on the command line.
    pub const WORDS: [(&'static str, Self); 11] = [
        ("chips", Self::Chips),
        ("models", Self::Models),
        ("prices", Self::Prices),
        ("workloads", Self::Workloads),
        ("sectors", Self::Sectors),
        ("countries", Self::Countries),
        ("history", Self::History),
        ("events", Self::Events),
        ("supply", Self::Supply),
        ("successors", Self::Successors),
        ("levers", Self::Levers),
    ];

    /// The word on the command line.
    pub fn name(self) -> &'static str {
        Self::WORDS.iter().find(|(_, kind)| *kind == self).map_or("", |(name, _)| name)
    }
}

impl Facts {
    /// Every row of a kind, ordered by id.
    pub fn list(&self, kind: Kind) -> Vec<Row> {
        let mut rows = match kind {
            Kind::Chips => self.chips.iter().map(chip).collect(),
            Kind::Models => self.models.iter().map(row).collect(),
            Kind::Prices => [
                tagged("rental_prices", &self.rental_prices),
                tagged("capital_costs", &self.capital_costs),
                tagged("electricity_prices", &self.electricity_prices),
                tagged("api_prices", &self.api_prices),
            ]
            .concat(),
            Kind::Workloads => self.workloads.iter().map(row).collect(),
            Kind::Sectors => self.sectors.iter().chain(&self.macro_economy).map(figure).collect(),
            Kind::Countries => self.countries.iter().map(row).collect(),
            Kind::History => self.history.iter().map(figure).collect(),
            Kind::Supply => self.supply.iter().map(figure).collect(),
            Kind::Events => self.events.iter().map(|event| with_id(row(event), &event.id())).collect(),
            Kind::Successors => {
                let id = |successor: &crate::Successor| format!("{}/{}", successor.id, successor.quantity);
                self.successors.iter().map(|successor| with_id(row(successor), &id(successor))).collect()
            }
            Kind::Levers => {
                let flows = self.licence_flow.iter().map(|flow| with_id(row(flow), &flow.id()));
                self.lever_effects.iter().map(row).chain(flows).collect()
            }
        };
        rows.sort_by(|a, b| id_of(a).cmp(id_of(b)));
        rows
    }

    /// The row of an id or alias; where there is none, the rows of a chip, sector, series, lever or country.
    ///
    /// # Errors
    /// `unknown_<kind>` with the nearest names.
    pub fn show(&self, kind: Kind, wanted: &str) -> Result<Vec<Row>, Problem> {
        const GROUPS: [&str; 11] = [
            "chip", "sector", "series", "lever", "country", "provider", "model", "vendor", "entity", "outcome", "bloc",
        ];
        let wanted = wanted.trim();
        let id = match kind {
            Kind::Chips => Some(self.chip(wanted)?.id.clone()),
            Kind::Models => Some(self.model(wanted)?.id.clone()),
            Kind::Workloads => Some(self.workload(wanted)?.id.clone()),
            Kind::Countries => Some(self.country(wanted)?.id.clone()),
            // A chip's alias names its prices.
            Kind::Prices => self.chip(wanted).ok().map(|chip| chip.id.clone()),
            _ => None,
        };
        let wanted = id.as_deref().unwrap_or(wanted);
        let rows = self.list(kind);
        let having = |key: &str| -> Vec<Row> {
            let same = |value: &Value| value.as_str().is_some_and(|value| value.eq_ignore_ascii_case(wanted));
            rows.iter().filter(|row| row.get(key).is_some_and(same)).cloned().collect()
        };
        if let Some(found) = std::iter::once("id").chain(GROUPS).map(having).find(|found| !found.is_empty()) {
            return Ok(found);
        }
        let text = |row: &Row, key: &str| row.get(key).and_then(Value::as_str).map(str::to_string);
        let names: Vec<String> =
            rows.iter().flat_map(|row| std::iter::once("id").chain(GROUPS).filter_map(|key| text(row, key))).collect();
        let near = nearest(wanted, &names);
        let hint = nearest_hint(wanted, &names);
        let message = format!("there is nothing called '{wanted}' among the {}{hint}", kind.name());
        Err(Problem::new("unknown_fact", message).suggest(near.into_iter().next()))
    }
}

/// A serialised row; provenance that is nested is lifted to the row itself.
fn row(item: &impl Serialize) -> Row {
    let mut row = match serde_json::to_value(item) {
        Ok(Value::Object(row)) => row,
        // Nothing that is listed serialises to anything else.
        _ => Row::new(),
    };
    if let Some(Value::Object(provenance)) = row.shift_remove("provenance") {
        row.extend(provenance);
    }
    row
}

fn tagged(table: &str, items: &[impl Serialize]) -> Vec<Row> {
    let tag = |item| {
        let mut row = row(item);
        row.insert("table".into(), table.into());
        row
    };
    items.iter().map(tag).collect()
}

fn with_id(mut row: Row, id: &str) -> Row {
    row.shift_remove("id");
    row.shift_insert(0, "id".into(), id.into());
    row
}

fn id_of(row: &Row) -> &str {
    row.get("id").and_then(Value::as_str).unwrap_or_default()
}

fn figure(figure: &Figure) -> Row {
    with_id(row(figure), &figure.id())
}

fn chip(chip: &crate::Chip) -> Row {
    let mut row = row(chip);
    let tpp = chip.tpp();
    row.insert("tpp".into(), tpp.map(|(tpp, _)| tpp).into());
    row.insert("tpp_dtype".into(), tpp.map(|(_, dtype)| dtype).into());
    row.insert("performance_density".into(), chip.performance_density().into());
    row
}
