//! Which chips may be had there and then.

use facts::{Chip, Facts};
use rules::{Iso2, Item, Outcome, RuleBook};
use serde::{Deserialize, Serialize};
use units::{Date, Problem, Problems};

use crate::Request;

/// Which outcomes of the export rules count as "may be had" (CONTRACTS section 14).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Licence {
    /// No licence and no notification: `free`, `aca`.
    #[default]
    Free,
    /// And those that need a notification: `nac`.
    Notify,
    /// Every chip, with its outcome.
    Any,
}

impl Licence {
    /// The words of the command line.
    pub const WORDS: [(&'static str, Self); 3] = [("free", Self::Free), ("notify", Self::Notify), ("any", Self::Any)];

    /// Whether a chip of that outcome may be had. What is not known to be free is not free.
    pub fn admits(self, outcome: Outcome) -> bool {
        match self {
            Self::Free => matches!(outcome, Outcome::Free | Outcome::Aca),
            Self::Notify => matches!(outcome, Outcome::Free | Outcome::Aca | Outcome::Nac),
            Self::Any => true,
        }
    }
}

/// A chip that may be had.
#[derive(Clone, Copy, Debug)]
pub struct Supply<'a> {
    /// The chip.
    pub chip: &'a Chip,
    /// What the export rules say of it; `None` where no country was named.
    pub outcome: Option<Outcome>,
}

/// The chips that a request may use, in the order of their ids, and how many it may not use, by reason:
/// `not_released`, or the outcome of the rules as `export_denial`.
///
/// # Errors
/// A chip or a country that is not known.
pub fn supply<'a>(
    facts: &'a Facts,
    book: &RuleBook,
    request: &Request,
) -> Result<(Vec<Supply<'a>>, Vec<String>), Problems> {
    let destination = request.country.as_deref().map(|name| destination(facts, name)).transpose()?;
    let mut chips: Vec<&Chip> = match &request.chips {
        None => facts.chips.iter().collect(),
        Some(names) => names.iter().map(|name| facts.chip(name)).collect::<Result<_, _>>()?,
    };
    chips.sort_by(|a, b| a.id.cmp(&b.id));
    chips.dedup_by(|a, b| a.id == b.id);
    let mut had = Vec::new();
    let mut refused = Vec::new();
    for chip in chips {
        if !released(chip, request.on) {
            refused.push("not_released".to_string());
            continue;
        }
        let outcome = destination.map(|to| book.outcome(&Item::from_chip(chip), to, request.on));
        let at_home = request.domestic_chips && destination.is_some_and(|to| Iso2::new(&chip.origin) == Some(to));
        match outcome.filter(|outcome| !at_home && !request.licence.admits(*outcome)) {
            Some(outcome) => refused.push(format!("export_{}", outcome.name())),
            None => had.push(Supply { chip, outcome }),
        }
    }
    Ok((had, refused))
}

/// A country as the rules know it.
fn destination(facts: &Facts, name: &str) -> Result<Iso2, Problem> {
    let country = facts.country(name)?;
    let code = Iso2::new(&country.id).map(Iso2::under_the_rules);
    code.ok_or_else(|| Problem::new("unknown_country", format!("'{}' is no ISO 3166 code", country.id)).key("in"))
}

/// Whether the month of release has begun: months are all that is known.
fn released(chip: &Chip, on: Date) -> bool {
    chip.release.as_str() <= format!("{:04}-{:02}", on.year(), on.month()).as_str()
}
