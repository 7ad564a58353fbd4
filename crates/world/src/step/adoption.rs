//! Adoption by sector (E7, E24), with programmes (E21).

use crate::{
    equations::{adoption, levers, levers::Programme},
    parameters::Parameters,
    run::Run,
    state::State,
    step::technology,
};

/// Adoption averaged over a bloc's sectors by value added.
pub(super) fn adopters(run: &Run, state: &State, bloc: usize) -> f64 {
    run.world.blocs[bloc].sector_share.iter().zip(&state.adoption[bloc]).map(|(share, x)| share * x).sum()
}

/// The share of the potential that is ever realised, above where adoption stands at the end of history.
pub(super) fn ceiling(p: &Parameters, start: f64) -> f64 {
    p.adoption_ceiling.max(start + 0.02)
}

/// How far price and quality open the room between adoption at the end of history and the ceiling, 0 to 1.
pub(super) fn gate(run: &Run, state: &State, bloc: usize, sector: usize) -> f64 {
    let p = &run.setup.p;
    let of = &run.world.tables.sectors[sector];
    let anchor = &state.anchor;
    let price = state.service[bloc].price_to_users.max(f64::MIN_POSITIVE);
    let then = anchor.price_to_users[bloc].max(f64::MIN_POSITIVE);
    let price_ratio = if state.service[bloc].price_to_users > 0.0 { price / then } else { 1.0 };
    let paid = adoption::price_gate(p.price_gate * of.price_gate_factor * price_ratio, p.adopt_prior_price);
    let above =
        state.capability_open_to[bloc] - anchor.capability[bloc] - p.quality_gate_points * of.quality_gate_factor;
    paid * adoption::quality_gate(above, p.quality_gate_width)
}

/// A quarter of adoption in every bloc and sector.
pub(super) fn adopt(run: &Run, state: &mut State, quarter: usize) {
    let (world, setup, p) = (run.world, &run.setup, &run.setup.p);
    let since = quarter as f64 - setup.policy_start as f64;
    let programme_ramp = setup.effects * levers::ramp(since, p.lag_programme_quarters);
    for bloc in 0..world.blocs.len() {
        let entry = &world.blocs[bloc];
        let then = setup.levers[bloc].stance[0];
        let now = technology::stance(run, bloc, quarter);
        let pace = (1.0 + p.open_adoption_effect * now) / (1.0 + p.open_adoption_effect * then);
        for sector in 0..world.tables.sectors.len() {
            let start = state.anchor.start[bloc][sector];
            let x = state.natural[bloc][sector];
            let most = ceiling(p, start);
            let open = start + (most - start) * gate(run, state, bloc, sector);
            let added = state.anchor.curve[bloc][sector].growth(x, open, pace);
            state.natural[bloc][sector] = x + added;
            let usd = setup.levers[bloc].programme_usd * run.policy.levers[bloc].programme_sectors[sector];
            let programme = Programme {
                usd_per_head_per_year: usd / entry.population.max(1.0) * programme_ramp,
                points_per_usd: p.adopt_prior_pp,
                sector_share: entry.sector_share[sector].max(1e-6),
                pull_quarters: p.adopt_prior_pull,
            };
            let room = (most - x - added).max(0.0);
            let lead = if state.lead[bloc][sector] > 0.0 || usd > 0.0 {
                levers::lead(state.lead[bloc][sector], programme, added, room)
            } else {
                0.0
            };
            state.lead[bloc][sector] = lead;
            state.adoption[bloc][sector] = x + added + lead;
        }
    }
}
