//! Hindcasts, end to end.

use crate::support::{downstream, file, folder, run};
use serde_json::Value;

/// The head of a table of facts.
const HEAD: &str = "variable,bloc,date,value,low,high,unit\n";

#[test]
fn every_test_has_every_key_of_the_contract_and_the_same_bytes_twice() {
    let line = "hindcast V2 V5 V8 --json";
    let (once, again) = (downstream(line), downstream(&format!("{line} --threads 1")));
    assert_eq!(once.stdout, again.stdout, "threads do not change the answer");
    let tests = once.json()["result"]["tests"].as_array().unwrap().clone();
    assert_eq!(tests.iter().map(|test| test["id"].as_str().unwrap()).collect::<Vec<_>>(), ["V2", "V5", "V8"]);
    for test in &tests {
        for key in ["id", "title", "freeze", "sees_until", "points", "n_points", "n_independent", "score", "naive"] {
            assert!(!test[key].is_null(), "{key} of {}", test["id"]);
        }
        for key in ["pass_mark", "status", "placebo", "reason"] {
            assert!(test.get(key).is_some(), "{key} of {}", test["id"]);
        }
        for key in ["crps", "rmse", "coverage90_fraction", "skill_crps_fraction"] {
            assert!(test["score"].get(key).is_some(), "{key} of {}", test["id"]);
        }
        for key in ["series", "at", "unit", "truth", "truth_lo", "truth_hi", "p5", "p50", "p95", "naive"] {
            assert!(test["points"][0].get(key).is_some(), "{key} of a point of {}", test["id"]);
        }
    }
    let event_study = &tests[1];
    assert_eq!(event_study["placebo"]["shift_quarters"], 4);
    assert!(["fails_as_it_should", "passes"].contains(&event_study["placebo"]["status"].as_str().unwrap()));
}

#[test]
fn a_test_that_passes_only_because_its_placebo_does_is_no_pass() {
    let result = downstream("hindcast V4 V5 --json").json()["result"].clone();
    for test in result["tests"].as_array().unwrap() {
        assert!(test["placebo"]["status"] != "passes" || test["status"] == "fail", "{test}");
    }
}

#[test]
fn how_few_points_are_independent_is_said() {
    let said = downstream("hindcast V5 --json").json();
    assert_eq!(said["warnings"][0]["code"], "few_independent_points", "{}", said["warnings"]);
    assert!(downstream("hindcast V5").stderr.contains("6 to 10 independent points"));
}

#[test]
fn what_fails_is_an_answer_and_a_failure_only_where_that_is_asked_for() {
    // V9 fails: three studies do not give their inputs.
    assert_eq!(downstream("hindcast V9").code, 0);
    assert_eq!(downstream("hindcast V9 --strict").code, 1);
    assert_eq!(downstream("hindcast V2 --strict").code, 0);
}

#[test]
fn unknown_ids_are_refused_with_the_nearest() {
    let error = downstream("hindcast V11 --json").error();
    assert_eq!((error["code"].as_str(), error["suggestion"].as_str()), (Some("unknown_hindcast"), Some("V1")));
}

/// The forecast as `hindcast V10` lists it: variable, bloc, unit and median of the first point.
fn first_forecast() -> (String, String, f64) {
    let result = downstream("hindcast V10 --json").json()["result"].clone();
    let test = &result["tests"][0];
    assert_eq!((test["status"].as_str(), test["id"].as_str()), (Some("not_testable"), Some("V10")));
    assert!(test["reason"].as_str().unwrap().contains("--facts"));
    let point = &test["points"][0];
    assert_eq!((point["at"].as_str(), &point["truth"]), (Some("2026Q1"), &Value::Null));
    (point["series"].as_str().unwrap().into(), point["unit"].as_str().unwrap().into(), point["p50"].as_f64().unwrap())
}

#[test]
fn the_registered_forecast_is_scored_by_a_table_of_facts() {
    let (series, unit, median) = first_forecast();
    let (variable, bloc) = series.trim_end_matches(')').split_once(" (").unwrap();
    let row = |value: f64| file("facts.csv", format!("{HEAD}{variable},{bloc},2026Q1,{value},,,{unit}\n").as_bytes());
    let score = |path: &str| run(&["hindcast", "V10", "--facts", path, "--json"]).json()["result"]["tests"][0].clone();
    let right = score(&row(median));
    assert_eq!((right["n_points"].as_u64(), right["score"]["coverage90_fraction"].as_f64()), (Some(1), Some(1.0)));
    let wrong = score(&row(median * 100.0));
    assert_eq!((wrong["status"].as_str(), wrong["score"]["coverage90_fraction"].as_f64()), (Some("fail"), Some(0.0)));
    assert!(wrong["score"]["crps"].as_f64() > right["score"]["crps"].as_f64());
}

#[test]
fn a_table_of_facts_is_refused_whole_with_its_lines() {
    let rows = "nvidia_sale_flop_per_s,world,2026Q1,1e22,,,FLOP/s\nnvidia_sales_flop_per_s,mars,2026Q1,1e22,,,FLOP/s\n\
                nvidia_sales_flop_per_s,world,2026Q1,1e22,,,chips\nnvidia_sales_flop_per_s,world,2025Q4,1e22,,,FLOP/s\n\
                nvidia_sales_flop_per_s,world,2026Q1,many,,,FLOP/s\n";
    let path = file("facts-bad.csv", format!("{HEAD}{rows}").as_bytes());
    let error = run(&["hindcast", "V10", "--facts", &path, "--json"]).error();
    assert_eq!((error["code"].as_str(), error["line"].as_u64()), (Some("unknown_variable"), Some(2)), "{error}");
    let more: Vec<_> = error["more"]
        .as_array()
        .unwrap()
        .iter()
        .map(|each| (each["code"].as_str().unwrap(), each["line"].as_u64()))
        .collect();
    assert_eq!(more[..3], [("unknown_bloc", Some(3)), ("wrong_unit", Some(4)), ("bad_date", Some(5))]);
    assert_eq!(more[3].1, Some(6));
    assert_eq!(run(&["hindcast", "V10", "--facts", "nowhere.csv"]).code, 2);
    let empty = file("facts-empty.csv", HEAD.as_bytes());
    assert_eq!(run(&["hindcast", "V10", "--facts", &empty]).code, 2);
    assert_eq!(run(&["hindcast", "V1", "--facts", &path]).code, 2, "facts are for V10");
}

#[test]
fn registering_twice_gives_the_same_bytes_and_never_writes_over_a_file_unasked() {
    let to = folder("register");
    let register = |name: &str, more: &[&str]| {
        let path = to.join(name).display().to_string();
        run(&[&["hindcast", "V10", "--register", &path], more].concat())
    };
    assert_eq!(register("a.toml", &[]).code, 0);
    assert_eq!(register("b.toml", &["--threads", "1"]).code, 0);
    let read = |name: &str| units::read_text(&to.join(name)).unwrap();
    assert_eq!(read("a.toml"), read("b.toml"));
    assert_eq!(read("a.sha256").split_whitespace().next(), read("b.sha256").split_whitespace().next());
    assert_eq!(register("a.toml", &[]).code, 2);
    assert_eq!(run(&["hindcast", "--register", "x.toml"]).code, 2, "only V10 is registered");
}

#[test]
fn the_page_of_plots_asks_for_nothing() {
    let out = folder("hindcast-page").join("page").display().to_string();
    assert_eq!(run(&["hindcast", "V2", "V3", "V8", "--out", &out]).code, 0);
    let page = units::read_text(std::path::Path::new(&format!("{out}/hindcast.html"))).unwrap();
    assert!(page.contains("<svg") && page.contains("V8"));
    assert!(!page.contains("<script") && !page.contains("http://") && !page.contains("https://"));
    assert!(units::read_text(std::path::Path::new(&format!("{out}/hindcast.json"))).unwrap().contains("\"tests\""));
}
