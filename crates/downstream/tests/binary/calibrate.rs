//! `calibrate`, and the verbs that accept what it writes.

use crate::support::{downstream, file, folder, run};

const RUN: &str = r#"{"backend":"vllm","max_concurrency":8,"completed":80,"total_input_tokens":81920,"total_output_tokens":20480,"mean_ttft_ms":260.0,"mean_tpot_ms":11.0}"#;

#[test]
fn a_benchmark_of_ones_own_moves_the_estimates_of_that_engine_on_that_chip() {
    let bench = file("bench.json", RUN.as_bytes());
    let out = folder("calibrate").join("mine.csv").display().to_string();
    let line = format!("calibrate --from {bench} --model llama-3.1-8b --chip h100 --engine vllm --out {out}");
    let result = downstream(&format!("{line} --json")).json()["result"].clone();
    let fit = &result["fits"][0];
    assert_eq!((fit["engine"].as_str(), fit["chip"].as_str()), (Some("vllm"), Some("h100-sxm")), "{result}");
    let error = |key: &str| fit[key].as_f64().unwrap();
    assert!(error("error_after_fraction") < 0.5 * error("error_before_fraction"), "{result}");
    // Not over a file that is there, unless told to.
    assert_eq!(downstream(&format!("{line} --json")).error()["code"], "would_overwrite");
    assert!(downstream(&format!("{line} --force")).stdout.contains("front_latency_s"));

    let ttft = |more: &[&str]| {
        let line =
            "estimate --model llama-3.1-8b --chip h100 --chips 1 --input 1024 --output 256 --concurrency 8 --json";
        let args: Vec<&str> = line.split_whitespace().chain(more.iter().copied()).collect();
        run(&args).json()["result"]["latency"]["ttft_burst_s"]["value"].as_f64().unwrap()
    };
    let (before, after) = (ttft(&[]), ttft(&["--calibration", &out]));
    assert!((after / 0.26).ln().abs() < (before / 0.26).ln().abs(), "{before} {after}");
    // Another engine on the same chip is as it was.
    assert_eq!(ttft(&["--engine", "sglang"]), ttft(&["--engine", "sglang", "--calibration", &out]));
}

#[test]
fn a_benchmark_that_says_not_on_what_it_ran_is_refused() {
    let bench = file("bare.json", RUN.as_bytes());
    assert_eq!(downstream(&format!("calibrate --from {bench} --json")).error()["code"], "missing_deployment");
    let broken = file("broken.json", b"{\n \"completed\": ,\n}");
    let line = format!("calibrate --from {broken} --model llama-3.1-8b --chip h100 --json");
    let error = downstream(&line).error();
    assert_eq!((error["code"].as_str(), error["line"].as_u64()), (Some("bad_json"), Some(2)), "{error}");
    let table = file("bad.csv", b"engine,chip,constant,low,central,high,unit,source,date,licence,confidence\nvllm,,host_step_s,1,1,1,ms,x,2026,x,low\n");
    let line = format!(
        "estimate --model llama-3.1-8b --chip h100 --chips 1 --input 9 --output 9 --concurrency 1 --calibration {table} --json"
    );
    assert_eq!(downstream(&line).error()["line"], 2);
}
