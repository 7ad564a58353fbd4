//! What is on sale in a quarter (E20), and what each bloc may have of it (E12), summed by vendor.
//!
//! Inside a vendor's chips the choice is a fixed split (the logit's weights over prices that move together), so
//! that sums over them are worked out only when something comes, goes, or is judged anew; a quarter works with
//! sums.

use crate::{
    equations::purchases::Kind,
    regions::US,
    run::{Access, Run},
    tables::Reach,
};

/// What a weight of one buys of a vendor, at a price factor of one: sums of weight over price. The first seven are
/// those of a vintage ([`crate::state::column`]); then what the chips are made of.
pub(crate) mod bought {
    pub use crate::state::column::{BYTE, CHIPS, FLOP};
    /// Packaging [wafers] of American chips; dies of Chinese ones.
    pub const WAFERS: usize = 7;
    /// Stacked memory [bytes].
    pub const STACKED: usize = 8;
    pub const COUNT: usize = 9;
}

/// The chips of one vendor that may be had in one way.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Group {
    pub vendor: usize,
    pub maker: usize,
    /// Whether they need advanced packaging and stacked memory.
    pub packaged: bool,
    pub kind: Kind,
    /// Sums by use: training, serving.
    pub weight: [f64; 2],
    pub bought: [[f64; bought::COUNT]; 2],
}

/// What one bloc may choose from.
#[derive(Clone, Debug, Default)]
pub(crate) struct Menu {
    pub groups: Vec<Group>,
    /// Weights by use: foreign chips, of them what is shipped and what is free; own chips.
    pub foreign: [f64; 2],
    pub allowed: [f64; 2],
    pub free: [f64; 2],
    pub domestic: [f64; 2],
    /// Best value per dollar by use: foreign chips as far as they are free, foreign chips that are mostly denied,
    /// own chips.
    pub best_free: [f64; 2],
    pub best_denied: [f64; 2],
    pub best_domestic: [f64; 2],
}

impl Menu {
    /// Room for all that a bloc can be offered.
    pub fn with_room(vendors: usize) -> Self {
        Self { groups: Vec::with_capacity(vendors * 10), ..Self::default() }
    }

    fn clear(&mut self) {
        let groups = std::mem::take(&mut self.groups);
        *self = Self { groups, ..Self::default() };
        self.groups.clear();
    }

    /// Own chips that a weight of one buys in a use, over the menu's own weight of them.
    pub fn of_domestic(&self, purpose: usize, column: usize) -> f64 {
        let own = self.groups.iter().filter(|group| group.kind == Kind::Domestic);
        own.map(|group| group.bought[purpose][column]).sum()
    }

    fn group(&mut self, chip: &crate::run::ChipDraw, kind: Kind) -> &mut Group {
        let packaged = chip.stacked > 0.0;
        let same = |group: &Group| (group.vendor, group.packaged, group.kind) == (chip.vendor, packaged, kind);
        let index = self.groups.iter().position(same).unwrap_or_else(|| {
            self.groups.push(Group {
                vendor: chip.vendor,
                maker: chip.maker,
                packaged,
                kind,
                weight: [0.0; 2],
                bought: [[0.0; bought::COUNT]; 2],
            });
            self.groups.len() - 1
        });
        &mut self.groups[index]
    }

    fn add(&mut self, chip: &crate::run::ChipDraw, constant: f64, access: Access, domestic: bool) {
        let whole = |kind| [(kind, 1.0), (Kind::Free, 0.0), (Kind::Denied, 0.0)];
        let shares = if domestic {
            whole(Kind::Domestic)
        } else if access.allowed >= 1.0 && access.free >= 1.0 {
            whole(Kind::Open)
        } else {
            [(Kind::Allowed, access.allowed), (Kind::Free, access.free), (Kind::Denied, 1.0 - access.allowed)]
        };
        let per_price = constant / chip.price;
        for (kind, share) in shares.into_iter().filter(|(_, share)| *share > 0.0) {
            let group = self.group(chip, kind);
            for purpose in 0..2 {
                let weight = chip.weight[purpose] * share;
                group.weight[purpose] += weight * constant;
                let scale = weight * per_price;
                let value = if purpose == 0 { [chip.train, 0.0] } else { [chip.tps, chip.tps_bandwidth] };
                let columns =
                    [1.0, chip.flop, chip.byte, chip.memory, value[0], value[1], chip.power, chip.wafers, chip.stacked];
                for (sum, column) in group.bought[purpose].iter_mut().zip(columns) {
                    *sum += scale * column;
                }
            }
        }
        for purpose in 0..2 {
            let (weight, value) = (chip.weight[purpose] * constant, chip.value[purpose]);
            if domestic {
                self.domestic[purpose] += weight;
                self.best_domestic[purpose] = self.best_domestic[purpose].max(value);
                continue;
            }
            self.foreign[purpose] += weight;
            self.allowed[purpose] += weight * access.allowed;
            self.free[purpose] += weight * access.free;
            self.best_free[purpose] = self.best_free[purpose].max(value * access.free);
            if access.allowed < 0.5 {
                self.best_denied[purpose] = self.best_denied[purpose].max(value);
            }
        }
    }
}

/// Writes every bloc's menu anew.
pub(super) fn write(run: &Run, quarter: usize, menus: &mut [Menu]) {
    const ALL: Access = Access { allowed: 1.0, free: 1.0 };
    for menu in menus.iter_mut() {
        menu.clear();
    }
    let now = quarter as i32;
    for (index, chip) in run.setup.chips.iter().enumerate() {
        if chip.from > now || now >= chip.until {
            continue;
        }
        let domestic = run.world.tables.lines[chip.line].reach == Reach::Domestic;
        for (bloc, menu) in menus.iter_mut().enumerate() {
            let constant = run.setup.line_weight[chip.line][bloc];
            if constant <= 0.0 {
                continue;
            }
            let at_home = run.world.blocs[bloc].weight[US] >= 1.0;
            let access = if domestic || at_home { ALL } else { run.setup.access(run.policy, quarter, index, bloc) };
            // A vendor offers a cut chip only where the full one is mostly denied.
            if let Some(full) = chip.cut_from
                && (at_home
                    || access.allowed <= 0.0
                    || run.setup.access(run.policy, quarter, full, bloc).allowed >= 0.5)
            {
                continue;
            }
            menu.add(chip, constant, access, domestic);
        }
    }
}

/// Quarters in which a menu may differ from that of the quarter before.
pub(crate) fn changes(run: &Run) -> Vec<bool> {
    let mut changes: Vec<bool> = (0..run.world.quarters())
        .map(|quarter| quarter <= run.world.span.begin || run.policy.judged_anew(quarter))
        .collect();
    for chip in &run.setup.chips {
        for quarter in [chip.from, chip.until] {
            if let Some(change) = usize::try_from(quarter).ok().and_then(|quarter| changes.get_mut(quarter)) {
                *change = true;
            }
        }
    }
    changes
}
