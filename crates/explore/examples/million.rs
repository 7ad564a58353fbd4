//! As many runs as asked for of a model that costs nothing, on disk: what the keeping itself costs.
//!
//! ```sh
//! /usr/bin/time -v cargo run --release -p explore --example million -- 1000000 /tmp/million
//! ```
//! Memory is the same for ten thousand runs and for a million.

#![allow(clippy::print_stdout, clippy::unwrap_used)] // an example may stop where it stands

use explore::{
    design::{Kind, Scheme},
    store::{Input, Manifest, Output, Pace, Writer, record},
};
use std::{collections::BTreeMap, path::Path, sync::atomic::AtomicBool};

fn main() {
    let mut args = std::env::args().skip(1);
    let runs: u64 = args.next().map_or(10_000, |text| text.parse().unwrap());
    let folder = args.next().unwrap_or_else(|| "million".into());
    let design = Scheme::fit(Kind::LatinHypercube, runs, 3, 1).unwrap();
    let points = design.points(3).unwrap();
    let manifest = Manifest {
        schema: Manifest::SCHEMA.into(),
        design,
        shard: None,
        inputs: ["x", "y", "z"]
            .map(|name| Input { name: name.into(), unit: String::new(), distribution: None, levels: Vec::new() })
            .to_vec(),
        alternatives: Vec::new(),
        outputs: vec![Output { name: "ishigami".into(), unit: String::new() }],
        about: BTreeMap::new(),
    };
    let mut writer = Writer::create(Path::new(&format!("{folder}.partial")), &manifest).unwrap();
    let pace = Pace { block_runs: 256, due: &|| false, progress: &|_| {}, cancel: &AtomicBool::new(false) };
    let job = |run| {
        let mut point = [0.0; 3];
        points.fill(run, &mut point);
        let [x, y, z] = point.map(|u| (2.0 * u - 1.0) * std::f64::consts::PI);
        // Ishigami and Homma (1990), a = 7, b = 0.1.
        let value = x.sin() + 7.0 * y.sin().powi(2) + 0.1 * z.powi(4) * x.sin();
        Ok(manifest.line(run, &point, Ok(&[value])))
    };
    record(&mut writer, &pace, job).unwrap();
    let progress = writer.finish(Path::new(&folder)).unwrap();
    println!("{} runs in {folder}", progress.runs);
}
