//! A user's own benchmarks: the constants of the engines and chips that they ran on.

use facts::Facts;
use performance::{Constant, Efficiencies, EngineKind, EngineRow, EngineTable};
use serde::Serialize;
use std::collections::BTreeSet;
use units::{Confidence, Problem, Problems, Provenance, Range};

use super::{
    bench_json,
    fit::{self, Case, Fitted},
};
use crate::validation::{Deployed, Source};

/// Figures under which a fit is not to be trusted much.
const FEW: usize = 8;

/// What `calibrate` found.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Calibration {
    /// Each engine on each chip.
    pub fits: Vec<Fit>,
    /// The file that other verbs accept.
    #[serde(skip)]
    pub csv: String,
}

/// One engine on one chip.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Fit {
    /// The engine's family.
    pub engine: &'static str,
    /// Our id of the chip.
    pub chip: String,
    /// Benchmark runs [count].
    pub runs: usize,
    /// Figures of them [count].
    pub figures: usize,
    /// Mean error before: the mean absolute logarithm of prediction over measurement, less one [fraction].
    pub error_before_fraction: f64,
    /// The same after [fraction].
    pub error_after_fraction: f64,
    /// What was fitted.
    pub constants: Vec<Value>,
}

/// One constant.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Value {
    /// Its name in the table.
    pub constant: &'static str,
    /// Before, which is where the search starts [its unit].
    pub before: f64,
    /// Fitted [its unit].
    pub after: f64,
    /// Its unit.
    pub unit: &'static str,
}

/// Reads a user's file: the output of a benchmark client, or a table that `validate` reads.
///
/// # Errors
/// What is wrong with the file, with its lines; JSON without a word on what it ran on.
pub fn cases(source: &Source, facts: &Facts, deployed: Option<&Deployed>) -> Result<Vec<Case>, Problems> {
    let found = if bench_json::is_json(&source.text) {
        let missing =
            "is the output of a benchmark client, which does not say on what it ran: give --model, --chip and --engine";
        let deployed =
            deployed.ok_or_else(|| Problem::new("missing_deployment", missing).file(&source.name).key("--chip"))?;
        bench_json::cases(&source.text, &source.name, deployed)?
    } else {
        fit::cases(std::slice::from_ref(source), facts)?
    };
    if found.is_empty() {
        let message = "has no run that can be predicted; `downstream validate --measurements` says why";
        return Err(Problem::new("nothing_to_fit", message).file(&source.name).into());
    }
    Ok(found)
}

/// Fits the constants of every engine on every chip of the cases.
///
/// # Errors
/// No case that can be predicted.
pub fn calibrate(
    cases: &[Case],
    facts: &Facts,
    efficiencies: &Efficiencies,
    (from, date): (&str, &str),
) -> Result<Calibration, Problems> {
    let groups: BTreeSet<(EngineKind, &str)> = cases.iter().map(|case| (case.engine(), case.chip())).collect();
    let (mut fits, mut rows) = (Vec::new(), Vec::new());
    for (engine, chip) in groups {
        let ours: Vec<&Case> = cases.iter().filter(|case| (case.engine(), case.chip()) == (engine, chip)).collect();
        let Some(tried) = fit::Tried::search(&ours, facts, efficiencies, (engine, Some(chip)), &[])? else { continue };
        let (Some(before), Some(best)) = (tried.first(), tried.best(&|_| true)) else { continue };
        rows.extend(best.values.iter().map(|(constant, value)| {
            let runs = ours.len();
            let confidence = if best.figures < FEW { Confidence::Low } else { Confidence::Medium };
            let source = format!("downstream calibrate: {} figures of {runs} runs in {from}", best.figures);
            let licence = "own".to_string();
            let provenance = Provenance { source, date: date.to_string(), licence, confidence };
            let range = Range::fixed(*value);
            EngineRow { engine, chip: Some(chip.to_string()), constant: *constant, range, provenance }
        }));
        fits.push(fit_of((engine, chip), ours.len(), &before, &best));
    }
    if fits.is_empty() {
        return Err(Problem::new("nothing_to_fit", "no run can be predicted: the model does not fit its chips").into());
    }
    Ok(Calibration { fits, csv: EngineTable::csv(&rows) })
}

fn fit_of((engine, chip): (EngineKind, &str), runs: usize, before: &Fitted, best: &Fitted) -> Fit {
    let value = |(was, is): (&(Constant, f64), &(Constant, f64))| Value {
        constant: is.0.name(),
        before: was.1,
        after: is.1,
        unit: is.0.unit(),
    };
    Fit {
        engine: engine.name(),
        chip: chip.to_string(),
        runs,
        figures: best.figures,
        error_before_fraction: before.loss.exp_m1(),
        error_after_fraction: best.loss.exp_m1(),
        constants: before.values.iter().zip(&best.values).map(value).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::validation::{Load, Metric, Setup, predict};
    use performance::{Client, Deployment, Engine};

    fn deployed(facts: &Facts) -> Deployed {
        let model = facts.model("llama-3.1-8b").unwrap();
        let engine = Engine::of(EngineKind::Vllm);
        let deployment = Deployment { engine, ..Deployment::of(&model.architecture, 1) };
        Deployed { chip: "h100-sxm".into(), model: model.id.clone(), deployment }
    }

    /// What vLLM's client would write of a closed loop if the engine had other constants.
    fn bench_json(facts: &Facts, deployed: &Deployed, table: &Efficiencies, run: (f64, f64, u64)) -> String {
        let (input, output, concurrency) = run;
        let setup = Setup::of(deployed, (input, output), Load::Closed(concurrency), Client::ALIKE);
        let found = predict::figures(&setup, facts, table).unwrap().unwrap();
        let [ttft, tpot] = [Metric::TtftBurst, Metric::Tpot].map(|metric| 1e3 * found.value(metric).unwrap());
        let completed = 10 * concurrency;
        format!(
            r#"{{"backend":"vllm","max_concurrency":{concurrency},"completed":{completed},"total_input_tokens":{},"total_output_tokens":{},"mean_ttft_ms":{ttft},"mean_tpot_ms":{tpot}}}"#,
            input * completed as f64,
            output * completed as f64
        )
    }

    #[test]
    fn constants_that_a_made_up_benchmark_was_made_with_are_found_again() {
        let facts = Facts::load(None).unwrap();
        let deployed = deployed(&facts);
        let made = [
            (Constant::HostStep, 0.002),
            (Constant::FrontLatency, 0.06),
            (Constant::PrefillLaunch, 0.0012),
            (Constant::PrefillWork, 1.6),
        ];
        let builtin = Efficiencies::builtin();
        let table = builtin.with_engines(builtin.engines().with(EngineKind::Vllm, Some("h100-sxm"), &made));
        let runs = [(128.0, 128.0, 1), (128.0, 128.0, 16), (1024.0, 256.0, 1), (8192.0, 64.0, 1), (4096.0, 128.0, 8)];
        let lines: Vec<String> = runs.map(|run| bench_json(&facts, &deployed, &table, run)).to_vec();
        let source = Source { name: "bench.jsonl".into(), text: lines.join("\n") };
        let cases = cases(&source, &facts, Some(&deployed)).unwrap();
        let found = calibrate(&cases, &facts, builtin, ("bench.jsonl", "2026-11")).unwrap();
        let [fit] = found.fits.as_slice() else { panic!("one engine on one chip") };
        assert_eq!((fit.runs, fit.figures), (5, 10));
        for (value, (constant, truth)) in fit.constants.iter().zip(made) {
            assert_eq!(value.constant, constant.name());
            // Launching and the work of a prompt are told apart by five runs only so far.
            let near = if constant == Constant::PrefillLaunch { 0.2 } else { 0.12 };
            assert!((value.after / truth).ln().abs() < near, "{} {} of {truth}", value.constant, value.after);
        }
        assert!(fit.error_after_fraction < 0.03 && fit.error_before_fraction > 0.2, "{fit:?}");
        // What is written reads back as what was fitted.
        let rows = EngineTable::parse_rows(&found.csv, "mine.csv").unwrap();
        let constants = builtin.engines().overlaid(&rows).constants(EngineKind::Vllm, "h100-sxm");
        for value in &fit.constants {
            let constant = Constant::ALL.into_iter().find(|constant| constant.name() == value.constant).unwrap();
            assert!((constants.get(constant) / value.after - 1.0).abs() < 1e-5);
        }
    }

    #[test]
    fn what_is_wrong_with_a_benchmark_is_said_with_its_line() {
        let facts = Facts::load(None).unwrap();
        let deployed = deployed(&facts);
        let problems = |text: &str, deployed: Option<&Deployed>| {
            let source = Source { name: "b.json".into(), text: text.into() };
            cases(&source, &facts, deployed).unwrap_err().0
        };
        let whole = r#"{"max_concurrency":4,"completed":40,"total_input_tokens":400,"total_output_tokens":400,"mean_ttft_ms":9}"#;
        assert_eq!(problems(whole, None)[0].code, "missing_deployment");
        let open = whole.replace("max_concurrency", "request_rate");
        let found = problems(&format!("{whole}\n{open}"), Some(&deployed));
        assert_eq!((found[0].code, found[0].line), ("missing_key", Some(2)));
        assert_eq!(problems("{\n \"completed\": ,\n}", Some(&deployed))[0].line, Some(2));
    }
}
