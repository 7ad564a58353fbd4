//! What providers ask for a million tokens.

use std::collections::BTreeMap;

use serde::Serialize;
use units::{Date, Problems, Provenance};

use crate::{Period, table};

/// One price list entry, as observed on a day.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ApiPrice {
    /// Its id.
    pub id: String,
    /// Who sells it.
    pub provider: String,
    /// The model, as the provider names it.
    pub model: String,
    /// Our ids of the same model, where its weights are open and we have it; two where the provider
    /// replaced the model under an unchanged name and price.
    pub model_ids: Vec<String>,
    /// Whether the weights are open; `None` = not known.
    pub open_weights: Option<bool>,
    /// Input [USD per million tokens].
    pub input_usd_per_mtok: f64,
    /// Output [USD per million tokens].
    pub output_usd_per_mtok: f64,
    /// Input found in the cache [USD per million tokens].
    pub cached_input_usd_per_mtok: Option<f64>,
    /// When it was observed: never later than the launch of the price, often later.
    pub period: Period,
    /// `first_seen`, `price_change`, `launch`, `price_history`.
    pub kind: String,
    /// A remark: tiers, hours, who resells.
    pub note: Option<String>,
    /// Where the row comes from.
    #[serde(flatten)]
    pub provenance: Provenance,
}

/// What each provider's offers of a model cost on a day, ordered by provider and offer: the latest row of an offer
/// at or before `on`, if it is of the model, which is one of our ids or the name of a closed one (`gpt-5`).
///
/// An offer keeps its name when the model behind it is replaced (`deepseek-chat`): then the old model has no price
/// there any more. Empty where nobody is known to sell it: no data, not a free model.
pub fn api_prices_of<'a>(rows: &'a [ApiPrice], model: &str, on: Date) -> Vec<&'a ApiPrice> {
    let mut latest: BTreeMap<(&str, &str), &ApiPrice> = BTreeMap::new();
    for row in rows.iter().filter(|row| row.period.first <= on) {
        let offer = latest.entry((&row.provider, &row.model)).or_insert(row);
        if row.period.first >= offer.period.first {
            *offer = row;
        }
    }
    let wanted = |name: &str| name.eq_ignore_ascii_case(model);
    latest.into_values().filter(|row| wanted(&row.model) || row.model_ids.iter().any(|id| wanted(id))).collect()
}

/// Reads `api_prices.csv`.
///
/// # Errors
/// Every problem of the table.
pub fn read_api_prices(text: &str, file: &str) -> Result<Vec<ApiPrice>, Problems> {
    const OWN: [&str; 10] = [
        "id",
        "provider",
        "model",
        "model_ids",
        "open_weights",
        "input_usd_per_mtok",
        "output_usd_per_mtok",
        "cached_input_usd_per_mtok",
        "kind",
        "note",
    ];
    let columns = [&OWN[..], &table::PROVENANCE].concat();
    table::read(text, file, &columns, |row| ApiPrice {
        id: row.text("id"),
        provider: row.text("provider"),
        model: row.text("model"),
        model_ids: row.list("model_ids"),
        open_weights: row.one_of("open_weights", &[("yes", Some(true)), ("no", Some(false)), ("", None)]),
        input_usd_per_mtok: row.number("input_usd_per_mtok", 0.0..=1e5),
        output_usd_per_mtok: row.number("output_usd_per_mtok", 0.0..=1e5),
        cached_input_usd_per_mtok: row.optional_number("cached_input_usd_per_mtok", 0.0..=1e5),
        period: row.period("date"),
        kind: row.text("kind"),
        note: row.optional_text("note"),
        provenance: row.provenance(),
    })
}
