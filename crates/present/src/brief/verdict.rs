//! Verdicts in words, and the sentence that says why a verdict is what it is.

use maud::{Markup, html};
use study::findings::{Camp, ClaimFinding, ClaimId, Share, Verdict, Votes};
use units::format;

use super::Names;
use crate::{
    Language,
    quantity::{DASH, quantity},
};

/// Every verdict, from the most favourable.
pub const ALL: [Verdict; 8] = [
    Verdict::Holds,
    Verdict::LeansFor,
    Verdict::Contested,
    Verdict::LeansAgainst,
    Verdict::Fails,
    Verdict::BuiltIn,
    Verdict::Undefined,
    Verdict::NotYetDecidable,
];

/// The stable word of a verdict.
pub fn code(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Holds => "holds",
        Verdict::LeansFor => "leans_for",
        Verdict::Contested => "contested",
        Verdict::LeansAgainst => "leans_against",
        Verdict::Fails => "fails",
        Verdict::BuiltIn => "built_in",
        Verdict::Undefined => "undefined",
        Verdict::NotYetDecidable => "not_yet_decidable",
    }
}

/// The word of a verdict.
pub fn word(verdict: Verdict, language: Language) -> String {
    language.name("verdict", code(verdict))
}

/// The word as a badge.
pub fn badge(verdict: Verdict, language: Language) -> Markup {
    html! { span class=(format!("badge v-{}", code(verdict).replace('_', "-"))) { (word(verdict, language)) } }
}

/// A share of votes; None without votes.
fn part(count: usize, votes: Votes) -> Option<f64> {
    (votes.total() > 0).then(|| count as f64 / votes.total() as f64)
}

/// A share in per cent; a dash without votes.
pub fn percent(count: usize, votes: Votes) -> String {
    part(count, votes).map_or_else(|| DASH.into(), format::percent)
}

/// The 95 % interval of a share in words; a dash where no future was run.
pub fn interval(share: Option<Share>, language: Language) -> String {
    share.map_or_else(
        || DASH.into(),
        |share| {
            let written = |value: f64| quantity(value, "fraction", language);
            let low = written(share.lo);
            let low = low.strip_suffix(" %").unwrap_or(&low);
            language.fill("claim.interval", &[("low", low), ("high", &written(share.hi))])
        },
    )
}

/// The camp with the least share of what `count` counts, the first of equals.
fn least(camps: &[Camp], count: impl Fn(Votes) -> usize) -> Option<(&Camp, f64)> {
    camps
        .iter()
        .filter_map(|camp| part(count(camp.votes), camp.votes).map(|share| (camp, share)))
        .min_by(|a, b| a.1.total_cmp(&b.1))
}

/// The sentence that says what the verdict is and which numbers make it so.
pub fn sentence(claim: &ClaimFinding, names: &Names, asked: f64) -> String {
    match claim.verdict {
        Verdict::BuiltIn | Verdict::Undefined | Verdict::NotYetDecidable => {}
        _ if claim.id == ClaimId::C9 => return by_camp(claim, names),
        _ => {}
    }
    let voters = names.voters(claim);
    match claim.verdict {
        Verdict::Holds | Verdict::LeansFor | Verdict::LeansAgainst | Verdict::Fails => sided(claim, names, asked),
        Verdict::Contested => contested(claim, names),
        Verdict::BuiltIn => built_in(claim, names),
        Verdict::Undefined => {
            let share = percent(claim.votes.undefined, claim.votes);
            names.language.fill("say.undefined", &[("share", &share), ("voters", voters)])
        }
        Verdict::NotYetDecidable => undecided(claim, names),
    }
}

/// Where a camp as a whole has one vote (C9): how many camps speak for and against.
fn by_camp(claim: &ClaimFinding, names: &Names) -> String {
    let language = names.language;
    let camps = |way: i8| claim.camps.iter().filter(|camp| direction(camp.verdict) == way).count();
    let said = language.name("by_camp", code(claim.verdict));
    let counted = language.fill(
        "by_camp.said",
        &[("n", &claim.camps.len().to_string()), ("for", &camps(1).to_string()), ("against", &camps(-1).to_string())],
    );
    language.sentences(&[said, counted])
}

fn sided(claim: &ClaimFinding, names: &Names, asked: f64) -> String {
    let language = names.language;
    let voters = names.voters(claim);
    let in_favour = matches!(claim.verdict, Verdict::Holds | Verdict::LeansFor);
    let count = |votes: Votes| if in_favour { votes.in_favour } else { votes.against };
    let weakest = least(&claim.camps, count);
    let camp = weakest.map_or_else(|| language.text("claim.default_camp").to_string(), |(camp, _)| names.camp(camp));
    let weakest = weakest.map_or_else(|| percent(count(claim.votes), claim.votes), |(_, share)| format::percent(share));
    let asked = format!("{:.0} %", asked * 100.0);
    let default = percent(count(claim.votes), claim.votes);
    // Where nothing tells the camps apart (draws of prices know none), there is no least of them.
    let values = [("voters", voters), ("asked", asked.as_str()), ("share", default.as_str())];
    match claim.verdict {
        Verdict::Holds if claim.camps.len() < 2 => language.fill("say.holds_at_once", &values),
        Verdict::Fails if claim.camps.len() < 2 => language.fill("say.fails_at_once", &values),
        Verdict::Holds => {
            language.fill("say.holds", &[("voters", voters), ("asked", &asked), ("share", &weakest), ("camp", &camp)])
        }
        Verdict::Fails => {
            language.fill("say.fails", &[("voters", voters), ("asked", &asked), ("share", &weakest), ("camp", &camp)])
        }
        Verdict::LeansFor => language.fill(
            "say.leans_for",
            &[("voters", voters), ("share", &default), ("asked", &asked), ("camp", &camp), ("least", &weakest)],
        ),
        _ => language.fill(
            "say.leans_against",
            &[("voters", voters), ("share", &default), ("asked", &asked), ("camp", &camp), ("least", &weakest)],
        ),
    }
}

/// Whether a verdict of a camp goes for the claim, against it, or neither way.
pub fn direction(verdict: Verdict) -> i8 {
    match verdict {
        Verdict::Holds | Verdict::LeansFor => 1,
        Verdict::Fails | Verdict::LeansAgainst => -1,
        Verdict::Contested | Verdict::BuiltIn | Verdict::Undefined | Verdict::NotYetDecidable => 0,
    }
}

/// Which camps disagree, or how the votes are split where they do not.
fn contested(claim: &ClaimFinding, names: &Names) -> String {
    let language = names.language;
    let votes = claim.votes;
    let going = |way: i8| claim.camps.iter().find(|camp| direction(camp.verdict) == way);
    if let Some((friend, foe)) = going(1).zip(going(-1)) {
        return language.fill(
            "say.contested_camps",
            &[
                ("voters", names.voters(claim)),
                ("for_camp", &names.camp(friend)),
                ("for_share", &percent(friend.votes.in_favour, friend.votes)),
                ("for_against", &percent(friend.votes.against, friend.votes)),
                ("against_camp", &names.camp(foe)),
                ("against_share", &percent(foe.votes.against, foe.votes)),
                ("against_for", &percent(foe.votes.in_favour, foe.votes)),
            ],
        );
    }
    // One camp off the default has a side of its own, the default has none.
    let undecided = claim.camps.first().is_some_and(|first| direction(first.verdict) == 0);
    if let Some(camp) = going(1).or_else(|| going(-1)).filter(|_| undecided) {
        return language.fill(
            "say.contested_some",
            &[
                ("voters", names.voters(claim)),
                ("camp", &names.camp(camp)),
                ("verdict", &word(camp.verdict, language)),
                ("for", &percent(camp.votes.in_favour, camp.votes)),
                ("against", &percent(camp.votes.against, camp.votes)),
                ("default_for", &percent(votes.in_favour, votes)),
                ("default_against", &percent(votes.against, votes)),
            ],
        );
    }
    if votes.neither * 2 > votes.total() {
        return language.fill(
            "say.contested_neither",
            &[("voters", names.voters(claim)), ("neither", &percent(votes.neither, votes))],
        );
    }
    language.fill(
        "say.contested_split",
        &[
            ("voters", names.voters(claim)),
            ("for", &percent(votes.in_favour, votes)),
            ("against", &percent(votes.against, votes)),
        ],
    )
}

fn built_in(claim: &ClaimFinding, names: &Names) -> String {
    let neutralised = claim.built_in.as_ref().map(|check| check.neutralised.as_slice()).unwrap_or_default();
    let what: Vec<String> = neutralised.iter().map(|code| names.language.name("neutralised", code)).collect();
    let what = if what.is_empty() { DASH.to_string() } else { names.language.list(&what) };
    let verdict = word(claim.verdict_by_votes, names.language);
    names.language.fill("say.built_in", &[("what", &what), ("verdict", &verdict)])
}

fn undecided(claim: &ClaimFinding, names: &Names) -> String {
    let language = names.language;
    let needs = needs(claim, names);
    let first = if needs.is_empty() {
        language.text("say.not_yet_unsaid").to_string()
    } else {
        language.fill("say.not_yet", &[("needs", &needs)])
    };
    let has_votes = claim.votes.total() > 0 && claim.verdict_by_votes != Verdict::NotYetDecidable;
    let then = if has_votes {
        language.fill("say.not_yet_votes", &[("verdict", &word(claim.verdict_by_votes, language))])
    } else {
        String::new()
    };
    language.sentences(&[first, then])
}

/// What an undecided claim needs, in words.
pub fn needs(claim: &ClaimFinding, names: &Names) -> String {
    let codes = claim.needs.as_deref().unwrap_or_default();
    let words: Vec<String> = codes.iter().map(|code| need(code, names)).collect();
    names.language.list(&words)
}

/// One need: `mechanism:METRIC:EQUATIONS`, `bloc:NAME`, `run:QUARTER`, or a plain code.
fn need(code: &str, names: &Names) -> String {
    let language = names.language;
    match code.split(':').collect::<Vec<_>>()[..] {
        ["mechanism", metric, equations] => {
            let equations = equations.replace(' ', ", ");
            language.fill("need.mechanism", &[("metric", &names.metric(metric)), ("equations", &equations)])
        }
        ["run", quarter] => language.fill("need.run", &[("quarter", quarter)]),
        ["bloc", bloc] => language.fill("need.bloc", &[("bloc", bloc)]),
        _ => language.name("need", code),
    }
}
