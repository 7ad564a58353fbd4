//! US vendors deliver what they can (E11); what each pool gets becomes a vintage of it.

use super::{Buffers, MOST_OFFERS};
use crate::{
    equations::supply,
    regions::{CHINA, US},
    run::{MAKERS, Run},
    state::{POOLS, State, VendorSales},
    step::{fleet, sales},
};

pub(super) fn settle(run: &Run, state: &mut State, quarter: usize, buffers: &Buffers) {
    let (setup, p) = (&run.setup, &run.setup.p);
    let blocs = run.world.blocs.len();
    let place = |bloc: usize, pool: usize| if fleet::is_abroad(pool) { setup.host } else { bloc };
    let delivered = supply::rationing(buffers.asked, state.foreign_usd);
    state.foreign_usd = supply::followed(state.foreign_usd, buffers.asked, p.supply_lead_quarters);
    state.vendors.fill(VendorSales::default());
    let mut output = [0.0; MAKERS];
    for bloc in 0..blocs {
        for pool in 0..POOLS {
            let slot = Buffers::slot(bloc, pool);
            if !buffers.active[slot / MOST_OFFERS] {
                continue;
            }
            let mut unspent = buffers.unspent[slot / MOST_OFFERS];
            let mut spent = 0.0;
            for (index, offer) in buffers.offers[place(bloc, pool)].iter().enumerate() {
                let (legal, leaked) = (buffers.legal[slot + index], buffers.leaked[slot + index]);
                let wanted = legal + leaked;
                if wanted <= 0.0 {
                    continue;
                }
                let chip = &setup.chips[offer.chip];
                let share = if chip.maker == 0 { delivered } else { 1.0 };
                unspent += wanted * (1.0 - share);
                spent += wanted * share;
                let price = chip.price * (state.learning[chip.maker] + setup.beside_chip);
                let smuggled = price + chip.price * state.learning[chip.maker] * p.leak_premium;
                let (bought, leak) = (legal * share / price, leaked * share / smuggled);
                let units = bought + leak;
                let vintage = &mut state.vintages[(bloc * POOLS + pool) * state.vintages_per_pool + quarter + 1];
                sales::add(vintage, chip, fleet::is_serving(pool), units, wanted * share);
                let vendor = &mut state.vendors[chip.vendor];
                vendor.units += units;
                vendor.flop += units * chip.flop;
                vendor.byte += units * chip.byte;
                output[chip.maker] += units;
                let noted = &mut state.bought[bloc];
                noted.chips += units;
                noted.flop += units * chip.flop;
                noted.byte += units * chip.byte;
                noted.leak_units += leak;
                if run.world.home[if chip.maker == 0 { US } else { CHINA }] == bloc {
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
