//! Workloads: how long requests are, what they share and how they arrive.

mod file;

use serde::Serialize;
use units::{Problems, Provenance};

use crate::{lookup::Named, table};

/// A length in tokens as a distribution: its mean, and quantiles where they are known.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Lengths {
    /// Mean [tokens].
    pub mean: f64,
    /// Median [tokens].
    pub p50: Option<f64>,
    /// 90th percentile [tokens].
    pub p90: Option<f64>,
    /// 99th percentile [tokens].
    pub p99: Option<f64>,
    /// Longest [tokens].
    pub max: Option<f64>,
}

impl Lengths {
    /// Always the same length.
    pub fn fixed(tokens: f64) -> Self {
        Self { mean: tokens, p50: Some(tokens), p90: Some(tokens), p99: Some(tokens), max: Some(tokens) }
    }

    /// Whether the quantiles that are known rise.
    fn is_rising(&self) -> bool {
        [self.p50, self.p90, self.p99, self.max].into_iter().flatten().is_sorted()
    }
}

/// A workload: what requests look like.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct WorkloadShape {
    /// Our id, such as `azure-conversation`.
    pub id: String,
    /// Other names that find it.
    pub aliases: Vec<String>,
    /// What it is.
    pub title: String,
    /// Prompt, images apart [tokens].
    pub input: Lengths,
    /// Output, reasoning included [tokens].
    pub output: Lengths,
    /// Images a request [count].
    pub images: f64,
    /// Tokens of the images of a request, as the source's model counts them [tokens].
    pub image_tokens: Option<f64>,
    /// Leading tokens found in an infinite prefix cache [fraction].
    pub prefix_share_fraction: Option<f64>,
    /// Standard deviation over mean of the gaps between arrivals; 1 = Poisson. `None` = no arrival times.
    pub arrival_cv: Option<f64>,
    /// A remark: what is biased, what was fitted.
    pub note: Option<String>,
    /// Where the row comes from.
    #[serde(flatten)]
    pub provenance: Provenance,
}

impl Named for WorkloadShape {
    fn id(&self) -> &str {
        &self.id
    }

    fn aliases(&self) -> &[String] {
        &self.aliases
    }
}

/// Reads `workloads.csv`.
///
/// # Errors
/// Every problem of the table.
pub fn read_workloads(text: &str, file: &str) -> Result<Vec<WorkloadShape>, Problems> {
    const OWN: [&str; 18] = [
        "id",
        "aliases",
        "title",
        "input_mean",
        "input_p50",
        "input_p90",
        "input_p99",
        "input_max",
        "output_mean",
        "output_p50",
        "output_p90",
        "output_p99",
        "output_max",
        "images",
        "image_tokens",
        "prefix_share_fraction",
        "arrival_cv",
        "note",
    ];
    let columns = [&OWN[..], &table::PROVENANCE].concat();
    table::read(text, file, &columns, |row| WorkloadShape {
        id: row.text("id"),
        aliases: row.list("aliases"),
        title: row.text("title"),
        input: lengths(row, ["input_mean", "input_p50", "input_p90", "input_p99", "input_max"]),
        output: lengths(row, ["output_mean", "output_p50", "output_p90", "output_p99", "output_max"]),
        images: row.number("images", 0.0..=1e4),
        image_tokens: row.optional_number("image_tokens", table::NOT_NEGATIVE),
        prefix_share_fraction: row.optional_number("prefix_share_fraction", table::FRACTION),
        arrival_cv: row.optional_number("arrival_cv", table::NOT_NEGATIVE),
        note: row.optional_text("note"),
        provenance: row.provenance(),
    })
}

fn lengths(row: &mut table::Row<'_>, [mean, p50, p90, p99, max]: [&str; 5]) -> Lengths {
    const TOKENS: std::ops::RangeInclusive<f64> = 0.0..=1e8;
    let lengths = Lengths {
        mean: row.number(mean, 1.0..=1e8),
        p50: row.optional_number(p50, TOKENS),
        p90: row.optional_number(p90, TOKENS),
        p99: row.optional_number(p99, TOKENS),
        max: row.optional_number(max, TOKENS),
    };
    if !lengths.is_rising() {
        row.refuse(p50, "bad_range", "the quantiles are not in rising order");
    }
    lengths
}
