//! Purchases of a quarter (E12, E16): what is on sale, what each bloc may have of it, what it buys.

use crate::{
    Origin, Purpose,
    equations::{DT, controls, controls::Enforcement, levers, purchases, purchases::Budget, purchases::Choice, supply},
    history,
    regions::REGIONS,
    run::{Access, Run},
    state::{POOLS, State, VendorSales},
    step::{fleet, money, sales},
    tables::Reach,
};

/// The most chips on sale in a quarter; what comes later in the catalogue than this many is not bought.
pub(crate) const MOST_ON_SALE: usize = 64;

/// Buffers of the purchases, kept so that no quarter allocates.
#[derive(Default)]
pub(crate) struct Buffers {
    on_sale: Vec<usize>,
    price_weight: Vec<[f64; 2]>,
    choices: Vec<Choice>,
    /// USD by bloc, pool and chip on sale.
    legal: Vec<f64>,
    leaked: Vec<f64>,
    unspent: Vec<f64>,
    /// Value of US chips that each bloc would have bought without rules, less what it did buy [USD].
    lost: f64,
}

impl Buffers {
    /// Room for the most that a quarter can need.
    pub fn new() -> Self {
        let pools = crate::MAX_BLOCS * POOLS;
        Self {
            on_sale: Vec::with_capacity(MOST_ON_SALE),
            price_weight: Vec::with_capacity(MOST_ON_SALE),
            choices: Vec::with_capacity(MOST_ON_SALE),
            legal: vec![0.0; pools * MOST_ON_SALE],
            leaked: vec![0.0; pools * MOST_ON_SALE],
            unspent: vec![0.0; pools],
            lost: 0.0,
        }
    }
}

/// One buyer's pool.
#[derive(Clone, Copy)]
struct Buyer {
    bloc: usize,
    serving: bool,
    abroad: bool,
    usd: f64,
}

/// Buys a quarter's chips for every bloc and pool.
pub(super) fn buy(run: &Run, state: &mut State, quarter: usize) {
    let mut buffers = std::mem::take(&mut state.buffers);
    on_sale(run, state, quarter, &mut buffers);
    buffers.lost = 0.0;
    let blocs = run.world.blocs.len();
    for bloc in 0..blocs {
        for buyer in buyers(run, state, bloc, quarter) {
            choose(run, state, buyer, quarter, &mut buffers);
        }
    }
    settle(run, state, quarter, &mut buffers);
    // The blow-back of denial is felt after its lag.
    let lag = run.setup.p.lag_blowback_quarters;
    for bloc in 0..blocs {
        let felt = &mut state.denied_felt[bloc];
        *felt += (state.bought[bloc].denied_share - *felt) / (lag + 1.0);
    }
    for foregone in &mut state.foregone[..blocs] {
        *foregone = 0.0;
    }
    state.foregone[run.world.home[crate::regions::US]] = buffers.lost.max(0.0) / DT;
    state.buffers = buffers;
}

/// E20: what is on sale, with its weights at this quarter's prices.
fn on_sale(run: &Run, state: &State, quarter: usize, buffers: &mut Buffers) {
    let exponent = -1.0 / run.setup.p.purchase_temperature;
    // Learning lowers the price of the chip, not of what stands beside it.
    let dearer = state.learning.map(|factor| (factor + run.setup.beside_chip).powf(exponent));
    buffers.on_sale.clear();
    buffers.price_weight.clear();
    for (index, chip) in run.setup.chips.iter().enumerate() {
        if chip.from <= quarter as i32 && (quarter as i32) < chip.until && buffers.on_sale.len() < MOST_ON_SALE {
            buffers.on_sale.push(index);
            buffers.price_weight.push(chip.weight.map(|weight| weight * dearer[chip.maker]));
        }
    }
}

/// The pools of a bloc and their budgets of the quarter.
fn buyers(run: &Run, state: &mut State, bloc: usize, quarter: usize) -> [Buyer; POOLS] {
    let (setup, p) = (&run.setup, &run.setup.p);
    let since = quarter as f64 - setup.policy_start as f64;
    let closed = if setup.remote_access_licensed {
        p.remote_access_closure * levers::ramp(since, p.lag_remote_quarters)
    } else {
        0.0
    };
    let usd = state.capital[bloc] * DT;
    let share_abroad = p.abroad_share_china * setup.chinese[bloc] * (1.0 - closed);
    let serving_share = state.serving_share[bloc];
    // Abroad mostly training; together with home the split is the bloc's.
    let abroad = usd * share_abroad;
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

/// What a buyer in a bloc gets of a chip on sale. A cut chip is offered only where the full one is mostly denied.
fn access(run: &Run, quarter: usize, chip: usize, bloc: usize) -> Access {
    let access = run.setup.access(run.policy, quarter, chip, bloc);
    match run.world.chips[chip].origin {
        Origin::Cut(full, _) if run.setup.access(run.policy, quarter, full, bloc).allowed >= 0.5 => Access::default(),
        _ => access,
    }
}

/// E16 for one buyer: fills the buffers with the USD of each chip.
fn choose(run: &Run, state: &mut State, buyer: Buyer, quarter: usize, buffers: &mut Buffers) {
    let (setup, p) = (&run.setup, &run.setup.p);
    let slot = (buyer.bloc * POOLS + fleet::pool(buyer.serving, buyer.abroad)) * MOST_ON_SALE;
    let count = buffers.on_sale.len();
    buffers.unspent[slot / MOST_ON_SALE] = 0.0;
    buffers.legal[slot..slot + count].fill(0.0);
    buffers.leaked[slot..slot + count].fill(0.0);
    if buyer.usd <= 0.0 {
        return;
    }
    // Abroad Chinese firms rent what the host may have.
    let place = if buyer.abroad { setup.host } else { buyer.bloc };
    let region_weight = &run.world.blocs[place].weight;
    let purpose = usize::from(buyer.serving);
    let (mut domestic_price, mut domestic_weight) = (0.0, 0.0);
    buffers.choices.clear();
    for (index, chip) in buffers.on_sale.iter().enumerate() {
        let line = &run.world.tables.lines[run.world.chips[*chip].line];
        let constant: f64 = (0..REGIONS.len())
            .map(|region| region_weight[region] * setup.line_weight[run.world.chips[*chip].line][region])
            .sum();
        let domestic = line.reach == Reach::Domestic;
        let access = if line.origin == crate::regions::US && region_weight[crate::regions::US] >= 1.0 || domestic {
            Access { allowed: 1.0, free: 1.0 }
        } else {
            access(run, quarter, *chip, place)
        };
        let cut = matches!(run.world.chips[*chip].origin, Origin::Cut(..));
        let weight = if cut && access.allowed <= 0.0 { 0.0 } else { buffers.price_weight[index][purpose] * constant };
        let draw = &setup.chips[*chip];
        let dearer = state.learning[draw.maker] + setup.beside_chip;
        if domestic && weight > 0.0 {
            domestic_price += weight * draw.price * dearer;
            domestic_weight += weight;
        }
        buffers.choices.push(Choice {
            weight,
            allowed: access.allowed,
            free: access.free,
            domestic,
            value_per_usd: draw.value[purpose] / dearer,
        });
    }
    let since = quarter as f64 - setup.policy_start as f64;
    let left = controls::leak_left(Enforcement {
        doublings: setup.enforcement_doublings * levers::ramp(since, p.lag_enforcement_quarters),
        effect_per_doubling: p.enforce_effect,
        location_checks: if setup.location_checks {
            p.locver_effect * levers::ramp(since, p.lag_location_quarters)
        } else {
            0.0
        },
    });
    let leak = if run.variant.switches.leakage && !buyer.abroad {
        p.leak_share / run.world.gap_2024.powf(p.leak_gap_exponent) * left
    } else {
        0.0
    };
    let serving_share = state.serving_share[buyer.bloc];
    let share_of_use = if buyer.serving { serving_share } else { 1.0 - serving_share };
    let domestic_usd = if domestic_weight > 0.0 && !buyer.abroad {
        state.domestic_units * money::domestic_share(run, buyer.bloc) * share_of_use * domestic_price / domestic_weight
    } else {
        0.0
    };
    let cooperation = setup.cooperation[buyer.bloc] * levers::ramp(since, p.lag_cooperation_quarters);
    let guidance = if buyer.abroad {
        0.0
    } else {
        p.buyer_guidance_china * setup.chinese[buyer.bloc] * (1.0 - p.coop_growth * cooperation)
    };
    let budget =
        Budget { usd: buyer.usd, guidance, domestic_usd, leak_at_full_gap: leak, leak_exponent: p.leak_gap_exponent };
    let outcome = purchases::spend(
        &buffers.choices,
        budget,
        &mut buffers.legal[slot..slot + count],
        &mut buffers.leaked[slot..slot + count],
    );
    buffers.unspent[slot / MOST_ON_SALE] = outcome.unspent_usd;
    note_denied(run, state, buyer, &outcome, buffers, guidance);
}

/// What the rules kept from shipping, and what US vendors lost by it.
fn note_denied(
    run: &Run,
    state: &mut State,
    buyer: Buyer,
    outcome: &purchases::Outcome,
    buffers: &mut Buffers,
    guidance: f64,
) {
    let learning = state.learning[0];
    let chip_share = learning / (learning + run.setup.beside_chip);
    let total: f64 = buffers.choices.iter().map(|choice| choice.weight).sum();
    let bought = &mut state.bought[buyer.bloc];
    bought.denied_usd += outcome.denied_usd * chip_share;
    bought.denied_share += outcome.denied_usd / bought.capex_usd.max(1.0);
    if outcome.denied_usd > 0.0 && total > 0.0 {
        for (choice, chip) in buffers.choices.iter().zip(&buffers.on_sale).filter(|(choice, _)| !choice.domestic) {
            let wanted = choice.weight / total * buyer.usd * (1.0 - guidance) * (1.0 - choice.allowed);
            bought.denied_units += wanted / (run.setup.chips[*chip].price * (learning + run.setup.beside_chip));
        }
    }
    let uncontrolled = outcome.uncontrolled_foreign_usd * (1.0 - guidance);
    buffers.lost += (uncontrolled - outcome.legal_usd - outcome.leak_usd).max(0.0) * chip_share;
}

/// E11 and the vintages: US vendors deliver what they can; what each pool got is added to it.
fn settle(run: &Run, state: &mut State, quarter: usize, buffers: &mut Buffers) {
    let (setup, p) = (&run.setup, &run.setup.p);
    let blocs = run.world.blocs.len();
    let count = buffers.on_sale.len();
    let list_share: [f64; 2] = state.learning.map(|factor| 1.0 / (factor + setup.beside_chip));
    let mut asked = 0.0;
    for pool in 0..blocs * POOLS {
        for (index, chip) in buffers.on_sale.iter().enumerate() {
            if setup.chips[*chip].maker == 0 {
                let at = pool * MOST_ON_SALE + index;
                asked += (buffers.legal[at] + buffers.leaked[at]) * list_share[0];
            }
        }
    }
    let delivered = supply::rationing(asked, state.foreign_usd);
    state.vendors.fill(VendorSales::default());
    let mut output = [0.0; 2];
    for bloc in 0..blocs {
        for pool in 0..POOLS {
            let slot = bloc * POOLS + pool;
            let mut unspent = buffers.unspent[slot];
            let mut spent = 0.0;
            for index in 0..count {
                let at = slot * MOST_ON_SALE + index;
                let (legal, leaked) = (buffers.legal[at], buffers.leaked[at]);
                if legal + leaked <= 0.0 {
                    continue;
                }
                let chip_index = buffers.on_sale[index];
                let chip = setup.chips[chip_index];
                let share = if chip.maker == 0 { delivered } else { 1.0 };
                unspent += (legal + leaked) * (1.0 - share);
                spent += (legal + leaked) * share;
                let price = chip.price * (state.learning[chip.maker] + setup.beside_chip);
                let smuggled = price + chip.price * state.learning[chip.maker] * p.leak_premium;
                let (bought, leak) = (legal * share / price, leaked * share / smuggled);
                let units = bought + leak;
                sales::add(state.vintage(bloc, pool, quarter + 1), &chip, units, (legal + leaked) * share);
                let vendor = &mut state.vendors[run.world.chips[chip_index].vendor];
                vendor.units += units;
                vendor.flop += units * chip.flop;
                vendor.byte += units * chip.byte;
                output[chip.maker] += units;
                let made_in = run.world.home[if chip.maker == 0 { crate::regions::US } else { crate::regions::CHINA }];
                let noted = &mut state.bought[bloc];
                noted.chips += units;
                noted.flop += units * chip.flop;
                noted.byte += units * chip.byte;
                noted.leak_units += leak;
                if made_in == bloc {
                    noted.domestic_units += bought;
                } else {
                    noted.import_units += bought;
                }
            }
            state.bought[bloc].spent_usd += spent;
            state.unspent_total[bloc] += unspent;
        }
        state.capex_total[bloc] += state.bought[bloc].capex_usd;
        state.spent_total[bloc] += state.bought[bloc].spent_usd;
    }
    for (total, made) in state.output.iter_mut().zip(output) {
        *total += made;
    }
}
