//! Our tables against the figures that they were made from. Those are read where they lie: the folder of
//! calibration data in the environment variable DOWNSTREAM_SHARED, else `../shared` beside the workspace.

#![allow(clippy::unwrap_used, clippy::print_stderr)] // a test may stop where it stands

use std::path::PathBuf;

use facts::Facts;

/// A table of the calibration data as records by column name, or nothing where it is not here.
fn shared(path: &str) -> Option<Vec<csv::StringRecord>> {
    let root = std::env::var_os("DOWNSTREAM_SHARED")
        .map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared"), PathBuf::from);
    let path = root.join("data").join(path);
    if !path.is_file() {
        eprintln!("skipped: {} is not here", path.display());
        return None;
    }
    let mut reader = csv::ReaderBuilder::new().has_headers(false).from_path(path).unwrap();
    Some(reader.records().map(Result::unwrap).collect())
}

/// A cell of a record by the name of its column.
fn cell<'r>(records: &'r [csv::StringRecord], record: &'r csv::StringRecord, column: &str) -> &'r str {
    let index = records[0].iter().position(|name| name == column).unwrap_or_else(|| panic!("no column {column}"));
    record.get(index).unwrap()
}

#[test]
fn tpp_and_performance_density_agree_with_the_figures_of_the_source() {
    let Some(records) = shared("hardware/accelerators.csv") else { return };
    let facts = Facts::load(None).unwrap();
    let mut densities = 0;
    for record in &records[1..] {
        let of = |column| cell(&records, record, column);
        let chip = facts.chip(of("id")).unwrap();
        // The source rounds TPP to whole numbers and takes each peak as printed.
        let (tpp, dtype) = chip.tpp().unwrap();
        let stated: f64 = of("tpp").parse().unwrap();
        assert!((tpp - stated).abs() <= 1.0_f64.max(0.001 * stated), "{}: {tpp} against {stated}", chip.id);
        assert_eq!(dtype, of("tpp_dtype"), "{}", chip.id);
        let stated_density = of("performance_density");
        assert_eq!(chip.performance_density().is_some(), !stated_density.is_empty(), "{}", chip.id);
        if let (Some(density), Ok(stated)) = (chip.performance_density(), stated_density.parse::<f64>()) {
            assert!((density - stated).abs() < 0.006, "{}: {density} against {stated}", chip.id);
            densities += 1;
        }
    }
    assert_eq!((records.len() - 1, densities), (99, 73));
}

#[test]
fn transfer_rates_add_up_to_the_total_of_the_source_wherever_both_parts_are_known() {
    let Some(records) = shared("hardware/accelerators.csv") else { return };
    let facts = Facts::load(None).unwrap();
    for record in &records[1..] {
        let chip = facts.chip(cell(&records, record, "id")).unwrap();
        let stated = cell(&records, record, "io_total_bidir_GBs");
        if let (Some(total), Ok(stated)) = (chip.io_bidir_byte_per_s(), stated.parse::<f64>()) {
            assert!((total / 1e9 - stated).abs() < 0.5, "{}: {total} against {stated} GB/s", chip.id);
        }
    }
}

#[test]
fn every_destination_of_the_published_cases_is_a_known_country() {
    let Some(records) = shared("hardware/export_rules_cases.csv") else { return };
    let facts = Facts::load(None).unwrap();
    for record in &records[1..] {
        let destination = cell(&records, record, "destination");
        let name = destination.split(" (HQ").next().unwrap();
        assert!(facts.country(name).is_ok(), "{destination}");
    }
}
