//! Tokens per second of every chip with every reference model, from the performance model, tabulated once.

use facts::{Architecture, Chip, Model};
use performance::{Efficiencies, Objective, ReferenceRate, reference_rate};
use units::Problems;

use super::{ModelRate, ReferenceModel};

/// The reference models with their shapes.
pub(super) struct Reference<'a> {
    pub models: Vec<(&'a ReferenceModel, &'a Architecture)>,
}

/// What a chip does over the mix.
#[derive(Clone, Debug, Default)]
pub(super) struct Rates {
    pub by_model: Vec<ModelRate>,
    pub prefill_tok_per_s: f64,
    pub decode_tok_per_s: f64,
}

impl<'a> Reference<'a> {
    /// Finds the shapes of the reference models.
    pub fn new(references: &'a [ReferenceModel], models: &'a [Model]) -> Result<Self, Problems> {
        let mut problems = Problems::default();
        let mut found = Vec::new();
        for reference in references {
            match facts::find_model(models, &reference.id) {
                Ok(model) => found.push((reference, &model.architecture)),
                Err(problem) => problems.push(problem.file("data/reference_models.csv")),
            }
        }
        problems.check(Self { models: found })
    }

    /// The rates of a chip. The mix is by tokens, so that rates combine by the time a token takes; a model that
    /// the chip cannot serve is left to other chips.
    pub fn rates(&self, chip: &Chip) -> Rates {
        let mut rates = Rates::default();
        let (mut weight, mut prefill_time, mut decode_time) = (0.0, 0.0, 0.0);
        for (reference, architecture) in &self.models {
            let rate = rate(chip, architecture, reference);
            rates.by_model.push(ModelRate {
                prefill_tok_per_s: rate.map(|rate| rate.prefill_tok_per_s_per_chip),
                decode_tok_per_s: rate.map(|rate| rate.decode_tok_per_s_per_chip),
            });
            if let Some(rate) = rate {
                weight += reference.weight;
                prefill_time += reference.weight / rate.prefill_tok_per_s_per_chip;
                decode_time += reference.weight / rate.decode_tok_per_s_per_chip;
            }
        }
        if weight > 0.0 {
            rates.prefill_tok_per_s = weight / prefill_time;
            rates.decode_tok_per_s = weight / decode_time;
        }
        rates
    }

    /// Elasticity of decode to bandwidth with the first reference model, between 0.7 and 1.4 times the bandwidth
    /// (wide, since the best batch moves in steps); between 0 and 1.
    pub fn bandwidth_elasticity(&self, chip: &Chip) -> f64 {
        let Some((reference, architecture)) = self.models.first() else { return 0.0 };
        let decode = |factor: f64| {
            let other = Chip { memory_bw_byte_per_s: chip.memory_bw_byte_per_s * factor, ..chip.clone() };
            rate(&other, architecture, reference).map(|rate| rate.decode_tok_per_s_per_chip)
        };
        match (decode(0.7), decode(1.4)) {
            (Some(less), Some(more)) => ((more / less).ln() / 2.0_f64.ln()).clamp(0.0, 1.0),
            _ => 1.0,
        }
    }
}

fn rate(chip: &Chip, architecture: &Architecture, reference: &ReferenceModel) -> Option<ReferenceRate> {
    let objective = Objective { context_tokens: reference.context_tokens, tpot_limit_s: reference.tpot_limit_s };
    reference_rate(chip, architecture, objective, Efficiencies::builtin())
}
