//! History's sales become vintages (E22): who bought, how it is split by use, and what stands abroad.

use crate::{
    equations::split,
    history::{self, Channel, Sale},
    regions::{ByRegion, CHINA, REST, US},
    run::{ChipDraw, Run},
    state::{Bought, SERVE, SERVE_ABROAD, State, TRAIN, TRAIN_ABROAD, VendorSales, Vintage, column},
};

/// Adds chips to a vintage of a pool at what they cost.
#[inline]
pub(super) fn add(vintage: &mut Vintage, chip: &ChipDraw, serving: bool, units: f64, capital_usd: f64) {
    vintage[column::CHIPS] += units;
    vintage[column::FLOP] += units * chip.flop;
    vintage[column::BYTE] += units * chip.byte;
    vintage[column::MEMORY] += units * chip.memory;
    vintage[column::VALUE] += units * if serving { chip.tps } else { chip.train };
    vintage[column::BY_BANDWIDTH] += units * if serving { chip.tps_bandwidth } else { 0.0 };
    vintage[column::POWER] += units * chip.power;
    vintage[column::CAPITAL] += capital_usd;
}

/// Sells a quarter of history, the stock before it with the first.
pub(super) fn sell(run: &Run, state: &mut State, quarter: usize) {
    let (world, p) = (run.world, &run.setup.p);
    state.bought = [Bought::default(); crate::MAX_BLOCS];
    state.vendors.fill(VendorSales::default());
    let serving = serving_share(run, quarter);
    if quarter == 0 {
        let (chip, units) = world.history.start;
        let units = units * p.start_stock_quarters;
        let china = world.history.start_china_share;
        let by_region = by_region(china, run.setup.us_share);
        for bloc in 0..world.blocs.len() {
            let units = units * world.blocs[bloc].part(&by_region);
            put(run, state, &Put { bloc, vintage: 0, serving, abroad: 0.0 }, chip, units, 0.0);
        }
        state.output[0] += units;
    }
    let sales = world.history.of(quarter);
    let abroad = share_abroad(run, sales);
    for sale in sales {
        let units = sale.units * factor(run, sale.channel);
        let premium = if sale.channel == Channel::ChinaLeak { p.leak_premium } else { 0.0 };
        let by_region = match sale.channel {
            Channel::Outside => by_region(0.0, run.setup.us_share),
            Channel::Own => [1.0, 0.0, 0.0],
            _ => [0.0, 1.0, 0.0],
        };
        let chip = run.setup.chips[sale.chip];
        let sold = &mut state.vendors[world.chips[sale.chip].vendor];
        sold.units += units;
        sold.flop += units * chip.flop;
        sold.byte += units * chip.byte;
        state.output[chip.maker] += units;
        for bloc in 0..world.blocs.len() {
            let own = units * world.blocs[bloc].part(&by_region);
            if own <= 0.0 {
                continue;
            }
            let abroad = if sale.channel == Channel::Outside && bloc == run.setup.host { abroad } else { 0.0 };
            put(run, state, &Put { bloc, vintage: quarter + 1, serving, abroad }, sale.chip, own, premium);
            note(state, (bloc, world.home[US]), sale.channel, own, &chip);
        }
    }
}

/// Share of new capital that went into serving in a quarter of data.
pub(super) fn serving_share(run: &Run, quarter: usize) -> f64 {
    let year = (history::FIRST + quarter as i32).mid_year();
    split::history_share(run.setup.p.inference_share_2025, year, run.world.span.last().mid_year())
}

/// Where a count goes when China has a share of it and the United States a share of what is left.
fn by_region(china: f64, us_share: f64) -> ByRegion {
    let mut shares = [0.0; 3];
    shares[CHINA] = china;
    shares[US] = (1.0 - china) * us_share;
    shares[REST] = (1.0 - china) * (1.0 - us_share);
    shares
}

/// Factor of this future on a channel's counts.
pub(super) fn factor(run: &Run, channel: Channel) -> f64 {
    let p = &run.setup.p;
    match channel {
        Channel::Outside | Channel::Own | Channel::ChinaLegal => p.sales_error,
        Channel::ChinaLeak => p.leak_history_factor,
        Channel::Domestic => 1.0,
        Channel::Huawei2025 => p.huawei_units_2025 / run.world.history.huawei_2025.max(1.0),
    }
}

/// Share of what the host of Chinese compute abroad buys that serves Chinese firms, so that the wanted share of
/// their operations stands abroad.
fn share_abroad(run: &Run, sales: &[Sale]) -> f64 {
    let (mut china, mut host) = (0.0, 0.0);
    let host_share = run.world.blocs[run.setup.host].part(&by_region(0.0, run.setup.us_share));
    for sale in sales {
        let flop = sale.units * factor(run, sale.channel) * run.setup.chips[sale.chip].flop;
        match sale.channel {
            Channel::Outside => host += flop * host_share,
            Channel::Own => {}
            _ => china += flop,
        }
    }
    let share = run.setup.p.abroad_share_china;
    if host > 0.0 { (china * share / (1.0 - share) / host).min(0.9) } else { 0.0 }
}

/// Where a sale goes.
struct Put {
    bloc: usize,
    vintage: usize,
    serving: f64,
    /// Share that stands here for Chinese firms.
    abroad: f64,
}

fn put(run: &Run, state: &mut State, to: &Put, chip: usize, units: f64, premium: f64) {
    let draw = run.setup.chips[chip];
    let usd = draw.price * (1.0 + premium + run.setup.beside_chip);
    let own = units * (1.0 - to.abroad);
    for (pool, share) in [(TRAIN, 1.0 - to.serving), (SERVE, to.serving)] {
        add(state.vintage(to.bloc, pool, to.vintage), &draw, pool == SERVE, own * share, own * share * usd);
    }
    spend(state, to, to.bloc, own * usd);
    if to.abroad > 0.0 {
        let training = run.setup.p.abroad_training_share;
        let total: f64 = run.setup.chinese.iter().sum::<f64>().max(1e-12);
        for bloc in 0..run.world.blocs.len() {
            let theirs = units * to.abroad * run.setup.chinese[bloc] / total;
            for (pool, share) in [(TRAIN_ABROAD, training), (SERVE_ABROAD, 1.0 - training)] {
                let serving = pool == SERVE_ABROAD;
                add(state.vintage(bloc, pool, to.vintage), &draw, serving, theirs * share, theirs * share * usd);
            }
            spend(state, to, bloc, theirs * usd);
        }
    }
}

/// Money of the quarter; the stock before 2022 is no purchase of ours.
fn spend(state: &mut State, to: &Put, bloc: usize, usd: f64) {
    if to.vintage > 0 {
        state.bought[bloc].capex_usd += usd;
        state.bought[bloc].spent_usd += usd;
    }
}

/// Counts of the quarter; `home` is the bloc of the US makers.
fn note(state: &mut State, (bloc, home): (usize, usize), channel: Channel, units: f64, chip: &ChipDraw) {
    let bought = &mut state.bought[bloc];
    bought.chips += units;
    bought.flop += units * chip.flop;
    bought.byte += units * chip.byte;
    match channel {
        Channel::ChinaLeak => bought.leak_units += units,
        Channel::Domestic | Channel::Huawei2025 | Channel::Own => bought.domestic_units += units,
        Channel::Outside if bloc == home => bought.domestic_units += units,
        Channel::Outside | Channel::ChinaLegal => bought.import_units += units,
    }
}
