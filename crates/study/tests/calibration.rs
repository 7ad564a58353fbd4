//! The committed constants of engines are where their fit ends.
#![allow(clippy::print_stderr, reason = "a test says what it measured and what it skips")]

use performance::{Efficiencies, EngineKind};
use std::path::PathBuf;
use study::{calibration::fit, validation};

/// What a refit may gain before the tables count as stale: a third of a per cent of the figures it is fitted to [ln].
const STALE: f64 = 0.0033;
/// How far constants are moved: as far as the neighbours that the folds are chosen among.
const FACTOR: f64 = 1.22;

#[test]
fn the_refit_ends_at_the_committed_constants() {
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../..");
    let shared = std::env::var_os("DOWNSTREAM_SHARED").map_or_else(|| root.join("../shared"), PathBuf::from);
    let file = shared.join("data/measured/silicon_sample.csv.gz");
    if !file.is_file() {
        eprintln!("skipped: needs the calibration data (DOWNSTREAM_SHARED)");
        return;
    }
    let facts = facts::Facts::load(None).unwrap();
    let cases = fit::cases(&validation::sources(&[file]).unwrap(), &facts).unwrap();
    // TensorRT-LLM has as many cases as the two together: left to the command, which refits all three in minutes.
    for engine in [EngineKind::Vllm, EngineKind::Sglang] {
        let ours: Vec<_> = cases.iter().filter(|case| case.engine() == engine).collect();
        let gain = fit::gain(&ours, &facts, Efficiencies::builtin(), (engine, FACTOR)).unwrap().unwrap();
        eprintln!("{}: a neighbour of the constants would gain {gain:.5} on {} cases", engine.name(), ours.len());
        assert!(gain < STALE, "{}: refit_engines would gain {gain:.4}; run it and commit its tables", engine.name());
    }
}
