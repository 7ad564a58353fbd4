//! A workload that the user describes, as `plan --workload FILE.toml` takes it.
//!
//! ```toml
//! title = "Support chat"
//! input = 1200                                       # always, or on average: { mean = 1200, p90 = 2700 }
//! output = { mean = 210, p50 = 130, p90 = 420, p99 = 600, max = 1000 }
//! images = 0.2                                       # a request, on average
//! image_tokens = 650                                 # all images of a request together
//! prefix_share = 0.35                                # leading tokens found in an infinite cache
//! [arrivals]
//! process = "gamma"                                  # even, poisson, gamma
//! cv = 2.2                                           # or burstiness = 1 / cv^2, as vLLM has it
//! ```

use std::path::Path;

use units::{Confidence, Problem, Problems, Provenance, read_text};

use super::{Lengths, WorkloadShape};
use crate::form::{Form, Source};

/// Longest length that is taken [tokens].
const MAX_TOKENS: f64 = 1e8;

impl WorkloadShape {
    /// Reads a workload file.
    ///
    /// # Errors
    /// Every problem of the file, with line and column.
    pub fn from_file(path: &Path) -> Result<Self, Problems> {
        Self::parse(&read_text(path)?, &path.display().to_string())
    }

    /// Reads the text of a workload file.
    ///
    /// # Errors
    /// Every problem of the text, with line and column.
    pub fn parse(text: &str, file: &str) -> Result<Self, Problems> {
        let source = Source::new(text, file);
        let table = source.table();
        let form = Form::new(&source, &table);
        let workload = read(&form);
        form.finish();
        drop(table);
        source.check(workload)
    }
}

fn read(form: &Form<'_>) -> WorkloadShape {
    let images = form.optional_number("images", &(0.0..=1e4)).unwrap_or_default();
    let image_tokens = form.optional_number("image_tokens", &(0.0..=MAX_TOKENS));
    if image_tokens.is_some_and(|tokens| tokens > 0.0) && images == 0.0 {
        let message = "image_tokens without images; say how many images a request has";
        form.refuse_with(Problem::new("missing_key", message), "images");
    }
    WorkloadShape {
        id: form.optional_text("id").unwrap_or_else(|| "workload file".into()),
        aliases: Vec::new(),
        title: form.optional_text("title").unwrap_or_else(|| "Workload file".into()),
        input: lengths(form, "input"),
        output: lengths(form, "output"),
        images,
        image_tokens,
        prefix_share_fraction: form.optional_number("prefix_share", &(0.0..=1.0)),
        arrival_cv: arrivals(form),
        note: None,
        provenance: Provenance {
            source: form.optional_text("source").unwrap_or_else(|| "workload file".into()),
            date: "not stated".into(),
            licence: "the user's own".into(),
            confidence: Confidence::Medium,
        },
    }
}

/// A number (every request alike) or a table with the mean and whichever quantiles are known.
fn lengths(form: &Form<'_>, key: &'static str) -> Lengths {
    if !form.has(key) {
        let message = format!("the key '{key}' is missing; give a length in tokens, or {{ mean = ..., p90 = ... }}");
        form.refuse_with(Problem::new("missing_key", message), key);
        return Lengths::fixed(1.0);
    }
    if form.is_number(key) {
        return Lengths::fixed(form.number(key, &(1.0..=MAX_TOKENS)));
    }
    let Some(section) = form.section(key) else { return Lengths::fixed(1.0) };
    let [p50, p90, p99, max] =
        ["p50", "p90", "p99", "max"].map(|name| section.optional_number(name, &(0.0..=MAX_TOKENS)));
    let lengths = Lengths { mean: section.number("mean", &(1.0..=MAX_TOKENS)), p50, p90, p99, max };
    if !lengths.is_rising() {
        form.refuse_with(Problem::new("bad_range", format!("the quantiles of {key} are not in rising order")), key);
    }
    section.finish();
    lengths
}

/// The coefficient of variation of the gaps: 0 = even, 1 = Poisson, else a gamma process.
fn arrivals(form: &Form<'_>) -> Option<f64> {
    if !form.has("arrivals") {
        return None;
    }
    let section = form.section("arrivals")?;
    let process = section.one_of("process", &[("poisson", 1.0), ("even", 0.0), ("gamma", -1.0)]);
    let cv = section.optional_number("cv", &(0.0..=100.0));
    let burstiness = section.optional_number("burstiness", &(1e-4..=1e4));
    let given = cv.or(burstiness.map(|burstiness| 1.0 / burstiness.sqrt()));
    if cv.is_some() && burstiness.is_some() {
        let message = "cv and burstiness say the same (cv = 1 / sqrt(burstiness)); give one";
        section.refuse_with(Problem::new("doubled_key", message), "burstiness");
    } else if process < 0.0 && given.is_none() {
        let message = "a gamma process wants cv or burstiness";
        section.refuse_with(Problem::new("missing_key", message), "cv");
    } else if process >= 0.0 && given.is_some() {
        let message = "only a gamma process takes cv or burstiness";
        section.refuse_with(Problem::new("unknown_key", message), if cv.is_some() { "cv" } else { "burstiness" });
    }
    section.finish();
    if process < 0.0 { given } else { Some(process) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_whole_file_reads() {
        let text = "input = 1200\noutput = { mean = 210, p50 = 130, p90 = 420 }\nimages = 0.2\nimage_tokens = 650\n\
                    prefix_share = 0.35\n[arrivals]\nprocess = \"gamma\"\nburstiness = 0.25\n";
        let workload = WorkloadShape::parse(text, "w.toml").unwrap();
        assert_eq!(workload.input, Lengths::fixed(1200.0));
        assert_eq!((workload.output.mean, workload.output.p90, workload.output.p99), (210.0, Some(420.0), None));
        assert_eq!((workload.arrival_cv, workload.prefix_share_fraction), (Some(2.0), Some(0.35)));
    }

    #[test]
    fn every_problem_comes_at_once_with_its_line() {
        let text = "inputs = 3\noutput = { p50 = 5, p90 = 4 }\nprefix_share = 35\n[arrivals]\nprocess = \"gama\"\n";
        let problems = WorkloadShape::parse(text, "w.toml").unwrap_err().0;
        let found: Vec<_> = problems.iter().map(|p| (p.line, p.code, p.suggestion.as_deref())).collect();
        assert_eq!(
            found,
            [
                (Some(1), "missing_key", None),
                (Some(1), "unknown_key", Some("input")),
                (Some(2), "missing_key", None),
                (Some(2), "bad_range", None),
                (Some(3), "out_of_range", None),
                (Some(5), "unknown_word", Some("gamma")),
            ]
        );
    }

    #[test]
    fn an_arrival_process_says_one_thing() {
        let codes = |arrivals: &str| {
            let text = format!("input = 1\noutput = 1\n[arrivals]\n{arrivals}");
            WorkloadShape::parse(&text, "w.toml").map(|w| w.arrival_cv).map_err(|p| p.0[0].code)
        };
        assert_eq!(codes("process = \"poisson\""), Ok(Some(1.0)));
        assert_eq!(codes("process = \"gamma\""), Err("missing_key"));
        assert_eq!(codes("process = \"even\"\ncv = 2"), Err("unknown_key"));
        assert_eq!(codes("process = \"gamma\"\ncv = 2\nburstiness = 1"), Err("doubled_key"));
    }
}
