//! Tokens per second of every chip with every reference model, from the performance model, tabulated once.

use std::{panic::resume_unwind, thread};

use facts::{Architecture, Chip, Model};
use performance::{Efficiencies, Objective, ReferenceRate, reference_rate};
use units::Problems;

use super::{CatalogueChip, ModelRate, Origin, ReferenceModel};

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

    /// Rates every chip: most of what making a world takes, so that the chips are shared out over the processors.
    pub fn rate(&self, chips: &mut [CatalogueChip]) {
        let kin: Vec<Option<usize>> = (0..chips.len()).map(|index| kin(chips, index)).collect();
        let entries: Vec<(&CatalogueChip, bool)> =
            chips.iter().zip(&kin).map(|(entry, kin)| (entry, kin.is_none())).collect();
        let one = |(entry, alone): &(&CatalogueChip, bool)| {
            (self.rates(&entry.chip), if *alone { self.bandwidth_elasticity(&entry.chip) } else { 0.0 })
        };
        let threads = thread::available_parallelism().map_or(1, usize::from);
        let rated: Vec<(Rates, f64)> = thread::scope(|scope| {
            let parts = entries.chunks(entries.len().div_ceil(threads).max(1));
            let running: Vec<_> =
                parts.map(|part| scope.spawn(move || part.iter().map(one).collect::<Vec<_>>())).collect();
            let join =
                |part: thread::ScopedJoinHandle<'_, Vec<_>>| part.join().unwrap_or_else(|panic| resume_unwind(panic));
            running.into_iter().flat_map(join).collect()
        });
        for (index, (rates, elasticity)) in rated.into_iter().enumerate() {
            let elasticity = kin[index].map_or(elasticity, |kin| chips[kin].decode_bandwidth_elasticity);
            let entry = &mut chips[index];
            entry.rates = rates.by_model;
            entry.prefill_tok_per_s = rates.prefill_tok_per_s;
            entry.decode_tok_per_s = rates.decode_tok_per_s;
            entry.decode_bandwidth_elasticity = elasticity;
        }
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

/// The chip whose dependence on bandwidth one takes over: a trend's generations, and what is cut from them, have that
/// of the chips that they grow from.
fn kin(chips: &[CatalogueChip], index: usize) -> Option<usize> {
    let cut = |entry: &CatalogueChip| match entry.origin {
        Origin::Cut(full, cut) => (full, Some(cut)),
        _ => (index, None),
    };
    let (full, kind) = cut(&chips[index]);
    if chips[full].origin != Origin::Trend {
        return None;
    }
    (0..index).rev().find(|other| chips[*other].line == chips[index].line && cut(&chips[*other]).1 == kind)
}

fn rate(chip: &Chip, architecture: &Architecture, reference: &ReferenceModel) -> Option<ReferenceRate> {
    let objective = Objective { context_tokens: reference.context_tokens, tpot_limit_s: reference.tpot_limit_s };
    reference_rate(chip, architecture, objective, Efficiencies::builtin())
}
