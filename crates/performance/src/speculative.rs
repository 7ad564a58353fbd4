//! Speculative decoding: a draft of n tokens, verified in one step of n + 1 (PERFORMANCE item 13).
//!
//! With an acceptance length A, the tokens that a step writes on average, a token takes
//! `(verify(n + 1) + draft(n)) / A`. How many a model accepts is measured, by model, method and n
//! (`data/acceptance_lengths.csv`, InferenceX's golden values on SPEED-Bench's coding set); a model that was not
//! measured takes the geometric mean of those that were with the same method, and [`Source`] says so.

use facts::table;
use serde::Serialize;
use std::{str::FromStr, sync::LazyLock};
use units::{Problem, nearest};

const TABLE: &str = include_str!("../../../data/acceptance_lengths.csv");
const FILE: &str = "acceptance_lengths.csv";
const COLUMNS: [&str; 10] = [
    "id",
    "model",
    "method",
    "draft_tokens",
    "thinking",
    "acceptance_length",
    "source",
    "date",
    "licence",
    "confidence",
];
/// The most draft tokens that were measured.
const MOST: u64 = 8;

/// What writes the draft.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Method {
    /// The model's own multi-token-prediction layer, run once a draft token.
    Mtp,
    /// One dense layer trained for the purpose over the model's hidden states (EAGLE-3, Li et al. 2025).
    Eagle3,
}

const METHODS: [(&str, Method); 2] = [("mtp", Method::Mtp), ("eagle3", Method::Eagle3)];

impl Method {
    /// As it is written.
    pub fn name(self) -> &'static str {
        METHODS.iter().find(|(_, method)| *method == self).map_or("", |(name, _)| name)
    }
}

/// Where an acceptance length comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Source {
    /// Measured on the model.
    Measured,
    /// The geometric mean of other models with the same method and draft.
    Transferred,
    /// Given with the question.
    Given,
}

/// How an engine speculates.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Speculative {
    /// What writes the draft.
    pub method: Method,
    /// Tokens of a draft, n [tokens].
    pub draft_tokens: u64,
    /// Tokens that a step writes for each request on average, from 1 to n + 1 [tokens].
    pub acceptance_length: f64,
    /// Where that is from.
    pub source: Source,
}

/// A setting as it is written: `mtp:3`, or `mtp:3:2.4` with an acceptance length of the user's own.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Setting {
    method: Method,
    draft_tokens: u64,
    acceptance_length: Option<f64>,
}

impl FromStr for Setting {
    type Err = Problem;

    fn from_str(text: &str) -> Result<Self, Problem> {
        let refuse = |message: String| Problem::new("bad_speculative", message);
        let mut parts = text.split(':');
        let name = parts.next().unwrap_or_default();
        let method = METHODS.iter().find(|(own, _)| *own == name).map(|(_, method)| *method).ok_or_else(|| {
            refuse(format!("'{name}' is no method of speculation; use mtp or eagle3, as in mtp:3"))
                .suggest(nearest(name, METHODS.iter().map(|(own, _)| *own)).into_iter().next())
        })?;
        let draft = parts.next().and_then(|count| count.parse::<u64>().ok()).filter(|count| (1..=MOST).contains(count));
        let draft_tokens =
            draft.ok_or_else(|| refuse(format!("'{text}' has no draft length from 1 to {MOST}, as in mtp:3")))?;
        let longest = (draft_tokens + 1) as f64;
        let acceptance_length = parts
            .next()
            .map(|length| {
                length.parse::<f64>().ok().filter(|length| (1.0..=longest).contains(length)).ok_or_else(|| {
                    refuse(format!("'{length}' is no acceptance length from 1 to {longest} (tokens a step)"))
                })
            })
            .transpose()?;
        if parts.next().is_some() {
            return Err(refuse(format!("'{text}' is not METHOD:DRAFT or METHOD:DRAFT:ACCEPTANCE")));
        }
        Ok(Self { method, draft_tokens, acceptance_length })
    }
}

impl Setting {
    /// The setting for a model, its acceptance length looked up where none was given.
    ///
    /// # Errors
    /// A method and draft of which nothing was measured.
    pub fn of(self, model: &str) -> Result<Speculative, Problem> {
        let Self { method, draft_tokens, acceptance_length } = self;
        match acceptance_length {
            Some(acceptance_length) => {
                Ok(Speculative { method, draft_tokens, acceptance_length, source: Source::Given })
            }
            None => Speculative::measured(model, method, draft_tokens),
        }
    }
}

/// One measured acceptance length.
struct Row {
    model: String,
    method: Method,
    draft_tokens: u64,
    length: f64,
}

fn rows() -> &'static [Row] {
    static ROWS: LazyLock<Vec<Row>> = LazyLock::new(|| read(TABLE).expect("a test reads the embedded table"));
    &ROWS
}

fn read(text: &str) -> Result<Vec<Row>, units::Problems> {
    table::read(text, FILE, &COLUMNS, |row| {
        row.text("id");
        row.yes_no("thinking");
        row.provenance();
        Row {
            model: row.text("model"),
            method: row.one_of("method", &METHODS),
            draft_tokens: row.number("draft_tokens", 1.0..=MOST as f64) as u64,
            length: row.number("acceptance_length", 1.0..=(MOST + 1) as f64),
        }
    })
}

impl Speculative {
    /// A draft of `draft_tokens` with the acceptance length measured on a model, with and without thinking alike; on
    /// others where it was not measured itself.
    ///
    /// # Errors
    /// A draft of a length that was measured on no model.
    pub fn measured(model: &str, method: Method, draft_tokens: u64) -> Result<Self, Problem> {
        let mean = |want: &dyn Fn(&Row) -> bool| {
            let alike = rows().iter().filter(|row| row.method == method && row.draft_tokens == draft_tokens);
            let logs: Vec<f64> = alike.filter(|row| want(row)).map(|row| row.length.ln()).collect();
            (!logs.is_empty()).then(|| (logs.iter().sum::<f64>() / logs.len() as f64).exp())
        };
        let own = mean(&|row| row.model == model).map(|length| (length, Source::Measured));
        let found = own.or_else(|| Some((mean(&|_| true)?, Source::Transferred)));
        let (acceptance_length, source) = found.ok_or_else(|| {
            let message = format!("no acceptance length is measured for {}:{draft_tokens}", method.name());
            Problem::new("bad_speculative", message)
        })?;
        Ok(Self { method, draft_tokens, acceptance_length, source })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_embedded_table_reads_and_longer_drafts_are_accepted_further_up_to_five() {
        read(TABLE).unwrap();
        let length = |draft| Speculative::measured("zai-org/GLM-5.2", Method::Mtp, draft).unwrap().acceptance_length;
        // InferenceX golden values: 1.84, 2.50, 2.99 and so on.
        assert!((length(1) - 1.84).abs() < 1e-9 && (length(3) - 2.99).abs() < 1e-9);
        assert!((1..5).all(|draft| length(draft + 1) > length(draft)));
    }

    #[test]
    fn a_model_that_was_not_measured_says_that_others_were() {
        let own = Speculative::measured("zai-org/GLM-5.2", Method::Mtp, 3).unwrap();
        let other = Speculative::measured("zai-org/GLM-4.5", Method::Mtp, 3).unwrap();
        assert_eq!((own.source, other.source), (Source::Measured, Source::Transferred));
        assert!(other.acceptance_length > 2.0 && other.acceptance_length < 3.5);
    }

    #[test]
    fn a_setting_is_read_and_a_wrong_one_says_what_is_allowed() {
        let given: Setting = "mtp:3:2.4".parse().unwrap();
        let given = given.of("x").unwrap();
        assert_eq!((given.draft_tokens, given.acceptance_length, given.source), (3, 2.4, Source::Given));
        for wrong in ["mpt:3", "mtp", "mtp:0", "mtp:9", "mtp:3:4.5", "mtp:3:0.9", "mtp:3:2:1", ""] {
            assert_eq!(wrong.parse::<Setting>().unwrap_err().code, "bad_speculative", "{wrong}");
        }
        assert_eq!("eagle:3".parse::<Setting>().unwrap_err().suggestion.as_deref(), Some("eagle3"));
    }
}
