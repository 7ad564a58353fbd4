//! V9: what others published, computed again from the same inputs: Epoch AI's H100 equivalents, AI 2027's 100 million,
//! CNAS's shares of smuggled chips, IFP's ratios of computing power.
//!
//! Within 10 %, or the reason why not. Where a study's own inputs are not public in a table, ours take their place,
//! and the reason says so.

use facts::Select;
use serde::Deserialize;
use std::collections::BTreeMap;
use units::{Problem, Problems, Quarter};

use super::{
    Freeze, Hindcast, Model, Past, Point, Score, Status,
    frozen::{self, Both},
    score::{root_mean_square, share},
};

/// The name of the table.
const FILE: &str = "replications.csv";
/// How near counts as the same [fraction].
const NEAR: f64 = 0.10;
/// NVIDIA's A100 of its fiscal 2022 Q4 (Epoch AI), the unit of the stock before 2022 (E22) [chips].
const START_UNITS: f64 = 195_341.0;

#[derive(Deserialize)]
struct Row {
    study: String,
    quantity: String,
    value: f64,
    low: Option<f64>,
    high: Option<f64>,
    unit: String,
}

/// The table, by study and quantity.
struct Studies(BTreeMap<(String, String), Row>);

impl Studies {
    fn read() -> Result<Self, Problems> {
        let text = include_str!("../../../../data/replications.csv");
        let (mut rows, mut problems) = (BTreeMap::new(), Problems::default());
        for (index, row) in csv::Reader::from_reader(text.as_bytes()).deserialize::<Row>().enumerate() {
            match row {
                Ok(row) => {
                    rows.insert((row.study.clone(), row.quantity.clone()), row);
                }
                Err(error) => {
                    problems.push(Problem::new("bad_row", error.to_string()).file(FILE).line(index as u64 + 2));
                }
            }
        }
        problems.check(Self(rows))
    }

    fn get(&self, study: &str, quantity: &str) -> Result<&Row, Problem> {
        self.0
            .get(&(study.to_string(), quantity.to_string()))
            .ok_or_else(|| Problem::new("no_data", format!("{FILE} has no {quantity} of {study}")))
    }
}

/// One figure of another study beside ours.
struct Compared {
    series: String,
    at: String,
    unit: &'static str,
    published: f64,
    range: Option<(f64, f64)>,
    ours: f64,
    /// Whether the published figure is a bound from above.
    bound: bool,
    /// Why it may be further off than 10 %.
    why: &'static str,
}

impl Compared {
    fn is_near(&self) -> bool {
        let ratio = self.ours / self.published;
        (self.bound || ratio >= 1.0 - NEAR) && ratio <= 1.0 + NEAR
    }

    fn point(&self) -> Point {
        Point {
            series: self.series.clone(),
            freeze: "-".into(),
            at: self.at.clone(),
            unit: self.unit,
            truth: self.published,
            truth_lo: self.range.map(|range| range.0),
            truth_hi: self.range.map(|range| range.1),
            p5: self.ours,
            p50: self.ours,
            p95: self.ours,
            naive: f64::NAN,
        }
    }
}

/// A chip by id in H100 equivalents.
fn equivalents(past: &Past<'_>, id: &str) -> Result<Both, Problem> {
    frozen::equivalents(past.facts.chip(id)?)
}

/// Epoch AI's H100 equivalents: units times our own specification, chip by chip.
fn epoch(past: &Past<'_>) -> Vec<Compared> {
    let mut sums: BTreeMap<&str, [f64; 2]> = BTreeMap::new();
    for (place, series) in [(0, "chip_sales_units"), (1, "chip_sales_h100e")] {
        for figure in Select::series(series).from(&past.facts.history) {
            let own = figure.bloc == "world" || figure.camp.is_some();
            if let (true, Some(chip)) = (own, figure.entity.as_deref()) {
                sums.entry(chip).or_default()[place] += figure.value;
            }
        }
    }
    let compared = |(chip, [units, published]): (&&str, &[f64; 2])| -> Option<Compared> {
        let ours = units * equivalents(past, chip).ok()?[0];
        Some(Compared {
            series: format!("Epoch AI: H100 equivalents of {chip} sold"),
            at: "2022Q1 to 2025Q4".into(),
            unit: "H100 equivalents",
            published: *published,
            range: None,
            ours,
            bound: false,
            why: "our table has another dense 8-bit peak for this chip than Epoch's",
        })
    };
    sums.iter().filter_map(compared).collect()
}

/// AI 2027: the stock at its start times both growths.
fn ai_2027(studies: &Studies) -> Result<Vec<Compared>, Problem> {
    let input = |quantity| studies.get("ai-2027", quantity).map(|row| row.value);
    let growth = input("efficiency_growth")? * input("production_growth")?;
    let end = studies.get("ai-2027", "h100e_end")?;
    Ok(vec![Compared {
        series: "AI 2027: computing power of the world".into(),
        at: "2027Q4".into(),
        unit: "H100 equivalents",
        published: end.value,
        range: end.low.zip(end.high),
        ours: input("h100e_start")? * growth.powf(input("years")?),
        bound: false,
        why: "its start is only known as a tenth of its end",
    }])
}

/// Chips that China had at the end of 2024 beside smuggled ones, in H100 equivalents of both currencies: sales since
/// 2022 and the stock before (E22).
fn china_2024(past: &Past<'_>) -> Result<[f64; 2], Problems> {
    let until = Quarter::new(2024, 4).last_day();
    let mut total = [0.0; 2];
    let mut add = |chip: &str, units: f64| -> Result<(), Problem> {
        let each = equivalents(past, chip)?;
        total.iter_mut().zip(each).for_each(|(total, each)| *total += units * each);
        Ok(())
    };
    let sales = Select { bloc: Some("china"), ..Select::series("chip_sales_units") };
    for figure in sales.from(&past.facts.history) {
        if figure.period.last <= until {
            add(figure.entity.as_deref().unwrap_or_default(), figure.value)?;
        }
    }
    let first = |bloc: &'static str| {
        let select = Select { bloc: Some(bloc), entity: Some("a100-80-sxm"), ..Select::series("chip_sales_units") };
        select.from(&past.facts.history).first().map_or(0.0, |figure| figure.value)
    };
    let quarters = past.registry.inputs[past.registry.index("start_stock_quarters")?].distribution.central();
    add("a100-80-sxm", START_UNITS * quarters * first("china") / first("world").max(1.0))?;
    Ok(total)
}

/// CNAS: smuggled chips over all that China had, by operations for training and by bandwidth for inference.
fn cnas(past: &Past<'_>, studies: &Studies) -> Result<Vec<Compared>, Problems> {
    let smuggled = studies.get("cnas", "smuggled_chips_2024")?.value;
    let (own, h100) = (china_2024(past)?, equivalents(past, "h100-sxm")?);
    let mut found = Vec::new();
    for (currency, quantity) in ["share_of_training", "share_of_inference"].into_iter().enumerate() {
        let row = studies.get("cnas", quantity)?;
        let ours = smuggled * h100[currency];
        found.push(Compared {
            series: format!("CNAS: smuggled {}", quantity.replace('_', " ")),
            at: "2024".into(),
            unit: "fraction",
            published: row.value,
            range: row.low.zip(row.high),
            ours: ours / (ours + own[currency]),
            bound: false,
            why: "CNAS's count of all Chinese computing power is not in our tables; ours is sales since 2022 and the \
                  stock before",
        });
    }
    Ok(found)
}

/// IFP: computing power bought in 2026, United States over China.
fn ifp(past: &Past<'_>, studies: &Studies) -> Result<Vec<Compared>, Problems> {
    let central = |key: &str| -> Result<f64, Problem> {
        Ok(past.registry.inputs[past.registry.index(key)?].distribution.central())
    };
    let year = |figure: &&facts::Figure| figure.period.first.year() == 2025 && figure.bloc == "world";
    let sales = Select::series("chip_sales_h100e").from(&past.facts.history);
    let outside: f64 = sales.iter().filter(|figure| year(figure)).map(|figure| figure.value).sum();
    let per_usd = central("nvidia_flops")? / central("nvidia_price")?;
    let supply = outside * central("foreign_supply_growth_per_year")? * per_usd;
    let domestic = studies.get("inputs", "ascend_output_2026")?.value * equivalents(past, "ascend-910c")?[0]
        + central("cambricon_units_2026")? * equivalents(past, "mlu590")?[0];
    let (alone, with) = (studies.get("ifp", "ratio_without_export")?, studies.get("ifp", "ratio_with_b30a")?);
    let exported = studies.get("ifp", "exported_share")?.value;
    let row = |series: &str, published: &Row, ours, bound, why| Compared {
        series: series.into(),
        at: "2026".into(),
        unit: "ratio",
        published: published.value,
        range: published.low.zip(published.high),
        ours,
        bound,
        why,
    };
    Ok(vec![
        row(
            "IFP: United States over China without export",
            alone,
            supply / domestic,
            false,
            "IFP's count of chips made in 2026 is not in our tables; ours takes 2025's sales of four vendors and the \
             default camp on Huawei",
        ),
        // From IFP's own ratio: China makes 1/31 of what America does; what is exported is taken from the one and
        // given to the other, since a B30A has half of a B300 in performance and in price.
        row(
            "IFP: the same with B30A exports (below 4)",
            with,
            (1.0 - exported) / (1.0 / alone.value + exported),
            true,
            "it hangs on the share exported, here a fifth",
        ),
    ])
}

/// Runs V9.
///
/// # Errors
/// A figure that a table lacks.
pub fn replication(past: &Past<'_>) -> Result<Hindcast, Problems> {
    let studies = Studies::read()?;
    let mut all = epoch(past);
    all.extend(ai_2027(&studies)?);
    all.extend(cnas(past, &studies)?);
    all.extend(ifp(past, &studies)?);
    let near = share(all.iter().map(Compared::is_near));
    let passed = near >= 1.0;
    let errors: Vec<f64> = all.iter().map(|each| (each.ours / each.published).ln()).collect();
    let per_cent = |each: &Compared| format!("{:+.0} %", 100.0 * (each.ours / each.published - 1.0));
    let missed: Vec<String> = all
        .iter()
        .filter(|each| !each.is_near())
        .map(|each| format!("{}: {} ({})", each.series, per_cent(each), each.why))
        .collect();
    let aggressive = studies.get("ifp", "ratio_aggressive")?;
    Ok(Hindcast {
        id: "V9",
        title: "Figures of other studies",
        model: Model::Arithmetic,
        freeze: Freeze::One("-".into()),
        sees_until: None,
        points: all.iter().map(Compared::point).collect(),
        n_points: all.len(),
        n_independent: 4,
        score: Score {
            rmse: Some(root_mean_square(&errors)).filter(|rmse| rmse.is_finite()),
            unit: "ln_ratio",
            ..Score::default()
        },
        naive: "none",
        pass_mark: "every figure within 10 %",
        status: Status::of(passed),
        placebo: None,
        reason: (!passed).then(|| missed.join("; ")),
        notes: vec![
            format!("{:.0} of {} within 10 %", near * all.len() as f64, all.len()),
            format!(
                "IFP's ratio of {} {} under aggressive exports is not computed: the volume of that scenario is in no \
                 table of ours",
                aggressive.value, aggressive.unit
            ),
        ],
    })
}
