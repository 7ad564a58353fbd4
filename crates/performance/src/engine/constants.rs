//! What an engine adds to its kernels: the table `data/engine_constants.csv`.
//!
//! Some are stated from sources; the few marked `fitted` are learned from published end-to-end measurements
//! (`study::calibration`, the verb `calibrate`), or by a user from benchmarks of their own. A row may hold for one chip
//! alone; it then wins over the engine's.

use super::EngineKind;
use facts::table;
use std::sync::LazyLock;
use units::{Confidence, Problem, Problems, Provenance, Range};

const BUILTIN: &str = include_str!("../../../../data/engine_constants.csv");
const FILE: &str = "engine_constants.csv";

/// The columns of the table, and of a calibration file.
pub const COLUMNS: [&str; 11] =
    ["engine", "chip", "constant", "low", "central", "high", "unit", "source", "date", "licence", "confidence"];

/// One thing that an engine adds to its kernels.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Constant {
    /// Scheduling and preparing a step, not hidden behind kernels [s].
    HostStep,
    /// The same for each request that runs [s].
    HostRequest,
    /// From a request's arrival until the scheduler may take it, alone [s].
    FrontLatency,
    /// Of the front end for each request, one after another: parsing, tokenising, queueing [s].
    FrontSerial,
    /// Launching a layer of a step with prompts, which no graph holds [s].
    PrefillLaunch,
    /// Time of the prompts' part of a step over that of its kernels [ratio].
    PrefillWork,
    /// Tokens of prompts that share a step on an attention rank: prompts come one after another, so that a step begins
    /// before its limit is full; a longer prompt goes alone, up to that limit [tokens].
    GatheredTokens,
    /// Steps between two looks at the queue of requests [steps].
    LookSteps,
    /// Handing a request from the pool that reads to the pool that writes, beside moving its cache: router, agreement on
    /// the transfer, the second engine's queue [s].
    Handover,
}

impl Constant {
    /// All of them, in the order of the table.
    pub const ALL: [Self; 9] = [
        Self::HostStep,
        Self::HostRequest,
        Self::FrontLatency,
        Self::FrontSerial,
        Self::PrefillLaunch,
        Self::PrefillWork,
        Self::GatheredTokens,
        Self::LookSteps,
        Self::Handover,
    ];

    /// As the table names it.
    pub fn name(self) -> &'static str {
        match self {
            Self::HostStep => "host_step_s",
            Self::HostRequest => "host_request_s",
            Self::FrontLatency => "front_latency_s",
            Self::FrontSerial => "front_serial_s",
            Self::PrefillLaunch => "prefill_launch_s",
            Self::PrefillWork => "prefill_work",
            Self::GatheredTokens => "gathered_tokens",
            Self::LookSteps => "look_steps",
            Self::Handover => "handover_s",
        }
    }

    /// Its unit.
    pub fn unit(self) -> &'static str {
        match self {
            Self::PrefillWork => "ratio",
            Self::GatheredTokens => "tokens",
            Self::LookSteps => "steps",
            _ => "s",
        }
    }

    /// Smallest and largest value that is read or fitted; what lies outside is no engine [its unit].
    pub fn bounds(self) -> (f64, f64) {
        match self {
            Self::HostStep => (1e-5, 0.05),
            Self::HostRequest => (1e-7, 1e-3),
            Self::FrontLatency => (1e-4, 1.0),
            Self::FrontSerial => (1e-6, 0.1),
            Self::PrefillLaunch => (1e-6, 0.005),
            Self::PrefillWork => (0.3, 4.0),
            Self::GatheredTokens => (64.0, 65_536.0),
            Self::LookSteps => (0.1, 200.0),
            Self::Handover => (1e-4, 2.0),
        }
    }
}

/// The constants of one engine on one chip, each in its unit.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Constants([f64; Constant::ALL.len()]);

impl Constants {
    /// One of them.
    pub fn get(&self, constant: Constant) -> f64 {
        self.0[constant as usize]
    }

    /// With another value for one of them.
    #[must_use]
    pub fn with(mut self, constant: Constant, value: f64) -> Self {
        self.0[constant as usize] = value;
        self
    }
}

/// One row.
#[derive(Clone, Debug, PartialEq)]
pub struct EngineRow {
    /// The engine's family.
    pub engine: EngineKind,
    /// The chip it was fitted on, where it holds for that alone.
    pub chip: Option<String>,
    /// What it is.
    pub constant: Constant,
    /// Its value with its range.
    pub range: Range,
    /// Where it comes from: a source, an assumption, or the measurements it was fitted to.
    pub provenance: Provenance,
}

/// The constants of every engine.
#[derive(Clone, Debug, PartialEq)]
pub struct EngineTable {
    rows: Vec<EngineRow>,
}

impl EngineTable {
    /// The embedded table.
    pub fn builtin() -> &'static Self {
        static TABLE: LazyLock<EngineTable> =
            LazyLock::new(|| EngineTable::parse(BUILTIN, FILE).expect("a test reads the embedded table"));
        &TABLE
    }

    /// Reads a whole table.
    ///
    /// # Errors
    /// Every problem, with line and column; an engine that lacks a constant.
    pub fn parse(text: &str, file: &str) -> Result<Self, Problems> {
        let rows = Self::parse_rows(text, file)?;
        let mut problems = Problems::default();
        for engine in EngineKind::ALL {
            for constant in Constant::ALL {
                let found = |row: &&EngineRow| row.engine == engine && row.constant == constant && row.chip.is_none();
                if rows.iter().find(found).is_none() {
                    let message = format!("has no {} for {}", constant.name(), engine.name());
                    problems.push(Problem::new("missing_row", message).file(file).key(constant.name()));
                }
            }
        }
        problems.check(Self { rows })
    }

    /// Reads rows of the same columns: a calibration file, which holds some of the constants.
    ///
    /// # Errors
    /// Every problem, with line and column.
    pub fn parse_rows(text: &str, file: &str) -> Result<Vec<EngineRow>, Problems> {
        let engines = EngineKind::ALL.map(|engine| (engine.name(), engine));
        let constants = Constant::ALL.map(|constant| (constant.name(), constant));
        table::read(text, file, &COLUMNS, |row| {
            let constant = row.one_of("constant", &constants);
            if row.text("unit") != constant.unit() {
                row.refuse("unit", "wrong_unit", format!("{} is in {}", constant.name(), constant.unit()));
            }
            let (least, most) = constant.bounds();
            EngineRow {
                engine: row.one_of("engine", &engines),
                chip: row.optional_text("chip"),
                constant,
                range: row.range(["low", "central", "high"], least..=most),
                provenance: row.provenance(),
            }
        })
    }

    /// All rows, in the order of the table.
    pub fn rows(&self) -> &[EngineRow] {
        &self.rows
    }

    /// Rows as a table that reads back.
    pub fn csv(rows: &[EngineRow]) -> String {
        let mut text = COLUMNS.join(",");
        text.push('\n');
        for EngineRow { engine, chip, constant, range, provenance } in rows {
            let [low, central, high] = [range.low, range.central, range.high].map(rounded);
            let Provenance { source, date, licence, confidence } = provenance;
            let fields = [
                engine.name().to_string(),
                chip.clone().unwrap_or_default(),
                constant.name().to_string(),
                low,
                central,
                high,
                constant.unit().to_string(),
                source.clone(),
                date.clone(),
                licence.clone(),
                match confidence {
                    Confidence::High => "high",
                    Confidence::Medium => "medium",
                    Confidence::Low => "low",
                }
                .to_string(),
            ];
            text.push_str(&fields.map(|field| quoted(&field)).join(","));
            text.push('\n');
        }
        text
    }

    /// With rows that win over those of the same engine, chip and constant.
    #[must_use]
    pub fn overlaid(&self, rows: &[EngineRow]) -> Self {
        let same = |a: &EngineRow, b: &EngineRow| (a.engine, &a.chip, a.constant) == (b.engine, &b.chip, b.constant);
        let mut all: Vec<EngineRow> =
            self.rows.iter().filter(|old| !rows.iter().any(|new| same(old, new))).cloned().collect();
        all.extend_from_slice(rows);
        Self { rows: all }
    }

    /// With other values for some constants of an engine: on all chips, ranges and sources as they were, or on one chip
    /// alone.
    #[must_use]
    pub fn with(&self, engine: EngineKind, chip: Option<&str>, values: &[(Constant, f64)]) -> Self {
        let mut table = self.clone();
        let value_of = |constant| values.iter().find(|(other, _)| *other == constant).map(|(_, value)| *value);
        let general: Vec<EngineRow> =
            self.rows.iter().filter(|row| row.engine == engine && row.chip.is_none()).cloned().collect();
        if let Some(chip) = chip {
            table.rows.retain(|row| {
                row.engine != engine || row.chip.as_deref() != Some(chip) || value_of(row.constant).is_none()
            });
            table.rows.extend(general.into_iter().filter_map(|row| {
                let range = value_of(row.constant).map(Range::fixed)?;
                Some(EngineRow { chip: Some(chip.to_string()), range, ..row })
            }));
            return table;
        }
        for row in table.rows.iter_mut().filter(|row| row.engine == engine && row.chip.is_none()) {
            if let Some(value) = value_of(row.constant) {
                row.range.central = value;
            }
        }
        table
    }

    /// The constants of an engine on a chip.
    pub fn constants(&self, engine: EngineKind, chip: &str) -> Constants {
        let mut values = [0.0; Constant::ALL.len()];
        let ours = || self.rows.iter().filter(|row| row.engine == engine);
        for row in ours().filter(|row| row.chip.is_none()) {
            values[row.constant as usize] = row.range.central;
        }
        for row in ours().filter(|row| row.chip.as_deref() == Some(chip)) {
            values[row.constant as usize] = row.range.central;
        }
        Constants(values)
    }
}

/// Seven digits: what is written and read back is the same number.
fn rounded(value: f64) -> String {
    let short = format!("{value:.6e}").parse::<f64>().unwrap_or(value);
    short.to_string()
}

/// A field of a table, in quotation marks where it needs them.
fn quoted(field: &str) -> String {
    if field.contains([',', '"', '\n']) { format!("\"{}\"", field.replace('"', "\"\"")) } else { field.to_string() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_embedded_table_names_every_constant_of_every_engine() {
        EngineTable::parse(BUILTIN, FILE).unwrap();
    }

    #[test]
    fn a_row_of_a_chip_wins_on_that_chip_alone() {
        let text = "engine,chip,constant,low,central,high,unit,source,date,licence,confidence\n\
                    vllm,h100-sxm,look_steps,1,7,9,steps,mine,2026-11,own,low\n";
        let rows = EngineTable::parse_rows(text, "mine.csv").unwrap();
        let table = EngineTable::builtin().overlaid(&rows);
        let look = |chip| table.constants(EngineKind::Vllm, chip).get(Constant::LookSteps);
        assert_eq!(look("h100-sxm"), 7.0);
        assert_eq!(look("h200-sxm"), EngineTable::builtin().constants(EngineKind::Vllm, "").get(Constant::LookSteps));
    }

    #[test]
    fn a_wrong_unit_and_a_value_that_no_engine_has_are_both_reported() {
        let text = "engine,chip,constant,low,central,high,unit,source,date,licence,confidence\n\
                    vllm,,host_step_s,0.1,0.2,0.3,ms,mine,2026-11,own,low\n";
        let problems = EngineTable::parse_rows(text, "mine.csv").unwrap_err();
        assert!(problems.0.iter().any(|problem| problem.code == "wrong_unit" && problem.line == Some(2)));
        assert!(problems.0.len() > 1);
    }
}
