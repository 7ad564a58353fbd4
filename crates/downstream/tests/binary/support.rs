//! Running the binary and reading what it says.

use serde_json::Value;
use std::{path::PathBuf, process::Command};

/// What a run of the binary said.
pub struct Said {
    pub code: i32,
    pub stdout: String,
    pub stderr: String,
}

impl Said {
    /// The one JSON object on stdout.
    pub fn json(&self) -> Value {
        assert_eq!(self.code, 0, "{}", self.stderr);
        assert!(self.stdout.ends_with('\n') && self.stdout.lines().count() == 1, "one object and a newline");
        serde_json::from_str(&self.stdout).unwrap()
    }

    /// The `error` object on stderr.
    pub fn error(&self) -> Value {
        assert_eq!(self.code, 2, "stdout: {}\nstderr: {}", self.stdout, self.stderr);
        assert!(self.stdout.is_empty(), "an error leaves stdout empty");
        serde_json::from_str::<Value>(self.stderr.lines().next().unwrap()).unwrap()["error"].clone()
    }
}

/// Runs `downstream` with arguments as one would type them (no quoting; paths without spaces).
pub fn downstream(line: &str) -> Said {
    let args: Vec<&str> = line.split_whitespace().collect();
    run(&args)
}

/// Runs `downstream`.
pub fn run(args: &[&str]) -> Said {
    let output = Command::new(env!("CARGO_BIN_EXE_downstream")).args(args).output().unwrap();
    Said {
        code: output.status.code().unwrap_or(-1),
        stdout: String::from_utf8(output.stdout).unwrap(),
        stderr: String::from_utf8(output.stderr).unwrap(),
    }
}

/// A folder of this test's own, empty.
pub fn folder(name: &str) -> PathBuf {
    let path = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(name);
    let _ = std::fs::remove_dir_all(&path);
    std::fs::create_dir_all(&path).unwrap();
    path
}

/// A file in a folder of this test's own.
pub fn file(name: &str, content: &[u8]) -> String {
    let path = folder(&format!("file-{name}")).join(name);
    std::fs::write(&path, content).unwrap();
    path.display().to_string()
}

/// The calibration data, or a message and nothing.
pub fn shared(below: &str) -> Option<PathBuf> {
    let root = std::env::var_os("DOWNSTREAM_SHARED")
        .map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared"), PathBuf::from);
    let path = root.join(below);
    if path.exists() {
        return Some(path);
    }
    #[allow(clippy::print_stderr)] // What is skipped is said.
    {
        eprintln!("skipped: {} is not there (set DOWNSTREAM_SHARED)", path.display());
    }
    None
}
