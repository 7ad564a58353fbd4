//! One rule of the table: its dates, its classes, its licence blocks.

use std::str::FromStr;
use units::{Confidence, Date, Problem, nearest};

use crate::{
    Iso2, Outcome,
    book::{GroupId, GroupView},
    predicate::Predicate,
};

/// What sort of act a rule is; only some bind by their date.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Published in the Federal Register and in force.
    Regulation,
    /// Still in the text, but not enforced: counterfactual snapshots only.
    RegulationUnenforced,
    /// Letters to named firms (15 CFR 744).
    IsInformed,
    /// An interpretation by the agency.
    Guidance,
    /// An arrangement of the executive that is not codified.
    ExecutiveArrangement,
    /// Said, not made law.
    PolicyStatement,
    /// Licences that were granted.
    LicenceGrant,
    /// A duty.
    Tariff,
    /// Reported, not published.
    Draft,
    /// Before a legislature.
    Bill,
    /// Advice of Chinese authorities to Chinese buyers.
    ChinaGuidance,
    /// Chinese subsidies for domestic chips.
    ChinaSubsidy,
}

impl Kind {
    const NAMED: [(&'static str, Self); 12] = [
        ("regulation", Self::Regulation),
        ("regulation_unenforced", Self::RegulationUnenforced),
        ("is_informed", Self::IsInformed),
        ("guidance", Self::Guidance),
        ("executive_arrangement", Self::ExecutiveArrangement),
        ("policy_statement", Self::PolicyStatement),
        ("licence_grant", Self::LicenceGrant),
        ("tariff", Self::Tariff),
        ("draft", Self::Draft),
        ("bill", Self::Bill),
        ("china_guidance", Self::ChinaGuidance),
        ("china_subsidy", Self::ChinaSubsidy),
    ];

    /// The word of the table.
    pub fn name(self) -> &'static str {
        Self::NAMED.iter().find(|(_, kind)| *kind == self).map_or("", |(name, _)| name)
    }

    /// Whether such a rule can change an outcome by its date alone.
    pub fn binds(self) -> bool {
        matches!(self, Self::Regulation | Self::IsInformed | Self::Guidance | Self::ExecutiveArrangement)
    }
}

impl FromStr for Kind {
    type Err = Problem;

    fn from_str(text: &str) -> Result<Self, Problem> {
        Self::NAMED.into_iter().find(|(name, _)| *name == text).map(|(_, kind)| kind).ok_or_else(|| {
            let names = Self::NAMED.map(|(name, _)| name);
            Problem::new("unknown_kind", format!("'{text}' is no kind of rule; use one of {}", names.join(", ")))
                .suggest(nearest(text, names).into_iter().next())
        })
    }
}

/// A rule with its classes and licence blocks.
#[derive(Clone, Debug, PartialEq)]
pub struct Rule {
    /// Unique in a book.
    pub id: String,
    /// The title.
    pub title: String,
    /// What sort of act.
    pub kind: Kind,
    /// First day; for what never binds, the day of the announcement where there is no other.
    pub effective: Date,
    /// First day on which it no longer holds.
    pub end: Option<Date>,
    /// First day on which another rule has taken its place.
    pub superseded: Option<Date>,
    /// An earlier first day for some chips.
    pub early_effective: Option<Date>,
    /// Those chips.
    pub early_chips: Vec<String>,
    /// Federal Register, company filing.
    pub citation: Option<String>,
    /// Where it was read.
    pub source: Option<String>,
    /// How far the row may be trusted.
    pub confidence: Option<Confidence>,
    /// For what never binds: the destinations that it is of interest for; empty = all.
    pub destinations: Vec<Destination>,
    /// For what never binds: the chips that it is of interest for; empty = all.
    pub chips: Vec<String>,
    /// The classes that it defines.
    pub classes: Vec<Class>,
    /// What it requires.
    pub licences: Vec<Licence>,
    /// The duty that it lays, where it is one.
    pub duty: Option<Duty>,
    /// A policy's rule, added to a book: it follows the calendar also after the table's last day.
    pub added: bool,
    /// Where it stands, for problems found later.
    pub place: Place,
}

/// A file and a line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// As the user named it.
    pub file: String,
    /// From 1.
    pub line: u64,
}

/// A class of items, such as 3A090.a.
#[derive(Clone, Debug, PartialEq)]
pub struct Class {
    /// Its code.
    pub code: String,
    /// What an item must fulfil.
    pub predicate: Predicate,
    /// Only binds these firms (the foundry presumption): not evaluated for a sale.
    pub scope: Option<String>,
}

/// How a licence block changes the outcome so far.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Effect {
    /// Raises it to its own, if higher.
    Require,
    /// Sets it.
    Replace,
}

/// A licence requirement or exception.
#[derive(Clone, Debug, PartialEq)]
pub struct Licence {
    /// Codes of the classes for which it fires; empty = any item.
    pub classes: Vec<String>,
    /// A condition on the item (may read `cls`).
    pub item: Option<Predicate>,
    /// Where to.
    pub destinations: Vec<Destination>,
    /// A further condition (may read `current`).
    pub when: Option<Predicate>,
    /// First day, where later than the rule's.
    pub from: Option<Date>,
    /// How it changes the outcome.
    pub effect: Effect,
    /// To what.
    pub outcome: Outcome,
    /// What else to know where it fires.
    pub notes: Option<String>,
}

/// A duty on a band of chips.
#[derive(Clone, Debug, PartialEq)]
pub struct Duty {
    /// Rate [fraction of value].
    pub rate_fraction: f64,
    /// The band.
    pub band: Predicate,
}

/// A destination of a licence block.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Destination {
    /// `*`
    Anywhere,
    /// One country.
    Country(Iso2),
    /// A group.
    Group(GroupId),
    /// A group without the members of A:5 and A:6 (`D1-A56`).
    GroupWithoutAllies(GroupId),
}

impl Destination {
    /// Whether a country is meant.
    pub fn holds(self, country: Iso2, groups: &GroupView) -> bool {
        match self {
            Self::Anywhere => true,
            Self::Country(one) => one == country,
            Self::Group(group) => groups.holds(group, country),
            Self::GroupWithoutAllies(group) => groups.holds(group, country) && !groups.is_ally(country),
        }
    }
}

impl Rule {
    /// Whether it binds on a day for a chip, by its own dates.
    pub fn in_force(&self, chip: &str, on: Date) -> bool {
        let early = self.early_effective.is_some_and(|day| day <= on) && self.early_chips.iter().any(|id| id == chip);
        self.kind.binds() && (self.effective <= on || early) && !self.over(on)
    }

    /// Whether it has ended or been superseded.
    pub fn over(&self, on: Date) -> bool {
        self.end.is_some_and(|day| day <= on) || self.superseded.is_some_and(|day| day <= on)
    }
}
