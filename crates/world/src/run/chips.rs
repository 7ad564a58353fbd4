//! The catalogue in one future: figures of chips to come, values in each use, weights in purchases (E16, E20).

use crate::{
    CatalogueChip, Cut, Origin, Variant, World,
    equations::{capacity, purchases},
    history,
    parameters::Parameters,
    regions::CHINA,
    world::quarter_index,
};

/// Makers whose cumulative output lowers prices together: American, Chinese.
pub(crate) const MAKERS: usize = 2;

/// One chip in one future.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct ChipDraw {
    /// Dense 8-bit operations [FLOP/s].
    pub flop: f64,
    /// Memory bandwidth [byte/s].
    pub byte: f64,
    /// Memory [bytes].
    pub memory: f64,
    /// Power with its share of host and network [W].
    pub power: f64,
    /// Price before learning [USD].
    pub price: f64,
    /// What it trains, after utilisation and links [FLOP/s].
    pub train: f64,
    /// Tokens of the reference mix that it serves [token/s].
    pub tps: f64,
    /// Of them, in proportion to bandwidth (the elasticity times the rate) [token/s].
    pub tps_bandwidth: f64,
    /// Value per dollar in training and in serving, before learning and what stands beside the chip.
    pub value: [f64; 2],
    /// Weight in the choice, training and serving, before its line's constant and learning.
    pub weight: [f64; 2],
    /// First quarter of sale in this future, since 2022Q1.
    pub from: i32,
    /// First quarter in which it is no longer sold.
    pub until: i32,
    /// Packaging [wafers] of an American chip, dies of a Chinese one.
    pub wafers: f64,
    /// Stacked memory [bytes]; 0 where its memory is not stacked.
    pub stacked: f64,
    /// Group of makers.
    pub maker: usize,
    /// Its line and vendor, by index.
    pub line: usize,
    pub vendor: usize,
    /// The full chip, where this one is cut.
    pub cut_from: Option<usize>,
}

/// What all chips of a future share.
struct Shared<'a> {
    world: &'a World,
    p: &'a Parameters,
    variant: &'a Variant,
    /// ln of this future's growth over the central one, by line: FLOP/s, bandwidth, memory, power.
    ln_growth: Vec<Option<[f64; 4]>>,
    ln_price_growth: f64,
    ln_realised: [f64; MAKERS],
    slip: i32,
    lag: i32,
    policy_start: i32,
}

/// Works out every chip of the catalogue.
pub(crate) fn draw(world: &World, p: &Parameters, draw: &[f64], variant: &Variant) -> Vec<ChipDraw> {
    let shared = Shared {
        world,
        p,
        variant,
        ln_growth: world
            .growth
            .iter()
            .map(|keys| keys.map(|keys| keys.map(|key| (draw[key] / world.central[key]).ln())))
            .collect(),
        ln_price_growth: p.nvidia_price.ln(),
        ln_realised: [p.us_announced_realised.ln(), p.huawei_shortfall.ln()],
        slip: p.slip.round() as i32,
        lag: p.compliance_lag_quarters.round() as i32,
        policy_start: quarter_index(world.options.policy_start) as i32,
    };
    let mut factors: Vec<Factors> = Vec::with_capacity(world.chips.len());
    let mut chips = Vec::with_capacity(world.chips.len());
    for entry in &world.chips {
        // A cut chip stands after the full one, and shares its factors.
        let own = match entry.origin {
            Origin::Cut(full, _) => factors[full],
            _ => shared.factors(entry),
        };
        chips.push(shared.chip(entry, &own));
        factors.push(own);
    }
    chips
}

/// This future's factors on the nominal figures of a chip.
#[derive(Clone, Copy, Debug)]
struct Factors {
    /// In logs: operations, bandwidth.
    ln: [f64; 2],
    /// Operations, bandwidth, memory, power.
    of: [f64; 4],
    /// Price, since that of the chip which it is derived from.
    price: f64,
}

impl Shared<'_> {
    fn chip(&self, entry: &CatalogueChip, factors: &Factors) -> ChipDraw {
        let (full, cut) = match entry.origin {
            Origin::Cut(full, cut) => (&self.world.chips[full], Some((full, cut))),
            _ => (entry, None),
        };
        let mut chip = ChipDraw {
            maker: usize::from(self.world.tables.lines[entry.line].origin == CHINA),
            line: entry.line,
            vendor: entry.vendor,
            cut_from: cut.map(|(full, _)| full),
            ..ChipDraw::default()
        };
        self.figures(entry, cut.map(|(_, cut)| cut), factors, &mut chip);
        if !self.variant.switches.performance_ratios {
            self.one_currency(&mut chip);
        }
        self.span(entry, full, &mut chip);
        chip.wafers = if chip.maker == 0 { 1.0 / entry.packages_per_wafer } else { entry.dies };
        chip.stacked = if entry.has_stacked_memory { chip.memory } else { 0.0 };
        let p = self.p;
        chip.train = purchases::training_value(chip.flop, p.training_mfu, entry.io_byte_per_s, p.interconnect_exponent);
        chip.value = [chip.train / chip.price, chip.tps / chip.price];
        // What is no longer sold when the model begins is chosen by nobody.
        if chip.until >= self.world.span.begin as i32 {
            let shipped = if full.origin == Origin::Announced { 1.0 - p.cancel } else { 1.0 };
            chip.weight = chip.value.map(|value| purchases::weight(value, p.purchase_temperature) * shipped);
        }
        chip
    }

    /// What is promised falls short, trends differ.
    fn factors(&self, entry: &CatalogueChip) -> Factors {
        let mut ln = [0.0; 4];
        let to_come = entry.is_to_come();
        if to_come {
            if let (Origin::Trend, Some(growth)) = (entry.origin, self.ln_growth[entry.line]) {
                ln = growth.map(|ln| ln * entry.trend_years);
            }
            let realised = self.ln_realised[usize::from(self.world.tables.lines[entry.line].origin == CHINA)];
            ln[0] += realised;
            ln[1] += realised;
        }
        let years = entry.price_base.1;
        Factors {
            ln: [ln[0], ln[1]],
            of: if to_come { ln.map(f64::exp) } else { [1.0; 4] },
            price: if years == 0.0 { 1.0 } else { (years * self.ln_price_growth).exp() },
        }
    }

    /// Figures and price: a cut chip keeps the threshold of what is cut, whatever the full one becomes.
    fn figures(&self, entry: &CatalogueChip, cut: Option<Cut>, factors: &Factors, chip: &mut ChipDraw) {
        let p = self.p;
        let (mut ln, [mut flop, mut byte, memory, power]) = (factors.ln, factors.of);
        let mut price_ratio = 1.0;
        if matches!(cut, Some(Cut::Operations | Cut::Both)) {
            (ln[0], flop) = (0.0, 1.0);
            price_ratio *= p.cut_operations_price_ratio;
        }
        if matches!(cut, Some(Cut::Bandwidth | Cut::Both)) {
            (ln[1], byte) = (0.0, 1.0);
            price_ratio *= p.cut_bandwidth_price_ratio;
        }
        chip.price = entry.price_base.0 * price_ratio * factors.price;
        chip.flop = entry.flop_per_s * flop;
        chip.byte = entry.byte_per_s * byte;
        chip.memory = entry.memory_bytes * memory;
        chip.power = entry.power_w * power;
        let e = entry.decode_bandwidth_elasticity;
        let prefill = entry.prefill_tok_per_s * flop;
        let ln_decode = e * ln[1] + (1.0 - e) * ln[0];
        let decode = entry.decode_tok_per_s * if ln_decode == 0.0 { 1.0 } else { ln_decode.exp() };
        let input = p.uncached_input_per_output;
        chip.tps = capacity::blended_tok_per_s(prefill, decode, input);
        chip.tps_bandwidth = chip.tps * e * capacity::decode_share(prefill, decode, input);
    }

    /// Gives a chip the ratios of the A100, so that one currency is as good as the other.
    fn one_currency(&self, chip: &mut ChipDraw) {
        let reference = &self.world.chips[self.world.history.start.0];
        let (prefill, decode) = (reference.prefill_tok_per_s, reference.decode_tok_per_s);
        let served = capacity::blended_tok_per_s(prefill, decode, self.p.uncached_input_per_output);
        let size = (chip.flop / reference.flop_per_s * chip.byte / reference.byte_per_s).sqrt();
        chip.flop = size * reference.flop_per_s;
        chip.byte = size * reference.byte_per_s;
        chip.tps = size * served;
        chip.tps_bandwidth = 0.5 * chip.tps;
    }

    /// When it is sold: chips to come slip, cut ones follow the policy after a lag.
    fn span(&self, entry: &CatalogueChip, full: &CatalogueChip, chip: &mut ChipDraw) {
        let slip = if full.is_to_come() { self.slip } else { 0 };
        chip.from = entry.available.since(history::FIRST) + slip;
        chip.until = entry.withdrawn.since(history::FIRST) + slip;
        if !self.variant.switches.design_trend {
            // What was sold at the end of history is sold for ever, and nothing newer.
            let end = self.world.span.known as i32 - 1;
            let sold = full.origin == Origin::Listed && chip.from <= end && chip.until > end;
            chip.until = if sold { i32::MAX } else { chip.until.min(end + 1) };
        }
        if chip.cut_from.is_some() {
            chip.from = chip.from.max(self.policy_start) + self.lag;
        }
    }
}
