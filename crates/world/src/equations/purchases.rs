//! E16, purchases: a logit over chips by value per dollar in a use. What the rules deny goes to the next best
//! chip that may be had, to domestic chips as far as they are made, around the controls, or is not spent.

/// Weight of a chip in the choice: `(value / price)^(1/temperature)`, the logit on the log of value per dollar.
pub fn weight(value_per_usd: f64, temperature: f64) -> f64 {
    if value_per_usd <= 0.0 { 0.0 } else { value_per_usd.powf(1.0 / temperature) }
}

/// Training value of a chip: what it computes, less where its links are cut below 600 GB/s.
pub fn training_value(flop_per_s: f64, mfu: f64, io_byte_per_s: f64, interconnect_exponent: f64) -> f64 {
    const FULL: f64 = 600e9;
    let link = if io_byte_per_s >= FULL { 1.0 } else { (io_byte_per_s / FULL).max(0.01).powf(interconnect_exponent) };
    flop_per_s * mfu * link
}

/// One chip as an option of one buyer and use.
#[derive(Clone, Copy, Debug, Default)]
pub struct Choice {
    /// Weight in the choice.
    pub weight: f64,
    /// Share of the demand for it that is shipped.
    pub allowed: f64,
    /// Share of the demand that meets no limit at all: only this can take more than its own demand.
    pub free: f64,
    /// Whether the buyer's own industry makes it.
    pub domestic: bool,
    /// Value per dollar in the use.
    pub value_per_usd: f64,
}

/// The budget of one buyer and use, and what bends it.
#[derive(Clone, Copy, Debug)]
pub struct Budget {
    /// To spend [USD].
    pub usd: f64,
    /// Share of demand for foreign chips that is turned away by the buyer's own government.
    pub guidance: f64,
    /// Domestic chips that may be had [USD].
    pub domestic_usd: f64,
    /// Smuggled share of denied demand at a gap of one.
    pub leak_at_full_gap: f64,
    /// Exponent of the gap.
    pub leak_exponent: f64,
}

/// What a budget bought, all in USD.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Outcome {
    /// Foreign demand that the rules kept from shipping.
    pub denied: f64,
    /// All demand for foreign chips had there been neither rules nor guidance.
    pub uncontrolled_foreign: f64,
    /// Foreign chips bought legally.
    pub legal: f64,
    /// Spent on smuggled chips, without the premium.
    pub leak: f64,
    /// Spent on domestic chips.
    pub domestic: f64,
    /// Not spent, since nothing could be had.
    pub unspent: f64,
}

/// Spends a budget. `legal` and `leaked` receive the USD that go to each chip, in the order of `choices`
/// (domestic chips stand in `legal`).
pub fn spend(choices: &[Choice], budget: Budget, legal: &mut [f64], leaked: &mut [f64]) -> Outcome {
    let mut outcome = Outcome::default();
    let total: f64 = choices.iter().map(|choice| choice.weight).sum();
    legal[..choices.len()].fill(0.0);
    leaked[..choices.len()].fill(0.0);
    if total <= 0.0 || budget.usd <= 0.0 {
        outcome.unspent = budget.usd.max(0.0);
        return outcome;
    }
    // First round: everyone's first choice; what is shipped of it.
    let per_weight = budget.usd / total;
    let mut wanted_domestic = 0.0;
    let (mut free_weight, mut denied_weight) = (0.0, 0.0);
    let (mut best_allowed, mut best_denied) = (0.0_f64, 0.0_f64);
    for (choice, bought) in choices.iter().zip(legal.iter_mut()) {
        let wanted = choice.weight * per_weight;
        if choice.domestic {
            wanted_domestic += wanted;
            best_allowed = best_allowed.max(choice.value_per_usd);
            continue;
        }
        outcome.uncontrolled_foreign += wanted;
        let wanted = wanted * (1.0 - budget.guidance);
        *bought = wanted * choice.allowed;
        outcome.legal += *bought;
        outcome.denied += wanted - *bought;
        free_weight += choice.weight * choice.free;
        denied_weight += choice.weight * (1.0 - choice.allowed);
        best_allowed = best_allowed.max(choice.value_per_usd * choice.free);
        if choice.allowed < 0.5 {
            best_denied = best_denied.max(choice.value_per_usd);
        }
    }
    let mut left = budget.usd - outcome.legal;
    // Around the controls: by the gap between the best denied and the best allowed chip.
    if outcome.denied > 0.0 && budget.leak_at_full_gap > 0.0 {
        let gap = super::controls::gap(best_allowed, best_denied);
        let share = super::controls::leak_share(budget.leak_at_full_gap, gap, 1.0, budget.leak_exponent, 1.0);
        outcome.leak = (outcome.denied * share).min(left);
    }
    if denied_weight > 0.0 && outcome.leak > 0.0 {
        let per_denied = outcome.leak / denied_weight;
        for (choice, leak) in choices.iter().zip(leaked.iter_mut()).filter(|(choice, _)| !choice.domestic) {
            *leak = choice.weight * (1.0 - choice.allowed) * per_denied;
        }
    } else {
        outcome.leak = 0.0;
    }
    left -= outcome.leak;
    // Second round. Domestic chips get their own first choice, what guidance sends them, and their part of what
    // was denied, as far as they are made; what is left of the denied money goes to foreign chips that are free.
    let domestic_weight: f64 = choices.iter().filter(|choice| choice.domestic).map(|choice| choice.weight).sum();
    let turned_away = outcome.uncontrolled_foreign * budget.guidance;
    let denied_left = (left - wanted_domestic - turned_away).max(0.0);
    let share_domestic = if domestic_weight > 0.0 { domestic_weight / (domestic_weight + free_weight) } else { 0.0 };
    let wants = (wanted_domestic + turned_away + denied_left * share_domestic).min(left);
    outcome.domestic = if domestic_weight > 0.0 { wants.min(budget.domestic_usd) } else { 0.0 };
    left = (left - outcome.domestic).max(0.0);
    // What guidance turned away does not come back to foreign chips when domestic ones run out.
    let turned_away_left = (turned_away - (outcome.domestic - wanted_domestic).max(0.0)).clamp(0.0, left);
    let more_foreign = if free_weight > 0.0 { left - turned_away_left } else { 0.0 };
    outcome.legal += more_foreign;
    outcome.unspent = (left - more_foreign).max(0.0);
    for (choice, bought) in choices.iter().zip(legal.iter_mut()) {
        if choice.domestic && domestic_weight > 0.0 {
            *bought = choice.weight / domestic_weight * outcome.domestic;
        } else if !choice.domestic && free_weight > 0.0 {
            *bought += choice.weight * choice.free / free_weight * more_foreign;
        }
    }
    outcome
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chip(weight: f64, allowed: f64, domestic: bool) -> Choice {
        Choice { weight, allowed, free: if allowed == 1.0 { 1.0 } else { 0.0 }, domestic, value_per_usd: weight }
    }

    const BUDGET: Budget =
        Budget { usd: 100.0, guidance: 0.0, domestic_usd: 10.0, leak_at_full_gap: 0.2, leak_exponent: 1.0 };

    fn spent(choices: &[Choice], budget: Budget) -> (Outcome, Vec<f64>, Vec<f64>) {
        let (mut legal, mut leaked) = (vec![0.0; choices.len()], vec![0.0; choices.len()]);
        let outcome = spend(choices, budget, &mut legal, &mut leaked);
        let accounted = legal.iter().sum::<f64>() + leaked.iter().sum::<f64>() + outcome.unspent;
        assert!((accounted - budget.usd).abs() < 1e-9, "every dollar is spent once or left: {accounted}");
        (outcome, legal, leaked)
    }

    #[test]
    fn twice_the_value_per_dollar_at_temperature_a_half_is_chosen_four_times_as_often() {
        assert!((weight(2.0, 0.5) / weight(1.0, 0.5) - 4.0).abs() < 1e-12);
    }

    #[test]
    fn without_rules_money_follows_the_weights() {
        let (outcome, legal, _) = spent(&[chip(3.0, 1.0, false), chip(1.0, 1.0, false)], BUDGET);
        assert_eq!(legal, [75.0, 25.0]);
        assert_eq!((outcome.denied, outcome.unspent), (0.0, 0.0));
    }

    #[test]
    fn a_denied_buyer_takes_the_next_best_chip_that_is_free() {
        let (outcome, legal, leaked) = spent(&[chip(3.0, 0.0, false), chip(1.0, 1.0, false)], BUDGET);
        // 75 denied; gap 1 - 1/3 = 2/3, so 75 x 0.2 x 2/3 = 10 leak and 90 buy the free chip.
        assert_eq!(outcome.denied, 75.0);
        assert!((leaked[0] - 10.0).abs() < 1e-9 && (legal[1] - 90.0).abs() < 1e-9);
    }

    #[test]
    fn where_all_is_denied_domestic_chips_are_bought_up_and_the_rest_is_not_spent() {
        let (outcome, legal, leaked) = spent(&[chip(3.0, 0.0, false), chip(1.0, 1.0, true)], BUDGET);
        assert_eq!(legal[1], 10.0);
        assert!((leaked[0] - 10.0).abs() < 1e-9);
        assert!((outcome.unspent - 80.0).abs() < 1e-9);
    }

    #[test]
    fn what_guidance_turns_away_buys_domestic_chips_or_nothing() {
        let budget = Budget { guidance: 0.4, ..BUDGET };
        let (outcome, legal, _) = spent(&[chip(3.0, 1.0, false), chip(1.0, 1.0, true)], budget);
        // 75 wanted abroad, 30 turned away. 10 of the 25 wanted at home are made; the other 15 go abroad, the 30 do not.
        assert!((outcome.unspent - 30.0).abs() < 1e-9);
        assert!((legal[0] - 60.0).abs() < 1e-9);
        assert_eq!(outcome.denied, 0.0);
    }

    #[test]
    fn a_cut_link_lowers_training_value_and_nothing_else() {
        assert_eq!(training_value(1e15, 0.4, 900e9, 0.3), 4e14);
        assert!((training_value(1e15, 0.4, 300e9, 0.3) / 4e14 - 0.5_f64.powf(0.3)).abs() < 1e-12);
    }
}
