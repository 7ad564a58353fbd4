//! The catalogue in one future: figures of chips to come, values in each use, weights in purchases (E16, E20).

use crate::{
    Cut, Origin, Variant, World,
    equations::{capacity, purchases},
    history,
    parameters::Parameters,
    regions::CHINA,
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
    /// Value per dollar in training and in serving.
    pub value: [f64; 2],
    /// Weight in the choice, training and serving, before its line's constant and learning.
    pub weight: [f64; 2],
    /// First quarter of sale in this future, since 2022Q1.
    pub from: i32,
    /// First quarter in which it is no longer sold.
    pub until: i32,
    /// Group of makers.
    pub maker: usize,
}

/// Works out every chip of the catalogue.
pub(crate) fn draw(world: &World, p: &Parameters, draw: &[f64], variant: &Variant) -> Vec<ChipDraw> {
    let growth: Vec<Option<[f64; 4]>> =
        world.growth.iter().map(|keys| keys.map(|keys| keys.map(|key| draw[key] / world.central[key]))).collect();
    let price_growth = p.nvidia_price;
    let slip = p.slip.round() as i32;
    let end = history::QUARTERS as i32 - 1;
    world
        .chips
        .iter()
        .map(|entry| {
            let line = &world.tables.lines[entry.line];
            let maker = usize::from(line.origin == CHINA);
            let (full, cut) = match entry.origin {
                Origin::Cut(full, cut) => (&world.chips[full], Some(cut)),
                _ => (entry, None),
            };
            // Factors of this future on the nominal figures of the full chip.
            let mut factor = [1.0; 4];
            match full.origin {
                Origin::Announced => {
                    let realised = if maker == 1 { p.huawei_shortfall } else { p.us_announced_realised };
                    factor[0] = realised;
                    factor[1] = realised;
                }
                Origin::Trend => {
                    let realised = if maker == 1 { p.huawei_shortfall } else { p.us_announced_realised };
                    if let Some(growth) = growth[entry.line] {
                        factor = growth.map(|ratio| ratio.powf(entry.trend_years));
                    }
                    factor[0] *= realised;
                    factor[1] *= realised;
                }
                Origin::Listed | Origin::Cut(..) => {}
            }
            match cut {
                Some(Cut::Operations) => factor[0] = 1.0,
                Some(Cut::Bandwidth) => factor[1] = 1.0,
                None => {}
            }
            let years = entry.price_base.1;
            let price = entry.price_base.0
                * if years == 0.0 { 1.0 } else { price_growth.powf(years) }
                * match cut {
                    Some(Cut::Operations) => p.cut_operations_price_ratio,
                    Some(Cut::Bandwidth) => p.cut_bandwidth_price_ratio,
                    None => 1.0,
                };
            let [flop_factor, byte_factor, memory_factor, power_factor] = factor;
            let e = entry.decode_bandwidth_elasticity;
            let decode = if flop_factor == 1.0 && byte_factor == 1.0 {
                entry.decode_tok_per_s
            } else {
                entry.decode_tok_per_s * byte_factor.powf(e) * flop_factor.powf(1.0 - e)
            };
            let prefill = entry.prefill_tok_per_s * flop_factor;
            let input = p.uncached_input_per_output;
            let mut chip = ChipDraw {
                flop: entry.flop_per_s * flop_factor,
                byte: entry.byte_per_s * byte_factor,
                memory: entry.memory_bytes * memory_factor,
                power: entry.power_w * power_factor,
                price,
                tps: capacity::blended_tok_per_s(prefill, decode, input),
                maker,
                ..ChipDraw::default()
            };
            chip.tps_bandwidth = chip.tps * e * capacity::decode_share(prefill, decode, input);
            if !variant.switches.performance_ratios {
                // Every chip has the ratios of the first one, the A100: one currency is as good as the other.
                let reference = &world.chips[world.history.start.0];
                let per_flop =
                    capacity::blended_tok_per_s(reference.prefill_tok_per_s, reference.decode_tok_per_s, input)
                        / reference.flop_per_s;
                let mean = (chip.flop / reference.flop_per_s * chip.byte / reference.byte_per_s).sqrt();
                chip.flop = mean * reference.flop_per_s;
                chip.byte = mean * reference.byte_per_s;
                chip.tps = chip.flop * per_flop;
                chip.tps_bandwidth = 0.5 * chip.tps;
            }
            chip.train =
                purchases::training_value(chip.flop, p.training_mfu, entry.io_byte_per_s, p.interconnect_exponent);
            chip.value = [chip.train / price, chip.tps / price];
            let shipped = if full.origin == Origin::Announced { 1.0 - p.cancel } else { 1.0 };
            chip.weight = chip.value.map(|value| purchases::weight(value, p.purchase_temperature) * shipped);
            let slip = if full.is_to_come() { slip } else { 0 };
            let lag = if cut.is_some() { p.compliance_lag_quarters.round() as i32 } else { 0 };
            chip.from = entry.available.since(history::FIRST) + slip + lag;
            chip.until = entry.withdrawn.since(history::FIRST) + slip;
            if cut.is_some() {
                // A vendor cuts a chip to a threshold once the policy has set it.
                chip.from = chip.from.max(world.index(world.options.policy_start) as i32 + lag);
            }
            if !variant.switches.design_trend {
                // What was sold at the end of history is sold for ever, and nothing newer.
                let sold = full.available.since(history::FIRST) <= end && full.withdrawn.since(history::FIRST) > end;
                chip.until = if sold && full.origin == Origin::Listed { i32::MAX } else { chip.from.min(end) };
            }
            chip
        })
        .collect()
}
