//! Countries, as the rules see them.

use facts::{Country, country::read_countries, lookup::find};
use serde::{Serialize, Serializer};
use std::{fmt, sync::LazyLock};
use units::{Problem, Problems};

const TABLE: &str = include_str!("../../../data/countries.csv");

static COUNTRIES: LazyLock<Result<Vec<Country>, Problems>> =
    LazyLock::new(|| read_countries(TABLE, "data/countries.csv"));

/// The country of an ISO 3166 alpha-2 code, a common name, or the regulation's spelling; case is ignored.
///
/// # Errors
/// `unknown_country` with the nearest names.
pub fn country(name: &str) -> Result<Iso2, Problem> {
    let countries = match &*COUNTRIES {
        Ok(countries) => countries,
        Err(problems) => {
            return Err(problems.0.first().cloned().unwrap_or_else(|| Problem::new("bad_table", "countries.csv")));
        }
    };
    let found = find("unknown_country", "country", countries, name)?;
    Iso2::new(&found.id).ok_or_else(|| Problem::new("unknown_country", format!("'{}' is no country code", found.id)))
}

/// A country by its ISO 3166 alpha-2 code.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Iso2([u8; 2]);

impl Iso2 {
    /// Macau: with the D:5 countries in the headquarters rule, though in no D:5 list.
    pub const MACAU: Self = Self(*b"MO");

    /// Two ASCII letters, in any case; `None` for anything else. Whether such a country exists is not checked.
    pub fn new(code: &str) -> Option<Self> {
        match code.as_bytes() {
            [a, b] if a.is_ascii_alphabetic() && b.is_ascii_alphabetic() => {
                Some(Self([a.to_ascii_uppercase(), b.to_ascii_uppercase()]))
            }
            _ => None,
        }
    }

    /// The code.
    pub fn as_str(&self) -> &str {
        std::str::from_utf8(&self.0).unwrap_or("??")
    }

    /// The destination that the rules know: Hong Kong is treated as China since December 2020; Macau stands apart.
    #[must_use]
    pub fn under_the_rules(self) -> Self {
        if self.0 == *b"HK" { Self(*b"CN") } else { self }
    }
}

impl fmt::Debug for Iso2 {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl fmt::Display for Iso2 {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl Serialize for Iso2 {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}
