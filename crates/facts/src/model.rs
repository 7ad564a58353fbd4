//! Models: who made them, when, under what licence, their shape and their published scores.

use serde::Serialize;
use units::{Problem, Problems, Provenance, nearest};

use crate::architecture::Architecture;

/// One model.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Model {
    /// Hub name, such as `deepseek-ai/DeepSeek-V3`.
    pub id: String,
    /// Other names that look it up, lower case.
    pub aliases: Vec<String>,
    /// The name that is printed.
    pub name: String,
    /// Who made it.
    pub developer: String,
    /// Country of the developer [ISO 3166 alpha-2].
    pub origin: String,
    /// Whether the weights may be downloaded.
    pub open_weights: bool,
    /// Month of release, `YYYY-MM`.
    pub release: String,
    /// Its shape.
    pub architecture: Architecture,
    /// Where the row comes from.
    pub provenance: Provenance,
}

/// One model's published score on one benchmark.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ModelScore {
    /// Our id where the weights are open, else the name of its interface.
    pub model: String,
    /// The benchmark, as its publisher names it.
    pub benchmark: String,
    /// Share of tasks solved, 0 to 1.
    pub score_fraction: f64,
    /// The day of the run or of the model's release, `YYYY-MM-DD`.
    pub date: String,
    /// Whether the weights may be downloaded.
    pub open_weights: bool,
    /// Country of the developer [ISO 3166 alpha-2].
    pub origin: String,
    /// Where the row comes from.
    pub provenance: Provenance,
}

/// The models of a table.
///
/// # Errors
/// All problems of the table, each with row and column.
pub fn read_models(_text: &str, _file: &str) -> Result<Vec<Model>, Problems> {
    Ok(Vec::new())
}

/// The scores of a table.
///
/// # Errors
/// All problems of the table, each with row and column.
pub fn read_model_scores(_text: &str, _file: &str) -> Result<Vec<ModelScore>, Problems> {
    Ok(Vec::new())
}

/// The model of an id or alias, case ignored.
///
/// # Errors
/// `unknown_model` with the three nearest names.
pub fn find_model<'a>(models: &'a [Model], name: &str) -> Result<&'a Model, Problem> {
    let wanted = name.trim();
    let names = |model: &'a Model| std::iter::once(&model.id).chain(&model.aliases);
    models.iter().find(|model| names(model).any(|known| known.eq_ignore_ascii_case(wanted))).ok_or_else(|| {
        let close = nearest(wanted, models.iter().flat_map(names));
        let message = format!("there is no model '{wanted}'; nearest: {}", close.join(", "));
        Problem::new("unknown_model", message).suggest(close.into_iter().next())
    })
}

/// Whether `a` scores at least as high as `b`, within `tolerance`, on the benchmarks that both have: the mean
/// of the shared benchmarks decides. `None` = no benchmark in common.
pub fn equal_or_better(scores: &[ModelScore], a: &str, b: &str, tolerance: f64) -> Option<bool> {
    let of = |model: &str, benchmark: &str| {
        scores
            .iter()
            .filter(|score| score.model.eq_ignore_ascii_case(model) && score.benchmark == benchmark)
            .map(|score| score.score_fraction)
            .reduce(f64::max)
    };
    let mut benchmarks: Vec<&str> = scores.iter().map(|score| score.benchmark.as_str()).collect();
    benchmarks.sort_unstable();
    benchmarks.dedup();
    let pairs: Vec<(f64, f64)> = benchmarks.iter().filter_map(|name| Some((of(a, name)?, of(b, name)?))).collect();
    if pairs.is_empty() {
        return None;
    }
    let difference: f64 = pairs.iter().map(|(of_a, of_b)| of_a - of_b).sum();
    Some(difference / pairs.len() as f64 >= -tolerance)
}
