//! Learning the 80 % intervals of `data/intervals.csv` from how far predictions were off.
//!
//! For each figure and tier the middle 80 % of measurement over prediction, low and high apart: errors are not
//! symmetric. Tiers with few setups learn together with the next; so do two tiers of which the better known one would
//! come out the wider, since a reader expects an interval to grow with ignorance (pool-adjacent-violators, Ayer et al.
//! 1955). The quantiles are those of split conformal prediction (Vovk, Gammerman and Shafer, 2005): the k-th of n + 1.

use performance::interval::{FOLDS, Figure, Interval, IntervalRow, TIERS, fold};
use std::fmt::Write;
use units::Tier;

use super::{LeaveOut, score::Scored};

/// Setups that a tier must have to learn by itself.
const LEAST: usize = 30;
/// Setups without which a figure has no interval at all.
const FEWEST: usize = 5;
/// Share of measurements that an interval leaves out on each side [fraction].
const TAIL: f64 = 0.1;

/// Neighbouring tiers that learn together.
struct Block {
    tiers: Vec<Tier>,
    /// Logarithms of measurement over prediction, ascending.
    errors: Vec<f64>,
}

impl Block {
    fn joined(mut self, other: Self) -> Self {
        self.tiers.extend(other.tiers);
        self.errors.extend(other.errors);
        self.errors.sort_by(f64::total_cmp);
        self
    }

    fn ends(&self) -> (f64, f64) {
        let count = self.errors.len();
        let low = (TAIL * (count + 1) as f64).floor() as usize;
        let high = ((1.0 - TAIL) * (count + 1) as f64).ceil() as usize;
        (self.errors[low.saturating_sub(1)], self.errors[(high - 1).min(count - 1)])
    }

    fn width(&self) -> f64 {
        let (low, high) = self.ends();
        high - low
    }
}

/// One row for each figure, tier and fold, and one for all folds together; with the setups that it rests on.
fn learn(scored: &[Scored]) -> Vec<(IntervalRow, usize)> {
    let mut rows = Vec::new();
    for figure in Figure::ALL {
        for without in [None].into_iter().chain((0..FOLDS).map(Some)) {
            for block in blocks(scored, figure, without) {
                let (low, high) = block.ends();
                let interval = Interval { lo_ratio: low.exp(), hi_ratio: high.exp() };
                let row = |tier| IntervalRow { figure, tier, fold: without, interval };
                rows.extend(block.tiers.iter().map(|tier| (row(*tier), block.errors.len())));
            }
        }
    }
    rows.sort_by_key(|(row, _)| (row.figure, row.tier, row.fold));
    rows
}

/// The tiers of a figure, joined until each has enough and none is wider than the next.
fn blocks(scored: &[Scored], figure: Figure, without: Option<u64>) -> Vec<Block> {
    let of = |tier: Tier| {
        let used = scored.iter().filter(|group| {
            let held = without.is_some_and(|held| held == fold(&group.run.chip, &group.run.model));
            group.figure() == figure && group.tier == tier && !held && !group.run.order_only
        });
        let mut errors: Vec<f64> = used.map(|group| (group.truth() / group.predicted).ln()).collect();
        errors.sort_by(f64::total_cmp);
        Block { tiers: vec![tier], errors }
    };
    let mut blocks: Vec<Block> = Vec::new();
    for block in TIERS.map(of) {
        match blocks.pop_if(|last| last.errors.len() < LEAST) {
            Some(last) => blocks.push(last.joined(block)),
            None => blocks.push(block),
        }
        while let [.., better, worse] = blocks.as_slice()
            && worse.errors.len() >= LEAST
            && better.width() > worse.width()
            && let (Some(worse), Some(better)) = (blocks.pop(), blocks.pop())
        {
            blocks.push(better.joined(worse));
        }
    }
    // The last ones may be few: they learn with those before them.
    while blocks.len() > 1
        && blocks.last().is_some_and(|last| last.errors.len() < LEAST)
        && let (Some(last), Some(before)) = (blocks.pop(), blocks.pop())
    {
        blocks.push(before.joined(last));
    }
    blocks.retain(|block| block.errors.len() >= FEWEST);
    blocks
}

/// The table that these predictions teach, as CSV.
pub fn table(scored: &[Scored], leave_out: LeaveOut) -> String {
    let mut text = String::from("figure,tier,fold,setups,lo_ratio,hi_ratio,source,date,licence,confidence\n");
    for (IntervalRow { figure, tier, fold, interval }, setups) in learn(scored) {
        let fold = fold.map_or_else(|| "all".to_string(), |fold| fold.to_string());
        let confidence = if setups >= 200 {
            "high"
        } else if setups >= LEAST {
            "medium"
        } else {
            "low"
        };
        let (figure, tier, left_out) = (figure.name(), tier.name(), leave_out.name());
        let Interval { lo_ratio, hi_ratio } = interval;
        let source = format!("errors of downstream validate --leave-out {left_out} on public measurements");
        let provenance = format!("{source},2026-11,MIT OR Apache-2.0,{confidence}");
        // Writing to a string does not fail.
        let _ = writeln!(text, "{figure},{tier},{fold},{setups},{lo_ratio:.4},{hi_ratio:.4},{provenance}");
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn block(errors: impl IntoIterator<Item = f64>) -> Block {
        Block { tiers: vec![Tier::Measured], errors: errors.into_iter().collect() }
    }

    #[test]
    fn ends_are_the_quantiles_of_conformal_prediction() {
        // Of 1..=99 the 10th and the 90th of 100 places.
        assert_eq!(block((1..=99).map(f64::from)).ends(), (10.0, 90.0));
        // Of few the outermost: nothing is known beyond them.
        assert_eq!(block((1..=5).map(f64::from)).ends(), (1.0, 5.0));
    }
}
