//! Which inputs an output depends on: tornado, indices with intervals, elementary effects.

use maud::{Markup, html};
use study::analysis::{Analysis, Influence, Number, Output};

use super::{drawing, missing, words};
use crate::{
    Language,
    chart::{
        Figure, Shape, Table, Tone,
        bars::{self, Bar},
        intervals::{self, Intervals, Mark, Row},
        plane::{self, Plane, Point},
    },
    quantity::{number, quantity, tick},
};

/// Inputs that a plot shows; the others are in the table.
const SHOWN: usize = 10;

pub(super) fn markup(analysis: &Analysis) -> Markup {
    html! {
        @if let Some(explained) = &analysis.explained { p { "Outputs under the policy " strong { (explained) } "." } }
        @for id in ["tornado", "sobol", "given", "delta", "pawn", "morris"] { (missing(analysis, id)) }
        @for (index, (one, output)) in analysis.influence.iter().zip(&analysis.outputs).enumerate() {
            h3 { (words::output_name(&one.output)) }
            div.pair {
                @for figure in figures(analysis, one, output, index) { (figure.markup()) }
            }
        }
        p.at { "Data: influence.csv" @if analysis.influence.iter().any(|one| one.sobol.as_ref().is_some_and(|sobol| !sobol.second.is_empty())) { ", second_order.csv" } }
    }
}

fn figures(analysis: &Analysis, one: &Influence, output: &Output, index: usize) -> Vec<Figure> {
    let mut figures = Vec::new();
    figures.extend(tornado(analysis, one, output, index));
    if let Some(sobol) = &one.sobol {
        let id = format!("sobol-{index}");
        let title = "Sobol\u{2019} indices: alone (first) and with others (total)";
        figures.push(indices(
            analysis,
            (&id, title),
            "share of the variance; bars are 95 % intervals",
            &[
                ("first order", Tone::Bandwidth, sobol.first.iter().copied().map(Some).collect()),
                ("total", Tone::Against, sobol.total.iter().copied().map(Some).collect()),
            ],
        ));
    }
    let plain = |value: f64| Number { value, low: None, high: None };
    if let Some(given) = &one.given {
        let id = format!("given-{index}");
        let list = vec![("first order", Tone::Bandwidth, given.iter().copied().map(Some).collect())];
        figures.push(indices(
            analysis,
            (&id, "First-order Sobol\u{2019} indices from these runs"),
            "share of the variance, with 95 % intervals",
            &list,
        ));
    }
    if let Some(delta) = &one.delta {
        let id = format!("delta-{index}");
        let list = vec![("delta", Tone::Bandwidth, delta.iter().copied().map(Some).collect())];
        figures.push(indices(
            analysis,
            (&id, "Delta"),
            "0 without influence, 1 at the most; with 95 % intervals",
            &list,
        ));
    }
    if let Some(pawn) = &one.pawn {
        let id = format!("pawn-{index}");
        let of = |value: fn(&study::analysis::Pawn) -> f64| {
            pawn.iter().map(|pawn| pawn.as_ref().map(|pawn| plain(value(pawn)))).collect()
        };
        let list = vec![
            ("median distance", Tone::Bandwidth, of(|pawn| pawn.median)),
            ("what chance alone makes", Tone::Muted, of(|pawn| pawn.noise)),
        ];
        figures.push(indices(analysis, (&id, "PAWN"), "Kolmogorov-Smirnov distance over ten slices", &list));
    }
    figures.extend(morris(analysis, one, output, index));
    figures
}

/// Places of the largest, falling; at most `SHOWN`.
fn largest(sizes: &[f64]) -> Vec<usize> {
    let mut order: Vec<usize> = (0..sizes.len()).filter(|place| sizes[*place].is_finite()).collect();
    order.sort_by(|a, b| sizes[*b].total_cmp(&sizes[*a]).then(a.cmp(b)));
    order.truncate(SHOWN);
    order
}

fn tornado(analysis: &Analysis, one: &Influence, output: &Output, index: usize) -> Option<Figure> {
    let mean = one.mean?;
    let sizes: Vec<f64> = one.tornado.iter().map(|swing| (swing.high - swing.low).abs()).collect();
    let mut bars = Vec::new();
    let mut table = Table::new(["input", "where low", "where high", "difference"]);
    let written = |value: f64| number(value, &output.unit, Language::English);
    for place in largest(&sizes) {
        let (swing, name) = (one.tornado[place], words::input_name(&analysis.inputs[place]));
        table.row([name.clone(), written(swing.low), written(swing.high), written(swing.high - swing.low)]);
        bars.push(Bar {
            label: name,
            tone: if swing.high >= swing.low { Tone::Bandwidth } else { Tone::Against },
            reach: (swing.low - mean, swing.high - mean),
            value: format!(
                "{} to {}",
                tick(swing.low, &output.unit, Language::English),
                tick(swing.high, &output.unit, Language::English)
            ),
        });
    }
    let title = format!("Tornado about the mean, {}", quantity(mean, &output.unit, Language::English));
    let id = format!("tornado-{index}");
    Some(Figure {
        drawing: bars::draw(
            &drawing(&id, &title, "means of the output where an input is low and where it is high"),
            &bars,
            Some(0.0),
        ),
        id,
        title,
        note: "the output\u{2019}s mean in the lowest and in the highest tenth of an input; blue rises with the input"
            .into(),
        table,
        table_label: "The numbers".into(),
        wide: false,
    })
}

type List<'a> = (&'a str, Tone, Vec<Option<Number>>);

/// Lists of numbers by input, one mark each a row.
fn indices(analysis: &Analysis, (id, title): (&str, &str), note: &str, lists: &[List]) -> Figure {
    let last = lists.iter().rev().find(|(_, tone, _)| *tone != Tone::Muted);
    let sizes: Vec<f64> = last
        .map_or_else(Vec::new, |(_, _, list)| list.iter().map(|one| one.map_or(f64::NAN, |one| one.value)).collect());
    let mut table = Table::new(std::iter::once("input").chain(lists.iter().map(|(name, ..)| *name)));
    let written = |value: f64| format!("{value:.3}");
    let mut rows = Vec::new();
    for place in largest(&sizes) {
        let name = words::input_name(&analysis.inputs[place]);
        let mut cells = vec![name.clone()];
        let mut marks = Vec::new();
        for (_, tone, list) in lists {
            cells.push(match list[place] {
                Some(Number { value, low: Some(low), high: Some(high) }) => {
                    format!("{} ({} to {})", written(value), written(low), written(high))
                }
                Some(one) => written(one.value),
                None => "\u{2013}".into(),
            });
            marks.extend(list[place].map(|one| Mark { tone: *tone, low: one.low, middle: one.value, high: one.high }));
        }
        let value = sizes.get(place).map_or_else(String::new, |size| format!("{size:.2}"));
        rows.push(Row { label: name, marks, value });
        table.row(cells);
    }
    let tick = |value: f64| format!("{}", (value * 100.0).round() / 100.0);
    let chart =
        Intervals { words: drawing(id, title, note), rows, shape: Shape::Linear, reference: Some(0.0), written: &tick };
    let legend = if lists.len() > 1 {
        html! { p.key { @for (name, tone, _) in lists { span { i class=(tone.class()) {} (name) } } } }
    } else {
        html! {}
    };
    Figure {
        drawing: html! { (legend) (intervals::draw(&chart)) },
        id: id.into(),
        title: title.into(),
        note: note.into(),
        table,
        table_label: "The numbers".into(),
        wide: false,
    }
}

fn morris(analysis: &Analysis, one: &Influence, output: &Output, index: usize) -> Option<Figure> {
    let effects = one.morris.as_ref()?;
    let sizes: Vec<f64> = effects.iter().map(|effect| effect.mu_star.value).collect();
    let shown = largest(&sizes);
    let written = |value: f64| number(value, &output.unit, Language::English);
    let mut table = Table::new(["input", "\u{b5}*", "\u{b5}", "\u{3c3}"]);
    for place in &shown {
        let effect = &effects[*place];
        let name = words::input_name(&analysis.inputs[*place]);
        table.row([name, written(effect.mu_star.value), written(effect.mu), written(effect.sigma)]);
    }
    let mut order: Vec<usize> = shown.clone();
    order.extend((0..effects.len()).filter(|place| !shown.contains(place)));
    let points = order.iter().map(|place| {
        let named = shown.contains(place);
        Point {
            label: if named { words::input_name(&analysis.inputs[*place]) } else { String::new() },
            tone: if named { Tone::Bandwidth } else { Tone::Muted },
            x: effects[*place].mu_star.value,
            y: effects[*place].sigma,
            hollow: !named,
        }
    });
    let ticks = |value: f64| tick(value, &output.unit, Language::English);
    let id = format!("morris-{index}");
    let title = "Elementary effects".to_string();
    let chart = Plane {
        words: drawing(&id, &title, "importance across, spread of the effect up"),
        points: points.collect(),
        joined: false,
        shape: Shape::Linear,
        from_zero: true,
        diagonal: false,
        captions: ("\u{b5}*: mean size of the effect".into(), "\u{3c3}: how far it depends on where".into()),
        written: [&ticks, &ticks],
    };
    Some(Figure {
        drawing: plane::draw(&chart),
        id,
        title,
        note: format!("over the span of the levels; {} inputs", effects.len()),
        table,
        table_label: "The numbers".into(),
        wide: false,
    })
}
