//! A run allocates before its quarters, and not inside them.
#![allow(clippy::unwrap_used)]

use facts::Facts;
use rules::RuleBook;
use units::Quarter;
use world::{Registry, RunOptions, Sources, Variant, World, policy};

#[test]
fn a_run_to_2035_allocates_as_often_as_one_to_2027() {
    let (facts, book, registry) = (Facts::load(None).unwrap(), RuleBook::builtin(), Registry::load(None).unwrap());
    let sources = Sources { facts: &facts, book: &book, registry: &registry, folder: None };
    let allocations = |year: i32| {
        let options = RunOptions { until: Quarter::new(year, 4), ..RunOptions::default() };
        let world = World::new(&sources, &options).unwrap();
        let mut trajectory = world.trajectory();
        ["history", "inference-chip-controls", "diplomacy"].map(|id| {
            let policy = world.compile(&policy::builtin(id, &book).unwrap()).unwrap();
            let draw = registry.central();
            let mut run = || world.run(&policy, &draw, &Variant::default(), &mut trajectory);
            run();
            allocation_counter::measure(&mut run).count_total
        })
    };
    assert_eq!(allocations(2035), allocations(2027));
}
