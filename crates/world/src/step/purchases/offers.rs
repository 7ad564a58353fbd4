//! What is on sale in a quarter (E20), and what each bloc may have of it (E12).

use super::MOST_OFFERS;
use crate::{
    regions::US,
    run::{Access, MAKERS, Run},
    state::State,
    tables::Reach,
};

/// A chip that a bloc may choose.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Offer {
    /// Index in the catalogue.
    pub chip: usize,
    /// Weight in the choice by use, at this quarter's prices.
    pub weight: [f64; 2],
    /// Value per dollar by use, at this quarter's prices.
    pub value: [f64; 2],
    /// What of it the bloc gets.
    pub access: Access,
    /// Whether the bloc's own industry makes it, in numbers that are limited.
    pub domestic: bool,
}

/// Collects every bloc's offers.
pub(super) fn collect(run: &Run, state: &State, quarter: usize, offers: &mut [Vec<Offer>]) {
    let exponent = -1.0 / run.setup.p.purchase_temperature;
    // Learning lowers the price of the chip, not of what stands beside it.
    let all_in: [f64; MAKERS] = state.learning.map(|factor| factor + run.setup.beside_chip);
    let dearer = all_in.map(|all_in| all_in.powf(exponent));
    for list in offers.iter_mut() {
        list.clear();
    }
    let now = quarter as i32;
    for (chip, draw) in run.setup.chips.iter().enumerate() {
        if draw.from > now || now >= draw.until {
            continue;
        }
        let reach = run.world.tables.lines[draw.line].reach;
        for (bloc, list) in offers.iter_mut().enumerate() {
            let constant = run.setup.line_weight[draw.line][bloc];
            if constant <= 0.0 || list.len() == MOST_OFFERS {
                continue;
            }
            let domestic = reach == Reach::Domestic;
            let access = if domestic || run.world.blocs[bloc].weight[US] >= 1.0 {
                Access { allowed: 1.0, free: 1.0 }
            } else {
                run.setup.access(run.policy, quarter, chip, bloc)
            };
            // A vendor offers a cut chip only where the full one is mostly denied.
            if let Some(full) = draw.cut_from
                && (access.allowed <= 0.0
                    || run.world.blocs[bloc].weight[US] >= 1.0
                    || run.setup.access(run.policy, quarter, full, bloc).allowed >= 0.5)
            {
                continue;
            }
            list.push(Offer {
                chip,
                weight: draw.weight.map(|weight| weight * dearer[draw.maker] * constant),
                value: draw.value.map(|value| value / all_in[draw.maker]),
                access,
                domestic,
            });
        }
    }
}
