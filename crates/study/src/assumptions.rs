//! The inputs of a study as the brief lists them: range, source, camps, and those held fixed.

use world::inputs::InputKind;

use crate::findings::{Assumption, CampValue};
use crate::ground::Ground;
use crate::sampling::Sampler;
use crate::scenario::Spread;

/// Every input of the registry, in its order, as this scenario has it.
pub fn assumptions(ground: &Ground<'_>, default: &Sampler) -> Vec<Assumption> {
    let registry = ground.world.registry();
    let entries = registry.inputs.iter().zip(&ground.scenario.inputs).enumerate();
    entries
        .map(|(index, (registered, setting))| {
            let shape = default.shape(index);
            let (low, high) = shape.ends();
            let path = format!("inputs.{}", registered.key);
            let changed = ground.scenario.changed().any(|(key, _)| *key == path);
            let sampled = shape.varies();
            let fixed_because = (!sampled).then(|| {
                let code = if changed {
                    "fixed_by_scenario"
                } else if registered.equations.is_empty() {
                    "not_read"
                } else {
                    "no_range"
                };
                code.to_string()
            });
            let camps = match &setting.spread {
                Spread::One(_) => Vec::new(),
                Spread::Camps { camps, .. } => camps
                    .iter()
                    .map(|(camp, shape)| {
                        let view = registered.camps.iter().find(|view| view.camp == *camp);
                        let (low, high) = shape.ends();
                        CampValue {
                            camp: camp.clone(),
                            low,
                            central: shape.central(),
                            high,
                            source: view.map_or_else(|| setting.source.clone(), |view| view.provenance.source.clone()),
                        }
                    })
                    .collect(),
            };
            Assumption {
                id: registered.key.clone(),
                title: registered.title.clone(),
                unit: setting.unit.clone(),
                dist: shape.fields().0,
                low,
                central: shape.central(),
                high,
                source: setting.source.clone(),
                confidence: registered.provenance.confidence,
                assumed: registered.kind == InputKind::Assumption,
                read_by: registered.equations.clone(),
                sampled,
                fixed_because,
                camps,
                changed,
            }
        })
        .collect()
}
