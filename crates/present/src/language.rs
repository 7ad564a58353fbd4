//! The two languages of what a reader reads, and the table of texts.
//!
//! Every sentence of the brief stands in `texts.toml`, once in each language, with the same placeholders; code
//! chooses the key and fills the numbers. A code of the findings that has no text yet is shown as its own words,
//! so that a new code is never lost and never invents a sentence.

use std::{collections::BTreeMap, str::FromStr, sync::LazyLock};
use units::{Problem, nearest};

/// A language of the brief.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Language {
    /// English.
    #[default]
    English,
    /// Chinese in simplified characters.
    Chinese,
}

/// The table of texts, by key: the texts in the order of [`Language::ALL`].
static TEXTS: LazyLock<BTreeMap<String, [String; 2]>> = LazyLock::new(|| read(include_str!("language/texts.toml")));

impl Language {
    /// Both, in the order of the table's columns.
    pub const ALL: [Self; 2] = [Self::English, Self::Chinese];

    /// The tag for `lang=` in a page (BCP 47), and the column of the table.
    pub fn tag(self) -> &'static str {
        match self {
            Self::English => "en",
            Self::Chinese => "zh-Hans",
        }
    }

    /// The text of a key, where there is one.
    pub fn find(self, key: &str) -> Option<&'static str> {
        TEXTS.get(key).map(|texts| texts[self as usize].as_str())
    }

    /// The text of a key that the code knows; the key itself where the table lacks it (a test sees to it that it
    /// does not).
    pub fn text(self, key: &'static str) -> &'static str {
        self.find(key).unwrap_or(key)
    }

    /// The text of a key with its placeholders `{name}` filled.
    pub fn fill(self, key: &'static str, values: &[(&str, &str)]) -> String {
        fill(self.text(key), values)
    }

    /// The name of something that data names, such as a policy: its text under `section.id`, else its own id in
    /// words.
    pub fn name(self, section: &str, id: &str) -> String {
        self.find(&format!("{section}.{id}")).map_or_else(|| in_words(id), str::to_string)
    }

    /// Sentences one after the other; Chinese puts no space between them.
    pub fn sentences<S: AsRef<str>>(self, sentences: &[S]) -> String {
        let all: Vec<&str> = sentences.iter().map(AsRef::as_ref).filter(|sentence| !sentence.is_empty()).collect();
        all.join(match self {
            Self::English => " ",
            Self::Chinese => "",
        })
    }

    /// Things said one after the other: `a, b and c`.
    pub fn list<S: AsRef<str>>(self, items: &[S]) -> String {
        let (comma, and) = (self.text("list.comma"), self.text("list.and"));
        match items {
            [] => String::new(),
            [one] => one.as_ref().to_string(),
            [most @ .., last] => {
                let most: Vec<&str> = most.iter().map(AsRef::as_ref).collect();
                format!("{}{and}{}", most.join(comma), last.as_ref())
            }
        }
    }
}

impl FromStr for Language {
    type Err = Problem;

    fn from_str(text: &str) -> Result<Self, Problem> {
        match text.trim().to_ascii_lowercase().as_str() {
            "en" | "english" => Ok(Self::English),
            "zh" | "zh-hans" | "zh-cn" | "chinese" => Ok(Self::Chinese),
            other => {
                Err(Problem::new("unknown_language", format!("'{text}' is not a language of the brief; use en or zh"))
                    .suggest(nearest(other, ["en", "zh"]).into_iter().next()))
            }
        }
    }
}

/// The text with every `{name}` that has a value replaced; what a value holds is not looked into again.
pub fn fill(text: &str, values: &[(&str, &str)]) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('{') {
        out.push_str(before);
        let known = after
            .split_once('}')
            .and_then(|(name, behind)| values.iter().find(|(key, _)| *key == name).map(|(_, value)| (*value, behind)));
        if let Some((value, behind)) = known {
            out.push_str(value);
            rest = behind;
        } else {
            out.push('{');
            rest = after;
        }
    }
    out.push_str(rest);
    out
}

/// The placeholders of a text, sorted.
pub fn placeholders(text: &str) -> Vec<&str> {
    let mut names: Vec<&str> =
        text.split('{').skip(1).filter_map(|part| part.split_once('}')).map(|(name, _)| name).collect();
    names.sort_unstable();
    names.dedup();
    names
}

/// An id as words: `open-source-embrace` and `depends_on` without their joints.
pub fn in_words(id: &str) -> String {
    const SHORT: [&str; 8] = ["ai", "eu", "flop", "gdp", "hbm", "rd", "tpu", "us"];
    let word = |word: &str| if SHORT.contains(&word) { word.to_uppercase() } else { word.to_string() };
    id.split(['_', '-']).filter(|part| !part.is_empty()).map(word).collect::<Vec<_>>().join(" ")
}

/// The table of texts: sections of keys, each a table with a text for every language's tag. What is not so is left
/// out, and the tests find it.
fn read(table: &str) -> BTreeMap<String, [String; 2]> {
    let mut texts = BTreeMap::new();
    if let Ok(table) = table.parse::<toml::Table>() {
        collect(&table, "", &mut texts);
    }
    texts
}

fn collect(table: &toml::Table, path: &str, texts: &mut BTreeMap<String, [String; 2]>) {
    for (key, value) in table {
        let path = if path.is_empty() { key.clone() } else { format!("{path}.{key}") };
        let Some(inner) = value.as_table() else { continue };
        let both = Language::ALL.map(|language| inner.get(language.tag()).and_then(toml::Value::as_str));
        match both {
            [Some(english), Some(chinese)] => {
                texts.insert(path, [english.to_string(), chinese.to_string()]);
            }
            _ => collect(inner, &path, texts),
        }
    }
}

#[cfg(test)]
mod tests;
