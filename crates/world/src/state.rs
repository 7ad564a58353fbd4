//! What changes from quarter to quarter.

use crate::{
    MAX_BLOCS,
    equations::adoption::Curve,
    run::{MAKERS, PerBloc, Run},
    tables::MAX_VENDORS,
};

/// Pools of a bloc: its own chips for training and serving, and those of its firms abroad.
pub(crate) const POOLS: usize = 4;
/// Training at home.
pub(crate) const TRAIN: usize = 0;
/// Serving at home.
pub(crate) const SERVE: usize = 1;
/// Training abroad.
pub(crate) const TRAIN_ABROAD: usize = 2;
/// Serving abroad.
pub(crate) const SERVE_ABROAD: usize = 3;

/// The most sectors of a run.
pub(crate) const MAX_SECTORS: usize = 8;

/// What a vintage holds, when bought.
pub(crate) mod column {
    pub const CHIPS: usize = 0;
    pub const FLOP: usize = 1;
    pub const BYTE: usize = 2;
    pub const MEMORY: usize = 3;
    /// Training FLOP/s in a pool that trains, tokens per second in one that serves.
    pub const VALUE: usize = 4;
    /// The part of it that goes with bandwidth.
    pub const BY_BANDWIDTH: usize = 5;
    pub const POWER: usize = 6;
    pub const CAPITAL: usize = 7;
    pub const COUNT: usize = 8;
}

/// One vintage of a pool: sums over its chips, in the order of [`column`].
pub(crate) type Vintage = [f64; column::COUNT];

/// A bloc's fleet in service.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Fleet {
    /// Chips that stand in the bloc [chips].
    pub chips: f64,
    /// Their operations [FLOP/s].
    pub flop: f64,
    /// Their bandwidth [byte/s].
    pub byte: f64,
    /// Their memory [bytes].
    pub memory: f64,
    /// Training value of what the bloc's firms train with, wherever it stands [FLOP/s].
    pub training: f64,
    /// Tokens of the reference mix that its firms can serve, wherever from [token/s].
    pub tps: f64,
    /// Of them, from abroad [token/s].
    pub tps_abroad: f64,
    /// Elasticity of that capacity to bandwidth.
    pub elasticity: f64,
    /// Capital and power of serving [USD, W].
    pub serving: (f64, f64),
    /// Capital and power of training [USD, W].
    pub training_cost: (f64, f64),
    /// Chips that work, in service or not [chips].
    pub alive: f64,
    /// Of them, in their crates or too dear to run [chips].
    pub idle: f64,
}

/// What was bought in a quarter.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Bought {
    /// All channels [chips, FLOP/s, byte/s].
    pub chips: f64,
    pub flop: f64,
    pub byte: f64,
    /// Foreign, legally; foreign, around the controls; own make [chips].
    pub import_units: f64,
    pub leak_units: f64,
    pub domestic_units: f64,
    /// Kept from shipping by the rules [USD, chips].
    pub denied_usd: f64,
    pub denied_units: f64,
    /// Denied over all that was wanted [fraction].
    pub denied_share: f64,
    /// Money [USD].
    pub capex_usd: f64,
    pub spent_usd: f64,
}

/// A bloc's service in a quarter.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Service {
    /// Tokens that its fleet can serve [token/s].
    pub capacity: f64,
    /// Cost at normal utilisation and price of what its fleet serves [USD per million tokens of the reference mix].
    pub cost: f64,
    pub price: f64,
    pub markup: f64,
    /// Served over capacity.
    pub utilisation: f64,
    /// Price to its users, wherever they are served [USD per million tokens of the reference mix].
    pub price_to_users: f64,
    /// Tokens wanted and used by its users, served by its fleet [token/s].
    pub wanted: f64,
    pub used: f64,
    pub served: f64,
    /// Of them, by its fleet abroad [token/s].
    pub served_abroad: f64,
    /// Revenue of its fleet [USD/year].
    pub revenue: f64,
    /// Cost of its fleet [USD/year].
    pub serving_usd: f64,
    /// Cost of what it trains with [USD/year].
    pub training_usd: f64,
}

/// A quarter of one vendor.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct VendorSales {
    pub units: f64,
    pub flop: f64,
    pub byte: f64,
}

/// A quarter of data.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Past {
    /// Cumulative output of the makers at its end [chips].
    pub output: [f64; MAKERS],
    /// Packaging and stacked memory that American chips took, by vendor [wafers, bytes].
    pub taken: [[f64; 2]; MAX_VENDORS],
    /// Chips that Chinese makers sold [chips].
    pub domestic_units: f64,
    /// Revenue of serving, once it is worked out [USD/year].
    pub revenue: PerBloc,
}

/// What the end of history fixes.
#[derive(Clone, Debug, Default)]
pub(crate) struct Anchor {
    /// Reference tokens of computing that a token of the bloc's fleet takes, over the fleet's efficiency then.
    pub heaviness: PerBloc,
    /// Price to users [USD/Mtok].
    pub price_to_users: PerBloc,
    /// Adopters: adoption averaged over sectors by value added.
    pub adopters: PerBloc,
    /// Share of open models in each bloc's tokens, and in the world's.
    pub open_share: PerBloc,
    pub open_share_world: f64,
    /// Capital and revenue [USD/year].
    pub capital: PerBloc,
    pub revenue: PerBloc,
    /// Effective FLOP of the leader's run, and its index.
    pub leader_flop: f64,
    pub leader_index: f64,
    /// Cumulative output of the makers [chips].
    pub output: [f64; MAKERS],
    /// Quality of open models by origin.
    pub open_quality: PerBloc,
    pub closed_quality: PerBloc,
    /// Capability open to users of a bloc.
    pub capability: PerBloc,
    /// Growth of the frontier's index [points/quarter].
    pub advance: f64,
    /// What a follower makes of its computing beyond the leader's algorithms, ln, and by how much its best model
    /// trails [points].
    pub edge: PerBloc,
    pub behind: PerBloc,
    /// Growth of the leader's cumulative research computing [ln/year].
    pub research_growth: f64,
    /// Algorithms of a bloc's labs, and those that its services use, ln.
    pub ln_algorithm: PerBloc,
    pub ln_algorithms: PerBloc,
    /// Curve of adoption by bloc and sector.
    pub curve: Vec<[Curve; MAX_SECTORS]>,
    /// Adoption by bloc and sector.
    pub start: Vec<[f64; MAX_SECTORS]>,
}

/// The state at the end of a quarter.
#[derive(Clone)]
pub(crate) struct State {
    /// Vintages by pool, the stock before 2022 first.
    pub vintages: Vec<Vintage>,
    pub vintages_per_pool: usize,
    pub fleet: [Fleet; MAX_BLOCS],
    pub bought: [Bought; MAX_BLOCS],
    pub vendors: Vec<VendorSales>,
    pub service: [Service; MAX_BLOCS],
    /// ln of algorithmic efficiency over the leader's at the end of 2025.
    pub ln_algorithm: PerBloc,
    /// ln of the algorithms in a bloc's services, by the models that they run.
    pub ln_algorithms_used: PerBloc,
    /// Tokens at fixed quality that a chip serves, over those at the end of history.
    pub efficiency: PerBloc,
    pub effective_flop: PerBloc,
    pub capability: PerBloc,
    /// Index points by which each bloc's best model trails the best of all.
    pub behind: PerBloc,
    /// Cumulative research computing [FLOP/s years].
    pub research: PerBloc,
    /// Growth of the frontier's index over the last year [points].
    pub frontier_growth: f64,
    pub frontier_past: [f64; 4],
    pub open_quality: PerBloc,
    pub capability_open_to: PerBloc,
    pub shares: [[f64; 2 * MAX_BLOCS]; MAX_BLOCS],
    /// Adoption with programmes, without, and the lead of programmes.
    pub adoption: [[f64; MAX_SECTORS]; MAX_BLOCS],
    pub natural: [[f64; MAX_SECTORS]; MAX_BLOCS],
    pub lead: [[f64; MAX_SECTORS]; MAX_BLOCS],
    /// What a sector may use of the gain in capability since the end of history [points].
    pub approved: [[f64; MAX_SECTORS]; MAX_BLOCS],
    /// Share of new capital that goes into serving.
    pub serving_share: PerBloc,
    /// AI capital of the quarter and its trend [USD/year].
    pub capital: PerBloc,
    pub trend: PerBloc,
    /// Revenue that the bloc's vendors forgo [USD/year].
    pub foregone: PerBloc,
    /// Denied share of demand, as the blow-back feels it after its lag.
    pub denied_felt: PerBloc,
    /// Cumulative output and price factor of the makers.
    pub output: [f64; MAKERS],
    pub learning: [f64; MAKERS],
    /// What vendors can deliver.
    pub supply: crate::step::Supply,
    /// Guess for the next clearing.
    pub utilisation: PerBloc,
    pub anchor: Anchor,
    /// Every quarter of data: its prices are worked out once the anchor is fixed, and a counterfactual past is
    /// measured against it.
    pub past: Vec<Past>,
    /// Fleets and purchases of the past by bloc, one row a quarter.
    pub past_blocs: Vec<(Fleet, Bought)>,
    /// Sales of the past by vendor, one row a quarter.
    pub past_vendors: Vec<VendorSales>,
    /// Whole-run sums by bloc [USD].
    pub capex_total: PerBloc,
    pub spent_total: PerBloc,
    pub unspent_total: PerBloc,
    /// Buffers of the purchases.
    pub buffers: crate::step::Buffers,
}

impl State {
    /// The state before the first quarter.
    pub fn new(run: &Run) -> Self {
        let vintages_per_pool = run.world.quarters() + 1;
        Self {
            vintages: vec![[0.0; column::COUNT]; run.world.blocs.len() * POOLS * vintages_per_pool],
            vintages_per_pool,
            fleet: [Fleet::default(); MAX_BLOCS],
            bought: [Bought::default(); MAX_BLOCS],
            vendors: vec![VendorSales::default(); run.world.vendors().len()],
            service: [Service::default(); MAX_BLOCS],
            ln_algorithm: [0.0; MAX_BLOCS],
            ln_algorithms_used: [0.0; MAX_BLOCS],
            efficiency: [1.0; MAX_BLOCS],
            effective_flop: [0.0; MAX_BLOCS],
            capability: [0.0; MAX_BLOCS],
            behind: [0.0; MAX_BLOCS],
            research: [0.0; MAX_BLOCS],
            frontier_growth: 0.0,
            frontier_past: [0.0; 4],
            open_quality: [0.0; MAX_BLOCS],
            capability_open_to: [0.0; MAX_BLOCS],
            shares: run.setup.share_then,
            adoption: [[0.0; MAX_SECTORS]; MAX_BLOCS],
            natural: [[0.0; MAX_SECTORS]; MAX_BLOCS],
            lead: [[0.0; MAX_SECTORS]; MAX_BLOCS],
            approved: [[0.0; MAX_SECTORS]; MAX_BLOCS],
            serving_share: [run.setup.p.inference_share_2025; MAX_BLOCS],
            capital: [0.0; MAX_BLOCS],
            trend: [0.0; MAX_BLOCS],
            foregone: [0.0; MAX_BLOCS],
            denied_felt: [0.0; MAX_BLOCS],
            output: [0.0; MAKERS],
            learning: [1.0; MAKERS],
            supply: crate::step::Supply::default(),
            utilisation: [run.setup.p.utilisation_normal; MAX_BLOCS],
            anchor: Anchor::default(),
            past: Vec::with_capacity(run.world.span.known),
            past_blocs: Vec::with_capacity(run.world.span.known * run.world.blocs.len()),
            past_vendors: Vec::with_capacity(run.world.span.known * run.world.vendors().len()),
            capex_total: [0.0; MAX_BLOCS],
            spent_total: [0.0; MAX_BLOCS],
            unspent_total: [0.0; MAX_BLOCS],
            buffers: crate::step::Buffers::new(run.world.blocs.len(), run.world.vendors().len()),
        }
    }

    /// Fleet and purchases of a bloc in a quarter of data.
    #[inline]
    pub fn past_of(&self, quarter: usize, bloc: usize) -> &(Fleet, Bought) {
        let blocs = self.past_blocs.len() / self.past.len().max(1);
        &self.past_blocs[quarter * blocs + bloc]
    }

    /// The vintage of a pool that is bought in a quarter; 0 is the stock before 2022.
    #[inline]
    pub fn vintage(&mut self, bloc: usize, pool: usize, index: usize) -> &mut Vintage {
        &mut self.vintages[(bloc * POOLS + pool) * self.vintages_per_pool + index]
    }
}
