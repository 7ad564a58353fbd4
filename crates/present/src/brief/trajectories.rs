//! How the world moves under each policy: small multiples over time, and the policies compared at the horizon.

use maud::{Markup, html};
use study::findings::{Brief, Series, Trajectories};
use units::Quarter;

use super::{Names, ecosystem, shell::section};
use crate::{
    chart::{
        Figure, Shape, Table, Tone,
        figure::Words,
        intervals::{self, Intervals, Mark, Row},
        lines::Line,
        panels::{self, Panel, Panels},
        tone,
    },
    quantity::{number, quantity, range, tick},
};

/// The sector that is the sum of all.
const WHOLE: &str = "all";
/// What is shown, in this order, as far as the run kept it.
const SHOWN: [&str; 8] = [
    "adoption_fraction",
    "service_price_usd_per_mtok",
    "fleet_flop_per_s",
    "fleet_byte_per_s",
    "tokens_used_per_s",
    "tokens_served_per_s",
    "lead_fraction",
    "value_usd_per_year",
];

/// One variable in one cut (a sector, or none) as it is drawn.
struct Shown<'a> {
    variable: &'a str,
    sector: Option<&'a str>,
    title: String,
    unit: &'a str,
    horizon: Quarter,
}

/// The section.
pub fn markup(brief: &Brief, names: &Names) -> Markup {
    let language = names.language;
    let moves = &brief.trajectories;
    let horizon = brief.claims.first().map_or(brief.scenario.until, |claim| claim.horizon);
    let futures = quantity(brief.counts.futures as f64, "count", language);
    let start = brief.scenario.policy_start.to_string();
    let all: Vec<Shown> = SHOWN
        .iter()
        .flat_map(|variable| {
            let cuts = std::iter::once(None)
                .chain(moves.sectors.iter().filter(|sector| *sector != WHOLE).map(|sector| Some(sector.as_str())));
            cuts.map(move |sector| (variable, sector))
        })
        .filter_map(|(variable, sector)| shown(moves, variable, sector, horizon, names))
        .collect();
    let body = html! {
        @if all.is_empty() { p { (language.text("moves.none")) } } @else {
            p { (language.fill("moves.intro", &[("start", &start), ("futures", &futures)])) }
            @for each in &all { (one(brief, each, names)) }
            (ecosystem::markup(moves, names))
        }
    };
    section("trajectories", language.text("section.trajectories"), &body)
}

/// The first series of a variable in a cut, which gives its unit; None where the run kept none.
fn shown<'a>(
    moves: &'a Trajectories,
    variable: &'a str,
    sector: Option<&'a str>,
    horizon: Quarter,
    names: &Names,
) -> Option<Shown<'a>> {
    let first = moves.policies.iter().flat_map(|policy| &policy.series).find(|series| is(series, variable, sector))?;
    let name = names.variable(variable);
    let title = sector.map_or(name.clone(), |sector| {
        format!("{name}{}{}", names.language.text("list.colon"), names.language.name("sector", sector))
    });
    Some(Shown { variable, sector, title, unit: &first.unit, horizon })
}

/// Whether a series is of this variable and cut, and of no narrower one.
fn is(series: &Series, variable: &str, sector: Option<&str>) -> bool {
    series.variable == variable
        && series.sector.as_deref().filter(|sector| *sector != WHOLE) == sector
        && series.origin.is_none()
        && series.openness.is_none()
}

/// The series of one policy by bloc, in the order of the scenario's blocs, the world's last.
fn by_bloc<'a>(moves: &'a Trajectories, policy: usize, each: &Shown) -> Vec<(&'a str, &'a Series)> {
    let found = |bloc: &'a str| {
        let series = moves.policies[policy]
            .series
            .iter()
            .find(|series| is(series, each.variable, each.sector) && series.bloc.as_deref() == Some(bloc))?;
        Some((bloc, series))
    };
    let blocs: Vec<_> = moves.blocs.iter().filter_map(|bloc| found(bloc)).collect();
    if blocs.is_empty() { found("world").into_iter().collect() } else { blocs }
}

fn one(brief: &Brief, each: &Shown, names: &Names) -> Markup {
    let moves = &brief.trajectories;
    let slug = each.sector.map_or(each.variable.to_string(), |sector| format!("{}-{sector}", each.variable));
    html! {
        h3 id=(format!("moves-{slug}")) { (each.title) }
        @if let Some(index) = moves.quarters.iter().position(|quarter| *quarter == each.horizon) {
            p.at { (names.language.fill("moves.at_note", &[("quarter", &each.horizon.to_string()), ("policy", &first_policy(moves, names))])) }
            div.trio { @for bloc in blocs_shown(moves, each) { (at_horizon(moves, each, (bloc, index), names).markup()) } }
        }
        @let over_time = over_time(moves, each, &slug, names);
        @if each.sector.is_none() { (over_time.markup()) } @else {
            details.more { summary { (over_time.title) } (over_time.markup()) }
        }
    }
}

fn blocs_shown<'a>(moves: &'a Trajectories, each: &Shown) -> Vec<&'a str> {
    (0..moves.policies.len())
        .map(|policy| by_bloc(moves, policy, each))
        .find(|blocs| !blocs.is_empty())
        .map(|blocs| blocs.into_iter().map(|(bloc, _)| bloc).collect())
        .unwrap_or_default()
}

/// Shares are compared by difference, quantities that grow by ratio.
fn shape(unit: &str) -> Shape {
    if unit.contains("fraction") { Shape::Linear } else { Shape::Log }
}

fn value(series: Option<&Vec<f64>>, index: usize) -> Option<f64> {
    series.and_then(|values| values.get(index)).copied().filter(|value| value.is_finite())
}

/// The policy with which the others are compared: the first of the run.
fn first_policy(moves: &Trajectories, names: &Names) -> String {
    moves.policies.first().map(|policy| names.policy(&policy.id)).unwrap_or_default()
}

/// All policies for one bloc at the horizon.
fn at_horizon(moves: &Trajectories, each: &Shown, (bloc, index): (&str, usize), names: &Names) -> Figure {
    let language = names.language;
    let mut rows = Vec::new();
    let mut medians: Vec<(f64, String)> = Vec::new();
    let mut table = Table::new([
        language.text("moves.policy"),
        language.text("claim.p5"),
        language.text("claim.median"),
        language.text("claim.p95"),
    ]);
    for (place, policy) in moves.policies.iter().enumerate() {
        let series = by_bloc(moves, place, each).into_iter().find(|(each, _)| *each == bloc).map(|(_, series)| series);
        let Some(series) = series else { continue };
        let Some(middle) = value(Some(&series.p50), index) else { continue };
        let (low, high) = (value(series.p5.as_ref(), index), value(series.p95.as_ref(), index));
        let name = names.policy(&policy.id);
        medians.push((middle, name.clone()));
        let mark = Mark { tone: tone::policy(&policy.id), low, middle, high };
        rows.push(Row { label: name.clone(), marks: vec![mark], value: number(middle, each.unit, language) });
        let end = |value: Option<f64>| crate::quantity::maybe(value, each.unit, language);
        table.row([name, end(low), quantity(middle, each.unit, language), end(high)]);
    }
    let reference = medians.first().map(|(middle, _)| *middle);
    let lowest = medians.iter().min_by(|a, b| a.0.total_cmp(&b.0));
    let highest = medians.iter().max_by(|a, b| a.0.total_cmp(&b.0));
    let quarter = each.horizon.to_string();
    let bloc_name = names.bloc(bloc);
    let description = lowest.zip(highest).map_or_else(String::new, |(low, high)| {
        language.fill(
            "moves.describe_at",
            &[
                ("variable", &each.title),
                ("bloc", &bloc_name),
                ("quarter", &quarter),
                ("low", &quantity(low.0, each.unit, language)),
                ("low_policy", &low.1),
                ("high", &quantity(high.0, each.unit, language)),
                ("high_policy", &high.1),
            ],
        )
    });
    let id = format!("at-{}-{}-{bloc}", each.variable, each.sector.unwrap_or("all"));
    let title = language.fill("moves.at", &[("variable", &each.title), ("quarter", &quarter), ("bloc", &bloc_name)]);
    let words = Words { id: id.clone(), title, description, no_data: language.text("page.no_data").into() };
    let written = |value: f64| tick(value, each.unit, language);
    let chart = Intervals { words, rows, shape: shape(each.unit), reference, written: &written };
    Figure {
        id,
        title: bloc_name,
        note: String::new(),
        drawing: intervals::draw(&chart),
        table,
        table_label: language.text("page.numbers").into(),
        wide: false,
    }
}

/// One small chart a policy, the blocs as lines.
fn over_time(moves: &Trajectories, each: &Shown, slug: &str, names: &Names) -> Figure {
    let language = names.language;
    let mut panels = Vec::new();
    let ends = moves.quarters.first().zip(moves.quarters.last());
    for (place, policy) in moves.policies.iter().enumerate() {
        let blocs = by_bloc(moves, place, each);
        let lines = blocs.iter().map(|(bloc, series)| Line {
            label: names.bloc(bloc),
            tone: tone::bloc(bloc),
            middle: series.p50.clone(),
            band: series.p5.clone().zip(series.p95.clone()),
            dashed: false,
        });
        let items: Vec<String> = blocs
            .iter()
            .filter_map(|(bloc, series)| {
                let (start, end) = ends?;
                let (from, to) = (series.p50.first()?, series.p50.last()?);
                Some(language.fill(
                    "moves.describe_item",
                    &[
                        ("bloc", &names.bloc(bloc)),
                        ("from", &quantity(*from, each.unit, language)),
                        ("start", &start.to_string()),
                        ("to", &quantity(*to, each.unit, language)),
                        ("end", &end.to_string()),
                    ],
                ))
            })
            .collect();
        let name = names.policy(&policy.id);
        let list = items.join(language.text("list.semicolon"));
        let words = Words {
            id: format!("over-{slug}-{place}"),
            title: name.clone(),
            description: language
                .fill("moves.describe", &[("variable", &each.title), ("policy", &name), ("list", &list)]),
            no_data: language.text("page.no_data").into(),
        };
        panels.push(Panel { words, tone: tone::policy(&policy.id), lines: lines.collect() });
    }
    let written = |value: f64| tick(value, each.unit, language);
    let key: Vec<(Tone, String)> =
        blocs_shown(moves, each).into_iter().map(|bloc| (tone::bloc(bloc), names.bloc(bloc))).collect();
    let marked = moves.policies.first().map(|policy| policy.policy_start);
    let shape = shape(each.unit);
    let chart = Panels { panels, quarters: &moves.quarters, shape, marked, written: &written, key };
    let unit = crate::quantity::symbol(each.unit, language);
    let log = if shape == Shape::Log { language.text("moves.log") } else { "" };
    Figure {
        id: format!("over-{slug}"),
        title: language.fill("moves.by_policy", &[("variable", &each.title)]),
        note: language.sentences(&[format!("[{unit}]"), log.to_string()]),
        drawing: panels::draw(&chart),
        table: table(moves, each, names),
        table_label: language.text("page.numbers").into(),
        wide: true,
    }
}

/// Medians with their bands at the ends of chosen years: the last quarter before the policies part, then every
/// few years up to the last.
fn table(moves: &Trajectories, each: &Shown, names: &Names) -> Table {
    let language = names.language;
    let parted = moves.policies.first().map(|policy| policy.policy_start);
    let chosen: Vec<usize> = moves
        .quarters
        .iter()
        .enumerate()
        .filter(|(index, quarter)| {
            let last = index + 1 == moves.quarters.len();
            let before = parted.is_some_and(|parted| **quarter + 1 == parted);
            let round = quarter.number() == 4 && (quarter.year() % 5 == 0 || quarter.year() == 2027);
            last || before || round || **quarter == each.horizon
        })
        .map(|(index, _)| index)
        .collect();
    let mut head = vec![language.text("moves.policy").to_string(), language.text("moves.bloc").to_string()];
    head.extend(chosen.iter().map(|index| moves.quarters[*index].to_string()));
    let mut table = Table::new(head);
    for (place, policy) in moves.policies.iter().enumerate() {
        for (bloc, series) in by_bloc(moves, place, each) {
            let mut row = vec![names.policy(&policy.id), names.bloc(bloc)];
            row.extend(chosen.iter().map(|index| {
                let middle = crate::quantity::maybe(value(Some(&series.p50), *index), each.unit, language);
                let (low, high) = (value(series.p5.as_ref(), *index), value(series.p95.as_ref(), *index));
                if low.is_some() && high.is_some() {
                    format!("{middle} ({})", range(low, high, each.unit, language))
                } else {
                    middle
                }
            }));
            table.row(row);
        }
    }
    table
}
