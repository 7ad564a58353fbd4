//! What is said of a claim, from its counts and codes.

use maud::{Markup, html};
use std::collections::BTreeMap;
use study::findings::{ClaimFinding, Dependence, Metric, Note, Verdict, Votes};

use super::verdict;
use crate::{
    brief::Names,
    chart::Table,
    language::fill,
    quantity::{maybe, quantity, range},
};

/// Inputs that are named where many turn a verdict; the others stand in a table.
const FIRST: usize = 3;

/// How the futures voted.
pub fn votes(claim: &ClaimFinding, names: &Names) -> String {
    let language = names.language;
    let (votes, shares) = (claim.votes, claim.shares);
    if votes.total() == 0 {
        return language.text("say.no_votes").into();
    }
    let count = |value: usize| quantity(value as f64, "count", language);
    let said = language.fill(
        "say.votes",
        &[
            ("voters", names.voters(claim)),
            ("n", &count(votes.total())),
            ("for", &count(votes.in_favour)),
            ("against", &count(votes.against)),
            ("neither", &count(votes.neither)),
            ("for_share", &verdict::percent(votes.in_favour, votes)),
            ("against_share", &verdict::percent(votes.against, votes)),
            ("neither_share", &verdict::percent(votes.neither, votes)),
            ("for_interval", &verdict::interval(shares.in_favour, language)),
            ("against_interval", &verdict::interval(shares.against, language)),
            ("neither_interval", &verdict::interval(shares.neither, language)),
        ],
    );
    let undefined = if votes.undefined > 0 {
        language.fill("say.undefined_count", &[("n", &count(votes.undefined)), ("voters", names.voters(claim))])
    } else {
        String::new()
    };
    language.sentences(&[said, undefined])
}

/// `It depends on ...`, where an assumed input turns the verdict; else nothing.
pub fn depends_head(claim: &ClaimFinding, names: &Names) -> String {
    if claim.depends_on.is_empty() {
        return String::new();
    }
    let language = names.language;
    let inputs: Vec<String> = claim.depends_on.iter().map(|each| names.input(&each.input)).collect();
    match inputs.len().checked_sub(FIRST).filter(|more| *more > 1) {
        Some(more) => language.fill(
            "say.depends_head_more",
            &[("inputs", &inputs[..FIRST].join(language.text("list.comma"))), ("n", &more.to_string())],
        ),
        None => language.fill("say.depends_head", &[("inputs", &language.list(&inputs))]),
    }
}

/// The inputs that turn the verdict with what each end gives; or that none does, and which moves the votes most.
pub fn depends(claim: &ClaimFinding, names: &Names) -> Vec<String> {
    let language = names.language;
    let tested = claim.depends_on_tested.len();
    let futures = quantity(claim.depends_on_futures as f64, "count", language);
    let of_how_many = language.fill("say.depends_on_futures", &[("n", &futures)]);
    if !claim.depends_on.is_empty() {
        let mut said: Vec<String> =
            claim.depends_on.iter().take(FIRST).map(|each| one_dependence(each, names)).collect();
        said.push(of_how_many);
        return said;
    }
    let count = quantity(tested as f64, "count", language);
    match tested {
        0 => vec![language.text("say.depends_untested").into()],
        1 => vec![language.sentences(&[language.text("say.depends_none_one").to_string(), of_how_many])],
        _ => {
            let none = language.fill("say.depends_none", &[("n", &count)]);
            let most = claim.depends_on_tested.iter().fold(None::<&Dependence>, |most, next| {
                if most.is_none_or(|most| moved(next) > moved(most)) { Some(next) } else { most }
            });
            let most = most.filter(|most| moved(most) > 0.0).map_or_else(String::new, |most| {
                language.fill(
                    "say.depends_most",
                    &[
                        ("input", &names.input(&most.input)),
                        ("title", &names.input_title(&most.input)),
                        ("low", &quantity(most.low, &most.unit, language)),
                        ("high", &quantity(most.high, &most.unit, language)),
                        ("low_for", &verdict::percent(most.votes_low.in_favour, most.votes_low)),
                        ("high_for", &verdict::percent(most.votes_high.in_favour, most.votes_high)),
                    ],
                )
            });
            vec![language.sentences(&[none, most, of_how_many])]
        }
    }
}

/// The inputs that turn the verdict after the first ones, as a table behind a door.
pub fn more_dependences(claim: &ClaimFinding, names: &Names) -> Markup {
    let language = names.language;
    let mut table = Table::new([
        language.text("assumed.input"),
        language.text("say.depends_low"),
        language.text("say.depends_high"),
    ]);
    for each in claim.depends_on.iter().skip(FIRST) {
        let end = |value: f64, votes: Votes, found: Verdict| {
            language.fill(
                "say.depends_at",
                &[
                    ("value", &quantity(value, &each.unit, language)),
                    ("verdict", &verdict::word(found, language)),
                    ("for", &verdict::percent(votes.in_favour, votes)),
                    ("against", &verdict::percent(votes.against, votes)),
                ],
            )
        };
        table.row([
            names.input(&each.input),
            end(each.low, each.votes_low, each.verdict_low),
            end(each.high, each.votes_high, each.verdict_high),
        ]);
    }
    let label = language.text("say.depends_rest");
    html! { @if !table.rows.is_empty() { details.more { summary { (label) } (table.markup(label)) } } }
}

/// By how much the share for changes from one end to the other.
pub fn moved(dependence: &Dependence) -> f64 {
    let share = |votes: Votes| {
        if votes.total() == 0 { 0.0 } else { votes.in_favour as f64 / votes.total() as f64 }
    };
    (share(dependence.votes_high) - share(dependence.votes_low)).abs()
}

fn one_dependence(each: &Dependence, names: &Names) -> String {
    let language = names.language;
    language.fill(
        "say.depends_one",
        &[
            ("input", &names.input(&each.input)),
            ("title", &names.input_title(&each.input)),
            ("low", &quantity(each.low, &each.unit, language)),
            ("high", &quantity(each.high, &each.unit, language)),
            ("low_verdict", &verdict::word(each.verdict_low, language)),
            ("high_verdict", &verdict::word(each.verdict_high, language)),
            ("low_for", &verdict::percent(each.votes_low.in_favour, each.votes_low)),
            ("low_against", &verdict::percent(each.votes_low.against, each.votes_low)),
            ("high_for", &verdict::percent(each.votes_high.in_favour, each.votes_high)),
            ("high_against", &verdict::percent(each.votes_high.against, each.votes_high)),
        ],
    )
}

/// The other horizons, and the run without the mechanism.
pub fn checks(claim: &ClaimFinding, names: &Names) -> Vec<String> {
    let language = names.language;
    let mut said = Vec::new();
    let items: Vec<String> = claim
        .horizons
        .iter()
        .filter(|horizon| horizon.quarter != claim.horizon)
        .map(|horizon| {
            language.fill(
                "say.horizon_item",
                &[
                    ("quarter", &horizon.quarter.to_string()),
                    ("verdict", &verdict::word(horizon.verdict, language)),
                    ("for", &verdict::percent(horizon.votes.in_favour, horizon.votes)),
                    ("against", &verdict::percent(horizon.votes.against, horizon.votes)),
                ],
            )
        })
        .collect();
    if !items.is_empty() {
        let items = items.join(language.text("list.semicolon"));
        let list = [("list", items.as_str())];
        said.push(if claim.horizon_changes_verdict {
            language.fill("say.horizon_changes", &list)
        } else {
            language.fill("say.horizon_same", &list)
        });
    }
    if let Some(check) = claim.built_in.as_ref().filter(|check| !check.same_verdict) {
        let what: Vec<String> = check.neutralised.iter().map(|code| language.name("neutralised", code)).collect();
        let count = |value: usize| quantity(value as f64, "count", language);
        let (what, verdict) = (language.list(&what), verdict::word(check.verdict, language));
        let counts = [check.votes.in_favour, check.votes.against, check.votes.total()].map(count);
        let values = [
            ("what", what.as_str()),
            ("verdict", &verdict),
            ("for", &counts[0]),
            ("against", &counts[1]),
            ("n", &counts[2]),
        ];
        let (real, without) = (verdict::direction(claim.verdict_by_votes), verdict::direction(check.verdict));
        said.push(match (real == without, real) {
            (false, _) => language.fill("say.checked", &values),
            (true, 0) => language.fill("say.checked_neither", &values),
            (true, _) => language.fill("say.checked_implied", &values),
        });
    }
    said
}

/// The counter-case: what its codes say, then its numbers.
pub fn counter_case(claim: &ClaimFinding, names: &Names) -> Markup {
    let case = &claim.counter_case;
    let metrics = &case.metrics;
    html! {
        @for code in &case.codes { p.caution { (coded("counter", code, &BTreeMap::new(), metrics, names)) } }
        @if !metrics.is_empty() {
            dl.figures { @for (key, metric) in metrics { div { dt { (names.metric(key)) } dd { (measured(key, metric, names)) } } } }
        }
    }
}

/// Facts that must be said with the claim.
pub fn notes(claim: &ClaimFinding, names: &Names) -> Markup {
    html! {
        @if !claim.notes.is_empty() {
            ul.notes { @for note in &claim.notes { li { (self::note(note, names)) } } }
        }
    }
}

/// One fact in words.
pub fn note(note: &Note, names: &Names) -> String {
    coded("note", &note.code, &note.names, &note.numbers, names)
}

/// The sentence of a code with its names and numbers. A code without a sentence is shown as its own words, its
/// names and its numbers behind it.
fn coded(
    section: &str,
    code: &str,
    named: &BTreeMap<String, String>,
    numbers: &BTreeMap<String, Metric>,
    names: &Names,
) -> String {
    let language = names.language;
    let mut values: Vec<(String, String)> =
        named.iter().map(|(key, value)| (key.clone(), said_name(key, value, names))).collect();
    values.extend(numbers.iter().map(|(key, metric)| (key.clone(), measured(key, metric, names))));
    let pairs: Vec<(&str, &str)> = values.iter().map(|(key, value)| (key.as_str(), value.as_str())).collect();
    if let Some(text) = language.find(&format!("{section}.{code}")) {
        return fill(text, &pairs);
    }
    // Which input it was stands within the code: `china_gains_little_with_INPUT_high`.
    if let Some(input) = code.strip_prefix("china_gains_little_with_").and_then(|rest| rest.strip_suffix("_high")) {
        return language.fill("counter.gains_little", &[("input", &names.input(input))]);
    }
    let words = crate::language::in_words(code);
    if section == "counter" || pairs.is_empty() {
        return words;
    }
    let colon = language.text("list.colon");
    let said: Vec<String> =
        pairs.iter().map(|(key, value)| format!("{}{colon}{value}", crate::language::in_words(key))).collect();
    format!("{words} ({})", said.join(language.text("list.semicolon")))
}

/// A name in a note, by what its key says it is.
fn said_name(key: &str, value: &str, names: &Names) -> String {
    if key.contains("policy") || key.contains("policies") {
        names.policy(value)
    } else if key.contains("bloc") || key == "perspective" || key == "leader" || key == "actor" || key == "target" {
        names.bloc_in(value)
    } else if key.contains("input") {
        names.input(value)
    } else {
        value.to_string()
    }
}

/// A measured number with its range over futures, where it has one.
pub fn measured(key: &str, metric: &Metric, names: &Names) -> String {
    let language = names.language;
    let unit = Names::unit(key, metric.unit);
    let middle = maybe(metric.p50, unit, language);
    if metric.p5.is_none() || metric.p95.is_none() {
        return middle;
    }
    format!("{middle} ({})", range(metric.p5, metric.p95, unit, language))
}
