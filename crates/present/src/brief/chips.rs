//! Chips by what they are worth in training and in inference.

use maud::{Markup, html};
use study::findings::{ChipValue, ChipValues};
use units::format;

use super::{Names, shell::section};
use crate::{
    chart::{
        Figure, Shape, Table, Tone,
        figure::Words,
        intervals::{self, Intervals, Mark, Row},
        panels,
        plane::{self, Plane, Point},
        tone,
    },
    quantity::{DASH, quantity, tick},
};

/// The bloc of a vendor, whose origin is a country or a bloc.
fn bloc(origin: &str) -> &str {
    match origin {
        "US" => "us",
        "CN" | "HK" | "MO" => "china",
        other if other.len() == 2 && other.chars().all(|letter| letter.is_ascii_uppercase()) => "rest",
        other => other,
    }
}

/// Chips in the chart of the most lopsided.
const LOPSIDED: usize = 10;

/// A chip's value in inference: tokens where they were computed, else bandwidth.
fn inference(chip: &ChipValue, tokens: bool) -> Option<f64> {
    let value = if tokens { chip.inference_ratio } else { Some(chip.bandwidth_ratio) };
    value.filter(|value| value.is_finite() && *value > 0.0)
}

/// Inference value over training value; None where either is not known.
fn tilt(chip: &ChipValue, tokens: bool) -> Option<f64> {
    let inference = inference(chip, tokens)?;
    (chip.training_ratio.is_finite() && chip.training_ratio > 0.0).then(|| inference / chip.training_ratio)
}

/// The section.
pub fn markup(chips: &ChipValues, names: &Names) -> Markup {
    let language = names.language;
    let tokens = chips.rows.iter().any(|chip| chip.inference_ratio.is_some());
    let reference = chips.rows.iter().find(|chip| chip.id == chips.reference_chip);
    let reference = reference.map_or(chips.reference_chip.as_str(), |chip| chip.name.as_str());
    let mut tilted: Vec<(&ChipValue, f64)> =
        chips.rows.iter().filter_map(|chip| tilt(chip, tokens).map(|tilt| (chip, tilt))).collect();
    tilted.sort_by(|a, b| b.1.total_cmp(&a.1).then_with(|| a.0.id.cmp(&b.0.id)));
    let ratio = |value: Option<f64>| value.map_or_else(|| DASH.into(), |value| format::significant(value, 2));
    let best = tilted.first().map(|(chip, _)| *chip);
    let models: Vec<&str> = chips.reference_models.iter().map(|model| model.id.as_str()).collect();
    let body = html! {
        p {
            (language.fill("chips.intro", &[("reference", reference)]))
            @if tokens && !models.is_empty() {
                " " (language.fill("chips.model", &[("models", &language.list(&models))]))
            }
        }
        @if let Some(best) = best {
            p {
                (language.fill("chips.says", &[
                    ("n", &tilted.len().to_string()),
                    ("better", &tilted.iter().filter(|(_, tilt)| *tilt > 1.0).count().to_string()),
                    ("best", &best.name),
                    ("best_training", &ratio(Some(best.training_ratio))),
                    ("best_inference", &ratio(inference(best, tokens))),
                    ("reference", reference),
                ]))
            }
        }
        div.pair {
            (plane(chips, &tilted, tokens, names).markup())
            (lopsided(&tilted, tokens, names).markup())
        }
    };
    section("chips", language.text("section.chips"), &body)
}

fn words(id: &str, title: &str, tilted: &[(&ChipValue, f64)], tokens: bool, names: &Names) -> Words {
    let language = names.language;
    let description = tilted.first().map_or_else(String::new, |(best, _)| {
        language.fill(
            "chips.describe",
            &[
                ("best", &best.name),
                ("best_training", &format::significant(best.training_ratio, 2)),
                ("best_inference", &inference(best, tokens).map_or_else(|| DASH.into(), |v| format::significant(v, 2))),
            ],
        )
    });
    Words { id: id.into(), title: title.into(), description, no_data: language.text("page.no_data").into() }
}

fn plane(chips: &ChipValues, tilted: &[(&ChipValue, f64)], tokens: bool, names: &Names) -> Figure {
    let language = names.language;
    // Labels are placed in this order, so that the reference and the chips furthest from the line get theirs.
    let mut ordered: Vec<&(&ChipValue, f64)> = tilted.iter().collect();
    ordered.sort_by(|a, b| {
        let distance = |entry: &(&ChipValue, f64)| {
            if entry.0.id == chips.reference_chip { f64::INFINITY } else { entry.1.ln().abs() }
        };
        distance(b).total_cmp(&distance(a)).then_with(|| a.0.id.cmp(&b.0.id))
    });
    let points = ordered
        .iter()
        .filter_map(|(chip, _)| {
            let y = inference(chip, tokens)?;
            let tone = tone::bloc(bloc(&chip.origin));
            Some(Point { label: chip.name.clone(), tone, x: chip.training_ratio, y, hollow: false })
        })
        .collect();
    let mut origins: Vec<&str> = tilted.iter().map(|(chip, _)| bloc(&chip.origin)).collect();
    origins.sort_by_key(|origin| tone::bloc(origin));
    origins.dedup();
    let key: Vec<(Tone, String)> = origins.iter().map(|origin| (tone::bloc(origin), names.bloc(origin))).collect();
    let title = language.text("chips.title");
    let up = if tokens { language.text("chips.up_tokens") } else { language.text("chips.up_bandwidth") };
    let written = |value: f64| tick(value, "ratio", language);
    let chart = Plane {
        words: words("chips-plane", title, tilted, tokens, names),
        points,
        joined: false,
        shape: Shape::Log,
        from_zero: false,
        diagonal: true,
        captions: (language.text("chips.across").into(), up.into()),
        written: [&written; 2],
    };
    Figure {
        id: "chips-plane".into(),
        title: title.into(),
        note: language.text("chips.equal").into(),
        drawing: html! { (panels::key(&key)) (plane::draw(&chart)) },
        table: table(chips, names),
        table_label: language.text("page.numbers").into(),
        wide: false,
    }
}

/// The chips whose two values are furthest apart, half of them to each side where there are so many.
fn lopsided(tilted: &[(&ChipValue, f64)], tokens: bool, names: &Names) -> Figure {
    let language = names.language;
    let mut furthest: Vec<&(&ChipValue, f64)> = tilted.iter().collect();
    furthest.sort_by(|a, b| b.1.ln().abs().total_cmp(&a.1.ln().abs()).then_with(|| a.0.id.cmp(&b.0.id)));
    furthest.truncate(LOPSIDED);
    furthest.sort_by(|a, b| b.1.total_cmp(&a.1).then_with(|| a.0.id.cmp(&b.0.id)));
    let mut table =
        Table::new([language.text("chips.chip"), language.text("chips.training"), language.text("chips.inference")]);
    let rows = furthest
        .iter()
        .filter_map(|(chip, _)| {
            let value = inference(chip, tokens)?;
            let (training, served) = (format::significant(chip.training_ratio, 2), format::significant(value, 2));
            table.row([chip.name.clone(), training.clone(), served.clone()]);
            let mark = |tone, middle| Mark { tone, low: None, middle, high: None };
            Some(Row {
                label: chip.name.clone(),
                marks: vec![mark(Tone::Flop, chip.training_ratio), mark(Tone::Bandwidth, value)],
                value: format!("{training} · {served}"),
            })
        })
        .collect();
    let title = language.text("chips.gap_title");
    let written = |value: f64| tick(value, "ratio", language);
    let chart = Intervals {
        words: words("chips-gap", title, tilted, tokens, names),
        rows,
        shape: Shape::Log,
        reference: Some(1.0),
        written: &written,
    };
    let key = [
        (Tone::Flop, language.text("chips.training").to_string()),
        (Tone::Bandwidth, language.text("chips.inference").to_string()),
    ];
    Figure {
        id: "chips-gap".into(),
        title: title.into(),
        note: language.text("chips.gap_note").into(),
        drawing: html! { (panels::key(&key)) (intervals::draw(&chart)) },
        table,
        table_label: language.text("page.numbers").into(),
        wide: false,
    }
}

fn table(chips: &ChipValues, names: &Names) -> Table {
    let language = names.language;
    let mut table = Table::new([
        language.text("chips.chip"),
        language.text("chips.vendor"),
        language.text("chips.release"),
        language.text("chips.compute"),
        language.text("chips.bandwidth"),
        language.text("chips.memory"),
        language.text("chips.training"),
        language.text("chips.inference"),
        language.text("chips.outcome"),
    ]);
    for chip in &chips.rows {
        let ratio = |value: f64| quantity(value, "ratio", language);
        table.row([
            chip.name.clone(),
            chip.vendor.clone(),
            chip.release.clone(),
            quantity(chip.flop_per_s, "flop_per_s", language),
            quantity(chip.byte_per_s, "byte_per_s", language),
            quantity(chip.memory_bytes, "bytes", language),
            ratio(chip.training_ratio),
            chip.inference_ratio.map_or_else(|| DASH.into(), ratio),
            chip.outcome.as_ref().map_or_else(|| DASH.into(), |outcome| language.name("outcome", outcome)),
        ]);
    }
    table
}
