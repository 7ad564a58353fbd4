//! `commands.md`: the help of every verb, as the binary prints it.

use std::{
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use super::head;
use crate::failure::Failure;

/// Columns of the help, whatever the terminal.
const COLUMNS: &str = "100";

pub fn page(root: &Path) -> Result<String, Failure> {
    let binary = built(root)?;
    let mut page = head("Commands", "the `--help` of every verb");
    section(&binary, &[], &mut page)?;
    Ok(page)
}

/// Builds the binary beside this one, in the same profile, and says where it is.
fn built(root: &Path) -> Result<PathBuf, Failure> {
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

/// A verb's help, then that of its own verbs.
fn section(binary: &Path, verb: &[&str], page: &mut String) -> Result<(), Failure> {
    let help = help(binary, verb)?;
    let title = if verb.is_empty() { "downstream".to_string() } else { format!("downstream {}", verb.join(" ")) };
    page.push_str(&format!("\n## {title}\n\n```text\n{}\n```\n", help.trim_end()));
    for below in verbs(&help) {
        let mut path = verb.to_vec();
        path.push(below);
        section(binary, &path, page)?;
    }
    Ok(())
}

fn help(binary: &Path, verb: &[&str]) -> Result<String, Failure> {
    let output = Command::new(binary)
        .args(verb)
        .arg("--help")
        .env("COLUMNS", COLUMNS)
        .env("NO_COLOR", "1")
        .stdin(Stdio::null())
        .output()?;
    if !output.status.success() {
        return Err(Failure(format!("downstream {} --help failed", verb.join(" "))));
    }
    let text = String::from_utf8(output.stdout)?;
    Ok(text.lines().map(str::trim_end).collect::<Vec<_>>().join("\n"))
}

/// The verbs that a help lists under "Commands:", without its own `help`.
fn verbs(help: &str) -> Vec<&str> {
    help.lines()
        .skip_while(|line| *line != "Commands:")
        .skip(1)
        .take_while(|line| !line.is_empty())
        .filter_map(|line| line.strip_prefix("  ").filter(|line| !line.starts_with(' ')))
        .filter_map(|line| line.split_whitespace().next())
        .filter(|verb| *verb != "help")
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn verbs_are_read_from_the_help_and_not_from_wrapped_lines() {
        let help =
            "Usage: x\n\nCommands:\n  brief  Run the study\n           and print\n  help   Print\n\nOptions:\n  -q";
        assert_eq!(verbs(help), ["brief"]);
    }
}
