//! The end of history: what it fixes (prices, heaviness of tokens, adoption, capability, capital), and history's
//! prices and adoption, worked out backwards from it. Nothing of 2026 or later is used.

use crate::{
    MAX_BLOCS,
    equations::{
        DT,
        adoption::{self, Curve},
        observation, training,
    },
    regions::{CHINA, REGIONS, REST},
    run::{MAKERS, Run},
    state::{Anchor, MAX_SECTORS, POOLS, State, Vintage},
    step::{ecosystem, money, sales, service, supply, technology},
};

/// Share of the room under the ceiling that must be open at least for the speed observed to be possible.
const LEAST_ROOM: f64 = 0.15;

/// Fixes the anchor at the last quarter of history, whose fleet and purchases are in the state.
pub(super) fn fix(run: &Run, state: &mut State, last: usize) {
    let (world, p) = (run.world, &run.setup.p);
    let blocs = world.blocs.len();
    let mut anchor = Anchor { output: state.output, ..Anchor::default() };
    // E8: shares of models, and what follows from them.
    state.shares = run.setup.share_then;
    for bloc in 0..blocs {
        anchor.open_share[bloc] = service::open_share(run, state, bloc);
    }
    state.anchor = anchor;
    state.anchor.open_share_world = service::open_share_world(run, state);
    // E2, E3: algorithms from the lag in capability, given the lag in computing.
    algorithms(run, state);
    state.anchor.ln_algorithm = state.ln_algorithm;
    state.ln_algorithms_used = technology::algorithms_used(run, state);
    state.anchor.ln_algorithms = state.ln_algorithms_used;
    // E5, E15: the normal price; tokens are as heavy as makes utilisation normal.
    let reference = service::offer(run, state);
    for bloc in 0..blocs {
        let service = &mut state.service[bloc];
        service.markup = p.markup_normal;
        service.price = service.cost * (1.0 + p.markup_normal);
    }
    let shares = service::served_by(run, state, &reference, last);
    for server in 0..blocs {
        let asked: f64 =
            (0..blocs).map(|user| world.blocs[user].part(&p.tokens_2025q4_per_s) * shares[user][server]).sum();
        state.anchor.heaviness[server] = reference[server] * p.utilisation_normal / asked.max(1.0);
    }
    for bloc in 0..blocs {
        state.anchor.price_to_users[bloc] = service::price_to_users(run, state, bloc, &shares[bloc]);
    }
    sectors(run, state);
    for bloc in 0..blocs {
        state.anchor.adopters[bloc] = super::adoption::adopters(run, state, bloc);
        state.service[bloc].price_to_users = state.anchor.price_to_users[bloc];
    }
}

/// E2 and E3 at the end of history: the leader by operations has efficiency one; the others' efficiency is what
/// makes their best models trail by their lag in months, given how much less they compute.
fn algorithms(run: &Run, state: &mut State) {
    let (world, p) = (run.world, &run.setup.p);
    let blocs = world.blocs.len();
    let leader = (0..blocs).max_by(|a, b| state.fleet[*a].training.total_cmp(&state.fleet[*b].training)).unwrap_or(0);
    // How fast the leader's effective compute grew over the last year, in tenfolds.
    let before = state.past_of(state.past.len().saturating_sub(5), leader).0.training;
    let tenfolds_per_year =
        (state.fleet[leader].training / before.max(1.0)).log10() + p.algorithmic_progress_per_year.log10();
    let year = world.span.last().mid_year() - (2023.0 + 1.5 / 12.0);
    let leader_flop = training::effective_flop(state.fleet[leader].training, p.final_run_share, 1.0);
    state.anchor.leader_flop = leader_flop;
    state.anchor.leader_index = training::fitted_capability(leader_flop, year);
    // The United States are the frontier that followers' lags are counted from; who leads is the model's to say.
    let mut months = [0.0; REGIONS.len()];
    (months[CHINA], months[REST]) = (p.capability_lag_months_china, p.capability_lag_months_rest);
    let lag_of_leader = world.blocs[leader].mean(&months);
    for bloc in 0..blocs {
        let lag_years = (world.blocs[bloc].mean(&months) - lag_of_leader) / 12.0;
        let behind_tenfolds = tenfolds_per_year * lag_years;
        let raw_gap = (state.fleet[leader].training / state.fleet[bloc].training.max(1.0)).log10();
        let above = if bloc == leader { 0.0 } else { (raw_gap - behind_tenfolds) * std::f64::consts::LN_10 };
        // What a follower reaches beyond the leader's algorithms comes in part of following.
        let edge = if lag_years > 0.0 { above.max(0.0) * p.follower_edge_share } else { 0.0 };
        state.anchor.edge[bloc] = edge;
        state.ln_algorithm[bloc] = above - edge;
        state.anchor.behind[bloc] = p.capability_per_log10 * behind_tenfolds.max(0.0);
    }
    state.behind = state.anchor.behind;
    research(state, leader);
    state.frontier_growth = p.capability_per_log10 * tenfolds_per_year;
    state.anchor.advance = state.frontier_growth / 4.0;
    technology::train(run, state);
    for bloc in 0..blocs {
        state.anchor.closed_quality[bloc] = state.capability[bloc];
        let lag = ecosystem::open_lag_months(p, run.setup.levers[bloc].stance[0]);
        state.open_quality[bloc] = state.capability[bloc] - state.frontier_growth * lag / 12.0;
        state.anchor.open_quality[bloc] = state.open_quality[bloc];
    }
    let frontier = state.capability[..blocs].iter().copied().fold(f64::NEG_INFINITY, f64::max);
    state.frontier_past = std::array::from_fn(|past| frontier - state.frontier_growth * (past + 1) as f64 / 4.0);
    for bloc in 0..blocs {
        state.capability_open_to[bloc] = ecosystem::capability_open_to(run, state, bloc);
        state.anchor.capability[bloc] = state.capability_open_to[bloc];
    }
}

/// E3: how fast the leader's cumulative research computing grew over the last year of data.
fn research(state: &mut State, leader: usize) {
    let quarters = state.past.len();
    let (now, before) = (researched(state, leader, quarters), researched(state, leader, quarters.saturating_sub(4)));
    if before > 0.0 {
        state.anchor.research_growth = (now / before).ln();
    }
}

/// Cumulative research computing of a bloc over so many quarters of data [FLOP/s years].
fn researched(state: &State, bloc: usize, quarters: usize) -> f64 {
    (0..quarters).map(|quarter| state.past_of(quarter, bloc).0.training).sum::<f64>() * DT
}

/// E7, E23, E24 at the end of history: adoption by sector from the share of users, and curves through its speed.
fn sectors(run: &Run, state: &mut State) {
    let (world, p) = (run.world, &run.setup.p);
    for (bloc, entry) in world.blocs.iter().enumerate() {
        let mean: f64 =
            p.sector_adoption.iter().zip(&entry.sector_share).map(|(relative, share)| relative * share).sum();
        let users = entry.mean(&p.adoption_users);
        let speed = entry.mean(&p.adoption_speed_per_year);
        let mut curves = [Curve::through(run.setup.form, 0.1, 0.5, 0.0, 0.0); MAX_SECTORS];
        for index in 0..world.tables.sectors.len() {
            let x = observation::realised(users * p.sector_adoption[index] / mean, p.observation_factor);
            state.adoption[bloc][index] = x;
            state.natural[bloc][index] = x;
            let room = super::adoption::ceiling(p, x) - x;
            let gate = super::adoption::Opening::THEN.gate(run, index).max(LEAST_ROOM);
            let rate = speed * p.sector_speed[index] * x * (1.0 - x);
            curves[index] = Curve::through(run.setup.form, x, x + room * gate, rate, p.bass_innovation);
        }
        state.anchor.curve.push(curves);
        state.anchor.start.push(state.adoption[bloc]);
    }
}

/// A quarter of history at normal utilisation: its prices, demand and adoption, from the anchor backwards.
pub(super) fn replay(run: &Run, state: &mut State, quarter: usize) {
    let (world, p) = (run.world, &run.setup.p);
    let blocs = world.blocs.len();
    let years_before = -service::years(run, quarter);
    for bloc in 0..blocs {
        (state.fleet[bloc], state.bought[bloc]) = *state.past_of(quarter, bloc);
    }
    let State { past_vendors, vendors, .. } = state;
    let count = vendors.len();
    vendors.copy_from_slice(&past_vendors[quarter * count..][..count]);
    for bloc in 0..blocs {
        let entry = &world.blocs[bloc];
        let speed = entry.mean(&p.adoption_speed_per_year);
        for index in 0..world.tables.sectors.len() {
            let at_end = state.anchor.start[bloc][index];
            state.adoption[bloc][index] = adoption::history(at_end, speed * p.sector_speed[index], years_before);
        }
        state.serving_share[bloc] = sales::serving_share(run, quarter);
        state.capital[bloc] = state.bought[bloc].spent_usd * 4.0;
    }
    let gained = p.algorithmic_progress_per_year.ln() * years_before;
    for bloc in 0..blocs {
        state.ln_algorithm[bloc] = state.anchor.ln_algorithm[bloc] - gained;
    }
    state.behind = state.anchor.behind;
    technology::train(run, state);
    ecosystem::past(run, state, quarter);
    state.ln_algorithms_used = technology::algorithms_used(run, state);
    service::gain_efficiency(run, state, quarter);
    service::offer(run, state);
    for service in &mut state.service[..blocs] {
        service.price = service.cost * (1.0 + p.markup_normal);
    }
    service::clear(run, state, quarter);
}

/// The state of the quarter after which the model works the quarters out: the last of the data, or an earlier one
/// where policies part from a counterfactual past.
pub(super) fn begin(run: &Run, state: &mut State, last: usize) {
    let (world, p) = (run.world, &run.setup.p);
    let blocs = world.blocs.len();
    replay(run, state, last);
    supply::begin(run, state, last);
    let capital = money::capital_of_history(run, state, world.span.known - 1);
    if last + 1 < world.span.known {
        forget(run, state, last);
    }
    for bloc in 0..blocs {
        if last + 1 == world.span.known {
            state.adoption[bloc] = state.anchor.start[bloc];
        }
        state.natural[bloc] = state.adoption[bloc];
        state.research[bloc] = researched(state, bloc, last + 1);
        // E24: sectors trail a steady advance as they did when they were anchored.
        let above = state.capability_open_to[bloc] - state.anchor.capability[bloc];
        state.approved[bloc] = [above; MAX_SECTORS];
        // E17: capital and revenue at the end of the data.
        state.anchor.capital[bloc] = capital[bloc];
        state.anchor.revenue[bloc] = state.past[world.span.known - 1].revenue[bloc];
        state.capital[bloc] = state.anchor.capital[bloc];
        state.trend[bloc] = state.anchor.capital[bloc];
        state.utilisation[bloc] = p.utilisation_normal;
    }
    state.learning = [1.0; MAKERS];
    state.foregone = [0.0; MAX_BLOCS];
}

/// Takes back what the data put into the fleets after the quarter `last`, and dates quality back to it, so that
/// the quarters of a counterfactual past can be worked out.
fn forget(run: &Run, state: &mut State, last: usize) {
    let blocs = run.world.blocs.len();
    for bloc in 0..blocs {
        for pool in 0..POOLS {
            for quarter in last + 1..run.world.span.known {
                *state.vintage(bloc, pool, quarter + 1) = Vintage::default();
            }
        }
    }
    state.output = state.past[last].output;
    let years_before = -service::years(run, last);
    for bloc in 0..blocs {
        let lag = ecosystem::open_lag_months(&run.setup.p, run.setup.levers[bloc].stance[0]);
        state.open_quality[bloc] = state.capability[bloc] - state.frontier_growth * lag / 12.0;
        state.capability_open_to[bloc] = ecosystem::capability_open_to(run, state, bloc);
    }
    for past in &mut state.frontier_past {
        *past -= state.frontier_growth * years_before;
    }
}
