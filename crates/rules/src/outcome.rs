//! What the rules answer.

use serde::Serialize;
use std::{fmt, str::FromStr};
use units::{Problem, nearest};

/// An outcome in rising rank; the last two have no rank (the `[outcomes]` of the rule table).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// Not caught by the rules that are modelled.
    Free,
    /// Licence Exception ACA: no notification.
    Aca,
    /// Licence Exception NAC: notification of 25 days.
    Nac,
    /// Licence, presumption of approval.
    LicenceApproval,
    /// Licence within an allocation for the country or the company.
    LicenceCap,
    /// Licence, case by case.
    LicenceCbc,
    /// Licence granted against 15 % of the revenue.
    #[serde(rename = "licence_cbc_15pct")]
    LicenceCbc15pct,
    /// Licence, review policy unpublished ("is informed").
    Licence,
    /// Licence, presumption of denial.
    Denial,
    /// Licence, policy of denial.
    PolicyOfDenial,
    /// A figure is not known and the outcome depends on it.
    Indeterminate,
    /// A general-purpose processor above the threshold: no public statement.
    Unconfirmed,
}

impl Outcome {
    /// Every outcome, in rising rank, then those without rank.
    pub const ALL: [Self; 12] = [
        Self::Free,
        Self::Aca,
        Self::Nac,
        Self::LicenceApproval,
        Self::LicenceCap,
        Self::LicenceCbc,
        Self::LicenceCbc15pct,
        Self::Licence,
        Self::Denial,
        Self::PolicyOfDenial,
        Self::Indeterminate,
        Self::Unconfirmed,
    ];

    /// The word of the contract.
    pub fn name(self) -> &'static str {
        match self {
            Self::Free => "free",
            Self::Aca => "aca",
            Self::Nac => "nac",
            Self::LicenceApproval => "licence_approval",
            Self::LicenceCap => "licence_cap",
            Self::LicenceCbc => "licence_cbc",
            Self::LicenceCbc15pct => "licence_cbc_15pct",
            Self::Licence => "licence",
            Self::Denial => "denial",
            Self::PolicyOfDenial => "policy_of_denial",
            Self::Indeterminate => "indeterminate",
            Self::Unconfirmed => "unconfirmed",
        }
    }

    /// 0 (free) to 9 (policy of denial); `None` for the two that have no rank.
    pub fn rank(self) -> Option<u8> {
        match self {
            Self::Indeterminate | Self::Unconfirmed => None,
            ranked => Some(ranked as u8),
        }
    }

    /// A sentence for people.
    pub fn text(self) -> &'static str {
        match self {
            Self::Free => "not caught by the advanced-computing rules modelled here",
            Self::Aca => "Licence Exception ACA: no licence and no notification",
            Self::Nac => "Licence Exception NAC: 25 days' notice, and a licence may then be required",
            Self::LicenceApproval => "licence required, presumption of approval",
            Self::LicenceCap => "licence required, within an allocation for the country or the company",
            Self::LicenceCbc => "licence required, reviewed case by case",
            Self::LicenceCbc15pct => "licence required, granted against 15 % of the revenue (not codified)",
            Self::Licence => "licence required, review policy unpublished",
            Self::Denial => "licence required, presumption of denial",
            Self::PolicyOfDenial => "policy of denial",
            Self::Indeterminate => "depends on a figure that is not known",
            Self::Unconfirmed => {
                "the figures of a general-purpose processor meet the thresholds; no public statement says whether it is covered"
            }
        }
    }
}

impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

impl FromStr for Outcome {
    type Err = Problem;

    fn from_str(text: &str) -> Result<Self, Problem> {
        let wanted = text.trim();
        Self::ALL.into_iter().find(|outcome| outcome.name() == wanted).ok_or_else(|| {
            let names = Self::ALL.map(Self::name);
            Problem::new("unknown_outcome", format!("'{wanted}' is not an outcome; use one of {}", names.join(", ")))
                .suggest(nearest(wanted, names).into_iter().next())
        })
    }
}
