//! Signposts read after every quarter.

use crate::{
    CompiledPolicy, Dimension, Trajectory,
    policy::{Side, Signpost},
    run::Run,
    world::quarter_index,
};

/// A signpost and its bloc in this world.
#[derive(Clone, Debug)]
pub(crate) struct Watch {
    pub signpost: Signpost,
    /// The bloc, or the number of blocs for the world.
    pub bloc: usize,
}

impl Watch {
    /// What the signpost shows in a quarter; `at` counts from the first that is recorded.
    fn reading(&self, trajectory: &Trajectory, at: usize) -> f64 {
        let variable = self.signpost.variable;
        let series = |bloc: usize| match variable.dimension() {
            Dimension::BlocSector => trajectory.sector(variable, bloc, trajectory.sectors().len())[at],
            _ => trajectory.get(variable, bloc)[at],
        };
        if self.signpost.share_of_world { series(self.bloc) / series(trajectory.world()) } else { series(self.bloc) }
    }

    /// Whether it has shown it for long enough at the end of a quarter. A reading that is not a number shows nothing.
    fn shown(&self, trajectory: &Trajectory, at: usize, counted: usize) -> bool {
        let needed = self.signpost.quarters.max(1) as usize;
        counted >= needed
            && (at + 1 - needed..=at).all(|at| match self.signpost.side {
                Side::Above => self.reading(trajectory, at) > self.signpost.threshold,
                Side::Below => self.reading(trajectory, at) < self.signpost.threshold,
            })
    }
}

/// The policy to go over to after a quarter, if a signpost shows it.
pub(super) fn due<'a>(
    run: &Run<'a>,
    quarter: usize,
    at: usize,
    trajectory: &mut Trajectory,
) -> Option<&'a CompiledPolicy> {
    let policy: &'a CompiledPolicy = run.policy;
    let switch = policy.switches.iter().find(|switch| {
        let from = switch.watch.signpost.from.map_or(0, quarter_index).max(run.setup.policy_start);
        let counted = (quarter + 1).saturating_sub(from).min(at + 1);
        switch.watch.shown(trajectory, at, counted)
    })?;
    let next = trajectory.quarters()[at] + 1;
    trajectory.switched.push((next, switch.to.id.clone()));
    Some(&switch.to)
}
