use super::*;

/// Every leaf of the file that is a text, with its path: key, language, text.
fn leaves(table: &toml::Table, path: &str, out: &mut Vec<(String, String, String)>) {
    for (key, value) in table {
        match value {
            toml::Value::Table(inner) => leaves(inner, &format!("{path}{key}."), out),
            toml::Value::String(text) => out.push((path.trim_end_matches('.').into(), key.clone(), text.clone())),
            other => panic!("{path}{key} is neither a text nor a section: {other}"),
        }
    }
}

fn all() -> Vec<(String, String, String)> {
    let table: toml::Table = include_str!("texts.toml").parse().expect("texts.toml is TOML");
    let mut out = Vec::new();
    leaves(&table, "", &mut out);
    out
}

#[test]
fn every_key_has_both_languages_with_the_same_placeholders_and_no_blank() {
    let leaves = all();
    let mut keys: BTreeMap<&str, BTreeMap<&str, &str>> = BTreeMap::new();
    for (key, language, text) in &leaves {
        assert!(!text.trim().is_empty(), "{key} {language} is blank");
        keys.entry(key).or_default().insert(language, text);
    }
    for (key, texts) in keys {
        assert_eq!(texts.keys().copied().collect::<Vec<_>>(), ["en", "zh-Hans"], "{key}");
        assert_eq!(placeholders(texts["en"]), placeholders(texts["zh-Hans"]), "{key}");
        assert_eq!(Language::English.find(key), Some(texts["en"]), "{key}");
    }
}

#[test]
fn every_key_that_the_code_names_is_in_the_table() {
    let mut files = vec![std::path::PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/src"))];
    let mut named = 0;
    while let Some(path) = files.pop() {
        if path.is_dir() {
            files.extend(std::fs::read_dir(&path).unwrap().map(|entry| entry.unwrap().path()));
            continue;
        }
        if path.extension().is_none_or(|extension| extension != "rs") || path.ends_with("language/tests.rs") {
            continue;
        }
        let code = units::read_text(&path).unwrap();
        let code: String = code.split_whitespace().collect::<Vec<_>>().join(" ");
        for call in [".text(\"", ".fill(\"", ".fill( \"", ".text( \""] {
            for part in code.split(call).skip(1) {
                let key = part.split('"').next().unwrap();
                named += 1;
                assert!(Language::English.find(key).is_some(), "{} names '{key}'", path.display());
            }
        }
    }
    assert!(named > 50, "only {named} keys were found in the code: has the way of calling changed?");
}

#[test]
fn a_value_is_put_in_as_it_is_and_an_unknown_placeholder_stays() {
    assert_eq!(fill("{a} of {b}", &[("a", "{b}"), ("b", "2")]), "{b} of 2");
    assert_eq!(fill("{c}", &[("a", "1")]), "{c}");
    assert_eq!(fill("brace { alone", &[]), "brace { alone");
}

#[test]
fn a_code_without_a_text_is_shown_in_its_own_words() {
    assert_eq!(Language::English.name("policy", "my-own_policy"), "my own policy");
}

#[test]
fn languages_are_read_in_their_common_spellings() {
    assert_eq!("ZH-Hans".parse(), Ok(Language::Chinese));
    assert_eq!("zn".parse::<Language>().unwrap_err().code, "unknown_language");
}
