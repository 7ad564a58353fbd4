//! Each threshold of the rules in force beside the item's figure.

use crate::{
    Figure,
    answer::Margin,
    predicate::{Comparison, Quantity},
    rule::Rule,
};

/// Thresholds in the order of the rules, each once a rule and class.
pub fn margins(rules: &[&Rule], figures: &[Figure; Quantity::COUNT]) -> Vec<Margin> {
    let mut margins: Vec<Margin> = Vec::new();
    let mut add = |rule: &Rule, class: Option<&str>, comparison: &Comparison| {
        let value = comparison.value(figures);
        let margin = Margin {
            rule: rule.id.clone(),
            class: class.map(str::to_string),
            quantity: comparison.quantity_text(),
            relation: comparison.relation.name(),
            threshold: comparison.threshold,
            value,
            met: value.map(|value| comparison.relation.holds(value, comparison.threshold)),
            margin_fraction: value.map(|value| value / comparison.threshold - 1.0).filter(|margin| margin.is_finite()),
        };
        if !margins.contains(&margin) {
            margins.push(margin);
        }
    };
    for rule in rules {
        for class in rule.classes.iter().filter(|class| class.scope.is_none()) {
            for comparison in class.predicate.comparisons() {
                add(rule, Some(&class.code), comparison);
            }
        }
        for predicate in rule.licences.iter().flat_map(|licence| licence.item.iter().chain(&licence.when)) {
            for comparison in predicate.comparisons() {
                add(rule, None, comparison);
            }
        }
    }
    margins
}
