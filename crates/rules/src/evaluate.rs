//! From rules and a scope to an outcome, also where figures are unknown.

use crate::{
    Figure, Item, Outcome,
    predicate::{Flag, Quantity, Scope, Truth, Word, breakpoints},
    rule::{Effect, Licence, Rule},
};

/// Above this arithmetic performance a general-purpose processor is unconfirmed: 3A090's lowest threshold.
const CPU_TPP: f64 = 1600.0;

/// Combinations of values that are tried before the answer is called indeterminate; the built-in rules need
/// a few thousand with all four figures unknown.
const MOST_COMBINATIONS: usize = 50_000;

/// Code of the answer where no class holds.
pub const NO_CLASS: &str = "none";

/// What the rules make of a scope.
#[derive(Clone, Debug, PartialEq)]
pub struct Verdict {
    /// The outcome.
    pub outcome: Outcome,
    /// The 3A090 class, `none`, `indeterminate` or `unconfirmed`.
    pub class: String,
    /// All classes that hold.
    pub classes: Vec<String>,
    /// The rule that set the outcome.
    pub rule: Option<usize>,
    /// The licence blocks that held: (rule, block).
    pub blocks: Vec<(usize, usize)>,
}

/// What is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wanted {
    /// The outcome alone.
    Outcome,
    /// The outcome and the class.
    OutcomeAndClass,
}

/// The rules in force and the day for the blocks that begin later.
pub struct InForce<'a> {
    /// In order.
    pub rules: Vec<&'a Rule>,
    /// The day, or the snapshot's.
    pub day: units::Date,
}

impl InForce<'_> {
    /// The verdict for an item whose unknown figures are tried over all their values.
    pub fn verdict(&self, item: &Item, scope: &Scope, wanted: Wanted) -> Verdict {
        let mut budget = MOST_COMBINATIONS;
        let mut verdict = self.tried(scope, wanted, &mut budget);
        if item.kind == "cpu" && self.rules.iter().any(|rule| !rule.licences.is_empty()) {
            let outcome = match item.tpp {
                Figure::Known(tpp) if tpp >= CPU_TPP => Outcome::Unconfirmed,
                Figure::Unknown => Outcome::Indeterminate,
                _ => return verdict,
            };
            verdict = Verdict { outcome, class: outcome.name().into(), rule: None, ..verdict };
        }
        verdict
    }

    /// The verdict with all figures known, or the common one of all values of the first unknown figure.
    fn tried(&self, scope: &Scope, wanted: Wanted, budget: &mut usize) -> Verdict {
        *budget = budget.saturating_sub(1);
        if let Some(verdict) = self.decided(scope, wanted) {
            return verdict;
        }
        let mut common: Option<Verdict> = None;
        for next in self.narrowed(scope) {
            if *budget == 0 {
                return Verdict::open(common);
            }
            let verdict = self.tried(&next, wanted, budget);
            let merged = match common {
                None => verdict,
                Some(before) => before.merged(&verdict),
            };
            let settled = merged.outcome == Outcome::Indeterminate
                && (wanted == Wanted::Outcome || merged.class == Outcome::Indeterminate.name());
            if settled {
                return merged;
            }
            common = Some(merged);
        }
        common.unwrap_or_else(|| Verdict::open(None))
    }

    /// The scope with its first unknown figure, else its first unknown flag, at each value worth trying.
    fn narrowed<'s>(&self, scope: &Scope<'s>) -> Vec<Scope<'s>> {
        let mut comparisons = Vec::new();
        for rule in &self.rules {
            let classes = rule.classes.iter().filter(|class| class.scope.is_none()).map(|class| &class.predicate);
            let blocks = rule.licences.iter().flat_map(|licence| licence.item.iter().chain(&licence.when));
            comparisons.extend(classes.chain(blocks).flat_map(|predicate| predicate.comparisons()));
        }
        let unknown = Quantity::ALL.into_iter().find(|quantity| scope.figures[*quantity as usize] == Figure::Unknown);
        if let Some(unknown) = unknown {
            let known = |value| {
                let mut next = scope.clone();
                next.figures[unknown as usize] = Figure::Known(value);
                next
            };
            let values = breakpoints::values_to_try(unknown, &scope.figures, &comparisons);
            return values.into_iter().map(known).collect();
        }
        let flag = Flag::ALL.into_iter().find(|flag| scope.flags[*flag as usize].is_none());
        let set = |flag, value| {
            let mut next = scope.clone();
            next.flags[flag as usize] = Some(value);
            next
        };
        flag.map_or_else(Vec::new, |flag| vec![set(flag, false), set(flag, true)])
    }

    /// The verdict, if no unknown figure has a say in it.
    fn decided(&self, scope: &Scope, wanted: Wanted) -> Option<Verdict> {
        let classes = self.classes(scope);
        let mut class = NO_CLASS;
        for (code, truth) in &classes {
            if wanted == Wanted::OutcomeAndClass && *truth != Truth::No && code.starts_with("3A090") {
                if *truth == Truth::Maybe {
                    return None;
                }
                class = code;
                break;
            }
        }
        let (mut outcome, mut setter, mut blocks) = (Outcome::Free, None, Vec::new());
        for (rule_index, rule) in self.rules.iter().enumerate() {
            for (block_index, block) in rule.licences.iter().enumerate() {
                match self.fires(block, &classes, outcome, scope) {
                    Truth::No => continue,
                    Truth::Maybe => return None,
                    Truth::Yes => blocks.push((rule_index, block_index)),
                }
                if block.effect == Effect::Replace || block.outcome > outcome {
                    outcome = block.outcome;
                    setter = Some(rule_index);
                }
            }
        }
        let held = classes.iter().filter(|(_, truth)| *truth == Truth::Yes).map(|(code, _)| (*code).to_string());
        Some(Verdict { outcome, class: class.into(), classes: held.collect(), rule: setter, blocks })
    }

    /// Every class in force with whether the item meets it, in the order of the rules.
    fn classes(&self, scope: &Scope) -> Vec<(&str, Truth)> {
        let mut classes: Vec<(&str, Truth)> = Vec::new();
        for class in self.rules.iter().flat_map(|rule| &rule.classes).filter(|class| class.scope.is_none()) {
            let truth = class.predicate.holds(scope);
            match classes.iter_mut().find(|(code, _)| *code == class.code) {
                Some((_, known)) => *known = known.or(truth),
                None => classes.push((&class.code, truth)),
            }
        }
        classes
    }

    /// Whether a licence block fires for any of its classes.
    fn fires(&self, block: &Licence, classes: &[(&str, Truth)], current: Outcome, scope: &Scope) -> Truth {
        let begun = block.from.is_none_or(|day| day <= self.day);
        if !begun || !block.destinations.iter().any(|destination| destination.holds(scope.dest, &scope.groups)) {
            return Truth::No;
        }
        let mut scope = scope.clone();
        scope.words[Word::Current as usize] = current.name();
        let when = block.when.as_ref().map_or(Truth::Yes, |when| when.holds(&scope));
        if when == Truth::No {
            return Truth::No;
        }
        let mut met = Truth::No;
        let every = [""];
        let codes: Vec<&str> = block.classes.iter().map(String::as_str).collect();
        for code in if codes.is_empty() { &every[..] } else { &codes } {
            let class = match classes.iter().find(|(known, _)| known == code) {
                Some((_, truth)) => *truth,
                None => block.classes.is_empty().into(),
            };
            if class == Truth::No {
                continue;
            }
            scope.words[Word::Cls as usize] = code;
            met = met.or(class.and(block.item.as_ref().map_or(Truth::Yes, |item| item.holds(&scope))));
        }
        met.and(when)
    }
}

impl Verdict {
    /// Nothing could be settled within the budget.
    fn open(part: Option<Self>) -> Self {
        let open = Outcome::Indeterminate;
        let blocks = part.map_or_else(Vec::new, |part| part.blocks);
        Self { outcome: open, class: open.name().into(), classes: Vec::new(), rule: None, blocks }
    }

    /// What two values of an unknown figure agree on.
    fn merged(mut self, other: &Self) -> Self {
        if self.outcome != other.outcome {
            self.outcome = Outcome::Indeterminate;
        }
        if self.class != other.class {
            self.class = Outcome::Indeterminate.name().into();
        }
        if self.rule != other.rule || self.outcome == Outcome::Indeterminate {
            self.rule = None;
        }
        self.classes.retain(|class| other.classes.contains(class));
        self.blocks.retain(|block| other.blocks.contains(block));
        self
    }
}
