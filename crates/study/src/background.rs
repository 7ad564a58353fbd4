//! What stands beside the claims: the scenario in short, chips in two currencies, accounts, limits.

use explore::statistics::Sorted;
use rules::{Item, Query};
use std::collections::BTreeMap;
use world::Variant;
use world::catalogue::{CatalogueChip, Origin};

use crate::claims::Context;
use crate::findings::{
    Account, AccountLine, ChipValue, ChipValues, FitPoint, FitSeries, HindcastLine, Note, PolicySummary,
    ReferenceModel, ScenarioSummary,
};
use crate::ground::{Ground, Inputs};
use rayon::prelude::*;

use crate::hindcast::{self, Past};
use crate::sampling::camps;

/// The chip that counts as 1 in both currencies.
const REFERENCE_CHIP: &str = "h100-sxm";

/// The scenario in short.
pub fn summary(ground: &Ground<'_>) -> ScenarioSummary {
    let scenario = &ground.scenario;
    let envelope = scenario.input("envelope_usd_per_year").map(|input| input.spread.default_shape().central());
    ScenarioSummary {
        name: scenario.name.clone(),
        start: scenario.run.start,
        until: scenario.run.until,
        policy_start: scenario.run.policy_start,
        blocs: scenario.blocs.iter().map(|bloc| (bloc.id.clone(), bloc.members.clone())).collect(),
        policies: ground
            .policies
            .iter()
            .map(|prepared| PolicySummary {
                id: prepared.policy.id.clone(),
                title: prepared.policy.title.clone(),
                actor: prepared.policy.actor.clone(),
                envelope_usd_per_year: prepared.policy.envelope_usd_per_year.or(envelope),
            })
            .collect(),
        changed: scenario.changed().map(|(path, origin)| (path.clone(), origin.layer_kind().to_string())).collect(),
    }
}

/// Chips that the world may buy, by what they are worth in training and in inference, and whether they may go to CN.
pub fn chips(ground: &Ground<'_>) -> ChipValues {
    let models = ground.world.reference_models();
    let weights: f64 = models.iter().map(|model| model.weight).sum();
    let all = ground.world.chips();
    let reference = all.iter().find(|entry| entry.chip.id == REFERENCE_CHIP);
    let mut rows: Vec<ChipValue> = Vec::new();
    let real = |entry: &&CatalogueChip| matches!(entry.origin, Origin::Listed | Origin::Announced);
    for entry in all.iter().filter(real) {
        let Some(reference) = reference else { break };
        let chip = &entry.chip;
        let answer = ground.inputs.book.check(&Item::from_chip(chip), &Query::new("CN", facts::AS_OF)).ok();
        let inference = entry.decode_tok_per_s / reference.decode_tok_per_s;
        rows.push(ChipValue {
            id: chip.id.clone(),
            name: chip.name.clone(),
            vendor: chip.vendor.clone(),
            origin: chip.origin.clone(),
            release: chip.release.clone(),
            flop_per_s: entry.flop_per_s,
            byte_per_s: entry.byte_per_s,
            memory_bytes: entry.memory_bytes,
            training_ratio: entry.flop_per_s / reference.flop_per_s,
            bandwidth_ratio: entry.byte_per_s / reference.byte_per_s,
            inference_ratio: (inference.is_finite() && inference > 0.0).then_some(inference),
            outcome: if chip.origin == "CN" {
                Some("domestic".into())
            } else {
                answer.map(|answer| answer.outcome.name().to_string())
            },
        });
    }
    rows.sort_by(|a, b| b.training_ratio.total_cmp(&a.training_ratio).then_with(|| a.id.cmp(&b.id)));
    let reference_models = models
        .iter()
        .map(|model| ReferenceModel {
            id: model.id.clone(),
            settings: BTreeMap::from([
                ("weight_fraction".to_string(), model.weight / weights),
                ("context_tokens".to_string(), model.context_tokens),
                ("tpot_limit_s".to_string(), model.tpot_limit_s),
            ]),
        })
        .collect();
    ChipValues { reference_chip: REFERENCE_CHIP.into(), reference_models, rows }
}

/// The model beside history: `modelled` holds, for each future kept, one number an observation.
pub fn fit(ground: &Ground<'_>, modelled: &[Vec<f64>]) -> Vec<FitSeries> {
    let mut series: Vec<FitSeries> = Vec::new();
    for (index, seen) in ground.world.observations().iter().enumerate() {
        let values = modelled.iter().filter_map(|future| future.get(index)).copied().filter(|value| value.is_finite());
        let Some(sorted) = Sorted::new(values.collect()) else { continue };
        let several = modelled.len() > 1;
        let at = |share| sorted.quantile(share);
        let Some(p50) = at(0.5) else { continue };
        let point = FitPoint {
            quarter: seen.quarter,
            observed: seen.observed,
            observed_low: seen.low,
            observed_high: seen.high,
            p5: at(0.05).filter(|_| several),
            p50,
            p95: at(0.95).filter(|_| several),
            anchor: seen.anchor,
        };
        let same = |known: &FitSeries| known.id == seen.series && known.bloc == seen.bloc && known.camp == seen.camp;
        match series.iter_mut().find(|known| same(known)) {
            Some(known) => {
                known.points.push(point);
                if !known.source.contains(&seen.source) {
                    known.source = format!("{}; {}", known.source, seen.source);
                }
            }
            None => series.push(FitSeries {
                id: seen.series.clone(),
                bloc: seen.bloc.clone(),
                unit: seen.unit.clone(),
                source: seen.source.clone(),
                camp: seen.camp.clone(),
                points: vec![point],
                n_points: 0,
                rmse_ln: None,
                bias_ln: None,
                overlap_fraction: None,
            }),
        }
    }
    for each in &mut series {
        score(each);
    }
    series
}

/// Scores a series on the points that the model was not anchored on.
fn score(series: &mut FitSeries) {
    series.points.sort_by_key(|point| point.quarter);
    let tested: Vec<&FitPoint> = series.points.iter().filter(|point| !point.anchor).collect();
    series.n_points = tested.len();
    let errors: Vec<f64> = tested
        .iter()
        .filter(|point| point.observed > 0.0 && point.p50 > 0.0)
        .map(|point| (point.p50 / point.observed).ln())
        .collect();
    if !errors.is_empty() {
        let n = errors.len() as f64;
        series.bias_ln = Some(errors.iter().sum::<f64>() / n);
        series.rmse_ln = Some((errors.iter().map(|error| error * error).sum::<f64>() / n).sqrt());
    }
    let overlaps = tested.iter().filter(|point| {
        let (low, high) = (point.observed_low.unwrap_or(point.observed), point.observed_high.unwrap_or(point.observed));
        point.p5.unwrap_or(point.p50) <= high && low <= point.p95.unwrap_or(point.p50)
    });
    if !tested.is_empty() {
        series.overlap_fraction = Some(overlaps.count() as f64 / tested.len() as f64);
    }
}

/// Who paid what under each policy, at median inputs.
pub fn accounts(context: &Context<'_>) -> Vec<Account> {
    let mut accounts = Vec::new();
    let span = (context.ground.scenario.run.policy_start, context.horizon);
    for prepared in &context.ground.policies {
        let run = context.median_run(prepared, &Variant::default());
        let whole = run.check_accounts().is_ok();
        for (bloc, name) in run.blocs().iter().enumerate() {
            let Some(account) = run.accounts.get(bloc) else { continue };
            let foregone = crate::reading::mean(&run, world::Variable::VendorRevenueForegone, bloc, span.0, span.1);
            if account.envelope_usd_per_year == 0.0 && foregone == 0.0 {
                continue;
            }
            let line = |item: &str, usd_per_year| AccountLine { item: item.into(), usd_per_year };
            let lines = vec![
                line("adoption_programme", account.programme_usd_per_year),
                line("open_science", account.open_science_usd_per_year),
                line("enforcement", account.enforcement_usd_per_year),
                line("capital", account.capital_usd_per_year),
            ];
            let sum: f64 = lines.iter().map(|line| line.usd_per_year).sum();
            let envelope = account.envelope_usd_per_year;
            accounts.push(Account {
                policy: prepared.policy.id.clone(),
                bloc: name.clone(),
                envelope_usd_per_year: envelope,
                lines,
                foregone_usd_per_year: foregone,
                reconciles: whole && (sum - envelope).abs() <= 1e-6 * envelope.max(1.0),
            });
        }
    }
    accounts
}

/// The hindcasts of these facts and inputs, the registered forecast aside, which nothing can be held against yet. A
/// user's tables may lack what a test reads: it is then not testable.
pub fn hindcasts(ground: &Ground<'_>) -> Vec<HindcastLine> {
    let Inputs { facts, book, registry, folder, .. } = ground.inputs;
    let past = Past::new(&world::Sources { facts, book, registry, folder });
    let line = |id: &&str| {
        let found = hindcast::run(&[(*id).to_string()], &past, |_, _| true).ok().flatten();
        let test = found.and_then(|tests| tests.into_iter().next());
        HindcastLine {
            id: (*id).to_string(),
            status: test.as_ref().map_or(hindcast::Status::NotTestable, |test| test.status),
            n_points: test.as_ref().map_or(0, |test| test.n_points),
            n_independent: test.as_ref().map_or(0, |test| test.n_independent),
            coverage90_fraction: test.as_ref().and_then(|test| test.score.coverage90_fraction),
            skill_crps_fraction: test.as_ref().and_then(|test| test.score.skill_crps_fraction),
        }
    };
    let wanted: Vec<&&str> = hindcast::IDS.iter().filter(|id| **id != "V10").collect();
    wanted.into_par_iter().map(line).collect()
}

/// What this study cannot say.
pub fn limits(ground: &Ground<'_>, futures: usize) -> Vec<Note> {
    let fixed = [
        "thresholds_fixed_before_the_run",
        "model_changed_after_a_first_run",
        "known_faults_of_the_world",
        "assumptions_outside_the_registry",
        "scenario_not_forecast",
        "few_points_to_fit",
    ];
    let mut limits: Vec<Note> = fixed.into_iter().map(Note::new).collect();
    if futures < 300 {
        limits.push(Note::new("few_futures").number("futures", "futures", futures as f64));
    }
    let camps = camps(&ground.scenario).len();
    limits.push(Note::new("camps_one_at_a_time").number("camps", "camps", camps as f64));
    let policy_start = ground.scenario.run.policy_start.to_string();
    limits.push(Note::new("policies_part_from").name("quarter", policy_start));
    limits
}
