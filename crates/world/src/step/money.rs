//! AI capital (E17) and its split between training and serving (E9).

use crate::{
    equations::{capital, capital::Flows, levers, split, supply},
    regions::CHINA,
    run::{PerBloc, Run, per_bloc},
    state::State,
};

/// E17 and E21: every bloc's AI capital of the quarter, as a yearly rate.
pub(super) fn invest(run: &Run, state: &mut State, quarter: usize) {
    let (world, setup, p) = (run.world, &run.setup, &run.setup.p);
    let since = quarter as f64 - setup.policy_start as f64;
    let public_ramp = if since < 0.0 { 0.0 } else { levers::ramp(since, p.lag_capital_quarters) };
    let in_past = state.past.get(quarter).map(|past| (capital_of_history(run, state, quarter), past.revenue));
    for bloc in 0..world.blocs.len() {
        // In a counterfactual past the trend is what history spent, and revenue pulls as far as it differs from
        // history's.
        let (capital, revenue) = if let Some((capital, revenue)) = in_past {
            state.trend[bloc] = capital[bloc];
            (capital[bloc], revenue[bloc])
        } else {
            let growth = 1.0 + world.blocs[bloc].mean(&p.capital_growth_per_year);
            state.trend[bloc] *= supply::fading_growth(growth, setup.paths.fade[quarter - 1]);
            (state.anchor.capital[bloc], state.anchor.revenue[bloc])
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

/// AI capital at the end of a quarter of history, over two quarters, as a yearly rate: what was spent, and where
/// buyers were controlled what they would have spent [USD/year].
pub(super) fn capital_of_history(run: &Run, state: &State, quarter: usize) -> PerBloc {
    let blocs = &run.world.blocs;
    let recent = quarter.saturating_sub(1)..=quarter;
    let per_year = 4.0 / recent.clone().count() as f64;
    let spent =
        per_bloc(run.world, |bloc| recent.clone().map(|past| state.past_of(past, bloc).1.spent_usd * per_year).sum());
    let chinese = &run.setup.chinese;
    let others: f64 = (0..blocs.len()).map(|bloc| spent[bloc] * (1.0 - chinese[bloc])).sum();
    per_bloc(run.world, |bloc| {
        let own = spent[bloc] * chinese[bloc];
        let part = others * blocs[bloc].share[CHINA];
        spent[bloc] - own + capital::uncontrolled_usd_per_year(own, part, run.setup.p.china_uncontrolled_share)
    })
}

/// E9: the share of new capital that goes into serving.
pub(super) fn split(run: &Run, state: &mut State) {
    let p = &run.setup.p;
    for bloc in 0..run.world.blocs.len() {
        let served = state.utilisation[bloc].min(1.0) / p.utilisation_normal;
        let earned = split::earned_over_normal(served, state.service[bloc].markup, p.markup_normal);
        state.serving_share[bloc] =
            split::next_share(state.serving_share[bloc], p.inference_share_long, earned, p.split_speed_per_year);
    }
}
