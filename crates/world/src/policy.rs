//! Policies: export rules plus levers, as data (CONTRACTS section 10, POLICIES).
//!
//! The ten presets are the files of `data/policies/`; a user's file names one of them, or another file, as its
//! `base` and overrides what it wants.

mod read;
mod signpost;

use std::collections::BTreeMap;

use rules::{Outcome, RuleBook};
use units::{Problem, Problems, Range, nearest};

pub use signpost::{Side, Signpost, Switch};

/// How the leading labs of a bloc release their models.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Stance {
    /// Through an interface only.
    Closed,
    /// Open models behind closed ones.
    Mixed,
    /// The best models are open.
    Open,
}

impl Stance {
    /// The word of the policy file.
    pub fn name(self) -> &'static str {
        match self {
            Self::Closed => "closed",
            Self::Mixed => "mixed",
            Self::Open => "open",
        }
    }

    /// 0 (closed), 0.5 (mixed), 1 (open).
    pub fn level(self) -> f64 {
        match self {
            Self::Closed => 0.0,
            Self::Mixed => 0.5,
            Self::Open => 1.0,
        }
    }
}

/// A sum of money a year.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Money {
    /// A share of the actor's envelope [fraction].
    Share(f64),
    /// An amount [USD per year].
    UsdPerYear(f64),
}

impl Money {
    /// The amount under an envelope [USD per year].
    pub fn usd_per_year(self, envelope_usd_per_year: f64) -> f64 {
        match self {
            Self::Share(share) => share * envelope_usd_per_year,
            Self::UsdPerYear(amount) => amount,
        }
    }
}

/// The levers by bloc; a bloc that is not named keeps what `history` has.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Levers {
    /// Adoption programmes, split over sectors by value added unless `adoption_sectors` says otherwise.
    pub adoption_programme: BTreeMap<String, Money>,
    /// Shares of a bloc's programme by sector [fraction].
    pub adoption_sectors: BTreeMap<String, BTreeMap<String, f64>>,
    /// AI capital beside what is left of the envelope.
    pub capital: BTreeMap<String, Money>,
    /// Open science money.
    pub open_science: BTreeMap<String, Money>,
    /// Stances towards open models.
    pub open_stance: BTreeMap<String, Stance>,
    /// Enforcement, 0 to 1 [level].
    pub enforcement: BTreeMap<String, f64>,
    /// Mandatory location checks of exported chips.
    pub location_checks: BTreeMap<String, bool>,
    /// Licences for remote access to chips abroad.
    pub remote_access_licensed: BTreeMap<String, bool>,
    /// Cooperation with the other cooperating blocs, 0 to 1 [level].
    pub cooperation: BTreeMap<String, f64>,
}

/// One policy, resolved from its bases.
#[derive(Clone, Debug)]
pub struct Policy {
    /// Its id, such as `inference-chip-controls`.
    pub id: String,
    /// Its title for people.
    pub title: String,
    /// What it does, in a sentence or two.
    pub note: Option<String>,
    /// The bloc whose envelope pays.
    pub actor: String,
    /// The envelope; `None` = the input `envelope_usd_per_year` [USD per year].
    pub envelope_usd_per_year: Option<f64>,
    /// The export rules from `policy_start` on.
    pub book: RuleBook,
    /// The export rules for buyers that accept location checks, where they differ (`diplomacy`).
    pub book_for_accepting: Option<RuleBook>,
    /// Overrides of the share shipped under a licence outcome [fraction].
    pub flow: Vec<(Outcome, Range)>,
    /// Levers.
    pub levers: Levers,
    /// Share of each lever's strength that is applied; the money is spent all the same [fraction].
    pub strength: f64,
    /// Probability that a cooperating partner does not keep to it [fraction].
    pub defection_probability: f64,
    /// `export_value` or `units`: the quantity in which a study makes this control as strict as another (C3).
    pub equalise: Option<String>,
    /// When to go over to another policy; the first whose signpost shows it decides.
    pub switches: Vec<Switch>,
}

impl Policy {
    /// Nothing set: the rules of history, no lever.
    fn empty(history: &RuleBook) -> Self {
        Self {
            id: String::new(),
            title: String::new(),
            note: None,
            actor: "us".into(),
            envelope_usd_per_year: None,
            book: history.clone(),
            book_for_accepting: None,
            flow: Vec::new(),
            levers: Levers::default(),
            strength: 1.0,
            defection_probability: 0.0,
            equalise: None,
            switches: Vec::new(),
        }
    }
}

macro_rules! presets {
    ($($id:literal),* $(,)?) => {
        [$(($id, include_str!(concat!("../../../data/policies/", $id, ".toml")))),*]
    };
}

/// The built-in policies, in the order of POLICIES.
const PRESETS: [(&str, &str); 10] = presets![
    "history",
    "no-controls",
    "training-chip-controls",
    "inference-chip-controls",
    "all-chip-controls",
    "diffusion-first",
    "open-source-embrace",
    "open-source-retreat",
    "hybrid",
    "diplomacy",
];

/// Ids of the built-in policies, in the order of POLICIES.
pub fn builtin_ids() -> [&'static str; 10] {
    PRESETS.map(|(id, _)| id)
}

/// The text of a built-in policy's file.
pub fn builtin_text(id: &str) -> Option<&'static str> {
    PRESETS.iter().find(|(known, _)| *known == id).map(|(_, text)| *text)
}

/// A built-in policy by id, with or without the prefix `builtin:`; `book` holds the rules of history.
///
/// # Errors
/// `unknown_policy` with the nearest id.
pub fn builtin(id: &str, book: &RuleBook) -> Result<Policy, Problems> {
    let wanted = id.strip_prefix("builtin:").unwrap_or(id);
    let Some(text) = builtin_text(wanted) else {
        let near = nearest(wanted, builtin_ids()).into_iter().next();
        let message = format!("there is no policy '{wanted}'; built in are {}", builtin_ids().join(", "));
        return Err(Problem::new("unknown_policy", message).suggest(near).into());
    };
    let no_file = |name: &str| Err(Problem::new("bad_base", format!("a built-in policy reads no file ('{name}')")));
    read::parse(text, &format!("data/policies/{wanted}.toml"), book, &no_file, 0)
}

/// A policy file; `book` holds the rules of history. `read` finds the text of a base that is a file
/// (`file:NAME`); built-in bases need no reading.
///
/// # Errors
/// All problems of the file and of its bases, with line and suggestion.
pub fn parse(
    text: &str,
    file: &str,
    book: &RuleBook,
    read: &dyn Fn(&str) -> Result<String, Problem>,
) -> Result<Policy, Problems> {
    read::parse(text, file, book, read, 0)
}
