//! The examples, through the binary: every command of their READMEs prints what they show, and an example with one
//! mistake is refused with exactly one code.

#![allow(clippy::unwrap_used, clippy::expect_used)] // a test may stop where it stands

use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, Output},
};

use serde_json::Value;

/// Relative difference of two numbers that are shown alike: a model may be recalibrated without every page rewritten,
/// but not by more.
const TOLERANCE: f64 = 0.10;
/// The command at the head of a block.
const PROMPT: &str = "$ downstream ";
/// The line that stands for lines left out.
const CUT: &str = "...";

fn examples() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples")
}

fn run(folder: &Path, line: &str) -> Output {
    Command::new(env!("CARGO_BIN_EXE_downstream")).args(line.split_whitespace()).current_dir(folder).output().unwrap()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

/// The `result` of a command that answers.
fn result(example: &str, line: &str) -> Value {
    let output = run(&examples().join(example), &format!("{line} --json"));
    assert_eq!(output.status.code(), Some(0), "{line}: {}", text(&output.stderr));
    serde_json::from_slice::<Value>(&output.stdout).unwrap()["result"].clone()
}

/// Commands of a page, each with the lines that it shows.
fn blocks(page: &str) -> Vec<(String, Vec<String>)> {
    let mut blocks = Vec::new();
    let mut lines = page.lines();
    while lines.by_ref().any(|line| line == "```console") {
        let command = lines.next().unwrap().strip_prefix(PROMPT).expect("a block begins with its command").to_string();
        let shown = lines.by_ref().take_while(|line| *line != "```").map(str::to_string).collect();
        blocks.push((command, shown));
    }
    blocks
}

/// A word of a line, or a number with the size that its unit has: `994 Gtok/s` is 9.94e11 of `tok/s`.
#[derive(Debug, PartialEq)]
enum Word<'a> {
    Text(&'a str),
    Number(f64),
}

fn words(line: &str) -> Vec<Word<'_>> {
    const PREFIXES: [(&str, f64); 7] =
        [("k", 1e3), ("M", 1e6), ("G", 1e9), ("T", 1e12), ("P", 1e15), ("E", 1e18), ("Z", 1e21)];
    const UNITS: [&str; 3] = ["tok/s", "B/s", "FLOP/s"];
    let mut words = Vec::new();
    for word in line.split_whitespace() {
        let sized = PREFIXES.iter().find_map(|(prefix, size)| {
            word.strip_prefix(prefix).filter(|unit| UNITS.contains(unit)).map(|unit| (unit, size))
        });
        if let (Some((unit, size)), Some(Word::Number(number))) = (sized, words.last_mut()) {
            *number *= size;
            words.push(Word::Text(unit));
        } else if let Ok(number) = word.trim_start_matches('$').replace(',', "").parse() {
            words.push(Word::Number(number));
        } else {
            words.push(Word::Text(word));
        }
    }
    words
}

/// The same words, and numbers that are near one another.
fn alike(shown: &str, printed: &str) -> bool {
    let (shown, printed) = (words(shown), words(printed));
    shown.len() == printed.len()
        && shown.iter().zip(&printed).all(|pair| match pair {
            (Word::Number(a), Word::Number(b)) => (a - b).abs() <= TOLERANCE * a.abs().max(b.abs()),
            (a, b) => a == b,
        })
}

#[test]
fn every_command_of_the_readmes_prints_what_they_show() {
    let mut commands = 0;
    for entry in fs::read_dir(examples()).unwrap() {
        let folder = entry.unwrap().path();
        if !folder.is_dir() {
            continue;
        }
        #[allow(clippy::disallowed_methods)]
        let page = fs::read_to_string(folder.join("README.md")).unwrap();
        for (command, shown) in blocks(&page) {
            commands += 1;
            let output = run(&folder, &command);
            assert_eq!(output.status.code(), Some(0), "{command}: {}", text(&output.stderr));
            let printed = text(&output.stdout);
            let mut printed = printed.lines().filter(|line| !line.trim().is_empty());
            for line in shown.iter().filter(|line| *line != CUT && !line.trim().is_empty()) {
                assert!(
                    printed.any(|printed| alike(line, printed)),
                    "{}: `{command}` no longer prints, in this order:\n{line}",
                    folder.display()
                );
            }
        }
    }
    assert!(commands >= 9, "only {commands} commands were found in the READMEs");
}

#[test]
fn a_chip_file_is_counted_as_the_rules_count() {
    let answer = result("my-chip", "rules check --chip-file chip.toml --to CN --on 2026-03-01");
    // 5e14 operations in 16 bits: 500 x 16 = 8,000; over 800 mm2, 10. Links 800 + 128 GB/s.
    assert_eq!(answer["metrics"]["tpp"], 8000.0, "{answer}");
    assert_eq!(answer["metrics"]["performance_density"], 10.0, "{answer}");
    assert_eq!(answer["outcome"], "licence_cbc");
    let cut = result("chip-for-china", "rules check --chip-file chip.toml --to CN --on 2026-03-01");
    assert_eq!(cut["outcome"], "free");
}

#[test]
fn a_policy_file_stands_beside_presets_in_a_world() {
    let world =
        result("inference-controls", "world --scenario scenario.toml --policy no-controls --policy bandwidth-cap.toml");
    let ids: Vec<&Value> = world["policies"].as_array().unwrap().iter().map(|policy| &policy["id"]).collect();
    assert_eq!(ids, ["no-controls", "bandwidth-cap"]);
    assert_eq!(world["quarters"].as_array().unwrap().last().unwrap(), "2030Q4");
}

/// An example with one edit, and the code with which it is refused.
struct Mistake {
    example: &'static str,
    file: &'static str,
    right: &'static str,
    wrong: &'static str,
    code: &'static str,
}

const SCENARIO: &str = "scenario check scenario.toml";
const WORLD: &str = "world --scenario scenario.toml --policy bandwidth-cap.toml";
const RULES: &str = "rules check --chip-file chip.toml --to CN --on 2026-03-01";
const PLAN: &str = "plan --model qwen3-32b --workload workload.toml --rate 3/s --slo ttft=2s,tpot=50ms";
const CASES: &str = "rules check --cases cases.csv";
const VALIDATE: &str = "validate --measurements measured.csv";

#[test]
fn one_mistake_in_an_example_is_refused_with_its_code() {
    let mistake = |example, file, right, wrong, code| Mistake { example, file, right, wrong, code };
    let scenario = |right, wrong, code| (SCENARIO, mistake("inference-controls", "scenario.toml", right, wrong, code));
    let policy = |right, wrong, code| (WORLD, mistake("inference-controls", "bandwidth-cap.toml", right, wrong, code));
    let chip = |right, wrong, code| (RULES, mistake("my-chip", "chip.toml", right, wrong, code));
    let cases = |right, wrong, code| (CASES, mistake("chip-for-china", "cases.csv", right, wrong, code));
    let mistakes = [
        scenario("inputs.leak_share", "inputs.leek_share", "unknown_input"),
        scenario("2030Q4", "2030Q5", "bad_quarter"),
        scenario("mode = 0.10", "mode = 0.30", "bad_distribution"),
        scenario("unit = \"fraction\"", "unit = \"percent\"", "wrong_unit"),
        scenario("futures = 100", "futurs = 100", "unknown_key"),
        policy("dram_bw >= 2000", "dram_bandwidth >= 2000", "bad_predicate"),
        policy("share = 0.5", "share = 1.5", "out_of_range"),
        policy("levers.enforcement", "levers.enforcment", "unknown_key"),
        policy("builtin:no-controls", "builtin:no-control", "unknown_policy"),
        policy("us = { share", "usa = { share", "unknown_bloc"),
        chip("memory_bytes = 1.28e11", "memory_bytes = 128", "out_of_range"),
        chip("die_area_mm2 = 800", "tpp = 8000", "computed_key"),
        chip("tdp_w = 600\n", "", "missing_key"),
        (PLAN, mistake("my-workload", "workload.toml", "p90 = 3600", "p90 = 1000", "bad_range")),
        (PLAN, mistake("my-workload", "workload.toml", "prefix_share = 0.4", "prefix_share = 40", "out_of_range")),
        cases("2025-04-08,CN", "2025-04-08,Chnia", "unknown_country"),
        cases("h20-96", "h20-97", "unknown_chip"),
        cases(",free", ",fre", "unknown_outcome"),
        (VALIDATE, mistake("my-measurements", "measured.csv", ",metric,", ",metrics,", "missing_column")),
        (VALIDATE, mistake("my-measurements", "measured.csv", "49.173855", "fast", "bad_number")),
    ];
    for (index, (line, mistake)) in mistakes.iter().enumerate() {
        let folder = patched(mistake, index);
        let output = run(&folder, &format!("{line} --json"));
        let (Mistake { wrong, code, .. }, said) = (mistake, text(&output.stderr));
        assert_eq!(output.status.code(), Some(2), "{wrong}: {said}");
        assert!(output.stdout.is_empty(), "{wrong}: an error leaves stdout empty");
        let error = serde_json::from_str::<Value>(said.lines().next().unwrap()).unwrap()["error"].clone();
        assert_eq!(error["code"], *code, "{wrong}: {error}");
        assert_eq!(error["more"], Value::Null, "{wrong}: one mistake, one problem: {error}");
    }
}

/// A copy of the example with its one mistake.
fn patched(mistake: &Mistake, index: usize) -> PathBuf {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("example-{index}"));
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).unwrap();
    for entry in fs::read_dir(examples().join(mistake.example)).unwrap() {
        let path = entry.unwrap().path();
        fs::copy(&path, folder.join(path.file_name().unwrap())).unwrap();
    }
    let file = folder.join(mistake.file);
    #[allow(clippy::disallowed_methods)]
    let whole = fs::read_to_string(&file).unwrap();
    assert!(whole.contains(mistake.right), "'{}' is no longer in {}", mistake.right, mistake.file);
    fs::write(file, whole.replacen(mistake.right, mistake.wrong, 1)).unwrap();
    folder
}
