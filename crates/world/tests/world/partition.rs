//! Nothing assumes three blocs: a scenario may split or join them.

use super::BUILT;
use units::Quarter;
use world::{BlocSpec, RunOptions, Sources, Trajectory, Variable, Variant, World, policy};

fn blocs(parts: &[(&str, &[&str])]) -> Vec<BlocSpec> {
    let spec = |(name, countries): &(&str, &[&str])| BlocSpec {
        name: (*name).to_string(),
        countries: countries.iter().map(ToString::to_string).collect(),
    };
    parts.iter().map(spec).collect()
}

fn history(options: &RunOptions) -> Trajectory {
    let sources = Sources { facts: &BUILT.facts, book: &BUILT.book, registry: &BUILT.registry, folder: None };
    let world = World::new(&sources, options).unwrap();
    let policy = world.compile(&policy::builtin("history", &BUILT.book).unwrap()).unwrap();
    let mut trajectory = world.trajectory();
    world.run(&policy, &BUILT.registry.central(), &Variant::default(), &mut trajectory);
    trajectory.check_accounts().unwrap();
    trajectory
}

#[test]
fn splitting_the_rest_leaves_the_world_of_history_as_it_was() {
    let parts: [(&str, &[&str]); 5] = [
        ("us", &["US"]),
        ("china", &["CN", "HK", "MO"]),
        ("europe", &["DE", "FR", "GB"]),
        ("gulf", &["AE", "SA"]),
        ("rest", &["*"]),
    ];
    let split = history(&RunOptions { blocs: blocs(&parts), ..RunOptions::default() });
    let whole = history(&RunOptions::default());
    let end = |trajectory: &Trajectory, variable| super::at(trajectory, variable, trajectory.world(), "2025Q4");
    for variable in [Variable::FleetFlop, Variable::FleetByte, Variable::AiCapex, Variable::TokensUsed] {
        let (a, b) = (end(&split, variable), end(&whole, variable));
        assert!((a / b - 1.0).abs() < 1e-6, "{}: {a} and {b}", variable.name());
    }
}

#[test]
fn a_shorter_run_that_starts_later_is_the_same_run() {
    let options = RunOptions { start: Quarter::new(2025, 1), until: Quarter::new(2028, 4), ..RunOptions::default() };
    let short = history(&options);
    let long = history(&RunOptions::default());
    let at = |trajectory: &Trajectory| super::at(trajectory, Variable::TokensUsed, 1, "2028Q4");
    assert_eq!(short.quarters().len(), 16);
    assert_eq!(at(&short), at(&long));
}

#[test]
fn bad_partitions_and_spans_are_refused() {
    let sources = Sources { facts: &BUILT.facts, book: &BUILT.book, registry: &BUILT.registry, folder: None };
    let refused = |options: RunOptions| World::new(&sources, &options).is_err();
    assert!(refused(RunOptions { blocs: blocs(&[("us", &["US"])]), ..RunOptions::default() }), "no '*'");
    let twice = blocs(&[("us", &["US"]), ("them", &["US", "*"])]);
    assert!(refused(RunOptions { blocs: twice, ..RunOptions::default() }), "a country in two blocs");
    assert!(refused(RunOptions { policy_start: Quarter::new(2022, 3), ..RunOptions::default() }), "before controls");
    assert!(refused(RunOptions { until: Quarter::new(2025, 4), ..RunOptions::default() }), "no future");
}
