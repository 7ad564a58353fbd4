//! Learning (E4), algorithms (E3, E18), training (E2).

use crate::{
    MAX_BLOCS,
    equations::{DT, learning, levers, progress, spillover, training},
    run::{MAKERS, PerBloc, Run},
    state::State,
};

/// E4: prices of both groups of makers by their cumulative output, over what it was when prices were last seen: at
/// the end of the data, or in the same quarter of history where that is known.
pub(super) fn learn(run: &Run, state: &mut State, quarter: usize) {
    for maker in 0..MAKERS {
        let seen = state.past.get(quarter - 1).map_or(state.anchor.output[maker], |past| past.output[maker]);
        state.learning[maker] = learning::price_factor(state.output[maker], seen, run.setup.learning);
    }
}

/// Open science of this size doubles nothing: its effect goes with the root of the money over 25 G$ a year.
const SCIENCE_USD: f64 = 25e9;

/// E3 and E18: own progress, then what followers take over.
pub(super) fn progress(run: &Run, state: &mut State, quarter: usize) {
    let (p, setup) = (&run.setup.p, &run.setup);
    let blocs = run.world.blocs.len();
    let since = quarter as f64 - setup.policy_start as f64;
    let best = state.ln_algorithm[..blocs].iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let frontier = p.algorithmic_progress_per_year.ln() * progress::pace_left(best, p.algorithmic_headroom_log10);
    let most = state.fleet[..blocs].iter().map(|fleet| fleet.training).fold(1.0, f64::max);
    let leader = (0..blocs).max_by(|a, b| state.ln_algorithm[*a].total_cmp(&state.ln_algorithm[*b])).unwrap_or(0);
    let science: f64 = setup.levers[..blocs].iter().map(|lever| lever.science_usd).sum();
    let shared = setup.effects
        * p.open_science_effect
        * (science / SCIENCE_USD).sqrt()
        * levers::ramp(since, p.lag_open_quarters);
    let openness = stance(run, leader, quarter);
    let cooperation_ramp = levers::ramp(since, p.lag_cooperation_quarters);
    let mut next: PerBloc = [0.0; MAX_BLOCS];
    for bloc in 0..blocs {
        let own_science = if setup.levers[bloc].science_usd > 0.0 { shared } else { 0.0 };
        let boost = own_science + p.blowback_rnd * state.denied_felt[bloc];
        let effort = state.fleet[bloc].training / most;
        let grown = research(state, bloc);
        let pace = progress::pace_of_research(grown, state.anchor.research_growth, p.progress_by_compute);
        let own = progress::own_growth(frontier * pace, effort, p.effort_exponent, boost);
        let cooperation = p.coop_spill * setup.cooperation[bloc] * cooperation_ramp + shared;
        let rate = spillover::rate_per_year(p.follower_lag_closed_months, p.open_spill_effect, openness, cooperation);
        next[bloc] = state.ln_algorithm[bloc] + own + spillover::gain(rate, best - state.ln_algorithm[bloc]);
    }
    state.ln_algorithm = next;
    state.ln_algorithms_used = algorithms_used(run, state);
}

/// Adds a quarter to a bloc's cumulative research computing, and says how fast that grows [ln/year].
pub(super) fn research(state: &mut State, bloc: usize) -> f64 {
    let before = state.research[bloc];
    state.research[bloc] += state.fleet[bloc].training * DT;
    if before > 0.0 { (state.research[bloc] / before).ln() / DT } else { 0.0 }
}

/// The stance of a bloc's labs in a quarter, 0 to 1: a change takes its lag.
pub(super) fn stance(run: &Run, bloc: usize, quarter: usize) -> f64 {
    let [then, under] = run.setup.levers[bloc].stance;
    let since = quarter as f64 - run.setup.policy_start as f64;
    then + (under - then) * levers::ramp(since, run.setup.p.lag_open_quarters)
}

/// ln of the algorithms in each bloc's services: by the origins of the models that it uses.
pub(super) fn algorithms_used(run: &Run, state: &State) -> PerBloc {
    let blocs = run.world.blocs.len();
    let mut used = [0.0; MAX_BLOCS];
    for (bloc, sum) in used.iter_mut().enumerate().take(blocs) {
        for origin in 0..blocs {
            let share = state.shares[bloc][2 * origin] + state.shares[bloc][2 * origin + 1];
            *sum += share * state.ln_algorithm[origin];
        }
    }
    used
}

/// E2: every bloc's largest run and the index of its best model. A follower makes more of its computing as long as
/// there is somebody to follow.
pub(super) fn train(run: &Run, state: &mut State) {
    let p = &run.setup.p;
    let blocs = run.world.blocs.len();
    for bloc in 0..blocs {
        let edge = state.anchor.edge[bloc] * training::edge_left(state.behind[bloc], state.anchor.behind[bloc]);
        let efficiency = (state.ln_algorithm[bloc] + edge).exp();
        let flop = training::effective_flop(state.fleet[bloc].training.max(1.0), p.final_run_share, efficiency);
        state.effective_flop[bloc] = flop;
        state.capability[bloc] = state.anchor.leader_index
            + training::capability_above(flop, state.anchor.leader_flop, p.capability_per_log10);
    }
    let best = state.capability[..blocs].iter().copied().fold(f64::NEG_INFINITY, f64::max);
    for bloc in 0..blocs {
        state.behind[bloc] = best - state.capability[bloc];
    }
}
