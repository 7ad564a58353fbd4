//! The folder of a run: written under a temporary name, renamed when whole.
//!
//! It holds a manifest, `.downstream-run.json`, with the verb that wrote it: only a folder with the manifest of the same
//! verb is replaced without being asked. Nothing in it names a path of this machine, a clock time or a thread count.

use serde::{Deserialize, Serialize};
use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use units::Problem;

use crate::findings::Brief;
use crate::ground::Ground;
use crate::world_verb::write_csv;

/// The manifest's name.
const MANIFEST: &str = ".downstream-run.json";

/// What marks a folder as ours.
#[derive(Debug, Serialize, Deserialize)]
struct Manifest {
    schema: String,
    verb: String,
}

const SCHEMA: &str = "downstream/run/1";

/// A folder under construction. Dropped before [`RunFolder::finish`], it leaves nothing behind.
#[derive(Debug)]
pub struct RunFolder {
    target: PathBuf,
    temporary: PathBuf,
    finished: bool,
}

impl RunFolder {
    /// Begins a folder. Refuses at once, before anything is computed, where the target may not be replaced.
    ///
    /// # Errors
    /// A target that exists and was not written by the same verb, unless `force`; a place that cannot be written.
    pub fn begin(target: &Path, verb: &str, force: bool) -> Result<Self, Problem> {
        let shown = target.display().to_string();
        let problem = |code, message: String| Problem::new(code, message).file(&shown);
        may_be_replaced(target, verb, force)?;
        let name = target.file_name().map(|name| name.to_string_lossy().into_owned());
        let Some(name) = name else {
            return Err(problem("not_a_folder", "is no name for a folder".into()));
        };
        let parent = target.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
        let temporary = parent.join(format!(".{name}.{}.partial", std::process::id()));
        let made = remove(&temporary).and_then(|()| fs::create_dir_all(&temporary));
        made.map_err(|error| problem("unwritable", format!("cannot be written: {error}")))?;
        Ok(Self { target: target.to_path_buf(), temporary, finished: false })
    }

    /// A file of the folder, open for writing.
    ///
    /// # Errors
    /// Those of creating it.
    pub fn create(&self, name: &str) -> io::Result<File> {
        File::create(self.temporary.join(name))
    }

    /// Writes a text file.
    ///
    /// # Errors
    /// Those of writing it.
    pub fn write(&self, name: &str, text: &str) -> io::Result<()> {
        fs::write(self.temporary.join(name), text)
    }

    /// Writes what a brief consists of, `runs.csv` and `brief.html` aside: the first was written as results came, the
    /// second is the caller's.
    ///
    /// # Errors
    /// Those of writing.
    pub fn write_brief(&self, brief: &Brief, ground: &Ground<'_>, version: &str) -> io::Result<()> {
        let mut findings = serde_json::to_string_pretty(brief)?;
        findings.push('\n');
        self.write("findings.json", &findings)?;
        self.write("scenario.toml", &ground.scenario_toml())?;
        for file in &ground.policy_files {
            self.write(&file.copy, &file.text)?;
        }
        self.write("README.md", &readme(brief, version))?;
        let mut table = io::BufWriter::new(self.create("trajectories.csv")?);
        write_csv(&brief.trajectories, &mut table)?;
        table.flush()
    }

    /// Adds the manifest and puts the folder in its place.
    ///
    /// # Errors
    /// Those of writing and renaming; the target is then as it was.
    pub fn finish(mut self, verb: &str) -> io::Result<()> {
        let (name, text) = marker(verb);
        self.write(name, &text)?;
        if self.target.exists() {
            let old = self.temporary.with_extension("old");
            remove(&old)?;
            fs::rename(&self.target, &old)?;
            if let Err(error) = fs::rename(&self.temporary, &self.target) {
                fs::rename(&old, &self.target)?;
                return Err(error);
            }
            remove(&old)?;
        } else {
            fs::rename(&self.temporary, &self.target)?;
        }
        self.finished = true;
        Ok(())
    }
}

impl Drop for RunFolder {
    fn drop(&mut self) {
        if !self.finished {
            // Nothing better can be done with an error here.
            let _ = remove(&self.temporary);
        }
    }
}

/// Whether a folder may be replaced by a verb: it is not there, empty, the verb's own, or `force` was given.
///
/// # Errors
/// It may not.
pub fn may_be_replaced(target: &Path, verb: &str, force: bool) -> Result<(), Problem> {
    let problem = |code, message: &str| Problem::new(code, message).file(target.display().to_string());
    if target.is_symlink() || target.is_file() {
        return Err(problem("not_a_folder", "is not a folder; name another with --out"));
    }
    if target.exists() && !is_empty(target) && !written_by(target, verb) && !force {
        let message = "exists and was not written by this command; name another with --out, or add --force";
        return Err(problem("would_overwrite", message).suggest(Some("--force".into())));
    }
    Ok(())
}

/// Name and text of the file that marks a folder as a verb's.
pub fn marker(verb: &str) -> (&'static str, String) {
    let manifest = Manifest { schema: SCHEMA.into(), verb: verb.into() };
    // Two strings: nothing that JSON cannot hold.
    (MANIFEST, format!("{}\n", serde_json::to_string(&manifest).unwrap_or_default()))
}

/// How to repeat a run, for the folder.
fn readme(brief: &Brief, version: &str) -> String {
    use std::fmt::Write;
    let mut text = format!(
        "# {}\n\nWritten by downstream {version}: {} policies, {} futures in each of {} camps, seed {}.\n\n",
        brief.scenario.name.replace(['\n', '\r'], " "),
        brief.counts.policies,
        brief.counts.futures,
        brief.counts.camps,
        brief.seed
    );
    text.push_str("To repeat it with the same version and data, from this folder:\n\n");
    text.push_str("    downstream brief scenario.toml --out again\n\n");
    text.push_str("The same scenario and seed give the same bytes, for any number of threads.\n\n");
    text.push_str("| file | holds |\n|---|---|\n");
    for (file, holds) in [
        ("brief.html", "the report"),
        ("findings.json", "the findings as numbers and codes"),
        ("runs.csv", "one row a policy, camp and future: inputs, metrics at the horizon, votes"),
        ("trajectories.csv", "quantiles of the series by policy"),
        ("scenario.toml", "the scenario, every key written out"),
    ] {
        let _ = writeln!(text, "| `{file}` | {holds} |");
    }
    text.push_str("\n| what it rests on | SHA-256 |\n|---|---|\n");
    for (name, hash) in &brief.hashes {
        let _ = writeln!(text, "| {name} | `{hash}` |");
    }
    text
}

fn is_empty(folder: &Path) -> bool {
    fs::read_dir(folder).is_ok_and(|mut entries| entries.next().is_none())
}

fn written_by(folder: &Path, verb: &str) -> bool {
    let manifest = units::read_text(&folder.join(MANIFEST)).ok();
    let manifest: Option<Manifest> = manifest.and_then(|text| serde_json::from_str(&text).ok());
    manifest.is_some_and(|manifest| manifest.schema == SCHEMA && manifest.verb == verb)
}

fn remove(folder: &Path) -> io::Result<()> {
    match fs::remove_dir_all(folder) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn scratch(name: &str) -> PathBuf {
        let path = std::env::temp_dir().join(format!("downstream-folder-{}-{name}", std::process::id()));
        remove(&path).unwrap();
        path
    }

    #[test]
    fn a_folder_appears_whole_and_is_replaced_only_by_its_own_verb() {
        let target = scratch("whole");
        let folder = RunFolder::begin(&target, "brief", false).unwrap();
        folder.write("a.txt", "1").unwrap();
        assert!(!target.exists());
        folder.finish("brief").unwrap();
        assert_eq!(units::read_text(&target.join("a.txt")).unwrap(), "1");
        assert_eq!(RunFolder::begin(&target, "world", false).unwrap_err().code, "would_overwrite");
        let again = RunFolder::begin(&target, "brief", false).unwrap();
        again.write("b.txt", "2").unwrap();
        again.finish("brief").unwrap();
        assert!(!target.join("a.txt").exists() && target.join("b.txt").exists());
        RunFolder::begin(&target, "world", true).unwrap();
        remove(&target).unwrap();
    }

    #[test]
    fn an_interrupted_folder_leaves_nothing() {
        let target = scratch("interrupted");
        let folder = RunFolder::begin(&target, "brief", false).unwrap();
        folder.write("a.txt", "1").unwrap();
        let temporary = folder.temporary.clone();
        drop(folder);
        assert!(!temporary.exists() && !target.exists());
    }

    #[test]
    fn a_foreign_folder_and_a_file_are_refused() {
        let target = scratch("foreign");
        fs::create_dir_all(&target).unwrap();
        fs::write(target.join("thesis.txt"), "years of work").unwrap();
        assert_eq!(RunFolder::begin(&target, "brief", false).unwrap_err().code, "would_overwrite");
        assert_eq!(RunFolder::begin(&target.join("thesis.txt"), "brief", true).unwrap_err().code, "not_a_folder");
        remove(&target).unwrap();
    }
}
