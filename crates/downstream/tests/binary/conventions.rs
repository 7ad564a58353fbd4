//! What holds for every verb: the envelope, the exit codes, the same bytes for any number of threads.

use crate::support::{downstream, folder, run};
use std::process::{Command, Stdio};

const VERBS: [&str; 9] = [
    "facts chips",
    "facts models deepseek-v3",
    "rules check h20 --to CN --on 2025-04-20",
    "rules table --to AE --on 2026-08-01",
    "estimate --model deepseek-v3 --chip h200 --chips 8 --input 1024 --output 1024 --concurrency 64",
    "plan --model llama-3.3-70b --workload azure-conversation --rate 5/s --slo ttft=2s,tpot=50ms --top 3",
    "world --policy history --policy no-controls --until 2030Q4 --futures 20",
    "validate",
    "scenario show",
];

#[test]
fn the_envelope_is_the_same_for_every_verb() {
    for verb in VERBS {
        let object = downstream(&format!("{verb} --json")).json();
        let schema = object["schema"].as_str().unwrap();
        assert!(schema.starts_with("downstream/") && schema.ends_with("/1"), "{schema}");
        let keys: Vec<&String> = object.as_object().unwrap().keys().collect();
        assert_eq!(keys, ["schema", "version", "data", "seed", "warnings", "result"], "{verb}");
        assert_eq!(object["data"]["sha256"].as_str().unwrap().len(), 64, "{verb}");
    }
}

#[test]
fn the_same_input_gives_the_same_bytes_on_one_thread_and_on_four() {
    for verb in VERBS {
        for json in ["", " --json"] {
            let one = downstream(&format!("{verb}{json} --threads 1"));
            let four = downstream(&format!("{verb}{json} --threads 4"));
            assert_eq!((one.code, four.code), (0, 0), "{verb}: {}", one.stderr);
            assert!(one.stdout == four.stdout, "{verb}{json} differs between 1 and 4 threads");
        }
    }
}

#[test]
fn people_get_a_table_without_escape_codes_in_a_pipe() {
    for verb in VERBS {
        let said = downstream(verb);
        assert_eq!(said.code, 0, "{verb}: {}", said.stderr);
        assert!(said.stdout.lines().count() > 2, "{verb}: {}", said.stdout);
        assert!(!said.stdout.contains('\u{1b}') && !said.stderr.contains('\u{1b}'), "{verb}");
        assert!(!said.stdout.contains("NaN") && !said.stdout.contains("inf "), "{verb}: {}", said.stdout);
    }
}

#[test]
fn every_verb_has_help_with_an_example() {
    for verb in [
        "brief",
        "explore",
        "explore merge",
        "facts",
        "rules check",
        "rules table",
        "estimate",
        "plan",
        "world",
        "validate",
        "scenario check",
    ] {
        let said = downstream(&format!("{verb} --help"));
        assert_eq!(said.code, 0);
        assert!(said.stdout.contains("Example"), "{verb}: {}", said.stdout);
    }
}

#[test]
fn a_closed_pipe_is_no_error() {
    let mut child = Command::new(env!("CARGO_BIN_EXE_downstream"))
        .args(["facts", "models", "--json"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    assert!(output.stderr.is_empty(), "{}", String::from_utf8_lossy(&output.stderr));
}

#[test]
fn the_brief_writes_the_same_bytes_twice_and_refuses_a_folder_that_is_not_its_own() {
    let root = folder("brief");
    let read = |name: &str, threads: &str| {
        let out = root.join(name);
        let said =
            run(&["brief", "--futures", "16", "--seed", "7", "--threads", threads, "--out", out.to_str().unwrap()]);
        assert_eq!(said.code, 0, "{}", said.stderr);
        let mut files: Vec<_> = std::fs::read_dir(&out).unwrap().map(|entry| entry.unwrap().path()).collect();
        files.sort();
        files
            .into_iter()
            .map(|path| (path.file_name().unwrap().to_owned(), std::fs::read(path).unwrap()))
            .collect::<Vec<_>>()
    };
    let (one, two) = (read("one", "1"), read("two", "3"));
    let names: Vec<_> = one.iter().map(|(name, _)| name.to_string_lossy().into_owned()).collect();
    for wanted in ["README.md", "brief.html", "findings.json", "runs.csv", "scenario.toml", "trajectories.csv"] {
        assert!(names.iter().any(|name| name == wanted), "{wanted} is missing from {names:?}");
    }
    for ((name, a), (_, b)) in one.iter().zip(&two) {
        assert!(a == b, "{name:?} differs between two runs");
    }
    let foreign = folder("brief-foreign");
    std::fs::write(foreign.join("thesis.txt"), "years of work").unwrap();
    let said = run(&["brief", "--futures", "16", "--out", foreign.to_str().unwrap()]);
    assert_eq!(said.code, 2, "{}", said.stderr);
    assert!(foreign.join("thesis.txt").exists());
}
