//! `policies.md`: the presets, each with its file.

use std::{fmt::Write, fs, path::Path};

use units::read_text;

use super::head;
use crate::failure::Failure;

const FOLDER: &str = "data/policies";
const INTRODUCTION: &str = "
Each preset is a policy file; what it does not say it takes from its `base`. A file of your own may name one as
`base = \"builtin:ID\"`.
";

pub fn page(root: &Path) -> Result<String, Failure> {
    let mut files: Vec<_> = fs::read_dir(root.join(FOLDER))?.collect::<Result<Vec<_>, _>>()?;
    files.sort_by_key(fs::DirEntry::file_name);
    let mut page = head("Policies", &format!("`{FOLDER}/`")) + INTRODUCTION;
    for file in files {
        let text = read_text(&file.path())?;
        let table: toml::Table = text.parse()?;
        let field = |name: &str| table.get(name).and_then(toml::Value::as_str).unwrap_or_default();
        write!(
            page,
            "\n## {}\n\n{}. {}\n\n```toml\n{}\n```\n",
            field("id"),
            field("title"),
            field("note"),
            text.trim_end()
        )?;
    }
    Ok(page)
}
