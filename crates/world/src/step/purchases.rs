//! Purchases of a quarter (E12, E16): what is on sale, what each bloc may have of it, what it buys.

mod budgets;
mod offers;
mod settle;

pub(super) use budgets::closed;
pub(crate) use offers::Offer;

use crate::{
    equations::{DT, purchases, purchases::Choice},
    regions::US,
    run::Run,
    state::{POOLS, State},
    step::fleet,
};
use budgets::Buyer;

/// The most chips that one bloc may choose between in a quarter; the catalogue has at most half as many on sale.
pub(crate) const MOST_OFFERS: usize = 64;

/// Buffers of the purchases, kept so that no quarter allocates.
#[derive(Clone, Default)]
pub(crate) struct Buffers {
    /// What each bloc may choose between.
    offers: Vec<Vec<Offer>>,
    choices: Vec<Choice>,
    /// USD by bloc, pool and offer.
    legal: Vec<f64>,
    leaked: Vec<f64>,
    unspent: Vec<f64>,
    /// Pools that have a budget.
    active: Vec<bool>,
    /// Value of US chips that all asked for, at list price [USD].
    asked: f64,
    /// Value of US chips that buyers would have bought without rules, less what they did buy [USD].
    lost: f64,
}

impl Buffers {
    /// Room for the most that a quarter can need.
    pub fn new(blocs: usize) -> Self {
        let slots = blocs * POOLS;
        Self {
            offers: (0..blocs).map(|_| Vec::with_capacity(MOST_OFFERS)).collect(),
            choices: Vec::with_capacity(MOST_OFFERS),
            legal: vec![0.0; slots * MOST_OFFERS],
            leaked: vec![0.0; slots * MOST_OFFERS],
            unspent: vec![0.0; slots],
            active: vec![false; slots],
            asked: 0.0,
            lost: 0.0,
        }
    }

    /// Where the offers of a bloc's pool begin in `legal` and `leaked`.
    fn slot(bloc: usize, pool: usize) -> usize {
        (bloc * POOLS + pool) * MOST_OFFERS
    }
}

/// Buys a quarter's chips for every bloc and pool.
pub(super) fn buy(run: &Run, state: &mut State, quarter: usize) {
    let blocs = run.world.blocs.len();
    let mut buffers = std::mem::take(&mut state.buffers);
    offers::collect(run, state, quarter, &mut buffers.offers);
    buffers.lost = 0.0;
    buffers.asked = 0.0;
    let conditions = budgets::Conditions::new(run, quarter);
    for bloc in 0..blocs {
        for buyer in budgets::buyers(run, state, bloc, quarter) {
            choose(run, state, &buyer, &conditions, &mut buffers);
        }
    }
    settle::settle(run, state, quarter, &buffers);
    // The blow-back of denial is felt after its lag.
    let lag = run.setup.p.lag_blowback_quarters;
    for bloc in 0..blocs {
        state.denied_felt[bloc] += (state.bought[bloc].denied_share - state.denied_felt[bloc]) / (lag + 1.0);
        state.foregone[bloc] = 0.0;
    }
    state.foregone[run.world.home[US]] = buffers.lost.max(0.0) / DT;
    state.buffers = buffers;
}

/// E16 for one buyer: fills the buffers with the USD of each offer.
fn choose(run: &Run, state: &mut State, buyer: &Buyer, conditions: &budgets::Conditions, buffers: &mut Buffers) {
    let pool = fleet::pool(buyer.serving, buyer.abroad);
    let slot = Buffers::slot(buyer.bloc, pool);
    let Buffers { offers, choices, legal, leaked, unspent, active, asked, lost } = buffers;
    let offers = &offers[if buyer.abroad { run.setup.host } else { buyer.bloc }];
    let (legal, leaked) = (&mut legal[slot..slot + offers.len()], &mut leaked[slot..slot + offers.len()]);
    active[slot / MOST_OFFERS] = buyer.usd > 0.0;
    if buyer.usd <= 0.0 {
        return;
    }
    let purpose = usize::from(buyer.serving);
    choices.clear();
    choices.extend(offers.iter().map(|offer| Choice {
        weight: offer.weight[purpose],
        allowed: offer.access.allowed,
        free: offer.access.free,
        domestic: offer.domestic,
        value_per_usd: offer.value[purpose],
    }));
    let budget = budgets::budget(run, state, buyer, conditions, offers);
    let outcome = purchases::spend(choices, budget, legal, leaked);
    unspent[slot / MOST_OFFERS] = outcome.unspent;
    // What the rules kept from shipping, and what US vendors lost by it, at the price of the chips alone.
    let learning = state.learning[0];
    let all_in = learning + run.setup.beside_chip;
    let chip_share = learning / all_in;
    *asked += (outcome.legal + outcome.leak) / all_in;
    let bought = &mut state.bought[buyer.bloc];
    if outcome.denied > 0.0 {
        bought.denied_usd += outcome.denied * chip_share;
        bought.denied_share += outcome.denied / bought.capex_usd.max(1.0);
        let total: f64 = choices.iter().map(|choice| choice.weight).sum();
        let per_weight = buyer.usd * (1.0 - budget.guidance) / total;
        for (choice, offer) in choices.iter().zip(offers).filter(|(choice, _)| !choice.domestic) {
            let denied = choice.weight * per_weight * (1.0 - choice.allowed);
            bought.denied_units += denied / (run.setup.chips[offer.chip].price * all_in);
        }
        let uncontrolled = outcome.uncontrolled_foreign * (1.0 - budget.guidance);
        *lost += (uncontrolled - outcome.legal - outcome.leak).max(0.0) * chip_share;
    }
}
