//! `validation.md`: the scores on the built-in table of published figures, as the binary prints them.

use std::path::Path;

use super::{binary, head};
use crate::failure::Failure;

/// The commands, and what they show.
const COMMANDS: [&[&str]; 2] = [&["validate"], &["validate", "--leave-out", "chip"]];
const INTRODUCTION: &str = "
The table is small: 76 figures on five chips. What the columns mean, and what larger tables say, stands under
[validation](../concepts/validation.md).
";

pub fn page(root: &Path) -> Result<String, Failure> {
    let binary = binary::built(root)?;
    let mut page = head("Validation scores", "`downstream validate`") + INTRODUCTION;
    for args in COMMANDS {
        let scores = binary::say(&binary, args)?;
        page.push_str(&format!("\n```text\n$ downstream {}\n{}\n```\n", args.join(" "), scores.trim_end()));
    }
    Ok(page)
}
