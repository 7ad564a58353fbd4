//! Purchases of a quarter (E12, E16): what is on sale, what each bloc may have of it, what it buys.

mod budgets;
mod menus;
mod settle;

pub(super) use budgets::closed;
pub(crate) use menus::{Menu, changes};

use crate::{
    equations::{
        DT, purchases,
        purchases::{Kind, Spent},
    },
    regions::US,
    run::{MAKERS, Run},
    state::{POOLS, State},
    step::{fleet, supply},
};
use budgets::Buyer;
use menus::bought;

/// Buffers of the purchases, kept so that no quarter allocates.
#[derive(Clone, Default)]
pub(crate) struct Buffers {
    /// What each bloc may choose from.
    menus: Vec<Menu>,
    /// What each pool of a bloc spends, before vendors deliver.
    spent: Vec<Spent>,
    /// Packaging [wafers] and stacked memory [bytes] that all asked each vendor for.
    asked: Vec<[f64; 2]>,
    /// Value of US chips that buyers would have bought without rules, less what they did buy [USD].
    lost: f64,
}

impl Buffers {
    /// Room for the most that a quarter can need.
    pub fn new(blocs: usize, vendors: usize) -> Self {
        Self {
            menus: (0..blocs).map(|_| Menu::with_room(vendors)).collect(),
            spent: vec![Spent::default(); blocs * POOLS],
            asked: vec![[0.0; 2]; vendors],
            lost: 0.0,
        }
    }
}

/// Prices of the quarter by maker.
#[derive(Clone, Copy, Debug)]
struct Prices {
    /// Chip and what stands beside it, over the chip's price before learning.
    all_in: [f64; MAKERS],
    /// Factor on the weights in the choice.
    dearer: [f64; MAKERS],
}

/// Buys a quarter's chips for every bloc and pool.
pub(super) fn buy(run: &Run, state: &mut State, quarter: usize) {
    let blocs = run.world.blocs.len();
    let mut buffers = std::mem::take(&mut state.buffers);
    if run.setup.menu_changes[quarter] {
        menus::write(run, quarter, &mut buffers.menus);
    }
    let exponent = -1.0 / run.setup.p.purchase_temperature;
    // Learning lowers the price of the chip, not of what stands beside it.
    let all_in: [f64; MAKERS] = state.learning.map(|factor| factor + run.setup.beside_chip);
    let prices = Prices { all_in, dearer: all_in.map(|all_in| all_in.powf(exponent)) };
    buffers.lost = 0.0;
    buffers.asked.fill([0.0; 2]);
    let conditions = budgets::Conditions::new(run, quarter);
    for bloc in 0..blocs {
        for buyer in budgets::buyers(run, state, bloc, quarter) {
            choose(run, state, &buyer, (&conditions, &prices), &mut buffers);
        }
    }
    let delivered = supply::deliver(run, state, &buffers.asked);
    settle::settle(run, state, quarter, (&buffers, &prices, &delivered));
    // The blow-back of denial is felt after its lag.
    let lag = run.setup.p.lag_blowback_quarters;
    for bloc in 0..blocs {
        state.denied_felt[bloc] += (state.bought[bloc].denied_share - state.denied_felt[bloc]) / (lag + 1.0);
        state.foregone[bloc] = 0.0;
    }
    state.foregone[run.world.home[US]] = buffers.lost.max(0.0) / DT;
    state.buffers = buffers;
}

/// E16 for one buyer: what it spends on each kind of chip, and what that asks of the vendors.
fn choose(
    run: &Run,
    state: &mut State,
    buyer: &Buyer,
    (conditions, prices): (&budgets::Conditions, &Prices),
    buffers: &mut Buffers,
) {
    let Buffers { menus, spent, asked, lost } = buffers;
    let slot = &mut spent[buyer.bloc * POOLS + fleet::pool(buyer.serving, buyer.abroad)];
    *slot = Spent::default();
    if buyer.usd <= 0.0 {
        return;
    }
    let menu = &menus[if buyer.abroad { run.setup.host } else { buyer.bloc }];
    let purpose = usize::from(buyer.serving);
    let budget = budgets::budget(run, state, buyer, (conditions, prices), menu);
    let pool = purchases::Pool {
        foreign: menu.foreign[purpose] * prices.dearer[0],
        allowed: menu.allowed[purpose] * prices.dearer[0],
        free: menu.free[purpose] * prices.dearer[0],
        domestic: menu.domestic[purpose] * prices.dearer[1],
        best_allowed: (menu.best_free[purpose] / prices.all_in[0]).max(menu.best_domestic[purpose] / prices.all_in[1]),
        best_denied: menu.best_denied[purpose] / prices.all_in[0],
    };
    let outcome = purchases::spend(&pool, budget);
    *slot = outcome;
    // What the rules kept from shipping, and what US vendors lost by it, at the price of the chips alone.
    let chip_share = state.learning[0] / prices.all_in[0];
    let noted = &mut state.bought[buyer.bloc];
    let mut denied_units = 0.0;
    for group in &menu.groups {
        let usd_per_weight = outcome.per_weight(group.kind) * prices.dearer[group.maker];
        let price = prices.all_in[group.maker];
        if group.packaged && group.maker == US {
            let asked = &mut asked[group.vendor];
            asked[0] += usd_per_weight * group.bought[purpose][bought::WAFERS] / price;
            asked[1] += usd_per_weight * group.bought[purpose][bought::STACKED] / price;
        }
        if group.kind == Kind::Denied {
            denied_units += group.bought[purpose][bought::CHIPS] / price;
        }
    }
    if outcome.denied > 0.0 {
        noted.denied_usd += outcome.denied * chip_share;
        noted.denied_share += outcome.denied / noted.capex_usd.max(1.0);
        noted.denied_units += outcome.denied_per_weight * prices.dearer[0] * denied_units;
        let uncontrolled = outcome.uncontrolled_foreign * (1.0 - budget.guidance);
        *lost += (uncontrolled - outcome.legal - outcome.leak).max(0.0) * chip_share;
    }
}
