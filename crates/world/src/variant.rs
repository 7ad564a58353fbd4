//! What a claim changes beside the policy: shocks, and mechanisms switched off (CLAIMS).

use units::Quarter;

/// Which currency of computing capacity a shock takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Currency {
    /// Operations: FLOP/s.
    Flop,
    /// Memory bandwidth: byte/s.
    Bandwidth,
    /// Both, as if that share of the chips were gone.
    Both,
}

/// What capital is put into.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// Training capacity.
    Training,
    /// Serving capacity.
    Serving,
}

/// A bloc's whole fleet loses a share of one currency from a quarter on (C2).
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct FleetShock {
    /// The bloc, by index.
    pub bloc: usize,
    /// What is left, 0.9 for a loss of 10 % [fraction].
    pub factor: f64,
    /// Of which currency.
    pub currency: Currency,
    /// First quarter.
    pub from: Quarter,
}

/// A bloc's AI capital rises by a share that goes into one purpose only (C6).
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct CapitalShock {
    /// The bloc, by index.
    pub bloc: usize,
    /// Share of the bloc's AI capital that is added [fraction].
    pub share: f64,
    /// Into what.
    pub purpose: Purpose,
    /// First quarter.
    pub from: Quarter,
}

/// Mechanisms, each on unless switched off. A mechanism that is off stays at its value of the last quarter of
/// history, or, for an effect, at none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Switches {
    /// Learning by doing in chip prices (E4); off: its rate is zero, successors keep their trend in time.
    pub learning: bool,
    /// The trend of successors in FLOP/s, bandwidth and price (E20).
    pub design_trend: bool,
    /// Progress of serving software at a given model (E3, E5).
    pub algorithms: bool,
    /// The fall of the model size that a fixed quality needs (E3, E5).
    pub model_size: bool,
    /// The response of the normal mark-up to entry by open models (E5, E18).
    pub markup: bool,
    /// The response of the mark-up to scarcity (E19).
    pub rent: bool,
    /// Cross-border service (E15).
    pub trade_in_tokens: bool,
    /// Effects of levers (E21); their costs stay.
    pub lever_effects: bool,
    /// Different stances of blocs towards open models; off: all are mixed.
    pub stances: bool,
    /// Different ratios of FLOP/s to bandwidth between chips; off: each chip has the mean ratio.
    pub performance_ratios: bool,
    /// Leakage around controls (E12).
    pub leakage: bool,
}

impl Default for Switches {
    fn default() -> Self {
        Self {
            learning: true,
            design_trend: true,
            algorithms: true,
            model_size: true,
            markup: true,
            rent: true,
            trade_in_tokens: true,
            lever_effects: true,
            stances: true,
            performance_ratios: true,
            leakage: true,
        }
    }
}

/// All that a run may change beside policy and draw; the default changes nothing.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Variant {
    /// A shock to a fleet.
    pub fleet_shock: Option<FleetShock>,
    /// A shock to capital.
    pub capital_shock: Option<CapitalShock>,
    /// Mechanisms.
    pub switches: Switches,
    /// Share of what the rules deny that is licensed all the same, for controls made equally strict (C3)
    /// [fraction].
    pub licensed_share_of_denied: f64,
    /// Overrides the policy's `defection_probability` [fraction].
    pub defection_probability: Option<f64>,
    /// Overrides the policy's `strength` [fraction].
    pub strength: Option<f64>,
}
