//! What happened and when: controls, releases, price cuts, bars on services.

use serde::Serialize;
use units::{Problems, Provenance};

use crate::{Period, table};

/// One dated event.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Event {
    /// When.
    pub period: Period,
    /// `control`, `release_model`, `service_bar`, ...
    pub kind: String,
    /// Who acted.
    pub actor: String,
    /// `us`, `china`, `rest`, or a country [ISO 3166 alpha-2].
    pub bloc: String,
    /// What happened.
    pub event: String,
    /// What it concerned.
    pub object: Option<String>,
    /// `tighter`, `looser`, `closed`, `open weights`, ...
    pub direction: Option<String>,
    /// How much, in `unit`.
    pub magnitude: Option<f64>,
    /// The unit of the magnitude.
    pub unit: Option<String>,
    /// A remark.
    pub note: Option<String>,
    /// Where the row comes from.
    #[serde(flatten)]
    pub provenance: Provenance,
}

impl Event {
    /// Date, kind, actor and event, which together name it.
    pub fn id(&self) -> String {
        format!("{}/{}/{}/{}", self.period, self.kind, self.actor, self.event)
    }
}

/// Reads `events.csv`.
///
/// # Errors
/// Every problem of the table.
pub fn read_events(text: &str, file: &str) -> Result<Vec<Event>, Problems> {
    const OWN: [&str; 9] = ["kind", "actor", "bloc", "event", "object", "direction", "magnitude", "unit", "note"];
    let columns = [&OWN[..], &table::PROVENANCE].concat();
    table::read(text, file, &columns, |row| Event {
        period: row.period("date"),
        kind: row.text("kind"),
        actor: row.text("actor"),
        bloc: row.text("bloc"),
        event: row.text("event"),
        object: row.optional_text("object"),
        direction: row.optional_text("direction"),
        magnitude: row.optional_number("magnitude", table::ANY),
        unit: row.optional_text("unit"),
        note: row.optional_text("note"),
        provenance: row.provenance(),
    })
}
