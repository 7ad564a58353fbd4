//! Predictions beside published measurements: reading, excluding, correcting, scoring.
#![allow(clippy::unwrap_used, clippy::print_stderr)]

use facts::Facts;
use performance::Efficiencies;
use std::path::{Path, PathBuf};
use study::validation::{LeaveOut, ScoreRow, Source, Validation, sources, validate};

fn run(sources: &[Source], leave_out: LeaveOut) -> Validation {
    let facts = Facts::load(None).unwrap();
    validate(sources, &facts, Efficiencies::builtin(), leave_out).unwrap_or_else(|problems| panic!("{problems}"))
}

fn shared(name: &str) -> Option<Source> {
    let root = std::env::var_os("DOWNSTREAM_SHARED")
        .map_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared"), PathBuf::from);
    let path = root.join("data/measured").join(name);
    if !path.is_file() {
        eprintln!("skipped: {} is not here (set DOWNSTREAM_SHARED)", path.display());
        return None;
    }
    sources(&[path]).unwrap().pop()
}

/// The board: printed, never asserted at a value that could be tuned to.
fn print_board(validation: &Validation) {
    for file in &validation.result.files {
        eprintln!("{} ({}): {} rows, {} predicted", file.name, file.schema, file.rows, file.predicted);
        for skipped in &file.skipped {
            eprintln!("    {:6} {} {:?}", skipped.rows, skipped.reason, skipped.examples);
        }
        for corrected in &file.corrected {
            eprintln!("    {:6} corrected {}", corrected.rows, corrected.rule);
        }
    }
    let percent = |value: Option<f64>| value.map_or_else(|| "-".into(), |value| format!("{:.0} %", 100.0 * value));
    for score in validation.result.scores.iter().filter(|score| score.metric != "*" || score.source == "*") {
        let ScoreRow { metric, source, chip, model, engine, tier, rows, scored, .. } = score;
        eprintln!(
            "{metric:26} {source:.24} {chip} {model} {engine} {tier}: {rows} rows, {} answered, {scored} scored, mape {} mdape {} bias {} w20 {} rho {:.2} floor {}",
            percent(Some(score.answered_fraction)),
            percent(score.mape),
            percent(score.mdape),
            percent(score.bias_median),
            percent(score.within20_fraction),
            score.spearman_family_median.unwrap_or(f64::NAN),
            percent(score.replicate_floor_mape),
        );
    }
}

#[test]
fn the_board_of_the_shared_files_is_printed() {
    let files = ["measured.csv.gz", "silicon_sample.csv.gz", "argonne_llm_inference_bench.csv.gz"];
    let sources: Vec<Source> = files.into_iter().filter_map(shared).collect();
    if sources.len() < files.len() {
        return;
    }
    let v = run(&sources, LeaveOut::None);
    print_board(&v);
    if let Ok(out) = std::env::var("BOARD_OUT") {
        std::fs::write(out, &v.predictions_csv).unwrap();
    }
}
