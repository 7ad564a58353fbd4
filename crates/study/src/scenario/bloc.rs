//! `[blocs]`: a partition of the world's countries.

use std::collections::BTreeMap;
use units::{Problems, nearest};

use super::{
    Known,
    tree::{Node, Value},
};

/// A bloc and its members.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bloc {
    /// Its name.
    pub id: String,
    /// ISO codes; `*` stands for every country that no other bloc names.
    pub members: Vec<String>,
}

/// All other countries.
const OTHERS: &str = "*";

/// Reads the partition: every country once, by any of its spellings.
pub fn read(node: &Node, known: &Known, problems: &mut Problems) -> Vec<Bloc> {
    let Some(entries) = node.table().filter(|entries| !entries.is_empty()) else {
        problems.push(node.place.problem("wrong_type", "'blocs' is not a table of lists of countries").key("blocs"));
        return Vec::new();
    };
    let spellings = spellings(known);
    let mut taken: BTreeMap<String, String> = BTreeMap::new();
    let mut blocs = Vec::new();
    for (id, list) in entries {
        let key = format!("blocs.{id}");
        if !is_id(id) {
            let message = format!("'{id}' is no name for a bloc; use small letters, digits and _");
            problems.push(list.place.problem("bad_bloc_name", message).key(&key));
        }
        let Value::List(items) = &list.value else {
            let message = format!("'{key}' is {}; a list of countries is wanted", list.value.kind());
            problems.push(list.place.problem("wrong_type", message).key(&key));
            continue;
        };
        if items.is_empty() {
            problems.push(list.place.problem("empty_bloc", format!("'{key}' holds no country")).key(&key));
        }
        let mut members = Vec::new();
        for item in items {
            let Value::Text(written) = &item.value else {
                problems
                    .push(item.place.problem("wrong_type", format!("{} is no country", item.value.kind())).key(&key));
                continue;
            };
            let member = if written == OTHERS { Some(OTHERS) } else { spellings.get(&plain(written)).copied() };
            let Some(member) = member else {
                let near = nearest(written, spellings.keys());
                let code = near.first().and_then(|near| spellings.get(near)).map(|iso| (*iso).to_string());
                let message = format!("'{written}' is not a country that is known");
                problems.push(item.place.problem("unknown_country", message).key(&key).suggest(code));
                continue;
            };
            if let Some(other) = taken.insert(member.to_string(), id.clone()) {
                let message = format!("'{member}' is in two blocs, '{other}' and '{id}'; each country belongs to one");
                problems.push(item.place.problem("country_twice", message).key(&key));
            }
            members.push(member.to_string());
        }
        blocs.push(Bloc { id: id.clone(), members });
    }
    let missing: Vec<&str> =
        known.countries.iter().map(|(iso, _)| iso.as_str()).filter(|iso| !taken.contains_key(*iso)).collect();
    if !missing.is_empty() && !taken.contains_key(OTHERS) {
        let shown = missing.iter().take(3).copied().collect::<Vec<_>>().join(", ");
        let message = format!("{} countries are in no bloc ({shown}, ...); give one bloc [\"*\"]", missing.len());
        problems.push(node.place.problem("country_in_no_bloc", message).key("blocs").suggest(Some("[\"*\"]".into())));
    }
    blocs
}

/// Small letters, digits, `_`: what a column and a file name can carry.
fn is_id(id: &str) -> bool {
    !id.is_empty() && id.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_')
}

/// Lower-case spelling to ISO code.
fn spellings(known: &Known) -> BTreeMap<String, &str> {
    let mut spellings = BTreeMap::new();
    for (iso, names) in &known.countries {
        spellings.insert(plain(iso), iso.as_str());
        for name in names {
            spellings.entry(plain(name)).or_insert(iso);
        }
    }
    spellings
}

fn plain(name: &str) -> String {
    name.trim().to_lowercase()
}
