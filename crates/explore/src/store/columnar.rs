//! A finished table as one Parquet file, for those who read it with a data frame.

use parquet::{
    basic::{Compression, ConvertedType, Repetition, Type as Physical},
    data_type::{ByteArray, ByteArrayType, DataType, DoubleType, Int64Type},
    errors::ParquetError,
    file::{metadata::KeyValue, properties::WriterProperties, writer::SerializedFileWriter},
    schema::types::Type,
};
use std::{fs, io, path::Path, sync::Arc};

use super::{Manifest, StoreError, line, table::each_block};

/// The file's name in a folder.
pub const PARQUET: &str = "runs.parquet";
/// Values of a group of rows, which are held in memory: 32 MB.
const GROUP_VALUES: usize = 4_000_000;

/// Writes `runs.parquet` beside a folder's `runs.csv`: the same rows and columns, outputs and reason null where there are
/// none, the manifest among the file's metadata. Memory holds one group of rows.
///
/// # Errors
/// A folder that is unfinished, damaged, or cannot be written.
pub fn write_parquet(folder: &Path) -> Result<(), StoreError> {
    let manifest = Manifest::read(folder)?;
    let path = folder.join(PARQUET);
    let partial = path.with_extension("partial");
    let wrong = |error: ParquetError| StoreError::unwritable(&path, &io::Error::other(error));
    let file = fs::File::create(&partial).map_err(|error| StoreError::unwritable(&path, &error))?;
    let properties = WriterProperties::builder()
        .set_compression(Compression::SNAPPY)
        .set_created_by("explore".into())
        .set_key_value_metadata(Some(vec![KeyValue::new("manifest".into(), Some(manifest.text()))]))
        .build();
    let schema = schema(&manifest).map_err(wrong)?;
    let mut writer = SerializedFileWriter::new(file, schema, Arc::new(properties)).map_err(wrong)?;
    let mut group = Group::new(&manifest);
    each_block(folder, &manifest, |_, text| {
        for text in text.lines() {
            // Its checksum was right, so that it is what was written.
            group.take(text).ok_or_else(|| StoreError::new("damaged", folder, "holds a line that is no run"))?;
        }
        if group.values() >= GROUP_VALUES {
            group.write(&mut writer).map_err(wrong)?;
        }
        Ok(true)
    })?;
    group.write(&mut writer).map_err(wrong)?;
    writer.close().map_err(wrong)?;
    fs::rename(&partial, &path).map_err(|error| StoreError::unwritable(&path, &error))
}

fn schema(manifest: &Manifest) -> Result<Arc<Type>, ParquetError> {
    let headers = manifest.headers();
    let column = |(index, name): (usize, &String)| {
        let (physical, repetition, converted) = if index == 0 {
            (Physical::INT64, Repetition::REQUIRED, ConvertedType::NONE)
        } else if index <= manifest.inputs.len() {
            (Physical::DOUBLE, Repetition::REQUIRED, ConvertedType::NONE)
        } else if index < headers.len() - 1 {
            (Physical::DOUBLE, Repetition::OPTIONAL, ConvertedType::NONE)
        } else {
            (Physical::BYTE_ARRAY, Repetition::OPTIONAL, ConvertedType::UTF8)
        };
        let column = Type::primitive_type_builder(name, physical).with_repetition(repetition);
        column.with_converted_type(converted).build().map(Arc::new)
    };
    let columns = headers.iter().enumerate().map(column).collect::<Result<Vec<_>, _>>()?;
    Type::group_type_builder("runs").with_fields(columns).build().map(Arc::new)
}

/// Rows that are not written yet, column by column; a level of 0 marks a null.
struct Group {
    runs: Vec<i64>,
    inputs: Vec<Vec<f64>>,
    outputs: Vec<Vec<f64>>,
    given: Vec<i16>,
    reasons: Vec<ByteArray>,
    failed: Vec<i16>,
}

impl Group {
    fn new(manifest: &Manifest) -> Self {
        let columns = |count: usize| vec![Vec::new(); count];
        Self {
            runs: Vec::new(),
            inputs: columns(manifest.inputs.len()),
            outputs: columns(manifest.width()),
            given: Vec::new(),
            reasons: Vec::new(),
            failed: Vec::new(),
        }
    }

    fn values(&self) -> usize {
        self.runs.len() * (self.inputs.len() + self.outputs.len())
    }

    fn take(&mut self, text: &str) -> Option<()> {
        let inputs = self.inputs.len();
        let parsed = line::parse(text, inputs + self.outputs.len())?;
        self.runs.push(parsed.run as i64);
        for (index, field) in parsed.fields.enumerate() {
            if index < inputs {
                self.inputs[index].push(field.parse().ok()?);
            } else if parsed.failure.is_none() {
                self.outputs[index - inputs].push(field.parse().ok()?);
            }
        }
        self.given.push(i16::from(parsed.failure.is_none()));
        self.failed.push(i16::from(parsed.failure.is_some()));
        self.reasons.extend(parsed.failure.map(|reason| ByteArray::from(reason.into_bytes())));
        Some(())
    }

    fn write(&mut self, writer: &mut SerializedFileWriter<fs::File>) -> Result<(), ParquetError> {
        if self.runs.is_empty() {
            return Ok(());
        }
        let mut rows = writer.next_row_group()?;
        let mut put = Put(&mut rows);
        put.column::<Int64Type>(&self.runs, None)?;
        for input in &self.inputs {
            put.column::<DoubleType>(input, None)?;
        }
        for output in &self.outputs {
            put.column::<DoubleType>(output, Some(&self.given))?;
        }
        put.column::<ByteArrayType>(&self.reasons, Some(&self.failed))?;
        rows.close()?;
        self.runs.clear();
        self.inputs.iter_mut().chain(&mut self.outputs).for_each(Vec::clear);
        self.given.clear();
        self.reasons.clear();
        self.failed.clear();
        Ok(())
    }
}

/// Writes columns one after another.
struct Put<'a, 'b>(&'a mut parquet::file::writer::SerializedRowGroupWriter<'b, fs::File>);

impl Put<'_, '_> {
    fn column<T: DataType>(&mut self, values: &[T::T], levels: Option<&[i16]>) -> Result<(), ParquetError> {
        let column = self.0.next_column()?;
        let mut column = column.ok_or_else(|| ParquetError::General("a column too many".into()))?;
        column.typed::<T>().write_batch(values, levels, None)?;
        column.close()
    }
}
