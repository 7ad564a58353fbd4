//! Where the runs of interest lie: the sentences, the trajectory, the boxes, the tree, the table, single runs.

use maud::{Markup, html};
use study::analysis::{Analysis, Belief, Leaf};

use super::{drawing, missing, share, words};
use crate::{
    Language,
    chart::{
        Figure, Scale, Shape, Table, Tone, WIDTH,
        bars::{self, Bar},
        heat::{self, Heat},
        parallel::{self, Axis, Parallel, Thread},
        plane::{self, Plane, Point},
        svg::{Anchor, fit, line, rect, text},
    },
    quantity::{quantity, tick},
};

pub(super) fn markup(analysis: &Analysis) -> Markup {
    let Some(belief) = &analysis.belief else {
        return html! { @for id in ["prim", "cart", "regional", "stacking", "parallel"] { (missing(analysis, id)) } };
    };
    let sentences = words::beliefs(belief, &analysis.inputs);
    html! {
        div.summary {
            @for (place, sentence) in sentences.iter().enumerate() {
                @if place == 0 { p { (sentence) } } @else { p.headline { (sentence) } }
            }
        }
        div.pair {
            @for (number, leaf) in belief.boxes.iter().enumerate() { (limits(analysis, belief, leaf, number).markup()) }
            (trajectory(belief).markup())
            (separation(analysis, belief).markup())
            (picture(analysis, belief).markup())
        }
        @if let Some(stack) = stack(analysis, belief) { (stack.markup()) }
        h3 { "A tree of questions" }
        (tree(analysis, belief).markup("The leaves of the tree"))
        p.at { "Data: boxes.csv, peeling.csv, separation.csv, camps.csv, stacking.csv, parallel.csv" }
    }
}

/// The box, one bar a limited input within the range that the runs cover.
fn limits(analysis: &Analysis, belief: &Belief, leaf: &Leaf, number: usize) -> Figure {
    const ROW: f64 = 34.0;
    let id = format!("box-{number}");
    let title = if number == 0 { "The box" } else { "A second box, in what the first leaves" };
    let mut table = Table::new(["input", "condition", "share of runs", "quasi-p-value"]);
    for condition in &leaf.conditions {
        let input = &analysis.inputs[condition.input];
        let cells = [
            words::input_name(input),
            words::clause(condition, input),
            share(condition.share_of_runs),
            format!("{:.2e}", condition.quasi_p),
        ];
        table.row(cells);
    }
    let size = (WIDTH, ROW * leaf.conditions.len().max(1) as f64 + 4.0);
    let body = html! {
        @for (place, condition) in leaf.conditions.iter().enumerate() {
            @let input = &analysis.inputs[condition.input];
            @let top = ROW * place as f64;
            (text(2.0, top + 12.0, Anchor::Start, "label", &fit(&words::clause(condition, input), WIDTH - 60.0, 11.0)))
            (text(WIDTH - 2.0, top + 12.0, Anchor::End, "value", &share(condition.share_of_runs)))
            (line("track", (2.0, top + 22.0), (WIDTH - 2.0, top + 22.0)))
            // By share of the runs, so that every input has the same scale whatever its distribution.
            @if let Some(scale) = Scale::exact(0.0, 1.0, 2.0, WIDTH - 2.0) {
                @let part = condition.share_of_runs;
                @let from = match (condition.low, condition.high) { (None, _) => 0.0, (Some(_), None) => 1.0 - part, _ => (1.0 - part) / 2.0 };
                @if let Some((a, b)) = scale.at(from).zip(scale.at(from + part)) {
                    (rect("bar", Tone::For, (a, top + 18.0), (b - a, 8.0)))
                }
            }
        }
    };
    let words_of = drawing(&id, title, "limits of the box by share of the runs that each leaves");
    let base = belief.of_interest as f64 / belief.runs as f64;
    Figure {
        drawing: crate::chart::figure::svg(&words_of, size, &body),
        id,
        title: title.into(),
        note: format!(
            "density {} (overall {}), coverage {}, mass {}; bars show the share of the runs within each limit, a limit on both sides centred",
            share(leaf.density),
            share(base),
            share(leaf.coverage),
            share(leaf.mass)
        ),
        table,
        table_label: "The limits".into(),
        wide: false,
    }
}

fn trajectory(belief: &Belief) -> Figure {
    let mut table = Table::new(["step", "coverage", "density", "mass", "inputs with a limit"]);
    let mut points = Vec::new();
    for (step, peel) in belief.trajectory.iter().enumerate() {
        table.row([
            step.to_string(),
            share(peel.coverage),
            share(peel.density),
            share(peel.mass),
            peel.restricted.to_string(),
        ]);
        points.push(Point {
            label: if peel.taken { "taken".into() } else { String::new() },
            tone: if peel.taken { Tone::Against } else { Tone::Bandwidth },
            x: peel.coverage,
            y: peel.density,
            hollow: !peel.taken,
        });
    }
    let ticks = |value: f64| tick(value, "fraction", Language::English);
    let chart = Plane {
        words: drawing("peeling", "Peeling trajectory", "coverage across, density up"),
        points,
        joined: true,
        shape: Shape::Linear,
        from_zero: true,
        diagonal: false,
        captions: ("coverage: share of the runs of interest inside".into(), "density: share of interest inside".into()),
        written: [&ticks, &ticks],
    };
    Figure {
        id: "peeling".into(),
        title: "PRIM: peeling and pasting".into(),
        note: "each step takes a slice away; the box with the best harmonic mean of coverage and density is taken"
            .into(),
        drawing: plane::draw(&chart),
        table,
        table_label: "The trajectory".into(),
        wide: false,
    }
}

fn separation(analysis: &Analysis, belief: &Belief) -> Figure {
    let mut order: Vec<usize> = (0..belief.separation.len()).collect();
    order.sort_by(|a, b| belief.separation[*b].distance.total_cmp(&belief.separation[*a].distance));
    order.truncate(10);
    let mut table = Table::new(["input", "distance", "farthest apart at", "p-value"]);
    let mut bars = Vec::new();
    for place in order {
        let (one, input) = (&belief.separation[place], &analysis.inputs[place]);
        let name = words::input_name(input);
        table.row([
            name.clone(),
            format!("{:.3}", one.distance),
            quantity(one.at, &input.unit, Language::English),
            format!("{:.2e}", one.p_value),
        ]);
        let tone = if one.p_value > 0.01 {
            Tone::Muted
        } else if one.above {
            Tone::Bandwidth
        } else {
            Tone::Against
        };
        bars.push(Bar { label: name, tone, reach: (0.0, one.distance), value: format!("{:.2}", one.distance) });
    }
    Figure {
        drawing: bars::draw(&drawing("regional", "Regional sensitivity", "Kolmogorov-Smirnov distances"), &bars, None),
        id: "regional".into(),
        title: "Which inputs separate the runs of interest".into(),
        note: "Kolmogorov-Smirnov distance; blue: more of interest above, orange: below, grey: p above 1 %".into(),
        table,
        table_label: "The numbers".into(),
        wide: false,
    }
}

fn picture(analysis: &Analysis, belief: &Belief) -> Figure {
    let axes = belief.shown.iter().map(|input| {
        let input = &analysis.inputs[*input];
        Axis { name: words::input_name(input), unit: input.unit.clone() }
    });
    let thread = |(values, interest): &(Vec<f64>, bool)| Thread {
        tone: if *interest { Tone::For } else { Tone::Muted },
        values: values.clone(),
        faint: !interest,
        label: String::new(),
    };
    let (front, back): (Vec<_>, Vec<_>) = belief.picture.iter().partition(|(_, interest)| *interest);
    let written = |value: f64, unit: &str| tick(value, unit, Language::English);
    let chart = Parallel {
        words: drawing("parallel", "Parallel coordinates", "single runs through the inputs that separate them best"),
        axes: axes.collect(),
        threads: back.into_iter().chain(front).map(thread).collect(),
        written: &written,
        width: parallel::COLUMN,
    };
    Figure {
        drawing: parallel::draw(&chart),
        id: "parallel".into(),
        title: "Single runs".into(),
        note: format!(
            "{} runs through the inputs that separate best; those of interest in colour",
            belief.picture.len()
        ),
        table: Table::default(),
        table_label: String::new(),
        wide: false,
    }
}

fn stack(analysis: &Analysis, belief: &Belief) -> Option<Figure> {
    let stack = belief.stack.as_ref()?;
    let bin = |place: usize| ["low", "middle", "high"].get(place).copied().unwrap_or("?");
    let names = |inputs: &[usize]| -> Vec<String> {
        let of = |place: usize| format!("{}, {}", bin(place / stack.bins), bin(place % stack.bins));
        (0..stack.bins.pow(inputs.len() as u32)).map(of).collect()
    };
    let both = |inputs: &[usize]| {
        let names: Vec<String> = inputs.iter().map(|input| words::input_name(&analysis.inputs[*input])).collect();
        names.join(", then ")
    };
    let chart = Heat {
        words: drawing("stacking", "Dimensional stacking", "share of interest over four inputs"),
        tone: Tone::For,
        rows: names(&stack.rows),
        columns: names(&stack.columns),
        cells: stack.cells.clone(),
        marked: Vec::new(),
    };
    let mut table = Table::new(std::iter::once(String::new()).chain(chart.columns.clone()));
    for (name, cells) in chart.rows.iter().zip(&chart.cells) {
        let text = |cell: &Option<f64>| cell.map_or_else(|| "\u{2013}".into(), share);
        table.row(std::iter::once(name.clone()).chain(cells.iter().map(text)));
    }
    Some(Figure {
        drawing: html! { div.scroll { div style="min-width: 520px; max-width: 760px" { (heat::draw(&chart)) } } },
        id: "stacking".into(),
        title: "Dimensional stacking: the share of interest over the four inputs that separate best".into(),
        note: format!(
            "each input in three bins of equal size; down: {}; across: {}",
            both(&stack.rows),
            both(&stack.columns)
        ),
        table,
        table_label: "The numbers".into(),
        wide: true,
    })
}

fn tree(analysis: &Analysis, belief: &Belief) -> Table {
    let mut table = Table::new(["leaf", "density", "coverage", "mass", "where"]);
    for (number, leaf) in belief.tree.iter().enumerate() {
        let clauses: Vec<String> = leaf
            .conditions
            .iter()
            .map(|condition| words::clause(condition, &analysis.inputs[condition.input]))
            .collect();
        table.row([
            (number + 1).to_string(),
            share(leaf.density),
            share(leaf.coverage),
            share(leaf.mass),
            clauses.join("; "),
        ]);
    }
    table
}
