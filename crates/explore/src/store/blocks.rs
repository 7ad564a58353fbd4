//! Checksums of stretches of the table.

use std::{fmt::Write, ops::Range, path::Path};

use super::StoreError;

/// Runs in a block of a finished table.
pub(super) const BLOCK_RUNS: u64 = 4096;

/// A stretch of whole lines.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Block {
    /// Its first run.
    pub first: u64,
    /// Its runs.
    pub runs: u64,
    /// Of them, those that failed.
    pub failed: u64,
    /// Its bytes.
    pub bytes: u64,
    /// Their CRC-32.
    pub crc32: u32,
}

/// The first line of a file of blocks.
pub(super) const HEADER: &str = "first_run,runs,failed,bytes,crc32\n";

impl Block {
    pub fn line(&self) -> String {
        format!("{},{},{},{},{:08x}\n", self.first, self.runs, self.failed, self.bytes, self.crc32)
    }

    pub fn parse(line: &str) -> Option<Self> {
        let mut fields = line.split(',');
        let mut number = || fields.next()?.parse().ok();
        let (first, runs, failed, bytes) = (number()?, number()?, number()?, number()?);
        let crc32 = fields.next().filter(|text| text.len() == 8)?;
        let crc32 = u32::from_str_radix(crc32, 16).ok()?;
        fields.next().is_none().then_some(Self { first, runs, failed, bytes, crc32 })
    }
}

/// Sums up lines, block by block; what it gives depends on the lines alone.
#[derive(Debug, Default)]
pub(super) struct Tally {
    whole: Vec<Block>,
    open: Option<(Block, crc32fast::Hasher)>,
}

impl Tally {
    /// Adds a run's line, its end included.
    pub fn add(&mut self, run: u64, failed: bool, line: &[u8]) {
        let (block, hasher) = self.open.get_or_insert_with(|| {
            (Block { first: run, runs: 0, failed: 0, bytes: 0, crc32: 0 }, crc32fast::Hasher::new())
        });
        block.runs += 1;
        block.failed += u64::from(failed);
        block.bytes += line.len() as u64;
        hasher.update(line);
        if (run + 1).is_multiple_of(BLOCK_RUNS) {
            self.close();
        }
    }

    fn close(&mut self) {
        if let Some((mut block, hasher)) = self.open.take() {
            block.crc32 = hasher.finalize();
            self.whole.push(block);
        }
    }

    /// The file of blocks.
    pub fn text(mut self) -> String {
        self.close();
        self.whole.iter().fold(HEADER.to_string(), |mut text, block| {
            let _ = text.write_str(&block.line());
            text
        })
    }
}

/// Reads a finished table's blocks and checks that they cover the runs one after another.
pub(super) fn read(path: &Path, runs: &Range<u64>) -> Result<Vec<Block>, StoreError> {
    let text = std::fs::read(path).map_err(|error| StoreError::unreadable(path, &error))?;
    let text = String::from_utf8_lossy(&text);
    let damaged = |line: u64| StoreError::new("damaged", path, "is no list of blocks").at(line);
    let mut lines = text.split_inclusive('\n');
    if lines.next() != Some(HEADER) {
        return Err(damaged(1));
    }
    let (mut next, mut blocks) = (runs.start, Vec::new());
    for (line, number) in lines.zip(2..) {
        let block = line.strip_suffix('\n').and_then(Block::parse).filter(|block| block.first == next);
        let block = block.ok_or_else(|| damaged(number))?;
        next += block.runs;
        blocks.push(block);
    }
    if next != runs.end {
        let message = format!("ends with run {next} of {}", runs.end);
        return Err(StoreError::new("damaged", path, message));
    }
    Ok(blocks)
}
