//! One future under one policy: what is constant in it is worked out first, then the quarters follow.

mod chips;
mod paths;
mod setup;
mod watch;

pub(crate) use chips::{ChipDraw, MAKERS};
pub(crate) use paths::Paths;
pub(crate) use setup::{Access, Lever, PerBloc, START_AGE, Setup, per_bloc};
pub(crate) use watch::Watch;

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
    let mut run = begin(world, policy, draw, variant);
    let mut state = past(&run, trajectory);
    future(&mut run, &mut state, trajectory);
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
    let policy_start = run.setup.policy_start;
    let parting = past(&run, trajectory);
    let mut state = parting.clone();
    future(&mut run, &mut state, trajectory);
    each(0, trajectory);
    for (index, policy) in others.iter().enumerate() {
        follow(&mut run, policy);
        run.setup.policy_start = policy_start;
        state.clone_from(&parting);
        future(&mut run, &mut state, trajectory);
        each(index + 1, trajectory);
    }
}

fn begin<'a>(world: &'a World, policy: &'a CompiledPolicy, draw: &[f64], variant: &'a Variant) -> Run<'a> {
    let setup = Setup::new(world, policy, world.keys.read(draw), draw, variant);
    let mut run = Run { world, policy, variant, setup };
    run.setup.menu_changes = step::menu_changes(&run);
    run
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

fn future(run: &mut Run, state: &mut State, trajectory: &mut Trajectory) {
    let world = run.world;
    trajectory.switched.clear();
    let first = quarter_index(world.options.start);
    for quarter in world.span.begin..world.quarters() {
        step::quarter(run, state, quarter);
        if quarter >= first {
            step::record(run, state, quarter, quarter - first, trajectory);
            if let Some(to) = watch::due(run, quarter, quarter - first, trajectory) {
                go_over(run, to, quarter + 1);
            }
        }
    }
    step::accounts(run, state, trajectory);
    step::lags(trajectory);
    published::record(&world.published, &world.home, &run.setup.p, trajectory);
}

/// Puts the run under another policy.
fn follow<'a>(run: &mut Run<'a>, policy: &'a CompiledPolicy) {
    run.policy = policy;
    run.setup.follow(run.world, policy, run.variant);
    run.setup.menu_changes = step::menu_changes(run);
}

/// Puts the run under another policy from a quarter on. Every lever of that policy takes its lag from there; where only
/// rules differ, levers go on as they were.
fn go_over<'a>(run: &mut Run<'a>, to: &'a CompiledPolicy, quarter: usize) {
    if to.levers != run.policy.levers {
        run.setup.policy_start = quarter;
    }
    follow(run, to);
    if let Some(change) = run.setup.menu_changes.get_mut(quarter) {
        *change = true;
    }
}
