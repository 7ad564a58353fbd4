//! Tokens to and from experts on other hosts: DeepEP's kernels on chips with a network card each (PERFORMANCE item 7).
//!
//! *Normal* kernels send a token once to each host that has one of its experts, and on inside the host: of R hosts
//! `R (1 - (1 - 1/R)^k)`. *Low-latency* kernels send it to each of its k experts. Either takes
//! `floor + bytes / rate(chips)`, the rate as measured on H800 with 400 Gb/s a chip and scaled by the network
//! (`data/expert_exchange.csv`). Both dispatch in 8 bits with a scale each 128, and combine in 16.

use crate::{
    efficiency::{Curve, Price},
    operator::Bound,
};
use facts::table::{self, POSITIVE, PROVENANCE};
use std::sync::LazyLock;
use units::{Problems, Tier};

const TABLE: &str = include_str!("../../../../data/expert_exchange.csv");
const FILE: &str = "expert_exchange.csv";
/// The network of the measurements [byte/s].
const MEASURED_BYTE_PER_S: f64 = 50e9;
/// Chips of a host in them: with wider domains nothing was measured.
const HOST_CHIPS: f64 = 8.0;
/// Bytes of an 8-bit element with its share of a scale.
const SCALED: f64 = 1.0 + 4.0 / 128.0;

/// Which kernels carry it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kernels {
    /// For prompts.
    Normal,
    /// For tokens that are written.
    LowLatency,
}

/// Which way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Direction {
    /// To the experts.
    Dispatch,
    /// Back from them.
    Combine,
}

impl Direction {
    /// Bytes of an element.
    pub(crate) fn element_bytes(self) -> f64 {
        match self {
            Self::Dispatch => 1.0,
            Self::Combine => 2.0,
        }
    }
}

/// One row of the table.
struct Row {
    kernels: Kernels,
    direction: Direction,
    chips: f64,
    floor_s: f64,
    byte_per_s: f64,
}

fn rows() -> &'static [Row] {
    static ROWS: LazyLock<Vec<Row>> = LazyLock::new(|| read(TABLE).expect("a test reads the embedded table"));
    &ROWS
}

fn read(text: &str) -> Result<Vec<Row>, Problems> {
    let columns = [&["id", "kernel", "direction", "chips", "floor_s", "byte_per_s"][..], &PROVENANCE].concat();
    table::read(text, FILE, &columns, |row| {
        row.text("id");
        row.provenance();
        Row {
            kernels: row.one_of("kernel", &[("normal", Kernels::Normal), ("low_latency", Kernels::LowLatency)]),
            direction: row.one_of("direction", &[("dispatch", Direction::Dispatch), ("combine", Direction::Combine)]),
            chips: row.number("chips", POSITIVE),
            floor_s: row.number("floor_s", POSITIVE),
            byte_per_s: row.number("byte_per_s", POSITIVE),
        }
    })
}

/// What is sent from one chip.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Sent {
    /// Tokens of the chip.
    pub tokens: f64,
    /// Experts of each.
    pub top_k: f64,
    /// Width of a token.
    pub hidden: f64,
    /// Tokens of the fullest chip over the mean [ratio].
    pub imbalance: f64,
    pub kernels: Kernels,
    pub direction: Direction,
}

/// Exchange over `chips` chips that several hosts hold, at a network's rate.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Exchange {
    chips: f64,
    hosts: f64,
    network: f64,
}

impl Exchange {
    /// `None` where one domain holds all chips, or is wider than those measured.
    pub(super) fn of(chips: f64, domain: f64, network_byte_per_s: Option<f64>) -> Option<Self> {
        let measured = domain <= HOST_CHIPS && chips > domain;
        let network = network_byte_per_s.filter(|rate| *rate > 0.0)? / MEASURED_BYTE_PER_S;
        measured.then(|| Self { chips, hosts: (chips / domain).ceil(), network })
    }

    /// One way of one layer.
    pub(crate) fn price(&self, sent: &Sent) -> Price {
        let Sent { tokens, top_k, hidden, imbalance, kernels, direction } = *sent;
        let alike = || rows().iter().filter(|row| row.kernels == kernels && row.direction == direction);
        let rates: Vec<(f64, f64)> = alike().map(|row| (row.chips, row.byte_per_s)).collect();
        let floor_s = alike().map(|row| row.floor_s).fold(0.0, f64::max);
        let copies = match kernels {
            Kernels::Normal => self.hosts * (1.0 - (1.0 - 1.0 / self.hosts).powf(top_k)),
            Kernels::LowLatency => top_k,
        };
        let element = match direction {
            Direction::Dispatch => SCALED,
            Direction::Combine => 2.0,
        };
        let bytes = tokens * copies * hidden * element;
        let moving_s = imbalance * bytes / (Curve::through(&rates).value(self.chips) * self.network);
        let bound = if floor_s > moving_s { Bound::Overhead } else { Bound::Network };
        Price { flop: 0.0, bytes, time_s: floor_s + moving_s, bound, tier: Tier::Transferred }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn low_latency(chips: f64, tokens: f64, direction: Direction) -> f64 {
        let exchange = Exchange::of(chips, 8.0, Some(50e9)).unwrap();
        let sent = Sent { tokens, top_k: 8.0, hidden: 7168.0, imbalance: 1.0, kernels: Kernels::LowLatency, direction };
        exchange.price(&sent).time_s * 1e6
    }

    #[test]
    fn low_latency_kernels_take_what_deepep_publishes_and_what_was_measured_elsewhere() {
        // DeepEP's table, 128 tokens.
        assert!((low_latency(64.0, 128.0, Direction::Dispatch) - 173.0).abs() < 2.0);
        assert!((low_latency(16.0, 128.0, Direction::Combine) - 195.0).abs() < 2.0);
        // 64 H100 (PERFORMANCE item 7): 64 tokens in 95 and 162 us, 160 in 201 and 376 us.
        for (tokens, dispatch_us, combine_us) in [(64.0, 95.0, 162.0), (160.0, 201.0, 376.0)] {
            assert!((low_latency(64.0, tokens, Direction::Dispatch) / dispatch_us - 1.0).abs() < 0.1);
            assert!((low_latency(64.0, tokens, Direction::Combine) / combine_us - 1.0).abs() < 0.1);
        }
    }

    #[test]
    fn one_domain_and_domains_wider_than_a_host_have_no_such_kernels() {
        assert!(Exchange::of(8.0, 8.0, Some(50e9)).is_none());
        assert!(Exchange::of(144.0, 72.0, Some(50e9)).is_none());
        assert!(Exchange::of(16.0, 8.0, None).is_none());
    }
}
