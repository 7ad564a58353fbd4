//! Every input with its range and source; what was held; where sources disagree.

use maud::{Markup, html};
use study::findings::{Assumption, Brief};
use units::Confidence;

use super::{Names, shell::section};
use crate::{
    Language,
    quantity::{quantity, range},
};

/// The section.
pub fn markup(brief: &Brief, names: &Names) -> Markup {
    let language = names.language;
    let (varied, held): (Vec<&Assumption>, Vec<&Assumption>) =
        brief.assumptions.iter().partition(|input| input.sampled);
    let with_camps: Vec<&Assumption> = brief.assumptions.iter().filter(|input| input.camps.len() > 1).collect();
    let ours = brief.assumptions.iter().filter(|input| input.assumed).count();
    let changed: Vec<String> = brief.scenario.changed.iter().map(|(path, value)| format!("{path} = {value}")).collect();
    let body = html! {
        @if brief.assumptions.is_empty() { p { (language.text("assumed.none")) } } @else {
            p {
                (language.sentences(&[
                    language.fill("assumed.intro", &[
                        ("sampled", &brief.counts.inputs_sampled.to_string()),
                        ("fixed", &brief.counts.inputs_fixed.to_string()),
                    ]),
                    match ours {
                        0 => language.text("assumed.unsourced_none").into(),
                        1 => language.text("assumed.unsourced_one").into(),
                        more => language.fill("assumed.unsourced", &[("n", &more.to_string())]),
                    },
                ]))
            }
        }
        @if !changed.is_empty() { p { (language.fill("assumed.changes", &[("list", &language.list(&changed))])) } }
        @if !with_camps.is_empty() {
            h3 { (language.text("assumed.camps")) }
            (camps(&with_camps, names))
        }
        @if !varied.is_empty() {
            h3 { (language.text("assumed.varied")) }
            (inputs(&varied, names, language.text("assumed.varied")))
        }
        @if !held.is_empty() {
            h3 { (language.text("assumed.held")) }
            (inputs(&held, names, language.text("assumed.held")))
        }
    };
    section("assumptions", language.text("section.assumptions"), &body)
}

fn confidence(confidence: Confidence, language: Language) -> &'static str {
    match confidence {
        Confidence::High => language.text("confidence.high"),
        Confidence::Medium => language.text("confidence.medium"),
        Confidence::Low => language.text("confidence.low"),
    }
}

fn inputs(inputs: &[&Assumption], names: &Names, label: &str) -> Markup {
    let language = names.language;
    html! {
        div.scroll tabindex="0" role="region" aria-label=(label) {
            table.inputs {
                thead { tr {
                    th scope="col" { (language.text("assumed.input")) }
                    th scope="col" { (language.text("assumed.central")) }
                    th scope="col" { (language.text("assumed.range")) }
                    th scope="col" { (language.text("assumed.dist")) }
                    th scope="col" { (language.text("assumed.source")) }
                    th scope="col" { (language.text("assumed.confidence")) }
                    th scope="col" { (language.text("assumed.read_by")) }
                } }
                tbody { @for input in inputs { (row(input, language)) } }
            }
        }
    }
}

fn row(input: &Assumption, language: Language) -> Markup {
    let held = input.fixed_because.as_ref().map(|code| language.name("held", code));
    html! {
        tr {
            th scope="row" {
                code { (input.id) }
                span.what { (input.title) }
                @if input.changed { span.flag { (language.text("assumed.changed")) } }
            }
            td { (quantity(input.central, &input.unit, language)) }
            td { @if input.low < input.high { (range(Some(input.low), Some(input.high), &input.unit, language)) } @else { (crate::quantity::DASH) } }
            td { (language.name("dist", &input.dist)) @if let Some(held) = held { span.what { (held) } } }
            td.source { (input.source) @if input.assumed { span.flag { (language.text("assumed.ours")) } } }
            td { (confidence(input.confidence, language)) }
            td { (input.read_by.join(", ")) }
        }
    }
}

fn camps(inputs: &[&Assumption], names: &Names) -> Markup {
    let language = names.language;
    html! {
        div.scroll tabindex="0" role="region" aria-label=(language.text("assumed.camps")) {
            table.inputs {
                thead { tr {
                    th scope="col" { (language.text("assumed.input")) }
                    th scope="col" { (language.text("assumed.camp")) }
                    th scope="col" { (language.text("assumed.central")) }
                    th scope="col" { (language.text("assumed.range")) }
                    th scope="col" { (language.text("assumed.source")) }
                } }
                tbody {
                    @for input in inputs {
                        @for (index, camp) in input.camps.iter().enumerate() {
                            tr {
                                th scope="row" { @if index == 0 { code { (input.id) } span.what { (input.title) } } }
                                td { (names.camp_name(&camp.camp)) }
                                td { (quantity(camp.central, &input.unit, language)) }
                                td { @if camp.low < camp.high { (range(Some(camp.low), Some(camp.high), &input.unit, language)) } @else { (crate::quantity::DASH) } }
                                td.source { (camp.source) }
                            }
                        }
                    }
                }
            }
        }
    }
}
