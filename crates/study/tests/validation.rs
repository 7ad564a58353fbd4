//! Predictions beside published measurements: reading, excluding, correcting, scoring.
#![allow(clippy::unwrap_used, clippy::print_stderr)]

use facts::Facts;
use performance::Efficiencies;
use std::{
    path::{Path, PathBuf},
    sync::LazyLock,
};
use study::validation::{FileReport, LeaveOut, ScoreRow, Source, Validation, sources, validate};
use units::{Problems, Tier};

static FACTS: LazyLock<Facts> = LazyLock::new(|| Facts::load(None).unwrap());

const HEADER: &str = "source,source_version,source_path_or_url,date,model,weights_dtype,kv_dtype,chip,chips,parallelism,\
                      framework,scenario,input_len,output_len,concurrency,metric,value,unit,latency_constraint,notes";
/// One row of the measured schema, with places for what the tests vary.
const ROW: &str = "bench,,,2026,Llama-3.1-8B,bf16,,NVIDIA H100 SXM 80GB,1,tp1,vLLM 0.9,online closed-loop,1024,128,8,\
                   METRIC,VALUE,UNIT,,";

fn file(rows: &[String]) -> Source {
    Source { name: "some/folder/m.csv".into(), text: format!("{HEADER}\n{}\n", rows.join("\n")) }
}

fn row(metric: &str, value: &str, unit: &str) -> String {
    ROW.replace("METRIC", metric).replace("VALUE", value).replace("UNIT", unit)
}

fn attempt(sources: &[Source], leave_out: LeaveOut) -> Result<Validation, Problems> {
    validate(sources, &FACTS, Efficiencies::builtin(), leave_out)
}

fn run(sources: &[Source]) -> Validation {
    attempt(sources, LeaveOut::None).unwrap_or_else(|problems| panic!("{problems}"))
}

fn shared(name: &str) -> Option<Source> {
    let root = std::env::var_os("DOWNSTREAM_SHARED")
        .map_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared"), PathBuf::from);
    let path = root.join("data/measured").join(name);
    if !path.is_file() {
        eprintln!("skipped: {} is not here (set DOWNSTREAM_SHARED)", path.display());
        return None;
    }
    sources(&[path]).unwrap().pop()
}

fn skipped(file: &FileReport, reason: &str) -> usize {
    file.skipped.iter().find(|skipped| skipped.reason == reason).map_or(0, |skipped| skipped.rows)
}

fn predictions(validation: &Validation) -> Vec<Option<f64>> {
    let csv = validation.predictions_csv().unwrap();
    let mut reader = csv::Reader::from_reader(csv.as_bytes());
    reader.records().map(|record| record.unwrap()[6].parse().ok()).collect()
}

fn whole<'a>(validation: &'a Validation, metric: &str) -> &'a ScoreRow {
    let all = |score: &&ScoreRow| {
        score.metric == metric
            && [&score.source, &score.chip, &score.model, &score.engine, &score.tier].iter().all(|cell| *cell == "*")
    };
    validation.result.scores.iter().find(all).unwrap()
}

/// The board: printed, never asserted at a value that could be tuned to.
fn print_board(validation: &Validation) {
    for file in &validation.result.files {
        eprintln!("{} ({}): {} rows, {} predicted", file.name, file.schema, file.rows, file.predicted);
        for skipped in &file.skipped {
            eprintln!("    {:6} {}", skipped.rows, skipped.reason);
        }
        for corrected in &file.corrected {
            eprintln!("    {:6} corrected {}", corrected.rows, corrected.rule);
        }
    }
    let percent = |value: Option<f64>| value.map_or_else(|| "-".into(), |value| format!("{:.0} %", 100.0 * value));
    for score in validation.result.scores.iter().filter(|score| score.scored > 0) {
        let ScoreRow { metric, source, chip, model, engine, tier, scored, .. } = score;
        eprintln!(
            "{metric:26} {source:.24} {chip} {model} {engine} {tier}: {scored} scored, mape {}, mdape {}, bias {}, within 20 % {}",
            percent(score.mape),
            percent(score.mdape),
            percent(score.bias_median),
            percent(score.within20_fraction),
        );
    }
}

#[test]
fn the_built_in_table_of_published_figures_is_read_and_most_of_it_predicted() {
    let validation = run(&sources(&[]).unwrap());
    let file = &validation.result.files[0];
    assert_eq!(file.schema, "measured");
    assert!(file.rows >= 30);
    assert!(file.predicted * 10 >= file.rows * 9, "{file:?}");
}

/// What DeepSeek and SGLang publish of pools of one phase. SGLang's and DeepSeek's profiles are of full load and have to be
/// near; DeepSeek's mean of a day counts idle time, so no load reaches less than it.
#[test]
fn figures_a_node_of_one_phase_alone_are_predicted() {
    let validation = run(&sources(&[]).unwrap());
    let nodes: Vec<_> = validation.rows.iter().filter(|row| row.unit == "tok/s/node").collect();
    assert_eq!(nodes.len(), 10);
    for row in nodes {
        let ratio = row.predicted.unwrap() / row.measured.unwrap();
        let most = if row.source.starts_with("DeepSeek open-infra-index") { 2.2 } else { 1.4 };
        assert!((0.7..most).contains(&ratio), "{} {} {ratio}", row.source, row.line);
    }
}

#[test]
fn no_prediction_uses_the_measured_figure_of_its_row() {
    let rows = |factor: f64| {
        let value = |value: f64| (value * factor).to_string();
        file(&[
            row("ttft_p50", &value(40.0), "ms"),
            row("tpot_p50", &value(8.0), "ms"),
            row("output_throughput", &value(900.0), "tok/s"),
        ])
    };
    let (once, tenfold) = (run(&[rows(1.0)]), run(&[rows(10.0)]));
    assert_eq!(predictions(&once), predictions(&tenfold));
    assert!(predictions(&once).iter().all(Option::is_some));
}

#[test]
fn units_are_those_of_the_row() {
    let validation = run(&[file(&[
        row("tpot_mean", "8", "ms"),
        row("tpot_mean", "0.008", "s"),
        row("output_throughput", "900", "tok/s").replace("1,tp1", "2,tp1"),
        row("output_throughput", "450", "tok/s/GPU").replace("1,tp1", "2,tp1"),
    ])]);
    let predicted: Vec<f64> = predictions(&validation).into_iter().flatten().collect();
    assert!((predicted[0] / predicted[1] / 1000.0 - 1.0).abs() < 1e-12);
    assert!((predicted[2] / predicted[3] / 2.0 - 1.0).abs() < 1e-12, "two replicas, per chip");
}

#[test]
fn equal_setups_are_scored_once_against_the_geometric_mean() {
    let validation = run(&[file(&[row("tpot_mean", "4", "ms"), row("tpot_mean", "9", "ms")])]);
    let score = whole(&validation, "tpot_mean");
    assert_eq!((score.rows, score.scored), (2, 1));
    let predicted = predictions(&validation)[0].unwrap();
    assert!((score.mape.unwrap() - (predicted / 6.0 - 1.0).abs()).abs() < 1e-12, "sqrt(4 x 9) = 6");
    // 4 and 9 lie 1/3 below and 1/2 above their mean of 6.
    assert!((score.replicate_floor_mape.unwrap() - f64::midpoint(1.0 / 3.0, 0.5)).abs() < 1e-12);
    let (two_days, other) = (row("tpot_mean", "4", "ms"), row("tpot_mean", "9", "ms").replace(",8,", ",16,"));
    assert_eq!(whole(&run(&[file(&[two_days, other])]), "tpot_mean").scored, 2);
}

#[test]
fn every_row_that_is_not_predicted_has_its_reason() {
    let base = row("tpot_mean", "9", "ms");
    let validation = run(&[file(&[
        base.clone(),
        row("goodput", "8", "tok/s"),
        base.replace("NVIDIA H100 SXM 80GB", "NVIDIA GH200"),
        base.replace("Llama-3.1-8B", "BAAI/Aquila-7B"),
        base.replace("bf16", "fp7"),
        base.replace(",1024,", ",,"),
        base.replace(",128,", ",median ~67k,"),
        base.replace(",8,", ",max_num_seqs 128,"),
        base.replace("1,tp1", "8,"),
        base.replace("1,tp1", "40,disagg prefill[1x tp4/ep4] decode[4x tp8/ep8]"),
        base.replace("Llama-3.1-8B,bf16", "DeepSeek-R1,fp8"),
        row("tpot_mean", "0", "ms"),
        base.replace("NVIDIA H100 SXM 80GB", "N/A"),
        format!("{base}QUALITY: bad"),
    ])]);
    let report = &validation.result.files[0];
    assert_eq!((report.name.as_str(), report.rows, report.predicted), ("m.csv", 14, 1));
    for reason in [
        "metric_not_modelled",
        "unknown_chip",
        "unknown_model",
        "unknown_dtype",
        "missing_input_len",
        "missing_output_len",
        "missing_concurrency",
        "missing_parallelism",
        "disaggregated_incomplete",
        "does_not_fit",
        "invalid_value",
        "excluded:m6",
        "excluded:m1",
    ] {
        assert_eq!(skipped(report, reason), 1, "{reason}: {report:#?}");
    }
}

#[test]
fn files_that_cannot_be_read_are_refused_with_their_line() {
    let problems = |text: &str| {
        let source = Source { name: "m.csv".into(), text: text.into() };
        let problems = attempt(&[source], LeaveOut::None).unwrap_err();
        problems.0.iter().map(|problem| (problem.code, problem.line)).collect::<Vec<_>>()
    };
    assert_eq!(problems(""), [("unknown_header", Some(1))]);
    assert_eq!(problems("a,b,c\n1,2,3\n"), [("unknown_header", Some(1))]);
    assert_eq!(problems(&HEADER.replace(",unit", "")), [("missing_column", Some(1))]);
    let text = format!("{HEADER}\n{}\n{}\n", row("tpot_mean", "8", "ms"), row("tpot_mean", "fast", "ms"));
    assert_eq!(problems(&text), [("bad_number", Some(3))]);
}

#[test]
fn a_chip_left_out_is_priced_as_one_never_seen() {
    let rows = [file(&[row("tpot_mean", "8", "ms")])];
    let seen = run(&rows);
    let unseen = attempt(&rows, LeaveOut::Chip).unwrap();
    assert_ne!(predictions(&seen), predictions(&unseen));
    assert_eq!(
        predictions(&seen),
        predictions(&attempt(&rows, LeaveOut::Model).unwrap()),
        "nothing is fitted to models"
    );
    // From its own kernels; without them from those of its family.
    let tier = |validation: &Validation| validation.rows[0].tier.unwrap();
    assert!(tier(&seen) <= Tier::Interpolated && tier(&unseen) >= Tier::Transferred);
    assert_eq!("chip+model".parse::<LeaveOut>().unwrap(), LeaveOut::ChipModel);
    assert_eq!("chips".parse::<LeaveOut>().unwrap_err().suggestion.as_deref(), Some("chip"));
}

#[test]
fn an_interval_surrounds_every_prediction_and_is_not_learned_from_the_row() {
    let one = |value: &str| run(&[file(&[row("tpot_mean", value, "ms")])]);
    let (right, wrong) = (one("8"), one("800"));
    let ends = |validation: &Validation| validation.rows[0].interval.unwrap();
    assert_eq!(ends(&right), ends(&wrong));
    let (lo, hi) = ends(&right);
    assert!(0.0 < lo && lo < hi);
    let inside = format!("{}", f64::midpoint(lo, hi));
    let covered = |value: &str| whole(&one(value), "tpot_mean").interval80_coverage_fraction;
    assert_eq!((covered(&inside), covered("800")), (Some(1.0), Some(0.0)));
}

#[test]
fn intervals_are_learned_anew_from_the_errors_of_a_run() {
    // Forty setups; each was measured at twice its prediction, or at three times.
    let rows = |value: &dyn Fn(usize) -> String| {
        let of = |n: usize| row("tpot_mean", &value(n), "ms").replace(",1024,", &format!(",{},", 1000 + n));
        file(&(0..40).map(of).collect::<Vec<_>>())
    };
    let predicted = predictions(&run(&[rows(&|_| "1".into())]));
    let measured = |n: usize| (predicted[n].unwrap() * if n.is_multiple_of(2) { 2.0 } else { 3.0 }).to_string();
    let table = run(&[rows(&measured)]).intervals_csv();
    let learned: Vec<&str> = table.lines().filter(|line| line.starts_with("tpot,specification,all")).collect();
    assert_eq!(learned.len(), 1, "{table}");
    assert!(learned[0].starts_with("tpot,specification,all,40,2.0000,3.0000,"), "{}", learned[0]);
    // Chip and model are one fold: whoever holds it out has nothing to learn from.
    assert_eq!(table.lines().filter(|line| line.starts_with("tpot,specification,")).count(), 10, "{table}");
}

#[test]
fn a_figure_that_no_chip_can_reach_is_named() {
    // 8 billion 16-bit weights over 3.35 TB/s take at least 4.5 ms.
    let validation = run(&[file(&[row("tpot_mean", "4", "ms"), row("tpot_mean", "5", "ms")])]);
    let lines: Vec<u64> = validation.result.violators.iter().map(|each| each.line).collect();
    assert_eq!(lines, [2]);
    assert!((1.05..1.3).contains(&validation.result.violators[0].limit_ratio), "{:?}", validation.result.violators);
}

#[test]
fn a_target_is_met_missed_or_without_a_value() {
    let validation = run(&[file(&[row("tpot_mean", "8", "ms")])]);
    assert!(validation.result.targets.len() >= 17);
    let silicon = validation.result.targets.iter().find(|target| target.id == "silicon-tpot-mean-model").unwrap();
    assert_eq!((silicon.value, silicon.met, silicon.goal_hi), (None, None, 0.12));
}

#[test]
fn the_result_has_the_keys_of_the_contract() {
    let validation = run(&[file(&[row("tpot_mean", "8", "ms")])]);
    let result = serde_json::to_value(&validation.result).unwrap();
    let keys = |value: &serde_json::Value| value.as_object().unwrap().keys().cloned().collect::<Vec<_>>().join(" ");
    assert_eq!(keys(&result), "leave_out files scores targets violators");
    assert_eq!(result["leave_out"], "none");
    assert_eq!(keys(&result["files"][0]), "name schema rows predicted skipped corrected");
    assert_eq!(
        keys(&result["scores"][0]),
        "source chip model engine tier metric rows answered_fraction scored mape mdape bias_median within20_fraction \
         spearman_family_median interval80_coverage_fraction replicate_floor_mape"
    );
    let csv = validation.predictions_csv().unwrap();
    let header = csv.lines().next().unwrap();
    assert_eq!(header, "file,line,id,metric,unit,measured,predicted,lo,hi,tier,skip_reason");
}

#[test]
fn the_shared_files_are_read_by_rule_and_the_coverage_targets_are_met() {
    let files = ["measured.csv.gz", "silicon_sample.csv.gz", "argonne_llm_inference_bench.csv.gz"];
    let sources: Vec<Source> = files.into_iter().filter_map(shared).collect();
    if sources.len() < files.len() {
        return;
    }
    let validation = run(&sources);
    print_board(&validation);
    let [measured, silicon, argonne] = &validation.result.files[..] else { panic!("three files") };
    // Counts of EXCLUSIONS.csv where no earlier rule takes rows away from a rule.
    assert_eq!((skipped(measured, "excluded:m1"), skipped(measured, "excluded:m2")), (6, 127));
    assert_eq!((skipped(measured, "excluded:m3"), skipped(silicon, "excluded:s2")), (14, 654));
    assert_eq!(skipped(argonne, "excluded:a2"), 33);
    let corrected = |file: &FileReport| file.corrected.iter().map(|rule| (rule.rule, rule.rows)).collect::<Vec<_>>();
    assert_eq!(corrected(measured), [("m4", 20), ("m8", 915)]);
    assert_eq!(corrected(silicon), [("s1", 294), ("s4", 15), ("s5", 120)]);
    assert_eq!(corrected(argonne), [("a1", 1570)]);
    // Targets: four fifths of the kept silicon rows, three fifths of the serving rows with both lengths (6,611).
    let kept = silicon.rows - skipped(silicon, "excluded:s2") - skipped(silicon, "excluded:s3");
    assert!(silicon.predicted * 10 >= kept * 8, "{} of {kept}", silicon.predicted);
    assert!(measured.predicted * 10 >= 6611 * 6, "{}", measured.predicted);
    let one_thread = rayon::ThreadPoolBuilder::new().num_threads(1).build().unwrap();
    let again = one_thread.install(|| run(&sources));
    assert_eq!(validation.result, again.result);
    assert_eq!(validation.predictions_csv().unwrap(), again.predictions_csv().unwrap());
}
