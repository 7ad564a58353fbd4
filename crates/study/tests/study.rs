//! The built-in study end to end, in small: verdicts follow from inputs, bytes from scenario and seed.

use std::path::Path;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicBool, AtomicUsize};

use facts::Facts;
use rules::RuleBook;
use study::brief::{self, Ended};
use study::claims::{self, Claim, Context, Future, Roles, settings::Settings};
use study::ensemble::Watch;
use study::findings::{Brief, ClaimFinding, ClaimId, Verdict};
use study::ground::{Ground, Inputs};
use study::plan::Plan;
use study::sampling::{CampKey, Sampler};
use study::scenario::{Known, Scenario};
use world::{Registry, Trajectory};

/// Futures of a study that must be quick.
const FUTURES: usize = 6;

/// What every test reads, once.
struct Base {
    facts: Facts,
    book: RuleBook,
    registry: Registry,
}

fn base() -> &'static Base {
    static BASE: OnceLock<Base> = OnceLock::new();
    BASE.get_or_init(|| Base {
        facts: Facts::load(None).expect("embedded facts"),
        book: RuleBook::builtin(),
        registry: Registry::load(None).expect("embedded inputs"),
    })
}

fn ground(sets: &[&str]) -> Ground<'static> {
    let Base { facts, book, registry } = base();
    let known = Known::of(facts, registry);
    let futures = format!("run.futures={FUTURES}");
    let sets: Vec<String> = std::iter::once(futures.as_str()).chain(sets.iter().copied()).map(String::from).collect();
    let scenario = Scenario::load(None, &sets, &known).expect("a scenario");
    let inputs = Inputs { facts, book, registry, folder: None, policies_in: Path::new(".") };
    Ground::new(inputs, scenario).expect("a world")
}

/// The embedded thresholds with small checks and one date and volume instead of many: these cost most of the time.
fn settings() -> Settings {
    let mut settings = Settings::embedded().expect("embedded thresholds");
    settings.verdict.built_in_futures = FUTURES;
    settings.verdict.depends_on_futures = 1;
    settings.c1.dates.truncate(1);
    settings.c8.volumes_tokens_per_month.truncate(1);
    settings
}

/// The findings and `runs.csv`, on so many threads.
fn study(sets: &[&str], threads: usize) -> (Brief, Vec<u8>) {
    let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().expect("a pool");
    let ground = ground(sets);
    let mut runs = Vec::new();
    let ended = pool.install(|| brief::run_with(&ground, &settings(), Watch::none(), &mut runs)).expect("a study");
    match ended {
        Ended::Done(brief) => (*brief, runs),
        Ended::Cancelled => panic!("nobody cancelled"),
    }
}

/// The default study, run once for all tests.
fn default_study() -> &'static (Brief, Vec<u8>) {
    static STUDY: OnceLock<(Brief, Vec<u8>)> = OnceLock::new();
    STUDY.get_or_init(|| study(&[], 2))
}

fn claim(brief: &Brief, id: ClaimId) -> &ClaimFinding {
    brief.claim(id).expect("all nine are there")
}

#[test]
fn the_registry_and_the_builtin_scenario_agree() {
    let Base { facts, registry, .. } = base();
    let known = Known::of(facts, registry);
    let scenario = Scenario::builtin(&known).expect("the built-in scenario");
    assert_eq!(scenario.inputs.len(), registry.inputs.len());
    let again = Scenario::parse(&scenario.to_toml(), "resolved.toml", &[], &known).expect("reads back");
    assert_eq!(Scenario { origins: scenario.origins.clone(), ..again }, scenario);
}

#[test]
fn every_claim_has_a_finding_with_all_its_votes() {
    let (brief, _) = default_study();
    assert_eq!(brief.claims.iter().map(|claim| claim.id).collect::<Vec<_>>(), ClaimId::ALL);
    for claim in &brief.claims {
        assert_eq!(claim.needs.is_none(), claim.verdict != Verdict::NotYetDecidable, "{}", claim.id);
        let total = claim.votes.total();
        match claim.id {
            ClaimId::C8 | ClaimId::C9 => assert_eq!(total, 200, "{}", claim.id),
            _ => assert_eq!(total, FUTURES, "{}", claim.id),
        }
        assert!(claim.camps.iter().all(|camp| camp.votes.total() == total), "{}", claim.id);
        assert!(!claim.thresholds.is_empty(), "{}", claim.id);
        assert!(claim.metrics.values().all(|metric| metric.n <= 1 || metric.n <= FUTURES), "{}", claim.id);
    }
}

#[test]
fn one_thread_and_two_write_the_same_bytes() {
    let (one, runs) = study(&[], 1);
    let (brief, more_runs) = default_study();
    assert_eq!(&runs, more_runs);
    assert_eq!(serde_json::to_string(&one).unwrap(), serde_json::to_string(brief).unwrap());
    assert_eq!(one.trajectories, brief.trajectories);
}

#[test]
fn runs_csv_has_a_row_for_each_policy_camp_and_future() {
    let (brief, runs) = default_study();
    let mut table = csv::Reader::from_reader(runs.as_slice());
    let inputs = table.headers().unwrap().iter().filter(|name| name.starts_with("input:")).count();
    assert!(inputs >= brief.counts.inputs_sampled);
    let rows: Vec<csv::StringRecord> = table.records().collect::<Result<_, _>>().unwrap();
    assert_eq!(rows.len(), brief.counts.policies * brief.counts.camps * brief.counts.futures);
    assert_eq!((&rows[0][0], &rows[0][1], &rows[0][2]), ("history", "default", "0"));
}

#[test]
fn common_random_numbers_join_policies_and_camps() {
    let (brief, runs) = default_study();
    let mut table = csv::Reader::from_reader(runs.as_slice());
    let column = table.headers().unwrap().iter().position(|name| name == "input:chip_learning_rate").unwrap();
    let mut by_future = vec![std::collections::BTreeSet::new(); brief.counts.futures];
    for row in table.records() {
        let row = row.unwrap();
        by_future[row[2].parse::<usize>().unwrap()].insert(row[column].to_string());
    }
    assert!(by_future.iter().all(|values| values.len() == 1), "one value a future, whatever policy and camp");
}

#[test]
fn a_cancelled_study_ends_without_findings() {
    let ground = ground(&[]);
    let cancel = AtomicBool::new(true);
    let watch = Watch { progress: &|_, _| {}, cancel: &cancel };
    assert!(matches!(brief::run_with(&ground, &settings(), watch, &mut Vec::new()), Ok(Ended::Cancelled)));
}

#[test]
fn two_opposed_scenarios_give_opposed_findings() {
    // A world in which programmes work, scale drives cost and little else does, and open models win on price ...
    let (rosy, runs) = study(
        &[
            "run.seed=2",
            "inputs.adopt_prior_pp=0.4",
            "inputs.chip_learning_rate=0.5",
            "inputs.algorithmic_progress_per_year=1.05",
            "inputs.serving_software_per_year=1.0",
            "inputs.price_weight=4",
            "inputs.trust_bar_rest=0",
            "inputs.base_weight=0",
        ],
        2,
    );
    // ... and one in which programmes do nothing, chips do not learn, and price decides no one's choice of a model.
    let (bleak, _) = study(
        &[
            "run.seed=2",
            "inputs.adopt_prior_pp=0",
            "inputs.adopt_prior_pull=0",
            "inputs.chip_learning_rate=0",
            "inputs.price_weight=0",
            "inputs.trust_bar_rest=0.9",
            "inputs.base_weight=0.6",
        ],
        2,
    );
    let median = |brief: &Brief, id, name: &str| claim(brief, id).metrics[name].p50.unwrap_or(f64::NAN);
    assert!(median(&rosy, ClaimId::C4, "value_ratio") > median(&bleak, ClaimId::C4, "value_ratio"));
    let learning = |brief: &Brief| median(brief, ClaimId::C5, "learning_share_of_fall");
    assert!(learning(&rosy) > 0.1, "{}", learning(&rosy));
    assert!(learning(&bleak).abs() < 1e-9, "{}", learning(&bleak));
    let (for_rosy, for_bleak) = (claim(&rosy, ClaimId::C4).votes.in_favour, claim(&bleak, ClaimId::C4).votes.in_favour);
    assert!(for_rosy > for_bleak, "C4: {for_rosy} and {for_bleak} votes for");
    assert_eq!(claim(&bleak, ClaimId::C5).verdict_by_votes, Verdict::Fails);
    let differ = ClaimId::ALL.iter().filter(|id| {
        let (a, b) = (claim(&rosy, **id), claim(&bleak, **id));
        a.verdict_by_votes != b.verdict_by_votes || a.votes != b.votes
    });
    assert!(differ.count() >= 3);
    // Another seed and scenario, other bytes; the same claims.
    let (brief, default_runs) = default_study();
    assert_ne!(&runs, default_runs);
    assert_ne!(brief.hashes["scenario"], rosy.hashes["scenario"]);
    assert_eq!(brief.hashes["claims"], rosy.hashes["claims"]);
}

#[test]
fn each_input_that_a_claim_is_said_to_read_moves_its_metrics() {
    let ground = ground(&[]);
    let settings = settings();
    let sampler = Sampler::new(&ground.scenario, &CampKey::DEFAULT, FUTURES, 1).expect("a design");
    let context = Context {
        ground: &ground,
        settings: &settings,
        roles: Roles::of(&ground).expect("the three blocs"),
        sampler: &sampler,
        horizon: settings.verdict.horizon,
        check_runs: &AtomicUsize::new(0),
    };
    let mut plan = Plan::new(&ground);
    let claims: Vec<Box<dyn Claim>> = claims::all(&context, &mut plan, None)
        .expect("claims")
        .into_iter()
        .filter_map(|entry| entry.claim.ok())
        .collect();
    let mut runs: Vec<Trajectory> = plan.cases.iter().map(|_| ground.world.trajectory()).collect();
    let mut idle = Vec::new();
    for claim in &claims {
        let wanted = plan.closure(&[claim.cases(), claim.cases_beside()].concat());
        let mut numbers = |row: u64, input: usize, value: f64| {
            let mut draw = sampler.draw(row);
            draw[input] = value;
            plan.run(&ground, &draw, &wanted, None, &mut runs);
            let ballot = claim.judge(&Future { draw: &draw, runs: &runs, wanted: &wanted }, context.horizon);
            ballot.metrics.into_iter().chain(ballot.payoffs).collect::<Vec<f64>>()
        };
        for (index, input) in ground.world.registry().inputs.iter().enumerate() {
            if !input.claims.iter().any(|id| id == claim.id().name()) || !input.is_sampled() {
                continue;
            }
            let (low, high) = sampler.shape(index).ends();
            // Some inputs matter in some futures only: the innovation of a Bass curve where the curve is one.
            let moves = (0..sampler.rows()).any(|row| {
                let (at_low, at_high) = (numbers(row, index, low), numbers(row, index, high));
                let same = |(a, b): (&f64, &f64)| (a - b).abs() <= 1e-12 * a.abs().max(b.abs()) || a.is_nan();
                !at_low.iter().zip(&at_high).all(same)
            });
            if !moves {
                idle.push(format!("{} {}", claim.id(), input.key));
            }
        }
    }
    // What moves a claim's runs and yet none of its metrics, each for a reason that was looked at.
    let cancels = [
        "C1 training_mfu",             // scales the training of both blocs: a gap is a ratio
        "C3 training_mfu",             // as above: an effect is a ratio
        "C3 locver_effect",            // neither control asks for location checks; all-chip-controls does
        "C3 lag_location_quarters",    // as above
        "C3 remote_access_closure",    // remote access is varied in the counter-case, at median inputs
        "C3 lag_remote_quarters",      // as above
        "C4 labour_cost_saving",       // scales all value: ratio and lead are free of it
        "C4 labour_share",             // as above
        "C4 gdp_growth_per_year_rest", // neither U nor T
        "C6 final_run_share",          // S counts final runs and experiments together
    ];
    idle.retain(|pair| !cancels.contains(&pair.as_str()));
    assert!(idle.is_empty(), "these inputs move nothing: {idle:?}");
}

#[test]
fn trajectories_at_median_inputs_are_those_of_the_world() {
    let ground = ground(&["run.policies=[\"history\", \"hybrid\"]"]);
    let printed = study::world_verb::run(&ground, None, Watch::none()).expect("a run").expect("nobody cancelled");
    let mut run = ground.world.trajectory();
    let central = base().registry.central();
    ground.world.run(&ground.policies[1].compiled, &central, &world::Variant::default(), &mut run);
    let all = run.all();
    assert_eq!(printed.policies[1].series.len(), all.len());
    for (series, (info, values)) in printed.policies[1].series.iter().zip(&all) {
        assert_eq!(
            (series.variable.as_str(), &series.bloc, &series.sector),
            (info.variable.name(), &info.bloc, &info.sector)
        );
        let close = |(printed, value): (&f64, &f64)| (printed - value).abs() <= 1e-6 * value.abs().max(1e-30);
        assert!(series.p50.iter().zip(*values).all(close), "{} {:?}", series.variable, series.bloc);
    }
    let bands = study::world_verb::run(&ground, Some(4), Watch::none()).expect("a run").expect("nobody cancelled");
    let price = bands.find("history", "service_price_usd_per_mtok", "us").expect("the price is there");
    let (p5, p95) = (price.p5.as_ref().expect("bands"), price.p95.as_ref().expect("bands"));
    assert!(p5.iter().zip(&price.p50).zip(p95).all(|((low, middle), high)| low <= middle && middle <= high));
}

#[test]
fn no_output_holds_a_path_of_this_machine() {
    let (brief, runs) = default_study();
    let text = serde_json::to_string(brief).unwrap();
    let here = std::env::current_dir().unwrap().display().to_string();
    assert!(!text.contains(&here) && !String::from_utf8_lossy(runs).contains(&here));
}

#[test]
fn accounts_reconcile_under_every_policy() {
    let (brief, _) = default_study();
    assert!(!brief.accounts.is_empty());
    for account in &brief.accounts {
        assert!(account.reconciles, "{account:?}");
    }
}
