//! Running the binary as a reader would.

use std::{
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use crate::failure::Failure;

/// Columns of what it prints, whatever the terminal.
const COLUMNS: &str = "100";

/// Builds the binary beside this one, in the same profile, and says where it is.
pub fn built(root: &Path) -> Result<PathBuf, Failure> {
    let mut cargo = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    cargo.current_dir(root).args(["build", "--quiet", "--package", "downstream"]);
    if !cfg!(debug_assertions) {
        cargo.arg("--release");
    }
    if !cargo.status()?.success() {
        return Err(Failure("the binary cannot be built".into()));
    }
    let here = std::env::current_exe()?;
    Ok(here.with_file_name(format!("downstream{}", std::env::consts::EXE_SUFFIX)))
}

/// What a command prints on standard output.
pub fn say(binary: &Path, args: &[&str]) -> Result<String, Failure> {
    let output =
        Command::new(binary).args(args).env("COLUMNS", COLUMNS).env("NO_COLOR", "1").stdin(Stdio::null()).output()?;
    if !output.status.success() {
        return Err(Failure(format!("downstream {} failed", args.join(" "))));
    }
    let text = String::from_utf8(output.stdout)?;
    Ok(text.lines().map(str::trim_end).collect::<Vec<_>>().join("\n"))
}
