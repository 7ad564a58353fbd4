//! What `world --trace` says of a variable is what the model does.

use std::collections::BTreeSet;

use super::{BUILT, future};
use world::{Variable, Variant, lineage::Lineages};

/// Which inputs move which variables, in any of a few futures and policies.
fn moved() -> BTreeSet<(Variable, &'static str)> {
    let (world, registry) = (&BUILT.world, &BUILT.registry);
    let mut moved = BTreeSet::new();
    for policy in ["history", "hybrid", "diplomacy", "all-chip-controls"].map(super::compiled) {
        for draw in [registry.central(), future(5)] {
            let mut before = world.trajectory();
            world.run(policy, &draw, &Variant::default(), &mut before);
            let infos = before.all();
            let mut after = world.trajectory();
            for (index, input) in registry.inputs.iter().enumerate() {
                let (low, high) = (input.distribution.low(), input.distribution.high());
                let mut other = draw.clone();
                other[index] = if (draw[index] - low).abs() > (draw[index] - high).abs() { low } else { high };
                world.run(policy, &other, &Variant::default(), &mut after);
                for (row, (info, values)) in infos.iter().enumerate() {
                    // A weighted mean of equal numbers may differ in its last digit.
                    let moves = |(a, b): (&f64, &f64)| (a - b).abs() > 1e-9 * a.abs().max(b.abs());
                    if values.iter().zip(after.row(row)).any(moves) {
                        moved.insert((info.variable, input.key.as_str()));
                    }
                }
            }
        }
    }
    moved
}

#[test]
fn what_the_table_puts_behind_a_variable_is_what_moves_it() {
    let registry = &BUILT.registry;
    let lineages = Lineages::builtin().unwrap();
    let moved = moved();
    let mut wrong: Vec<String> = Vec::new();
    for variable in Variable::ALL {
        let behind: BTreeSet<&str> = lineages
            .behind(variable)
            .into_iter()
            .flat_map(|variable| lineages.inputs(variable, registry))
            .map(|input| input.key.as_str())
            .collect();
        let name = variable.name();
        for (_, input) in moved.iter().filter(|(other, input)| *other == variable && !behind.contains(input)) {
            wrong.push(format!("{input} moves {name}, which it does not stand behind"));
        }
        // An equation that is named must be one: some input that only it and its like read moves the variable.
        for equation in &lineages.of(variable).equations {
            let reads = |input: &&world::InputSpec| input.equations.contains(equation);
            if !registry.inputs.iter().filter(reads).any(|input| moved.contains(&(variable, input.key.as_str()))) {
                wrong.push(format!("no input of {equation} moves {name}, which names it"));
            }
        }
    }
    assert!(wrong.is_empty(), "{} faults in data/variables.toml:\n{wrong:#?}", wrong.len());
}
