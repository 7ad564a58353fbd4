//! Vendors deliver what they can (E11); what each pool gets becomes a vintage of it.

use super::{Buffers, Kind, Prices, bought};
use crate::{
    equations::purchases::Spent,
    regions::{CHINA, US},
    run::{MAKERS, Run},
    state::{Bought, POOLS, State, VendorSales, column},
    step::{fleet, supply::Delivered},
};

pub(super) fn settle(
    run: &Run,
    state: &mut State,
    quarter: usize,
    (buffers, prices, delivered): (&Buffers, &Prices, &Delivered),
) {
    let setup = &run.setup;
    state.vendors.fill(VendorSales::default());
    let mut output = [0.0; MAKERS];
    for bloc in 0..run.world.blocs.len() {
        let mut noted = Bought::default();
        for pool in 0..POOLS {
            let spent: &Spent = &buffers.spent[bloc * POOLS + pool];
            if spent.usd <= 0.0 {
                continue;
            }
            let purpose = usize::from(fleet::is_serving(pool));
            let menu = &buffers.menus[if fleet::is_abroad(pool) { setup.host } else { bloc }];
            let mut paid = 0.0;
            let mut vintage = *state.vintage(bloc, pool, quarter + 1);
            for group in &menu.groups {
                let usd_per_weight = spent.per_weight(group.kind)
                    * prices.dearer[group.maker]
                    * delivered.share(group.vendor, group.packaged, group.maker);
                let usd = usd_per_weight * group.weight[purpose];
                if usd <= 0.0 {
                    continue;
                }
                paid += usd;
                let premium =
                    if group.kind == Kind::Denied { spent.premium * state.learning[group.maker] } else { 0.0 };
                let scale = usd_per_weight / (prices.all_in[group.maker] + premium);
                let sums = &group.bought[purpose];
                // The columns of a vintage are those of a group, but for its capital.
                for (total, sum) in vintage[..=column::POWER].iter_mut().zip(sums) {
                    *total += scale * sum;
                }
                vintage[column::CAPITAL] += usd;
                let units = scale * sums[bought::CHIPS];
                let vendor = &mut state.vendors[group.vendor];
                vendor.units += units;
                vendor.flop += scale * sums[bought::FLOP];
                vendor.byte += scale * sums[bought::BYTE];
                output[group.maker] += units;
                noted.chips += units;
                noted.flop += scale * sums[bought::FLOP];
                noted.byte += scale * sums[bought::BYTE];
                if group.kind == Kind::Denied {
                    noted.leak_units += units;
                } else if run.world.home[if group.maker == 0 { US } else { CHINA }] == bloc {
                    noted.domestic_units += units;
                } else {
                    noted.import_units += units;
                }
                if group.maker == CHINA {
                    state.supply.used(scale * sums[bought::WAFERS], scale * sums[bought::STACKED]);
                }
            }
            *state.vintage(bloc, pool, quarter + 1) = vintage;
            noted.spent_usd += paid;
            state.unspent_total[bloc] += (spent.usd - paid).max(0.0);
        }
        let total = &mut state.bought[bloc];
        total.chips += noted.chips;
        total.flop += noted.flop;
        total.byte += noted.byte;
        total.leak_units += noted.leak_units;
        total.domestic_units += noted.domestic_units;
        total.import_units += noted.import_units;
        total.spent_usd += noted.spent_usd;
        state.capex_total[bloc] += total.capex_usd;
        state.spent_total[bloc] += total.spent_usd;
    }
    for (total, made) in state.output.iter_mut().zip(output) {
        *total += made;
    }
}
