//! What each verb answers, on cases with known answers.

use crate::support::{downstream, run, shared};

#[test]
fn all_two_hundred_export_cases_agree() {
    let Some(file) = shared("data/hardware/export_rules_cases.csv") else { return };
    let result = run(&["rules", "check", "--cases", file.to_str().unwrap(), "--json"]).json()["result"].clone();
    assert_eq!((result["rows"].as_u64(), result["mismatched"].as_u64()), (Some(200), Some(0)), "{result}");
}

#[test]
fn the_h20_needed_no_licence_until_the_letters_of_april_2025() {
    let outcome = |day: &str| {
        downstream(&format!("rules check h20 --to CN --on {day} --json")).json()["result"]["outcome"].clone()
    };
    assert_eq!(outcome("2024-06-01"), "free");
    assert_eq!(outcome("2025-04-12"), "licence");
}

#[test]
fn a_model_is_counted_as_the_golden_table_counts_it() {
    let result = downstream("facts models deepseek-ai/DeepSeek-V3 --json").json()["result"].clone();
    assert_eq!(result["rows"][0]["counts"]["total"], 671_026_419_200_u64, "{result}");
}

#[test]
fn a_model_that_does_not_fit_is_an_answer_with_the_nearest_that_does() {
    let line = "estimate --model deepseek-v3 --chip h100 --chips 4 --input 1024 --output 128 --concurrency 4 --json";
    let result = downstream(line).json()["result"].clone();
    assert_eq!(result["fits"], false);
    assert_eq!(result["refusal"]["code"], "out_of_memory");
    assert!(result["refusal"]["nearest"]["chips"].as_u64().unwrap() > 4, "{result}");
    assert!(result["latency"]["tpot_s"]["value"].is_null());
}

#[test]
fn a_pool_of_one_phase_says_what_it_does_and_nothing_of_what_it_does_not() {
    let pool = "estimate --model deepseek-v3 --chip h100 --chips 72 --dp 72 --ep 72 --engine sglang --overlap --json";
    let decode = format!("{pool} --input 2000 --output 100 --concurrency 18432 --phase decode --placement by-load");
    let result = downstream(&decode).json()["result"].clone();
    assert!(result["latency"]["ttft_s"]["value"].is_null());
    assert!(result["throughput"]["output_tok_per_s"]["value"].as_f64().unwrap() > 1e5, "{result}");
    assert_eq!(result["workload"]["phase"], "decode");
    assert_eq!(result["deployment"]["placement"], "by_load");
    let wrong = format!("{pool} --input 9 --output 9 --concurrency 1 --cached-fraction 1.5");
    assert_eq!(downstream(&wrong).code, 2);
}

#[test]
fn tokens_leave_as_fast_as_requests_in_flight_allow() {
    let line = "estimate --model llama-3.1-8b --chip h100 --chips 1 --input 512 --output 256 --concurrency 16 --json";
    let result = downstream(line).json()["result"].clone();
    let value = |path: &str| result.pointer(path).and_then(serde_json::Value::as_f64).unwrap();
    // Little's law: requests in flight = requests a second x seconds each stays.
    let in_flight = value("/throughput/requests_per_s/value") * value("/latency/e2e_s/value");
    assert!((in_flight / 16.0 - 1.0).abs() < 0.05, "{in_flight}");
}

#[test]
fn a_drafted_token_comes_sooner_and_a_model_without_a_drafting_layer_says_so() {
    let line = "estimate --model deepseek-v3 --chip h200 --chips 8 --input 1024 --output 512 --concurrency 4 --json";
    let tpot = |more: &str| {
        let result = downstream(&format!("{line}{more}")).json()["result"].clone();
        (result["latency"]["tpot_s"]["value"].as_f64().unwrap(), result["deployment"]["speculative"].clone())
    };
    let ((plain, none), (drafted, mtp)) = (tpot(""), tpot(" --speculative mtp:3"));
    assert!(drafted < 0.8 * plain && none.is_null(), "{plain} {drafted}");
    assert_eq!((mtp["draft_tokens"].as_u64(), mtp["source"].as_str()), (Some(3), Some("transferred")));
    for wrong in [
        "estimate --model kimi-k2.5 --chip b200 --chips 8 --input 9 --output 9 --concurrency 1 --speculative mtp:3",
        "estimate --model deepseek-v3 --chip h200 --chips 8 --input 9 --output 9 --concurrency 1 --speculative mtp:99",
    ] {
        assert_eq!(downstream(wrong).code, 2, "{wrong}");
    }
}

#[test]
fn a_scenario_differs_from_the_built_in_one_in_what_it_changes() {
    let path = crate::support::file("diff.toml", b"schema = \"downstream/scenario/1\"\n[run]\nfutures = 7\n");
    let result = run(&["scenario", "diff", &path, "--json"]).json()["result"].clone();
    let expected = serde_json::json!([{"key": "run.futures", "a": "1000", "b": "7"}]);
    assert_eq!(result["differences"], expected, "{result}");
    assert!(run(&["scenario", "diff", &path, &path]).stdout.contains("say the same of every key"));
}

#[test]
fn what_parts_and_mechanisms_add_sums_to_the_difference_between_two_policies() {
    let line = "world --compare history hybrid --explain --variable adoption_fraction --at 2030Q4 --json";
    let result = downstream(line).json()["result"].clone();
    let differences = result["differences"].as_array().unwrap();
    assert_eq!(differences.len(), 4, "three blocs and the world: {result}");
    for found in differences {
        let number = |value: &serde_json::Value| value.as_f64().unwrap();
        let sum = |key: &str| found[key].as_array().unwrap().iter().map(|one| number(&one["value"])).sum::<f64>();
        let difference = number(&found["difference"]);
        assert!((number(&found["b"]) - number(&found["a"]) - difference).abs() < 1e-12, "{found}");
        assert!((sum("parts") - difference).abs() < 1e-9, "{found}");
        assert!((sum("mechanisms") + number(&found["beyond_mechanisms"]) - difference).abs() < 1e-9, "{found}");
    }
    let parts: Vec<&str> =
        differences[0]["parts"].as_array().unwrap().iter().filter_map(|part| part["name"].as_str()).collect();
    assert_eq!(parts, ["adoption_programme", "open_science", "open_stance"], "hybrid is history with these three");
}

#[test]
fn statements_of_ones_own_are_held_against_every_future_of_a_scenario() {
    let scenario = crate::support::file("checked.toml", b"schema = \"downstream/scenario/1\"\n");
    let holds = run(&["scenario", "check", &scenario, "--futures", "2", "--strict", "--json"]).json()["result"].clone();
    assert!(holds["checks"]["statements"].as_array().unwrap().iter().all(|one| one["broken"] == 0), "{holds}");
    let text = "schema = \"downstream/checks/1\"\n[[check]]\nid = \"a\"\nsays = \"Nobody adopts.\"\neach = [\"adoption_fraction\"]\nrelation = \"at_most\"\nright = 0.0\n";
    let checks = crate::support::file("false.toml", text.as_bytes());
    let broken = ["scenario", "check", &scenario, "--futures", "1", "--checks", &checks];
    assert!(run(&broken).stdout.contains("1 of 1 statements are broken"));
    assert_eq!(run(&[&broken[..], &["--strict"]].concat()).code, 1);
}

#[test]
fn a_trace_names_what_a_price_is_made_of_down_to_the_sources() {
    let result =
        downstream("world --trace service_price_usd_per_mtok --at 2028Q2 --depth 1 --json").json()["result"].clone();
    let variables = result["variables"].as_array().unwrap();
    let named: Vec<&str> = variables.iter().filter_map(|one| one["variable"].as_str()).collect();
    assert!(
        named.starts_with(&["service_price_usd_per_mtok", "service_cost_usd_per_mtok", "markup_fraction"]),
        "{named:?}"
    );
    let pue = variables[0]["inputs"].as_array().unwrap().iter().find(|input| input["key"] == "pue").unwrap();
    assert_eq!((pue["unit"].as_str(), pue["kind"].as_str()), (Some("ratio"), Some("measured")), "{pue}");
    assert!(pue["source"].as_str().unwrap().len() > 3 && pue["low"].as_f64() < pue["high"].as_f64(), "{pue}");
}

#[test]
fn a_trace_shows_the_value_that_the_scenario_says() {
    let line = "world --trace service_cost_usd_per_mtok --depth 0 --set inputs.pue={dist=\"fixed\",value=2.0,unit=\"ratio\",source=\"mine\"} --json";
    let result = downstream(line).json()["result"].clone();
    let inputs = result["variables"][0]["inputs"].as_array().unwrap().clone();
    let pue = inputs.iter().find(|input| input["key"] == "pue").unwrap();
    assert_eq!(
        (pue["value"].as_f64(), pue["kind"].as_str(), pue["source"].as_str()),
        (Some(2.0), Some("scenario"), Some("mine"))
    );
}

#[test]
fn the_accuracy_board_is_one_page_that_asks_for_nothing_and_says_what_was_missed() {
    let path = crate::support::folder("accuracy").join("accuracy.html").display().to_string();
    let result = run(&["validate", "--page", &path, "--json"]).json()["result"].clone();
    let page = units::read_text(std::path::Path::new(&path)).unwrap();
    for said in [
        "<!DOCTYPE html>",
        "How accurate the performance model is",
        "class=\"points",
        "nothing scored",
        "chip left out",
    ] {
        assert!(page.contains(said), "no '{said}'");
    }
    assert!(!page.contains("<script") && !page.contains("http://") && !page.contains("https://"));
    assert_eq!(result["leave_out"], "none");
    // A second page is not written over the first.
    let again = run(&["validate", "--page", &path]);
    assert!(again.stderr.contains("is already there"), "{}", again.stderr);
}
