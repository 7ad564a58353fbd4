//! V4: what China bought in each quarter of 2024 and 2025, in operations and in bandwidth, frozen at the end of 2023.
//! Of what came after, only the dates of policy are known to the forecast.

use facts::{Figure, Select};
use units::{Problem, Problems, Quarter};
use world::{Trajectory, Variable};

use super::{
    Freeze, Hindcast, Model, Past, Placebo, Point, Status,
    frozen::{Both, Frozen, H100, NVIDIA, add, equivalents},
    score::{Card, Truth, point},
};

/// The freeze.
const FREEZE: Quarter = Quarter::new(2023, 4);
/// Quarters forecast.
const QUARTERS: usize = 8;
/// Quarters whose median must lie in the band of the truth, in each currency.
const NEEDED: usize = 7;
/// Names and units of the currencies.
const CURRENCIES: [(&str, &str); 2] =
    [("China's sales by operations", "H100 equivalents"), ("China's sales by bandwidth", "H100 bandwidth equivalents")];
/// Memory bandwidth of the mix of smuggled chips over that of an H100 (assumption of the calibration data: 4.5, 3.5
/// to 5.5 TB/s).
const SMUGGLED_BYTE: [f64; 3] = [3.5e12 / H100[1], 4.5e12 / H100[1], 5.5e12 / H100[1]];
/// Huawei's output is known to a half either way; in 2025 one camp (Kessler) has a quarter of what the other has.
const HUAWEI: [f64; 2] = [0.5, 1.5];
const HUAWEI_LOW_2025: f64 = 0.25;

/// What happened in a quarter: low, central, high, in both currencies.
pub fn truth(past: &Past<'_>, quarter: Quarter) -> Result<[Both; 3], Problem> {
    let mut total = [[0.0; 2]; 3];
    let of = |series: &'static str, bloc: Option<&'static str>| -> Vec<&Figure> {
        let mut found = Select { bloc, ..Select::series(series) }.from(&past.facts.history);
        found.retain(|figure| figure.period.quarter() == quarter);
        found
    };
    for figure in of("chip_sales_units", Some("china")) {
        let chip = past.facts.chip(figure.entity.as_deref().unwrap_or_default())?;
        let each = equivalents(chip)?;
        let range = figure.range();
        let ends = if chip.vendor.eq_ignore_ascii_case("huawei") {
            let low = if quarter.year() >= 2025 { HUAWEI_LOW_2025 } else { HUAWEI[0] };
            [range.central * low, range.central, range.central * HUAWEI[1]]
        } else {
            [range.low, range.central, range.high]
        };
        total.iter_mut().zip(ends).for_each(|(total, units)| add(total, each, units));
    }
    let (units, equal) = (of("smuggled_chips_units", None), of("smuggled_chips_h100e", None));
    for (units, equal) in units.iter().zip(&equal) {
        let ends = |figure: &Figure| [figure.range().low, figure.range().central, figure.range().high];
        for (index, (units, equal)) in ends(units).into_iter().zip(ends(equal)).enumerate() {
            add(&mut total[index], [equal, units * SMUGGLED_BYTE[index]], 1.0);
        }
    }
    Ok(total)
}

/// What one future says of one quarter [H100 equivalents of both currencies].
#[derive(Clone, Copy, Debug)]
struct Flow {
    china: Both,
    nvidia: Both,
}

/// The flows of a run, quarter by quarter.
fn flows(frozen: &Frozen, china: usize, nvidia: usize, run: &Trajectory) -> Vec<Flow> {
    let in_h100 = |flop: f64, byte: f64| [flop / H100[0], byte / H100[1]];
    frozen
        .quarters()
        .into_iter()
        .map(|(at, _)| Flow {
            china: in_h100(run.get(Variable::SalesFlop, china)[at], run.get(Variable::SalesByte, china)[at]),
            nvidia: in_h100(run.vendor(Variable::VendorFlop, nvidia)[at], run.vendor(Variable::VendorByte, nvidia)[at]),
        })
        .collect()
}

/// One run: points and cards by currency.
struct Outcome {
    points: [Vec<Point>; 2],
    cards: [Card; 2],
    /// Quarters whose median lies in the band of the truth.
    inside: [usize; 2],
    /// Whether the forecast beats both naive ones, by currency.
    beats: [bool; 2],
    note: String,
}

impl Outcome {
    fn passed(&self) -> bool {
        self.inside.iter().all(|inside| *inside >= NEEDED) && self.beats == [true, true]
    }
}

fn forecast(past: &Past<'_>, shift: i32) -> Result<Outcome, Problems> {
    let frozen = Frozen::new(past, FREEZE, FREEZE + QUARTERS as i32, shift)?;
    let (china, nvidia) = (frozen.bloc("china")?, frozen.nvidia()?);
    let futures = frozen.run(|run| flows(&frozen, china, nvidia, run))?;
    let naive = Naive::at(past, &futures)?;
    let (mut points, mut cards, mut inside) =
        ([Vec::new(), Vec::new()], [Card::new("h100_equivalents"), Card::new("h100_equivalents")], [0, 0]);
    let mut naive_errors = [[0.0; 2]; 2];
    for index in 0..QUARTERS {
        let quarter = FREEZE + 1 + index as i32;
        let happened = truth(past, quarter)?;
        for currency in 0..2 {
            let [low, value, high] = happened.map(|both| both[currency]);
            let naives = naive.of(currency, index);
            for (errors, naive) in naive_errors[currency].iter_mut().zip(naives) {
                *errors += (naive - value).abs();
            }
            let draws = futures.iter().map(|future| future[index].china[currency]).collect();
            let sample = Frozen::sample(draws)?;
            inside[currency] += usize::from((low..=high).contains(&sample.quantile(0.5)));
            cards[currency].add(&sample, value, naives[0]);
            let of = Truth {
                series: CURRENCIES[currency].0.into(),
                freeze: FREEZE.to_string(),
                at: quarter.to_string(),
                unit: CURRENCIES[currency].1,
                value,
                range: Some((low, high)),
            };
            points[currency].push(point(&sample, naives[0], of));
        }
    }
    let beats = [0, 1].map(|currency| {
        let (crps, _) = cards[currency].crps();
        naive_errors[currency].iter().all(|errors| crps < errors / QUARTERS as f64)
    });
    Ok(Outcome { points, cards, inside, beats, note: frozen.note() })
}

/// Two naive forecasts: last year's share of what NVIDIA sells, and last year's trend of China's own purchases.
struct Naive {
    share: Both,
    nvidia: Vec<Both>,
    last: Both,
    per_quarter: Both,
}

impl Naive {
    fn at(past: &Past<'_>, futures: &[Vec<Flow>]) -> Result<Self, Problem> {
        let year: Vec<Both> =
            (-3..=0).map(|back| truth(past, FREEZE + back).map(|[_, central, _]| central)).collect::<Result<_, _>>()?;
        let (mut china, mut nvidia) = ([0.0; 2], [0.0; 2]);
        for (index, both) in year.iter().enumerate() {
            add(&mut china, *both, 1.0);
            let quarter = FREEZE + (index as i32 - 3);
            let select = Select { bloc: Some("world"), ..Select::series("chip_sales_units") };
            for figure in select.from(&past.facts.history) {
                // The table of chips lacks one that Google made for itself; it is not NVIDIA's.
                let Ok(chip) = past.facts.chip(figure.entity.as_deref().unwrap_or_default()) else { continue };
                if figure.period.quarter() == quarter && chip.vendor == NVIDIA {
                    add(&mut nvidia, equivalents(chip)?, figure.value);
                }
            }
        }
        let median = |index: usize, currency: usize| {
            let draws: Vec<f64> = futures.iter().map(|future| future[index].nvidia[currency]).collect();
            explore::statistics::median(&draws).unwrap_or(f64::NAN)
        };
        // The trend of the last year over the one before would need 2022; the slope within the year is taken.
        let slope = [0, 1].map(|currency| (year[3][currency] / year[0][currency]).ln() / 3.0);
        Ok(Self {
            share: [0, 1].map(|currency| china[currency] / nvidia[currency]),
            nvidia: (0..QUARTERS).map(|index| [median(index, 0), median(index, 1)]).collect(),
            last: year[3],
            per_quarter: slope,
        })
    }

    /// The constant share, the trend.
    fn of(&self, currency: usize, index: usize) -> [f64; 2] {
        let trend = self.last[currency] * (self.per_quarter[currency] * (index + 1) as f64).exp();
        [self.share[currency] * self.nvidia[index][currency], trend]
    }
}

/// Runs V4.
///
/// # Errors
/// Sales that the tables lack.
pub fn china_sales(past: &Past<'_>) -> Result<Hindcast, Problems> {
    let own = forecast(past, 0)?;
    let placebo = Placebo::of(forecast(past, Placebo::SHIFT)?.passed());
    let passed = own.passed() && placebo.status == super::PlaceboStatus::FailsAsItShould;
    let mut card = own.cards[0].clone();
    card.join(&own.cards[1]);
    let [inside_flop, inside_byte] = own.inside;
    let beats = |currency: usize| if own.beats[currency] { "beats" } else { "does not beat" };
    let reason = format!(
        "median inside the band of the truth in {inside_flop} of {QUARTERS} quarters by operations and {inside_byte} by \
         bandwidth; {} the naive forecasts by operations, {} them by bandwidth",
        beats(0),
        beats(1)
    );
    let note = own.note;
    Ok(Hindcast {
        id: "V4",
        title: "China's chips by quarter",
        model: Model::World,
        freeze: Freeze::One(FREEZE.to_string()),
        sees_until: Some(Freeze::One(FREEZE.last_day().to_string())),
        n_points: 2 * QUARTERS,
        n_independent: QUARTERS,
        points: own.points.into_iter().flatten().collect(),
        score: card.score(),
        naive: "last year's share of NVIDIA's sales (the trend of last year must be beaten too)",
        pass_mark: "median inside the band of the truth in 7 of 8 quarters in both currencies, and better than constant \
                    share and trend",
        status: Status::of(passed),
        placebo: Some(placebo),
        reason: (!passed).then_some(reason),
        notes: vec![
            note,
            "sales of 2022 and 2023, which the world sees, were first estimated in 2026".into(),
            "the truth is itself a model for Huawei (half either way, two camps in 2025) and for smuggled chips".into(),
        ],
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use facts::Facts;
    use rules::RuleBook;
    use world::Registry;

    #[test]
    fn the_truth_is_units_times_specification() {
        let (facts, book) = (Facts::load(None).unwrap(), RuleBook::builtin());
        let registry = Registry::load(None).unwrap();
        let sources = world::Sources { facts: &facts, book: &book, registry: &registry, folder: None };
        let past = Past::new(&sources);
        // 2023Q4: 9,089 A800 (624 TOPS, 2.04 TB/s) and 19,838 H800, nothing else.
        let [_, [flop, byte], _] = truth(&past, Quarter::new(2023, 4)).unwrap();
        assert!((flop - (9_089.0 * 624.0 / 1979.0 + 19_838.0)).abs() < 40.0, "{flop}");
        assert!((byte - (9_089.0 * 2.04 / 3.35 + 19_838.0)).abs() < 300.0, "{byte}");
        // 2024Q1 by bandwidth: H20, Huawei and smuggled chips; the band holds the centre.
        let [low, central, high] = truth(&past, Quarter::new(2024, 1)).unwrap();
        assert!(low[1] < central[1] && central[1] < high[1]);
    }
}
