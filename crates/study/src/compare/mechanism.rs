//! The mechanisms of the model that can be switched off, by name.

use world::Switches;

/// One mechanism.
pub struct Mechanism {
    /// Its name, as the book has it.
    pub name: &'static str,
    switch: fn(&mut Switches) -> &mut bool,
}

/// Every mechanism with a switch.
pub const ALL: [Mechanism; 11] = [
    Mechanism { name: "learning", switch: |all| &mut all.learning },
    Mechanism { name: "design_trend", switch: |all| &mut all.design_trend },
    Mechanism { name: "algorithms", switch: |all| &mut all.algorithms },
    Mechanism { name: "model_size", switch: |all| &mut all.model_size },
    Mechanism { name: "markup", switch: |all| &mut all.markup },
    Mechanism { name: "rent", switch: |all| &mut all.rent },
    Mechanism { name: "trade_in_tokens", switch: |all| &mut all.trade_in_tokens },
    Mechanism { name: "lever_effects", switch: |all| &mut all.lever_effects },
    Mechanism { name: "stances", switch: |all| &mut all.stances },
    Mechanism { name: "performance_ratios", switch: |all| &mut all.performance_ratios },
    Mechanism { name: "leakage", switch: |all| &mut all.leakage },
];

/// Only the mechanisms of a set on (bit i = mechanism i).
pub fn only(set: usize) -> Switches {
    let mut switches = Switches::default();
    for (index, mechanism) in ALL.iter().enumerate() {
        *(mechanism.switch)(&mut switches) = set >> index & 1 == 1;
    }
    switches
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_of_them_are_the_model_as_it_is_and_each_has_a_switch_of_its_own() {
        assert_eq!(only((1 << ALL.len()) - 1), Switches::default());
        let off: Vec<Switches> = (0..ALL.len()).map(|index| only(!(1 << index))).collect();
        for (index, one) in off.iter().enumerate() {
            assert!(off[..index].iter().all(|other| other != one), "{}", ALL[index].name);
        }
        // A switch that is added to the model is missed here: with none on, nothing may be left on.
        assert!(!format!("{:?}", only(0)).contains("true"), "{:?}", only(0));
    }
}
