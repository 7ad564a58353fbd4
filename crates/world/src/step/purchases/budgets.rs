//! Who buys with how much money, and what bends the choice.

use super::{Menu, Prices, bought};
use crate::{
    Purpose,
    equations::{
        DT, controls,
        controls::{Enforcement, Leak},
        levers,
        purchases::Budget,
    },
    history,
    run::Run,
    state::{POOLS, State},
    step::supply,
};

/// One buyer: a bloc's firms for one use, at home or abroad.
#[derive(Clone, Copy, Debug)]
pub(super) struct Buyer {
    pub bloc: usize,
    pub serving: bool,
    pub abroad: bool,
    pub usd: f64,
}

/// What is the same for all buyers of a quarter.
pub(super) struct Conditions {
    /// The leak under this quarter's enforcement.
    leak: Leak,
    /// Share of cooperation's effect that is there.
    cooperation_ramp: f64,
}

impl Conditions {
    pub fn new(run: &Run, quarter: usize) -> Self {
        let (setup, p) = (&run.setup, &run.setup.p);
        let since = quarter as f64 - setup.policy_start as f64;
        let checks = if setup.location_checks {
            setup.effects * p.locver_effect * levers::ramp(since, p.lag_location_quarters)
        } else {
            0.0
        };
        let left = controls::leak_left(Enforcement {
            doublings: setup.enforcement_doublings * levers::ramp(since, p.lag_enforcement_quarters),
            effect_per_doubling: p.enforce_effect,
            location_checks: checks,
        });
        Self {
            leak: Leak {
                share: if run.variant.switches.leakage { p.leak_share * left } else { 0.0 },
                gap_then: run.world.gap_2024,
                premium_then: p.leak_premium,
                premium_exponent: p.leak_premium_exponent,
            },
            cooperation_ramp: levers::ramp(since, p.lag_cooperation_quarters),
        }
    }
}

/// Share of Chinese compute abroad that licences for remote access close in a quarter.
pub(in crate::step) fn closed(run: &Run, quarter: usize) -> f64 {
    let (setup, p) = (&run.setup, &run.setup.p);
    let since = quarter as f64 - setup.policy_start as f64;
    if setup.remote_access_licensed {
        setup.effects * p.remote_access_closure * levers::ramp(since, p.lag_remote_quarters)
    } else {
        0.0
    }
}

/// The pools of a bloc and their budgets of the quarter.
pub(super) fn buyers(run: &Run, state: &mut State, bloc: usize, quarter: usize) -> [Buyer; POOLS] {
    let (setup, p) = (&run.setup, &run.setup.p);
    let usd = state.capital[bloc] * DT;
    let serving_share = state.serving_share[bloc];
    // Abroad mostly training; together with home the split is the bloc's.
    let abroad = usd * p.abroad_share_china * setup.chinese[bloc] * (1.0 - closed(run, quarter));
    let abroad_serving = (abroad * (1.0 - p.abroad_training_share)).min(usd * serving_share);
    let abroad_training = (abroad - abroad_serving).min(usd * (1.0 - serving_share));
    let mut serving = usd * serving_share - abroad_serving;
    let mut training = usd * (1.0 - serving_share) - abroad_training;
    let mut total = usd;
    if let Some(shock) = run.variant.capital_shock
        && shock.bloc == bloc
        && history::FIRST + quarter as i32 >= shock.from
    {
        let extra = usd * shock.share;
        total += extra;
        match shock.purpose {
            Purpose::Training => training += extra,
            Purpose::Serving => serving += extra,
        }
    }
    state.bought[bloc].capex_usd = total;
    [
        Buyer { bloc, serving: false, abroad: false, usd: training },
        Buyer { bloc, serving: true, abroad: false, usd: serving },
        Buyer { bloc, serving: false, abroad: true, usd: abroad_training },
        Buyer { bloc, serving: true, abroad: true, usd: abroad_serving },
    ]
}

/// The budget of a buyer, with what guidance, domestic output and the leak make of it.
pub(super) fn budget(
    run: &Run,
    state: &State,
    buyer: &Buyer,
    (conditions, prices): (&Conditions, &Prices),
    menu: &Menu,
) -> Budget {
    let (setup, p) = (&run.setup, &run.setup.p);
    if buyer.abroad {
        // Abroad Chinese firms rent what the host may have.
        return Budget { usd: buyer.usd, guidance: 0.0, domestic_usd: 0.0, leak: Leak::NONE };
    }
    let purpose = usize::from(buyer.serving);
    let mut domestic_usd = 0.0;
    if menu.domestic[purpose] > 0.0 {
        let serving_share = state.serving_share[buyer.bloc];
        let of_use = if buyer.serving { serving_share } else { 1.0 - serving_share };
        let share = supply::domestic_share(run, buyer.bloc) * of_use;
        // What a dollar's worth of own chips takes of dies and of memory.
        let per_usd = |column| menu.of_domestic(purpose, column) / menu.domestic[purpose] / prices.all_in[1];
        let [chips, dies, stacked] = [bought::CHIPS, bought::WAFERS, bought::STACKED].map(per_usd);
        domestic_usd = share * state.supply.domestic_usd(chips, dies, stacked);
    }
    let thawed = p.coop_growth * setup.cooperation[buyer.bloc] * conditions.cooperation_ramp;
    Budget {
        usd: buyer.usd,
        guidance: p.buyer_guidance_china * setup.chinese[buyer.bloc] * (1.0 - thawed),
        domestic_usd,
        leak: conditions.leak,
    }
}
