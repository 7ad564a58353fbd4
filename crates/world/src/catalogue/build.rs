//! Making the catalogue: listed chips, announced ones, those of the trend after them, and cut ones.

use facts::{Chip, Facts, Successor};
use units::{Problem, Problems, Quarter, nearest};

use super::{CatalogueChip, Cut, Origin, rates::Reference};
use crate::{
    Registry,
    equations::supply,
    history,
    tables::{LineGrowth, OnSale, Reach, Tables, VendorLine},
};

/// All-in power over the chip's own where only the latter is known: 1.37 kW over 0.7 kW for the H100
/// (HARDWARE section 4).
const ALLIN_OVER_TDP: f64 = 1.37 / 0.7;

/// TPP of a chip cut in operations: as the H20's 2,368, under 2,400 and with any die of 720 mm2 or more under the
/// density of 3.2.
const CUT_TPP: f64 = 2_300.0;
/// Bandwidth of a chip cut in bandwidth: as the RTX 6000D, under the 1,400 GB/s of the letters of April 2025.
const CUT_BYTE_PER_S: f64 = 1.398e12;
/// Its bandwidth with all links, under the 1,700 GB/s of the same letters.
const CUT_TOTAL_BYTE_PER_S: f64 = 1.698e12;
/// Power of a chip cut in operations over the full one's: H20 400 W, H100 700 W.
const CUT_POWER: f64 = 400.0 / 700.0;

/// What a catalogue is made for.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Horizon {
    /// The last quarter of data: chips are known that were on sale or announced at its end.
    pub known: Quarter,
    /// First quarter that the model works out, in which vendors may offer chips cut to new thresholds.
    pub begin: Quarter,
    /// Last quarter of the run.
    pub until: Quarter,
}

/// Makes the catalogue.
pub(crate) fn build(
    facts: &Facts,
    tables: &Tables,
    registry: &Registry,
    horizon: Horizon,
) -> Result<Vec<CatalogueChip>, Problems> {
    let mut maker = Maker {
        facts,
        tables,
        registry,
        horizon,
        reference: Reference::new(&tables.models, &facts.models)?,
        vendors: tables.vendors(),
        chips: Vec::new(),
        problems: Problems::default(),
    };
    for row in &tables.on_sale {
        maker.listed_or_announced(row);
    }
    for (index, line) in tables.lines.iter().enumerate() {
        if let Some(growth) = &line.growth {
            maker.trend(index, growth, horizon.until);
        }
    }
    maker.cut_chips();
    maker.reference.rate(&mut maker.chips);
    maker.problems.check(maker.chips)
}

struct Maker<'a> {
    facts: &'a Facts,
    tables: &'a Tables,
    registry: &'a Registry,
    horizon: Horizon,
    reference: Reference<'a>,
    vendors: Vec<String>,
    chips: Vec<CatalogueChip>,
    problems: Problems,
}

impl Maker<'_> {
    /// A row of the catalogue: the chip of the table of chips, or the announced one of the successors.
    fn listed_or_announced(&mut self, row: &OnSale) {
        let line = self.tables.lines.iter().position(|line| line.id == row.line).unwrap_or(0);
        if !self.was_known(row) {
            return;
        }
        let listed = self.facts.chips.iter().find(|chip| chip.id == row.chip).cloned();
        let predecessor = row.predecessor.as_deref().and_then(|id| self.chips.iter().find(|chip| chip.chip.id == id));
        let (mut chip, origin) = match (listed, predecessor) {
            (Some(chip), _) => (chip, Origin::Listed),
            (None, Some(predecessor)) => match announced(&row.chip, &predecessor.chip, &self.facts.successors) {
                Some(chip) => (chip, Origin::Announced),
                None => return self.unknown(row),
            },
            (None, None) => return self.unknown(row),
        };
        chip.tdp_w = chip.tdp_w.or(row.tdp_w);
        let price_base = match (row.price_usd, predecessor) {
            (Some(price), _) => (price, 0.0),
            (None, Some(predecessor)) => {
                let years = f64::from(row.available.since(predecessor.available)) / 4.0;
                (predecessor.price_base.0, predecessor.price_base.1 + years)
            }
            (None, None) => return self.unknown(row),
        };
        let sold = Sold { line, available: row.available, withdrawn: row.withdrawn, price_base, trend_years: 0.0 };
        let mut entry = self.entry(chip, origin, sold);
        if let Some(packages) = row.packages_per_wafer {
            entry.packages_per_wafer = packages;
        }
        if let Some(dies) = row.dies {
            entry.dies = dies;
        }
        self.chips.push(entry);
    }

    /// Whether a chip was on sale, released or announced at the end of the data. At the end of all data everything
    /// in the table was.
    fn was_known(&self, row: &OnSale) -> bool {
        let known = self.horizon.known;
        let day = known.last_day();
        let released = |chip: &Chip| chip.release < month_of(known + 1) && !chip.release.is_empty();
        let announced = |successor: &Successor| {
            successor.id == row.chip && successor.visible_from.is_some_and(|seen| seen.first <= day)
        };
        known == history::LAST
            || row.available <= known
            || self.facts.chips.iter().any(|chip| chip.id == row.chip && released(chip))
            || self.facts.successors.iter().any(announced)
    }

    fn unknown(&mut self, row: &OnSale) {
        let known = self.facts.chips.iter().map(|chip| &chip.id);
        let near = nearest(&row.chip, known.chain(self.facts.successors.iter().map(|row| &row.id))).into_iter().next();
        let message = format!("'{}' is neither a chip, nor an announced one with a predecessor", row.chip);
        self.problems.push(Problem::new("unknown_chip", message).file("data/catalogue.csv").suggest(near));
    }

    /// The generations of a line after its last announced chip, each with grown figures.
    fn trend(&mut self, line: usize, growth: &LineGrowth, until: Quarter) {
        let keys = [&growth.flop, &growth.bandwidth, &growth.memory, &growth.power, &growth.price];
        let mut rates = [1.0; 5];
        for (rate, key) in rates.iter_mut().zip(keys) {
            match self.registry.index(key) {
                Ok(index) => *rate = self.registry.inputs[index].distribution.central(),
                Err(problem) => self.problems.push(problem.file("data/vendor_lines.csv")),
            }
        }
        let Some(last) = self.chips.iter().rev().find(|chip| chip.line == line).cloned() else { return };
        let cadence = growth.cadence_quarters;
        let mut available = last.available + cadence;
        while available <= until {
            let years = f64::from(available.since(last.available)) / 4.0;
            let [flop, bandwidth, memory, power, _] = rates.map(|rate| f64::powf(rate, years));
            let mut chip = last.chip.clone();
            chip.id = format!("{}-{}", self.tables.lines[line].id, available.to_string().to_lowercase());
            chip.name = format!("{} {available}", self.tables.lines[line].vendor);
            chip.aliases = Vec::new();
            chip.release = month_of(available);
            scale_operations(&mut chip, flop);
            chip.memory_bw_byte_per_s *= bandwidth;
            chip.memory_bytes *= memory;
            chip.tdp_w = chip.tdp_w.map(|tdp| tdp * power);
            chip.allin_w = chip.allin_w.map(|allin| allin * power);
            chip.price_usd = None;
            chip.scaleup_bidir_byte_per_s = chip.scaleup_bidir_byte_per_s.map(|rate| rate * bandwidth);
            let price_base = (last.price_base.0, last.price_base.1 + years);
            let withdrawn = available + 2 * cadence;
            let sold = Sold { line, available, withdrawn, price_base, trend_years: years };
            let mut entry = self.entry(chip, Origin::Trend, sold);
            // Packages and dies of a trend stay as they are: assumption.
            (entry.packages_per_wafer, entry.dies) = (last.packages_per_wafer, last.dies);
            self.chips.push(entry);
            available = available + cadence;
        }
    }

    /// Every data-centre part that is sold to all and came at most a year before the model begins, cut in
    /// operations, in bandwidth, and in both.
    fn cut_chips(&mut self) {
        let first = self.horizon.begin + -5;
        for index in 0..self.chips.len() {
            let full = &self.chips[index];
            let line: &VendorLine = &self.tables.lines[full.line];
            if line.reach != Reach::All || line.growth.is_none() || full.available < first {
                continue;
            }
            for cut in [Cut::Operations, Cut::Bandwidth, Cut::Both] {
                let full = self.chips[index].clone();
                let mut chip = full.chip.clone();
                chip.aliases = Vec::new();
                let (operations, bandwidth) = (cut != Cut::Bandwidth, cut != Cut::Operations);
                if (operations && !cut_operations(&mut chip)) || (bandwidth && !cut_bandwidth(&mut chip)) {
                    continue;
                }
                let (id, name) = match cut {
                    Cut::Operations => ("operations", "operations cut"),
                    Cut::Bandwidth => ("bandwidth", "bandwidth cut"),
                    Cut::Both => ("both", "operations and bandwidth cut"),
                };
                chip.id = format!("{}-cut-{id}", chip.id);
                chip.name = format!("{}, {name}", chip.name);
                chip.price_usd = None;
                let sold = Sold {
                    line: full.line,
                    available: full.available,
                    withdrawn: full.withdrawn,
                    price_base: full.price_base,
                    trend_years: full.trend_years,
                };
                let mut entry = self.entry(chip, Origin::Cut(index, cut), sold);
                (entry.packages_per_wafer, entry.dies) = (full.packages_per_wafer, full.dies);
                self.chips.push(entry);
            }
        }
    }

    fn entry(&mut self, chip: Chip, origin: Origin, sold: Sold) -> CatalogueChip {
        let Sold { line, available, withdrawn, price_base, trend_years } = sold;
        let central = |key: &str| {
            self.registry.index(key).map_or(1.0, |index| self.registry.inputs[index].distribution.central())
        };
        let ratio = match origin {
            Origin::Cut(_, Cut::Operations) => central("cut_operations_price_ratio"),
            Origin::Cut(_, Cut::Bandwidth) => central("cut_bandwidth_price_ratio"),
            Origin::Cut(_, Cut::Both) => central("cut_operations_price_ratio") * central("cut_bandwidth_price_ratio"),
            _ => 1.0,
        };
        let vendor = &self.tables.lines[line].vendor;
        let flop_per_s = chip.dense_op_per_s.eight_bit();
        let power_w = chip.allin_w.or(chip.tdp_w.map(|tdp| tdp * ALLIN_OVER_TDP));
        for (figure, what) in [(flop_per_s, "operations"), (power_w, "power")] {
            if figure.is_none() {
                let message = format!("the {what} of {} are not known, so the world cannot buy it", chip.id);
                self.problems.push(Problem::new("missing_figure", message).file("data/catalogue.csv"));
            }
        }
        CatalogueChip {
            origin,
            vendor: self.vendors.iter().position(|known| known == vendor).unwrap_or(0),
            available,
            withdrawn,
            flop_per_s: flop_per_s.unwrap_or(0.0),
            byte_per_s: chip.memory_bw_byte_per_s,
            memory_bytes: chip.memory_bytes,
            io_byte_per_s: chip.io_bidir_byte_per_s().unwrap_or(0.0),
            price_usd: price_base.0 * central("nvidia_price").powf(price_base.1) * ratio,
            power_w: power_w.unwrap_or(0.0),
            rates: Vec::new(),
            prefill_tok_per_s: 0.0,
            decode_tok_per_s: 0.0,
            decode_bandwidth_elasticity: 0.0,
            packages_per_wafer: supply::packages_per_wafer(die_area(&chip), stacks(&chip)),
            dies: 1.0,
            has_stacked_memory: is_stacked(&chip),
            line,
            price_base,
            trend_years,
            chip,
        }
    }
}

/// Cuts a chip below the thresholds of operations; false where it is below them as it is.
fn cut_operations(chip: &mut Chip) -> bool {
    let Some((tpp, _)) = chip.tpp().filter(|(tpp, _)| *tpp > CUT_TPP) else { return false };
    scale_operations(chip, CUT_TPP / tpp);
    chip.tdp_w = chip.tdp_w.map(|tdp| tdp * CUT_POWER);
    chip.allin_w = chip.allin_w.map(|allin| allin * CUT_POWER);
    true
}

/// Cuts a chip below the thresholds of bandwidth; false where it is below them as it is.
fn cut_bandwidth(chip: &mut Chip) -> bool {
    if chip.memory_bw_byte_per_s <= CUT_BYTE_PER_S {
        return false;
    }
    chip.memory_bw_byte_per_s = CUT_BYTE_PER_S;
    let links = CUT_TOTAL_BYTE_PER_S - CUT_BYTE_PER_S;
    let host = chip.host_io_bidir_byte_per_s.unwrap_or(0.0).min(links / 2.0);
    chip.host_io_bidir_byte_per_s = Some(host);
    chip.scaleup_bidir_byte_per_s = Some(chip.scaleup_bidir_byte_per_s.unwrap_or(links).min(links - host));
    true
}

/// Where and how a chip is sold.
#[derive(Clone, Copy, Debug)]
struct Sold {
    line: usize,
    available: Quarter,
    withdrawn: Quarter,
    /// Price of the chip that its own is derived from, and the years of growth since [USD, years].
    price_base: (f64, f64),
    trend_years: f64,
}

/// Whether a chip's memory is stacked beside its dies, so that it takes advanced packaging.
fn is_stacked(chip: &Chip) -> bool {
    ["HBM", "HiBL", "HiZQ"].iter().any(|kind| chip.memory_type.starts_with(kind))
}

/// Stacks of a chip: of 16 GB up to HBM3, of 30 GB from HBM3E on (24 and 36 GB are sold).
fn stacks(chip: &Chip) -> f64 {
    let newer = chip.memory_type.starts_with("HBM3e") || chip.memory_type.starts_with("HBM4");
    (chip.memory_bytes / if newer { 30e9 } else { 16e9 }).ceil()
}

/// The silicon of a chip; where it is not known, as much to each stack as an H100 has, 814 mm2 to five [mm2].
fn die_area(chip: &Chip) -> f64 {
    chip.die_area_mm2.unwrap_or(stacks(chip) * 814.0 / 5.0)
}

/// An announced chip: its predecessor with the figures of its vendor, central where there is a range.
fn announced(id: &str, predecessor: &Chip, successors: &[Successor]) -> Option<Chip> {
    let rows: Vec<&Successor> = successors.iter().filter(|row| row.announced_chip && row.id == id).collect();
    let first = rows.first()?;
    let figure = |quantity: &str| rows.iter().find(|row| row.quantity == quantity).and_then(|row| row.central);
    let mut chip = predecessor.clone();
    chip.id = id.to_string();
    chip.name.clone_from(&first.chip);
    chip.aliases = Vec::new();
    chip.release = first.available[1].map_or_else(|| predecessor.release.clone(), month_of);
    chip.provenance = first.provenance.clone();
    chip.price_usd = None;
    chip.allin_w = None;
    let before = predecessor.dense_op_per_s.eight_bit()?;
    let fp8 = figure("dense_fp8").or(figure("dense_fp4").map(|fp4| fp4 / 2.0))?;
    scale_operations(&mut chip, fp8 / before);
    if let Some(fp4) = figure("dense_fp4") {
        chip.dense_op_per_s.fp4 = Some(fp4);
    }
    chip.memory_bw_byte_per_s = figure("memory_bandwidth")?;
    if let Some(memory) = figure("memory_capacity") {
        chip.memory_bytes = memory;
    }
    if let Some(tdp) = figure("tdp") {
        chip.tdp_w = Some(tdp);
    }
    Some(chip)
}

/// Multiplies every peak.
fn scale_operations(chip: &mut Chip, factor: f64) {
    let peaks = &mut chip.dense_op_per_s;
    for peak in [
        &mut peaks.fp32,
        &mut peaks.tf32,
        &mut peaks.fp16,
        &mut peaks.fp16_fp32_accumulate,
        &mut peaks.fp8,
        &mut peaks.fp4,
        &mut peaks.int8,
        &mut peaks.int4,
    ] {
        *peak = peak.map(|value| value * factor);
    }
}

/// The first month of a quarter, `YYYY-MM`.
fn month_of(quarter: Quarter) -> String {
    format!("{}-{:02}", quarter.year(), quarter.number() * 3 - 2)
}
