//! Countries by ISO 3166 alpha-2 code, common name, or the regulation's spelling.

use serde::Serialize;
use std::{collections::BTreeSet, sync::LazyLock};
use units::{Problems, Provenance};

use crate::{lookup::Named, table};

/// One country or territory of ISO 3166.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Country {
    /// ISO 3166 alpha-2.
    pub id: String,
    /// The common English name.
    pub name: String,
    /// As the Export Administration Regulations spell it (the lists in `[groups]` of the export rules).
    pub regulation_name: String,
    /// Other names that find it.
    pub aliases: Vec<String>,
    /// Where the row comes from.
    #[serde(flatten)]
    pub provenance: Provenance,
}

impl Country {
    /// The code under which the export rules treat it: Hong Kong counts as China since December 2020
    /// (85 FR 83765), Macau stands apart.
    pub fn rules_code(&self) -> &str {
        if self.id == "HK" { "CN" } else { &self.id }
    }
}

impl Named for Country {
    fn id(&self) -> &str {
        &self.id
    }

    fn aliases(&self) -> &[String] {
        &self.aliases
    }
}

/// Whether a text is the ISO 3166 alpha-2 code of a country or territory, in capitals.
pub(crate) fn is_code(text: &str) -> bool {
    static CODES: LazyLock<BTreeSet<String>> = LazyLock::new(|| {
        let table = include_str!("../../../data/countries.csv");
        // A test reads the table; from one that cannot be read, nothing is a code.
        read_countries(table, "countries.csv").into_iter().flatten().map(|country| country.id).collect()
    });
    CODES.contains(text)
}

/// Reads `countries.csv`. The common name and the regulation's spelling become aliases.
///
/// # Errors
/// Every problem of the table.
pub fn read_countries(text: &str, file: &str) -> Result<Vec<Country>, Problems> {
    let columns = [&["id", "name", "regulation_name", "aliases"][..], &table::PROVENANCE].concat();
    table::read(text, file, &columns, |row| {
        let (id, name, regulation_name) = (row.text("id"), row.text("name"), row.text("regulation_name"));
        if id.len() != 2 || !id.bytes().all(|byte| byte.is_ascii_uppercase()) {
            row.refuse("id", "bad_country", format!("'{id}' is no ISO 3166 alpha-2 code"));
        }
        let mut aliases = vec![name.clone()];
        for alias in std::iter::once(regulation_name.clone()).chain(row.list("aliases")) {
            if !aliases.contains(&alias) {
                aliases.push(alias);
            }
        }
        Country { id, name, regulation_name, aliases, provenance: row.provenance() }
    })
}
