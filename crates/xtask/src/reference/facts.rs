//! `facts.md`: the tables of `data/` with their rows and columns.

use std::{fmt::Write, fs, path::Path};

use units::read_text;

use super::head;
use crate::failure::Failure;

const FOLDER: &str = "data";
const INTRODUCTION: &str = "
Every row has a source, a date, a licence and a confidence. A blank cell is unknown, never zero. `--data DIR` replaces a
table by the file of the same name in `DIR`. What each table holds stands in `data/README.md`.

| table | rows | columns |
|---|--:|---|
";

pub fn page(root: &Path) -> Result<String, Failure> {
    let mut files: Vec<_> = fs::read_dir(root.join(FOLDER))?.collect::<Result<Vec<_>, _>>()?;
    files.sort_by_key(fs::DirEntry::file_name);
    let mut page = head("Facts", &format!("the tables of `{FOLDER}/`")) + INTRODUCTION;
    for file in files.iter().map(fs::DirEntry::path).filter(|path| path.extension().is_some_and(|end| end == "csv")) {
        let text = read_text(&file)?;
        let mut reader = csv::Reader::from_reader(text.as_bytes());
        let columns: Vec<String> = reader.headers()?.iter().map(|name| format!("`{name}`")).collect();
        let rows = reader.records().collect::<Result<Vec<_>, _>>()?.len();
        let name = file.file_name().unwrap_or_default().to_string_lossy();
        writeln!(page, "| {name} | {rows} | {} |", columns.join(", "))?;
    }
    Ok(page)
}
