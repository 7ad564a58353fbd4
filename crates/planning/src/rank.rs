//! Candidates in the order of their cost.

use std::cmp::Ordering;
use units::SECONDS_PER_MONTH;

use crate::{Candidate, Found, PriceBook};

/// A candidate with its cost.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Priced<'a> {
    /// The candidate.
    pub candidate: &'a Candidate,
    /// What it costs, all hours [USD/month].
    pub usd_per_month: f64,
    /// The same over the tokens read and written at the request's rate [USD per million tokens].
    pub usd_per_mtok_total: f64,
}

impl Found {
    /// The cheapest candidate at these prices; `None` where none has a price.
    pub fn cheapest(&self, prices: &PriceBook<f64>) -> Option<Priced<'_>> {
        self.priced(prices).min_by(order)
    }

    /// The cheapest candidate of each chip, in the order of cost; equal costs in a fixed order.
    pub fn ranked(&self, prices: &PriceBook<f64>) -> Vec<Priced<'_>> {
        let mut best: Vec<Priced> = Vec::new();
        // Candidates of a chip stand together.
        for priced in self.priced(prices) {
            match best.last_mut() {
                Some(last) if last.candidate.chip == priced.candidate.chip => {
                    if order(&priced, last) == Ordering::Less {
                        *last = priced;
                    }
                }
                _ => best.push(priced),
            }
        }
        best.sort_by(order);
        best
    }

    /// Candidates that these prices do not cover: owned ones whose power is not known [count].
    pub fn without_price(&self, prices: &PriceBook<f64>) -> u64 {
        self.candidates.len() as u64 - self.priced(prices).count() as u64
    }

    fn priced<'a, 'p>(&'a self, prices: &'p PriceBook<f64>) -> impl Iterator<Item = Priced<'a>> + use<'a, 'p> {
        self.candidates.iter().filter_map(|candidate| {
            let usd_per_month = prices.usd_per_month(candidate)?;
            let mtok = self.rate_per_s * SECONDS_PER_MONTH * candidate.tokens_per_request / 1e6;
            Some(Priced { candidate, usd_per_month, usd_per_mtok_total: usd_per_month / mtok })
        })
    }
}

/// By cost, then chips, then the chip's id, then the layout: no two candidates are equal.
fn order(a: &Priced, b: &Priced) -> Ordering {
    let layout = |priced: &Priced| {
        let deployment = &priced.candidate.deployment;
        let counts = [deployment.tp, deployment.pp, deployment.dp, deployment.ep];
        (counts, deployment.weights, deployment.kv)
    };
    a.usd_per_month
        .total_cmp(&b.usd_per_month)
        .then_with(|| a.candidate.deployment.chips().cmp(&b.candidate.deployment.chips()))
        .then_with(|| a.candidate.chip.cmp(&b.candidate.chip))
        .then_with(|| layout(a).cmp(&layout(b)))
}
