//! What the model has to reach, and whether it does: `data/accuracy_targets.csv`.

use facts::table::{self, FRACTION, PROVENANCE};
use performance::interval::{Figure, TIERS};
use serde::Serialize;
use std::collections::BTreeMap;
use units::{Problems, Tier};

use super::{
    LeaveOut, Validation,
    row::{Row, Run},
    schema::Schema,
    score::Scored,
    statistics::{mean, median, spearman},
};

const TABLE: &str = include_str!("../../../../data/accuracy_targets.csv");
const FILE: &str = "data/accuracy_targets.csv";
/// Systems that a benchmark must have for its order to be scored.
const BENCHMARK_SYSTEMS: usize = 4;

/// The statistic of a target.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Statistic {
    Answered,
    MeanError,
    MedianError,
    LargestError,
    Coverage,
    RankCorrelation,
}

impl Statistic {
    const NAMES: [(&str, Self); 6] = [
        ("answered", Self::Answered),
        ("mean_error", Self::MeanError),
        ("median_error", Self::MedianError),
        ("largest_error", Self::LargestError),
        ("coverage", Self::Coverage),
        ("rank_correlation", Self::RankCorrelation),
    ];

    fn name(self) -> &'static str {
        Self::NAMES.iter().find(|(_, statistic)| *statistic == self).map_or("", |(name, _)| name)
    }
}

/// One target: which rows, which statistic of them, where it has to lie, with what left out.
#[derive(Clone, Debug)]
struct Target {
    id: String,
    about: String,
    schema: Option<Schema>,
    /// Parts of names of publications, any of which; empty = all.
    sources: Vec<String>,
    disaggregated: Option<bool>,
    /// Whether only, or no, chips of NVIDIA.
    nvidia: Option<bool>,
    tier: Option<Tier>,
    figure: Option<Figure>,
    statistic: Statistic,
    goal: [f64; 2],
    leave_out: LeaveOut,
}

/// What became of a target.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct TargetReport {
    /// Its id.
    pub id: String,
    /// Which measurements it is about.
    pub about: String,
    /// `ttft`, `tpot`, `e2e`, `throughput`, `energy`; null = all.
    pub figure: Option<&'static str>,
    /// `answered`, `mean_error`, `median_error`, `largest_error`, `coverage`, `rank_correlation`.
    pub statistic: &'static str,
    /// What the predictions may not have seen.
    pub leave_out: LeaveOut,
    /// Lowest value that meets it [fraction].
    pub goal_lo: f64,
    /// Highest value that meets it [fraction].
    pub goal_hi: f64,
    /// The value; null where nothing was scored, or not with that left out [fraction].
    pub value: Option<f64>,
    /// Setups that it rests on; rows of an answered share; benchmarks of a rank correlation [count].
    pub of: usize,
    /// Whether it is met; null without a value.
    pub met: Option<bool>,
}

impl Target {
    fn of_row(&self, row: &Row) -> bool {
        let run = row.run.as_ref();
        self.sources_match(&row.source)
            && self.schema.is_none_or(|schema| row.schema == schema)
            // A row that could not be read belongs to both, for the share that is answered.
            && run.is_none_or(|run| self.of_run(run))
    }

    fn of_scored(&self, scored: &Scored) -> bool {
        self.sources_match(&scored.source)
            && self.schema.is_none_or(|schema| scored.run.schema == schema)
            && self.of_run(&scored.run)
            && self.tier.is_none_or(|tier| scored.tier == tier)
    }

    fn of_run(&self, run: &Run) -> bool {
        self.figure.is_none_or(|figure| run.figure == figure)
            && self.disaggregated.is_none_or(|wanted| run.disaggregated == wanted)
            && self.nvidia.is_none_or(|wanted| (run.vendor == "NVIDIA") == wanted)
    }

    fn sources_match(&self, source: &str) -> bool {
        self.sources.is_empty() || self.sources.iter().any(|part| source.contains(part.as_str()))
    }

    /// The statistic and what it rests on.
    fn value(&self, run: &Validation) -> (Option<f64>, usize) {
        if self.statistic == Statistic::Answered {
            let rows: Vec<&Row> = run.rows.iter().filter(|row| row.counts() && self.of_row(row)).collect();
            let answered = rows.iter().filter(|row| row.predicted.is_some()).count();
            return ((!rows.is_empty()).then(|| answered as f64 / rows.len() as f64), rows.len());
        }
        let scored: Vec<&Scored> = run.scored.iter().filter(|scored| self.of_scored(scored)).collect();
        if self.statistic == Statistic::RankCorrelation {
            return rank_within_benchmarks(&scored);
        }
        let scored: Vec<&Scored> = scored.into_iter().filter(|scored| !scored.run.order_only).collect();
        let errors: Vec<f64> = scored.iter().map(|scored| scored.signed().abs()).collect();
        let value = match self.statistic {
            Statistic::MeanError => mean(&errors),
            Statistic::MedianError => median(&errors),
            Statistic::LargestError => errors.iter().copied().reduce(f64::max),
            Statistic::Coverage | Statistic::Answered | Statistic::RankCorrelation => {
                let covered = scored.iter().filter_map(|scored| scored.covered());
                mean(&covered.map(|covered| f64::from(u8::from(covered))).collect::<Vec<_>>())
            }
        };
        (value, scored.len())
    }
}

/// The median over benchmarks (a model under a scenario's metric) of the rank correlation over systems.
fn rank_within_benchmarks(scored: &[&Scored]) -> (Option<f64>, usize) {
    let mut benchmarks: BTreeMap<_, Vec<(f64, f64)>> = BTreeMap::new();
    for each in scored {
        let benchmark = (each.run.schema.name(), &each.run.benchmark, &each.metric);
        benchmarks.entry(benchmark).or_default().push((each.predicted, each.truth()));
    }
    let orders: Vec<f64> = benchmarks
        .values()
        .filter(|pairs| pairs.len() >= BENCHMARK_SYSTEMS)
        .filter_map(|pairs| spearman(pairs))
        .collect();
    (median(&orders), orders.len())
}

fn read() -> Result<Vec<Target>, Problems> {
    const OWN: [&str; 12] = [
        "id",
        "about",
        "schema",
        "source_has",
        "layout",
        "vendor",
        "tier",
        "figure",
        "statistic",
        "goal_low",
        "goal_high",
        "leave_out",
    ];
    let schemas = Schema::ALL.map(|schema| (schema.name(), Some(schema)));
    let layouts = [("aggregated", Some(false)), ("disaggregated", Some(true))];
    let vendors = [("NVIDIA", Some(true)), ("not NVIDIA", Some(false))];
    let tiers = TIERS.map(|tier| (tier.name(), Some(tier)));
    let figures = Figure::ALL.map(|figure| (figure.name(), Some(figure)));
    let leave_outs = LeaveOut::ALL.map(|leave_out| (leave_out.name(), leave_out));
    let columns = [&OWN[..], &PROVENANCE].concat();
    table::read(TABLE, FILE, &columns, |row| {
        row.provenance();
        Target {
            id: row.text("id"),
            about: row.text("about"),
            schema: row.optional_text("schema").and_then(|_| row.one_of("schema", &schemas)),
            sources: row.list("source_has"),
            disaggregated: row.optional_text("layout").and_then(|_| row.one_of("layout", &layouts)),
            nvidia: row.optional_text("vendor").and_then(|_| row.one_of("vendor", &vendors)),
            tier: row.optional_text("tier").and_then(|_| row.one_of("tier", &tiers)),
            figure: row.optional_text("figure").and_then(|_| row.one_of("figure", &figures)),
            statistic: row.one_of("statistic", &Statistic::NAMES),
            goal: [row.number("goal_low", FRACTION), row.number("goal_high", FRACTION)],
            leave_out: row.one_of("leave_out", &leave_outs),
        }
    })
}

/// What became of every target, in the order of the table; one that wants something else left out than any of the
/// runs did has no value.
///
/// # Errors
/// Problems of the table.
pub fn targets(runs: &[Validation]) -> Result<Vec<TargetReport>, Problems> {
    let report = |target: Target| {
        let run = runs.iter().find(|run| run.result.leave_out == target.leave_out);
        let (value, of) = run.map_or((None, 0), |run| target.value(run));
        let [goal_lo, goal_hi] = target.goal;
        TargetReport {
            figure: target.figure.map(Figure::name),
            statistic: target.statistic.name(),
            leave_out: target.leave_out,
            goal_lo,
            goal_hi,
            value,
            of,
            met: value.map(|value| (goal_lo..=goal_hi).contains(&value)),
            id: target.id,
            about: target.about,
        }
    };
    Ok(read()?.into_iter().map(report).collect())
}
