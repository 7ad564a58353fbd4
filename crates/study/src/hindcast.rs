//! Hindcasts: a forecast frozen in the past and scored on what happened (CONTRACTS, section 8; WORLD, validation).
//!
//! One file a test, V1 to V9; V10 is the forecast of the years to come, registered before they happen. A forecast is
//! a function of a [`Vintage`], which refuses every datum dated after the freeze; the truth is read apart from it,
//! from the same tables. Which model made a forecast is said with it: [`Model::World`] is the product's own run,
//! [`Model::Equations`] its equations with what was known at the freeze, [`Model::Statistical`] a law that it uses.
//!
//! | test | file |
//! |---|---|
//! | V1, V2 cost laws | `moore`, `wright`, series in `technology` |
//! | V3, V7 curves of adoption | `diffusion`, `adoption`, curves in `curves` |
//! | V4, V5 China's chips and the two events | `china`, `event_study`, both by `frozen` |
//! | V6 prices, V8 open models | `price`, `openness` |
//! | V9 what others published | `replication` |
//! | V10 the registered forecast | [`forecast`] |

mod adoption;
mod china;
mod curves;
mod diffusion;
mod event_study;
pub mod forecast;
mod frozen;
mod moore;
mod openness;
mod price;
mod replication;
mod run;
mod score;
mod technology;
mod vintage;
mod wright;

use serde::Serialize;

pub use moore::moore_on_many_technologies;
pub use run::{IDS, Past, id, run};
pub use score::{Sample, Score};
pub use technology::{CostSeries, CostTest, cost_series};
pub use vintage::{Dated, Vintage};
pub use wright::wright_on_solar;

/// How a hindcast ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// It met its pass mark.
    Pass,
    /// It did not.
    Fail,
    /// It cannot be run; the reason says why.
    NotTestable,
}

impl Status {
    /// A pass where all conditions hold.
    fn of(passed: bool) -> Self {
        if passed { Self::Pass } else { Self::Fail }
    }
}

/// What made the forecast.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Model {
    /// The world model as `downstream world` runs it.
    World,
    /// Equations of the world model with what was known at the freeze; not a run of the whole.
    Equations,
    /// A law that the world model uses, on its own.
    Statistical,
    /// Arithmetic on the inputs of others.
    Arithmetic,
}

/// One freeze, several, or one after each step.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(untagged)]
pub enum Freeze {
    /// A quarter, a year or a word.
    One(String),
    /// Several.
    Many(Vec<String>),
}

impl Freeze {
    /// `rolling`.
    fn rolling() -> Self {
        Self::One("rolling".into())
    }

    /// Several, each as it prints.
    fn many(each: impl IntoIterator<Item = impl ToString>) -> Self {
        Self::Many(each.into_iter().map(|one| one.to_string()).collect())
    }
}

/// One forecast beside what happened.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Point {
    /// What was forecast.
    pub series: String,
    /// The freeze: a quarter, a month or a year.
    pub freeze: String,
    /// When it came true: a day, a quarter or a year.
    pub at: String,
    /// Unit.
    pub unit: &'static str,
    /// What happened.
    pub truth: f64,
    /// Low end of what happened, where it is an estimate.
    pub truth_lo: Option<f64>,
    /// High end, likewise.
    pub truth_hi: Option<f64>,
    /// 5 % quantile of the forecast.
    pub p5: f64,
    /// Median of the forecast.
    pub p50: f64,
    /// 95 % quantile of the forecast.
    pub p95: f64,
    /// The naive forecast.
    pub naive: f64,
}

impl Point {
    /// The quarter that holds the end of `at`, where that is a date.
    pub fn quarter(&self) -> Option<units::Quarter> {
        self.at.parse::<facts::Period>().ok().map(facts::Period::quarter)
    }

    /// Whether the truth lies in the 90 % band.
    fn is_covered(&self) -> bool {
        (self.p5..=self.p95).contains(&self.truth)
    }
}

/// The same test with its events four quarters late: it must fail, or what passes is not the events.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Placebo {
    /// By how much the events were shifted [quarters].
    pub shift_quarters: i32,
    /// How it ended.
    pub status: PlaceboStatus,
}

/// How a placebo ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum PlaceboStatus {
    /// It missed the pass mark, as it should.
    FailsAsItShould,
    /// It met the pass mark: the test says nothing of the events, and fails.
    Passes,
}

impl Placebo {
    /// How far the events are shifted.
    const SHIFT: i32 = 4;

    fn of(passed: bool) -> Self {
        let status = if passed { PlaceboStatus::Passes } else { PlaceboStatus::FailsAsItShould };
        Self { shift_quarters: Self::SHIFT, status }
    }
}

/// A hindcast's result.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Hindcast {
    /// `V1`, `V2`, ...
    pub id: &'static str,
    /// What is tested.
    pub title: &'static str,
    /// What made the forecast.
    pub model: Model,
    /// Where the forecast stops seeing.
    pub freeze: Freeze,
    /// The last day that it sees, one for each freeze.
    pub sees_until: Option<Freeze>,
    /// The points shown.
    pub points: Vec<Point>,
    /// Forecasts scored.
    pub n_points: usize,
    /// How many of them are independent of one another.
    pub n_independent: usize,
    /// How good it is.
    pub score: Score,
    /// The naive forecast.
    pub naive: &'static str,
    /// What it must reach, fixed before it was run.
    pub pass_mark: &'static str,
    /// How it ended.
    pub status: Status,
    /// The placebo, where the test rests on dated events.
    pub placebo: Option<Placebo>,
    /// Why it cannot be run, or why it failed.
    pub reason: Option<String>,
    /// What to know beside it: hindsight in the inputs, what was left out.
    pub notes: Vec<String>,
}
