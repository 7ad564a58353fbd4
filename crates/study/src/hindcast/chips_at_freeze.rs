//! China's chips from a freeze on, by the world's equations with what was known at the freeze: the engine of V4 and V5.
//!
//! Not a run of the world: its history is data until 2025. What follows is E11 to E17 in their shortest form.
//! Money for chips outside China grows as it did in the last year seen, and the growth halves as in E17; China would
//! spend its uncontrolled share of it (E12). What it may buy is asked of the export rules month by month: their dates
//! are the only thing known of the years after the freeze. Where a rule leaves nothing, the vendor ships a chip cut to
//! it, some quarters later (E20). What is denied leaks (E12), and domestic output grows.
//!
//! Ranges that were learned from the years to be forecast (leak, flows under licences, Huawei's output) are not used:
//! wide ones, marked as assumptions, take their place.

use explore::{Design, Draws, Method};
use facts::{Chip, Figure, Select};
use rules::{Item, Iso2, Outcome};
use units::{Date, Problem, Problems, Quarter};
use world::{Distribution, InputSpec};

use super::{Past, Vintage};

/// FLOP/s and bandwidth.
pub type Both = [f64; 2];

/// One H100 in both currencies (WORLD E1) [FLOP/s, byte/s].
pub const H100: Both = [1979e12, 3.35e12];
/// Memory bandwidth of the mix of smuggled chips over that of an H100 (assumption of the calibration data: 4.5, 3.5
/// to 5.5 TB/s).
pub const SMUGGLED_BYTE: [f64; 3] = [3.5e12 / H100[1], 4.5e12 / H100[1], 5.5e12 / H100[1]];

/// What one future says of one quarter.
#[derive(Clone, Copy, Debug, Default)]
pub struct Flow {
    /// Legal, domestic and smuggled chips of China [H100 equivalents, in both currencies].
    pub china: Both,
    /// What NVIDIA sells in all, China's legal chips among them [H100 equivalents].
    pub nvidia: Both,
}

/// A frozen state, ready to be run.
#[derive(Debug)]
pub struct Frozen<'a> {
    past: &'a Past<'a>,
    /// What it sees.
    pub vintage: Vintage,
    freeze: Quarter,
    /// By how many quarters policy dates after the freeze are late; 0 but for a placebo.
    shift: i32,
    /// Sales of NVIDIA outside China by quarter, the freeze last [USD, H100 equivalents a USD].
    outside: Vec<(f64, Both)>,
    /// Domestic output of the last four quarters seen, a quarter [H100 equivalents]; `None` where none is seen.
    domestic: Option<Both>,
    /// Chips that China bought legally in the last two quarters seen.
    bought: Vec<&'a Chip>,
    /// The best chip outside, which is cut to the rules.
    full: &'a Chip,
    /// Its price [USD].
    full_usd: f64,
}

/// Chips of NVIDIA that China may buy under rules before any cut, with their lists.
const LINES: &str = "NVIDIA";

/// A chip in H100 equivalents.
pub fn equivalents(chip: &Chip) -> Result<Both, Problem> {
    let flop = chip.dense_op_per_s.eight_bit();
    let flop = flop.ok_or_else(|| Problem::new("no_data", format!("'{}' has no known peak", chip.id)))?;
    Ok([flop / H100[0], chip.memory_bw_byte_per_s / H100[1]])
}

/// Adds `b` times a factor to `a`.
pub fn add(a: &mut Both, b: Both, factor: f64) {
    a.iter_mut().zip(b).for_each(|(a, b)| *a += b * factor);
}

impl<'a> Frozen<'a> {
    /// What is seen at a freeze; `shift` moves the policy dates after it.
    ///
    /// # Errors
    /// Sales that the tables lack, or that are dated after the freeze.
    pub fn new(past: &'a Past<'a>, freeze: Quarter, shift: i32) -> Result<Self, Problems> {
        let vintage = Vintage::of(freeze);
        let sold = |bloc: &'static str, quarter: Quarter| -> Vec<(&'a Chip, &'a Figure)> {
            let select = Select { bloc: Some(bloc), ..Select::series("chip_sales_units") };
            vintage
                .select(&select, &past.facts.history)
                .into_iter()
                .filter(|figure| figure.period.quarter() == quarter)
                .filter_map(|figure| Some((past.facts.chip(figure.entity.as_deref()?).ok()?, figure)))
                .collect()
        };
        let mut outside = Vec::new();
        for back in (0..8).rev() {
            let quarter = freeze + -back;
            let legal = sold("china", quarter);
            let (mut usd, mut units) = (0.0, [0.0; 2]);
            for (chip, figure) in sold("world", quarter).into_iter().filter(|(chip, _)| chip.vendor == LINES) {
                let china: f64 =
                    legal.iter().filter(|(own, _)| own.id == chip.id).map(|(_, figure)| figure.value).sum();
                let count = (figure.value - china).max(0.0);
                usd += count * past.price_usd(&chip.id)?;
                add(&mut units, equivalents(chip)?, count);
            }
            if usd > 0.0 {
                outside.push((usd, units.map(|units| units / usd)));
            }
        }
        let mut domestic = None;
        for back in 0..4 {
            for (chip, figure) in sold("china", freeze + -back).into_iter().filter(|(chip, _)| chip.origin == "CN") {
                add(domestic.get_or_insert([0.0; 2]), equivalents(chip)?, figure.value / 4.0);
            }
        }
        let mut bought: Vec<&Chip> = Vec::new();
        for back in 0..2 {
            for (chip, _) in sold("china", freeze + -back).into_iter().filter(|(chip, _)| chip.origin != "CN") {
                if !bought.iter().any(|known| known.id == chip.id) {
                    bought.push(chip);
                }
            }
        }
        let full = past.facts.chip("h100-sxm")?;
        let full_usd = past.price_usd(&full.id)?;
        if outside.len() < 5 {
            return Err(Problem::new("no_data", format!("fewer than five quarters of sales before {freeze}")).into());
        }
        Ok(Self { past, vintage, freeze, shift, outside, domestic, bought, full, full_usd })
    }

    /// The day whose rules hold on a day: later than it by the shift, and never before the freeze.
    fn policy_day(&self, year: i32, month: i32) -> Date {
        let shifted = year * 12 + month - 1 - 3 * self.shift;
        let day = Date::new((shifted.div_euclid(12)) as i16, (shifted.rem_euclid(12) + 1) as i8, 15);
        day.unwrap_or(Date::MAX).max(self.vintage.sees_until)
    }

    /// The outcome for a chip in each month of a quarter.
    fn outcomes(&self, chip: &Item, quarter: Quarter) -> Result<[Outcome; 3], Problem> {
        let china = Iso2::new("CN").ok_or_else(|| Problem::new("unknown_country", "CN is no country"))?;
        let first = quarter.number() * 3 - 2;
        Ok([0, 1, 2].map(|month| {
            self.past.book.outcome(chip, china, self.policy_day(quarter.year(), first + month))
        }))
    }

    /// The full chip with as many operations, and then as much bandwidth, as leave it free in the last month of a
    /// quarter.
    fn cut_to_rules(&self, quarter: Quarter) -> Result<Option<(Item, Both)>, Problem> {
        let own = equivalents(self.full)?;
        let make = |operations: f64, bandwidth: f64| {
            let mut chip = self.full.clone();
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
                *peak = peak.map(|peak| peak * operations);
            }
            chip.memory_bw_byte_per_s *= bandwidth;
            chip.scaleup_bidir_byte_per_s = chip.scaleup_bidir_byte_per_s.map(|rate| rate * bandwidth);
            chip.id = "cut".into();
            Item::from_chip(&chip)
        };
        let free = |item: &Item| -> Result<bool, Problem> {
            Ok(self.outcomes(item, quarter)?[2] <= Outcome::Aca)
        };
        let largest = |fits: &dyn Fn(f64) -> Result<bool, Problem>| -> Result<Option<f64>, Problem> {
            const STEPS: usize = 40;
            for step in (1..=STEPS).rev() {
                let share = step as f64 / STEPS as f64;
                if fits(share)? {
                    return Ok(Some(share));
                }
            }
            Ok(None)
        };
        if let Some(operations) = largest(&|share| free(&make(share, 1.0)))? {
            return Ok(Some((make(operations, 1.0), [own[0] * operations, own[1]])));
        }
        let Some(both) = largest(&|share| free(&make(share, share)))? else { return Ok(None) };
        Ok(Some((make(both, both), own.map(|own| own * both))))
    }

    /// Runs futures for some quarters after the freeze: one row a future.
    ///
    /// # Errors
    /// An input that the world does not have.
    pub fn run(&self, quarters: usize) -> Result<Vec<Vec<Flow>>, Problems> {
        let inputs = Inputs::new(self.past)?;
        let offers = self.offers(quarters)?;
        let design = Design::new(Method::LatinHypercube, self.past.draws, Inputs::COUNT, Draws::new(self.past.seed, 4))
            .map_err(|error| Problem::new("bad_design", error.message))?;
        Ok((0..self.past.draws).map(|row| self.future(&inputs.at(&design.point(row)), &offers, quarters)).collect())
    }

    /// What may be had in each quarter: of the chips bought before and of a cut one, the best, with the outcome of
    /// each month; and the first quarter after which a cut chip is wanted.
    fn offers(&self, quarters: usize) -> Result<Vec<Offer>, Problem> {
        let items: Vec<(Item, &Chip)> = self.bought.iter().map(|chip| (Item::from_chip(chip), *chip)).collect();
        let mut offers: Vec<Offer> = Vec::new();
        let mut cut: Option<(usize, Item, Both)> = None;
        for index in 0..quarters {
            let quarter = self.freeze + 1 + index as i32;
            let mut best: Option<(Both, f64, [Outcome; 3])> = None;
            for (item, chip) in &items {
                let outcomes = self.outcomes(item, quarter)?;
                let rank = |outcomes: &[Outcome; 3]| outcomes.iter().filter(|each| **each <= Outcome::Aca).count();
                if best.as_ref().is_none_or(|(_, _, known)| rank(&outcomes) > rank(known)) {
                    best = Some((equivalents(chip)?, self.past.price_usd(&chip.id)?, outcomes));
                }
            }
            // Nothing of what was bought is free at the end of the quarter, nor the cut chip of before: a new one.
            let is_free = |outcomes: &[Outcome; 3]| outcomes[2] <= Outcome::Aca;
            let listed_free = best.as_ref().is_some_and(|(_, _, outcomes)| is_free(outcomes));
            let cut_free = match &cut {
                Some((_, item, _)) => is_free(&self.outcomes(item, quarter)?),
                None => false,
            };
            if !listed_free && !cut_free {
                let made = self.cut_to_rules(quarter)?;
                cut = made.map(|(item, figures)| (index, item, figures));
            }
            let cut_outcomes = match &cut {
                Some((_, item, _)) => Some(self.outcomes(item, quarter)?),
                None => None,
            };
            let cut_now = cut.as_ref().zip(cut_outcomes).map(|((since, _, figures), outcomes)| (*since, *figures, outcomes));
            offers.push(Offer { listed: best, cut: cut_now });
        }
        Ok(offers)
    }

    fn future(&self, draw: &Drawn, offers: &[Offer], quarters: usize) -> Vec<Flow> {
        let last = self.outside.len() - 1;
        let (usd, per_usd) = self.outside[last];
        let grown = (usd / self.outside[last - 4].0).ln() * draw.growth_kept;
        // The full chip is the H100 itself: one equivalent in both currencies.
        let per_full_usd = 1.0 / self.full_usd;
        (0..quarters)
            .map(|index| {
                let years = (index + 1) as f64 / 4.0;
                // E17: the growth halves; its integral from the freeze.
                let half = draw.half_life_years / std::f64::consts::LN_2;
                let money = usd * (grown * half * (1.0 - (-years / half).exp())).exp();
                // Computing per dollar doubles in so many years, bandwidth per dollar half as fast (E20).
                let better = [1.0, BANDWIDTH_TREND].map(|power| (power * years / draw.doubling_years).exp2());
                let outside = [0, 1].map(|currency| money * per_usd[currency] * better[currency]);
                let wanted_usd = money * draw.china_share / (1.0 - draw.china_share);
                let offer = &offers[index];
                let (legal, shipped) = offer.legal(index, draw, wanted_usd, self.full_usd);
                // E12: what is not shipped leaks as the gap to what may be had, by computing per dollar.
                let best = if shipped > 0.0 && wanted_usd > 0.0 { legal[0] / (wanted_usd * shipped) } else { 0.0 };
                let gap = (1.0 - best / (per_full_usd * better[0])).clamp(0.0, 1.0);
                let mut china = legal;
                let leaked = draw.leak * gap * wanted_usd * per_full_usd * better[0];
                add(&mut china, [leaked, leaked * SMUGGLED_BYTE[1]], 1.0);
                let domestic = self.domestic.unwrap_or(FIRST_910B.map(|one| one * draw.domestic_first / 4.0));
                add(&mut china, domestic, draw.domestic_growth.powf(years));
                let mut nvidia = outside;
                add(&mut nvidia, legal, 1.0);
                Flow { china, nvidia }
            })
            .collect()
    }
}

/// Bandwidth per dollar grows with this power of computing per dollar: 1.18 against 1.35 a year (Epoch AI, 2010-2023).
const BANDWIDTH_TREND: f64 = 0.55;
/// The Ascend 910B, the first chip of which output was expected at the end of 2023 [H100 equivalents].
const FIRST_910B: Both = [376e12 / H100[0], 1.228e12 / H100[1]];

/// What may be had in a quarter.
#[derive(Clone, Debug)]
struct Offer {
    /// A chip bought before: figures, price, outcome by month.
    listed: Option<(Both, f64, [Outcome; 3])>,
    /// A chip cut to the rules: the quarter since when it is wanted, figures, outcome by month.
    cut: Option<(usize, Both, [Outcome; 3])>,
}

impl Offer {
    /// Legal chips of a quarter, and the share of the money that buys them.
    fn legal(&self, index: usize, draw: &Drawn, wanted_usd: f64, full_usd: f64) -> (Both, f64) {
        let share = |outcomes: &[Outcome; 3]| outcomes.iter().map(|each| draw.flow(*each)).sum::<f64>() / 3.0;
        let cut = self.cut.as_ref().filter(|(since, _, _)| index as f64 >= *since as f64 + draw.lag_quarters);
        let listed = self.listed.as_ref().map(|(figures, price, outcomes)| (*figures, *price, share(outcomes)));
        let cut = cut.map(|(_, figures, outcomes)| (*figures, full_usd * draw.cut_price, share(outcomes)));
        // The more that is shipped of the two; both at once would be counted twice.
        let best = [listed, cut].into_iter().flatten().max_by(|a, b| a.2.total_cmp(&b.2));
        let Some((figures, price, shipped)) = best else { return ([0.0; 2], 0.0) };
        (figures.map(|one| one * wanted_usd * shipped / price), shipped)
    }
}

/// The distributions of a frozen run.
struct Inputs<'a> {
    half_life: &'a InputSpec,
    lag: &'a InputSpec,
    cut_price: &'a InputSpec,
}

/// What one future draws.
#[derive(Clone, Copy, Debug)]
struct Drawn {
    china_share: f64,
    half_life_years: f64,
    growth_kept: f64,
    doubling_years: f64,
    leak: f64,
    domestic_first: f64,
    domestic_growth: f64,
    lag_quarters: f64,
    cut_price: f64,
    denied: f64,
    licensed: f64,
}

impl Drawn {
    /// The share shipped under an outcome.
    fn flow(&self, outcome: Outcome) -> f64 {
        match outcome {
            Outcome::Free | Outcome::Aca | Outcome::Nac => 1.0,
            Outcome::Licence | Outcome::Denial | Outcome::PolicyOfDenial => self.denied,
            _ => self.licensed,
        }
    }
}

impl<'a> Inputs<'a> {
    const COUNT: u32 = 11;

    fn new(past: &'a Past<'a>) -> Result<Self, Problem> {
        let input = |key: &str| past.registry.index(key).map(|index| &past.registry.inputs[index]);
        Ok(Self {
            half_life: input("capital_growth_half_life_years")?,
            lag: input("compliance_lag_quarters")?,
            cut_price: input("cut_operations_price_ratio")?,
        })
    }

    /// The future at a point of the unit cube.
    fn at(&self, u: &[f64]) -> Drawn {
        let triangle = |low: f64, mode: f64, high: f64, u: f64| Distribution::Triangular { low, mode, high }.quantile(u);
        let ladder = |low: f64, high: f64, u: f64| Distribution::LogUniform { low, high }.quantile(u);
        Drawn {
            // Realised in 2022H1, central, NVIDIA's upper end (licence-flow tables).
            china_share: triangle(0.141, 0.20, 0.25, u[0]),
            half_life_years: self.half_life.distribution.quantile(u[1]),
            // Assumption: of last year's growth, so much goes on at first.
            growth_kept: triangle(0.3, 0.7, 1.1, u[2]),
            // Hobbhahn and Besiroglu 2022.
            doubling_years: triangle(1.54, 2.07, 3.13, u[3]),
            // Assumption that knows nothing: from a fiftieth to six tenths of what is denied.
            leak: ladder(0.02, 0.6, u[4]),
            // Assumption: Ascend chips a year expected at the end of 2023, from 40 to 400 thousand.
            domestic_first: ladder(4e4, 4e5, u[5]),
            // The world's range of domestic growth, wider since controls were new (assumption).
            domestic_growth: triangle(1.0, 1.4, 2.5, u[6]),
            lag_quarters: self.lag.distribution.quantile(u[7]).round(),
            cut_price: self.cut_price.distribution.quantile(u[8]),
            // No licence was reported from October 2022 on.
            denied: triangle(0.0, 0.0, 0.05, u[9]),
            // Assumption: licences that may be granted, of which nothing was known.
            licensed: triangle(0.0, 0.3, 1.0, u[10]),
        }
    }
}
