//! The fleet ages (E10) and is counted in both currencies (E1).

use crate::{
    Currency,
    equations::capacity,
    history,
    run::{Run, START_AGE},
    state::{Fleet, POOLS, SERVE, SERVE_ABROAD, State, TRAIN, TRAIN_ABROAD, Vintage, column},
    step::{purchases, service},
};

/// What works of a pool.
struct Pool {
    /// Sums over what is in service.
    sums: Vintage,
    /// Chips that work, and those of them that are idle.
    alive: f64,
    idle: f64,
}

/// Counts every bloc's fleet at the end of a quarter.
pub(super) fn age(run: &Run, state: &mut State, quarter: usize) {
    let world = run.world;
    state.fleet[..world.blocs.len()].fill(Fleet::default());
    let closed = purchases::closed(run, quarter);
    for bloc in 0..world.blocs.len() {
        for pool in 0..POOLS {
            let abroad = is_abroad(pool);
            if abroad && run.setup.chinese[bloc] <= 0.0 {
                continue;
            }
            let serving = is_serving(pool);
            // A vintage whose power costs more than its tokens earn stands idle.
            let dear = if serving { service::power_limit(run, state, bloc) } else { f64::INFINITY };
            let found = count(run, state, (bloc, pool), quarter, dear);
            let stands_in = if abroad { run.setup.host } else { bloc };
            let here = &mut state.fleet[stands_in];
            here.chips += found.sums[column::CHIPS];
            here.flop += found.sums[column::FLOP];
            here.byte += found.sums[column::BYTE];
            here.memory += found.sums[column::MEMORY];
            let kept = if abroad { 1.0 - closed } else { 1.0 };
            give(&mut state.fleet[bloc], &found.sums, serving, kept, abroad);
            if kept < 1.0 {
                give(&mut state.fleet[stands_in], &found.sums, serving, 1.0 - kept, false);
            }
            let owner = &mut state.fleet[bloc];
            owner.alive += found.alive;
            owner.idle += found.idle;
        }
    }
    for fleet in &mut state.fleet[..world.blocs.len()] {
        // Sums of elasticity times capacity become the elasticity.
        fleet.elasticity = if fleet.tps > 0.0 { fleet.elasticity / fleet.tps } else { 0.5 };
    }
    shock(run, state, quarter);
}

/// Gives a share of a pool to whoever uses it.
fn give(fleet: &mut Fleet, sums: &Vintage, serving: bool, share: f64, abroad: bool) {
    if serving {
        fleet.tps += share * sums[column::VALUE];
        fleet.elasticity += share * sums[column::BY_BANDWIDTH];
        if abroad {
            fleet.tps_abroad += share * sums[column::VALUE];
        }
        fleet.serving.0 += share * sums[column::CAPITAL];
        fleet.serving.1 += share * sums[column::POWER];
    } else {
        fleet.training += share * sums[column::VALUE];
        fleet.training_cost.0 += share * sums[column::CAPITAL];
        fleet.training_cost.1 += share * sums[column::POWER];
    }
}

fn count(run: &Run, state: &State, (bloc, pool): (usize, usize), quarter: usize, dear: f64) -> Pool {
    let alive = &run.setup.alive[usize::from(is_serving(pool))];
    let start = (bloc * POOLS + pool) * state.vintages_per_pool;
    let vintages = &state.vintages[start..start + quarter + 2];
    let mut found = Pool { sums: [0.0; column::COUNT], alive: 0.0, idle: 0.0 };
    let mut add = |vintage: &Vintage, works: f64, serves: f64| {
        let chips = vintage[column::CHIPS];
        found.alive += works * chips;
        if vintage[column::POWER] > dear * vintage[column::VALUE] {
            found.idle += works * chips;
            return;
        }
        found.idle += (works - serves) * chips;
        for (sum, value) in found.sums.iter_mut().zip(vintage) {
            *sum += serves * value;
        }
    };
    // The stock before 2022, then the vintages from the oldest; only the last few may still be in their crates.
    add(&vintages[0], alive[quarter + START_AGE], alive[quarter + START_AGE]);
    let crated = run.setup.deployed.len().min(quarter + 1);
    let (old, new) = vintages[1..].split_at(quarter + 1 - crated);
    for (vintage, works) in old.iter().zip(alive[crated..=quarter].iter().rev()) {
        add(vintage, *works, *works);
    }
    for (vintage, age) in new.iter().zip((0..crated).rev()) {
        add(vintage, alive[age], alive[age] * run.setup.deployed[age]);
    }
    found
}

/// C2: a bloc's fleet keeps a share of one currency.
fn shock(run: &Run, state: &mut State, quarter: usize) {
    let Some(shock) = run.variant.fleet_shock else { return };
    if (history::FIRST + quarter as i32) < shock.from || shock.bloc >= run.world.blocs.len() {
        return;
    }
    let (flop, byte) = match shock.currency {
        Currency::Flop => (shock.factor, 1.0),
        Currency::Bandwidth => (1.0, shock.factor),
        Currency::Both => (shock.factor, shock.factor),
    };
    let fleet = &mut state.fleet[shock.bloc];
    let left = capacity::shocked_capacity(flop, byte, fleet.elasticity);
    fleet.flop *= flop;
    fleet.byte *= byte;
    fleet.training *= flop;
    fleet.tps *= left;
    fleet.tps_abroad *= left;
}

/// Chips that work and that are idle, over all pools of a bloc's firms: for the accounts.
pub(super) fn bought(state: &State, bloc: usize) -> f64 {
    let start = bloc * POOLS * state.vintages_per_pool;
    let own = &state.vintages[start..start + POOLS * state.vintages_per_pool];
    own.iter().map(|vintage| vintage[column::CHIPS]).sum()
}

/// The pool that a purpose buys for.
pub(super) fn pool(serving: bool, abroad: bool) -> usize {
    match (serving, abroad) {
        (false, false) => TRAIN,
        (true, false) => SERVE,
        (false, true) => TRAIN_ABROAD,
        (true, true) => SERVE_ABROAD,
    }
}

/// Whether a pool stands abroad.
pub(super) fn is_abroad(pool: usize) -> bool {
    pool == TRAIN_ABROAD || pool == SERVE_ABROAD
}

/// Whether a pool serves; the others train.
pub(super) fn is_serving(pool: usize) -> bool {
    pool == SERVE || pool == SERVE_ABROAD
}
