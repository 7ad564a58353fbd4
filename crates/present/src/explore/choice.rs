//! Which alternative holds up: the regret map, criteria, trade-offs.

use maud::{Markup, html};
use study::analysis::{Analysis, Choice};

use super::{drawing, missing, share, words};
use crate::{
    Language,
    chart::{
        Figure, Shape, Table,
        heat::{self, Heat},
        parallel::{self, Axis, Parallel, Thread},
        plane::{self, Plane, Point},
        tone::{self, Tone},
    },
    quantity::{number, tick},
};

pub(super) fn markup(analysis: &Analysis) -> Markup {
    let Some(choice) = &analysis.choice else {
        return html! { @for id in ["regret", "pareto"] { (missing(analysis, id)) } };
    };
    html! {
        div.summary { @for sentence in sentences(choice) { p.headline { (sentence) } } }
        (regret(choice).markup())
        div.pair {
            (trade_off(analysis, choice).markup())
            (profile(analysis, choice).markup())
        }
        h3 { "Criteria" }
        (criteria(analysis, choice).markup("Criteria by alternative and objective"))
        p.at { "Data: regret.csv, criteria.csv" }
    }
}

fn sentences(choice: &Choice) -> Vec<String> {
    let name = |index: usize| choice.alternatives[index].name.as_str();
    let all = choice.objectives.len();
    let mut sentences = Vec::new();
    if let Some((best, margin)) = choice.least.get(all) {
        sentences.push(format!(
            "With all objectives alike {} has the least regret at the 95th percentile of the futures, {}.",
            name(*best),
            if *margin < 0.0005 {
                "level with the next".to_string()
            } else {
                format!("by {margin:.3} of the range of an objective")
            }
        ));
        let camps = &choice.least[all + 1..];
        let others = camps.iter().filter(|(of_camp, _)| of_camp != best).count();
        if others == 0 && !camps.is_empty() {
            sentences.push("It is the same in every camp.".into());
        } else if others > 0 {
            sentences
                .push(format!("In {others} of {} camps it is another one: see the columns of the map.", camps.len()));
        }
    }
    let pick = |of: fn(&study::analysis::Alternative) -> f64| {
        let by = |index: &usize| of(&choice.alternatives[*index]);
        (0..choice.alternatives.len()).rev().max_by(|a, b| by(a).total_cmp(&by(b)))
    };
    if let Some(best) = pick(|one| -one.largest_regret) {
        sentences.push(format!("By minimax regret it is {}.", name(best)));
    }
    if let Some(best) = pick(|one| one.satisficing) {
        sentences.push(format!(
            "{} reaches the median of every objective most often, in {} of the futures.",
            name(best),
            share(choice.alternatives[best].satisficing)
        ));
    }
    let on = |of: fn(&study::analysis::Alternative) -> bool| -> Vec<&str> {
        choice.alternatives.iter().filter(|one| of(one)).map(|one| one.name.as_str()).collect()
    };
    sentences.push(format!(
        "Beaten by none in the means of all objectives: {}; in their bad ends (5 %): {}.",
        on(|one| one.pareto_of_means).join(", "),
        on(|one| one.pareto_of_low_ends).join(", ")
    ));
    sentences
}

fn column_name(choice: &Choice, column: usize) -> String {
    let name = &choice.columns[column];
    if column < choice.objectives.len() {
        return words::output_name(name);
    }
    match name.split_once('=') {
        None => "all alike".into(),
        Some((_, camp)) => format!("all, {}", Language::English.name("camp", camp)),
    }
}

fn regret(choice: &Choice) -> Figure {
    let columns: Vec<String> = (0..choice.columns.len()).map(|column| column_name(choice, column)).collect();
    let rows: Vec<String> = choice.alternatives.iter().map(|one| one.name.clone()).collect();
    let mut table = Table::new(std::iter::once("policy".to_string()).chain(columns.clone()));
    for (name, regrets) in rows.iter().zip(&choice.regret) {
        table.row(std::iter::once(name.clone()).chain(regrets.iter().map(|regret| format!("{regret:.3}"))));
    }
    let chart = Heat {
        words: drawing("regret", "Regret map", "95th percentile of regret by policy and column"),
        tone: Tone::Against,
        rows,
        columns,
        cells: choice.regret.iter().map(|regrets| regrets.iter().copied().map(Some).collect()).collect(),
        marked: choice.least.iter().enumerate().map(|(column, (row, _))| (*row, column)).collect(),
    };
    Figure {
        drawing: html! { div.scroll { div style="min-width: 620px; max-width: 900px" { (heat::draw(&chart)) } } },
        id: "regret".into(),
        title: "Regret: how much worse than the best policy in the same future, 95th percentile".into(),
        note: "as a share of the range of an objective (5 % to 95 %); the least of each column is framed".into(),
        table,
        table_label: "The numbers".into(),
        wide: true,
    }
}

/// The first two objectives against each other.
fn trade_off(analysis: &Analysis, choice: &Choice) -> Figure {
    let second = usize::from(choice.objectives.len() > 1);
    let unit = |objective: usize| analysis.outputs.get(objective).map_or("", |output| output.unit.as_str());
    let mut order: Vec<&study::analysis::Alternative> = choice.alternatives.iter().collect();
    order.sort_by_key(|one| !one.pareto_of_means);
    let points = order.into_iter().map(|one| Point {
        label: one.name.clone(),
        tone: tone::policy(&one.name),
        x: one.ratings[0].mean,
        y: one.ratings[second].mean,
        hollow: !one.pareto_of_means,
    });
    let (across, up) = (
        |value: f64| tick(value, unit(0), Language::English),
        |value: f64| tick(value, unit(second), Language::English),
    );
    let chart = Plane {
        words: drawing("pareto", "Trade-off", "means of the first two objectives"),
        points: points.collect(),
        joined: false,
        shape: Shape::Linear,
        from_zero: false,
        diagonal: false,
        captions: (words::output_name(&choice.objectives[0]), words::output_name(&choice.objectives[second])),
        written: [&across, &up],
    };
    Figure {
        drawing: plane::draw(&chart),
        id: "pareto".into(),
        title: "Trade-off between the first two objectives".into(),
        note: "means over the futures; filled: no other policy is better in the mean of every objective".into(),
        table: Table::default(),
        table_label: String::new(),
        wide: false,
    }
}

/// Every alternative through all objectives.
fn profile(analysis: &Analysis, choice: &Choice) -> Figure {
    let axes = analysis
        .outputs
        .iter()
        .map(|output| Axis { name: words::output_name(&output.name), unit: output.unit.clone() });
    let threads = choice.alternatives.iter().map(|one| Thread {
        tone: tone::policy(&one.name),
        values: one.ratings.iter().map(|rating| rating.mean).collect(),
        faint: false,
        label: one.name.clone(),
    });
    let written = |value: f64, unit: &str| tick(value, unit, Language::English);
    let chart = Parallel {
        words: drawing("profiles", "Profiles", "every policy through the means of all objectives"),
        axes: axes.collect(),
        threads: threads.collect(),
        written: &written,
        width: parallel::COLUMN,
    };
    Figure {
        drawing: parallel::draw(&chart),
        id: "profiles".into(),
        title: "Policies through all objectives".into(),
        note: "means over the futures; every axis from the lowest policy to the highest".into(),
        table: Table::default(),
        table_label: String::new(),
        wide: false,
    }
}

fn criteria(analysis: &Analysis, choice: &Choice) -> Table {
    let mut table = Table::new([
        "policy",
        "objective",
        "mean",
        "bad end (5 %)",
        "worst",
        "Hurwicz 1/2",
        "mean-variance",
        "signal to noise",
        "largest regret",
    ]);
    for one in &choice.alternatives {
        for (objective, rating) in choice.objectives.iter().zip(&one.ratings) {
            let unit = analysis
                .outputs
                .iter()
                .find(|output| output.name == *objective)
                .map_or("", |output| output.unit.as_str());
            let written = |value: f64| number(value, unit, Language::English);
            table.row([
                one.name.clone(),
                words::output_name(objective),
                written(rating.mean),
                written(rating.low_end),
                written(rating.worst),
                written(rating.hurwicz),
                written(rating.mean_variance),
                rating.signal_to_noise.map_or_else(|| "\u{2013}".into(), |ratio| format!("{ratio:.2}")),
                written(rating.largest_regret),
            ]);
        }
    }
    table
}
