//! `models.csv`: reading it, and rebuilding its shape columns from configurations.

use units::{Problem, Problems};

use super::{Model, shape};
use crate::architecture::Architecture;
use crate::table;

/// Columns that are written by hand.
const WHO: [&str; 8] = ["id", "aliases", "name", "developer", "origin", "open_weights", "release", "release_source"];

/// Columns of the shape that may be put right by hand: a configuration edited on its way to us says nothing of
/// the format its model is published in.
const FORMATS: [&str; 2] = ["checkpoint_dtype", "expert_dtype"];

/// All columns, in their order.
fn columns() -> Vec<&'static str> {
    [&WHO[..], &shape::COLUMNS, &table::PROVENANCE].concat()
}

/// Reads `models.csv`.
///
/// # Errors
/// Every problem of the table, each with row and column.
pub fn read_models(text: &str, file: &str) -> Result<Vec<Model>, Problems> {
    let mut models = table::read(text, file, &columns(), |row| {
        let model = Model {
            id: row.text("id"),
            aliases: row.list("aliases"),
            name: row.text("name"),
            developer: row.text("developer"),
            origin: row.text("origin"),
            open_weights: row.yes_no("open_weights"),
            release: row.text("release"),
            release_source: row.text("release_source"),
            architecture: shape::read(row),
            provenance: row.provenance(),
        };
        if !is_month(&model.release) {
            row.refuse(
                "release",
                "bad_month",
                format!("release is '{}'; a month such as 2025-01 is wanted", model.release),
            );
        }
        if model.origin.len() != 2 || !model.origin.bytes().all(|letter| letter.is_ascii_uppercase()) {
            row.refuse("origin", "bad_country", format!("'{}' is no ISO 3166 alpha-2 code", model.origin));
        }
        (row.line(), model)
    })?;
    models.sort_by(|(_, a), (_, b)| a.id.cmp(&b.id));
    let mut problems = Problems::default();
    let mut names: Vec<(String, u64)> = models
        .iter()
        .flat_map(|(line, model)| model.aliases.iter().chain([&model.id]).map(|name| (name.to_lowercase(), *line)))
        .collect();
    names.sort();
    for pair in names.windows(2).filter(|pair| pair[0].0 == pair[1].0) {
        let message = format!("'{}' already names the model of line {}", pair[1].0, pair[0].1);
        problems.push(Problem::new("doubled_name", message).file(file).line(pair[1].1).key("aliases"));
    }
    problems.check(models.into_iter().map(|(_, model)| model).collect())
}

/// Whether a text is a month, `YYYY-MM`.
fn is_month(text: &str) -> bool {
    let month = text.get(5..).and_then(|month| month.parse::<u8>().ok());
    text.len() == 7
        && text.as_bytes()[4] == b'-'
        && text.bytes().take(4).all(|digit| digit.is_ascii_digit())
        && month.is_some_and(|month| (1..=12).contains(&month))
}

/// The text of `models.csv` with its shape columns made anew: `architecture` gives the shape of an id. Columns
/// written by hand stay as they are, and so do number formats that are there already; columns of the shape may
/// be missing in `text`. Rows are sorted by id.
///
/// # Errors
/// What `architecture` refuses; a table without the columns written by hand; a shape that the columns cannot
/// hold.
pub fn rebuild_models(
    text: &str,
    architecture: impl Fn(&str) -> Result<Architecture, Problems>,
) -> Result<String, Problems> {
    let broken = |error: &dyn std::fmt::Display| Problems::from(Problem::new("bad_csv", error.to_string()));
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let header = reader.headers().map_err(|error| broken(&error))?.clone();
    let mut rows = Vec::new();
    for record in reader.records() {
        let record = record.map_err(|error| broken(&error))?;
        let by_hand = |column: &str| header.iter().position(|name| name == column).and_then(|index| record.get(index));
        let id = by_hand("id").ok_or_else(|| broken(&"there is no column 'id'"))?.to_string();
        let cells = shape::cells(&architecture(&id)?).map_err(|problem| broken(&format!("{id}: {problem}")))?;
        let put_right = |column: &&str| by_hand(column).filter(|cell| FORMATS.contains(column) && !cell.is_empty());
        let cell = |column: &&str| match put_right(column).map(str::to_string).as_ref().or(cells.get(column)) {
            Some(cell) => Ok(cell.clone()),
            None if shape::COLUMNS.contains(column) => Ok(String::new()),
            None => {
                by_hand(column).map(str::to_string).ok_or_else(|| broken(&format!("there is no column '{column}'")))
            }
        };
        let row: Vec<String> = columns().iter().map(cell).collect::<Result<_, _>>()?;
        rows.push((id, row));
    }
    rows.sort();
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(columns()).map_err(|error| broken(&error))?;
    for (_, row) in rows {
        writer.write_record(row).map_err(|error| broken(&error))?;
    }
    let bytes = writer.into_inner().map_err(|error| broken(&error))?;
    String::from_utf8(bytes).map_err(|error| broken(&error))
}
