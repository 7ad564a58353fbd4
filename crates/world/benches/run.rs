//! One future of 56 quarters under one policy, and one policy made ready.

use divan::{Bencher, black_box};
use facts::Facts;
use rules::RuleBook;
use world::{Registry, RunOptions, Sources, Variant, World, policy};

fn main() {
    divan::main();
}

fn made() -> (World, RuleBook) {
    let facts = Facts::load(None).expect("the embedded facts are read in tests");
    let book = RuleBook::builtin();
    let registry = Registry::load(None).expect("the embedded inputs are read in tests");
    let sources = Sources { facts: &facts, book: &book, registry: &registry, folder: None };
    let world = World::new(&sources, &RunOptions::default()).expect("the embedded tables are read in tests");
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
