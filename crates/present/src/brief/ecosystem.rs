//! Whose models are used where the rivals compete: shares by origin and openness, policy by policy.

use maud::{Markup, html};
use study::findings::{PolicySeries, Series, Trajectories};

use super::Names;
use crate::{
    chart::{
        Figure, Shape, Table, Tone,
        figure::Words,
        lines::Line,
        panels::{self, Panel, Panels},
        tone,
    },
    quantity::{quantity, tick},
};

/// The variable.
const SHARE: &str = "ecosystem_share_fraction";

/// The bloc in which the others compete: the last one.
fn contested_bloc(moves: &Trajectories) -> Option<&str> {
    moves.blocs.last().map(String::as_str)
}

/// The shares of one policy in a bloc.
fn shares<'a>(policy: &'a PolicySeries, bloc: &str) -> Vec<&'a Series> {
    let wanted =
        |series: &&Series| series.variable == SHARE && series.bloc.as_deref() == Some(bloc) && series.origin.is_some();
    policy.series.iter().filter(wanted).collect()
}

/// How a share is said.
fn name(series: &Series, names: &Names) -> String {
    let origin = names.bloc(series.origin.as_deref().unwrap_or_default());
    series.openness.as_ref().map_or(origin.clone(), |openness| {
        let openness = names.language.name("openness", openness);
        names.language.fill("moves.whose_origin", &[("origin", &origin), ("openness", &openness)])
    })
}

/// The figure; nothing where the run kept no shares.
pub fn markup(moves: &Trajectories, names: &Names) -> Markup {
    let language = names.language;
    let Some(bloc) = contested_bloc(moves) else { return html! {} };
    let any = moves.policies.iter().any(|policy| !shares(policy, bloc).is_empty());
    if !any {
        return html! {};
    }
    let last = moves.quarters.last().map(ToString::to_string).unwrap_or_default();
    let mut table = Table::new([language.text("moves.policy"), language.text("moves.bloc"), &last]);
    let mut key: Vec<(Tone, String)> = Vec::new();
    let mut panels = Vec::new();
    for (place, policy) in moves.policies.iter().enumerate() {
        let policy_name = names.policy(&policy.id);
        let mut lines = Vec::new();
        let mut said = Vec::new();
        for series in shares(policy, bloc) {
            let origin = series.origin.as_deref().unwrap_or_default();
            let entry = (tone::bloc(origin), names.bloc(origin));
            if !key.contains(&entry) {
                key.push(entry);
            }
            let end = series.p50.last().copied().unwrap_or(f64::NAN);
            let end = quantity(end, &series.unit, language);
            said.push(format!("{} {end}", name(series, names)));
            table.row([policy_name.clone(), name(series, names), end]);
            lines.push(Line {
                label: name(series, names),
                tone: tone::bloc(origin),
                middle: series.p50.clone(),
                band: None,
                dashed: series.openness.as_deref() == Some("open"),
            });
        }
        let list = said.join(language.text("list.semicolon"));
        let words = Words {
            id: format!("whose-{place}"),
            title: policy_name.clone(),
            description: language
                .fill("moves.whose_describe", &[("quarter", &last), ("policy", &policy_name), ("list", &list)]),
            no_data: language.text("page.no_data").into(),
        };
        panels.push(Panel { words, tone: tone::policy(&policy.id), lines });
    }
    let written = |value: f64| tick(value, "fraction", language);
    let marked = moves.policies.first().map(|policy| policy.policy_start);
    let chart = Panels { panels, quarters: &moves.quarters, shape: Shape::Linear, marked, written: &written, key };
    let title = language.fill("moves.whose_title", &[("bloc", &names.bloc_in(bloc))]);
    let figure = Figure {
        id: "whose".into(),
        title: title.clone(),
        note: language.text("moves.whose_note").into(),
        drawing: panels::draw(&chart),
        table,
        table_label: language.text("page.numbers").into(),
        wide: true,
    };
    html! { h3 id="moves-whose" { (title) } (figure.markup()) }
}
