//! Runs read back: inputs by outputs, column by column.

use std::{
    fs::File,
    io::{BufReader, Read},
    path::Path,
};

use super::{BLOCKS, JOURNAL, Manifest, RUNS, StoreError, blocks, line};

/// A run that failed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failed {
    /// Its number.
    pub run: u64,
    /// Why.
    pub reason: String,
}

/// A table of runs, in memory.
///
/// # Examples
/// ```no_run
/// use explore::store::Table;
///
/// let table = Table::read("downstream-explore".as_ref())?;
/// let cost = table.output(0, table.output_named("cost").unwrap());
/// for (run, value) in table.succeeded().map(|row| (table.runs[row], cost[row])) {
///     println!("{run} {value}");
/// }
/// # Ok::<(), explore::store::StoreError>(())
/// ```
#[derive(Clone, Debug)]
pub struct Table {
    /// What was run.
    pub manifest: Manifest,
    /// The number of the run in each row, rising.
    pub runs: Vec<u64>,
    /// The runs that failed, in their order. They have rows too, with their inputs; their outputs are not numbers.
    pub failed: Vec<Failed>,
    /// Column by column; empty where it was not asked for.
    inputs: Vec<Vec<f64>>,
    outputs: Vec<Vec<f64>>,
    /// Whether the run of each row succeeded.
    good: Vec<bool>,
}

impl Table {
    /// Reads a finished folder whole, and checks every checksum.
    ///
    /// # Errors
    /// A folder without runs, unfinished, or changed since it was written.
    pub fn read(folder: &Path) -> Result<Self, StoreError> {
        Self::read_columns(folder, |_| true)
    }

    /// The same with only those columns in memory whose header is wanted; the others are empty.
    ///
    /// # Errors
    /// As [`Table::read`].
    pub fn read_columns(folder: &Path, wanted: impl Fn(&str) -> bool) -> Result<Self, StoreError> {
        Self::read_first(folder, u64::MAX, wanted)
    }

    /// The same with no more than so many runs, the first: for a glance at a table of any length.
    ///
    /// # Errors
    /// As [`Table::read`]; what lies behind the first runs is not looked at.
    pub fn read_first(folder: &Path, most: u64, wanted: impl Fn(&str) -> bool) -> Result<Self, StoreError> {
        let manifest = Manifest::read(folder)?;
        let headers = manifest.headers();
        let (first, last) = (1 + manifest.inputs.len(), headers.len() - 1);
        let wanted: Vec<bool> = headers.iter().map(|header| wanted(header)).collect();
        let mut table = Self {
            runs: Vec::new(),
            failed: Vec::new(),
            inputs: vec![Vec::new(); first - 1],
            outputs: vec![Vec::new(); last - first],
            good: Vec::new(),
            manifest,
        };
        let columns = last - 1;
        let path = folder.join(RUNS);
        let (mut number, mut bad) = (1, None);
        each_block(folder, &table.manifest.clone(), |_, text| {
            for text in text.lines().take((most - table.rows() as u64) as usize) {
                number += 1;
                if table.take(text, columns, &wanted).is_none() {
                    bad.get_or_insert(number);
                }
            }
            Ok((table.rows() as u64) < most)
        })?;
        match bad {
            Some(line) => Err(StoreError::new("damaged", &path, "is no run of this table").at(line)),
            None => Ok(table),
        }
    }

    fn take(&mut self, text: &str, columns: usize, wanted: &[bool]) -> Option<()> {
        let parsed = line::parse(text, columns)?;
        self.runs.push(parsed.run);
        self.good.push(parsed.failure.is_none());
        let failed = parsed.failure.is_some();
        if let Some(reason) = parsed.failure {
            self.failed.push(Failed { run: parsed.run, reason });
        }
        let inputs = self.inputs.len();
        for (index, field) in parsed.fields.enumerate().filter(|(index, _)| wanted[index + 1]) {
            if index < inputs {
                self.inputs[index].push(field.parse().ok()?);
            } else {
                let value = if failed { f64::NAN } else { field.parse().ok()? };
                self.outputs[index - inputs].push(value);
            }
        }
        Some(())
    }

    /// Number of rows.
    pub fn rows(&self) -> usize {
        self.runs.len()
    }

    /// Rows whose run succeeded: the outputs of the others are not numbers.
    pub fn succeeded(&self) -> impl Iterator<Item = usize> + '_ {
        self.good.iter().enumerate().filter(|(_, good)| **good).map(|(row, _)| row)
    }

    /// An input, row by row.
    pub fn input(&self, input: usize) -> &[f64] {
        &self.inputs[input]
    }

    /// An output under an alternative (0 where there are none), row by row.
    pub fn output(&self, alternative: usize, output: usize) -> &[f64] {
        &self.outputs[alternative * self.manifest.outputs.len() + output]
    }

    /// The index of an input.
    pub fn input_named(&self, name: &str) -> Option<usize> {
        self.manifest.inputs.iter().position(|input| input.name == name)
    }

    /// The index of an output.
    pub fn output_named(&self, name: &str) -> Option<usize> {
        self.manifest.outputs.iter().position(|output| output.name == name)
    }

    /// Alternatives of the table, at least one.
    pub fn alternatives(&self) -> usize {
        self.manifest.alternatives.len().max(1)
    }
}

/// Hands on a finished table block by block, each checked, until `take` wants no more: memory holds one of them.
pub(super) fn each_block(
    folder: &Path,
    manifest: &Manifest,
    mut take: impl FnMut(&blocks::Block, &str) -> Result<bool, StoreError>,
) -> Result<(), StoreError> {
    let path = folder.join(RUNS);
    if !folder.join(BLOCKS).exists() || folder.extension().is_some_and(|extension| extension == "partial") {
        let message = if folder.join(JOURNAL).exists() {
            "is unfinished: go on with it by --resume"
        } else {
            "holds no finished table of runs"
        };
        return Err(StoreError::new("unfinished", folder, message));
    }
    let blocks = blocks::read(&folder.join(BLOCKS), &manifest.runs())?;
    let file = File::open(&path).map_err(|error| StoreError::unreadable(&path, &error))?;
    let mut reader = BufReader::with_capacity(1 << 16, file);
    let damaged = |message: String| StoreError::new("damaged", &path, message);
    let header = format!("{}\n", manifest.headers().join(","));
    let mut bytes = vec![0; header.len()];
    if reader.read_exact(&mut bytes).is_err() || bytes != header.as_bytes() {
        return Err(damaged("has another header than its manifest says".into()));
    }
    for block in &blocks {
        bytes.clear();
        let read = (&mut reader).take(block.bytes).read_to_end(&mut bytes);
        read.map_err(|error| StoreError::unreadable(&path, &error))?;
        let text = std::str::from_utf8(&bytes).ok().filter(|text| text.lines().count() as u64 == block.runs);
        let text = text.filter(|_| crc32fast::hash(&bytes) == block.crc32 && bytes.len() as u64 == block.bytes);
        let Some(text) = text else {
            let last = block.first + block.runs - 1;
            return Err(damaged(format!("was changed or cut since it was written: runs {} to {last}", block.first)));
        };
        if !take(block, text)? {
            return Ok(());
        }
    }
    bytes.clear();
    match reader.read_to_end(&mut bytes) {
        Ok(0) => Ok(()),
        Ok(_) => Err(damaged("holds more than was written".into())),
        Err(error) => Err(StoreError::unreadable(&path, &error)),
    }
}
