//! The built-in table against the case file, the known days, and itself.

use std::path::{Path, PathBuf};

use rules::{Iso2, Item, Outcome, Query, RuleBook, cases};
use units::Date;

use crate::{FACTS, item};

fn shared(path: &str) -> Option<PathBuf> {
    let root = std::env::var_os("DOWNSTREAM_SHARED")
        .map_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared"), PathBuf::from);
    let path = root.join(path);
    if path.is_file() {
        return Some(path);
    }
    eprintln!("skipped: {} is not here (set DOWNSTREAM_SHARED)", path.display());
    None
}

fn items() -> Vec<Item> {
    FACTS.chips.iter().map(Item::from_chip).collect()
}

fn outcome(chip: &str, to: &str, on: &str) -> Outcome {
    let query = Query::new(to, on.parse().unwrap());
    RuleBook::builtin().check(&item(chip), &query).unwrap().outcome
}

#[test]
fn a_destination_counts_as_embargoed_on_the_days_on_which_it_was() {
    // D:5 names the destinations of 22 CFR 126.1: Cambodia until 2025-11-06, Nicaragua since 2024-03-15, when it
    // entered D:1 too (FR Doc 2024-05696). In D:5 an H100 is denied, in D:1 alone it is presumed approved.
    for (to, on, wanted) in [
        ("KH", "2024-01-01", Outcome::Denial),
        ("KH", "2025-11-06", Outcome::Denial),
        ("KH", "2025-11-07", Outcome::LicenceApproval),
        ("NI", "2024-03-14", Outcome::Free),
        ("NI", "2024-03-15", Outcome::Denial),
        ("NI", "2026-08-01", Outcome::Denial),
    ] {
        assert_eq!(outcome("h100-sxm", to, on), wanted, "{to} {on}");
    }
}

#[test]
fn every_case_of_the_case_file_agrees() {
    let Some(path) = shared("data/hardware/export_rules_cases.csv") else { return };
    let text = units::read_text(&path).unwrap();
    let facts = &FACTS;
    let chip = |id: &str| facts.chip(id).cloned();
    let report = cases::check(&text, "export_rules_cases.csv", &chip, &RuleBook::builtin()).unwrap();
    let wrong: Vec<_> = report.cases.iter().filter(|case| case.matches == Some(false)).collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
    assert_eq!((report.rows, report.compared), (200, 200));
}

#[test]
fn the_built_in_figures_of_a_chip_give_the_same_answers_as_the_case_files() {
    let Some(path) = shared("data/hardware/export_rules_cases.csv") else { return };
    let text = units::read_text(&path).unwrap();
    let facts = &FACTS;
    let chip = |id: &str| facts.chip(id).cloned();
    let book = RuleBook::builtin();
    let report = cases::check(&text, "cases.csv", &chip, &book).unwrap();
    let sheet = rules::sheet::Sheet::read(&text, "cases.csv", &["chip_id"], &[]).unwrap();
    for (row, case) in sheet.rows().zip(report.cases) {
        let id = row.get("chip_id").unwrap();
        // The figures of these rows are those of the row alone.
        if ["synthetic", "hbm"].contains(&id) || row.get("headquartered_in").is_some() {
            continue;
        }
        let mut query = Query::new(row.get("destination").unwrap(), row.get("date").unwrap().parse().unwrap());
        query.snapshot = row.get("snapshot").map(str::to_string);
        query.reexport = row.get("exported_from_us") == Some("no");
        let answer = book.check(&item(id), &query).unwrap();
        assert_eq!(answer.outcome, case.outcome, "{}", case.case_id);
    }
}

#[test]
fn a_snapshot_and_the_calendar_on_its_day_agree_for_every_chip() {
    let book = RuleBook::builtin();
    let places = ["CN", "MO", "AE", "RU", "VN", "DE", "SG", "IL", "US"];
    for snapshot in book.snapshots.iter().filter(|snapshot| !snapshot.counterfactual) {
        for item in items() {
            for to in places {
                let mut query = Query::new(to, snapshot.date);
                let by_date = book.check(&item, &query).unwrap();
                query.snapshot = Some(snapshot.id.clone());
                let by_list = book.check(&item, &query).unwrap();
                let both = (by_date.outcome, by_list.outcome);
                assert_eq!(both.0, both.1, "{} to {to}, {}", item.id, snapshot.id);
                assert_eq!(by_date.class, by_list.class, "{} to {to}, {}", item.id, snapshot.id);
            }
        }
    }
}

#[test]
fn known_days_between_the_snapshots_come_out_as_they_were() {
    for (chip, to, on, expected) in [
        ("h20-96", "CN", "2025-04-08", Outcome::Free),
        ("h20-96", "CN", "2025-04-12", Outcome::Licence),
        ("h20-96", "CN", "2025-08-11", Outcome::LicenceCbc15pct),
        ("h20-96", "CN", "2023-11-17", Outcome::Free),
        ("b200", "AE", "2026-08-01", Outcome::LicenceApproval),
        ("a800-80-sxm", "CN", "2023-10-22", Outcome::Free),
        ("a800-80-sxm", "CN", "2023-10-23", Outcome::Denial),
        ("rtx-4090", "CN", "2023-10-23", Outcome::Free),
        ("rtx-4090", "CN", "2023-11-17", Outcome::Nac),
        ("a100-80-sxm", "CN", "2022-08-25", Outcome::Free),
        ("a100-80-sxm", "CN", "2022-08-26", Outcome::Licence),
        ("a100-80-sxm", "CN", "2022-10-21", Outcome::Denial),
        ("a100-80-sxm", "Macau", "2022-10-21", Outcome::Free),
        ("a100-80-sxm", "Macau", "2023-01-17", Outcome::Denial),
        ("h200-sxm", "Hong Kong", "2026-01-14", Outcome::Denial),
        ("h200-sxm", "Hong Kong", "2026-01-15", Outcome::LicenceCbc),
        ("mi308x", "CN", "2025-04-09", Outcome::Licence),
        ("xeon6-6980p", "CN", "2025-01-15", Outcome::Unconfirmed),
        ("metax-c500", "CN", "2025-06-01", Outcome::Indeterminate),
    ] {
        assert_eq!(outcome(chip, to, on), expected, "{chip} to {to} on {on}");
    }
}

#[test]
fn the_example_of_the_contract_h200_to_china_in_january_2026() {
    let query = Query::new("CN", "2026-01-20".parse().unwrap());
    let answer = RuleBook::builtin().check(&item("h200-sxm"), &query).unwrap();
    assert_eq!(answer.class, "3A090.a");
    assert_eq!(answer.classes, ["3A090.a", "is-informed-2025-04"]);
    assert_eq!(answer.outcome, Outcome::LicenceCbc);
    assert_eq!(answer.rule.as_ref().unwrap().id, "us-2026-01-15-cbc");
    assert_eq!(answer.applied, ["us-2023-10-17-acs-ifr", "us-2025-04-09-is-informed", "us-2026-01-15-cbc"]);
    let tariff = answer.tariff.as_ref().unwrap();
    assert_eq!((tariff.rate_fraction, tariff.rule.as_str()), (0.25, "us-2026-01-14-s232-tariff"));
    assert_eq!(answer.confirmation, "yes");
    let margins = answer.margins.as_ref().unwrap();
    let tpp = margins.iter().find(|margin| margin.quantity == "tpp" && margin.threshold == 4800.0).unwrap();
    assert_eq!((tpp.relation, tpp.met), (">=", Some(true)));
    assert!((tpp.margin_fraction.unwrap() - (15_832.0 / 4800.0 - 1.0)).abs() < 0.001);
    assert!(answer.notes.iter().any(|note| note.starts_with("cn-2026-01-13-h200-customs")), "{:?}", answer.notes);
}

#[test]
fn a_statement_confirms_the_same_rule_on_other_days_but_no_other_rule() {
    let confirmed = |chip: &str, to: &str, on: &str| {
        RuleBook::builtin().check(&item(chip), &Query::new(to, on.parse().unwrap())).unwrap().confirmation
    };
    assert_eq!(confirmed("h20-96", "CN", "2025-04-12"), "yes", "NVIDIA's filing, a month before the snapshot's day");
    assert_eq!(confirmed("h20-96", "CN", "2022-10-21"), "arithmetic", "free then too, but under other rules");
    assert_eq!(confirmed("h100-sxm", "CN", "2025-12-01"), "yes", "denied by the rule of 2023");
    assert_eq!(confirmed("a40", "CN", "2025-12-01"), "arithmetic");
    assert_eq!(confirmed("xeon-8480p", "CN", "2025-12-01"), "none");
}

#[test]
fn reexports_and_buyers_at_home_in_china_stay_denied_in_2026() {
    let book = RuleBook::builtin();
    let mut query = Query::new("CN", "2026-08-01".parse().unwrap());
    query.reexport = true;
    let reexport = book.check(&item("h200-sxm"), &query).unwrap();
    assert_eq!((reexport.outcome, reexport.tariff), (Outcome::Denial, None));
    let mut query = Query::new("Germany", query.on);
    assert_eq!(book.check(&item("h200-sxm"), &query).unwrap().outcome, Outcome::Free);
    query.headquartered_in = Some("China (PRC)".into());
    assert_eq!(book.check(&item("h200-sxm"), &query).unwrap().outcome, Outcome::Denial);
}

#[test]
fn what_is_not_modelled_is_said() {
    let book = RuleBook::builtin();
    let codes = |to: &str, on: &str| -> Vec<&str> {
        let answer = book.check(&item("h100-sxm"), &Query::new(to, on.parse().unwrap())).unwrap();
        answer.warnings.iter().map(|warning| warning.code).collect()
    };
    assert_eq!(codes("CN", "2022-08-25"), ["before_first_rule"]);
    assert_eq!(codes("CN", "2027-01-01"), ["after_as_of"]);
    assert_eq!(codes("IR", "2025-01-01"), ["embargo_not_modelled"]);
    assert_eq!(codes("CN", "2025-01-01"), [""; 0]);
}

#[test]
fn the_last_regime_stays_after_the_last_known_date() {
    let book = RuleBook::builtin();
    let china = Iso2::new("CN").unwrap();
    for item in items() {
        let then = book.outcome(&item, china, book.as_of);
        assert_eq!(book.outcome(&item, china, Date::constant(2035, 12, 31)), then, "{}", item.id);
    }
}

#[test]
fn the_cheap_outcome_is_the_full_answers() {
    let book = RuleBook::builtin();
    for day in ["2022-09-01", "2023-10-25", "2025-04-10", "2026-08-01"] {
        let day: Date = day.parse().unwrap();
        for (item, to) in items().iter().flat_map(|item| ["CN", "AE", "RU"].map(|to| (item, to))) {
            let full = book.check(item, &Query::new(to, day)).unwrap().outcome;
            assert_eq!(book.outcome(item, Iso2::new(to).unwrap(), day), full, "{} to {to} on {day}", item.id);
        }
    }
}

#[test]
fn an_answer_has_exactly_the_keys_of_the_contract() {
    let book = RuleBook::builtin();
    let query = Query::new("CN", "2026-01-20".parse().unwrap());
    let answer = serde_json::to_value(book.check(&item("h200-sxm"), &query).unwrap()).unwrap();
    let keys: Vec<&str> = answer.as_object().unwrap().keys().map(String::as_str).collect();
    let expected = "chip query metrics class classes outcome outcome_text rule applied margins tariff confirmation notes \
                    not_covered";
    assert_eq!(keys, expected.split_whitespace().collect::<Vec<_>>());
    assert_eq!(answer["query"]["on"], "2026-01-20");
    assert_eq!(answer["metrics"]["tpp_dtype"], "fp16");
    let table = serde_json::to_value(book.table(&items(), &query).unwrap()).unwrap();
    assert!(table[0].get("margins").is_none());
    assert_eq!(table.as_array().unwrap().len(), items().len());
}
