//! Models: who made them, when, under what licence, their shape and their published scores.
//!
//! `models.csv` has one row a model: who and when, written by hand, and the shape in columns, made from the
//! `config.json` files by the example `models_table` (see there); no configuration is needed to read it.

mod scores;
mod shape;
mod table;

use serde::{Serialize, Serializer};
use units::{Problem, Provenance};

use crate::architecture::{Architecture, Counts};
use crate::lookup::{Named, find};

pub use scores::{ModelScore, equal_or_better, read_model_scores};
pub use table::{read_models, rebuild_models};

/// One model.
#[derive(Clone, Debug, PartialEq)]
pub struct Model {
    /// Hub name, such as `deepseek-ai/DeepSeek-V3`.
    pub id: String,
    /// Other names that look it up, lower case.
    pub aliases: Vec<String>,
    /// The name that is printed.
    pub name: String,
    /// Who made it.
    pub developer: String,
    /// Country of the developer [ISO 3166 alpha-2].
    pub origin: String,
    /// Whether the weights may be downloaded.
    pub open_weights: bool,
    /// Month of release, `YYYY-MM`.
    pub release: String,
    /// Who says so; `recalled` where no source is at hand, and then the month is to be taken with care.
    pub release_source: String,
    /// Its shape.
    pub architecture: Architecture,
    /// Where the shape comes from; the licence is that of the file it was read from.
    pub provenance: Provenance,
}

impl Named for Model {
    fn id(&self) -> &str {
        &self.id
    }

    fn aliases(&self) -> &[String] {
        &self.aliases
    }
}

/// As `facts models` prints it: what is counted stands beside the shape it is counted from.
impl Serialize for Model {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        #[derive(Serialize)]
        struct Row<'m> {
            id: &'m str,
            aliases: &'m [String],
            name: &'m str,
            developer: &'m str,
            origin: &'m str,
            open_weights: bool,
            release: &'m str,
            release_source: &'m str,
            counts: Counts,
            architecture: &'m Architecture,
            #[serde(flatten)]
            provenance: &'m Provenance,
        }
        Row {
            id: &self.id,
            aliases: &self.aliases,
            name: &self.name,
            developer: &self.developer,
            origin: &self.origin,
            open_weights: self.open_weights,
            release: &self.release,
            release_source: &self.release_source,
            counts: self.architecture.counts(),
            architecture: &self.architecture,
            provenance: &self.provenance,
        }
        .serialize(serializer)
    }
}

/// The model of an id or alias, case ignored.
///
/// # Errors
/// `unknown_model` with the three nearest ids.
pub fn find_model<'a>(models: &'a [Model], name: &str) -> Result<&'a Model, Problem> {
    find("unknown_model", "model", models, name)
}
