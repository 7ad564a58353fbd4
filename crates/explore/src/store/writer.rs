//! Writing runs as they come, so that nothing that was written is lost.

use std::{
    collections::BTreeMap,
    fs::{self, File, OpenOptions, TryLockError},
    io::{self, BufRead, BufReader, Read, Seek, SeekFrom, Write},
    ops::Range,
    path::{Path, PathBuf},
};

use super::{
    BLOCKS, JOURNAL, MANIFEST, Manifest, RUNS, StoreError,
    blocks::{Block, HEADER, Tally},
    line::{self, Line},
    table::each_block,
};

/// Bytes after which a block is written without being asked.
const MOST_BUFFERED: usize = 1 << 20;

/// How far a table is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Progress {
    /// Runs that are in the table.
    pub runs: u64,
    /// Of them, those that failed, by the kind of reason: what stands before its first colon.
    pub failed: BTreeMap<String, u64>,
}

impl Progress {
    /// Runs that failed, for whatever reason.
    pub fn failures(&self) -> u64 {
        self.failed.values().sum()
    }

    /// What a finished folder holds.
    ///
    /// # Errors
    /// A folder that cannot be read, or that is damaged.
    pub fn of(folder: &Path) -> Result<Self, StoreError> {
        let manifest = Manifest::read(folder)?;
        let columns = manifest.inputs.len() + manifest.width();
        let mut progress = Self::default();
        each_block(folder, &manifest, |block, text| {
            if block.failed == 0 {
                progress.runs += block.runs;
            } else {
                let failure = |text| line::parse(text, columns).and_then(|parsed| parsed.failure);
                text.lines().for_each(|text| progress.add(failure(text).as_deref()));
            }
            Ok(true)
        })?;
        Ok(progress)
    }

    fn add(&mut self, failure: Option<&str>) {
        self.runs += 1;
        if let Some(reason) = failure {
            let kind = reason.split(':').next().unwrap_or_default();
            match self.failed.get_mut(kind) {
                Some(count) => *count += 1,
                None => drop(self.failed.insert(kind.to_string(), 1)),
            }
        }
    }
}

/// Writes a table of runs. While it lives, no other writer gets the folder.
#[derive(Debug)]
pub struct Writer {
    folder: PathBuf,
    table: File,
    journal: File,
    runs: Range<u64>,
    /// Lines since the last block.
    open: Vec<u8>,
    open_block: Block,
    tally: Tally,
    progress: Progress,
}

impl Writer {
    /// Begins a table in an empty folder, which is made if need be.
    ///
    /// # Errors
    /// A folder that cannot be written, or that another writer holds.
    pub fn create(folder: &Path, manifest: &Manifest) -> Result<Self, StoreError> {
        let wrong = |error: io::Error| StoreError::unwritable(folder, &error);
        manifest.check().map_err(|message| StoreError::new("bad_names", folder, message))?;
        fs::create_dir_all(folder).map_err(wrong)?;
        let mut journal = lock(folder)?;
        // A writer may have died in these lines: the journal has no block yet, so all of it is begun again.
        journal.set_len(0).map_err(wrong)?;
        match fs::remove_file(folder.join(BLOCKS)) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(wrong(error)),
            _ => {}
        }
        replace(&folder.join(MANIFEST), &manifest.text())?;
        let mut table = File::create(folder.join(RUNS)).map_err(wrong)?;
        let header = format!("{}\n", manifest.headers().join(","));
        table.write_all(header.as_bytes()).and_then(|()| table.sync_data()).map_err(wrong)?;
        journal.write_all(HEADER.as_bytes()).map_err(wrong)?;
        Ok(Self::over(folder, table, journal, manifest.runs()))
    }

    /// Goes on with a table that was not finished: verifies what is there and cuts off what is not whole.
    ///
    /// # Errors
    /// A folder of another study (with what differs), that another writer holds, or without runs.
    pub fn resume(folder: &Path, manifest: &Manifest) -> Result<Self, StoreError> {
        let wrong = |error: io::Error| StoreError::unwritable(folder, &error);
        let found = Manifest::read(folder)?;
        let mut differences = found.differences(manifest);
        if found.shard != manifest.shard {
            let name = |manifest: &Manifest| manifest.shard.map_or("none".into(), |shard| shard.to_string());
            differences.push(format!("shard: {}, not {}", name(&found), name(manifest)));
        }
        if !differences.is_empty() {
            let message = format!("holds runs of another study; there: {}", differences.join("; "));
            return Err(StoreError::new("other_study", folder, message));
        }
        let header = format!("{}\n", manifest.headers().join(","));
        let mut journal = lock(folder)?;
        let path = folder.join(RUNS);
        let mut table = match OpenOptions::new().read(true).write(true).open(&path) {
            Ok(table) => table,
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                drop(journal);
                return Self::create(folder, manifest);
            }
            Err(error) => return Err(StoreError::unwritable(&path, &error)),
        };
        let mut text = String::new();
        journal.read_to_string(&mut text).map_err(wrong)?;
        let mut reader = BufReader::with_capacity(1 << 16, &mut table);
        let mut first = vec![0; header.len()];
        if reader.read_exact(&mut first).is_err() || first != header.as_bytes() {
            drop(reader);
            drop((table, journal));
            return Self::create(folder, manifest);
        }
        let (mut tally, mut progress) = (Tally::default(), Progress::default());
        let (mut next, mut whole, mut kept) = (manifest.runs().start, header.len() as u64, HEADER.to_string());
        for entry in text.split_inclusive('\n').skip(1) {
            let Some(block) = entry.strip_suffix('\n').and_then(Block::parse) else { break };
            let whole_block = block.first == next && {
                let columns = manifest.inputs.len() + manifest.width();
                verify(&mut reader, &block, columns, &mut tally, &mut progress).map_err(wrong)?
            };
            if !whole_block {
                break;
            }
            next += block.runs;
            whole += block.bytes;
            kept.push_str(entry);
        }
        drop(reader);
        table.set_len(whole).and_then(|()| table.seek(SeekFrom::Start(whole))).map_err(wrong)?;
        journal.set_len(0).and_then(|()| journal.seek(SeekFrom::Start(0))).map_err(wrong)?;
        journal.write_all(kept.as_bytes()).map_err(wrong)?;
        // The tally has seen whole blocks only, so its sums are those of the lines that stay.
        let mut writer = Self::over(folder, table, journal, next..manifest.runs().end);
        (writer.tally, writer.progress) = (tally, progress);
        Ok(writer)
    }

    fn over(folder: &Path, table: File, journal: File, runs: Range<u64>) -> Self {
        let open_block = Block { first: runs.start, runs: 0, failed: 0, bytes: 0, crc32: 0 };
        let (tally, progress) = (Tally::default(), Progress::default());
        Self { folder: folder.to_path_buf(), table, journal, runs, open: Vec::new(), open_block, tally, progress }
    }

    /// The runs that are still to come.
    pub fn to_come(&self) -> Range<u64> {
        self.runs.clone()
    }

    /// How far it is.
    pub fn progress(&self) -> &Progress {
        &self.progress
    }

    /// Adds the next run.
    ///
    /// # Errors
    /// A table that cannot be written.
    ///
    /// # Panics
    /// If it is not the next run's turn: a table out of order would be worth nothing.
    pub fn push(&mut self, run: u64, line: &Line) -> Result<(), StoreError> {
        assert!(run == self.runs.start && run < self.runs.end, "run {run} is not the next of {:?}", self.runs);
        let failed = line.failure.is_some();
        self.runs.start += 1;
        self.open.extend_from_slice(line.text.as_bytes());
        self.tally.add(run, failed, line.text.as_bytes());
        self.open_block.runs += 1;
        self.open_block.failed += u64::from(failed);
        self.progress.add(line.failure.as_deref());
        if self.open.len() >= MOST_BUFFERED { self.commit() } else { Ok(()) }
    }

    /// Writes what is buffered: from here on it is not lost.
    ///
    /// # Errors
    /// A table that cannot be written.
    pub fn commit(&mut self) -> Result<(), StoreError> {
        if self.open_block.runs == 0 {
            return Ok(());
        }
        self.open_block.bytes = self.open.len() as u64;
        self.open_block.crc32 = crc32fast::hash(&self.open);
        let written = self.table.write_all(&self.open);
        written.map_err(|error| StoreError::unwritable(&self.folder.join(RUNS), &error))?;
        let entry = self.open_block.line();
        let written = self.journal.write_all(entry.as_bytes());
        written.map_err(|error| StoreError::unwritable(&self.folder.join(JOURNAL), &error))?;
        self.open.clear();
        self.open_block = Block { first: self.runs.start, runs: 0, failed: 0, bytes: 0, crc32: 0 };
        Ok(())
    }

    /// Ends the table, once every run is in it, and gives the folder its name.
    ///
    /// # Errors
    /// A folder that cannot be written or renamed.
    ///
    /// # Panics
    /// If runs are missing.
    pub fn finish(mut self, target: &Path) -> Result<Progress, StoreError> {
        assert!(self.runs.is_empty(), "runs {:?} are missing", self.runs);
        self.commit()?;
        self.table.sync_all().map_err(|error| StoreError::unwritable(&self.folder.join(RUNS), &error))?;
        replace(&self.folder.join(BLOCKS), &self.tally.text())?;
        if target != self.folder {
            move_to(&self.folder, target)?;
        }
        // What tells a finished folder from an unfinished one is its name, so that this may come last.
        let journal = target.join(JOURNAL);
        fs::remove_file(&journal).map_err(|error| StoreError::unwritable(&journal, &error))?;
        Ok(self.progress)
    }
}

/// The journal, held by this process alone; the system lets go of it however the process ends.
fn lock(folder: &Path) -> Result<File, StoreError> {
    let path = folder.join(JOURNAL);
    let journal = OpenOptions::new().read(true).write(true).create(true).truncate(false).open(&path);
    let journal = journal.map_err(|error| StoreError::unwritable(&path, &error))?;
    match journal.try_lock() {
        Err(TryLockError::WouldBlock) => {
            Err(StoreError::new("in_use", folder, "is being written by another process; name another folder or wait"))
        }
        // A file system without locks is no reason to refuse.
        Ok(()) | Err(TryLockError::Error(_)) => Ok(journal),
    }
}

/// Reads a block's lines into the sums; false where they are not what the journal says, and the sums are then as before.
fn verify(
    reader: &mut impl BufRead,
    block: &Block,
    columns: usize,
    tally: &mut Tally,
    progress: &mut Progress,
) -> io::Result<bool> {
    let mut bytes = Vec::new();
    reader.take(block.bytes).read_to_end(&mut bytes)?;
    if bytes.len() as u64 != block.bytes || crc32fast::hash(&bytes) != block.crc32 {
        return Ok(false);
    }
    let Ok(text) = std::str::from_utf8(&bytes) else { return Ok(false) };
    let parsed: Option<Vec<_>> =
        text.lines().map(|text| line::parse(text, columns).map(|parsed| parsed.failure)).collect();
    let Some(failures) = parsed.filter(|parsed| parsed.len() as u64 == block.runs) else { return Ok(false) };
    for ((run, text), failure) in (block.first..).zip(text.split_inclusive('\n')).zip(failures) {
        tally.add(run, failure.is_some(), text.as_bytes());
        progress.add(failure.as_deref());
    }
    Ok(true)
}

/// Writes a small file whole or not at all.
fn replace(path: &Path, text: &str) -> Result<(), StoreError> {
    let temporary = path.with_extension("partial");
    let written = fs::write(&temporary, text).and_then(|()| fs::rename(&temporary, path));
    written.map_err(|error| StoreError::unwritable(path, &error))
}

/// Puts a folder in the place of another, which is gone only when it stands there.
fn move_to(folder: &Path, target: &Path) -> Result<(), StoreError> {
    let wrong = |error: io::Error| StoreError::unwritable(target, &error);
    if target.exists() {
        let mut old = target.as_os_str().to_owned();
        old.push(".old");
        let old = PathBuf::from(old);
        if old.exists() {
            fs::remove_dir_all(&old).map_err(wrong)?;
        }
        fs::rename(target, &old).map_err(wrong)?;
        fs::rename(folder, target).map_err(wrong)?;
        return fs::remove_dir_all(&old).map_err(wrong);
    }
    fs::rename(folder, target).map_err(wrong)
}
