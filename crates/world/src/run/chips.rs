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
    world.chips.iter().map(|entry| shared.chip(entry)).collect()
}

impl Shared<'_> {
    fn chip(&self, entry: &CatalogueChip) -> ChipDraw {
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
        self.figures(entry, full, cut.map(|(_, cut)| cut), &mut chip);
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

    /// This future's factors on the nominal figures, all in logs: what is promised falls short, trends differ.
    fn figures(&self, entry: &CatalogueChip, full: &CatalogueChip, cut: Option<Cut>, chip: &mut ChipDraw) {
        let p = self.p;
        let mut ln_factor = [0.0; 4];
        if full.is_to_come() {
            if let (Origin::Trend, Some(growth)) = (full.origin, self.ln_growth[entry.line]) {
                ln_factor = growth.map(|ln| ln * entry.trend_years);
            }
            ln_factor[0] += self.ln_realised[chip.maker];
            ln_factor[1] += self.ln_realised[chip.maker];
        }
        let price_ratio = match cut {
            Some(Cut::Operations) => {
                ln_factor[0] = 0.0;
                p.cut_operations_price_ratio
            }
            Some(Cut::Bandwidth) => {
                ln_factor[1] = 0.0;
                p.cut_bandwidth_price_ratio
            }
            Some(Cut::Both) => {
                (ln_factor[0], ln_factor[1]) = (0.0, 0.0);
                p.cut_operations_price_ratio * p.cut_bandwidth_price_ratio
            }
            None => 1.0,
        };
        let (base, years) = entry.price_base;
        chip.price = base * price_ratio * if years == 0.0 { 1.0 } else { (years * self.ln_price_growth).exp() };
        let e = entry.decode_bandwidth_elasticity;
        let (mut decode, mut prefill) = (entry.decode_tok_per_s, entry.prefill_tok_per_s);
        [chip.flop, chip.byte, chip.memory, chip.power] =
            [entry.flop_per_s, entry.byte_per_s, entry.memory_bytes, entry.power_w];
        if full.is_to_come() {
            let factor = ln_factor.map(f64::exp);
            chip.flop *= factor[0];
            chip.byte *= factor[1];
            chip.memory *= factor[2];
            chip.power *= factor[3];
            prefill *= factor[0];
            decode *= (e * ln_factor[1] + (1.0 - e) * ln_factor[0]).exp();
        }
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
