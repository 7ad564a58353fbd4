//! A made-up result, to look at the page and to test it. Every number is synthetic: no model made it.

use std::collections::BTreeMap;
use study::findings::{
    Account, AccountLine, Assumption, Brief, BuiltIn, Camp, CampValue, Cell, ChipValue, ChipValues, ClaimFinding,
    ClaimId, Column, CounterCase, Counts, Dependence, FitPoint, FitSeries, HindcastLine, Horizon, Metric, Note,
    PolicySeries, PolicySummary, ReferenceModel, ScenarioSummary, Series, Share, Shares, Table, Trajectories, Verdict,
    Votes,
};
use study::hindcast::Status;
use units::{Confidence, Quarter};

const POLICIES: [&str; 10] = [
    "history",
    "no-controls",
    "training-chip-controls",
    "inference-chip-controls",
    "all-chip-controls",
    "diffusion-first",
    "open-source-embrace",
    "open-source-retreat",
    "hybrid",
    "diplomacy",
];
const FUTURES: usize = 1000;

/// A made-up brief. `tilt` from -1 to 1 turns the votes from against to for.
pub fn brief(tilt: f64) -> Brief {
    let quarters: Vec<Quarter> = (0..56).map(|index| Quarter::new(2022, 1) + index).collect();
    let claims = ClaimId::ALL.into_iter().enumerate().map(|(index, id)| claim(id, index, tilt)).collect();
    Brief {
        scenario: ScenarioSummary {
            name: "SAMPLE: synthetic numbers, no model was run".into(),
            start: Quarter::new(2022, 1),
            until: Quarter::new(2035, 4),
            policy_start: Quarter::new(2026, 1),
            blocs: vec![
                ("us".into(), vec!["US".into()]),
                ("china".into(), vec!["CN".into(), "HK".into(), "MO".into()]),
                ("rest".into(), vec!["*".into()]),
            ],
            policies: POLICIES.iter().map(|id| policy(id)).collect(),
            changed: vec![("inputs.chip_learning_rate.mode".into(), "0.18".into())],
        },
        counts: Counts {
            policies: POLICIES.len(),
            futures: FUTURES,
            camps: 4,
            runs: 120_000,
            check_runs: 34_200,
            inputs_sampled: 74,
            inputs_fixed: 21,
        },
        claims,
        trajectories: trajectories(&quarters, tilt),
        chips: chips(),
        fit: fit(),
        hindcasts: hindcasts(),
        assumptions: assumptions(),
        accounts: POLICIES.iter().map(|id| account(id)).collect(),
        limits: vec![Note::new("hong_kong_in_rest"), Note::new("open_share_points").number("n", "count", 1.0)],
        hashes: [("claims", "9f2c"), ("data", "11ab"), ("scenario", "77de")]
            .map(|(key, hash)| (key.to_string(), hash.repeat(16)))
            .into(),
        data_as_of: "2026-11-23".into(),
        seed: 1,
    }
}

/// Three hindcasts, one of each kind of end.
fn hindcasts() -> Vec<HindcastLine> {
    let ends = [("V1", Status::Pass), ("V4", Status::Fail), ("V7", Status::NotTestable)];
    ends.map(|(id, status)| HindcastLine {
        id: id.into(),
        status,
        n_points: 16,
        n_independent: 8,
        coverage90_fraction: Some(0.625),
        skill_crps_fraction: (status != Status::NotTestable).then_some(-0.3),
    })
    .into()
}

fn policy(id: &str) -> PolicySummary {
    PolicySummary { id: id.into(), title: String::new(), actor: "us".into(), envelope_usd_per_year: Some(50e9) }
}

/// Votes of which a share is for and a share against.
fn votes(in_favour: f64, against: f64, total: usize) -> Votes {
    let in_favour = (in_favour.clamp(0.0, 1.0) * total as f64).round() as usize;
    let against = (against.clamp(0.0, 1.0) * total as f64).round().min((total - in_favour) as f64) as usize;
    Votes { in_favour, against, neither: total - in_favour - against, undefined: 0 }
}

/// Wilson's interval at 95 % (Wilson 1927).
fn share(count: usize, total: usize) -> Option<Share> {
    if total == 0 {
        return None;
    }
    let (n, z) = (total as f64, 1.959_964);
    let p = count as f64 / n;
    let centre = (p + z * z / (2.0 * n)) / (1.0 + z * z / n);
    let half = z * (p * (1.0 - p) / n + z * z / (4.0 * n * n)).sqrt() / (1.0 + z * z / n);
    Some(Share { share_fraction: p, lo: (centre - half).max(0.0), hi: (centre + half).min(1.0) })
}

fn shares(votes: Votes) -> Shares {
    let total = votes.total();
    Shares {
        in_favour: share(votes.in_favour, total),
        against: share(votes.against, total),
        neither: share(votes.neither, total),
    }
}

/// The rule of the design, for one camp alone.
fn verdict(votes: Votes) -> Verdict {
    let part = |count: usize| count as f64 / votes.total().max(1) as f64;
    let (yes, no) = (part(votes.in_favour), part(votes.against));
    match () {
        () if yes >= 0.75 => Verdict::Holds,
        () if no >= 0.75 => Verdict::Fails,
        () if yes > no && yes >= 0.5 => Verdict::LeansFor,
        () if no > yes && no >= 0.5 => Verdict::LeansAgainst,
        () => Verdict::Contested,
    }
}

fn claim(id: ClaimId, index: usize, tilt: f64) -> ClaimFinding {
    // Each claim leans its own way, and `tilt` turns all of them.
    let own = [0.55, 0.35, -0.05, 0.2, 0.9, 0.7, -0.3, 0.6, 0.0][index];
    let lean = (own * tilt).clamp(-1.0, 1.0);
    let at = |lean: f64| votes(0.42 + 0.52 * lean, 0.42 - 0.52 * lean, FUTURES);
    let camp = |input: Option<&str>, name: Option<&str>, shift: f64| {
        let votes = at(lean + shift);
        Camp {
            camp: input.zip(name).map_or("default".into(), |(input, name)| format!("{input}={name}")),
            input: input.map(Into::into),
            name: name.map(Into::into),
            votes,
            shares: shares(votes),
            verdict: verdict(votes),
        }
    };
    let camps = vec![
        camp(None, None, 0.0),
        camp(Some("huawei_output"), Some("kessler"), -0.08),
        camp(Some("china_adoption"), Some("cnnic"), 0.05),
        camp(Some("productivity"), Some("goldman"), if index == 8 { 0.3 } else { 0.02 }),
    ];
    let decided = id != ClaimId::C7;
    let by_votes = if camps.iter().any(|camp| camp.verdict != camps[0].verdict) && index == 8 {
        Verdict::Contested
    } else {
        camps[0].verdict
    };
    let flips = index == 2 || index == 3;
    let dependence = |flips: bool| Dependence {
        input: "licence_flow_cbc".into(),
        unit: "fraction".into(),
        low: 0.05,
        votes_low: votes(0.2, 0.6, 40),
        verdict_low: if flips { Verdict::LeansAgainst } else { by_votes },
        high: 0.6,
        votes_high: votes(0.6, 0.2, 40),
        verdict_high: if flips { Verdict::LeansFor } else { by_votes },
        flips,
    };
    let horizons: Vec<Horizon> = [(2027, 0.05), (2030, 0.0), (2035, -0.2)]
        .map(|(year, shift)| {
            let votes = at(lean + shift);
            Horizon { quarter: Quarter::new(year, 4), votes, verdict: verdict(votes) }
        })
        .into();
    let built_in = votes(0.1, 0.2, 100);
    ClaimFinding {
        id,
        verdict: if decided { by_votes } else { Verdict::NotYetDecidable },
        verdict_by_votes: by_votes,
        needs: (!decided).then(|| vec!["mechanism:china_gain_over_both_open:E8".into()]),
        votes: camps[0].votes,
        shares: camps[0].shares,
        depends_on: if flips { vec![dependence(true)] } else { vec![] },
        depends_on_futures: 40,
        depends_on_tested: vec![dependence(flips), Dependence { input: "spillover_lag".into(), ..dependence(false) }],
        horizon: Quarter::new(2030, 4),
        horizon_changes_verdict: horizons.iter().any(|horizon| horizon.verdict != by_votes),
        horizons,
        metrics: metrics(id, lean),
        thresholds: thresholds(id),
        counter_case: CounterCase {
            codes: if index == 0 { vec!["make_up_not_erase".into()] } else { vec![] },
            metrics: [("chip_factor".to_string(), Metric::single("ratio", 0.72))].into(),
        },
        built_in: Some(BuiltIn {
            neutralised: vec!["performance_ratios_equal".into()],
            votes: built_in,
            verdict: verdict(built_in),
            same_verdict: false,
        }),
        tables: tables(id, lean),
        notes: vec![Note::new("sample_only").name("policy", "history").number("share", "fraction", 0.25)],
        camps,
    }
}

fn over_futures(unit: &'static str, p5: f64, p50: f64, p95: f64) -> Metric {
    Metric { unit, p5: Some(p5), p50: Some(p50), p95: Some(p95), n: FUTURES }
}

fn metrics(id: ClaimId, lean: f64) -> BTreeMap<String, Metric> {
    let ratio = |middle: f64| over_futures("ratio", middle * 0.8, middle, middle * 1.3);
    let entries: Vec<(&str, Metric)> = match id {
        ClaimId::C1 => vec![("k", over_futures("ratio", 0.3, 0.5 + 0.3 * lean, 0.95)), ("raw_gap", ratio(4.0))],
        ClaimId::C2 => {
            vec![("elasticity_history", ratio(0.5 - 0.3 * lean)), ("elasticity_no_controls", ratio(0.52 - 0.3 * lean))]
        }
        ClaimId::C3 => vec![
            ("effect_inference_controls", over_futures("ln_units", 0.01, 0.1 + 0.1 * lean, 0.4)),
            ("effect_training_controls", over_futures("ln_units", 0.01, 0.1 - 0.05 * lean, 0.3)),
            ("training_flop_effect_inference_controls", over_futures("ln_units", 0.0, 0.05, 0.1)),
            ("training_flop_effect_training_controls", over_futures("ln_units", 0.1, 0.4, 0.7)),
        ],
        ClaimId::C4 => vec![
            ("value_ratio", over_futures("ratio", 0.97, 1.0 + 0.05 * lean, 1.1)),
            ("lead_change", over_futures("fraction", -0.01, 0.01 * lean, 0.02)),
        ],
        ClaimId::C5 => vec![
            ("learning_share_of_fall", over_futures("fraction", 0.05, 0.12 + 0.12 * lean, 0.4)),
            ("adoption_gain", over_futures("fraction", 0.0, 0.012 + 0.012 * lean, 0.06)),
        ],
        ClaimId::C6 => vec![
            ("serving_share_of_cost", over_futures("fraction", 0.3, 0.5 + 0.2 * lean, 0.8)),
            ("gain_ratio", ratio(1.0 + 0.4 * lean)),
        ],
        ClaimId::C7 => vec![
            ("china_gain_over_both_open", over_futures("fraction", -0.02, 0.05 * lean, 0.12)),
            ("us_gain_over_both_closed", over_futures("fraction", -0.05, 0.05 * lean, 0.09)),
        ],
        ClaimId::C9 => vec![
            ("weights_for_us", Metric::single("fraction", 0.4 + 0.3 * lean)),
            ("weights_against_us", Metric::single("fraction", 0.4 - 0.3 * lean)),
            ("weights_for_china", Metric::single("fraction", 0.55)),
            ("weights_against_china", Metric::single("fraction", 0.3)),
        ],
        ClaimId::C8 => {
            vec![("sample_measure", ratio(1.0 + lean)), ("sample_money", Metric::single("usd_per_year", 5e10))]
        }
    };
    entries.into_iter().map(|(key, metric)| (key.to_string(), metric)).collect()
}

fn thresholds(id: ClaimId) -> BTreeMap<String, f64> {
    let entries: &[(&str, f64)] = match id {
        ClaimId::C1 => &[
            ("r1_for", 1.1),
            ("r1_against", 0.9),
            ("k_for", 0.6),
            ("k_against", 0.4),
            ("dates_needed", 2.0),
            ("chip_factor_not_erased_below", 0.9),
        ],
        ClaimId::C2 => &[
            ("elasticity_for", 0.35),
            ("elasticity_against", 0.65),
            ("shock_fraction", -0.1),
            ("lead_fraction", 0.1),
            ("bandwidth_decides_above", 0.65),
        ],
        ClaimId::C3 => &[("ratio", 1.25), ("effect_at_least", 0.05)],
        ClaimId::C4 => &[("value_ratio_for", 1.02), ("value_ratio_against", 0.98), ("lead_points", 0.005)],
        ClaimId::C5 => &[
            ("share_for", 0.2),
            ("share_against", 0.05),
            ("adoption_points_for", 0.02),
            ("adoption_points_against", 0.005),
        ],
        ClaimId::C6 => &[
            ("serving_share_for", 0.55),
            ("serving_share_against", 0.45),
            ("gain_ratio_for", 1.1),
            ("gain_ratio_against", 0.9),
        ],
        ClaimId::C7 => &[("points_for", 0.05), ("points_against", -0.05), ("points_negligible", 0.01)],
        ClaimId::C8 => &[("months", 12.0), ("cost_ratio", 0.8), ("volumes_needed", 4.0)],
        ClaimId::C9 => &[("weights", 200.0), ("margin", 0.02), ("weight_share", 0.6)],
    };
    entries.iter().map(|(key, value)| ((*key).to_string(), *value)).collect()
}

fn tables(id: ClaimId, lean: f64) -> Vec<Table> {
    let column = |key, unit| Column { key, unit };
    match id {
        ClaimId::C1 => vec![Table {
            id: "c1_deployment",
            columns: vec![
                column("date", ""),
                column("model_china", ""),
                column("chip_china", ""),
                column("outcome", ""),
                column("model_other", ""),
                column("r1_low", "ratio"),
                column("r1", "ratio"),
                column("r1_high", "ratio"),
                column("vote", ""),
            ],
            rows: ["2025-01", "2026-01", "2026-11"]
                .iter()
                .enumerate()
                .map(|(index, date)| {
                    let r1 = 1.0 + lean * (1.0 + index as f64) / 2.0;
                    let words = [*date, "sample/East-V3", "lean", "free", "sample/West-405B"].map(Cell::text);
                    let numbers = [r1 * 0.9, r1, r1 * 1.2].map(Cell::number);
                    words.into_iter().chain(numbers).chain([Cell::text("for")]).collect()
                })
                .collect(),
        }],
        ClaimId::C5 => vec![Table {
            id: "c5_fall_of_cost_by_factor",
            columns: vec![column("factor", ""), column("cost_ln", "ln_units"), column("cost_share", "fraction")],
            rows: [("learning", 0.2), ("algorithms", 0.6), ("design_trend", 0.3), ("model_size", -0.1)]
                .map(|(factor, share)| vec![Cell::text(factor), Cell::number(share * 3.0), Cell::number(share)])
                .into(),
        }],
        ClaimId::C8 => vec![Table {
            id: "c8_cost_by_volume",
            columns: vec![
                column("tokens_per_month", "tokens"),
                column("self_hosted", "usd"),
                column("third_party_api", "usd"),
                column("closed_api", "usd"),
            ],
            rows: (6..=11)
                .map(|power| {
                    let volume = 10f64.powi(power);
                    [volume, 3e5 + volume * 1e-6, volume * 8e-6, volume * 6e-5].map(Cell::number).into()
                })
                .collect(),
        }],
        ClaimId::C9 => vec![Table {
            id: "c9_regret",
            columns: vec![column("perspective", ""), column("policy", ""), column("mean_regret", "scaled_0_to_1")],
            rows: POLICIES
                .iter()
                .enumerate()
                .map(|(index, id)| vec![Cell::text("us"), Cell::text(*id), Cell::number(0.4 - 0.03 * index as f64)])
                .collect(),
        }],
        _ => vec![],
    }
}

/// Growth that starts at `start` and ends near `end`, with a band that opens where policies part.
fn series(variable: &str, bloc: &str, unit: &str, (start, end): (f64, f64), growth: bool) -> Series {
    let value = |index: usize, spread: f64| {
        let t = index as f64 / 55.0;
        let opening = spread * (t * 1.4 - 0.3).max(0.05);
        if growth {
            start * (end / start).powf(t) * (opening * 1.2).exp()
        } else {
            let middle = start + (end - start) / (1.0 + (-9.0 * (t - 0.55)).exp());
            (middle * (1.0 + 0.4 * opening)).clamp(0.0, 1.0)
        }
    };
    let all = |spread: f64| (0..56).map(|index| value(index, spread)).collect::<Vec<f64>>();
    Series {
        variable: variable.into(),
        bloc: Some(bloc.into()),
        sector: None,
        origin: None,
        openness: None,
        unit: unit.into(),
        p5: Some(all(-1.0)),
        p50: all(0.0),
        p95: Some(all(1.0)),
    }
}

fn trajectories(quarters: &[Quarter], tilt: f64) -> Trajectories {
    let policies = POLICIES
        .iter()
        .enumerate()
        .map(|(index, id)| {
            let push = 1.0 + 0.04 * index as f64 * tilt;
            let mut all = Vec::new();
            for (place, bloc) in ["us", "china", "rest"].into_iter().enumerate() {
                let size = [1.0, 0.3, 0.5][place];
                all.push(series(
                    "adoption_fraction",
                    bloc,
                    "fraction",
                    (0.03, 0.55 * push * (0.7 + 0.3 * size)),
                    false,
                ));
                all.push(series("service_price_usd_per_mtok", bloc, "USD/Mtok", (20.0, 0.02 / push), true));
                all.push(series("fleet_flop_per_s", bloc, "FLOP/s", (1e20 * size, 3e23 * size * push), true));
                all.push(series(
                    "fleet_byte_per_s",
                    bloc,
                    "byte/s",
                    (2e17 * size.sqrt(), 2e20 * size.sqrt() * push),
                    true,
                ));
                all.push(series("tokens_served_per_s", bloc, "tok/s", (1e6 * size, 1e10 * size * push), true));
            }
            for (origin, openness, end) in
                [("us", "closed", 0.4), ("us", "open", 0.15), ("china", "closed", 0.1), ("china", "open", 0.35)]
            {
                let share = series("ecosystem_share_fraction", "rest", "fraction", (0.25, end * push), false);
                all.push(Series { origin: Some(origin.into()), openness: Some(openness.into()), ..share });
            }
            all.push(series("lead_fraction", "us", "fraction", (0.7, 0.6 * push), false));
            PolicySeries { id: (*id).into(), policy_start: Quarter::new(2026, 1), series: all }
        })
        .collect();
    Trajectories {
        quarters: quarters.to_vec(),
        blocs: vec!["us".into(), "china".into(), "rest".into()],
        sectors: vec!["healthcare".into()],
        policies,
    }
}

fn chips() -> ChipValues {
    let rows = [
        ("reference", "Ref-100", "us", 1979e12, 3.35e12, 80e9),
        ("lean", "Lean-20", "us", 296e12, 4.0e12, 96e9),
        ("big", "Big-200", "us", 4500e12, 8.0e12, 192e9),
        ("east-b", "East-910B", "china", 640e12, 1.6e12, 64e9),
        ("east-c", "East-910C", "china", 1504e12, 3.2e12, 128e9),
        ("old", "Old-40", "us", 624e12, 2.0e12, 80e9),
        ("tensor", "Tensor-6", "us", 1836e12, 1.64e12, 32e9),
        ("third", "Third-300", "us", 2615e12, 5.3e12, 192e9),
    ];
    let rows = rows
        .into_iter()
        .map(|(id, name, origin, flop, bandwidth, memory)| ChipValue {
            id: id.into(),
            name: name.into(),
            vendor: "Sample".into(),
            origin: origin.into(),
            release: "2024-01".into(),
            flop_per_s: flop,
            byte_per_s: bandwidth,
            memory_bytes: memory,
            training_ratio: flop / 1979e12,
            bandwidth_ratio: bandwidth / 3.35e12,
            inference_ratio: Some((bandwidth / 3.35e12).powf(0.9)),
            outcome: Some(if flop > 1e15 { "denial" } else { "licence_cbc" }.into()),
        })
        .collect();
    ChipValues {
        reference_chip: "reference".into(),
        reference_models: vec![ReferenceModel { id: "sample/model".into(), settings: BTreeMap::new() }],
        rows,
    }
}

fn fit() -> Vec<FitSeries> {
    let one = |id: &str, bloc: &str, unit: &str, scale: f64, off: f64| FitSeries {
        id: id.into(),
        bloc: Some(bloc.into()),
        unit: unit.into(),
        source: "synthetic".into(),
        camp: None,
        points: (0..12)
            .map(|index| {
                let truth = scale * 1.25f64.powi(index);
                FitPoint {
                    quarter: Quarter::new(2023, 1) + index,
                    observed: truth,
                    observed_low: Some(truth * 0.8),
                    observed_high: Some(truth * 1.25),
                    p5: Some(truth * off * 0.7),
                    p50: truth * off,
                    p95: Some(truth * off * 1.5),
                    anchor: index == 0,
                }
            })
            .collect(),
        n_points: 11,
        rmse_ln: Some(off.ln().abs()),
        bias_ln: Some(off.ln()),
        overlap_fraction: Some(0.75),
    };
    vec![
        one("sales_flop_per_s", "us", "FLOP/s", 1e20, 0.9),
        one("sales_byte_per_s", "china", "byte/s", 3e16, 1.4),
        one("adoption_fraction", "us", "fraction", 0.02, 0.8),
    ]
}

fn assumptions() -> Vec<Assumption> {
    let one = |id: &str, title: &str, unit: &str, (low, central, high): (f64, f64, f64), assumed: bool| Assumption {
        id: id.into(),
        title: title.into(),
        unit: unit.into(),
        dist: if low < high { "triangular" } else { "fixed" }.into(),
        low,
        central,
        high,
        source: if assumed { "assumption: no source" } else { "Sample and others 2025, table 3" }.into(),
        confidence: if assumed { Confidence::Low } else { Confidence::Medium },
        assumed,
        read_by: vec!["E4".into(), "E12".into()],
        sampled: low < high,
        fixed_because: (low >= high).then(|| "no_range".into()),
        camps: vec![],
        changed: id == "chip_learning_rate",
    };
    let camp = |name: &str, value: f64| CampValue {
        camp: name.into(),
        low: value * 0.9,
        central: value,
        high: value * 1.1,
        source: "Sample 2026".into(),
    };
    let mut all = vec![
        one("chip_learning_rate", "Fall in cost at each doubling of output", "fraction", (0.1, 0.18, 0.25), false),
        one(
            "licence_flow_cbc",
            "Share of demand shipped under case-by-case licences",
            "fraction",
            (0.0, 0.1, 0.5),
            true,
        ),
        one("price_elasticity", "Change of demand for a change of price", "ratio", (-2.0, -1.1, -0.7), false),
        one("huawei_units_2025", "Dies counted as chips, 2025", "chips", (2e5, 8.05e5, 8.1e5), false),
        one("dt", "A quarter", "years", (0.25, 0.25, 0.25), false),
    ];
    all[3].camps = vec![camp("semianalysis", 8.05e5), camp("kessler", 2e5)];
    all
}

fn account(id: &str) -> Account {
    let programme = if id == "diffusion-first" { 50e9 } else { 50e9 / 3.0 };
    let line = |item: &str, usd_per_year: f64| AccountLine { item: item.into(), usd_per_year };
    Account {
        policy: id.into(),
        bloc: "us".into(),
        envelope_usd_per_year: 50e9,
        lines: vec![line("adoption_programme", programme), line("capital", 50e9 - programme)],
        foregone_usd_per_year: if id.ends_with("controls") { 6.2e9 } else { 0.0 },
        reconciles: true,
    }
}
