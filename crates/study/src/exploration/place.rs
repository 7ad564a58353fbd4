//! The folder of an exploration: begun beside its final name, gone on with after whatever stopped it, renamed when whole.

use explore::store::{Manifest, Progress, StoreError, Writer, merge};
use std::path::{Path, PathBuf};
use units::{Problem, Problems};

use super::problem;
use crate::run_folder;

/// The verb that writes such folders.
const VERB: &str = "explore";

/// Where the runs go, and where they are while they are not complete: `DIR.partial`.
#[derive(Clone, Debug)]
pub struct Place {
    target: PathBuf,
    working: PathBuf,
}

/// What was found in a place.
#[derive(Debug)]
pub enum Begun {
    /// A table to be filled, some of it perhaps already there.
    Open(Box<Writer>),
    /// The very runs that were asked for, complete.
    Complete(Progress),
}

impl Place {
    /// The place of a folder.
    ///
    /// # Errors
    /// A name that cannot be a folder's.
    pub fn of(target: &Path) -> Result<Self, Problem> {
        let shown = target.display().to_string();
        let not_a_folder = |message: &str| Problem::new("not_a_folder", message).file(&shown).key("--out");
        if target.is_symlink() || target.is_file() {
            return Err(not_a_folder("is not a folder; name another with --out"));
        }
        let Some(name) = target.file_name() else {
            return Err(not_a_folder("is no name for a folder"));
        };
        let mut working = name.to_os_string();
        working.push(".partial");
        Ok(Self { target: target.to_path_buf(), working: target.with_file_name(working) })
    }

    /// Begins the runs of a manifest, or goes on with them.
    ///
    /// # Errors
    /// A folder of somebody else's; an unfinished one, where it was not said what to do with it; one of another study.
    pub fn begin(&self, manifest: &Manifest, resume: bool, force: bool) -> Result<Begun, Problem> {
        let wrong = |error: &StoreError| problem(error);
        if resume {
            if self.working.exists() {
                return Writer::resume(&self.working, manifest).map(open).map_err(|error| wrong(&error));
            }
            if let Ok(found) = Manifest::read(&self.target) {
                let mut differences = found.differences(manifest);
                if found.shard != manifest.shard {
                    differences.push("shard".into());
                }
                if differences.is_empty() {
                    let progress = Progress::of(&self.target).map_err(|error| wrong(&error))?;
                    return Ok(Begun::Complete(progress));
                }
                let message = format!("is complete, and of another study; there: {}", differences.join("; "));
                return Err(Problem::new("other_study", message).file(self.target.display().to_string()));
            }
        }
        run_folder::may_be_replaced(&self.target, VERB, force)?;
        if self.working.exists() && !force {
            let message = "is an unfinished run: go on with it by --resume, or begin anew by --force";
            let problem = Problem::new("unfinished", message).file(self.working.display().to_string());
            return Err(problem.suggest(Some("--resume".into())));
        }
        Writer::create(&self.working, manifest).map(open).map_err(|error| wrong(&error))
    }

    /// Writes what stands beside the runs.
    ///
    /// # Errors
    /// A file that cannot be written.
    pub fn write_beside(&self, files: &[(String, String)]) -> Result<(), Problem> {
        let marker = run_folder::marker(VERB);
        let files = files.iter().map(|(name, text)| (name.as_str(), text.as_str()));
        for (name, text) in files.chain([(marker.0, marker.1.as_str())]) {
            let path = self.working.join(name);
            std::fs::write(&path, text).map_err(|error| {
                Problem::new("unwritable", format!("cannot be written: {error}")).file(path.display().to_string())
            })?;
        }
        Ok(())
    }

    /// Gives the complete folder its name.
    ///
    /// # Errors
    /// A folder that cannot be written or renamed.
    pub fn finish(&self, writer: Writer) -> Result<Progress, Problem> {
        writer.finish(&self.target).map_err(|error| problem(&error))
    }

    /// Puts shards together here. Files beside the runs are those of the first shard.
    ///
    /// # Errors
    /// Everything that keeps the shards from being one study; a folder of somebody else's.
    pub fn merge(&self, shards: &[PathBuf], force: bool) -> Result<Progress, Problems> {
        run_folder::may_be_replaced(&self.target, VERB, force)?;
        if self.working.exists() && !force {
            let message = "is an unfinished run; name another folder with --out, or add --force";
            return Err(Problem::new("unfinished", message).file(self.working.display().to_string()).into());
        }
        let folders: Vec<&Path> = shards.iter().map(PathBuf::as_path).collect();
        let whole = |errors: Vec<StoreError>| Problems(errors.iter().map(problem).collect());
        // First the runs, which may be refused, then the rest, then the name.
        let writer = merge(&folders, &self.working).map_err(whole)?;
        self.write_beside(&beside(&shards[0])?)?;
        Ok(self.finish(writer)?)
    }
}

fn open(writer: Writer) -> Begun {
    Begun::Open(Box::new(writer))
}

/// The files beside a folder's runs: small texts.
fn beside(folder: &Path) -> Result<Vec<(String, String)>, Problem> {
    let unreadable = |error: std::io::Error| {
        Problem::new("unreadable", format!("cannot be read: {error}")).file(folder.display().to_string())
    };
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder).map_err(unreadable)? {
        let path = entry.map_err(unreadable)?.path();
        let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        if path.is_file() && path.extension().is_some_and(|extension| extension == "toml") {
            files.push((name, units::read_text(&path)?));
        }
    }
    files.sort();
    Ok(files)
}
