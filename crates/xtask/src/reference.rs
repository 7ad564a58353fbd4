//! The reference pages of the book, each a function of the binary's help or of `data/`.

mod binary;
mod commands;
mod facts;
mod inputs;
mod policies;
mod validation;

use std::{fs, path::Path};

use units::read_text;

use crate::failure::Failure;

/// Where the pages stand, below the root.
const FOLDER: &str = "book/src/reference";
/// The command that writes them, as pages and failures name it.
const COMMAND: &str = "cargo run -p xtask -- reference";

/// Every page: its file and its text.
fn pages(root: &Path) -> Result<Vec<(&'static str, String)>, Failure> {
    let pages = [
        ("commands.md", commands::page(root)?),
        ("inputs.md", inputs::page(root)?),
        ("policies.md", policies::page(root)?),
        ("facts.md", facts::page(root)?),
        ("validation.md", validation::page(root)?),
    ];
    Ok(pages.into_iter().map(|(file, text)| (file, format!("{}\n", text.trim_end()))).collect())
}

/// Writes every page.
pub fn write(root: &Path) -> Result<String, Failure> {
    let folder = root.join(FOLDER);
    fs::create_dir_all(&folder)?;
    let pages = pages(root)?;
    for (file, text) in &pages {
        fs::write(folder.join(file), text)?;
    }
    Ok(format!("{} pages written to {FOLDER}", pages.len()))
}

/// Compares every page with what it should be.
pub fn check(root: &Path) -> Result<String, Failure> {
    let pages = pages(root)?;
    let stale: Vec<&str> = pages
        .iter()
        .filter(|(file, text)| read_text(&root.join(FOLDER).join(file)).ok().as_ref() != Some(text))
        .map(|(file, _)| *file)
        .collect();
    if stale.is_empty() {
        return Ok(format!("{} pages of {FOLDER} are up to date", pages.len()));
    }
    Err(Failure(format!("stale in {FOLDER}: {}; run {COMMAND}", stale.join(", "))))
}

/// The head of a page.
fn head(title: &str, from: &str) -> String {
    format!("# {title}\n\nWritten by `{COMMAND}` from {from}; do not edit.\n")
}

/// A cell of a table: one line, no bar that would end it.
fn cell(text: &str) -> String {
    text.replace('|', "\\|").replace('\n', " ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cell_stays_in_its_column() {
        assert_eq!(cell("E1|E2\nE3"), "E1\\|E2 E3");
    }

    #[test]
    fn pages_of_data_have_a_row_for_every_row() {
        let root = crate::root();
        let inputs = read_text(&root.join("data/inputs.csv")).unwrap();
        let rows = inputs::page(&root).unwrap().lines().filter(|line| line.starts_with("| `")).count();
        assert_eq!(rows, inputs.lines().count() - 1);
        assert_eq!(policies::page(&root).unwrap().matches("\n## ").count(), 10);
    }

    /// Relative links of a page, without their anchors.
    fn links(text: &str) -> Vec<String> {
        let targets = text.split("](").skip(1).filter_map(|rest| rest.split(')').next());
        let local = targets.filter(|target| !target.contains("://") && !target.starts_with('#'));
        local.map(|target| target.split('#').next().unwrap_or_default().to_string()).collect()
    }

    fn pages_below(folder: &Path, found: &mut Vec<std::path::PathBuf>) {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                pages_below(&path, found);
            } else if path.extension().is_some_and(|end| end == "md") {
                found.push(path);
            }
        }
    }

    #[test]
    fn every_link_of_book_and_examples_leads_somewhere() {
        let mut pages = Vec::new();
        pages_below(&crate::root().join("book/src"), &mut pages);
        pages_below(&crate::root().join("examples"), &mut pages);
        let mut broken = Vec::new();
        for page in &pages {
            for link in links(&read_text(page).unwrap()) {
                if !page.with_file_name("").join(&link).exists() {
                    broken.push(format!("{}: {link}", page.display()));
                }
            }
        }
        assert!(pages.len() > 20 && broken.is_empty(), "{broken:#?}");
    }

    #[test]
    fn every_page_stands_in_the_summary() {
        let book = crate::root().join("book/src");
        let summary = links(&read_text(&book.join("SUMMARY.md")).unwrap());
        let mut pages = Vec::new();
        pages_below(&book, &mut pages);
        let name = |page: &Path| page.strip_prefix(&book).unwrap().display().to_string().replace('\\', "/");
        let missing: Vec<String> = pages
            .iter()
            .map(|page| name(page))
            .filter(|page| page != "SUMMARY.md" && !summary.contains(page))
            .collect();
        assert!(missing.is_empty(), "{missing:?}");
    }

    /// Words in code font of a page.
    fn code_words(page: &str) -> Vec<&str> {
        page.split('`').skip(1).step_by(2).collect()
    }

    #[test]
    fn the_page_on_the_world_names_every_input_and_only_functions_that_exist() {
        let page = read_text(&crate::root().join("book/src/concepts/world.md")).unwrap();
        let words = code_words(&page);
        let inputs = read_text(&crate::root().join("data/inputs.csv")).unwrap();
        // `lag_*_quarters` names every lag.
        let names = |word: &str, key: &str| match word.split_once('*') {
            Some((begin, end)) => key.starts_with(begin) && key.ends_with(end),
            None => word == key,
        };
        for key in inputs.lines().skip(1).filter_map(|line| line.split(',').next()) {
            assert!(words.iter().any(|word| names(word, key)), "the input {key} is on no line of world.md");
        }
        for (module, item) in words.iter().filter_map(|word| word.split_once("::")) {
            let item = item.rsplit("::").next().unwrap_or(item);
            let file = crate::root().join("crates/world/src/equations").join(module).with_extension("rs");
            let code = read_text(&file).unwrap();
            let is_there = ["fn", "struct", "enum"].iter().any(|kind| code.contains(&format!("{kind} {item}")));
            assert!(is_there, "there is no {item} in {}", file.display());
        }
    }
}
