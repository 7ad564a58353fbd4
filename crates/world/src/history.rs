//! What was sold until the end of 2025, common to all policies: rows of `history.csv` as chips of the catalogue.

use facts::{Facts, Select};
use units::{Problem, Problems, Quarter};

use crate::{
    catalogue::CatalogueChip,
    regions::REGIONS,
    tables::{Reach, Tables},
};

/// First quarter of the data.
pub(crate) const FIRST: Quarter = Quarter::new(2022, 1);
/// Last quarter of the data: nothing later is used for calibration.
pub(crate) const LAST: Quarter = Quarter::new(2025, 4);
/// Quarters of the data.
pub(crate) const QUARTERS: usize = 16;

/// How far a world's data reach, and from where the model works the quarters out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Span {
    /// Quarters of data: the anchor is the last of them. Fewer than [`QUARTERS`] in a frozen world, which reads
    /// nothing later.
    pub known: usize,
    /// First quarter that the model works out: `known`, or earlier where policies part from a counterfactual past.
    pub begin: usize,
}

impl Span {
    /// The last quarter of data.
    pub fn last(self) -> Quarter {
        FIRST + (self.known as i32 - 1)
    }
}

/// Sold, but not simulated: 30,000 chips of 0.07 H100 each, of which nothing else is known here.
const NOT_SIMULATED: [&str; 1] = ["tpu-v4i"];

/// Who bought, and under what uncertainty the count stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Channel {
    /// Outside China, anyone.
    Outside,
    /// Operators of the maker's own region.
    Own,
    /// China, legally.
    ChinaLegal,
    /// China, around the controls.
    ChinaLeak,
    /// China, own make: Huawei before 2025.
    Domestic,
    /// Huawei's chips of 2025, on whose count sources disagree.
    Huawei2025,
}

/// Chips of one kind sold in one quarter.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Sale {
    /// Quarters since [`FIRST`].
    pub quarter: usize,
    /// Index in the catalogue.
    pub chip: usize,
    /// Who bought.
    pub channel: Channel,
    /// How many [chips].
    pub units: f64,
}

/// The sales of history, by quarter, and what the stock of before 2022 is counted in.
#[derive(Clone, Debug)]
pub(crate) struct History {
    pub sales: Vec<Sale>,
    /// Huawei's chips of 2025 in the rows, which the camps rescale [chips].
    pub huawei_2025: f64,
    /// NVIDIA's A100 of its fiscal 2022 Q4, the unit of the stock before 2022: chip and count.
    pub start: (usize, f64),
    /// China's share of A100 sales in the first quarter, taken for the stock before [fraction].
    pub start_china_share: f64,
}

impl History {
    /// The sales of a quarter.
    pub fn of(&self, quarter: usize) -> &[Sale] {
        let from = self.sales.partition_point(|sale| sale.quarter < quarter);
        let to = self.sales.partition_point(|sale| sale.quarter <= quarter);
        &self.sales[from..to]
    }
}

/// Epoch AI ai-chip-counts, nvidia_fiscal_quarter_chip_timelines.csv: A100 in FY22 Q4, median [chips].
const START_UNITS: f64 = 195_341.0;

/// Reads the sales.
///
/// A world that is frozen knows only the first `known` quarters; later rows are passed over unread.
pub(crate) fn read(facts: &Facts, chips: &[CatalogueChip], tables: &Tables, known: usize) -> Result<History, Problems> {
    let mut problems = Problems::default();
    let mut sales: Vec<Sale> = Vec::new();
    let find = |id: &str| chips.iter().position(|entry| entry.chip.id == id);
    let mut world: Vec<(usize, usize, f64)> = Vec::new();
    for figure in Select::series("chip_sales_units").from(&facts.history) {
        let id = figure.entity.as_deref().unwrap_or_default();
        if NOT_SIMULATED.contains(&id) {
            continue;
        }
        let quarter = figure.period.quarter().since(FIRST);
        if !(0..known as i32).contains(&quarter) {
            continue;
        }
        let Some(chip) = find(id) else {
            let message = format!("'{id}' was sold, but the catalogue has it not");
            problems.push(Problem::new("unknown_chip", message).file("data/catalogue.csv"));
            continue;
        };
        let quarter = quarter as usize;
        let line = &tables.lines[chips[chip].line];
        if figure.bloc == "world" {
            world.push((quarter, chip, figure.value));
            continue;
        }
        let channel = match (REGIONS[line.origin], line.id.as_str(), quarter >= QUARTERS - 4) {
            ("china", "huawei", true) => Channel::Huawei2025,
            ("china", ..) => Channel::Domestic,
            _ => Channel::ChinaLegal,
        };
        sales.push(Sale { quarter, chip, channel, units: figure.value });
    }
    // What the world bought less what China bought legally went elsewhere.
    for (quarter, chip, units) in world {
        let china: f64 = sales
            .iter()
            .filter(|sale| (sale.quarter, sale.chip, sale.channel) == (quarter, chip, Channel::ChinaLegal))
            .map(|sale| sale.units)
            .sum();
        let channel = if tables.lines[chips[chip].line].reach == Reach::Own { Channel::Own } else { Channel::Outside };
        if units > china {
            sales.push(Sale { quarter, chip, channel, units: units - china });
        }
    }
    leaked(facts, known, &find, &mut sales, &mut problems);
    let Some(start) = find("a100-80-sxm") else {
        problems.push(Problem::new("unknown_chip", "the catalogue has no a100-80-sxm").file("data/catalogue.csv"));
        return Err(problems);
    };
    let first = |channel: Channel| {
        let of = |sale: &&Sale| (sale.quarter, sale.chip, sale.channel) == (0, start, channel);
        sales.iter().filter(of).map(|sale| sale.units).sum::<f64>()
    };
    let (china, outside) = (first(Channel::ChinaLegal), first(Channel::Outside));
    let huawei_2025 =
        sales.iter().filter(|sale| sale.channel == Channel::Huawei2025).map(|sale| sale.units).sum::<f64>();
    sales.sort_by_key(|sale| (sale.quarter, sale.chip));
    problems.check(History {
        huawei_2025,
        start: (start, START_UNITS),
        start_china_share: china / (china + outside).max(1.0),
        sales,
    })
}

/// Smuggled chips are counted in chips and in H100 equivalents: read as H100 and B200 that have both counts.
fn leaked(
    facts: &Facts,
    known: usize,
    find: &impl Fn(&str) -> Option<usize>,
    sales: &mut Vec<Sale>,
    problems: &mut Problems,
) {
    /// Operations of a B200 over an H100's, as Epoch AI counts them (5,000 over 1,979).
    const B200_IN_H100: f64 = 5000.0 / 1979.0;
    let equivalents = Select::series("smuggled_chips_h100e").from(&facts.history);
    for figure in Select::series("smuggled_chips_units").from(&facts.history) {
        let quarter = figure.period.quarter().since(FIRST);
        let same = equivalents.iter().find(|other| other.period == figure.period);
        let (Some(same), true) = (same, (0..known as i32).contains(&quarter)) else { continue };
        let Some(h100) = find("h100-sxm") else {
            problems.push(Problem::new("unknown_chip", "the catalogue has no h100-sxm"));
            return;
        };
        // Before it is known, all are read as H100.
        let b200 = find("b200");
        let newer = ((same.value - figure.value) / (B200_IN_H100 - 1.0)).clamp(0.0, figure.value);
        let newer = if b200.is_some() { newer } else { 0.0 };
        for (chip, units) in [(Some(h100), figure.value - newer), (b200, newer)] {
            if let (Some(chip), true) = (chip, units > 0.0) {
                sales.push(Sale { quarter: quarter as usize, chip, channel: Channel::ChinaLeak, units });
            }
        }
    }
}
