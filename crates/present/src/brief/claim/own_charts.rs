//! Charts that belong to one claim alone: dates of C1, the two controls of C3, factors of C5, volumes of C8,
//! regret of C9.

use study::findings::{Cell, ClaimFinding, ClaimId, Table as Tabled};

use crate::{
    brief::Names,
    chart::{
        Figure, Shape, Table, Tone,
        bars::{self, Bar},
        figure::Words,
        gauges::{self, Gauge, Threshold},
        intervals::{self, Intervals, Mark, Row},
        panels, tone, votes,
    },
    quantity::{number, quantity, tick},
};

/// The charts of this claim that the run has the numbers for.
pub fn of(claim: &ClaimFinding, names: &Names) -> Vec<Figure> {
    let found = match claim.id {
        ClaimId::C1 => vec![dates(claim, names)],
        ClaimId::C3 => vec![controls(claim, names)],
        ClaimId::C5 => vec![factors(claim, names)],
        ClaimId::C8 => vec![volumes(claim, names)],
        ClaimId::C9 => vec![views(claim, names), regret(claim, names)],
        _ => Vec::new(),
    };
    found.into_iter().flatten().collect()
}

/// A table of the claim by its id, with access by column.
struct Columns<'a>(&'a Tabled);

impl<'a> Columns<'a> {
    fn of(claim: &'a ClaimFinding, id: &str) -> Option<Self> {
        claim.tables.iter().find(|table| table.id == id).map(Self)
    }

    fn cell(&self, row: &'a [Cell], key: &str) -> Option<&'a Cell> {
        row.get(self.0.columns.iter().position(|column| column.key == key)?)
    }

    fn number(&self, row: &'a [Cell], key: &str) -> Option<f64> {
        match self.cell(row, key)? {
            Cell::Number(number) if number.is_finite() => Some(*number),
            _ => None,
        }
    }

    fn text(&self, row: &'a [Cell], key: &str) -> Option<&'a str> {
        match self.cell(row, key)? {
            Cell::Text(text) => Some(text),
            _ => None,
        }
    }
}

/// A figure beside the text of a claim.
struct Draft {
    id: String,
    title: String,
    note: &'static str,
}

impl Draft {
    fn words(&self, rows: &[(String, String)], names: &Names) -> Words {
        let language = names.language;
        let said: Vec<String> = rows.iter().map(|(label, value)| format!("{label} {value}")).collect();
        let description = language.fill(
            "chart.describe_rows",
            &[("n", &rows.len().to_string()), ("list", &said.join(language.text("list.semicolon")))],
        );
        Words {
            id: self.id.clone(),
            title: self.title.clone(),
            description,
            no_data: language.text("page.no_data").into(),
        }
    }

    fn figure(self, drawing: maud::Markup, table: Table, names: &Names) -> Figure {
        Figure {
            id: self.id,
            title: self.title,
            note: self.note.into(),
            drawing,
            table,
            table_label: names.language.text("page.numbers").into(),
            wide: false,
        }
    }
}

/// R1 at each date against its thresholds.
fn dates(claim: &ClaimFinding, names: &Names) -> Option<Figure> {
    let language = names.language;
    let columns = Columns::of(claim, "c1_deployment")?;
    let threshold = |key: &str, word: &str| {
        claim.thresholds.get(key).map(|value| Threshold {
            value: *value,
            written: format!("{word} {}", quantity(*value, "ratio", language)),
        })
    };
    let gauges: Vec<Gauge> = columns
        .0
        .rows
        .iter()
        .filter_map(|row| {
            let middle = columns.number(row, "r1")?;
            let models = [columns.text(row, "model_china")?, columns.text(row, "model_other")?].map(short_name);
            Some(Gauge {
                label: format!("{}  {} / {}", columns.text(row, "date")?, models[0], models[1]),
                value: quantity(middle, "ratio", language),
                measured: (columns.number(row, "r1_low"), middle, columns.number(row, "r1_high")),
                in_favour: threshold("r1_for", language.text("vote.for")),
                against: threshold("r1_against", language.text("vote.against")),
                shape: Shape::Log,
            })
        })
        .collect();
    if gauges.is_empty() {
        return None;
    }
    let rows: Vec<(String, String)> = gauges.iter().map(|gauge| (gauge.label.clone(), gauge.value.clone())).collect();
    let draft = Draft {
        id: format!("{}-dates", claim.id),
        title: language.text("chart.r1_title").into(),
        note: language.text("chart.r1_note"),
    };
    let drawing = gauges::draw(&draft.words(&rows, names), &gauges);
    Some(draft.figure(drawing, Table::default(), names))
}

/// A hub name without its owner.
fn short_name(model: &str) -> &str {
    model.rsplit('/').next().unwrap_or(model)
}

/// The effects of the two controls side by side.
fn controls(claim: &ClaimFinding, names: &Names) -> Option<Figure> {
    const SHOWN: [(&str, &str, &str); 4] = [
        ("chart.c3_now", "effect_inference_controls", "effect_training_controls"),
        ("chart.c3_late", "effect_2035_inference_controls", "effect_2035_training_controls"),
        ("chart.c3_chips", "effect_inference_controls_equal_chips", "effect_training_controls_equal_chips"),
        ("chart.c3_frontier", "training_flop_effect_inference_controls", "training_flop_effect_training_controls"),
    ];
    let language = names.language;
    let mut rows = Vec::new();
    for (caption, inference, training) in SHOWN {
        let caption = language.find(caption).unwrap_or(caption);
        let pair = [(caption, inference, Tone::Bandwidth), ("", training, Tone::Flop)];
        rows.extend(pair.iter().filter_map(|(label, key, tone)| {
            let metric = claim.metrics.get(*key)?;
            let mark = Mark { tone: *tone, low: metric.p5, middle: metric.p50?, high: metric.p95 };
            let value = quantity(mark.middle, Names::unit(key, metric.unit), language);
            Some(Row { label: (*label).into(), marks: vec![mark], value })
        }));
    }
    if rows.is_empty() {
        return None;
    }
    let draft = Draft {
        id: format!("{}-controls", claim.id),
        title: language.text("chart.c3_title").into(),
        note: language.text("chart.c3_note"),
    };
    let mut figure = draft_intervals(draft, rows, Shape::Linear, Some(0.0), "ratio", names);
    let key = [
        (Tone::Bandwidth, language.text("chart.inference_controls").to_string()),
        (Tone::Flop, language.text("chart.training_controls").to_string()),
    ];
    figure.drawing = maud::html! { (panels::key(&key)) (figure.drawing) };
    Some(figure)
}

fn draft_intervals(
    draft: Draft,
    rows: Vec<Row>,
    shape: Shape,
    reference: Option<f64>,
    unit: &str,
    names: &Names,
) -> Figure {
    let said: Vec<(String, String)> = rows.iter().map(|row| (row.label.clone(), row.value.clone())).collect();
    let written = |value: f64| tick(value, unit, names.language);
    let words = draft.words(&said, names);
    let drawing = intervals::draw(&Intervals { words, rows, shape, reference, written: &written });
    draft.figure(drawing, Table::default(), names)
}

/// What the fall in cost is due to.
fn factors(claim: &ClaimFinding, names: &Names) -> Option<Figure> {
    let language = names.language;
    let columns = Columns::of(claim, "c5_fall_of_cost_by_factor")?;
    let bars: Vec<Bar> = columns
        .0
        .rows
        .iter()
        .filter_map(|row| {
            let (factor, share) = (columns.text(row, "factor")?, columns.number(row, "cost_share")?);
            let tone = if factor == "learning" { Tone::Accent } else { Tone::Muted };
            let value = quantity(share, "fraction", language);
            Some(Bar { label: language.name("factor", factor), tone, reach: (0.0, share), value })
        })
        .collect();
    bars_figure(claim, "factors", ("chart.c5_title", "chart.c5_note"), &bars, names)
}

fn bars_figure(
    claim: &ClaimFinding,
    slug: &str,
    (title, note): (&'static str, &'static str),
    bars: &[Bar],
    names: &Names,
) -> Option<Figure> {
    if bars.is_empty() {
        return None;
    }
    let language = names.language;
    let (title, note) = (language.find(title).unwrap_or(title), language.find(note).unwrap_or(note));
    let draft = Draft { id: format!("{}-{slug}", claim.id), title: title.into(), note };
    let said: Vec<(String, String)> = bars.iter().map(|bar| (bar.label.clone(), bar.value.clone())).collect();
    let drawing = bars::draw(&draft.words(&said, names), bars, None);
    Some(draft.figure(drawing, Table::default(), names))
}

/// What each way costs at each volume.
fn volumes(claim: &ClaimFinding, names: &Names) -> Option<Figure> {
    const WAYS: [(&str, Tone); 3] =
        [("self_hosted", Tone::Flop), ("third_party_api", Tone::Accent), ("closed_api", Tone::Against)];
    let language = names.language;
    let columns = Columns::of(claim, "c8_cost_by_volume")?;
    let rows: Vec<Row> = columns
        .0
        .rows
        .iter()
        .filter_map(|row| {
            let marks: Vec<Mark> = WAYS
                .iter()
                .filter_map(|(key, tone)| {
                    Some(Mark { tone: *tone, low: None, middle: columns.number(row, key)?, high: None })
                })
                .collect();
            let least = marks.iter().map(|mark| mark.middle).reduce(f64::min)?;
            let volume = quantity(columns.number(row, "tokens_per_month")?, "tokens", language);
            Some(Row { label: volume, marks, value: number(least, "usd", language) })
        })
        .collect();
    if rows.is_empty() {
        return None;
    }
    let draft = Draft {
        id: format!("{}-volumes", claim.id),
        title: language.text("chart.c8_title").into(),
        note: language.text("chart.c8_note"),
    };
    let mut figure = draft_intervals(draft, rows, Shape::Log, None, "usd", names);
    let key: Vec<(Tone, String)> = WAYS.iter().map(|(key, tone)| (*tone, language.name("column", key))).collect();
    figure.drawing = maud::html! { (panels::key(&key)) (figure.drawing) };
    Some(figure)
}

/// The weightings for and against from each point of view.
fn views(claim: &ClaimFinding, names: &Names) -> Option<Figure> {
    /// Shares are drawn as counts of a thousand.
    const WHOLE: f64 = 1000.0;
    let language = names.language;
    let share = |key: &str| claim.metrics.get(key)?.p50.filter(|share| share.is_finite());
    let rows: Vec<votes::Row> = ["us", "china", "rest", "world"]
        .iter()
        .filter_map(|view| {
            let (yes, no) = (share(&format!("weights_for_{view}"))?, share(&format!("weights_against_{view}"))?);
            let parts = [yes, (1.0 - yes - no).max(0.0), no].map(|part| (part * WHOLE).round() as usize);
            Some(votes::Row { label: names.bloc(view), counts: parts, for_interval: None })
        })
        .collect();
    if rows.is_empty() {
        return None;
    }
    let draft = Draft {
        id: format!("{}-views", claim.id),
        title: language.text("chart.c9_views").into(),
        note: language.text("chart.c9_views_note"),
    };
    let said: Vec<(String, String)> = rows
        .iter()
        .map(|row| (row.label.clone(), quantity(row.counts[0] as f64 / WHOLE, "fraction", language)))
        .collect();
    let asked: Vec<f64> = claim.thresholds.get("weight_share").copied().into_iter().collect();
    let drawing = votes::draw(&draft.words(&said, names), &rows, &asked);
    Some(draft.figure(drawing, Table::default(), names))
}

/// Mean regret of the policies from the first point of view.
fn regret(claim: &ClaimFinding, names: &Names) -> Option<Figure> {
    let language = names.language;
    let columns = Columns::of(claim, "c9_regret")?;
    let view = columns.text(columns.0.rows.first()?, "perspective")?;
    let rows = columns.0.rows.iter().filter(|row| columns.text(row, "perspective") == Some(view));
    let mut bars: Vec<Bar> = rows
        .filter_map(|row| {
            let (policy, regret) = (columns.text(row, "policy")?, columns.number(row, "mean_regret")?);
            let value = quantity(regret, "ratio", language);
            Some(Bar { label: names.policy(policy), tone: tone::policy(policy), reach: (0.0, regret), value })
        })
        .collect();
    bars.sort_by(|a, b| a.reach.1.total_cmp(&b.reach.1).then_with(|| a.label.cmp(&b.label)));
    let mut figure = bars_figure(claim, "regret", ("chart.c9_title", "chart.c9_note"), &bars, names)?;
    figure.title = crate::language::fill(&figure.title, &[("bloc", &names.bloc_in(view))]);
    Some(figure)
}
