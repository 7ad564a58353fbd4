//! Bad input: exit code 2, one clear message with place and suggestion, nothing on stdout, nothing half written.

use crate::support::{downstream, file, folder, run};

/// Each is a mistake somebody will make, with the code of the problem and a word of the message or suggestion.
#[test]
fn mistakes_on_the_command_line_are_named() {
    let cases = [
        ("facts chips h1000 --json", "unknown_chip", "h100"),
        ("world --compare history hybrid --variable adoption --json", "unknown_variable", "adoption_fraction"),
        ("world --compare history hybrid --at 2099Q1 --json", "bad_quarter", "2035Q4"),
        ("world --trace service_price --json", "unknown_variable", "service_price_usd_per_mtok"),
        ("world --policy history --at 2030Q1 --json", "bad_arguments", "--trace"),
        ("world --compare history hibrid --json", "unknown_policy", "hybrid"),
        ("facts models deepseek-v33 --json", "unknown_model", "deepseek"),
        ("rules check h200 --to Chnia --on 2026-01-20 --json", "unknown_country", "CN"),
        ("rules check h200 --to CN --on 2026-13-20 --json", "bad_arguments", "2026-01-20"),
        (
            "estimate --model deepseek-v3 --chip h200 --chips 8 --input NaN --output 1 --concurrency 1 --json",
            "bad_arguments",
            "NaN",
        ),
        (
            "estimate --model deepseek-v3 --chip h200 --chips 8 --input -5 --output 1 --concurrency 1 --json",
            "bad_arguments",
            "-5",
        ),
        (
            "estimate --model deepseek-v3 --chip h200 --chips 0 --input 5 --output 1 --concurrency 1 --json",
            "bad_arguments",
            "0",
        ),
        (
            "estimate --model deepseek-v3 --chip h200 --chips 8 --tp 3 --input 5 --output 1 --concurrency 1 --json",
            "chips_do_not_multiply",
            "3",
        ),
        (
            "estimate --model deepseek-v3 --chip h200 --chips 8 --ep 3 --input 5 --output 1 --concurrency 1 --json",
            "ep_does_not_divide",
            "3",
        ),
        (
            "estimate --model deepseek-v3 --chip h200 --chips 8 --weights fp9 --input 5 --output 1 --concurrency 1 --json",
            "unknown_dtype",
            "fp8",
        ),
        (
            "estimate --model deepseek-v3 --chip h200 --chips 8 --engine vlm --input 5 --output 1 --concurrency 1 --json",
            "unknown_engine",
            "vllm",
        ),
        (
            "plan --model deepseek-v3 --workload azure-conversation --rate 12 --slo ttft=2s --json",
            "bad_arguments",
            "/s",
        ),
        (
            "plan --model deepseek-v3 --workload azure-conversation --rate 12/s --slo ttft=2 --json",
            "bad_arguments",
            "2s",
        ),
        (
            "plan --model deepseek-v3 --workload azur-conversation --rate 12/s --slo ttft=2s,tpot=50ms --json",
            "unknown_workload",
            "azure",
        ),
        ("world --policy hystory --json", "unknown_policy", "history"),
        ("world --policy history --set inputs.nothing=3 --json", "unknown_input", ""),
        ("brief --policy no-contrls --json", "unknown_policy", "no-controls"),
        ("world --policy history --policy history --json", "doubled_policy", "'history'"),
        ("world --policy history --explain --json", "bad_arguments", "--explain goes with --compare"),
        (
            "world --policy history --variable adoption_fraction --json",
            "bad_arguments",
            "--variable goes with --compare",
        ),
        ("world --policy history --futures 10 --seed 1e5 --json", "bad_arguments", "whole number"),
        ("plan --model m --workload w --rate 1e-300/s --slo ttft=2s --json", "bad_arguments", "1e-12"),
        ("plan --model m --workload w --rate 1e18/s --slo ttft=2s --json", "bad_arguments", "1e15"),
        ("plan --model m --workload w --rate 1/s --slo ttft=2parsec --json", "bad_arguments", "not a unit of time"),
    ];
    for (line, code, word) in cases {
        let error = downstream(line).error();
        assert_eq!(error["code"], code, "{line}: {error}");
        assert!(error.to_string().contains(word), "{line}: {error}");
    }
}

/// An id of another world gets three that are there and no answer.
#[test]
fn an_unknown_id_is_answered_with_the_three_nearest() {
    for line in [
        "facts chips nonsuch",
        "facts models nonsuch",
        "facts rules nonsuch",
        "facts policies nonsuch",
        "facts workloads nonsuch",
        "facts sectors nonsuch",
        "rules check h20 --to ZZ --on 2026-01-20",
        "world --trace foo",
        "world --compare history hybrid --variable foo",
    ] {
        let error = downstream(&format!("{line} --json")).error();
        let message = error["message"].as_str().unwrap();
        let near = message.split_once("; nearest: ").map_or("", |(_, near)| near);
        assert_eq!(near.split(", ").filter(|name| !name.is_empty()).count(), 3, "{line}: {message}");
    }
    let eu = downstream("rules check h20 --to EU --on 2026-01-20 --json").error();
    assert!(eu["suggestion"].is_null(), "two letters of Reunion are no likeness: {eu}");
}

/// A minus sign does not hide which flag is wrong.
#[test]
fn a_negative_number_is_refused_under_the_name_of_its_flag() {
    for (flag, line) in [
        ("--chips", "estimate --model m --chip h200 --input 1 --output 1 --concurrency 1 --chips -1"),
        ("--images", "estimate --model m --chip h200 --chips 1 --input 1 --output 1 --concurrency 1 --images -1"),
        ("--rate", "plan --model m --workload w --slo ttft=2s --rate -1/s"),
        ("--top", "plan --model m --workload w --slo ttft=2s --rate 1/s --top -1"),
        ("--futures", "world --policy history --futures -1"),
        ("--seed", "world --policy history --futures 9 --seed -1"),
        ("--threads", "facts chips --threads -1"),
    ] {
        let error = downstream(&format!("{line} --json")).error();
        let message = error["message"].as_str().unwrap();
        assert!(message.contains(&format!("for '{flag} ")), "{line}: {message}");
    }
}

/// Policies that cannot run in the scenario are told with their file and line; ids that are none, too.
#[test]
fn what_is_wrong_with_a_policy_file_has_its_place() {
    let head = "schema = \"downstream/policy/1\"\ntitle = \"t\"\nbase = \"builtin:no-controls\"\n";
    let cases = [
        ("eu.toml", "id = \"a\"\nactor = \"eu\"\n", "unknown_bloc", 5),
        ("blank.toml", "id = \"a b\"\n", "bad_id", 4),
        ("rich.toml", "id = \"a\"\nenvelope_usd_per_year = 1e308\n", "out_of_range", 5),
        ("level.toml", "id = \"a\"\n[levers.enforcement]\nuss = 0.5\n", "unknown_bloc", 5),
    ];
    for (name, rest, code, line) in cases {
        let path = file(name, format!("{head}{rest}").as_bytes());
        let error = downstream(&format!("world --policy {path} --json")).error();
        assert_eq!((error["code"].as_str(), error["line"].as_u64()), (Some(code), Some(line)), "{name}: {error}");
        assert!(error["file"].as_str().unwrap().ends_with(name), "{error}");
    }
    let twin = file("twin.toml", format!("{head}id = \"history\"\n").as_bytes());
    let error = downstream(&format!("world --policy {twin} --policy history --json")).error();
    assert_eq!(error["code"], "doubled_policy");
}

#[test]
fn a_chip_file_that_is_no_toml_is_told_so_and_not_that_keys_are_missing() {
    let path = file("brackets.toml", b"[[[[[\n");
    let error = downstream(&format!("rules check --to CN --on 2026-01-20 --json --chip-file {path}")).error();
    assert_eq!(error["code"], "bad_toml", "{error}");
}

#[test]
fn a_file_of_cases_is_read_whole_or_refused() {
    let head = "case_id,chip_id,date,destination,";
    for (name, rest, code, line) in [
        ("twice.csv", "tpp\na,h20-96,2026-01-20,CN,\na,h20-96,2026-01-20,CN,\n", "doubled_case", 3),
        ("absurd.csv", "tpp\r\na,synthetic,2026-01-20,CN,1e308\r\n", "bad_number", 2),
        ("misspelt.csv", "tp_p\na,synthetic,2026-01-20,CN,100\n", "misspelt_column", 1),
    ] {
        let path = file(name, format!("{head}{rest}").as_bytes());
        let error = downstream(&format!("rules check --json --cases {path}")).error();
        assert_eq!((error["code"].as_str(), error["line"].as_u64()), (Some(code), Some(line)), "{name}: {error}");
    }
}

#[test]
fn facts_are_listed_by_id() {
    for kind in ["chips", "models", "rules", "policies", "workloads"] {
        let rows = downstream(&format!("facts {kind} --json")).json()["result"]["rows"].clone();
        let ids: Vec<&str> = rows.as_array().unwrap().iter().map(|row| row["id"].as_str().unwrap()).collect();
        assert!(ids.is_sorted(), "{kind}: {ids:?}");
    }
}

/// The horizon of the claims is fixed: a run that ends before it decides none of those that have one.
#[test]
fn a_run_that_ends_before_the_horizon_leaves_the_claims_undecided() {
    let out = folder("short-brief").join("out");
    let run = run(&["brief", "--futures", "16", "--set", "run.until=2029Q4", "--out", out.to_str().unwrap(), "--json"]);
    for claim in run.json()["result"]["claims"].as_array().unwrap().iter().filter(|claim| claim["id"] != "C8") {
        assert_eq!(claim["verdict"], "not_yet_decidable", "{}", claim["id"]);
        assert_eq!(claim["needs"][0], "run:2030Q4", "{}", claim["id"]);
    }
}

/// Files that are no files, or not what they should be, wherever a file can be named.
#[test]
fn broken_files_are_refused_wherever_a_file_is_read() {
    let there = folder("a-folder").display().to_string();
    let empty = file("empty", b"");
    let not_utf8 = file("not-utf8", b"schema = \"\xff\xfe\"\n");
    let long = file("long-line", &vec![b'a'; 100 << 20]);
    let nonsense = file("nonsense", b"{]=,\"\n\x00\n");
    let gzip = file("gzip", &[0x1f, 0x8b, 8, 0, 0, 0]);
    let verbs: [&[&str]; 8] = [
        &["rules", "check", "--to", "CN", "--on", "2026-01-20", "--chip-file"],
        &["rules", "check", "--cases"],
        &[
            "estimate",
            "--chip",
            "h100",
            "--chips",
            "1",
            "--input",
            "5",
            "--output",
            "5",
            "--concurrency",
            "1",
            "--model",
        ],
        &["plan", "--model", "deepseek-v3", "--rate", "1/s", "--slo", "ttft=2s,tpot=50ms", "--workload"],
        &["world", "--policy", "history", "--scenario"],
        &["validate", "--measurements"],
        &["scenario", "check"],
        &["brief"],
    ];
    for verb in verbs {
        for content in [&there, &empty, &not_utf8, &long, &nonsense, &gzip, &"/nowhere/at/all.toml".to_string()] {
            let mut args = verb.to_vec();
            let named =
                if verb[0] == "estimate" && content == &empty { format!("{content}.json") } else { content.clone() };
            args.push(&named);
            args.push("--json");
            let said = run(&args);
            assert_eq!(said.code, 2, "{args:?}: {} {}", said.stdout, said.stderr);
            assert!(said.stdout.is_empty(), "{args:?}");
            assert!(!said.stderr.contains("panicked"), "{args:?}: {}", said.stderr);
        }
    }
}

#[test]
fn a_folder_of_data_that_is_wrong_is_refused_whole() {
    let data = folder("wrong-data");
    std::fs::write(data.join("chips.csv"), "id,name\nx,y\n").unwrap();
    std::fs::write(data.join("chip.csv"), "").unwrap();
    let said = run(&["facts", "chips", "--data", data.to_str().unwrap()]);
    assert_eq!(said.code, 2);
    assert!(said.stderr.contains("chips.csv") && said.stderr.contains("did you mean"), "{}", said.stderr);
}
