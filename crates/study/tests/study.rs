//! The built-in study end to end, in small: verdicts follow from inputs, bytes from scenario and seed.

use std::path::Path;
use std::sync::OnceLock;
use std::sync::atomic::AtomicBool;

use facts::Facts;
use rules::RuleBook;
use study::brief::{self, Ended};
use study::ensemble::Watch;
use study::findings::{Brief, ClaimId, Verdict};
use study::ground::{Ground, Inputs};
use study::scenario::{Known, Scenario};
use world::Registry;

/// Futures of a study that must be quick.
const FUTURES: usize = 12;

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

/// The findings and `runs.csv`, on so many threads.
fn study(sets: &[&str], threads: usize) -> (Brief, Vec<u8>) {
    let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().expect("a pool");
    let ground = ground(sets);
    let mut runs = Vec::new();
    let ended = pool.install(|| brief::run(&ground, Watch::none(), &mut runs)).expect("a study");
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

#[test]
fn the_registry_and_the_builtin_scenario_agree() {
    let Base { facts, registry, .. } = base();
    let scenario = Scenario::builtin(&Known::of(facts, registry)).expect("the built-in scenario");
    assert_eq!(scenario.inputs.len(), registry.inputs.len());
    let again =
        Scenario::parse(&scenario.to_toml(), "resolved.toml", &[], &Known::of(facts, registry)).expect("reads back");
    assert_eq!(Scenario { origins: scenario.origins.clone(), ..again }, scenario);
}

#[test]
fn every_claim_has_a_finding_with_all_its_votes() {
    let (brief, _) = default_study();
    assert_eq!(brief.claims.iter().map(|claim| claim.id).collect::<Vec<_>>(), ClaimId::ALL);
    for claim in &brief.claims {
        let decided = claim.verdict != Verdict::NotYetDecidable;
        assert_eq!(claim.needs.is_none(), decided, "{}", claim.id);
        let total = claim.votes.total();
        match claim.id {
            ClaimId::C8 | ClaimId::C9 => assert_eq!(total, 200, "{}", claim.id),
            _ => assert_eq!(total, FUTURES, "{}", claim.id),
        }
        assert!(claim.camps.iter().all(|camp| camp.votes.total() == total), "{}", claim.id);
        assert!(!claim.thresholds.is_empty() && !claim.metrics.is_empty() || claim.id == ClaimId::C8);
    }
}

#[test]
fn one_thread_and_four_write_the_same_bytes() {
    let (one, runs) = study(&[], 1);
    let (brief, more_runs) = default_study();
    assert_eq!(&runs, more_runs);
    assert_eq!(serde_json::to_string(&one).unwrap(), serde_json::to_string(brief).unwrap());
    let (_, again) = study(&[], 4);
    assert_eq!(runs, again);
}

#[test]
fn runs_csv_has_a_row_for_each_policy_camp_and_future() {
    let (brief, runs) = default_study();
    let mut table = csv::Reader::from_reader(runs.as_slice());
    let header = table.headers().unwrap().clone();
    assert_eq!(
        header.iter().filter(|name| name.starts_with("input:")).count(),
        header.iter().filter(|name| name.starts_with("input:")).collect::<std::collections::BTreeSet<_>>().len()
    );
    let rows = table.records().count();
    assert_eq!(rows, brief.counts.policies * brief.counts.camps * brief.counts.futures);
}

#[test]
fn a_cancelled_study_ends_without_findings() {
    let ground = ground(&[]);
    let cancel = AtomicBool::new(true);
    let watch = Watch { progress: &|_, _| {}, cancel: &cancel };
    assert!(matches!(brief::run(&ground, watch, &mut Vec::new()), Ok(Ended::Cancelled)));
}

#[test]
fn another_seed_gives_other_futures_and_another_scenario_another_hash() {
    let (brief, runs) = default_study();
    let (other, other_runs) = study(&["run.seed=2"], 2);
    assert_ne!(runs, &other_runs);
    assert_ne!(brief.hashes["scenario"], other.hashes["scenario"]);
    assert_eq!(brief.hashes["claims"], other.hashes["claims"]);
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
