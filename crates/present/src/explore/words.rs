//! What the page says in sentences, made from the numbers.

use study::analysis::{Analysis, Belief, Condition, Input, Interest, Leaf};

use super::{count, share};
use crate::{
    Language,
    language::in_words,
    quantity::{number, quantity},
};

const ENGLISH: Language = Language::English;

/// An input's name for people.
pub(super) fn input_name(input: &Input) -> String {
    match input.name.strip_prefix("camp:") {
        Some(disagreement) => format!("camp on {}", ENGLISH.name("disagreement", disagreement)),
        None => in_words(&input.name),
    }
}

/// An output's name for people: `value_usd_per_year@us@2030Q4` as `value, us, 2030Q4`.
pub(super) fn output_name(name: &str) -> String {
    let (share, rest) = name.strip_prefix("share:").map_or(("", name), |rest| ("share of ", rest));
    let mut parts = rest.split('@');
    let what = parts.next().unwrap_or_default();
    let (variable, detail) = what.split_once('.').map_or((what, None), |(variable, detail)| (variable, Some(detail)));
    let mut out = format!("{share}{}", ENGLISH.name("variable", variable));
    for part in detail.into_iter().map(in_words).chain(parts.map(str::to_string)) {
        out.push_str(", ");
        out.push_str(&part);
    }
    out
}

/// Which runs are of interest, as a clause.
pub(super) fn interest(interest: &Interest) -> String {
    match interest {
        Interest::Wins { alternative, output, less_is_better } => {
            let best = if *less_is_better { "lowest" } else { "highest" };
            format!("{alternative} has the {best} {}", output_name(output))
        }
        Interest::Side { output, unit, above, value } => {
            let side = if *above { "above" } else { "below" };
            format!("{} is {side} {}", output_name(output), quantity(*value, unit, ENGLISH))
        }
    }
}

/// The sentence under the title.
pub(super) fn lede(analysis: &Analysis) -> String {
    let Some(belief) = &analysis.belief else {
        return "The runs do not say where in the inputs the interesting ones lie.".into();
    };
    let what = interest(&belief.interest);
    format!(
        "In {} of {} independent runs {what} ({}).",
        count(belief.of_interest as u64),
        count(belief.runs as u64),
        share(belief.of_interest as f64 / belief.runs as f64)
    )
}

/// What one must believe, in plain sentences: how often the runs of interest come about, where they lie, what must be true
/// there, and for which camps. The first box only.
pub fn beliefs(belief: &Belief, inputs: &[Input]) -> Vec<String> {
    let what = interest(&belief.interest);
    let base = belief.of_interest as f64 / belief.runs as f64;
    let Some(first) = belief.boxes.first().filter(|first| !first.conditions.is_empty()) else {
        return vec![format!(
            "No part of the inputs is found where {what} much more often than the {} overall.",
            share(base)
        )];
    };
    let mut sentences = vec![sentence(&what, base, first, inputs)];
    sentences.extend(first.conditions.iter().map(|condition| believe(condition, &inputs[condition.input])));
    sentences.extend(camps(belief));
    sentences
}

/// How often, and where, it is so.
fn sentence(what: &str, base: f64, leaf: &Leaf, inputs: &[Input]) -> String {
    let conditions: Vec<String> =
        leaf.conditions.iter().map(|condition| clause(condition, &inputs[condition.input])).collect();
    format!(
        "Overall {what} in {} of the runs; in {} of those in which {}. These hold {} of all runs in which it is so.",
        share(base),
        share(leaf.density),
        ENGLISH.list(&conditions),
        share(leaf.coverage)
    )
}

/// A condition as a clause: `chip life years is at least 4.2 years`.
pub(super) fn clause(condition: &Condition, input: &Input) -> String {
    let name = input_name(input);
    if !condition.levels.is_empty() {
        let levels: Vec<String> = condition.levels.iter().map(|level| ENGLISH.name("camp", level)).collect();
        return format!("the {name} is {}", levels.join(" or "));
    }
    let written = |value: f64| quantity(value, &input.unit, ENGLISH);
    match (condition.low, condition.high) {
        (Some(low), Some(high)) => {
            format!("{name} is between {} and {}", number(low, &input.unit, ENGLISH), written(high))
        }
        (Some(low), None) => format!("{name} is at least {}", written(low)),
        (None, Some(high)) => format!("{name} is at most {}", written(high)),
        (None, None) => format!("{name} is anything"),
    }
}

/// A condition as a belief, with the share of the range that it leaves.
fn believe(condition: &Condition, input: &Input) -> String {
    let weak = if condition.quasi_p > 0.01 { "; the runs support this limit only weakly" } else { "" };
    format!(
        "One must believe that {}: so it is in {} of the runs{weak}.",
        clause(condition, input),
        share(condition.share_of_runs)
    )
}

/// For which camps it is so.
fn camps(belief: &Belief) -> Vec<String> {
    let mut sentences = Vec::new();
    let mut rest = belief.camps.as_slice();
    while let Some(first) = rest.first() {
        let count = rest.iter().take_while(|camp| camp.disagreement == first.disagreement).count();
        let (these, others) = rest.split_at(count);
        rest = others;
        let parts: Vec<String> = these
            .iter()
            .map(|camp| {
                let inside = camp
                    .share_in_box
                    .map_or_else(|| "none in the box".into(), |inside| format!("{} in the box", share(inside)));
                format!("{} {} ({inside})", ENGLISH.name("camp", &camp.camp), share(camp.share))
            })
            .collect();
        let name = first.disagreement.strip_prefix("camp:").unwrap_or(&first.disagreement);
        sentences.push(format!("By camp on {}: {}.", ENGLISH.name("disagreement", name), parts.join(", ")));
    }
    sentences
}

/// A method's name, and what it asks.
pub(super) fn method(id: &str) -> (&'static str, &'static str) {
    match id {
        "tornado" => ("Tornado", "how far the mean moves from an input's lowest tenth to its highest"),
        "sobol" => ("Sobol\u{2019} indices", "what share of the variance an input explains, alone and with others"),
        "given" => ("First-order indices from given data", "what share of the variance an input explains alone"),
        "morris" => ("Morris\u{2019}s elementary effects", "which inputs matter at all, and whether alone"),
        "delta" => ("Delta", "how far knowing an input moves the whole distribution"),
        "pawn" => ("PAWN", "how far, at the most, knowing an input moves the distribution function"),
        "regional" => ("Regional sensitivity", "which inputs separate the runs of interest from the others"),
        "prim" => ("PRIM", "a box of inputs in which the runs of interest are dense"),
        "cart" => ("CART", "a tree of questions that tells the runs of interest apart"),
        "stacking" => ("Dimensional stacking", "the share of interest over a few inputs at once"),
        "parallel" => ("Parallel coordinates", "single runs through the inputs that separate them best"),
        "regret" => ("Regret", "how much worse than the best in the same future"),
        "pareto" => ("Pareto set", "what no other alternative beats in everything"),
        _ => ("", ""),
    }
}

/// Why a method was not used.
pub(super) fn why_not(code: &str) -> &'static str {
    match code {
        "needs_saltelli" => "it needs the runs of a saltelli design (downstream explore --design saltelli), whole",
        "needs_morris" => "it needs the runs of a morris design (downstream explore --design morris), whole",
        "not_independent" => {
            "its runs must be independent draws, and this design moves inputs step by step (use latin-hypercube)"
        }
        "one_alternative" => "there is only one alternative, so there is nothing to choose",
        "few_of_interest" => "fewer than 20 runs are of interest, or all but 20 are (choose others by --interest)",
        "few_runs" => "there are too few runs that succeeded",
        _ => "nothing varies",
    }
}
