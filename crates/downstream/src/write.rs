//! Writing a file that a user named: whole or not at all, and never over another without being told to.

use std::{fs, path::Path};
use units::Problem;

/// Writes under a temporary name beside the target, then renames.
///
/// # Errors
/// A file that is already there and `force` was not given; a place that cannot be written.
pub fn file(path: &Path, text: &str, force: bool) -> Result<(), Problem> {
    let problem = |code, message: String| Problem::new(code, message).file(path.display().to_string());
    if path.exists() && !force {
        return Err(problem("would_overwrite", "is already there; name another file, or add --force".into()));
    }
    let Some(name) = path.file_name().filter(|_| !path.is_dir()) else {
        return Err(problem("not_a_file", "is no name for a file".into()));
    };
    let temporary = path.with_file_name(format!(".{}.{}.partial", name.to_string_lossy(), std::process::id()));
    let written = fs::write(&temporary, text).and_then(|()| fs::rename(&temporary, path));
    written.map_err(|error| {
        let _ = fs::remove_file(&temporary);
        problem("unwritable", format!("cannot be written: {error}"))
    })
}
