//! What deployments and models cost on a day, with prices drawn from their ranges: common ground of C1 and C8.

use explore::{Distribution, Draws, distribution::Scale};
use facts::{Facts, Lengths, Model, ModelScore, WorkloadShape, model::equal_or_better};
use std::collections::BTreeMap;
use units::{Date, Problem, Problems, Range};

/// The stream of random numbers that prices are drawn from; the design of the futures has stream 0.
const STREAM: u32 = 1;

/// Draws prices: a figure of one name has the same draw wherever it occurs, so that two sides that pay the same price
/// pay it in every draw.
#[derive(Debug)]
pub struct PriceDraws {
    draws: Draws,
    dimensions: BTreeMap<String, u32>,
}

impl PriceDraws {
    /// Draws from a study's seed.
    pub fn new(seed: u64) -> Self {
        Self { draws: Draws::new(seed, STREAM), dimensions: BTreeMap::new() }
    }

    /// A number in (0, 1) for a figure in a draw.
    pub fn uniform(&mut self, figure: &str, draw: u64) -> f64 {
        let next = self.dimensions.len() as u32;
        let dimension = *self.dimensions.entry(figure.to_string()).or_insert(next);
        self.draws.uniform(draw, dimension)
    }

    /// A price of a figure in a draw: triangular over its range.
    pub fn value(&mut self, figure: &str, draw: u64, range: Range) -> f64 {
        let uniform = self.uniform(figure, draw);
        let Range { low, central, high } = range;
        Distribution::Range { low, central, high, scale: Scale::Linear }.quantile(uniform)
    }
}

/// The middle of a month written `YYYY-MM`.
///
/// # Errors
/// A month that is none.
pub fn middle_of(month: &str) -> Result<Date, Problems> {
    format!("{month}-15")
        .parse()
        .map_err(|_| Problem::new("bad_month", format!("'{month}' is not a month; write it as 2026-01")).into())
}

/// A workload with other mean lengths.
///
/// # Errors
/// An unknown workload.
pub fn workload(facts: &Facts, id: &str, input_tokens: f64, output_tokens: f64) -> Result<WorkloadShape, Problem> {
    let base = facts.workload(id)?;
    Ok(WorkloadShape {
        input: Lengths::fixed(input_tokens),
        output: Lengths::fixed(output_tokens),
        images: 0.0,
        image_tokens: None,
        prefix_share_fraction: None,
        ..base.clone()
    })
}

/// Open models released by a day that have a score on a benchmark, best first.
pub fn open_models<'a>(facts: &'a Facts, on: Date, benchmark: &str) -> Vec<(&'a Model, f64)> {
    let month = format!("{:04}-{:02}", on.year(), on.month());
    let mut models: Vec<(&Model, f64)> = facts
        .models
        .iter()
        .filter(|model| model.open_weights && model.release <= month)
        .filter_map(|model| Some((model, best_score(&facts.model_scores, &model.id, benchmark)?)))
        .collect();
    models.sort_by(|a, b| b.1.total_cmp(&a.1).then_with(|| a.0.id.cmp(&b.0.id)));
    models
}

/// A model's best published score on a benchmark [fraction].
pub fn best_score(scores: &[ModelScore], model: &str, benchmark: &str) -> Option<f64> {
    let of = scores.iter().filter(|score| score.model.eq_ignore_ascii_case(model) && score.benchmark == benchmark);
    of.map(|score| score.score_fraction).max_by(f64::total_cmp)
}

/// Whether `model` scores as high as `reference`, within a tolerance, on what both were scored on.
pub fn is_as_good(facts: &Facts, model: &str, reference: &str, tolerance: f64) -> bool {
    model == reference || equal_or_better(&facts.model_scores, model, reference, tolerance) == Some(true)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_figure_has_one_draw_wherever_it_occurs() {
        let mut prices = PriceDraws::new(1);
        let first = prices.uniform("server/h100-sxm", 3);
        assert_ne!(prices.uniform("server/h20-96", 3), first);
        assert_eq!(prices.uniform("server/h100-sxm", 3), first);
        let range = Range { low: 1.0, central: 2.0, high: 4.0 };
        assert!((0..100).all(|draw| (1.0..=4.0).contains(&prices.value("x", draw, range))));
    }

    #[test]
    fn a_month_has_a_middle() {
        assert_eq!(middle_of("2026-11").unwrap().to_string(), "2026-11-15");
        assert!(middle_of("2026-13").is_err());
    }
}
