//! A user's CSV file: columns by name, some required, others ignored.
//!
//! Our own tables have exactly their columns ([`facts::table`]); a case file or a file of measurements may carry
//! more than is read.

use csv::StringRecord;
use units::{Problem, Problems, nearest};

/// A file with a header row.
#[derive(Clone, Debug)]
pub struct Sheet {
    header: Vec<String>,
    records: Vec<(u64, StringRecord)>,
}

impl Sheet {
    /// Reads a file that must have the `required` columns; `known` ones are suggested where one is misspelt.
    ///
    /// # Errors
    /// All at once: an empty file, a missing or doubled column, an unclosed quote, a record of another length.
    pub fn read(text: &str, file: &str, required: &[&str], known: &[&str]) -> Result<Self, Problems> {
        let mut problems = Problems::default();
        let problem = |code, message: String, line| Problem::new(code, message).file(file).line(line);
        if let Some(line) = unclosed_quote(text) {
            return Err(problem("unclosed_quote", "a quote is opened here and never closed".into(), line).into());
        }
        let mut reader = csv::ReaderBuilder::new().flexible(true).from_reader(text.as_bytes());
        let header: Vec<String> = match reader.headers() {
            Ok(found) if !text.trim().is_empty() => found.iter().map(|name| name.trim().to_string()).collect(),
            _ => return Err(problem("empty_table", "is empty; a header row is wanted".into(), 1).into()),
        };
        for name in required.iter().filter(|name| !header.iter().any(|found| found == *name)) {
            let unread =
                header.iter().filter(|found| !required.contains(&found.as_str()) && !known.contains(&found.as_str()));
            let near = nearest(name, unread).into_iter().next();
            let hint = near.as_ref().map_or(String::new(), |near| format!("; is it '{near}'?"));
            let message = format!("the column '{name}' is missing{hint}");
            problems.push(problem("missing_column", message, 1).key(*name));
        }
        for (index, name) in header.iter().enumerate() {
            let read = required.contains(&name.as_str()) || known.contains(&name.as_str());
            if read && header[..index].contains(name) {
                problems.push(problem("doubled_column", format!("the column '{name}' stands twice"), 1).key(name));
            }
        }
        // Other columns are ignored; but one that spells a known column that is not there would be read as nothing.
        let bare = |name: &str| name.chars().filter(char::is_ascii_alphanumeric).collect::<String>().to_lowercase();
        for name in known.iter().filter(|name| !header.iter().any(|found| found == *name)) {
            if let Some(found) = header.iter().find(|found| bare(found) == bare(name)) {
                let message = format!("the column '{found}' is not read");
                problems.push(problem("misspelt_column", message, 1).key(found).suggest(Some((*name).to_string())));
            }
        }
        let mut records = Vec::new();
        for record in reader.records() {
            match record {
                Ok(record) => {
                    let line = first_line(&record, text);
                    if record.len() == header.len() {
                        records.push((line, record));
                    } else {
                        let message = format!("has {} fields where the header has {}", record.len(), header.len());
                        problems.push(problem("bad_record", message, line));
                    }
                }
                Err(error) => {
                    let line = error.position().map_or(1, csv::Position::line);
                    problems.push(problem("bad_csv", format!("is no CSV: {error}"), line));
                }
            }
        }
        problems.check(Self { header, records })
    }

    /// Whether the file has a column.
    pub fn has(&self, column: &str) -> bool {
        self.header.iter().any(|name| name == column)
    }

    /// The rows, in file order.
    pub fn rows(&self) -> impl Iterator<Item = Row<'_>> {
        self.records.iter().map(|(line, record)| Row { header: &self.header, line: *line, record })
    }
}

/// One row of a sheet.
#[derive(Clone, Copy, Debug)]
pub struct Row<'a> {
    header: &'a [String],
    /// The line on which it begins, from 1.
    pub line: u64,
    record: &'a StringRecord,
}

impl<'a> Row<'a> {
    /// The cell without surrounding blanks; `None` where nothing stands, or there is no such column.
    pub fn get(&self, column: &str) -> Option<&'a str> {
        let index = self.header.iter().position(|name| name == column)?;
        self.record.get(index).map(str::trim).filter(|cell| !cell.is_empty())
    }
}

/// The line a record begins on, from 1: the reader's position may still stand at the line breaks before it, also
/// between the two bytes of a CRLF, where the reader has not counted the line yet.
fn first_line(record: &StringRecord, text: &str) -> u64 {
    let at = record.position().map_or(0, |position| position.byte() as usize);
    let breaks = text.bytes().skip(at).take_while(|byte| matches!(byte, b'\n' | b'\r')).count();
    1 + text.bytes().take(at + breaks).filter(|byte| *byte == b'\n').count() as u64
}

/// The line where a quoted field opens that never closes.
fn unclosed_quote(text: &str) -> Option<u64> {
    let (mut line, mut opened, mut field_start) = (1, None, true);
    let mut bytes = text.bytes().peekable();
    while let Some(byte) = bytes.next() {
        line += u64::from(byte == b'\n');
        if opened.is_some() {
            if byte == b'"' && bytes.next_if_eq(&b'"').is_none() {
                opened = None;
            }
            continue;
        }
        if byte == b'"' && field_start {
            opened = Some(line);
        }
        field_start = matches!(byte, b',' | b'\n' | b'\r');
    }
    opened
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_wrong_with_a_file_is_said_with_its_line() {
        let code = |text: &str| {
            let problems = Sheet::read(text, "f.csv", &["id", "date"], &[]).unwrap_err();
            problems.0.iter().map(|problem| (problem.code, problem.line)).collect::<Vec<_>>()
        };
        assert_eq!(code(""), [("empty_table", Some(1))]);
        assert_eq!(code("id,day\n1,2\n"), [("missing_column", Some(1))]);
        assert_eq!(code("id,date\n1\n\n2,3,4\n"), [("bad_record", Some(2)), ("bad_record", Some(4))]);
        assert_eq!(code("id,date\n1,\"2\n3,4\n"), [("unclosed_quote", Some(2))]);
    }

    #[test]
    fn a_misspelt_column_is_not_taken_for_an_unknown_figure() {
        let problems = Sheet::read("id,tp_p\n1,2\n", "f.csv", &["id"], &["tpp"]).unwrap_err();
        assert_eq!((problems.0[0].code, problems.0[0].suggestion.as_deref()), ("misspelt_column", Some("tpp")));
        assert!(Sheet::read("id,note\n1,2\n", "f.csv", &["id"], &["tpp"]).is_ok(), "other columns are ignored");
    }

    #[test]
    fn lines_are_counted_alike_whatever_ends_them() {
        let lines = |text: &str| {
            let sheet = Sheet::read(text, "f.csv", &["id"], &[]).unwrap();
            sheet.rows().map(|row| row.line).collect::<Vec<_>>()
        };
        let unix = "id,note\n1,a\n\n2,\"b\nc\"\n3,d\n";
        assert_eq!(lines(unix), [2, 4, 6]);
        assert_eq!(lines(&unix.replace('\n', "\r\n")), [2, 4, 6]);
        assert_eq!(lines(&format!("\u{feff}{unix}")), [2, 4, 6]);
    }

    #[test]
    fn other_columns_are_ignored_and_blank_cells_are_nothing() {
        let sheet = Sheet::read("x,id,date\n1, a ,\n", "f.csv", &["id", "date"], &[]).unwrap();
        let row = sheet.rows().next().unwrap();
        assert_eq!((row.get("id"), row.get("date"), row.get("none")), (Some("a"), None, None));
    }
}
