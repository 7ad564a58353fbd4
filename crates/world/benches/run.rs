//! One future of 56 quarters under one policy, and one policy made ready.

use std::path::Path;

use divan::{Bencher, black_box};
use facts::Facts;
use rules::RuleBook;
use world::{BlocSpec, Registry, RunOptions, Sources, Variant, World, policy};

fn main() {
    divan::main();
}

fn made() -> (World, RuleBook) {
    made_of(&RunOptions::default(), None)
}

fn made_of(options: &RunOptions, folder: Option<&Path>) -> (World, RuleBook) {
    let facts = Facts::load(None).expect("the embedded facts are read in tests");
    let book = RuleBook::builtin();
    let registry = Registry::load(None).expect("the embedded inputs are read in tests");
    let sources = Sources { facts: &facts, book: &book, registry: &registry, folder };
    let world = World::new(&sources, options).expect("the embedded tables are read in tests");
    (world, book)
}

#[divan::bench(args = ["history", "inference-chip-controls", "diplomacy"])]
fn run(bencher: Bencher, id: &str) {
    let (world, book) = made();
    let policy = world.compile(&policy::builtin(id, &book).expect("built in")).expect("compiles");
    let draw = world.registry().central();
    let mut trajectory = world.trajectory();
    bencher.bench_local(|| world.run(black_box(&policy), black_box(&draw), &Variant::default(), &mut trajectory));
}

/// How a run grows with the number of blocs: one for each of the largest countries. The table of countries has
/// fourteen, so that the bench adds rows to a copy of it; their weights and products serve nothing else.
#[divan::bench(args = [3, 5, 10, 20])]
fn blocs(bencher: Bencher, count: usize) {
    const LARGEST: [&str; 17] =
        ["DE", "JP", "IN", "GB", "FR", "BR", "KR", "SA", "AE", "MY", "IT", "CA", "AU", "MX", "ES", "ID", "NL"];
    let folder = std::env::temp_dir().join(format!("world-bench-{}", std::process::id()));
    std::fs::create_dir_all(&folder).expect("a folder for the table");
    let mut table = include_str!("../../../data/region_countries.csv").to_string();
    for country in LARGEST {
        if !table.contains(&format!("\n{country},")) {
            table.extend([country, ",rest,0.02,1.5e12,other,a row for this bench,2025,ours,low\n"]);
        }
    }
    std::fs::write(folder.join("region_countries.csv"), table).expect("the table is written");
    let mut blocs = BlocSpec::default_partition();
    for country in LARGEST.iter().take(count - blocs.len()) {
        blocs.push(BlocSpec { name: country.to_lowercase(), countries: vec![(*country).to_string()] });
    }
    let (world, book) = made_of(&RunOptions { blocs, ..RunOptions::default() }, Some(&folder));
    let policy = world.compile(&policy::builtin("history", &book).expect("built in")).expect("compiles");
    let draw = world.registry().central();
    let mut trajectory = world.trajectory();
    bencher.bench_local(|| world.run(black_box(&policy), black_box(&draw), &Variant::default(), &mut trajectory));
}

#[divan::bench]
fn compile(bencher: Bencher) {
    let (world, book) = made();
    let policy = policy::builtin("inference-chip-controls", &book).expect("built in");
    bencher.bench_local(|| world.compile(black_box(&policy)));
}

#[divan::bench(sample_count = 5)]
fn make(bencher: Bencher) {
    bencher.bench_local(made);
}
