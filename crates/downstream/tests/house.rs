//! The house stands as `dependencies.toml` draws it.

#![allow(clippy::unwrap_used)] // A test may panic; the lint knows only functions marked as tests.

use std::{collections::BTreeMap, fs, path::Path};

type Table = toml::Table;

fn read(path: &Path) -> Table {
    #[allow(clippy::disallowed_methods)]
    let text = fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    text.parse().unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn names(table: &Table, key: &str) -> Vec<String> {
    table.get(key).and_then(toml::Value::as_table).map(|deps| deps.keys().cloned().collect()).unwrap_or_default()
}

fn allowed(policy: &Table, section: &str, name: &str) -> Vec<String> {
    policy[section]
        .get(name)
        .and_then(toml::Value::as_array)
        .unwrap_or_else(|| panic!("dependencies.toml [{section}] does not know the crate '{name}'"))
        .iter()
        .map(|value| value.as_str().unwrap().to_string())
        .collect()
}

#[test]
fn every_arrow_between_crates_is_listed() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let policy = read(&root.join("dependencies.toml"));
    let mut crates = BTreeMap::new();
    for entry in fs::read_dir(root.join("crates")).unwrap() {
        let manifest = entry.unwrap().path().join("Cargo.toml");
        let table = read(&manifest);
        let name = table["package"]["name"].as_str().unwrap().to_string();
        crates.insert(name, table);
    }
    let mut wrong = Vec::new();
    for (name, manifest) in &crates {
        let (ours, outside) = (allowed(&policy, "arrows", name), allowed(&policy, "outside", name));
        let dev = allowed(&policy, "dev", "any");
        for dependency in names(manifest, "dependencies") {
            let listed = if crates.contains_key(&dependency) { &ours } else { &outside };
            if !listed.contains(&dependency) {
                wrong.push(format!("{name} -> {dependency} is not listed in dependencies.toml"));
            }
        }
        for dependency in names(manifest, "dev-dependencies") {
            if !dev.contains(&dependency) && !ours.contains(&dependency) && !outside.contains(&dependency) {
                wrong.push(format!("{name} -> {dependency} (dev) is not listed in dependencies.toml"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn no_source_file_outgrows_its_concept() {
    fn walk(folder: &Path, long: &mut Vec<String>) {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                walk(&path, long);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                #[allow(clippy::disallowed_methods)]
                let lines = fs::read_to_string(&path).unwrap().lines().count();
                if lines > 800 {
                    long.push(format!("{} has {lines} lines; split it by concept", path.display()));
                }
            }
        }
    }
    let mut long = Vec::new();
    walk(&Path::new(env!("CARGO_MANIFEST_DIR")).join(".."), &mut long);
    assert!(long.is_empty(), "{}", long.join("\n"));
}
