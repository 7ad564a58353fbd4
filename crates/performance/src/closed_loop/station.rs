//! Prompts read on chips of their own: a queue with as many servers as the prefill pool has attention ranks.

use super::{
    Requests,
    client::Lengths,
    prices::{Chunk, Prices},
};
use crate::{memory, prepared::Prepared};
use std::{cmp::Reverse, collections::BinaryHeap};

/// The prefill pool of a disaggregated deployment.
pub(super) struct Station<'a> {
    prepared: &'a Prepared,
    prices: Prices<'a>,
    /// When each rank is free, in nanoseconds.
    free: BinaryHeap<Reverse<u64>>,
}

const NANO: f64 = 1e-9;

impl<'a> Station<'a> {
    pub(super) fn new(prepared: &'a Prepared, requests: &Requests) -> Self {
        let ranks = (prepared.deployment.replicas * prepared.deployment.dp) as usize;
        let free = std::iter::repeat_n(Reverse(0), ranks).collect();
        Self { prepared, prices: Prices::new(prepared, requests), free }
    }

    /// When a prompt that is ready at `ready_s` has been read and its cache moved to the chips that write [s].
    pub(super) fn read(&mut self, ready_s: f64, lengths: &Lengths) -> f64 {
        let Reverse(free) = self.free.pop().unwrap_or(Reverse(0));
        let end_s = ready_s.max(free as f64 * NANO) + self.reading_s(lengths);
        self.free.push(Reverse((end_s / NANO) as u64));
        end_s + self.moving_s(lengths)
    }

    fn reading_s(&mut self, lengths: &Lengths) -> f64 {
        let ranks = self.prepared.deployment.dp as f64;
        let limit = self.prepared.scheduler.step_tokens;
        let (mut left, mut time_s) = (lengths.computed, 0.0);
        while left > 0.0 {
            let tokens = left.min(limit);
            // The other ranks of an engine read as well.
            let chunk =
                Chunk { tokens: tokens * ranks, rank_tokens: tokens, prompts: ranks, past: lengths.input - left };
            time_s += self.prices.prefill(&chunk, 0.0, 0.0) / self.prepared.machine.layout.pp;
            left -= tokens;
        }
        time_s
    }

    /// Each chip sends its share of the cache over its own link.
    fn moving_s(&self, lengths: &Lengths) -> f64 {
        let Prepared { machine, architecture, deployment, .. } = self.prepared;
        let (link_byte_per_s, floor_s) = machine.p2p;
        floor_s + memory::sequence_bytes(architecture, deployment, lengths.input) / link_byte_per_s
    }
}
