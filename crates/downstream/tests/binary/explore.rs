//! `explore`: whatever stops it, however it is split, the same bytes; a model of one's own, with what goes wrong in it.

use crate::support::{Said, folder, run};
use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    thread,
    time::{Duration, Instant},
};

/// A small exploration of the world, to be written to a folder.
const WORLD: [&str; 11] = [
    "explore",
    "--set",
    "run.until=2028Q4",
    "--policy",
    "history",
    "--policy",
    "training-chip-controls",
    "--outputs",
    "value_usd_per_year@china@2028Q4",
    "--outputs",
    "share:tokens_served_per_s@us@2026Q1..2028Q4",
];

fn world(out: &Path, more: &[&str]) -> Said {
    let out = out.to_str().unwrap();
    run(&[&WORLD[..], &["--out", out], more].concat())
}

fn answered(said: &Said) {
    assert_eq!(said.code, 0, "{}", said.stderr);
}

/// Every file of a folder.
fn files(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    entries.map(|path| (path.file_name().unwrap().to_string_lossy().into_owned(), fs::read(path).unwrap())).collect()
}

fn assert_alike(folder: &Path, wanted: &Path) {
    let (found, wanted) = (files(folder), files(wanted));
    assert_eq!(found.keys().collect::<Vec<_>>(), wanted.keys().collect::<Vec<_>>());
    for (name, bytes) in found {
        assert!(bytes == wanted[&name], "{name} differs");
    }
}

#[test]
fn threads_and_shards_do_not_change_a_byte() {
    let root = folder("explore-shards");
    let whole = root.join("whole");
    let said = world(&whole, &["--runs", "50", "--threads", "1", "--json"]);
    let result = said.json()["result"].clone();
    assert_eq!((result["runs"].as_u64(), result["alternatives"].as_array().unwrap().len()), (Some(50), 2));
    assert_eq!(result["quantiles"].as_array().unwrap().len(), 4);
    assert_eq!(
        files(&whole).keys().collect::<Vec<_>>(),
        [".downstream-run.json", "blocks.csv", "manifest.json", "runs.csv", "scenario.toml"]
    );
    answered(&world(&root.join("many"), &["--runs", "50", "--threads", "4"]));
    assert_alike(&root.join("many"), &whole);
    let mut merge = vec!["explore".to_string(), "merge".into()];
    for shard in ["3/3", "1/3", "2/3"] {
        let out = root.join(format!("part-{}", &shard[..1]));
        answered(&world(&out, &["--runs", "50", "--shard", shard]));
        merge.push(out.display().to_string());
    }
    merge.extend(["--out".into(), root.join("merged").display().to_string()]);
    let merge: Vec<&str> = merge.iter().map(String::as_str).collect();
    answered(&run(&merge));
    assert_alike(&root.join("merged"), &whole);
    // One of them is missing: nothing is written, and the one is named.
    let said = run(&[&merge[..4], &["--out", root.join("less").to_str().unwrap(), "--json"]].concat());
    let error = said.error();
    assert_eq!(error["code"], "bad_shards");
    assert!(error["message"].as_str().unwrap().contains("missing: 2/3"), "{error}");
    assert!(!root.join("less").exists());
}

/// A copy of the example's model.
fn pond() -> PathBuf {
    let folder = folder("explore-pond");
    for name in ["pond.sh", "pond.toml"] {
        let from = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples/my-model").join(name);
        fs::copy(from, folder.join(name)).unwrap();
    }
    folder
}

fn started(folder: &Path, args: &[&str]) -> Child {
    Command::new(env!("CARGO_BIN_EXE_downstream"))
        .args(args)
        .current_dir(folder)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap()
}

fn ended(folder: &Path, args: &[&str]) -> Said {
    let output = Command::new(env!("CARGO_BIN_EXE_downstream")).args(args).current_dir(folder).output().unwrap();
    Said {
        code: output.status.code().unwrap_or(-1),
        stdout: String::from_utf8(output.stdout).unwrap(),
        stderr: String::from_utf8(output.stderr).unwrap(),
    }
}

/// Whether runs are kept in a journal by now: a header, then a line a block.
fn has_kept(folder: &Path, blocks: usize) -> bool {
    fs::read(folder.join("journal.csv")).is_ok_and(|bytes| bytes.iter().filter(|byte| **byte == b'\n').count() > blocks)
}

/// Waits until a process has kept some blocks more, or has ended.
fn until_kept(child: &mut Child, folder: &Path, blocks: usize) {
    let begun = Instant::now();
    while child.try_wait().unwrap().is_none() && !has_kept(folder, blocks) {
        assert!(begun.elapsed() < Duration::from_secs(60), "no run was kept");
        thread::sleep(Duration::from_millis(5));
    }
}

#[test]
#[cfg(unix)]
fn a_run_that_is_killed_again_and_again_loses_nothing_and_repeats_nothing() {
    let root = pond();
    // Each run says that it was run; those that are in the table must not be run again.
    let model = "tee -a asked.jsonl | sh pond.sh";
    let line = ["explore", "--model", model, "--space", "pond.toml", "--runs", "400", "--out", "killed", "--resume"];
    let partial = root.join("killed.partial");
    let mut kills = 0;
    let mut kept_before = 0;
    while kills < 3 {
        let mut child = started(&root, &line);
        until_kept(&mut child, &partial, 1 + kills);
        // A moment that is another one each time.
        thread::sleep(Duration::from_millis(17 * kills as u64 % 60));
        if child.try_wait().unwrap().is_some() {
            break;
        }
        child.kill().unwrap();
        child.wait().unwrap();
        if !partial.exists() {
            // It was complete, and had only to say so.
            break;
        }
        kills += 1;
        let kept = fs::read(partial.join("runs.csv")).map_or(0, |bytes| bytes.len());
        assert!(kept >= kept_before, "what was kept was lost: {kept_before}, then {kept} bytes");
        kept_before = kept;
    }
    assert!(kills > 0, "it ended before it could be killed");
    // Where the last kill came too late, all of them are kept.
    let kept = fs::read(partial.join("journal.csv")).map_or(400, |bytes| {
        let text = String::from_utf8(bytes).unwrap();
        text.lines().skip(1).filter_map(|line| line.split(',').nth(1)?.parse::<u64>().ok()).sum()
    });
    fs::remove_file(root.join("asked.jsonl")).unwrap();
    let said = ended(&root, &line);
    answered(&said);
    // Where the kills came late, there was nothing left to ask.
    let asked = fs::read(root.join("asked.jsonl")).unwrap_or_default();
    let asked = asked.iter().filter(|byte| **byte == b'\n').count() as u64;
    assert_eq!(asked, 400 - kept, "runs that were kept were run again");
    let whole = ["explore", "--model", model, "--space", "pond.toml", "--runs", "400", "--out", "whole"];
    answered(&ended(&root, &whole));
    assert_alike(&root.join("killed"), &root.join("whole"));
    // Asked once more, it has nothing left to do.
    fs::remove_file(root.join("asked.jsonl")).unwrap();
    answered(&ended(&root, &line));
    assert!(!root.join("asked.jsonl").exists());
}

#[test]
#[cfg(unix)]
fn ctrl_c_keeps_what_there_is_and_says_how_to_go_on() {
    let root = folder("explore-ctrl-c");
    let line = [&WORLD[..], &["--runs", "4000", "--out", "stopped"]].concat();
    let child = Command::new(env!("CARGO_BIN_EXE_downstream"))
        .args(&line)
        .current_dir(&root)
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn();
    let mut child = child.unwrap();
    until_kept(&mut child, &root.join("stopped.partial"), 1);
    let interrupt = Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap();
    assert!(interrupt.success());
    let output = child.wait_with_output().unwrap();
    let said = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(130), "{said}");
    assert!(output.stdout.is_empty() && said.contains("of 4000 runs") && said.contains("--resume"), "{said}");
    // Without a word about it, an unfinished run is neither gone on with nor thrown away.
    let refused = ended(&root, &line);
    assert_eq!(refused.code, 2, "{}", refused.stderr);
    assert!(refused.stderr.contains("unfinished") && refused.stderr.contains("--resume"), "{}", refused.stderr);
    // Nor gone on with as part of another study.
    let other = ended(&root, &[&line[..], &["--resume", "--seed", "9"]].concat());
    assert!(other.code == 2 && other.stderr.contains("seed: 1, not 9"), "{}", other.stderr);
    answered(&ended(&root, &[&line[..], &["--resume"]].concat()));
    answered(&ended(&root, &[&WORLD[..], &["--runs", "4000", "--out", "whole", "--threads", "3"]].concat()));
    assert_alike(&root.join("stopped"), &root.join("whole"));
}

#[test]
#[cfg(unix)]
fn a_model_of_ones_own_fails_run_by_run_and_every_failure_is_kept() {
    let root = pond();
    let model = r#"while read -r line; do run=${line#*:}; run=${run%%,*}
        case $run in
        3) sleep 20;;
        5) exit 7;;
        7) echo "{\"run\":7,\"cost_usd\":NaN,\"met_fraction\":1}";;
        9) echo "{\"run\":9,\"cost\":1,\"met_fraction\":1}";;
        *) echo "{\"run\":$run,\"cost_usd\":$run,\"met_fraction\":0.5,\"note\":1}";;
        esac; done"#;
    let line = ["explore", "--model", model, "--space", "pond.toml", "--runs", "20", "--timeout", "500ms"];
    let said = ended(&root, &[&line[..], &["--out", "one", "--threads", "1", "--json"]].concat());
    let object = said.json();
    let counted: Vec<(&str, u64)> = object["result"]["failed"]
        .as_array()
        .unwrap()
        .iter()
        .map(|entry| (entry["reason"].as_str().unwrap(), entry["runs"].as_u64().unwrap()))
        .collect();
    assert_eq!(counted, [("crashed", 1), ("missing output", 1), ("not finite", 1), ("timeout", 1)]);
    let codes: Vec<&str> =
        object["warnings"].as_array().unwrap().iter().map(|warning| warning["code"].as_str().unwrap()).collect();
    assert_eq!(codes, ["ignored_keys", "failed_runs"]);
    answered(&ended(&root, &[&line[..], &["--out", "many", "--threads", "4"]].concat()));
    assert_alike(&root.join("one"), &root.join("many"));
    let table = String::from_utf8(files(&root.join("one"))["runs.csv"].clone()).unwrap();
    assert_eq!(table.lines().count(), 21, "a header and every run");
    let row = |run: usize| table.lines().nth(1 + run).unwrap();
    assert!(row(3).ends_with(",,,\"timeout: no answer within 500ms\""), "{}", row(3));
    assert!(row(5).contains("crashed: exit status: 7") && row(6).ends_with(",6,0.5,"), "{}", row(6));
    let command = ended(&root, &["explore", "--model", "nosuchmodel", "--space", "pond.toml", "--out", "no", "--json"]);
    assert_eq!(command.error()["code"], "bad_model");
}

#[test]
#[cfg(unix)]
fn the_example_of_a_model_of_ones_own_answers_under_every_design() {
    let root = pond();
    let line = ["explore", "--model", "sh pond.sh", "--space", "pond.toml", "--runs", "60", "--out"];
    for (design, runs) in [("monte-carlo", 60), ("sobol", 60), ("latin-hypercube", 60)] {
        let said = ended(&root, &[&line[..], &[design, "--design", design, "--json"]].concat());
        assert_eq!(said.json()["result"]["runs"], runs);
    }
    // These move one input at a time: of two that go together, one must stand still.
    for (design, runs) in [("saltelli", 40), ("morris", 60), ("factorial", 27)] {
        let design = ["--design", design, "--json"];
        let refused = ended(&root, &[&line[..], &["refused"], &design].concat());
        assert_eq!(refused.error()["code"], "correlated_inputs");
        let three = ["--inputs", "depth_m", "--inputs", "rain*", "--inputs", "lining"];
        let said = ended(&root, &[&line[..], &[design[1]], &design, &three].concat());
        assert_eq!(said.json()["result"]["runs"], runs, "{}", design[1]);
    }
}

#[test]
fn what_cannot_be_run_is_refused_with_what_could_be_meant() {
    let root = pond();
    fs::create_dir_all(root.join("thesis")).unwrap();
    fs::write(root.join("thesis/chapter.txt"), "years of work").unwrap();
    let own = "--model cat --space pond.toml";
    for (line, code, word) in [
        ("--shard 5/4", "bad_arguments", "1/4 to 4/4"),
        ("--shard 0/4", "bad_arguments", "1/4 to 4/4"),
        ("--shard x", "bad_arguments", "3/16"),
        ("--runs 0", "bad_arguments", "0"),
        ("--runs -5", "bad_arguments", "-5"),
        ("--design sobl", "bad_arguments", "sobol"),
        ("--design factorial", "bad_design", "at least 2^"),
        ("--design saltelli --runs 20", "bad_design", "at least"),
        ("--second-order", "bad_design", "saltelli"),
        ("--inputs chip_learning_rat", "unknown_input", "chip_learning_rate"),
        ("--outputs value_usd_per_yaer@china@2030Q4", "unknown_variable", "value_usd_per_year@china@2030Q4"),
        ("--outputs value_usd_per_year@chnia@2030Q4", "bad_output", "value_usd_per_year@china@2030Q4"),
        ("--outputs value_usd_per_year@china@2099Q4", "outside_run", "2035Q4"),
        ("--outputs share:capability_index@china@2030Q4", "bad_output", "add up"),
        ("--outputs value_usd_per_year", "bad_output", "VARIABLE@BLOC@QUARTER"),
        ("--outputs adoption_fraction.helthcare@us@2030Q4", "bad_output", "healthcare"),
        ("--policy histroy", "unknown_policy", "history"),
        ("--camps both", "bad_arguments", "sampled"),
        ("--out thesis", "would_overwrite", "--force"),
        ("--out pond.toml", "not_a_folder", "--out"),
        ("--model cat", "bad_arguments", "--space"),
        ("--space pond.toml", "bad_arguments", "--model"),
        ("--model cat --space pond.toml --timeout 10", "bad_arguments", "10s"),
        ("--model cat --space absent.toml", "unreadable_file", "no such file"),
        (&format!("{own} --outputs cots_usd"), "unknown_output", "cost_usd"),
        (&format!("{own} --set run.seed=3"), "bad_arguments", "--set"),
        (&format!("{own} --policy history"), "bad_arguments", "--policy"),
        ("merge thesis --out x", "unreadable", "manifest.json"),
        ("merge --out x", "bad_arguments", "DIR"),
    ] {
        let args: Vec<&str> = ["explore"].into_iter().chain(line.split(' ')).chain(["--json"]).collect();
        let error = ended(&root, &args).error();
        assert_eq!(error["code"], code, "{line}: {error}");
        assert!(error.to_string().contains(word), "{line}: {error}");
    }
    let left: Vec<String> = files_and_folders(&root);
    assert_eq!(left, ["pond.sh", "pond.toml", "thesis"], "nothing was half written");
}

fn files_and_folders(folder: &Path) -> Vec<String> {
    let mut names: Vec<String> =
        fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned()).collect();
    names.sort();
    names
}
