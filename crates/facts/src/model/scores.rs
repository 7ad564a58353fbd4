//! Published scores of models on named benchmarks.
//!
//! Two publishers run one benchmark in two ways, so a score is only compared with others of the same table: a
//! name without brackets is Epoch AI's own runs, a name with brackets, such as `GPQA-Diamond (DeepSeek report)`,
//! the table of that report. Scores of an instruction-tuned model stand under the id of its architecture
//! (`Llama-3.1-405B-Instruct` under `meta-llama/Meta-Llama-3.1-405B`); of several efforts of one model, the best.

use serde::Serialize;
use units::{Problems, Provenance};

use crate::table;

/// One model's published score on one benchmark.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ModelScore {
    /// Our id where the model is in `models.csv`, else the name of its interface.
    pub model: String,
    /// The benchmark, as its publisher names it.
    pub benchmark: String,
    /// Share of tasks solved, 0 to 1.
    pub score_fraction: f64,
    /// Whether the weights may be downloaded.
    pub open_weights: bool,
    /// Country of the developer [ISO 3166 alpha-2].
    pub origin: String,
    /// Where the row comes from; its date is that of the run, or of its publication.
    #[serde(flatten)]
    pub provenance: Provenance,
}

/// Reads `model_scores.csv`.
///
/// # Errors
/// Every problem of the table, each with row and column.
pub fn read_model_scores(text: &str, file: &str) -> Result<Vec<ModelScore>, Problems> {
    let own = ["model", "benchmark", "score_fraction", "open_weights", "origin"];
    table::read(text, file, &[&own[..], &table::PROVENANCE].concat(), |row| ModelScore {
        model: row.text("model"),
        benchmark: row.text("benchmark"),
        score_fraction: row.number("score_fraction", table::FRACTION),
        open_weights: row.yes_no("open_weights"),
        origin: row.text("origin"),
        provenance: row.provenance(),
    })
}

/// Whether `a` scores at least as high as `b` less `tolerance`: means over the benchmarks that both have, of
/// the best published score on each. `None` = no benchmark in common.
pub fn equal_or_better(scores: &[ModelScore], a: &str, b: &str, tolerance: f64) -> Option<bool> {
    let best = |model: &str, benchmark: &str| {
        let of_model = |score: &&ModelScore| score.model.eq_ignore_ascii_case(model) && score.benchmark == benchmark;
        scores.iter().filter(of_model).map(|score| score.score_fraction).reduce(f64::max)
    };
    let mut benchmarks: Vec<&str> = scores.iter().map(|score| score.benchmark.as_str()).collect();
    benchmarks.sort_unstable();
    benchmarks.dedup();
    let differences: Vec<f64> = benchmarks.iter().filter_map(|name| Some(best(a, name)? - best(b, name)?)).collect();
    let mean = differences.iter().sum::<f64>() / differences.len() as f64;
    // A hair of rounding must not decide a tie.
    (!differences.is_empty()).then_some(mean >= -tolerance - 1e-12)
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEADER: &str = "model,benchmark,score_fraction,open_weights,origin,source,date,licence,confidence\n";

    fn scores(rows: &[(&str, &str, f64)]) -> Vec<ModelScore> {
        let line = |(model, benchmark, score): &(&str, &str, f64)| {
            format!("{model},{benchmark},{score},yes,CN,somebody,2025-01-01,MIT,high\n")
        };
        let text = HEADER.to_string() + &rows.iter().map(line).collect::<String>();
        read_model_scores(&text, "scores.csv").unwrap()
    }

    #[test]
    fn only_benchmarks_that_both_have_are_compared() {
        let scores = scores(&[("a", "x", 0.5), ("a", "y", 0.9), ("b", "x", 0.52), ("b", "z", 1.0)]);
        assert_eq!(equal_or_better(&scores, "a", "B", 0.02), Some(true));
        assert_eq!(equal_or_better(&scores, "a", "b", 0.01), Some(false));
        assert_eq!(equal_or_better(&scores, "b", "a", 0.0), Some(true));
        assert_eq!(equal_or_better(&scores, "a", "c", 0.02), None);
    }

    #[test]
    fn the_best_of_several_scores_counts_and_the_mean_decides() {
        let scores = scores(&[("a", "x", 0.4), ("a", "x", 0.6), ("a", "y", 0.4), ("b", "x", 0.5), ("b", "y", 0.5)]);
        assert_eq!(equal_or_better(&scores, "a", "b", 0.0), Some(true));
        assert_eq!(equal_or_better(&scores, "b", "a", 0.0), Some(true));
    }

    #[test]
    fn a_score_above_one_is_refused_with_its_place() {
        let text = HEADER.to_string() + "a,x,85,yes,CN,somebody,2025-01-01,MIT,high\n";
        let problems = read_model_scores(&text, "scores.csv").unwrap_err();
        assert_eq!((problems.0[0].line, problems.0[0].key.as_deref()), (Some(2), Some("score_fraction")));
    }
}
