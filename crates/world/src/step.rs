//! The quarter as a table of contents; each part is a file of its own.
//!
//! Until the end of 2025 (or the freeze of a hindcast) sales, capital and the split of uses are data, common to all
//! policies. There the model is anchored ([`anchor`]): nothing later is used. From then on, or from the start of the
//! policy where that is earlier, every quarter runs through [`quarter`].

mod adoption;
mod anchor;
mod ecosystem;
mod fleet;
mod money;
mod purchases;
mod record;
mod sales;
mod service;
mod supply;
mod technology;

pub(crate) use purchases::{Buffers, changes as menu_changes};
pub(crate) use record::{accounts, lags, record};
pub(crate) use supply::Supply;

use crate::{
    Trajectory,
    run::Run,
    state::{Bought, Past, State},
};

/// A quarter of history: what was sold becomes vintages; prices come with the anchor.
pub(crate) fn past(run: &Run, state: &mut State, quarter: usize) {
    sales::sell(run, state, quarter);
    fleet::age(run, state, quarter);
    let (taken, domestic_units) = supply::of_history(run, quarter);
    state.past.push(Past { output: state.output, taken, domestic_units, revenue: [0.0; crate::MAX_BLOCS] });
    let State { past_vendors, vendors, past_blocs, fleet, bought, .. } = state;
    past_vendors.extend_from_slice(vendors);
    past_blocs.extend(fleet.iter().copied().zip(bought.iter().copied()).take(run.world.blocs.len()));
}

/// Fixes what history ends with, then works out its prices, demand and adoption backwards, and records them.
pub(crate) fn anchor(run: &Run, state: &mut State, first: usize, trajectory: &mut Trajectory) {
    let span = run.world.span;
    anchor::fix(run, state, span.known - 1);
    for quarter in 0..span.known {
        anchor::replay(run, state, quarter);
        state.past[quarter].revenue = std::array::from_fn(|bloc| state.service[bloc].revenue);
        if quarter >= first && quarter < span.begin {
            record(run, state, quarter, quarter - first, trajectory);
        }
    }
    anchor::begin(run, state, span.begin - 1);
}

/// A quarter of the future.
pub(crate) fn quarter(run: &Run, state: &mut State, quarter: usize) {
    state.bought[..run.world.blocs.len()].fill(Bought::default());
    technology::learn(run, state, quarter); //  E4
    technology::progress(run, state, quarter); // E3, E18
    service::gain_efficiency(run, state, quarter);
    money::invest(run, state, quarter); //      E17, E21
    money::split(run, state); //                E9
    supply::grow(run, state, quarter); //       E11
    purchases::buy(run, state, quarter); //     E12, E16, E20
    fleet::age(run, state, quarter); //         E1, E10
    technology::train(run, state); //           E2
    ecosystem::choose(run, state, quarter); //  E8
    service::clear(run, state, quarter); //     E5, E6, E15, E19
    adoption::adopt(run, state, quarter); //    E7, E21, E24
}
