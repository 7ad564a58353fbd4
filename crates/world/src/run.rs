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
    let parameters = world.keys.read(draw);
    let setup = Setup::new(world, policy, parameters, draw, variant);
    let mut run = Run { world, policy, variant, setup };
    run.setup.menu_changes = step::menu_changes(&run);
    let mut state = State::new(&run);
    let first = quarter_index(world.options.start);
    for quarter in 0..world.span.known {
        step::past(&run, &mut state, quarter);
    }
    step::anchor(&run, &mut state, first, trajectory);
    for quarter in world.span.begin..world.quarters() {
        step::quarter(&run, &mut state, quarter);
        if quarter >= first {
            step::record(&run, &state, quarter, quarter - first, trajectory);
        }
    }
    step::accounts(&run, &state, trajectory);
    step::lags(trajectory);
    published::record(&world.published, &world.home, &run.setup.p, trajectory);
}
