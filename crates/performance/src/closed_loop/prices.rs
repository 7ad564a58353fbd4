//! Step times of one deployment and workload, priced once for each kind of step that a run needs.
//!
//! A step of decodes is linear in the mean context between two prices; between two batches on a grid it is
//! interpolated. What a prompt chunk adds to a step is priced at the nearest grid point of its tokens, its past and
//! the batch beside it, and scaled by its tokens.

use super::Requests;
use crate::{prepared::Prepared, step::Load};
use std::collections::BTreeMap;

/// Ratio of neighbours of the grid of batches.
const BATCH_RATIO: f64 = 1.15;
/// Ratio of neighbours of the grid of prompt tokens.
const TOKENS_RATIO: f64 = 1.05;
/// Steps of the grid of pasts over a prompt.
const PAST_STEPS: f64 = 8.0;

/// Prompt tokens of a step over all attention ranks.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Chunk {
    /// All of them.
    pub tokens: f64,
    /// Those of the fullest rank.
    pub rank_tokens: f64,
    /// Prompts that they belong to.
    pub prompts: f64,
    /// Tokens of each of them in the cache, mean.
    pub past: f64,
}

/// The time of a step of decodes: `base_s + slope_s x context`.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Line {
    pub base_s: f64,
    pub slope_s: f64,
}

impl Line {
    pub(crate) fn at(&self, context: f64) -> f64 {
        self.base_s + self.slope_s * context
    }
}

/// Prices of one run.
pub(crate) struct Prices<'a> {
    prepared: &'a Prepared,
    ranks: f64,
    /// Between these contexts decodes are priced.
    contexts: (f64, f64),
    longest: f64,
    lines: BTreeMap<u32, Line>,
    chunks: BTreeMap<[u32; 5], f64>,
}

impl<'a> Prices<'a> {
    pub(crate) fn new(prepared: &'a Prepared, requests: &Requests) -> Self {
        Self {
            prepared,
            ranks: prepared.deployment.dp as f64,
            contexts: (requests.input, requests.input + requests.output),
            longest: requests.input,
            lines: BTreeMap::new(),
            chunks: BTreeMap::new(),
        }
    }

    /// A step of `decoding` requests over all ranks.
    pub(crate) fn decode(&mut self, decoding: f64) -> Line {
        let ranks = self.ranks.min(decoding.max(1.0));
        let batch = (decoding / ranks).max(1.0);
        let (low, high) = neighbours(batch, BATCH_RATIO);
        let (a, b) = (self.line(low), self.line(high));
        if low == high {
            return a;
        }
        let share = (batch - node(low)) / (node(high) - node(low));
        let mix = |a: f64, b: f64| a + share * (b - a);
        Line { base_s: mix(a.base_s, b.base_s), slope_s: mix(a.slope_s, b.slope_s) }
    }

    fn line(&mut self, at: u32) -> Line {
        let Self { prepared, ranks, contexts: (from, to), .. } = *self;
        *self.lines.entry(at).or_insert_with(|| {
            let pp = prepared.machine.layout.pp;
            let step = |context| prepared.step(&Load::decode((node(at) / pp).max(1e-3), context, ranks)).time_s;
            let (first, last) = (step(from), step(to));
            let slope_s = if to > from { (last - first) / (to - from) } else { 0.0 };
            Line { base_s: first - slope_s * from, slope_s }
        })
    }

    /// What `chunk` adds to a step of `decoding` requests at a mean context; from start to end, with the time of the
    /// decodes themselves where there are none [s].
    pub(crate) fn prefill(&mut self, chunk: &Chunk, decoding: f64, context: f64) -> f64 {
        let batch = decoding / self.ranks;
        let batch_at = if batch < 1.0 { 0 } else { 1 + neighbours(batch, 1.5).0 };
        let batch = if batch_at == 0 { 0.0 } else { node_of(batch_at - 1, 1.5) };
        let tokens_at = neighbours(chunk.rank_tokens, TOKENS_RATIO).0;
        let rank_tokens = node_of(tokens_at, TOKENS_RATIO);
        let each_at = neighbours((chunk.tokens / chunk.prompts).max(1.0), TOKENS_RATIO).0;
        let past_at = (chunk.past / self.longest * PAST_STEPS).round();
        // Attention ranks with prompts, in tenths.
        let busy_at = (chunk.tokens / chunk.rank_tokens * 10.0).round();
        let key = [batch_at, tokens_at, each_at, past_at as u32, busy_at as u32];
        let Self { prepared, longest, ranks, .. } = *self;
        let added_s = *self.chunks.entry(key).or_insert_with(|| {
            let tokens = batch + rank_tokens;
            // Ranks that would do the same at once: those without prompts still send their decodes.
            let alike = (batch * ranks + rank_tokens * busy_at / 10.0) / tokens;
            let pp = prepared.machine.layout.pp;
            let prompts = (rank_tokens / node_of(each_at, TOKENS_RATIO)).max(1.0);
            let load = Load {
                decode: batch / pp,
                context,
                prefill: rank_tokens,
                prompts,
                past: past_at / PAST_STEPS * longest,
                ranks: alike.max(1.0),
                ..Load::default()
            };
            let whole_s = prepared.step(&load).time_s;
            let decodes_s =
                if batch > 0.0 { prepared.step(&Load::decode(batch / pp, context, ranks)).time_s } else { 0.0 };
            (whole_s - decodes_s).max(0.0)
        });
        added_s * chunk.rank_tokens / rank_tokens
    }
}

/// Grid points beside a number from 1 on: whole numbers first, then a geometric row.
fn neighbours(value: f64, ratio: f64) -> (u32, u32) {
    let value = value.max(1.0);
    let at = (value.ln() / ratio.ln()).floor() as u32;
    (at, at + 1)
}

fn node(at: u32) -> f64 {
    node_of(at, BATCH_RATIO)
}

fn node_of(at: u32, ratio: f64) -> f64 {
    ratio.powi(at as i32)
}
