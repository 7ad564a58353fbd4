//! Predicted against measured, one chart for each figure and engine.

use maud::{Markup, html};
use study::validation::{Board, Figure, Scored};
use units::Tier;

use super::{count, share};
use crate::{
    Language,
    chart::{
        self, Table, Tone,
        comparison::{Comparison, Pair, draw},
        figure::Words,
    },
    quantity::tick,
};

/// Share by which a prediction may be off and still be called close [fraction].
const CLOSE: f64 = 0.2;

/// The figures in the order of the page: how they are titled, and their unit.
const FIGURES: [(Figure, &str, &str); 5] = [
    (Figure::Tpot, "Time per output token", "s"),
    (Figure::Ttft, "Time to first token", "s"),
    (Figure::EndToEnd, "Whole requests, and whole batches", "s"),
    (Figure::Throughput, "Throughput: of a system, a chip or a node, as published", "tok_per_s"),
    (Figure::Energy, "Energy of an output token", ""),
];

/// The charts with their key.
pub fn markup(board: &Board) -> Markup {
    html! {
        p {
            "Each point is one configuration; the bar through it is its 80 % interval, the shaded band is 20 % off "
            "either way. A point below the line is a prediction that is too short (of times) or too small (of rates)."
        }
        p.key {
            @for (tone, words) in [
                (tone(Tier::Interpolated), "from measured kernels of the chip"),
                (tone(Tier::Transferred), "from kernels of another shape, format or chip of the family"),
                (tone(Tier::Specification), "from the specification"),
            ] {
                span { i class=(tone.class()) {} (words) }
            }
        }
        @for (figure, title, unit) in FIGURES {
            @let engines = engines(&board.run.scored, figure);
            @if !engines.is_empty() {
                h3 { (title) }
                div.trio {
                    @for engine in engines { (one(board, figure, unit, engine).markup()) }
                }
            }
        }
    }
}

/// How a tier is drawn.
fn tone(tier: Tier) -> Tone {
    match tier {
        Tier::Measured | Tier::Interpolated => Tone::Bandwidth,
        Tier::Transferred => Tone::Flop,
        Tier::Specification => Tone::Against,
    }
}

/// The engines with points of a figure, in the order of their names.
fn engines(scored: &[Scored], figure: Figure) -> Vec<&'static str> {
    let mut engines: Vec<&'static str> = scored
        .iter()
        .filter(|scored| scored.figure() == figure && !scored.run.order_only)
        .map(|scored| scored.run.engine)
        .collect();
    engines.sort_unstable();
    engines.dedup();
    engines
}

fn one(board: &Board, figure: Figure, unit: &str, engine: &'static str) -> chart::Figure {
    let of = |scored: &&Scored| scored.figure() == figure && scored.run.engine == engine && !scored.run.order_only;
    let scored: Vec<&Scored> = board.run.scored.iter().filter(of).collect();
    let pair = |scored: &&Scored| {
        let si = |value: f64| value / scored.run.per_si;
        Pair {
            tone: tone(scored.tier),
            measured: si(scored.truth()),
            predicted: si(scored.predicted),
            interval: scored.interval.map(|(low, high)| (si(low), si(high))),
        }
    };
    let within = scored.iter().filter(|scored| scored.signed().abs() <= CLOSE).count();
    let inside = scored.iter().filter(|scored| scored.covered() == Some(true)).count();
    let part = |part: usize| share(Some(part as f64 / scored.len() as f64));
    let note = format!(
        "{} configurations: {} within 20 %, {} inside their interval",
        count(scored.len()),
        part(within),
        part(inside)
    );
    let words = Words {
        id: format!("points-{}-{engine}", figure.name()),
        title: format!("{}, {engine}: predicted against measured", figure.name()),
        description: note.clone(),
        no_data: "no data".into(),
    };
    let comparison = Comparison {
        words,
        pairs: scored.iter().map(pair).collect(),
        close: CLOSE,
        captions: ("measured".into(), "predicted".into()),
        written: &|value| tick(value, unit, Language::English),
    };
    chart::Figure {
        id: format!("figure-{}-{engine}", figure.name()),
        title: engine.to_string(),
        note,
        drawing: draw(&comparison),
        table: Table::default(),
        table_label: String::new(),
        wide: false,
    }
}
