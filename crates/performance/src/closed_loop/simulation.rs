//! A closed loop step by step: what each scheduler does with each prompt, from the start-up burst to the last token.
//!
//! One engine serves its share of the requests in flight. Steps of decodes alone are taken many at once, up to the
//! next event: a request ends, a prompt arrives, the queue is looked at. All else is one step at a time. The same
//! deployment, workload and client give the same run, to the bit.
//!
//! Schedulers: *prefill first* (SGLang) reads all waiting prompts in steps of their own while decodes wait; *mixed*
//! (vLLM, TensorRT-LLM, generic) reads them beside the decodes, in the tokens that these leave of a step; TensorRT-LLM
//! reads a prompt whole where a step can hold it.

use super::{
    Conditions, Requests, Scheduler,
    client::{Client, Draw, Lengths},
    prices::{Chunk, Prices},
    station::{Handed, Station},
    vision_s,
};
use crate::{memory, prepared::Prepared, workload::Workload};
use std::{
    cmp::Reverse,
    collections::{BinaryHeap, VecDeque},
};

/// Most requests in flight at an engine that are simulated one by one; more are taken as a share of the whole.
const MOST: u64 = 1 << 14;

/// A benchmark run from its first request to its last, means over requests. Rates are of the whole deployment.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Run {
    /// Mean time to first token [s].
    pub ttft_s: f64,
    /// Median time to first token [s].
    pub ttft_median_s: f64,
    /// 99th percentile of the time to first token [s].
    pub ttft_p99_s: f64,
    /// Mean time to first token of the requests that came after the start-up burst [s].
    pub ttft_steady_s: f64,
    /// Mean time between tokens after the first [s].
    pub tpot_s: f64,
    /// Mean time from arrival to last token [s].
    pub e2e_s: f64,
    /// Completions over the time that the client kept all slots filled [1/s].
    pub requests_per_s: f64,
    /// Tokens written by them [token/s].
    pub output_tok_per_s: f64,
    /// Requests that decode together on the whole deployment, mean over time [count].
    pub decoding: f64,
}

impl Prepared {
    /// Simulates a client's run; `None` where not even one request's cache fits.
    pub fn run(&self, workload: &Workload, client: &Client) -> Option<Run> {
        let requests = Requests::of(&self.architecture, workload);
        let conditions = Conditions::of(self, &requests, (workload.concurrency, self.scheduler.max_requests))?;
        let replicas = self.deployment.replicas;
        let slots = workload.concurrency.div_ceil(replicas).min(MOST) as usize;
        let admitted = conditions.admitted * conditions.ranks.ceil();
        let mut engine = Simulation::new(self, &requests, client, (slots, admitted.max(1.0)));
        engine.start(slots);
        while engine.turn() {}
        Some(engine.run(workload.concurrency as f64 / slots as f64))
    }

    /// Simulates a client's run where prompts are read on `prefill` and tokens written on `self`, all replicas of both
    /// as one; `None` where not even one request's cache fits.
    pub fn run_apart(&self, prefill: &Self, workload: &Workload, client: &Client) -> Option<Run> {
        let requests = Requests::of(&self.architecture, workload);
        // Who plans two pools sets the engines' largest batch by the load (the names of ai-dynamo's and InferenceX's
        // recipes carry it): the cache alone limits.
        let conditions = Conditions::of(self, &requests, (workload.concurrency, f64::MAX))?;
        let slots = workload.concurrency.min(MOST) as usize;
        let engines = self.deployment.replicas as f64;
        let admitted = conditions.admitted * conditions.ranks.ceil() * engines;
        let mut pool = Simulation::new(self, &requests, client, (slots, admitted.max(1.0)));
        pool.engines = engines.min(slots as f64);
        pool.station = Some(Station::new(prefill, self, &requests));
        pool.start(slots);
        while pool.turn() {}
        Some(pool.run(workload.concurrency as f64 / slots as f64))
    }
}

/// A request from its arrival on.
#[derive(Clone, Copy, Debug)]
struct Flight {
    lengths: Lengths,
    arrival_s: f64,
    /// Prompt tokens that are not computed yet.
    left: f64,
    first_s: f64,
}

/// What is kept of a request that ended.
#[derive(Clone, Copy, Debug)]
struct Done {
    index: usize,
    ttft_s: f64,
    tpot_s: f64,
    e2e_s: f64,
    output: f64,
    end_s: f64,
}

struct Simulation<'a> {
    prepared: &'a Prepared,
    scheduler: Scheduler,
    prices: Prices<'a>,
    draw: Draw,
    prompts: usize,
    slots: usize,
    admitted: f64,
    /// Replicas that are simulated as one.
    engines: f64,
    /// Where prompts are read, if not here.
    station: Option<Station<'a>>,
    /// Tokens that a step writes for a request.
    written: f64,
    images_s: f64,
    clock_s: f64,
    /// When the front end is free for the next request.
    front_s: f64,
    /// Every request so far, by number.
    flights: Vec<Flight>,
    /// Requests on their way through the front end, in order, each with the time it is ready.
    arriving: VecDeque<(f64, usize)>,
    /// Ready, not admitted.
    queue: VecDeque<usize>,
    /// Admitted, prompt not read to its end.
    reading: VecDeque<usize>,
    /// Decodes so far, in steps; a request that writes ends at a count.
    counter: u64,
    writing: BinaryHeap<Reverse<(u64, usize)>>,
    /// Sum of the contexts of the requests that write.
    context: f64,
    /// Steps since the queue was last looked at.
    since_look: f64,
    /// Steps that the oldest prompt of the queue has waited.
    waited: f64,
    done: Vec<Done>,
    /// Integral of the requests that write over time.
    decoding_s: f64,
}

impl<'a> Simulation<'a> {
    fn new(prepared: &'a Prepared, requests: &Requests, client: &Client, (slots, admitted): (usize, f64)) -> Self {
        let prompts = client.prompts(slots);
        Self {
            prepared,
            scheduler: prepared.scheduler.set(&client.settings),
            prices: Prices::new(prepared, requests),
            draw: Draw::of(client, requests),
            prompts,
            slots,
            admitted,
            engines: 1.0,
            station: None,
            written: prepared.tokens_per_step(),
            images_s: vision_s(prepared, requests),
            clock_s: 0.0,
            front_s: 0.0,
            flights: Vec::with_capacity(prompts),
            arriving: VecDeque::new(),
            queue: VecDeque::new(),
            reading: VecDeque::new(),
            counter: 0,
            writing: BinaryHeap::new(),
            context: 0.0,
            since_look: f64::INFINITY,
            waited: 0.0,
            done: Vec::with_capacity(prompts),
            decoding_s: 0.0,
        }
    }

    /// The start-up burst.
    fn start(&mut self, slots: usize) {
        for _ in 0..slots {
            self.send();
        }
    }

    /// The client's next prompt, if one is left: it passes the front end after those before it.
    fn send(&mut self) {
        let index = self.flights.len();
        if index >= self.prompts {
            return;
        }
        let lengths = self.draw.lengths(index as u64);
        let host = &self.prepared.machine.host;
        self.front_s = self.front_s.max(self.clock_s) + host.serial_s;
        let ready_s = self.front_s + host.ingress_s * Draw::delay(index as u64);
        match &mut self.station {
            Some(station) => station.take(index, ready_s, lengths),
            None => self.arrive(index, ready_s),
        }
        let arrival_s = self.clock_s;
        self.flights.push(Flight { lengths, arrival_s, left: lengths.computed, first_s: 0.0 });
    }

    /// A request that the scheduler may take from `ready_s` on.
    fn arrive(&mut self, index: usize, ready_s: f64) {
        let at = self.arriving.partition_point(|(other_s, _)| *other_s <= ready_s);
        self.arriving.insert(at, (ready_s, index));
    }

    /// When a request arrives next, or a step begins whose prompts may [s].
    fn next_arrival_s(&self) -> Option<f64> {
        let step_s = self.station.as_ref().and_then(Station::next_step_s);
        [self.arriving.front().map(|(ready_s, _)| *ready_s), step_s].into_iter().flatten().min_by(f64::total_cmp)
    }

    /// One step, or many alike; false where all is done.
    fn turn(&mut self) -> bool {
        self.receive();
        self.admit();
        if !self.reading.is_empty() {
            self.read();
        } else if !self.writing.is_empty() {
            self.write();
        } else if let Some(next_s) = self.next_arrival_s() {
            self.clock_s = self.clock_s.max(next_s);
        } else {
            return false;
        }
        true
    }

    fn receive(&mut self) {
        let handed = self.station.as_mut().map_or_else(Vec::new, |station| station.run_until(self.clock_s));
        for Handed { index, at_s } in handed {
            self.arrive(index, at_s);
        }
        while self.arriving.front().is_some_and(|(ready_s, _)| *ready_s <= self.clock_s) {
            self.queue.extend(self.arriving.pop_front().map(|(_, index)| index));
        }
    }

    fn admit(&mut self) {
        let idle = self.writing.is_empty() && self.reading.is_empty();
        if self.since_look < self.scheduler.look_steps && !idle {
            return;
        }
        self.since_look = 0.0;
        if !idle
            && self.queue.len() < self.prepared.deployment.dp as usize
            && self.waited < self.scheduler.balance_steps
        {
            return;
        }
        self.waited = 0.0;
        let room = self.admitted as usize;
        while self.writing.len() + self.reading.len() < room {
            let Some(index) = self.queue.pop_front() else { break };
            if self.station.is_some() {
                self.begin(index, self.clock_s);
            } else {
                self.reading.push_back(index);
            }
        }
    }

    /// One step with prompts in it.
    fn read(&mut self) {
        let scheduler = self.scheduler;
        let ranks = self.prepared.deployment.dp as f64;
        let n = self.writing.len() as f64;
        let beside = if scheduler.prefill_first { 0.0 } else { n };
        let rank_budget = (scheduler.step_tokens - beside / ranks).max(memory::BLOCK_TOKENS);
        let (mut left, mut count, mut tokens, mut past, mut largest) = (rank_budget * ranks, 0, 0.0, 0.0, 0.0_f64);
        for index in &self.reading {
            let flight = &mut self.flights[*index];
            let whole = flight.left.min(rank_budget);
            // Each rank takes one; more only while they are few tokens together.
            let another = f64::from(count) >= ranks && tokens + whole > scheduler.gathered_tokens * ranks;
            if left <= 0.0 || another || (scheduler.whole_prompts && whole > left && count > 0) {
                break;
            }
            let chunk = whole.min(left);
            past += flight.lengths.input - flight.left;
            flight.left -= chunk;
            largest = largest.max(chunk);
            (left, tokens, count) = (left - chunk, tokens + chunk, count + 1);
        }
        let prompts = f64::from(count);
        let chunk = Chunk { tokens, rank_tokens: largest.max(tokens / ranks), prompts, past: past / prompts };
        let context = if n > 0.0 { self.context / n } else { 0.0 };
        let added_s = self.prices.prefill(&chunk, beside, context) + self.images_s * prompts / ranks;
        let decodes_s = if beside > 0.0 { self.prices.decode(beside).at(context) } else { 0.0 };
        let through_s = added_s + decodes_s;
        let start_s = self.clock_s;
        // Pipeline stages work on several steps at once: the next begins before this one is through.
        self.clock_s += decodes_s + added_s / self.prepared.machine.layout.pp;
        self.decoding_s += n * (self.clock_s - start_s);
        if beside > 0.0 {
            self.counter += 1;
            self.context += n * self.written;
            self.finish();
        }
        self.step_on(1.0);
        let first_s = start_s + through_s;
        while self.reading.front().is_some_and(|index| self.flights[*index].left <= 0.0) {
            let Some(index) = self.reading.pop_front() else { break };
            self.begin(index, first_s);
        }
    }

    /// A request whose first token is there.
    fn begin(&mut self, index: usize, first_s: f64) {
        self.flights[index].first_s = first_s;
        let Lengths { input, output, .. } = self.flights[index].lengths;
        if output > 1.0 {
            self.writing.push(Reverse((self.counter + self.steps_of(output), index)));
            self.context += input + 1.0;
        } else {
            self.end(index);
        }
    }

    /// Steps of decodes until something happens.
    fn write(&mut self) {
        let n = self.writing.len() as f64;
        let line = self.prices.decode((n / self.engines).max(1.0));
        let context = self.context / n;
        let step_s = line.at(context);
        let Some(Reverse((end, _))) = self.writing.peek() else { return };
        let mut steps = (end - self.counter).max(1) as f64;
        let room = n + 0.5 < self.admitted;
        if room {
            let look = (self.scheduler.look_steps - self.since_look).ceil().max(1.0);
            if !self.queue.is_empty() {
                steps = steps.min(look.max(self.scheduler.balance_steps - self.waited));
            }
            if let Some(ready_s) = self.next_arrival_s() {
                // The mean step until then is longer by half the growth: one step more is no harm.
                let until = ((ready_s - self.clock_s) / step_s).ceil().max(1.0);
                steps = steps.min(until);
            }
        }
        // The context grows with every step: the mean over the steps.
        let taken_s = steps * line.at(context + self.written * (steps - 1.0) / 2.0);
        self.clock_s += taken_s;
        self.decoding_s += n * taken_s;
        self.counter += steps as u64;
        self.context += n * steps * self.written;
        self.step_on(steps);
        self.finish();
    }

    /// Steps that write what follows a first token.
    fn steps_of(&self, output: f64) -> u64 {
        ((output - 1.0) / self.written).ceil().max(1.0) as u64
    }

    fn step_on(&mut self, steps: f64) {
        self.since_look += steps;
        if !self.queue.is_empty() {
            self.waited += steps;
        }
    }

    /// Requests whose last token is written.
    fn finish(&mut self) {
        while let Some(Reverse((end, index))) = self.writing.peek().copied() {
            if end > self.counter {
                break;
            }
            self.writing.pop();
            let Lengths { input, output, .. } = self.flights[index].lengths;
            self.context -= input + 1.0 + self.steps_of(output) as f64 * self.written;
            self.end(index);
        }
    }

    fn end(&mut self, index: usize) {
        let Flight { lengths, arrival_s, first_s, .. } = self.flights[index];
        let end_s = self.clock_s.max(first_s);
        let written = lengths.output - 1.0;
        self.done.push(Done {
            index,
            ttft_s: first_s - arrival_s,
            tpot_s: if written > 0.0 { (end_s - first_s) / written } else { 0.0 },
            e2e_s: end_s - arrival_s,
            output: lengths.output,
            end_s,
        });
        self.send();
    }

    /// Means over the run; `scale` engines of this share of the requests.
    fn run(&self, scale: f64) -> Run {
        let count = self.done.len() as f64;
        let mean = |of: &dyn Fn(&Done) -> f64| self.done.iter().map(of).sum::<f64>() / count;
        let mut ttft: Vec<f64> = self.done.iter().map(|done| done.ttft_s).collect();
        ttft.sort_by(f64::total_cmp);
        let quantile = |share: f64| ttft[((share * count) as usize).min(ttft.len() - 1)];
        let later = || self.done.iter().filter(|done| done.index >= self.slots);
        let steady = later().count();
        let ttft_steady_s = if steady > 0 {
            later().map(|done| done.ttft_s).sum::<f64>() / steady as f64
        } else {
            mean(&|done| done.ttft_s)
        };
        // Until the client's last prompt is sent all slots are filled.
        let sent = self.done.len().saturating_sub(self.slots).max(1);
        let full_s = self.done[sent - 1].end_s;
        let output: f64 = self.done[..sent].iter().map(|done| done.output).sum();
        let tpot: Vec<f64> = self.done.iter().map(|done| done.tpot_s).filter(|tpot| *tpot > 0.0).collect();
        Run {
            ttft_s: mean(&|done| done.ttft_s),
            ttft_median_s: quantile(0.5),
            ttft_p99_s: quantile(0.99),
            ttft_steady_s,
            tpot_s: tpot.iter().sum::<f64>() / (tpot.len().max(1)) as f64,
            e2e_s: mean(&|done| done.e2e_s),
            requests_per_s: scale * sent as f64 / full_s,
            output_tok_per_s: scale * output / full_s,
            decoding: scale * self.decoding_s / self.clock_s,
        }
    }
}
