//! The page around the sections: head, style sheet, nothing that asks for anything.

use maud::{DOCTYPE, Markup, PreEscaped, html};

use crate::Language;

/// The brief's page.
pub fn page(language: Language, body: &Markup) -> String {
    titled(language, language.text("page.title"), body)
}

/// A whole page. The policy in its head forbids scripts and requests, so that a browser holds us to it.
pub fn titled(language: Language, title: &str, body: &Markup) -> String {
    let policy = "default-src 'none'; style-src 'unsafe-inline'; img-src data:";
    html! {
        (DOCTYPE)
        html lang=(language.tag()) {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta http-equiv="Content-Security-Policy" content=(policy);
                meta name="color-scheme" content="light dark";
                title { (title) }
                link rel="icon" href="data:,";
                style { (PreEscaped(include_str!("style.css"))) }
            }
            body { (body) }
        }
    }
    .into_string()
}

/// A section with its heading, for the table of contents to point at.
pub fn section(id: &str, title: &str, body: &Markup) -> Markup {
    html! {
        section id=(id) {
            h2 { (title) }
            (body)
        }
    }
}
