//! E16, purchases: a logit over chips by value per dollar in a use. What the rules deny goes to the next best
//! chip that may be had, to domestic chips as far as they are made, around the controls, or is not spent.

use super::controls::{self, Leak};

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

/// How a chip may be had.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Shipped in full, without any limit.
    Open,
    /// The share of first choices that is shipped.
    Allowed,
    /// The share that meets no limit: only this can take more than its own demand.
    Free,
    /// What is kept from shipping, and may be smuggled.
    Denied,
    /// Made by the buyer's own industry.
    Domestic,
}

/// What one buyer may choose from in one use: sums of weights, and the best values per dollar.
#[derive(Clone, Copy, Debug, Default)]
pub struct Pool {
    /// Weight of foreign chips; of them what is shipped, and what meets no limit.
    pub foreign: f64,
    /// See `foreign`.
    pub allowed: f64,
    /// See `foreign`.
    pub free: f64,
    /// Weight of the chips of the buyer's own industry.
    pub domestic: f64,
    /// Best value per dollar of what may be had: own chips, and foreign ones as far as they are free.
    pub best_allowed: f64,
    /// Best value per dollar of foreign chips that are mostly denied.
    pub best_denied: f64,
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
    /// The leak under this quarter's enforcement.
    pub leak: Leak,
}

/// What a budget bought, all in USD, and the USD that go to each weight by kind.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Spent {
    /// The budget.
    pub usd: f64,
    /// Foreign demand that the rules kept from shipping.
    pub denied: f64,
    /// All demand for foreign chips had there been neither rules nor guidance.
    pub uncontrolled_foreign: f64,
    /// Foreign chips bought legally.
    pub legal: f64,
    /// Spent on smuggled chips.
    pub leak: f64,
    /// Premium of smuggled chips over their price.
    pub premium: f64,
    /// Spent on domestic chips.
    pub domestic: f64,
    /// Not spent, since nothing could be had.
    pub unspent: f64,
    /// USD denied to each weight of denied chips.
    pub denied_per_weight: f64,
    allowed_per_weight: f64,
    free_per_weight: f64,
    leak_per_weight: f64,
    domestic_per_weight: f64,
}

impl Spent {
    /// USD that buy chips, per weight of a kind.
    #[inline]
    pub fn per_weight(&self, kind: Kind) -> f64 {
        match kind {
            Kind::Open => self.allowed_per_weight + self.free_per_weight,
            Kind::Allowed => self.allowed_per_weight,
            Kind::Free => self.free_per_weight,
            Kind::Denied => self.leak_per_weight,
            Kind::Domestic => self.domestic_per_weight,
        }
    }
}

/// Spends a budget.
pub fn spend(pool: &Pool, budget: Budget) -> Spent {
    let mut spent = Spent { usd: budget.usd.max(0.0), ..Spent::default() };
    let total = pool.foreign + pool.domestic;
    if total <= 0.0 || budget.usd <= 0.0 {
        spent.unspent = spent.usd;
        return spent;
    }
    // First round: everyone's first choice; what is shipped of it.
    let per_weight = budget.usd / total;
    let wanted_domestic = pool.domestic * per_weight;
    let denied_weight = (pool.foreign - pool.allowed).max(0.0);
    spent.uncontrolled_foreign = pool.foreign * per_weight;
    spent.allowed_per_weight = per_weight * (1.0 - budget.guidance);
    spent.denied_per_weight = spent.allowed_per_weight;
    spent.legal = pool.allowed * spent.allowed_per_weight;
    spent.denied = denied_weight * spent.denied_per_weight;
    let mut left = budget.usd - spent.legal;
    // Around the controls: by the gap between the best denied and the best allowed chip, and the premium it bears.
    if spent.denied > 0.0 && budget.leak.share > 0.0 {
        let gap = controls::gap(pool.best_allowed, pool.best_denied);
        spent.premium = budget.leak.premium_at(gap);
        spent.leak = (spent.denied * budget.leak.share_at(gap)).min(left);
        spent.leak_per_weight = spent.leak / denied_weight;
    }
    left -= spent.leak;
    // Second round. Domestic chips get their own first choice, what guidance sends them, and their part of what
    // was denied, as far as they are made; what is left of the denied money goes to foreign chips that are free.
    let turned_away = spent.uncontrolled_foreign * budget.guidance;
    let denied_left = (left - wanted_domestic - turned_away).max(0.0);
    if pool.domestic > 0.0 {
        let share_domestic = pool.domestic / (pool.domestic + pool.free);
        let wants = (wanted_domestic + turned_away + denied_left * share_domestic).min(left);
        spent.domestic = wants.min(budget.domestic_usd);
        spent.domestic_per_weight = spent.domestic / pool.domestic;
    }
    left = (left - spent.domestic).max(0.0);
    // What guidance turned away does not come back to foreign chips when domestic ones run out.
    let turned_away_left = (turned_away - (spent.domestic - wanted_domestic).max(0.0)).clamp(0.0, left);
    if pool.free > 0.0 {
        let more = left - turned_away_left;
        spent.legal += more;
        spent.free_per_weight = more / pool.free;
        left -= more;
    }
    spent.unspent = left.max(0.0);
    spent
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Weight, share that is shipped, whether it is made at home; value per dollar is the weight.
    type Chip = (f64, f64, bool);

    const LEAK: Leak = Leak { share: 0.2, gap_then: 1.0, premium_then: 0.5, premium_exponent: 0.0 };
    const BUDGET: Budget = Budget { usd: 100.0, guidance: 0.0, domestic_usd: 10.0, leak: LEAK };

    /// USD for each chip, legally and around the controls.
    fn spent(chips: &[Chip], budget: Budget) -> (Spent, Vec<f64>, Vec<f64>) {
        let mut pool = Pool::default();
        for (weight, allowed, domestic) in chips.iter().copied() {
            if domestic {
                pool.domestic += weight;
                pool.best_allowed = pool.best_allowed.max(weight);
                continue;
            }
            pool.foreign += weight;
            pool.allowed += weight * allowed;
            if allowed == 1.0 {
                pool.free += weight;
                pool.best_allowed = pool.best_allowed.max(weight);
            } else if allowed < 0.5 {
                pool.best_denied = pool.best_denied.max(weight);
            }
        }
        let spent = spend(&pool, budget);
        let legal: Vec<f64> = chips
            .iter()
            .map(|(weight, allowed, domestic)| {
                let kind = match (*domestic, *allowed == 1.0) {
                    (true, _) => return weight * spent.per_weight(Kind::Domestic),
                    (false, true) => Kind::Open,
                    (false, false) => Kind::Allowed,
                };
                weight * allowed * spent.per_weight(kind)
            })
            .collect();
        let leaked: Vec<f64> = chips
            .iter()
            .map(
                |(weight, allowed, domestic)| {
                    if *domestic { 0.0 } else { weight * (1.0 - allowed) * spent.per_weight(Kind::Denied) }
                },
            )
            .collect();
        let accounted = legal.iter().sum::<f64>() + leaked.iter().sum::<f64>() + spent.unspent;
        assert!((accounted - budget.usd).abs() < 1e-9, "every dollar is spent once or left: {accounted}");
        (spent, legal, leaked)
    }

    #[test]
    fn twice_the_value_per_dollar_at_temperature_a_half_is_chosen_four_times_as_often() {
        assert!((weight(2.0, 0.5) / weight(1.0, 0.5) - 4.0).abs() < 1e-12);
    }

    #[test]
    fn without_rules_money_follows_the_weights() {
        let (spent, legal, _) = spent(&[(3.0, 1.0, false), (1.0, 1.0, false)], BUDGET);
        assert_eq!(legal, [75.0, 25.0]);
        assert_eq!((spent.denied, spent.unspent), (0.0, 0.0));
    }

    #[test]
    fn a_denied_buyer_takes_the_next_best_chip_that_is_free() {
        let (spent, legal, leaked) = spent(&[(3.0, 0.0, false), (1.0, 1.0, false)], BUDGET);
        // 75 denied; gap 1 - 1/3 = 2/3, so 75 x 0.2 x 2/3 = 10 leak and 90 buy the free chip.
        assert_eq!(spent.denied, 75.0);
        assert!((leaked[0] - 10.0).abs() < 1e-9 && (legal[1] - 90.0).abs() < 1e-9);
    }

    #[test]
    fn where_all_is_denied_domestic_chips_are_bought_up_and_the_rest_is_not_spent() {
        let (spent, legal, leaked) = spent(&[(3.0, 0.0, false), (1.0, 1.0, true)], BUDGET);
        assert!((legal[1] - 10.0).abs() < 1e-9);
        assert!((leaked[0] - 10.0).abs() < 1e-9);
        assert!((spent.unspent - 80.0).abs() < 1e-9);
    }

    #[test]
    fn what_guidance_turns_away_buys_domestic_chips_or_nothing() {
        let budget = Budget { guidance: 0.4, ..BUDGET };
        let (spent, legal, _) = spent(&[(3.0, 1.0, false), (1.0, 1.0, true)], budget);
        // 75 wanted abroad, 30 turned away. 10 of the 25 wanted at home are made; the other 15 go abroad, the 30 do not.
        assert!((spent.unspent - 30.0).abs() < 1e-9);
        assert!((legal[0] - 60.0).abs() < 1e-9);
        assert_eq!(spent.denied, 0.0);
    }

    #[test]
    fn a_cut_link_lowers_training_value_and_nothing_else() {
        assert_eq!(training_value(1e15, 0.4, 900e9, 0.3), 4e14);
        assert!((training_value(1e15, 0.4, 300e9, 0.3) / 4e14 - 0.5_f64.powf(0.3)).abs() < 1e-12);
    }
}
