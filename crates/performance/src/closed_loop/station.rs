//! Prompts read on chips of their own: engines that take what waits into a step, and hand the cache on.
//!
//! Each worker of the prefill pool is an engine of some attention ranks. Where it is free it begins a step with the
//! prompts that are ready, each on the rank with the fewest tokens, up to the step's limit on each rank; a longer prompt
//! takes several steps. All ranks of a step wait for the fullest. Then the cache crosses the link, and the engine that writes
//! takes the request over.

use super::{
    Requests,
    client::Lengths,
    prices::{Chunk, Prices},
};
use crate::{memory, prepared::Prepared};
use std::collections::VecDeque;

/// The prefill pool of a disaggregated deployment.
pub(super) struct Station<'a> {
    prepared: &'a Prepared,
    prices: Prices<'a>,
    /// From a rank that reads to one that writes [byte/s].
    link_byte_per_s: f64,
    /// Prompts that no worker has begun, in the order of the times they are ready.
    waiting: VecDeque<Prompt>,
    workers: Vec<Worker>,
}

/// A prompt on its way.
#[derive(Clone, Copy, Debug)]
struct Prompt {
    index: usize,
    ready_s: f64,
    lengths: Lengths,
    left: f64,
}

/// One engine of the pool.
#[derive(Clone, Debug, Default)]
struct Worker {
    free_s: f64,
    /// Prompts that it has begun and not read to their end.
    begun: VecDeque<Prompt>,
}

/// A request whose cache is with the engine that writes.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Handed {
    pub index: usize,
    pub at_s: f64,
}

impl<'a> Station<'a> {
    /// The pool of `prepared`, for tokens that are written on `writer`.
    pub(super) fn new(prepared: &'a Prepared, writer: &Prepared, requests: &Requests) -> Self {
        let chips = prepared.deployment.chips() + writer.deployment.chips();
        Self {
            prepared,
            prices: Prices::new(prepared, requests),
            link_byte_per_s: prepared.machine.all_reduce.link_between(chips as f64),
            waiting: VecDeque::new(),
            workers: vec![Worker::default(); prepared.deployment.replicas as usize],
        }
    }

    /// Takes in a prompt that is ready at `ready_s`.
    pub(super) fn take(&mut self, index: usize, ready_s: f64, lengths: Lengths) {
        let at = self.waiting.partition_point(|other| other.ready_s <= ready_s);
        self.waiting.insert(at, Prompt { index, ready_s, lengths, left: lengths.computed });
    }

    /// When the next step begins, of a pool that has prompts [s].
    pub(super) fn next_step_s(&self) -> Option<f64> {
        let ready_s = self.waiting.front().map(|prompt| prompt.ready_s);
        let begins = |worker: &Worker| {
            let ready_s = if worker.begun.is_empty() { ready_s? } else { 0.0 };
            Some(worker.free_s.max(ready_s))
        };
        self.workers.iter().filter_map(begins).min_by(f64::total_cmp)
    }

    /// Runs every step that begins up to `now_s`; nothing that arrives later can change them.
    pub(super) fn run_until(&mut self, now_s: f64) -> Vec<Handed> {
        let mut handed = Vec::new();
        while let Some(start_s) = self.next_step_s().filter(|start_s| *start_s <= now_s) {
            let ready = self.waiting.front().is_some_and(|prompt| prompt.ready_s <= start_s);
            let can = |worker: &Worker| worker.free_s <= start_s && (ready || !worker.begun.is_empty());
            let Some(at) = self.workers.iter().position(can) else { break };
            self.step(at, start_s, &mut handed);
        }
        handed
    }

    /// One step of a worker.
    fn step(&mut self, at: usize, start_s: f64, handed: &mut Vec<Handed>) {
        let ranks = self.prepared.deployment.dp as usize;
        let limit = self.prepared.scheduler.step_tokens;
        let mut load = vec![0.0_f64; ranks];
        let (mut tokens, mut past, mut count) = (0.0, 0.0, 0.0);
        let mut place = |prompt: &mut Prompt| {
            let rank = load.iter_mut().min_by(|a, b| a.total_cmp(b))?;
            // A prompt begins where it fits, or where nothing is yet.
            if *rank > 0.0 && *rank + prompt.left > limit {
                return None;
            }
            let chunk = prompt.left.min(limit);
            *rank += chunk;
            past += prompt.lengths.input - prompt.left;
            prompt.left -= chunk;
            (tokens, count) = (tokens + chunk, count + 1.0);
            Some(())
        };
        let worker = &mut self.workers[at];
        for prompt in &mut worker.begun {
            let _ = place(prompt);
        }
        while let Some(prompt) = self.waiting.front_mut().filter(|prompt| prompt.ready_s <= start_s) {
            if place(prompt).is_none() {
                break;
            }
            worker.begun.extend(self.waiting.pop_front());
        }
        let rank_tokens = load.iter().copied().fold(0.0, f64::max);
        let chunk = Chunk { tokens, rank_tokens, prompts: count, past: past / count };
        let step_s = self.prices.prefill(&chunk, 0.0, 0.0);
        worker.free_s = start_s + step_s / self.prepared.machine.layout.pp;
        let (ended, begun): (VecDeque<Prompt>, _) = worker.begun.drain(..).partition(|prompt| prompt.left <= 0.0);
        worker.begun = begun;
        for prompt in ended {
            handed.push(Handed { index: prompt.index, at_s: start_s + step_s + self.handing_s(&prompt.lengths) });
        }
    }

    /// Each chip sends its share of the cache over its own link; the engines agree on it first.
    fn handing_s(&self, lengths: &Lengths) -> f64 {
        let Prepared { machine, architecture, deployment, .. } = self.prepared;
        machine.host.handover_s + memory::sequence_bytes(architecture, deployment, lengths.input) / self.link_byte_per_s
    }
}
