//! Whose models are used (E8), how good open ones are, and what is good enough for whom.

use crate::{
    MAX_BLOCS,
    equations::{DT, ecosystem, ecosystem::Alternative},
    parameters::Parameters,
    run::Run,
    state::State,
    step::{service, technology},
};

/// Months by which a bloc's open models trail its best, by its stance; a closed stance keeps the mixed lag, but
/// releases nothing.
pub(super) fn open_lag_months(p: &Parameters, stance: f64) -> f64 {
    let open = ((stance - 0.5) * 2.0).clamp(0.0, 1.0);
    p.open_lag_mixed_months + (p.open_lag_months - p.open_lag_mixed_months) * open
}

/// The best model that users of a bloc may use: closed ones that reach them, open ones of anyone.
pub(super) fn capability_open_to(run: &Run, state: &State, bloc: usize) -> f64 {
    let mut best = f64::NEG_INFINITY;
    for origin in 0..run.world.blocs.len() {
        let reach = run.setup.reach[bloc][origin];
        let (closed, open) = (state.capability[origin], state.open_quality[origin]);
        best = best.max(if reach >= 1.0 { closed.max(open) } else { open + (closed - open).max(0.0) * reach });
    }
    best
}

/// A quarter's releases and choices.
pub(super) fn choose(run: &Run, state: &mut State, quarter: usize) {
    let (setup, p) = (&run.setup, &run.setup.p);
    let blocs = run.world.blocs.len();
    let frontier = state.capability[..blocs].iter().copied().fold(f64::NEG_INFINITY, f64::max);
    state.frontier_growth = (frontier - state.frontier_past[3]).max(0.0);
    state.frontier_past.rotate_right(1);
    state.frontier_past[0] = frontier;
    for origin in 0..blocs {
        let stance = technology::stance(run, origin, quarter);
        let target = state.capability[origin] - state.frontier_growth * open_lag_months(p, stance) / 12.0;
        let released = (stance * 2.0).min(1.0);
        state.open_quality[origin] += released * (target - state.open_quality[origin]).max(0.0);
    }
    for bloc in 0..blocs {
        state.capability_open_to[bloc] = capability_open_to(run, state, bloc);
    }
    let markup_now = (1.0 + service::normal_markup(run, state)).ln();
    let cheaper = (1.0 + p.markup_normal).ln() - markup_now;
    let switched = (p.switching_speed_per_year * DT).min(1.0);
    for bloc in 0..blocs {
        let mut alternatives = [Alternative::default(); 2 * MAX_BLOCS];
        for origin in 0..blocs {
            for open in 0..2 {
                let index = 2 * origin + open;
                let quality = if open == 1 {
                    state.open_quality[origin] - state.anchor.open_quality[origin]
                } else {
                    state.capability[origin] - state.anchor.closed_quality[origin]
                };
                let then = setup.share_then[bloc][index];
                let base = if then > 0.0 { (state.shares[bloc][index].max(1e-6) / then.max(1e-6)).ln() } else { 0.0 };
                let price = if open == 1 { 0.0 } else { p.price_weight * cheaper };
                alternatives[index] = Alternative {
                    share_then: then,
                    utility_change: p.quality_weight * quality + price + p.base_weight * base,
                    access: 1.0,
                };
            }
        }
        let mut wanted = [0.0; 2 * MAX_BLOCS];
        shares(run, bloc, &mut alternatives[..2 * blocs], &mut wanted);
        for (share, wanted) in state.shares[bloc][..2 * blocs].iter_mut().zip(wanted) {
            *share += switched * (wanted - *share);
        }
    }
}

/// Shares in a quarter of history, worked out backwards from those at its end: open models trailed the frontier
/// farther in 2024, and users take to better ones with a delay. Installed base and mark-up are left out.
pub(super) fn past(run: &Run, state: &mut State, quarter: usize) {
    let (setup, p) = (&run.setup, &run.setup.p);
    let blocs = run.world.blocs.len();
    let years_before = -service::years(run, quarter);
    let delay = 1.0 / p.switching_speed_per_year;
    let a_month = state.frontier_growth / 12.0;
    let behind = |origin: usize| {
        let own = state.anchor.behind[origin] / a_month.max(1e-9);
        let now = own + open_lag_months(p, setup.levers[origin].stance[0]);
        let further = |years: f64| ecosystem::lag_in_history(p.open_lag_2024_months, now, years);
        (further(years_before + delay) - further(delay)) * a_month
    };
    let behind: [f64; MAX_BLOCS] = crate::run::per_bloc(run.world, behind);
    for bloc in 0..blocs {
        let mut alternatives = [Alternative::default(); 2 * MAX_BLOCS];
        for (index, one) in alternatives[..2 * blocs].iter_mut().enumerate() {
            let origin = index / 2;
            let closed = state.capability[origin] - state.anchor.closed_quality[origin];
            let quality = if index % 2 == 1 { closed - behind[origin] } else { closed };
            let share_then = setup.share_then[bloc][index];
            *one = Alternative { share_then, utility_change: p.quality_weight * quality, access: 1.0 };
        }
        let mut found = [0.0; 2 * MAX_BLOCS];
        shares(run, bloc, &mut alternatives[..2 * blocs], &mut found);
        state.shares[bloc] = found;
    }
}

/// Shares among all users of a bloc: those who may use any model, and those to whom models of Chinese origin are
/// barred. At the end of history the bar is already in the shares, so that users without it use them more.
fn shares(run: &Run, bloc: usize, alternatives: &mut [Alternative], shares: &mut [f64; 2 * MAX_BLOCS]) {
    let similarity = run.setup.p.nest_scale;
    let barred = run.setup.barred[bloc];
    if barred <= 0.0 {
        ecosystem::shares(alternatives, similarity, shares);
        return;
    }
    let chinese = |index: usize| run.setup.chinese[index / 2];
    let then: f64 = alternatives.iter().enumerate().map(|(index, one)| chinese(index) * one.share_then).sum();
    // Of the free users a share s of Chinese models makes (1 - barred) s of all.
    let free_chinese = (then / (1.0 - barred)).min(0.98);
    let mut free = [0.0; 2 * MAX_BLOCS];
    let mut bound = [0.0; 2 * MAX_BLOCS];
    let mut others = [Alternative::default(); 2 * MAX_BLOCS];
    let count = alternatives.len();
    for (index, one) in alternatives.iter_mut().enumerate() {
        let own = chinese(index);
        let other_share = one.share_then * (1.0 - own) / (1.0 - then).max(1e-9);
        others[index] = Alternative { share_then: other_share, ..*one };
        let chinese_share = if then > 0.0 { one.share_then * own / then * free_chinese } else { 0.0 };
        one.share_then = chinese_share + other_share * (1.0 - free_chinese);
    }
    ecosystem::shares(alternatives, similarity, &mut free);
    ecosystem::shares(&others[..count], similarity, &mut bound);
    for index in 0..count {
        shares[index] = (1.0 - barred) * free[index] + barred * bound[index];
    }
}
