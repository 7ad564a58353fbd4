//! A counterfactual past, and worlds that are frozen before the data end.

use super::{BUILT, at};
use facts::Facts;
use units::{Problems, Quarter};
use world::{Registry, RunOptions, Sources, Trajectory, Variable, Variant, World, policy};

fn ran(world: &World, registry: &Registry, id: &str) -> Trajectory {
    let policy = world.compile(&policy::builtin(id, &BUILT.book).unwrap()).unwrap();
    let mut trajectory = world.trajectory();
    world.run(&policy, &registry.central(), &Variant::default(), &mut trajectory);
    trajectory.check_accounts().unwrap();
    trajectory
}

fn options(policy_start: Quarter, until: Quarter) -> RunOptions {
    RunOptions { policy_start, until, ..RunOptions::default() }
}

fn frozen(facts: &Facts, freeze: Quarter) -> Result<(World, Registry), Problems> {
    let registry = BUILT.registry.clone().known_at(freeze, None)?;
    let sources = Sources { facts, book: &BUILT.book, registry: &registry, folder: None };
    let world = World::frozen(&sources, &options(freeze + 1, Quarter::new(2025, 4)), freeze)?;
    Ok((world, registry))
}

fn counterfactual(start: Quarter, id: &str) -> Trajectory {
    let sources = Sources { facts: &BUILT.facts, book: &BUILT.book, registry: &BUILT.registry, folder: None };
    let world = World::new(&sources, &options(start, Quarter::new(2030, 4))).unwrap();
    ran(&world, &BUILT.registry, id)
}

#[test]
fn policies_may_part_from_the_first_controls_on_and_history_is_the_same_until_then() {
    let start = Quarter::new(2022, 4);
    let (open, closed) = (counterfactual(start, "no-controls"), counterfactual(start, "history"));
    let china = |trajectory: &Trajectory, quarter| at(trajectory, Variable::FleetFlop, 1, quarter);
    assert_eq!(china(&open, "2022Q3"), china(&closed, "2022Q3"));
    assert!(china(&open, "2023Q4") > china(&closed, "2023Q4"), "without controls China computes more");
}

#[test]
fn the_history_policy_comes_near_history_where_the_model_works_it_out() {
    let sources = Sources { facts: &BUILT.facts, book: &BUILT.book, registry: &BUILT.registry, folder: None };
    let data = ran(&World::new(&sources, &RunOptions::default()).unwrap(), &BUILT.registry, "history");
    let model = counterfactual(Quarter::new(2024, 1), "history");
    let ratio = |variable, bloc, quarter| at(&model, variable, bloc, quarter) / at(&data, variable, bloc, quarter);
    for (variable, bloc) in [(Variable::FleetFlop, 0), (Variable::FleetByte, 0), (Variable::FleetFlop, 2)] {
        let found = ratio(variable, bloc, "2025Q4");
        assert!((0.5..2.0).contains(&found), "{} of bloc {bloc}: {found}", variable.name());
    }
}

#[test]
fn a_frozen_world_does_not_change_with_what_came_after_its_freeze() {
    let freeze = Quarter::new(2023, 4);
    let mut other = BUILT.facts.clone();
    for figure in other.history.iter_mut().filter(|figure| figure.period.quarter() > freeze) {
        figure.value *= 3.0;
    }
    let (world, registry) = frozen(&BUILT.facts, freeze).unwrap();
    let (altered, _) = frozen(&other, freeze).unwrap();
    let (a, b) = (ran(&world, &registry, "history"), ran(&altered, &registry, "history"));
    for variable in [Variable::SalesFlop, Variable::SalesByte, Variable::TokensUsed, Variable::AiCapex] {
        for bloc in 0..3 {
            assert_eq!(a.get(variable, bloc), b.get(variable, bloc), "{}", variable.name());
        }
    }
    assert!(at(&a, Variable::SalesFlop, 1, "2024Q4") > 0.0);
}

#[test]
fn a_frozen_world_has_no_chip_that_was_unknown_then() {
    let (world, _) = frozen(&BUILT.facts, Quarter::new(2023, 4)).unwrap();
    let has = |id: &str| world.chips().iter().any(|entry| entry.chip.id == id);
    assert!(has("h100-sxm") && has("h20-96") && has("mi300x"), "on sale, or released in the last quarter");
    assert!(!has("b200") && !has("h200-sxm") && !has("ascend-960"));
    assert!(world.chips().iter().any(|entry| entry.origin == world::Origin::Trend && entry.available.year() == 2024));
}

#[test]
fn an_input_that_rests_on_a_later_source_is_refused_by_name() {
    let freeze = Quarter::new(2023, 4);
    let sources = Sources { facts: &BUILT.facts, book: &BUILT.book, registry: &BUILT.registry, folder: None };
    let problems = World::frozen(&sources, &options(freeze + 1, Quarter::new(2025, 4)), freeze).unwrap_err();
    assert!(problems.0.iter().all(|problem| problem.code == "from_the_future"), "{problems}");
    assert!(problems.0.iter().any(|problem| problem.key.as_deref() == Some("leak_share")));
    let known = BUILT.registry.clone().known_at(freeze, None).unwrap();
    assert!(!known.hindsight().is_empty());
    assert_ne!(known.inputs[known.index("leak_share").unwrap()].distribution.high(), 0.797);
}

#[test]
fn every_freeze_that_is_allowed_has_a_view_of_every_input() {
    for (year, quarter) in [(2023, 1), (2023, 3), (2024, 2), (2024, 4), (2025, 1), (2025, 3)] {
        frozen(&BUILT.facts, Quarter::new(year, quarter)).unwrap();
    }
    let early = Quarter::new(2022, 4);
    let sources = Sources { facts: &BUILT.facts, book: &BUILT.book, registry: &BUILT.registry, folder: None };
    assert!(World::frozen(&sources, &RunOptions::default(), early).is_err());
}
