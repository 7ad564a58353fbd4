//! What this cannot know, how to repeat it, and whose data it stands on.

use maud::{Markup, html};
use study::findings::Brief;

use super::{Names, claim::note, shell::section};
use crate::{Language, quantity::quantity};

/// The sections at the end.
pub fn markup(brief: &Brief, names: &Names) -> Markup {
    html! {
        (limits(brief, names))
        (repeat(brief, names.language))
        (sources(names.language))
    }
}

fn limits(brief: &Brief, names: &Names) -> Markup {
    let language = names.language;
    let general = ["limit.general_unknown", "limit.general_value"].map(|key| language.find(key));
    let body = html! {
        p { (language.text("limit.intro")) }
        ul {
            @for limit in &brief.limits { li { (note(limit, names)) } }
            @for text in general.into_iter().flatten() { li { (text) } }
        }
    };
    section("limits", language.text("section.limits"), &body)
}

fn repeat(brief: &Brief, language: Language) -> Markup {
    let command = format!("downstream brief scenario.toml --futures {} --seed {}", brief.counts.futures, brief.seed);
    let count = |value: usize| quantity(value as f64, "count", language);
    let body = html! {
        p { (language.text("again.intro")) }
        pre { code { (command) } }
        p { (language.text("again.files")) }
        p {
            (language.fill("again.checks", &[
                ("runs", &count(brief.counts.runs)), ("checks", &count(brief.counts.check_runs)),
            ]))
        }
        @if !brief.hashes.is_empty() {
            p.caption { (language.text("again.hashes")) }
            dl.hashes {
                @for (key, hash) in &brief.hashes { div { dt { (language.name("hash", key)) } dd { code { (hash) } } } }
            }
        }
    };
    section("repeat", language.text("section.repeat"), &body)
}

fn sources(language: Language) -> Markup {
    let credits = ["credit.epoch", "credit.owid", "credit.rules", "credit.rest"].map(|key| language.find(key));
    let body = html! { ul { @for text in credits.into_iter().flatten() { li { (text) } } } };
    section("sources", language.text("section.sources"), &body)
}

/// The foot of the page.
pub fn footer(language: Language) -> Markup {
    html! { footer { p { (language.text("credit.law")) } p { (language.text("credit.made")) } } }
}
