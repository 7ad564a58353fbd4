//! The page of a search for adaptive policies: the Pareto set as a plot and a table.

use maud::{Markup, html};
use study::adapt::{Adapted, Found, Objective, Over};

use super::{count, drawing, share, words};
use crate::{
    Language,
    brief::shell::{section, titled},
    chart::{
        Figure, Shape, Table, Tone,
        parallel::{self, Axis, Parallel, Thread},
        plane::{self, Plane, Point},
    },
    quantity::{number, quantity, tick},
};

/// The page.
pub fn front(adapted: &Adapted) -> String {
    let body = html! {
        header {
            p.kicker { "Downstream \u{b7} explore adapt" }
            h1 { "Adaptive policies" }
            p.lede { (lede(adapted)) }
            dl.facts {
                div { dt { "futures" } dd { (count(adapted.futures as u64)) " to search, as many others to measure" } }
                div { dt { "candidates" } dd { (count(adapted.rated)) } }
                div { dt { "an objective is" } dd { (over(adapted.over)) } }
            }
        }
        main {
            (section("front", "The Pareto set", &plots(adapted)))
            (section("policies", "The policies", &policies(adapted)))
            (section("search", "How far the search came", &convergence(adapted)))
        }
        footer { p { "The numbers are in front.csv; each adaptive policy is a file, adaptive-N.toml, that the other verbs take." } }
    };
    titled(Language::English, "Downstream: adaptive policies", &body).replace(" %", "\u{a0}%")
}

fn over(over: Over) -> &'static str {
    match over {
        Over::Mean => "its mean over the futures",
        Over::Low10 => "its bad end over the futures (10 %)",
    }
}

fn lede(adapted: &Adapted) -> String {
    let unbeaten = |list: &[Found]| list.iter().filter(|one| one.unbeaten).count() as u64;
    format!(
        "The search kept {} policies with a switch. On futures that it had not seen, {} of them and {} of the {} policies without \
         a switch are beaten by nothing listed here in every objective.",
        count(adapted.adaptive.len() as u64),
        count(unbeaten(&adapted.adaptive)),
        count(unbeaten(&adapted.fixed)),
        count(adapted.fixed.len() as u64),
    )
}

/// A policy in words: `hybrid`, or `hybrid, then all-chip-controls`.
fn name(found: &Found) -> String {
    match &found.switch {
        Some(switch) => format!("{}, then {}", found.start, switch.to),
        None => found.start.clone(),
    }
}

/// When it switches, in words.
pub(crate) fn when(found: &Found) -> String {
    let Some(switch) = &found.switch else { return "never".into() };
    let (of, rest) =
        switch.signpost.strip_prefix("share:").map_or(("", switch.signpost.as_str()), |rest| ("share of ", rest));
    let (variable, bloc) = rest.split_once('@').unwrap_or((rest, ""));
    let side = if switch.above { "above" } else { "below" };
    let row = if switch.quarters > 1 { format!(" {} quarters in a row", switch.quarters) } else { String::new() };
    format!(
        "from {}, {bloc}: {of}{} {side} {}{row}",
        switch.from,
        Language::English.name("variable", variable),
        quantity(switch.threshold, &switch.unit, Language::English)
    )
}

fn plots(adapted: &Adapted) -> Markup {
    let objectives = &adapted.objectives;
    let mut figures = Vec::new();
    for second in 1..objectives.len() {
        figures.push(pair(adapted, second));
    }
    figures.push(profiles(adapted));
    html! { div.pair { @for figure in figures { (figure.markup()) } } }
}

fn caption(objective: &Objective) -> String {
    let better = if objective.less_is_better { "less is better" } else { "more is better" };
    format!("{} ({better})", words::output_name(&objective.name))
}

fn pair(adapted: &Adapted, second: usize) -> Figure {
    let (x, y) = (&adapted.objectives[0], &adapted.objectives[second]);
    let point = |found: &Found| Point {
        label: if found.switch.is_some() { String::new() } else { found.start.clone() },
        tone: if found.switch.is_some() { Tone::For } else { Tone::Against },
        x: found.measured[0],
        y: found.measured[second],
        hollow: !found.unbeaten,
    };
    let across = |value: f64| tick(value, &x.unit, Language::English);
    let up = |value: f64| tick(value, &y.unit, Language::English);
    let id = format!("front-{second}");
    let chart = Plane {
        words: drawing(&id, "The Pareto set", "policies by two objectives"),
        points: adapted.fixed.iter().chain(&adapted.adaptive).map(point).collect(),
        joined: false,
        shape: Shape::Linear,
        from_zero: false,
        diagonal: false,
        captions: (caption(x), caption(y)),
        written: [&across, &up],
    };
    Figure {
        drawing: plane::draw(&chart),
        id,
        title: format!("{} against {}", words::output_name(&y.name), words::output_name(&x.name)),
        note: "green: with a switch; orange: without; filled: beaten by nothing listed in every objective".into(),
        table: Table::default(),
        table_label: String::new(),
        wide: false,
    }
}

fn profiles(adapted: &Adapted) -> Figure {
    let thread = |found: &Found| Thread {
        tone: if found.switch.is_some() { Tone::For } else { Tone::Against },
        values: found.measured.clone(),
        faint: !found.unbeaten,
        label: if found.switch.is_some() { String::new() } else { found.start.clone() },
    };
    let written = |value: f64, unit: &str| tick(value, unit, Language::English);
    let axis = |objective: &Objective| Axis { name: words::output_name(&objective.name), unit: objective.unit.clone() };
    let chart = Parallel {
        words: drawing("profiles", "Profiles", "every policy through all objectives"),
        axes: adapted.objectives.iter().map(axis).collect(),
        threads: adapted.adaptive.iter().chain(&adapted.fixed).map(thread).collect(),
        written: &written,
        width: parallel::COLUMN,
    };
    Figure {
        drawing: parallel::draw(&chart),
        id: "profiles".into(),
        title: "Through all objectives".into(),
        note: "on the futures that the search had not seen".into(),
        table: Table::default(),
        table_label: String::new(),
        wide: false,
    }
}

fn policies(adapted: &Adapted) -> Markup {
    let mut head = vec!["policy".to_string(), "switches".into(), "in".into(), "median".into()];
    head.extend(adapted.objectives.iter().map(caption));
    head.push("unbeaten".into());
    let mut table = Table::new(head);
    for found in adapted.adaptive.iter().chain(&adapted.fixed) {
        let mut row = vec![name(found), when(found)];
        row.push(if found.switch.is_some() { share(found.switched_fraction) } else { String::new() });
        row.push(found.median_switch.map_or_else(String::new, |quarter| quarter.to_string()));
        let written = |(value, objective): (&f64, &Objective)| number(*value, &objective.unit, Language::English);
        row.extend(found.measured.iter().zip(&adapted.objectives).map(written));
        row.push(if found.unbeaten { "yes".into() } else { String::new() });
        table.row(row);
    }
    html! {
        p { "Objectives on futures that the search had not seen. A switch that hardly any future makes is a policy without one." }
        (table.markup("The policies"))
        p.at { "Data: front.csv" }
    }
}

fn convergence(adapted: &Adapted) -> Markup {
    let points = adapted.volume.iter().enumerate().map(|(generation, volume)| Point {
        label: String::new(),
        tone: Tone::Bandwidth,
        x: generation as f64 + 1.0,
        y: *volume,
        hollow: false,
    });
    let plain = |value: f64| tick(value, "count", Language::English);
    let chart = Plane {
        words: drawing("volume", "Hypervolume", "hypervolume by generation"),
        points: points.collect(),
        joined: true,
        shape: Shape::Linear,
        from_zero: false,
        diagonal: false,
        captions: ("generation".into(), "hypervolume".into()),
        written: [&plain, &plain],
    };
    let figure = Figure {
        drawing: plane::draw(&chart),
        id: "volume".into(),
        title: "Hypervolume of what was kept".into(),
        note: "what has stopped rising will not rise much more; search longer (--generations) if it still does".into(),
        table: Table::default(),
        table_label: String::new(),
        wide: false,
    };
    html! { div.pair { (figure.markup()) } }
}
