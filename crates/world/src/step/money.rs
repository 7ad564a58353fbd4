//! AI capital (E17), its split between training and serving (E9), what can be supplied (E11).

use crate::{
    equations::{capital, capital::Flows, levers, split, supply},
    regions::CHINA,
    run::Run,
    state::State,
};

/// E17 and E21: every bloc's AI capital of the quarter, as a yearly rate.
pub(super) fn invest(run: &Run, state: &mut State, quarter: usize) {
    let (world, setup, p) = (run.world, &run.setup, &run.setup.p);
    let since = quarter as f64 - setup.policy_start as f64;
    let public_ramp = if since < 0.0 { 0.0 } else { levers::ramp(since, p.lag_capital_quarters) };
    for bloc in 0..world.blocs.len() {
        // In a counterfactual past the trend is what history spent, and revenue pulls as far as it differs from
        // history's.
        let (capital, revenue) = match state.past.get(quarter) {
            Some(past) => {
                let before = &state.past[quarter - 1];
                state.trend[bloc] = (before.bought[bloc].spent_usd + past.bought[bloc].spent_usd) * 2.0;
                (state.trend[bloc], past.revenue[bloc])
            }
            None => {
                let growth = 1.0 + world.blocs[bloc].mean(&p.capital_growth_per_year);
                state.trend[bloc] *= supply::fading_growth(growth, setup.paths.fade[quarter - 1]);
                (state.anchor.capital[bloc], state.anchor.revenue[bloc])
            }
        };
        let per_revenue = if revenue > 0.0 { capital / revenue } else { 0.0 };
        state.capital[bloc] = capital::usd_per_year(Flows {
            trend_usd_per_year: state.trend[bloc],
            revenue_pull_usd_per_year: state.service[bloc].revenue * per_revenue,
            feedback: p.revenue_feedback,
            public_usd_per_year: setup.effects * p.capital_prior * setup.levers[bloc].capital_usd * public_ramp,
            foregone_usd_per_year: p.rd_per_sales * state.foregone[bloc],
        });
    }
}

/// E9: the share of new capital that goes into serving.
pub(super) fn split(run: &Run, state: &mut State) {
    let p = &run.setup.p;
    for bloc in 0..run.world.blocs.len() {
        let scarcity = state.utilisation[bloc] / p.utilisation_normal;
        state.serving_share[bloc] =
            split::next_share(state.serving_share[bloc], p.inference_share_long, scarcity, p.split_speed_per_year);
    }
}

/// E11: what vendors can deliver in the quarter.
pub(super) fn supply(run: &Run, state: &mut State, quarter: usize) {
    let p = &run.setup.p;
    state.foreign_usd = match state.past.get(quarter) {
        Some(past) => past.foreign_usd.max(state.foreign_usd),
        None => {
            state.foreign_usd
                * supply::fading_growth(p.foreign_supply_growth_per_year, run.setup.paths.fade[quarter - 1])
        }
    };
    let first = crate::history::QUARTERS;
    if quarter < first + 4 {
        state.domestic_units = (p.huawei_units_2026 + p.cambricon_units_2026) / 4.0;
        return;
    }
    let chinese = &run.setup.chinese[..run.world.blocs.len()];
    let total: f64 = chinese.iter().sum::<f64>().max(1e-12);
    let denied: f64 = chinese.iter().zip(&state.denied_felt).map(|(weight, denied)| weight / total * denied).sum();
    state.domestic_units *= supply::domestic_growth(p.domestic_growth_per_year, p.sub_learning_prior, denied);
}

/// The part of Chinese makers' output that a bloc's buyers get.
pub(super) fn domestic_share(run: &Run, bloc: usize) -> f64 {
    run.world.blocs[bloc].share[CHINA]
}
