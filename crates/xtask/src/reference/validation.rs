//! `validation.md`: the scores on the built-in table of published figures, as the binary prints them.

use std::{fmt::Write, path::Path};

use super::{binary, head};
use crate::failure::Failure;

/// The commands, and what they show.
const COMMANDS: [&[&str]; 2] = [&["validate"], &["validate", "--leave-out", "chip"]];
/// Where the scores by source and chip begin, which are left to the reader's own run.
const FINER: &str = "\nBy source";
const INTRODUCTION: &str = "
The table is small. What the columns mean, and what larger tables say, stands under
[validation](../concepts/validation.md).
";

pub fn page(root: &Path) -> Result<String, Failure> {
    let binary = binary::built(root)?;
    let mut page = head("Validation scores", "`downstream validate`") + INTRODUCTION;
    for args in COMMANDS {
        let said = binary::say(&binary, args)?;
        let scores = said.split(FINER).next().unwrap_or_default();
        write!(page, "\n```text\n$ downstream {}\n{}\n```\n", args.join(" "), scores.trim_end())?;
    }
    Ok(page)
}
