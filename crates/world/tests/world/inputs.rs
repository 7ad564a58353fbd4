//! The registry: every input is read, and moves the metrics of the claims whose mechanism it names.

use super::{BUILT, run};
use world::{Registry, Trajectory, Variable, Variant};

/// The policies and series that a claim looks at (CLAIMS).
fn metrics(claim: &str) -> (&'static [&'static str], &'static [Variable]) {
    match claim {
        "C1" => (
            &["history", "all-chip-controls"],
            &[Variable::AlgorithmicEfficiency, Variable::EffectiveTrainFlop, Variable::TrainFlop],
        ),
        "C2" => (&["history", "no-controls"], &[Variable::Value, Variable::FleetFlop, Variable::FleetByte]),
        "C3" => (
            &["training-chip-controls", "inference-chip-controls", "all-chip-controls", "no-controls"],
            &[Variable::TokensUsed, Variable::TrainFlop, Variable::DomesticUnits, Variable::VendorRevenueForegone],
        ),
        "C4" => (
            &["diffusion-first", "training-chip-controls", "inference-chip-controls", "all-chip-controls"],
            &[Variable::Value, Variable::Adoption],
        ),
        "C5" => (&["history", "open-source-embrace"], &[Variable::ServiceCost, Variable::Markup, Variable::Adoption]),
        "C6" => {
            (&["history"], &[Variable::TrainingUsd, Variable::ExperimentUsd, Variable::InferenceUsd, Variable::Value])
        }
        "C7" => (
            &["open-source-embrace", "open-source-retreat"],
            &[Variable::EcosystemShare, Variable::TokensUsed, Variable::ModelRevenue],
        ),
        "C9" => (
            &["hybrid", "diplomacy", "all-chip-controls", "open-source-embrace", "diffusion-first"],
            &[Variable::Value, Variable::ServicePrice, Variable::EffectiveTrainFlop],
        ),
        other => panic!("no claim {other} reads the world"),
    }
}

fn differs(a: &Trajectory, b: &Trajectory, variables: &[Variable]) -> bool {
    a.all().into_iter().zip(b.all()).any(|((info, a), (_, b))| variables.contains(&info.variable) && a != b)
}

#[test]
fn every_input_moves_the_metrics_of_the_claims_that_it_names() {
    let registry = &BUILT.registry;
    let mut still = Vec::new();
    for index in registry.sampled() {
        let input = &registry.inputs[index];
        for claim in &input.claims {
            let (policies, variables) = metrics(claim);
            let moves = policies.iter().any(|id| {
                let end = |value: f64| {
                    let mut draw = registry.central();
                    if input.key == "bass_innovation" {
                        // Read by one of the three forms only.
                        draw[registry.index("adoption_form").unwrap()] = 0.0;
                    }
                    draw[index] = value;
                    run(id, &draw, &Variant::default())
                };
                differs(&end(input.distribution.low()), &end(input.distribution.high()), variables)
            });
            if !moves {
                still.push(format!("{} does not move {claim}", input.key));
            }
        }
    }
    assert!(still.is_empty(), "{}", still.join("\n"));
}

#[test]
fn every_input_names_its_equations_and_source_and_its_claims_or_why_none() {
    for input in &BUILT.registry.inputs {
        assert!(!input.equations.is_empty(), "{}", input.key);
        assert!(
            !input.claims.is_empty() || input.note.is_some() || !input.is_sampled(),
            "{} serves no claim",
            input.key
        );
        assert!(!input.provenance.source.is_empty(), "{}", input.key);
        let assumed = input.kind == world::inputs::InputKind::Assumption;
        assert!(
            !assumed || input.distribution.low() < input.distribution.high(),
            "{} is assumed without a range",
            input.key
        );
    }
}

#[test]
fn a_table_with_a_misspelt_key_says_which_and_what_to_write() {
    let text = include_str!("../../../../data/inputs.csv").replace("chip_learning_rate,", "chip_lerning_rate,");
    let problems = Registry::parse(&text, "inputs.csv").unwrap_err();
    let near: Vec<_> = problems.0.iter().filter_map(|problem| problem.suggestion.as_deref()).collect();
    assert!(near.contains(&"chip_lerning_rate") && near.contains(&"chip_learning_rate"), "{problems}");
}

#[test]
fn another_unit_than_the_registered_one_is_refused() {
    let fixed = world::Distribution::Fixed { value: 1.0 };
    let problem = BUILT.registry.clone().with_distribution("slip", "years", fixed).unwrap_err();
    assert_eq!((problem.code, problem.suggestion.as_deref()), ("wrong_unit", Some("quarters")));
}

#[test]
fn every_lever_has_the_range_of_its_default_row() {
    // Effects under the key of their row, or under the input that takes them in: percent become fractions.
    let renamed = [
        ("abroad_share_prior", "abroad_share_china"),
        ("sub_patents_neg", "blowback_rnd"),
        ("sub_patents_pos", "blowback_rnd"),
    ];
    let rows = BUILT.facts.lever_effects.iter().filter(|row| row.default);
    let mut count = 0;
    for row in rows {
        count += 1;
        let key = renamed.iter().find(|(id, _)| *id == row.id).map_or(row.id.as_str(), |(_, key)| key);
        let input = &BUILT.registry.inputs[BUILT.registry.index(key).unwrap()];
        let scale = if row.unit == "percent" { 0.01 } else { 1.0 };
        let views: Vec<_> =
            std::iter::once(&input.distribution).chain(input.camps.iter().map(|view| &view.distribution)).collect();
        let fits = |view: &&world::Distribution| {
            let close = |value: f64, cell: Option<f64>| cell.is_none_or(|cell| (value - cell * scale).abs() < 1e-9);
            if view.low() < view.high() {
                close(view.low(), row.low) && close(view.central(), row.central) && close(view.high(), row.high)
            } else {
                close(view.central(), row.central)
            }
        };
        assert!(views.iter().any(fits), "{} is not {:?} to {:?} {}", key, row.low, row.high, row.unit);
    }
    assert_eq!(count, 18);
}
