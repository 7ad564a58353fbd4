//! What policy levers do and cost: effect sizes with ranges, lags and sources.

use serde::Serialize;
use units::{Problems, Provenance, Range};

use crate::{Period, table};

/// One effect or cost of a lever.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct LeverEffect {
    /// Its id, such as `adopt_prior_pp`.
    pub id: String,
    /// Whether a model reads it; the others are its evidence.
    pub default: bool,
    /// The lever, such as `adoption_programme`.
    pub lever: String,
    /// The programme studied.
    pub programme: Option<String>,
    /// `us`, `china`, `rest`, `all`.
    pub bloc: String,
    /// What is affected.
    pub effect: String,
    /// The size, in `unit`; `None` where the source gives only one end.
    pub central: Option<f64>,
    /// The low end, in `unit`.
    pub low: Option<f64>,
    /// The high end, in `unit`.
    pub high: Option<f64>,
    /// The unit of low, central and high.
    pub unit: String,
    /// `measured`, `causal`, `modelled`, `survey`, `target`, `analogue`, `derived` or `assumption` (ours).
    pub kind: String,
    /// Quarters until the effect shows [quarters].
    pub lag_quarters: Option<Range>,
    /// Whose view it is, where sources disagree.
    pub camp: Option<String>,
    /// When it was published.
    pub visible_from: Option<Period>,
    /// A remark.
    pub note: Option<String>,
    /// Where the row comes from.
    #[serde(flatten)]
    pub provenance: Provenance,
}

impl LeverEffect {
    /// Low, central, high where all three stand.
    pub fn range(&self) -> Option<Range> {
        Range::new(self.low?, self.central?, self.high?)
    }
}

/// Reads `lever_effects.csv`.
///
/// # Errors
/// Every problem of the table.
pub fn read_lever_effects(text: &str, file: &str) -> Result<Vec<LeverEffect>, Problems> {
    const OWN: [&str; 17] = [
        "id",
        "role",
        "lever",
        "programme",
        "bloc",
        "effect",
        "low",
        "central",
        "high",
        "unit",
        "kind",
        "lag_q_low",
        "lag_q_central",
        "lag_q_high",
        "camp",
        "visible_from",
        "note",
    ];
    let columns = [&OWN[..], &table::PROVENANCE].concat();
    table::read(text, file, &columns, |row| {
        let [low, central, high] = ["low", "central", "high"].map(|name| row.optional_number(name, table::ANY));
        let known: Vec<f64> = [low, central, high].into_iter().flatten().collect();
        if !known.is_sorted() {
            row.refuse("central", "bad_range", "low, central, high are not in rising order");
        }
        let lag_quarters = row
            .optional_number("lag_q_central", table::NOT_NEGATIVE)
            .map(|_| row.range(["lag_q_low", "lag_q_central", "lag_q_high"], table::NOT_NEGATIVE));
        LeverEffect {
            id: row.text("id"),
            default: row.one_of("role", &[("default", true), ("evidence", false)]),
            lever: row.text("lever"),
            programme: row.optional_text("programme"),
            bloc: row.text("bloc"),
            effect: row.text("effect"),
            central,
            low,
            high,
            unit: row.text("unit"),
            kind: row.text("kind"),
            lag_quarters,
            camp: row.optional_text("camp"),
            visible_from: row.optional_parsed("visible_from"),
            note: row.optional_text("note"),
            provenance: row.provenance(),
        }
    })
}
