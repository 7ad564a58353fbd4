//! The question, in our own words, and what was run to answer it.

use maud::{Markup, html};
use study::findings::Brief;

use crate::{Language, quantity::quantity};

/// Sections in the order of the page: anchor and key of the title.
const SECTIONS: [(&str, &str); 10] = [
    ("findings", "section.findings"),
    ("claims", "section.claims"),
    ("trajectories", "section.trajectories"),
    ("chips", "section.chips"),
    ("fit", "section.fit"),
    ("hindcasts", "section.hindcasts"),
    ("policies", "section.policies"),
    ("assumptions", "section.assumptions"),
    ("limits", "section.limits"),
    ("repeat", "section.repeat"),
];

/// The head of the page.
pub fn markup(brief: &Brief, language: Language) -> Markup {
    html! {
        header {
            p.kicker { (language.text("page.kicker")) }
            h1 { (language.text("page.heading")) }
            p.lede { (language.text("page.lede")) }
            p { (language.text("page.method")) }
            p { (scale(brief, language)) }
            dl.facts {
                div { dt { (language.text("page.scenario")) } dd { (brief.scenario.name) } }
                div { dt { (language.text("page.seed")) } dd { (brief.seed) } }
                div { dt { (language.text("page.data_as_of")) } dd { (brief.data_as_of) } }
            }
            p.aid { (language.text("page.aid")) }
            nav aria-label=(language.text("page.contents")) {
                @for (anchor, key) in SECTIONS {
                    a href=(format!("#{anchor}")) { (language.find(key).unwrap_or(key)) }
                }
            }
        }
    }
}

/// How much was run.
fn scale(brief: &Brief, language: Language) -> String {
    let count = |value: usize| quantity(value as f64, "count", language);
    let horizon = brief.claims.first().map(|claim| claim.horizon.to_string()).unwrap_or_default();
    language.fill(
        "page.scale",
        &[
            ("runs", &count(brief.counts.runs)),
            ("start", &brief.scenario.start.to_string()),
            ("until", &brief.scenario.until.to_string()),
            ("policies", &count(brief.counts.policies)),
            ("futures", &count(brief.counts.futures)),
            ("camps", &count(brief.counts.camps)),
            ("table", &count(brief.counts.policies * brief.counts.futures * brief.counts.camps)),
            ("horizon", &horizon),
        ],
    )
}
