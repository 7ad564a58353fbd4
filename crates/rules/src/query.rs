//! A question to the rules.

use units::Date;

/// Where an item goes, when, to whom, and from where.
#[derive(Clone, Debug, PartialEq)]
pub struct Query {
    /// Destination: ISO 3166 alpha-2, common name, or the regulation's spelling.
    pub to: String,
    /// The day; with `snapshot`, only what is printed.
    pub on: Date,
    /// Where the purchaser or its ultimate parent has its headquarters; `None` = in the destination.
    pub headquartered_in: Option<String>,
    /// Shipped from outside the United States.
    pub reexport: bool,
    /// A named list of rules in place of those in force on the day.
    pub snapshot: Option<String>,
}

impl Query {
    /// A direct export on a day, to a buyer at home in the destination.
    pub fn new(to: impl Into<String>, on: Date) -> Self {
        Self { to: to.into(), on, headquartered_in: None, reexport: false, snapshot: None }
    }
}
