//! The page of an exploration: a plot for each method, with the data beside it as CSV.
//!
//! No script and no request; in English. What a method cannot say of these runs is said in its place, with the reason.

mod belief;
mod choice;
mod influence;
mod pareto;
mod words;

pub use pareto::front;
pub(crate) use pareto::when;
pub use words::beliefs;

use maud::{Markup, html};
use study::analysis::Analysis;

use crate::{
    Language,
    brief::shell::{section, titled},
    chart::{Table, figure::Words},
    quantity::quantity,
};

/// The page.
pub fn page(analysis: &Analysis) -> String {
    let body = html! {
        (opening(analysis))
        main {
            (section("believe", "What one must believe", &belief::markup(analysis)))
            (section("choice", "Which choice holds up", &choice::markup(analysis)))
            (section("influence", "Which inputs matter", &influence::markup(analysis)))
            (section("methods", "Methods, used and not", &methods(analysis)))
        }
        footer { p { "The numbers of every plot are in the CSV file named under it, beside this page." } }
    };
    // A number and its per cent sign stay on one line.
    titled(Language::English, "Downstream: an exploration", &body).replace(" %", "\u{a0}%")
}

fn opening(analysis: &Analysis) -> Markup {
    let explained = analysis.explained.as_ref();
    html! {
        header {
            p.kicker { "Downstream \u{b7} explore" }
            h1 { @if analysis.name.is_empty() { "An exploration" } @else { (analysis.name) } }
            p.lede {
                (count(analysis.runs)) " runs over " (count(analysis.inputs.len() as u64)) " inputs"
                @if analysis.alternatives.len() > 1 { ", each under " (count(analysis.alternatives.len() as u64)) " policies" }
                ". " (words::lede(analysis))
            }
            dl.facts {
                div { dt { "design" } dd { (analysis.design) } }
                div { dt { "seed" } dd { (analysis.seed) } }
                div { dt { "failed" } dd { (count(analysis.failed)) } }
                div { dt { "independent runs" } dd { (count(analysis.independent_runs)) } }
                @if let Some(explained) = explained { div { dt { "explained" } dd { (explained) } } }
            }
            nav {
                a href="#believe" { "What one must believe" }
                a href="#choice" { "Which choice holds up" }
                a href="#influence" { "Which inputs matter" }
                a href="#methods" { "Methods" }
            }
        }
    }
}

fn methods(analysis: &Analysis) -> Markup {
    let mut table = Table::new(["method", "what it asks", "used"]);
    for method in &analysis.methods {
        let used = method.why_not.map_or_else(|| "yes".to_string(), |why| format!("no: {}", words::why_not(why)));
        table.row([words::method(method.id).0, words::method(method.id).1, used.as_str()]);
    }
    html! {
        p { "Only methods that the design of the runs permits are used." }
        (table.markup("Methods"))
        p.at { "Data: methods.csv" }
    }
}

/// Why a method is not there, in a line.
fn missing(analysis: &Analysis, id: &str) -> Markup {
    html! {
        @if let Some(why) = analysis.why_not(id) {
            p.aid { "Not shown: " (words::method(id).0) "; " (words::why_not(why)) "." }
        }
    }
}

fn count(value: u64) -> String {
    quantity(value as f64, "count", Language::English)
}

fn share(value: f64) -> String {
    quantity(value, "fraction", Language::English)
}

/// Words for a drawing.
fn drawing(id: &str, title: &str, description: &str) -> Words {
    Words { id: id.into(), title: title.into(), description: description.into(), no_data: "no data".into() }
}
