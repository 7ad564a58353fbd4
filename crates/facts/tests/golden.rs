//! The 107 configurations of the design notes against counts made by another program, which agrees with the
//! transformers library on each.

#![allow(clippy::unwrap_used, clippy::print_stderr, reason = "a test fails loudly and says what it skips")]

use facts::Architecture;
use serde_json::Value;
use std::{
    fs,
    path::{Path, PathBuf},
};
use units::read_text;

/// The models of the shared data, or `None` with a message where it is absent.
fn shared_models() -> Option<PathBuf> {
    let root = std::env::var_os("DOWNSTREAM_SHARED")
        .map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared"), PathBuf::from);
    let folder = root.join("data/models");
    if folder.join("GOLDEN.json").is_file() {
        return Some(folder);
    }
    eprintln!("skipped: no shared data at {}", folder.display());
    None
}

/// The architecture of a model of the shared data.
fn read(folder: &Path, id: &str) -> Architecture {
    let path = folder.join(format!("{}.json", id.replace('/', "__")));
    let text = read_text(&path).unwrap();
    Architecture::from_config(&text, id).unwrap_or_else(|problems| panic!("{id}: {problems}"))
}

/// What differs between two values: whole numbers exactly, others by more than 1e-9.
fn differences(path: &str, got: &Value, want: &Value, found: &mut Vec<String>) {
    if let (Value::Object(got), Value::Object(want)) = (got, want) {
        let keys = |object: &serde_json::Map<String, Value>| object.keys().cloned().collect::<Vec<_>>();
        if keys(got) != keys(want) {
            found.push(format!("{path}: keys {:?}, wanted {:?}", keys(got), keys(want)));
        }
        for (key, want) in want {
            differences(&format!("{path}.{key}"), &got[key], want, found);
        }
        return;
    }
    let (a, b) = (got.as_f64().unwrap(), want.as_f64().unwrap());
    let same = if want.is_u64() { a == b } else { (a - b).abs() <= 1e-9 * b.abs() };
    if !same {
        found.push(format!("{path}: {got}, wanted {want}"));
    }
}

#[test]
fn every_count_of_every_model_agrees() {
    let Some(folder) = shared_models() else { return };
    let golden: Value = serde_json::from_str(&read_text(&folder.join("GOLDEN.json")).unwrap()).unwrap();
    let golden = golden.as_object().unwrap();
    assert_eq!(golden.len(), 107);
    let mut found = Vec::new();
    for (id, want) in golden {
        let got = serde_json::to_value(read(&folder, id).counts()).unwrap();
        differences(id, &got, want, &mut found);
    }
    assert!(found.is_empty(), "{} differ:\n{}", found.len(), found.join("\n"));
}

#[test]
fn what_the_formulas_do_not_cover_is_refused_by_name() {
    let Some(folder) = shared_models() else { return };
    let mut refused = 0;
    for entry in fs::read_dir(folder.join("unverified")).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        let problems = Architecture::from_config(&read_text(&path).unwrap(), &name).unwrap_err();
        assert_eq!(problems.0.len(), 1, "{problems}");
        let problem = &problems.0[0];
        assert_eq!(problem.code, "unsupported_architecture");
        assert_eq!(problem.key.as_deref(), Some("model_type"));
        assert!(problem.line.is_some() && problem.message.contains("beyond the formulas"), "{problem}");
        refused += 1;
    }
    assert_eq!(refused, 9);
}

#[test]
fn vision_encoders_have_the_parameters_that_transformers_builds() {
    /// SigLIP's pooling head (probe, attention, norm, network of 1152 and 4304), which Gemma 3 does not use.
    const POOLING_HEAD: u64 = 1152 + 4 * (1152 * 1152 + 1152) + 2 * 1152 + 2 * 1152 * 4304 + 4304 + 1152;
    let Some(folder) = shared_models() else { return };
    let published = read_text(&folder.join("PUBLISHED.csv")).unwrap();
    let mut table = csv::Reader::from_reader(published.as_bytes());
    let column = |headers: &csv::StringRecord, name| headers.iter().position(|header| header == name).unwrap();
    let headers = table.headers().unwrap().clone();
    let (model, params) = (column(&headers, "model"), column(&headers, "transformers_vision_params"));
    let mut seen = 0;
    for record in table.records() {
        let record = record.unwrap();
        let want: u64 = record[params].parse().unwrap_or(0);
        let vision = read(&folder, &record[model]).vision;
        let got = vision.map_or(0, |vision| vision.params());
        let unused = if record[model].starts_with("google/gemma-3") && want > 0 { POOLING_HEAD } else { 0 };
        assert_eq!(got + unused, want, "{}", &record[model]);
        seen += u64::from(want > 0);
    }
    assert_eq!(seen, 14);
}
