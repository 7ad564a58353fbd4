//! Links between chips: all-reduce and all-to-all inside a scale-up domain and across hosts.

use crate::{
    efficiency::{Curve, Efficiencies, Found, Price, Subject},
    operator::Bound,
};
use facts::Chip;
use units::Tier;

/// Chips in a host where the scale-up domain is not stated or is the chip alone: cards behind one PCIe tree.
const HOST_CHIPS: f64 = 8.0;

/// One kind of collective on a chip's links (PERFORMANCE items 6 and 7).
///
/// Inside a domain of D chips, N of them: `floor(N) + wire / (link x bandwidth(N))`. Across `ceil(N / D)`
/// hosts the same inside each, then a floor a doubling of hosts and the rest over the network.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Collective {
    floor_s: Curve,
    bandwidth: Curve,
    link_byte_per_s: f64,
    domain: f64,
    network_floor_s: f64,
    network_byte_per_s: f64,
    tier: Tier,
}

/// The link between two chips of a host, one direction: scale-up, else the host interface, else the stated
/// default [byte/s].
pub(super) fn link_byte_per_s(chip: &Chip, table: &Efficiencies) -> f64 {
    let half = |bidirectional: Option<f64>| bidirectional.filter(|rate| *rate > 0.0).map(|rate| rate / 2.0);
    half(chip.scaleup_bidir_byte_per_s)
        .or(half(chip.host_io_bidir_byte_per_s))
        .unwrap_or_else(|| table.stated("link_byte_per_s", &["default"], None))
}

/// Chips of a scale-up domain, or of a host where none is stated.
pub(super) fn domain(chip: &Chip) -> f64 {
    match chip.scaleup_domain_chips {
        Some(chips) if chips > 1 => f64::from(chips),
        _ => HOST_CHIPS,
    }
}

impl Collective {
    pub(super) fn of(chip: &Chip, table: &Efficiencies, floor: &'static str, bandwidth: &'static str) -> Self {
        let subject = Subject::of(chip);
        let floor = table.measured(floor, None, subject);
        let share = table.measured(bandwidth, None, subject);
        let stated = |quantity| table.stated(quantity, &["default"], None);
        let network = chip.scaleout_uni_byte_per_s.filter(|rate| *rate > 0.0);
        Self {
            floor_s: floor.as_ref().map_or(Curve::flat(stated("network_floor_s")), Found::curve),
            bandwidth: share.as_ref().map_or(Curve::flat(stated("network_bandwidth")), Found::curve),
            link_byte_per_s: link_byte_per_s(chip, table),
            domain: domain(chip),
            network_floor_s: stated("network_floor_s"),
            network_byte_per_s: network.unwrap_or_else(|| stated("scaleout_byte_per_s")) * stated("network_bandwidth"),
            tier: floor.map_or(Tier::Specification, |found| found.tier),
        }
    }

    /// Between two of `chips` chips: the scale-up link where one domain holds them all, else the network [byte/s].
    pub(crate) fn link_between(&self, chips: f64) -> f64 {
        if chips <= self.domain { self.link_byte_per_s } else { self.network_byte_per_s }
    }

    /// The sum of `bytes` over `chips`, on each of them: 2 (N - 1) / N of them cross each link.
    pub(crate) fn all_reduce(&self, chips: f64, bytes: f64) -> Price {
        let inside = chips.min(self.domain);
        let hosts = (chips / self.domain).ceil().max(1.0);
        let wire = 2.0 * bytes * (inside - 1.0) / inside;
        let across = if hosts > 1.0 { 2.0 * bytes / inside * (hosts - 1.0) / hosts } else { 0.0 };
        self.price(inside, hosts, wire, across)
    }

    /// Every chip sends `bytes` in all, evenly to `chips - 1` others.
    pub(crate) fn all_to_all(&self, chips: f64, bytes: f64) -> Price {
        let inside = chips.min(self.domain);
        let hosts = (chips / self.domain).ceil().max(1.0);
        let others = (chips - 1.0).max(1.0);
        let near = bytes * (inside - 1.0) / others;
        self.price(inside, hosts, near, bytes - near)
    }

    fn price(&self, inside: f64, hosts: f64, wire: f64, across: f64) -> Price {
        let near_s = wire / (self.link_byte_per_s * self.bandwidth.value(inside));
        let far_s = across / self.network_byte_per_s;
        let floor_s = self.floor_s.value(inside) + self.network_floor_s * hosts.log2();
        let bound = if floor_s > near_s + far_s { Bound::Overhead } else { Bound::Network };
        Price { flop: 0.0, bytes: wire + across, time_s: floor_s + near_s + far_s, bound, tier: self.tier }
    }
}
