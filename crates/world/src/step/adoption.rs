//! Adoption by sector (E7, E24), with programmes (E21).

use crate::{
    equations::{adoption, levers, levers::Programme},
    parameters::Parameters,
    run::Run,
    state::{MAX_SECTORS, State},
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

/// What price and quality have done since the end of history, as the gates read it.
pub(super) struct Opening {
    /// The price to users over that of the end of history, to the power of the gate.
    price: f64,
    /// `exp(-(capability above that of the end of history) / width)`, as each sector may use it.
    quality: [f64; MAX_SECTORS],
}

impl Opening {
    /// Of a bloc in the state's quarter.
    pub fn of(run: &Run, state: &State, bloc: usize) -> Self {
        let (now, then) = (state.service[bloc].price_to_users, state.anchor.price_to_users[bloc]);
        let width = run.setup.p.quality_gate_width;
        let mut opening = Self { price: (now / then).powf(run.setup.price_slope), ..Self::THEN };
        for (quality, above) in opening.quality.iter_mut().zip(&state.approved[bloc]).take(run.setup.tasks.len()) {
            *quality = (-above / width).exp();
        }
        opening
    }

    /// At the end of history.
    pub const THEN: Self = Self { price: 1.0, quality: [1.0; MAX_SECTORS] };

    /// How far price and quality open the room between adoption at the end of history and the ceiling, 0 to 1.
    pub fn gate(&self, run: &Run, sector: usize) -> f64 {
        adoption::potential(run.setup.tasks[sector], self.price, self.quality[sector])
    }
}

/// E24: what each sector may use of the best models' gain since the end of history.
fn approve(run: &Run, state: &mut State, bloc: usize) {
    let above = state.capability_open_to[bloc] - state.anchor.capability[bloc];
    for (sector, approved) in state.approved[bloc][..run.world.tables.sectors.len()].iter_mut().enumerate() {
        let lag = run.setup.p.sector_regulatory_lag_quarters[sector];
        *approved = adoption::approved(*approved, above, state.anchor.advance, lag);
    }
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
        let effect = p.open_adoption_effect * setup.effects;
        let pace = (1.0 + effect * now) / (1.0 + effect * then);
        approve(run, state, bloc);
        let opening = Opening::of(run, state, bloc);
        for sector in 0..world.tables.sectors.len() {
            let start = state.anchor.start[bloc][sector];
            let x = state.natural[bloc][sector];
            let most = ceiling(p, start);
            let open = start + (most - start) * opening.gate(run, sector);
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
