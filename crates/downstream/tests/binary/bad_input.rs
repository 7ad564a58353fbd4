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
    ];
    for (line, code, word) in cases {
        let error = downstream(line).error();
        assert_eq!(error["code"], code, "{line}: {error}");
        assert!(error.to_string().contains(word), "{line}: {error}");
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
