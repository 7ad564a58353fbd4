//! The findings in a few sentences, and the nine verdicts at a glance.

use maud::{Markup, html};
use study::findings::{Brief, ClaimFinding, FitSeries, Verdict};
use units::format;

use super::{Names, shell::section, verdict};
use crate::{
    chart::{Tone, figure::Words, panels, votes},
    quantity::quantity,
};

/// The section.
pub fn markup(brief: &Brief, names: &Names) -> Markup {
    let language = names.language;
    let body = html! {
        div.summary { @for sentence in sentences(brief, names) { p { (sentence) } } }
        h3.visually-hidden { (language.text("section.verdicts")) }
        (key(names))
        ol.strip { @for claim in &brief.claims { (tile(claim, names)) } }
    };
    section("findings", language.text("section.findings"), &body)
}

/// What the colours of the votes say.
fn key(names: &Names) -> Markup {
    panels::key(&[
        (Tone::For, names.language.text("vote.for").into()),
        (Tone::Neither, names.language.text("vote.neither").into()),
        (Tone::Against, names.language.text("vote.against").into()),
    ])
}

/// One claim at a glance.
fn tile(claim: &ClaimFinding, names: &Names) -> Markup {
    let language = names.language;
    let id = claim.id.name();
    let votes = claim.votes;
    let counts = [votes.in_favour, votes.neither, votes.against];
    let said = [
        (verdict::percent(votes.in_favour, votes), language.text("vote.for")),
        (verdict::percent(votes.against, votes), language.text("vote.against")),
    ];
    let words = Words {
        id: format!("strip-{id}"),
        title: language.text("claim.votes_title").into(),
        description: said.iter().map(|(share, word)| format!("{share} {word}")).collect::<Vec<_>>().join(", "),
        no_data: language.text("page.no_data").into(),
    };
    html! {
        li {
            a href=(format!("#{id}")) {
                span.id { (id) }
                (verdict::badge(claim.verdict, language))
                span.short { (language.name("claims", &format!("{id}.short"))) }
                @if votes.total() > 0 {
                    (votes::strip(&words, counts))
                    span.shares { @for (share, word) in &said { span { (share) " " (word) } } }
                } @else {
                    span.shares { span { (language.text("claim.not_shown")) } }
                }
            }
        }
    }
}

/// The findings in sentences, each from the numbers of the run; one that has nothing to say is left out.
pub fn sentences(brief: &Brief, names: &Names) -> Vec<String> {
    let said = [
        groups(brief, names),
        strongest(brief, names, true),
        strongest(brief, names, false),
        disagreement(brief, names),
        missing(brief, names),
        currencies(brief, names),
        fit(&brief.fit, names),
    ];
    said.into_iter().filter(|sentence| !sentence.is_empty()).collect()
}

/// How many claims got which verdict.
fn groups(brief: &Brief, names: &Names) -> String {
    let language = names.language;
    let mut parts = Vec::new();
    for verdict in verdict::ALL {
        let ids: Vec<&str> =
            brief.claims.iter().filter(|claim| claim.verdict == verdict).map(|claim| claim.id.name()).collect();
        let code = verdict::code(verdict);
        let key = if ids.len() == 1 { format!("find.group_{code}_one") } else { format!("find.group_{code}") };
        if let Some(text) = language.find(&key).filter(|_| !ids.is_empty()) {
            let (n, ids) = (ids.len().to_string(), ids.join(language.text("list.comma")));
            parts.push(crate::language::fill(text, &[("n", &n), ("ids", &ids)]));
        }
    }
    if parts.is_empty() {
        return String::new();
    }
    language.fill("find.groups", &[("list", &language.list(&parts))])
}

/// The decided claim with the largest share of futures for it, or against it.
fn strongest(brief: &Brief, names: &Names, in_favour: bool) -> String {
    let language = names.language;
    let wanted = |claim: &&ClaimFinding| {
        if in_favour {
            matches!(claim.verdict, Verdict::Holds | Verdict::LeansFor)
        } else {
            matches!(claim.verdict, Verdict::Fails | Verdict::LeansAgainst)
        }
    };
    let share = |claim: &ClaimFinding| if in_favour { claim.shares.in_favour } else { claim.shares.against };
    let decided = || brief.claims.iter().filter(wanted).filter_map(|claim| share(claim).map(|share| (claim, share)));
    let best = decided().reduce(|best, next| if next.1.share_fraction > best.1.share_fraction { next } else { best });
    let Some((claim, share)) = best else { return String::new() };
    let as_strong: Vec<&str> = decided()
        .filter(|(_, other)| other.share_fraction == share.share_fraction)
        .map(|(claim, _)| claim.id.name())
        .collect();
    if as_strong.len() > 1 {
        let key = if in_favour { "find.most_for_tied" } else { "find.most_against_tied" };
        let values = [("ids", language.list(&as_strong)), ("share", format::percent(share.share_fraction))];
        return language.fill(key, &values.each_ref().map(|(key, value)| (*key, value.as_str())));
    }
    let id = claim.id.name();
    let short = language.name("claims", &format!("{id}.short"));
    let (share_words, interval) = (format::percent(share.share_fraction), verdict::interval(Some(share), language));
    let values = [
        ("id", id),
        ("short", &short),
        ("voters", names.voters(claim)),
        ("share", &share_words),
        ("interval", &interval),
    ];
    if in_favour { language.fill("find.most_for", &values) } else { language.fill("find.most_against", &values) }
}

/// What would turn the verdicts: single inputs, camps, the horizon.
fn disagreement(brief: &Brief, names: &Names) -> String {
    let language = names.language;
    let ids = |wanted: &dyn Fn(&ClaimFinding) -> bool| {
        let ids: Vec<&str> = brief.claims.iter().filter(|claim| wanted(claim)).map(|claim| claim.id.name()).collect();
        language.list(&ids)
    };
    let depends = ids(&|claim| !claim.depends_on.is_empty());
    let tested = brief.claims.iter().any(|claim| !claim.depends_on_tested.is_empty());
    let camps =
        ids(&|claim| claim.camps.len() > 1 && claim.camps.iter().any(|camp| camp.verdict != claim.camps[0].verdict));
    let horizon = ids(&|claim| claim.horizon_changes_verdict);
    let depends = match (depends.as_str(), tested) {
        ("", true) => language.text("find.depends_none").to_string(),
        ("", false) => String::new(),
        (ids, _) => language.fill("find.depends", &[("ids", ids)]),
    };
    let camps = if camps.is_empty() { camps } else { language.fill("find.camps", &[("ids", &camps)]) };
    let horizon = if horizon.is_empty() { horizon } else { language.fill("find.horizon", &[("ids", &horizon)]) };
    language.sentences(&[depends, camps, horizon])
}

/// What the undecided claims need.
fn missing(brief: &Brief, names: &Names) -> String {
    let language = names.language;
    let parts: Vec<String> = brief
        .claims
        .iter()
        .filter(|claim| claim.verdict == Verdict::NotYetDecidable)
        .filter_map(|claim| {
            let needs = verdict::needs(claim, names);
            (!needs.is_empty()).then(|| format!("{}{}{needs}", claim.id, language.text("list.colon")))
        })
        .collect();
    if parts.is_empty() {
        return String::new();
    }
    language.fill("find.missing", &[("list", &parts.join(language.text("list.semicolon")))])
}

/// From which difference of the shares on the choice of the currency is said to matter: one point.
const APART: f64 = 0.01;

/// The bloc whose shares in the two currencies differ most, where policies part.
fn currencies(brief: &Brief, names: &Names) -> String {
    let moves = &brief.trajectories;
    let quarter = brief.scenario.policy_start;
    let Some(index) = moves.quarters.iter().position(|each| *each == quarter) else { return String::new() };
    let Some(policy) = moves.policies.first().map(|policy| policy.id.as_str()) else { return String::new() };
    let shares = |variable: &str| -> Option<Vec<f64>> {
        let values: Option<Vec<f64>> =
            moves.blocs.iter().map(|bloc| moves.find(policy, variable, bloc)?.p50.get(index).copied()).collect();
        let values = values?;
        let total: f64 = values.iter().sum();
        (total > 0.0).then(|| values.iter().map(|value| value / total).collect())
    };
    let Some((flop, bandwidth)) = shares("fleet_flop_per_s").zip(shares("fleet_byte_per_s")) else {
        return String::new();
    };
    let widest = (0..moves.blocs.len())
        .max_by(|a, b| (bandwidth[*a] - flop[*a]).abs().total_cmp(&(bandwidth[*b] - flop[*b]).abs()));
    let Some(widest) = widest else { return String::new() };
    let (bloc, policy) = (names.bloc_in(&moves.blocs[widest]), names.policy(policy));
    let values = [
        ("quarter", quarter.to_string()),
        ("bloc", bloc),
        ("flop", format::percent(flop[widest])),
        ("bandwidth", format::percent(bandwidth[widest])),
        ("policy", policy),
    ];
    let values: Vec<(&str, &str)> = values.iter().map(|(key, value)| (*key, value.as_str())).collect();
    if (bandwidth[widest] - flop[widest]).abs() >= APART {
        names.language.fill("find.currencies", &values)
    } else {
        names.language.fill("find.currencies_alike", &values)
    }
}

/// How far the model is from what was observed.
fn fit(series: &[FitSeries], names: &Names) -> String {
    let language = names.language;
    let worst = series
        .iter()
        .filter_map(|each| each.rmse_ln.filter(|error| error.is_finite()).map(|error| (each, error)))
        .reduce(|worst, next| if next.1 > worst.1 { next } else { worst });
    let Some((worst, error)) = worst else { return String::new() };
    let scored = series.iter().filter(|each| each.n_points > 0);
    let points: usize = scored.clone().map(|each| each.n_points).sum();
    let count = scored.clone().count();
    let overlapping: Option<f64> =
        scored.map(|each| each.overlap_fraction.map(|share| share * each.n_points as f64)).sum();
    let common = [
        ("points", quantity(points as f64, "count", language)),
        ("series", quantity(count as f64, "count", language)),
        ("worst", super::fit::name(worst, names)),
        ("factor", format::significant(error.exp(), 3)),
    ];
    let mut values: Vec<(&str, &str)> = common.iter().map(|(key, value)| (*key, value.as_str())).collect();
    match overlapping.filter(|_| points > 0) {
        Some(overlapping) => {
            let share = format::percent(overlapping / points as f64);
            values.push(("overlap", &share));
            language.fill("find.fit", &values)
        }
        None => language.fill("find.fit_simple", &values),
    }
}
