//! The world as a whole: what must hold in every future, what each mechanism moves, and what bad input says.
#![allow(clippy::unwrap_used)]

#[path = "world/adaptive.rs"]
mod adaptive;
#[path = "world/futures.rs"]
mod futures;
#[path = "world/inputs.rs"]
mod inputs;
#[path = "world/lineage.rs"]
mod lineage;
#[path = "world/partition.rs"]
mod partition;
#[path = "world/past.rs"]
mod past;
#[path = "world/policies.rs"]
mod policies;
#[path = "world/variants.rs"]
mod variants;

use facts::Facts;
use rules::RuleBook;
use std::sync::LazyLock;
use world::{CompiledPolicy, Registry, RunOptions, Sources, Trajectory, Variable, Variant, World, policy};

/// The built-in world, its rule book and its policies, made once.
struct Built {
    facts: Facts,
    book: RuleBook,
    registry: Registry,
    world: World,
    policies: Vec<CompiledPolicy>,
}

static BUILT: LazyLock<Built> = LazyLock::new(|| {
    let facts = Facts::load(None).unwrap();
    let book = RuleBook::builtin();
    let registry = Registry::load(None).unwrap();
    let sources = Sources { facts: &facts, book: &book, registry: &registry, folder: None };
    let world = World::new(&sources, &RunOptions::default()).unwrap();
    let policies =
        policy::builtin_ids().iter().map(|id| world.compile(&policy::builtin(id, &book).unwrap()).unwrap()).collect();
    Built { facts, book, registry, world, policies }
});

/// A compiled built-in policy.
fn compiled(id: &str) -> &'static CompiledPolicy {
    BUILT.policies.iter().find(|policy| policy.id == id).unwrap()
}

/// One run of the built-in world.
fn run(id: &str, draw: &[f64], variant: &Variant) -> Trajectory {
    let mut trajectory = BUILT.world.trajectory();
    BUILT.world.run(compiled(id), draw, variant, &mut trajectory);
    trajectory
}

/// A sequence of points in the unit cube, repeatable (SplitMix64): only to vary futures, never to sample a study.
fn cube(seed: u64, length: usize) -> Vec<f64> {
    let mut state = seed.wrapping_mul(0x9E37_79B9_7F4A_7C15);
    (0..length)
        .map(|_| {
            state = state.wrapping_add(0x9E37_79B9_7F4A_7C15);
            let mut z = state;
            z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
            z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
            ((z ^ (z >> 31)) >> 11) as f64 / (1_u64 << 53) as f64
        })
        .collect()
}

/// A random future.
fn future(seed: u64) -> Vec<f64> {
    BUILT.registry.draw(&cube(seed, BUILT.registry.sampled().len()))
}

/// A variable of a bloc at the end of a quarter.
fn at(trajectory: &Trajectory, variable: Variable, bloc: usize, quarter: &str) -> f64 {
    trajectory.get(variable, bloc)[trajectory.at(quarter.parse().unwrap()).unwrap()]
}
