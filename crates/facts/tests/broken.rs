//! What the loader says of tables that are wrong, and that nothing makes it panic.

#![allow(clippy::unwrap_used)] // a test may stop where it stands

use std::path::PathBuf;

use facts::{Chip, Facts, WorkloadShape, chip::read_chips, country::read_countries, figure::read_figures, table};
use proptest::prelude::*;

const HEADER: &str = "id,name,regulation_name,aliases,source,date,licence,confidence\n";

#[test]
fn every_problem_of_a_table_comes_at_once_with_line_and_column() {
    let text = format!(
        "{HEADER}US,United States,United States,,x,2026,facts,high\n\
         usa,,Elsewhere,,x,2026,facts,hgh\n\
         FR,\"France, the\",France,,,2026,facts,low\n\
         too,short\n"
    );
    let problems = read_countries(&text, "c.csv").unwrap_err().0;
    let found: Vec<_> = problems.iter().map(|p| (p.line, p.column, p.key.as_deref(), p.code)).collect();
    assert_eq!(
        found,
        [
            (Some(3), Some(1), Some("id"), "bad_country"),
            (Some(3), Some(5), Some("name"), "missing_value"),
            (Some(3), Some(30), Some("confidence"), "unknown_word"),
            (Some(4), Some(26), Some("source"), "missing_value"),
            (Some(5), None, None, "bad_record"),
        ]
    );
    assert_eq!(problems[2].suggestion.as_deref(), Some("high"));
}

#[test]
fn a_header_is_checked_with_suggestions() {
    let text = HEADER.replace("regulation_name", "regulaton_name").replace("licence", "source");
    let problems = read_countries(&text, "c.csv").unwrap_err().0;
    let found: Vec<_> = problems.iter().map(|p| (p.code, p.key.as_deref(), p.suggestion.as_deref())).collect();
    assert_eq!(
        found,
        [
            ("unknown_column", Some("regulaton_name"), Some("regulation_name")),
            ("doubled_column", Some("source"), None),
            ("missing_column", Some("regulation_name"), None),
            ("missing_column", Some("licence"), None),
        ]
    );
}

#[test]
fn an_empty_file_and_an_open_quote_are_named() {
    let code = |text: &str| {
        let problem = read_countries(text, "c.csv").unwrap_err().0.remove(0);
        (problem.code, problem.line)
    };
    assert_eq!(code(""), ("empty_table", Some(1)));
    assert_eq!(code("\n\n"), ("empty_table", Some(1)));
    assert_eq!(code(&format!("{HEADER}US,\"United\n")), ("unclosed_quote", Some(2)));
    assert!(read_countries(HEADER, "c.csv").unwrap().is_empty(), "a header alone is a table without rows");
}

#[test]
fn numbers_refuse_what_is_not_finite_or_out_of_range() {
    let read = |cell: &str| {
        table::read(&format!("x\n{cell}\n"), "t.csv", &["x"], |row| row.number("x", table::FRACTION))
            .map(|rows| rows[0])
            .map_err(|problems| problems.0[0].code)
    };
    assert_eq!(read("0.5"), Ok(0.5));
    assert_eq!(read("1e-3"), Ok(0.001));
    for garbage in ["NaN", "inf", "-inf", "1e999", "0.5 GB", "1,5", "half"] {
        assert!(matches!(read(&format!("\"{garbage}\"")), Err("not_a_number")), "{garbage}");
    }
    assert_eq!(read("1.5"), Err("out_of_range"));
    assert_eq!(read("-0.1"), Err("out_of_range"));
    assert_eq!(read("\" \""), Err("missing_value"));
}

#[test]
fn lines_are_counted_over_blank_lines_and_line_breaks_in_quotes() {
    let text = "x,y\n\n1,\"a\nb\"\n\n\nbad,c\n";
    let problems = table::read(text, "t.csv", &["x", "y"], |row| row.number("x", table::ANY)).unwrap_err().0;
    assert_eq!((problems.len(), problems[0].line), (1, Some(7)));
    let windows = text.replace('\n', "\r\n");
    let problems = table::read(&windows, "t.csv", &["x", "y"], |row| row.number("x", table::ANY)).unwrap_err().0;
    assert_eq!(problems[0].line, Some(7));
}

struct Folder(PathBuf);

impl Folder {
    fn new(name: &str, files: &[(&str, &str)]) -> Self {
        let path = std::env::temp_dir().join(format!("downstream-facts-{}-{name}", std::process::id()));
        std::fs::create_dir_all(&path).unwrap();
        for (name, text) in files {
            std::fs::write(path.join(name), text).unwrap();
        }
        Self(path)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

#[test]
fn a_file_of_the_same_name_replaces_a_table() {
    let own = format!("{HEADER}US,United States,United States,,mine,2026,mine,low\n");
    let folder = Folder::new("replace", &[("countries.csv", &own), ("notes.txt", "ignored"), ("inputs.csv", "x\n")]);
    let facts = Facts::load(Some(&folder.0)).unwrap();
    assert_eq!((facts.countries.len(), facts.chips.len()), (1, 102));
    assert!(facts.texts().contains(&("countries.csv".to_string(), own)));
    assert_eq!(facts.replaced("inputs.csv").map(|(_, text)| text), Some("x\n"));
    assert_eq!(facts.replaced("chips.csv"), None);
}

#[test]
fn our_own_folder_of_data_is_one_that_a_user_may_name() {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../data");
    let facts = Facts::load(Some(&folder)).unwrap_or_else(|problems| panic!("{problems}"));
    let built_in = Facts::load(None).unwrap();
    assert_eq!((facts.chips, facts.history), (built_in.chips, built_in.history));
}

#[test]
fn a_table_that_would_not_be_used_is_refused() {
    let folder = Folder::new("fixed", &[("claims.toml", "horizon = \"2040Q4\"\n")]);
    let problems = Facts::load(Some(&folder.0)).unwrap_err();
    assert_eq!(problems.0[0].code, "fixed_table");
}

#[test]
fn a_folder_with_unknown_tables_or_none_at_all_is_refused() {
    let folder = Folder::new("unknown", &[("chps.csv", ""), ("countries.csv", "id\n")]);
    let problems = Facts::load(Some(&folder.0)).unwrap_err().0;
    let unknown = problems.iter().find(|p| p.code == "unknown_table").unwrap();
    assert_eq!(unknown.suggestion.as_deref(), Some("chips.csv"));
    assert!(problems.iter().any(|p| p.code == "missing_column"), "the other file is read all the same");
    let file = folder.0.join("chps.csv");
    assert_eq!(Facts::load(Some(&file)).unwrap_err().0[0].code, "not_a_folder");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_text_makes_a_reader_panic(text in "\\PC*|[a-z,\"\n\r0-9.|#=\\[\\]{}-]{0,200}") {
        let _ = read_countries(&text, "t.csv");
        let _ = read_countries(&format!("{HEADER}{text}"), "t.csv");
        let _ = read_figures(&text, "t.csv");
        let _ = Chip::parse(&text, "c.toml");
        let _ = WorkloadShape::parse(&text, "w.toml");
    }

    #[test]
    fn no_slip_in_the_table_of_chips_makes_the_reader_panic(at in 0usize..40_000, with in "\\PC?|[\n\r\",]") {
        let text = include_str!("../../../data/chips.csv");
        let at = (0..=at.min(text.len())).rev().find(|at| text.is_char_boundary(*at)).unwrap();
        let rest = text[at..].char_indices().nth(1).map_or("", |(next, _)| &text[at + next..]);
        let _ = read_chips(&format!("{}{with}{rest}", &text[..at]), "chips.csv");
    }

    #[test]
    fn no_slip_in_a_chip_file_makes_the_reader_panic(at in 0usize..400, with in "\\PC?|[\n\r\"=\\[]") {
        let text = "id = \"mine\"\nname = \"Mine\"\nkind = \"gpu\"\nmemory_bytes = 80e9\nmemory_bw_byte_per_s = 3350\n\
                    tdp_w = 0x10\nscaleup_domain_chips = 8.5\n[dense_op_per_s]\nbf16 = 1e15\nfp8 = -inf\n";
        let at = at.min(text.len() - 1);
        let _ = Chip::parse(&format!("{}{with}{}", &text[..at], &text[at + 1..]), "c.toml");
    }
}
