//! Which of the three kinds of file it is, by its header.

use rules::sheet::Sheet;
use units::{Problem, Problems};

use super::{Reading, Source, argonne, measured, names::Names, silicon};

/// A kind of file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Schema {
    /// One metric a row, 20 columns.
    Measured,
    /// TTFT and TPOT a row, with the full configuration.
    Silicon,
    /// Latency of whole batches.
    Argonne,
}

impl Schema {
    /// All three.
    pub const ALL: [Self; 3] = [Self::Measured, Self::Silicon, Self::Argonne];

    /// As printed.
    pub fn name(self) -> &'static str {
        match self {
            Self::Measured => "measured",
            Self::Silicon => "silicon",
            Self::Argonne => "argonne",
        }
    }

    /// The columns that it must have.
    fn columns(self) -> &'static [&'static str] {
        match self {
            Self::Measured => &measured::COLUMNS,
            Self::Silicon => &silicon::COLUMNS,
            Self::Argonne => &argonne::COLUMNS,
        }
    }
}

/// Reads a file of any of the three kinds.
///
/// # Errors
/// An unknown header, missing columns, records of another length, metrics that are no numbers.
pub fn read(file: usize, source: &Source, names: &Names) -> Result<(Schema, Vec<Reading>), Problems> {
    let header = source.text.lines().next().unwrap_or_default();
    let columns: Vec<&str> = header.split(',').map(|name| name.trim().trim_matches('"')).collect();
    let share = |schema: &Schema| {
        let wanted = schema.columns();
        wanted.iter().filter(|name| columns.contains(name)).count() * 100 / wanted.len()
    };
    let best = Schema::ALL.into_iter().max_by_key(share).filter(|schema| share(schema) >= 50);
    let Some(schema) = best else {
        let message = "has none of the three known headers: measured (source .. notes), silicon (id .. silicon_tpot_ms), argonne (Hardware .. Throughput)";
        return Err(Problem::new("unknown_header", message).file(&source.name).line(1).into());
    };
    let sheet = Sheet::read(&source.text, &source.name, schema.columns(), &[])?;
    let readings = match schema {
        Schema::Measured => measured::readings(file, source, &sheet, names),
        Schema::Silicon => silicon::readings(file, source, &sheet, names),
        Schema::Argonne => argonne::readings(file, source, &sheet, names),
    }?;
    Ok((schema, readings))
}
