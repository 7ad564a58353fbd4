//! `commands.md`: the help of every verb, as the binary prints it.

use std::{fmt::Write, path::Path};

use super::{binary, head};
use crate::failure::Failure;

pub fn page(root: &Path) -> Result<String, Failure> {
    let binary = binary::built(root)?;
    let mut page = head("Commands", "the `--help` of every verb");
    section(&binary, &[], &mut page)?;
    Ok(page)
}

/// A verb's help, then that of its own verbs.
fn section(binary: &Path, verb: &[&str], page: &mut String) -> Result<(), Failure> {
    let help = help(binary, verb)?;
    let title = if verb.is_empty() { "downstream".to_string() } else { format!("downstream {}", verb.join(" ")) };
    write!(page, "\n## {title}\n\n```text\n{}\n```\n", help.trim_end())?;
    for below in verbs(&help) {
        let mut path = verb.to_vec();
        path.push(below);
        section(binary, &path, page)?;
    }
    Ok(())
}

fn help(binary: &Path, verb: &[&str]) -> Result<String, Failure> {
    let mut args = verb.to_vec();
    args.push("--help");
    binary::say(binary, &args)
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
