//! What vendors can deliver (E11): packaging and memory of American chips by vendor, dies and memory of Chinese
//! ones, which learn and are drawn to AI where controls bite (E12).

use crate::{
    CompiledPolicy,
    equations::{DT, domestic, supply},
    history::{self, Channel},
    regions::CHINA,
    run::Run,
    state::State,
    tables::MAX_VENDORS,
};

/// Bytes of a stack of the stockpile, HBM2E of 16 GB: eight of them are a 910C's 128 GB.
const STACK_BYTES: f64 = 16e9;
/// Area of an Ascend 910B die, by which wafers are counted in dies (`chips.csv`) [mm2].
const DIE_MM2: f64 = 665.6;
/// Quarters in which the bank of dies is packaged: nine months (SemiAnalysis 2025-09, `supply.csv`) [quarters].
const BANK_QUARTERS: f64 = 3.0;
/// The quarter after which the stockpile of memory is drawn on: it was counted at the end of 2024.
const STOCK_COUNTED: usize = 12;

/// What may be made in a quarter, and the stocks behind it.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Supply {
    /// Packaging for American chips [wafers/quarter], and each vendor's share of it.
    wafers: f64,
    share: [f64; MAX_VENDORS],
    /// Stacked memory for American chips [bytes/quarter].
    stacked: f64,
    /// Advanced wafers in China [wafers/month], the share of them that goes to AI, and that of the start.
    chinese_wafers: f64,
    ai_share: f64,
    ai_share_then: f64,
    /// Bank of dies from abroad, and how fast it is packaged [dies, dies/quarter].
    bank: f64,
    bank_per_quarter: f64,
    /// Stock of stacked memory in China [bytes].
    stock: f64,
    /// Whether stacked memory may be bought abroad.
    memory_is_free: bool,
    /// New dies and memory of the quarter [dies, bytes].
    new_dies: f64,
    new_memory: f64,
    /// Chips of history's quarter, where that is known [chips].
    past_units: Option<f64>,
    /// Dies and memory that the quarter's chips took [dies, bytes].
    taken: [f64; 2],
}

impl Supply {
    /// USD of Chinese chips that can be made of a mix of which a dollar buys so many chips, dies and bytes.
    pub fn domestic_usd(&self, chips: f64, dies: f64, bytes: f64) -> f64 {
        if let Some(units) = self.past_units {
            return domestic::leontief(&[(units, chips)]);
        }
        let memory = if self.memory_is_free { f64::INFINITY } else { self.stock + self.new_memory };
        domestic::leontief(&[(self.new_dies + self.bank.min(self.bank_per_quarter), dies), (memory, bytes)])
    }

    /// Takes what Chinese chips were made of.
    pub fn used(&mut self, dies: f64, bytes: f64) {
        self.taken[0] += dies;
        self.taken[1] += bytes;
    }

    /// Ends a quarter: what it took beyond what was made comes from the bank and the stock.
    fn close(&mut self) {
        if self.past_units.is_none() {
            self.bank = (self.bank - (self.taken[0] - self.new_dies).max(0.0)).max(0.0);
            if !self.memory_is_free {
                self.stock = (self.stock + self.new_memory - self.taken[1]).max(0.0);
            }
        }
        self.taken = [0.0; 2];
    }
}

/// What each vendor delivers of what was asked for.
#[derive(Clone, Copy, Debug)]
pub(super) struct Delivered([f64; MAX_VENDORS]);

impl Delivered {
    /// The share of a vendor's chips; only packaged American ones are short.
    #[inline]
    pub fn share(&self, vendor: usize, packaged: bool, maker: usize) -> f64 {
        if packaged && maker == 0 { self.0[vendor] } else { 1.0 }
    }
}

/// What a quarter of history took of packaging and memory, by vendor of American chips, and how many chips Chinese
/// makers sold.
pub(super) fn of_history(run: &Run, quarter: usize) -> ([[f64; 2]; MAX_VENDORS], f64) {
    let (mut taken, mut domestic_units) = ([[0.0; 2]; MAX_VENDORS], 0.0);
    for sale in run.world.history.of(quarter) {
        let chip = &run.setup.chips[sale.chip];
        let units = sale.units * super::sales::factor(run, sale.channel);
        if chip.maker == 1 {
            domestic_units += units;
        } else if sale.channel != Channel::ChinaLeak {
            // Smuggled chips were first sold to others.
            taken[chip.vendor][0] += units * chip.wafers;
            taken[chip.vendor][1] += units * chip.stacked;
        }
    }
    (taken, domestic_units)
}

/// The state of supply after the quarter `last`: what vendors delivered over two quarters, and the stocks.
pub(super) fn begin(run: &Run, state: &mut State, last: usize) {
    let p = &run.setup.p;
    let recent = &state.past[last.saturating_sub(1)..=last];
    let count = recent.len() as f64;
    let mut supply = Supply {
        chinese_wafers: p.smic_wafers_per_month,
        bank: p.die_bank_dies,
        bank_per_quarter: p.die_bank_dies / BANK_QUARTERS,
        ..Supply::default()
    };
    let mut bytes = 0.0;
    for past in recent {
        for (share, taken) in supply.share.iter_mut().zip(&past.taken) {
            *share += taken[0] / count;
            bytes += taken[1] / count;
        }
    }
    supply.wafers = supply.share.iter().sum();
    supply.stacked = bytes * p.hbm_headroom;
    for share in &mut supply.share {
        *share /= supply.wafers.max(1e-9);
    }
    // Wafers of Huawei, and those that the others' first year takes.
    let per_wafer = domestic::gross_dies_per_wafer(DIE_MM2) * p.smic_yield;
    let others = p.cambricon_units_2026 / (12.0 * p.smic_wafers_per_month * per_wafer);
    supply.ai_share = (p.huawei_wafer_share + others).min(1.0);
    supply.ai_share_then = supply.ai_share;
    let used: f64 = run
        .world
        .history
        .sales
        .iter()
        .filter(|sale| sale.quarter >= STOCK_COUNTED && sale.quarter <= last)
        .map(|sale| (&run.setup.chips[sale.chip], sale.units * super::sales::factor(run, sale.channel)))
        .filter(|(chip, _)| chip.maker == 1)
        .map(|(chip, units)| units * chip.stacked)
        .sum();
    supply.stock = (p.hbm_stock_stacks * STACK_BYTES - used).max(0.0);
    state.supply = supply;
}

/// E11: what can be made in the quarter.
pub(super) fn grow(run: &Run, state: &mut State, quarter: usize) {
    let (p, setup) = (&run.setup.p, &run.setup);
    let fade = setup.paths.fade[quarter - 1];
    let past = state.past.get(quarter);
    let supply = &mut state.supply;
    supply.close();
    // In a counterfactual past vendors could do what they did, or what they have been asked for since.
    if let Some(past) = past {
        let wafers: f64 = past.taken.iter().map(|taken| taken[0]).sum();
        let bytes: f64 = past.taken.iter().map(|taken| taken[1]).sum();
        supply.wafers = supply.wafers.max(wafers);
        supply.stacked = supply.stacked.max(bytes * p.hbm_headroom);
        for (share, taken) in supply.share.iter_mut().zip(&past.taken) {
            *share = taken[0] / wafers.max(1e-9);
        }
    } else {
        supply.wafers *= supply::fading_growth(p.foreign_supply_growth_per_year, fade);
        supply.stacked *= supply::fading_growth(p.hbm_growth_per_year, fade);
        supply.chinese_wafers *= supply::fading_growth(p.domestic_growth_per_year, fade);
    }
    let chinese = &setup.chinese[..run.world.blocs.len()];
    let total: f64 = chinese.iter().sum::<f64>().max(1e-12);
    let denied: f64 = chinese.iter().zip(&state.denied_felt).map(|(weight, denied)| weight / total * denied).sum();
    supply.ai_share = domestic::drawn_to_ai(supply.ai_share, p.sub_learning_prior, denied);
    let grown = state.output[1] / state.anchor.output[1].max(1.0);
    let fraction = domestic::yield_after(p.smic_yield, grown.max(1.0), setup.yield_learning);
    let per_wafer = domestic::gross_dies_per_wafer(DIE_MM2) * fraction;
    supply.new_dies = 3.0 * supply.chinese_wafers * supply.ai_share * per_wafer;
    let years = (history::FIRST + quarter as i32).mid_year() - 2026.5;
    supply.new_memory = STACK_BYTES * p.own_stacks_2026 * DT * p.own_stacks_growth_per_year.powf(years);
    supply.memory_is_free = memory_is_free(run.policy, quarter);
    supply.past_units = past.map(|past| past.domestic_units * supply.ai_share / supply.ai_share_then);
}

/// Whether the rules let stacked memory go to China.
fn memory_is_free(policy: &CompiledPolicy, quarter: usize) -> bool {
    policy.memory_to_china.get(quarter).copied().unwrap_or(false)
}

/// What American vendors deliver of what all asked them for; capacity follows what was short, and moves to those
/// who are asked for more.
pub(super) fn deliver(run: &Run, state: &mut State, asked: &[[f64; 2]]) -> Delivered {
    let lead = run.setup.p.supply_lead_quarters;
    let supply = &mut state.supply;
    let mut delivered = [1.0; MAX_VENDORS];
    let (mut wafers, mut bytes, mut packaged) = (0.0, 0.0, 0.0);
    for (vendor, asked) in asked.iter().enumerate() {
        delivered[vendor] = supply::rationing(asked[0], supply.wafers * supply.share[vendor]);
        wafers += asked[0];
        bytes += asked[1];
        packaged += asked[1] * delivered[vendor];
    }
    let memory = supply::rationing(packaged, supply.stacked);
    for share in &mut delivered[..asked.len()] {
        *share *= memory;
    }
    supply.wafers = supply::followed(supply.wafers, wafers, lead);
    supply.stacked = supply::followed(supply.stacked, bytes, lead);
    for (share, asked) in supply.share.iter_mut().zip(asked) {
        *share = supply::reallocated(*share, asked[0] / wafers.max(1e-9), lead);
    }
    Delivered(delivered)
}

/// The part of Chinese makers' output that a bloc's buyers get.
pub(super) fn domestic_share(run: &Run, bloc: usize) -> f64 {
    run.world.blocs[bloc].share[CHINA]
}
