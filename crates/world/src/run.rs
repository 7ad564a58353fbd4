//! One future under one policy: what is constant in it is worked out first, then the quarters follow.

mod chips;
mod paths;
mod setup;

pub(crate) use chips::{ChipDraw, MAKERS};
pub(crate) use paths::Paths;
pub(crate) use setup::{Access, Lever, PerBloc, START_AGE, Setup, per_bloc};

use crate::{CompiledPolicy, Trajectory, Variant, World, published, state::State, step, world::quarter_index};

/// Everything that a quarter may read.
pub(crate) struct Run<'a> {
    pub world: &'a World,
    pub policy: &'a CompiledPolicy,
    pub variant: &'a Variant,
    pub setup: Setup,
}

/// Runs every quarter from 2022Q1 to the end and records those of the trajectory's span.
pub(crate) fn run(
    world: &World,
    policy: &CompiledPolicy,
    draw: &[f64],
    variant: &Variant,
    trajectory: &mut Trajectory,
) {
    let run = begin(world, policy, draw, variant);
    let mut state = past(&run, trajectory);
    future(&run, &mut state, trajectory);
}

/// The same under several policies, one after another. What lies before they may part is run once: it is data, and what
/// follows from the data.
pub(crate) fn run_each(
    world: &World,
    policies: &[&CompiledPolicy],
    (draw, variant): (&[f64], &Variant),
    trajectory: &mut Trajectory,
    mut each: impl FnMut(usize, &Trajectory),
) {
    let Some((first, others)) = policies.split_first() else { return };
    let mut run = begin(world, first, draw, variant);
    let parting = past(&run, trajectory);
    let mut state = parting.clone();
    future(&run, &mut state, trajectory);
    each(0, trajectory);
    for (index, policy) in others.iter().enumerate() {
        run.policy = policy;
        run.setup.follow(world, policy, variant);
        state.clone_from(&parting);
        future(&run, &mut state, trajectory);
        each(index + 1, trajectory);
    }
}

fn begin<'a>(world: &'a World, policy: &'a CompiledPolicy, draw: &[f64], variant: &'a Variant) -> Run<'a> {
    let setup = Setup::new(world, policy, world.keys.read(draw), draw, variant);
    Run { world, policy, variant, setup }
}

/// The quarters of data, and the state at their end. Nothing here may depend on the policy.
fn past(run: &Run, trajectory: &mut Trajectory) -> State {
    let mut state = State::new(run);
    for quarter in 0..run.world.span.known {
        step::past(run, &mut state, quarter);
    }
    step::anchor(run, &mut state, quarter_index(run.world.options.start), trajectory);
    state
}

fn future(run: &Run, state: &mut State, trajectory: &mut Trajectory) {
    let world = run.world;
    let first = quarter_index(world.options.start);
    for quarter in world.span.begin..world.quarters() {
        step::quarter(run, state, quarter);
        if quarter >= first {
            step::record(run, state, quarter, quarter - first, trajectory);
        }
    }
    step::accounts(run, state, trajectory);
    step::lags(trajectory);
    published::record(&world.published, &world.home, &run.setup.p, trajectory);
}
