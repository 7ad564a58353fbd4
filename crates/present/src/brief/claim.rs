//! The nine claims, one article each: verdict, votes, test, what it depends on, counter-case, charts.

mod evidence;
mod own_charts;
mod sentences;
mod yardsticks;

pub use sentences::note;

use maud::{Markup, html};
use std::collections::BTreeMap;
use study::findings::{Brief, ClaimFinding};
use units::format;

use super::{Names, shell::section, verdict};
use crate::language::fill;

/// Share of futures that "holds" asks for, where the claim does not carry it: see [`study::findings::Verdict`].
const HOLDS: f64 = 0.75;
/// Share that "leans" asks for in the default camp.
const LEANS: f64 = 0.50;

/// The section of all claims.
pub fn all(brief: &Brief, names: &Names) -> Markup {
    let body = html! { @for claim in &brief.claims { (one(claim, names)) } };
    section("claims", names.language.text("section.claims"), &body)
}

/// The shares that verdicts ask for: to hold, to lean.
fn asked(claim: &ClaimFinding) -> (f64, f64) {
    let share =
        |key: &str, usual: f64| claim.thresholds.get(key).copied().filter(|share| share.is_finite()).unwrap_or(usual);
    (share("holds_share", HOLDS), share("leans_share", LEANS))
}

fn one(claim: &ClaimFinding, names: &Names) -> Markup {
    let language = names.language;
    let id = claim.id.name();
    let text = |part: &str| language.name("claims", &format!("{id}.{part}"));
    let headline =
        language.sentences(&[sentences::depends_head(claim, names), verdict::sentence(claim, names, asked(claim).0)]);
    html! {
        article.claim id=(id) {
            header {
                h3 { span.id { (id) } " " (text("title")) }
                (verdict::badge(claim.verdict, language))
            }
            p.headline { (headline) }
            div.columns {
                div.words {
                    p { (sentences::votes(claim, names)) }
                    h4 { (language.text("claim.test")) }
                    p { (filled(&text("test"), claim)) }
                    h4 { (language.text("claim.depends")) }
                    @for sentence in sentences::depends(claim, names) { p { (sentence) } }
                    (sentences::more_dependences(claim, names))
                    @for sentence in sentences::checks(claim, names) { p { (sentence) } }
                    h4 { (language.text("claim.counter")) }
                    p { (filled(&text("counter"), claim)) }
                    (sentences::counter_case(claim, names))
                    (sentences::notes(claim, names))
                }
                div.evidence { (evidence::charts(claim, names)) }
            }
            (evidence::tables(claim, names))
        }
    }
}

/// A text with the thresholds of the claim in it: `{key}` as a number, `{key.pct}` in per cent, `{key.pts}` in
/// points, `{key.abs.pct}` in per cent without its sign.
fn filled(text: &str, claim: &ClaimFinding) -> String {
    let mut values: BTreeMap<String, String> = BTreeMap::new();
    for (key, value) in claim.thresholds.iter().filter(|(_, value)| value.is_finite()) {
        values.insert(key.clone(), short(*value));
        values.insert(format!("{key}.pct"), format!("{} %", short(value * 100.0)));
        values.insert(format!("{key}.pts"), short(*value * 100.0));
        values.insert(format!("{key}.abs.pct"), format!("{} %", short(value.abs() * 100.0)));
    }
    for name in crate::language::placeholders(text) {
        values.entry(name.to_string()).or_insert_with(|| crate::quantity::DASH.into());
    }
    let pairs: Vec<(&str, &str)> = values.iter().map(|(key, value)| (key.as_str(), value.as_str())).collect();
    fill(text, &pairs)
}

/// A threshold as it was written: without trailing zeros.
fn short(value: f64) -> String {
    let text = format::significant(value, 4);
    if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.').into() } else { text }
}
