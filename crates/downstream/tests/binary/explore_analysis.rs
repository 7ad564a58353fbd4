//! `explore analyse` and `explore adapt`: a page with its data beside it, policies as files that other verbs take, and what
//! bad input says.

use crate::support::{folder, run};
use std::path::Path;

fn explored(root: &Path, more: &[&str]) -> String {
    let out = root.join("futures").to_str().unwrap().to_string();
    let base = [
        "explore",
        "--set",
        "run.until=2028Q4",
        "--policy",
        "history",
        "--policy",
        "diffusion-first",
        "--outputs",
        "value_usd_per_year@us@2028Q4",
        "--outputs",
        "service_price_usd_per_mtok@rest@2028Q4",
        "--inputs",
        "demand_elasticity",
        "--inputs",
        "algorithmic_progress_per_year",
        "--inputs",
        "adopt_prior*",
        "--inputs",
        "camp:productivity",
        "--out",
        &out,
    ];
    let said = run(&[&base[..], more].concat());
    assert_eq!(said.code, 0, "{}", said.stderr);
    out
}

#[test]
fn a_page_holds_a_plot_for_each_method_and_its_data_beside_it() {
    let root = folder("analyse");
    let futures = explored(&root, &["--runs", "200"]);
    let page = root.join("page");
    let said = run(&["explore", "analyse", &futures, "--out", page.to_str().unwrap(), "--json"]);
    assert_eq!(said.code, 0, "{}", said.stderr);
    let result = said.json()["result"].clone();
    let used = |id: &str| {
        let methods = result["methods"].as_array().unwrap();
        methods.iter().find(|method| method["id"] == id).unwrap()["why_not"].clone()
    };
    assert_eq!(used("sobol"), "needs_saltelli");
    assert_eq!(used("morris"), "needs_morris");
    for id in ["tornado", "given", "delta", "pawn", "regret", "pareto"] {
        assert!(used(id).is_null(), "{id}: {}", used(id));
    }
    assert_eq!(result["outputs"][1]["less_is_better"], true, "a price");
    let html = units::read_text(&page.join("index.html")).unwrap();
    for id in ["tornado-0", "given-0", "delta-0", "pawn-0", "regret"] {
        assert!(html.contains(&format!("id=\"{id}\"")), "{id}");
    }
    assert!(!html.contains("<script") && !html.contains("NaN") && html.contains("--design saltelli"));
    let influence = units::read_text(&page.join("influence.csv")).unwrap();
    assert!(influence.starts_with("output,input,measure,value,low,high\n") && influence.contains(",delta,"));
    assert!(page.join("regret.csv").exists() && page.join("methods.csv").exists());
    // The same runs, the same page.
    let again = root.join("again");
    run(&["explore", "analyse", &futures, "--out", again.to_str().unwrap(), "--threads", "1"]);
    assert_eq!(html, units::read_text(&again.join("index.html")).unwrap());
}

#[test]
fn designs_of_their_own_give_the_methods_of_their_own() {
    for (design, runs, wanted, not) in [("saltelli", "112", "sobol", "morris"), ("morris", "60", "morris", "prim")] {
        let root = folder(&format!("analyse-{design}"));
        let futures = explored(&root, &["--design", design, "--runs", runs]);
        let said = run(&["explore", "analyse", &futures, "--json"]);
        assert_eq!(said.code, 0, "{}", said.stderr);
        let result = said.json()["result"].clone();
        assert!(!result["influence"][0][wanted].is_null(), "{wanted}");
        let methods = result["methods"].as_array().unwrap().clone();
        assert!(!methods.iter().find(|method| method["id"] == not).unwrap()["why_not"].is_null(), "{not}");
        assert!(root.join("futures-page/index.html").exists(), "beside the runs");
    }
}

#[test]
fn what_is_not_there_is_refused_with_what_is_near() {
    let root = folder("analyse-bad");
    let futures = explored(&root, &["--runs", "20"]);
    let refused = |more: &[&str]| {
        let said = run(&[&["explore", "analyse", &futures, "--json"], more].concat());
        assert_eq!(said.code, 2, "{more:?}: {}", said.stderr);
        said.error()
    };
    assert_eq!(refused(&["--interest", "wins:diffusion"])["suggestion"], "wins:diffusion-first");
    assert_eq!(refused(&["--interest", "large"])["code"], "bad_interest");
    assert_eq!(refused(&["--policy", "histroy"])["suggestion"], "history");
    let output = refused(&["--output", "value_usd_per_year@us@2028Q3"]);
    assert_eq!(
        (&output["code"], &output["suggestion"]),
        (&"unknown_output".into(), &"value_usd_per_year@us@2028Q4".into())
    );
    let nowhere = run(&["explore", "analyse", root.join("nothing").to_str().unwrap(), "--json"]);
    assert_eq!((nowhere.code, &nowhere.error()["code"]), (2, &"unreadable".into()));
}

#[test]
fn a_search_writes_policies_that_the_world_runs() {
    let root = folder("adapt");
    let out = root.join("found");
    let search = |more: &[&str]| {
        let base = [
            "explore",
            "adapt",
            "--policy",
            "history",
            "--policy",
            "diffusion-first",
            "--policy",
            "all-chip-controls",
            "--futures",
            "3",
            "--population",
            "8",
            "--generations",
            "2",
            "--set",
            "run.until=2030Q4",
            "--json",
            "--out",
        ];
        run(&[&base[..], &[out.to_str().unwrap()], more].concat())
    };
    let said = search(&[]);
    assert_eq!(said.code, 0, "{}", said.stderr);
    let result = said.json()["result"].clone();
    assert_eq!((result["rated"].as_u64(), result["fixed"].as_array().unwrap().len()), (Some(24), 3));
    let found = result["adaptive"].as_array().unwrap();
    assert!(!found.is_empty());
    let file = out.join("adaptive-1.toml");
    let world = run(&["world", "--policy", file.to_str().unwrap(), "--until", "2027Q4", "--json"]);
    assert_eq!(world.code, 0, "{}", world.stderr);
    assert!(units::read_text(&out.join("front.csv")).unwrap().lines().count() > 9);
    assert_eq!(search(&["--threads", "1"]).stdout, said.stdout, "the same for one thread");
    let bad = search(&["--signpost", "fleet_chip@china"]);
    assert_eq!((bad.code, &bad.error()["suggestion"]), (2, &"fleet_chips".into()));
    let alone = run(&["explore", "adapt", "--policy", "history", "--out", root.join("x").to_str().unwrap(), "--json"]);
    assert_eq!((alone.code, &alone.error()["code"]), (2, &"one_policy".into()));
}
