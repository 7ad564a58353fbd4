//! The brief: one self-contained HTML file.
//!
//! No script is needed to read it and nothing is requested: the style sheet and the charts stand in the file.
//! Every sentence is chosen by the findings' codes and filled with their numbers; the texts are in
//! `language/texts.toml`. One file a section, in the order of the page.

mod accounts;
mod assumptions;
mod chips;
mod claim;
mod closing;
mod ecosystem;
mod fit;
mod hindcasts;
mod names;
mod opening;
pub(crate) mod shell;
pub(crate) mod summary;
mod trajectories;
pub(crate) mod verdict;

pub(crate) use names::Names;

use maud::html;
use study::findings::Brief;

use crate::Language;

/// The page: no scripts, no requests, every sentence made from the findings.
pub fn page(brief: &Brief, language: Language) -> String {
    let names = Names::new(brief, language);
    let body = html! {
        (opening::markup(brief, language))
        main {
            (summary::markup(brief, &names))
            (claim::all(brief, &names))
            (trajectories::markup(brief, &names))
            (chips::markup(&brief.chips, &names))
            (fit::markup(&brief.fit, &names))
            (hindcasts::markup(&brief.hindcasts, &names))
            (accounts::markup(brief, &names))
            (assumptions::markup(brief, &names))
            (closing::markup(brief, &names))
        }
        (closing::footer(language))
    };
    // A number and its per cent sign stay on one line.
    shell::page(language, &body).replace(" %", "\u{a0}%")
}
