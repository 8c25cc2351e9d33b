//! Parquet: rows are left out of every column, and texts are cut.
//!
//! The schema, the key-value metadata and the compression of each column are
//! those of the input, and groups of rows stay groups; encodings, pages and
//! statistics are made anew. Values are copied with their levels, so lists and
//! structures of any depth stay. Memory is [`BATCH_ROWS`] rows of one column,
//! and a group of rows as it is written.

use std::collections::HashMap;
use std::io::{self, Read};
use std::sync::Arc;

use bytes::Bytes;
use parquet::basic::{Compression, Type as Physical};
use parquet::column::reader::{ColumnReader, ColumnReaderImpl};
use parquet::column::writer::{ColumnWriter, ColumnWriterImpl};
use parquet::data_type::{ByteArray, DataType};
use parquet::errors::{ParquetError, Result};
use parquet::file::properties::WriterProperties;
use parquet::file::reader::{ChunkReader, FileReader, SerializedFileReader};
use parquet::file::writer::SerializedFileWriter;
use parquet::schema::types::{ColumnDescriptor, SchemaDescriptor};

use super::{Fate, Fates, Joined, TEXT_NOT_FOUND, Uncut};
use crate::dedup;
use crate::read::again::Original;
use crate::read::fields::{Field, FieldTree};

/// Rows of a column in memory at a time.
const BATCH_ROWS: u64 = 1024;

pub(super) fn write(original: &Original, fates: &Fates<'_, '_>, out: &mut Joined<'_>) -> io::Result<Uncut> {
    let written = if original.is_packed {
        let mut bytes = Vec::new();
        original.open()?.stream.read_to_end(&mut bytes)?;
        copy(Bytes::from(bytes), fates, out)
    } else {
        copy(original.bytes()?, fates, out)
    };
    written.map_err(|error| match error {
        // A full disk or a closed pipe says so itself.
        ParquetError::External(source) => match source.downcast::<io::Error>() {
            Ok(error) => *error,
            Err(source) => io::Error::other(source),
        },
        error => io::Error::other(format!("the Parquet file cannot be copied: {error}")),
    })
}

/// What is to be done with the rows of a file.
struct Rows<'f> {
    fates: &'f Fates<'f, 'f>,
    /// For each row whose text is cut, the column that gives it.
    text_column: HashMap<u64, usize>,
}

fn copy<R: ChunkReader + 'static>(chunks: R, fates: &Fates<'_, '_>, out: &mut Joined<'_>) -> Result<Uncut> {
    let file = SerializedFileReader::new(chunks)?;
    let metadata = file.metadata().file_metadata();
    let schema = metadata.schema_descr();
    let mut properties =
        WriterProperties::builder().set_key_value_metadata(metadata.key_value_metadata().cloned());
    if let Some(group) = file.metadata().row_groups().first() {
        for column in group.columns() {
            let compression = match column.compression() {
                // The old framing of lz4 has no writer any more.
                Compression::LZ4 => Compression::LZ4_RAW,
                Compression::LZO => Compression::UNCOMPRESSED,
                other => other,
            };
            properties = properties.set_column_compression(column.column_path().clone(), compression);
        }
    }
    let mut writer =
        SerializedFileWriter::new(&mut *out, schema.root_schema_ptr(), Arc::new(properties.build()))?;
    let texts = text_columns(schema, fates.tree());
    let (mut behind, mut uncut) = (0, Uncut::new());
    for group in 0..file.num_row_groups() {
        let reader = file.get_row_group(group)?;
        let count = u64::try_from(reader.metadata().num_rows()).unwrap_or(0);
        let (before, numbers) = (behind, behind + 1..=behind + count);
        let place = |column: usize| {
            let max_defined = schema.column(column).max_def_level();
            Place { column, before, count, max_defined }
        };
        behind += count;
        if numbers.clone().all(|row| matches!(fates.of(row), Fate::Goes)) {
            continue;
        }
        let mut rows = Rows { fates, text_column: HashMap::new() };
        if numbers.clone().any(|row| matches!(fates.of(row), Fate::IsCut { .. })) {
            for &column in &texts {
                rows.find_texts(reader.get_column_reader(column)?, place(column))?;
            }
        }
        for row in numbers {
            if let Fate::IsCut { document, .. } = fates.of(row)
                && !rows.text_column.contains_key(&row)
            {
                uncut.push((document, TEXT_NOT_FOUND.to_owned()));
            }
        }
        let mut written = writer.next_row_group()?;
        let mut column = 0;
        while let Some(mut target) = written.next_column()? {
            rows.copy_column(reader.get_column_reader(column)?, target.untyped(), place(column))?;
            target.close()?;
            column += 1;
        }
        written.close()?;
    }
    writer.close()?;
    Ok(uncut)
}

/// The columns that may give a text, the first in the order of names first.
fn text_columns(schema: &SchemaDescriptor, tree: &FieldTree) -> Vec<usize> {
    let rank = |column: &ColumnDescriptor| {
        let mut parts = column.path().parts().iter();
        let first = parts.next()?;
        let mut place = tree.below(first).or_else(|| tree.below(&first.to_lowercase()))?;
        for part in parts {
            place = place.below(part)?;
        }
        let ranks = place.wanted().iter().filter(|wanted| wanted.field == Field::Text);
        ranks.map(|wanted| wanted.rank).min()
    };
    let mut found: Vec<(usize, usize)> = (0..schema.num_columns())
        .filter(|&index| {
            let column = schema.column(index);
            column.physical_type() == Physical::BYTE_ARRAY && column.max_rep_level() == 0
        })
        .filter_map(|index| Some((rank(&schema.column(index))?, index)))
        .collect();
    found.sort_unstable();
    found.into_iter().map(|(_, index)| index).collect()
}

/// A column in a group of rows: those behind the row `before`.
#[derive(Clone, Copy)]
struct Place {
    column: usize,
    before: u64,
    count: u64,
    /// The level at which there is a value.
    max_defined: i16,
}

/// Copies one column with its type.
macro_rules! of_same_type {
    ($rows:ident, $source:expr, $target:expr, $place:expr, $($reader:ident $writer:ident),*) => {
        match ($source, $target) {
            (ColumnReader::ByteArrayColumnReader(source), ColumnWriter::ByteArrayColumnWriter(target)) => {
                $rows.copy_values(source, target, $place, |row, value| $rows.cut($place.column, row, value))
            }
            $((ColumnReader::$reader(source), ColumnWriter::$writer(target)) => {
                $rows.copy_values(source, target, $place, |_, _| {})
            })*
            _ => Err(ParquetError::General("a column is of another type than its schema says".to_owned())),
        }
    };
}

impl Rows<'_> {
    /// Notes the rows whose text this column has.
    fn find_texts(&mut self, reader: ColumnReader, place: Place) -> Result<()> {
        let ColumnReader::ByteArrayColumnReader(mut reader) = reader else { return Ok(()) };
        let mut batch = Batch::default();
        let mut row = place.before;
        while row < place.before + place.count {
            batch.read(&mut reader, place, row)?;
            let mut values = batch.values.iter();
            for at in 0..batch.len() {
                row += 1;
                let value = if batch.has_value(at, place) { values.next() } else { None };
                if let (Some(value), Fate::IsCut { document, .. }) = (value, self.fates.of(row))
                    && value.data() == self.fates.text(document).as_bytes()
                {
                    self.text_column.entry(row).or_insert(place.column);
                }
            }
        }
        Ok(())
    }

    /// Cuts a text, if this column gives it.
    fn cut(&self, column: usize, row: u64, value: &mut ByteArray) {
        if let Fate::IsCut { document, cuts } = self.fates.of(row)
            && self.text_column.get(&row) == Some(&column)
        {
            *value = ByteArray::from(dedup::apply(&self.fates.text(document), cuts).into_bytes());
        }
    }

    fn copy_column(&self, source: ColumnReader, target: &mut ColumnWriter<'_>, place: Place) -> Result<()> {
        of_same_type!(
            self, source, target, place,
            BoolColumnReader BoolColumnWriter,
            Int32ColumnReader Int32ColumnWriter,
            Int64ColumnReader Int64ColumnWriter,
            Int96ColumnReader Int96ColumnWriter,
            FloatColumnReader FloatColumnWriter,
            DoubleColumnReader DoubleColumnWriter,
            FixedLenByteArrayColumnReader FixedLenByteArrayColumnWriter
        )
    }

    /// Copies the values of the rows that stay.
    fn copy_values<T: DataType>(
        &self,
        mut source: ColumnReaderImpl<T>,
        target: &mut ColumnWriterImpl<'_, T>,
        place: Place,
        change: impl Fn(u64, &mut T::T),
    ) -> Result<()> {
        let mut batch = Batch::default();
        let mut row = place.before;
        while row < place.before + place.count {
            batch.read(&mut source, place, row)?;
            let mut left = Batch::default();
            let mut values = std::mem::take(&mut batch.values).into_iter();
            for at in 0..batch.len() {
                row += u64::from(batch.repeated.get(at).is_none_or(|&level| level == 0));
                let value = if batch.has_value(at, place) { values.next() } else { None };
                if matches!(self.fates.of(row), Fate::Goes) {
                    continue;
                }
                left.defined.extend(batch.defined.get(at));
                left.repeated.extend(batch.repeated.get(at));
                if let Some(mut value) = value {
                    change(row, &mut value);
                    left.values.push(value);
                }
            }
            let defined = (!batch.defined.is_empty()).then_some(left.defined.as_slice());
            let repeated = (!batch.repeated.is_empty()).then_some(left.repeated.as_slice());
            target.write_batch(&left.values, defined, repeated)?;
        }
        Ok(())
    }
}

/// Some rows of one column.
#[derive(Default)]
struct Batch<V> {
    values: Vec<V>,
    /// Empty where every place has a value.
    defined: Vec<i16>,
    /// Empty where every place is a row.
    repeated: Vec<i16>,
    rows: usize,
}

impl<V> Batch<V> {
    /// Reads the next rows of the column, those behind `row`, in place of what
    /// it holds.
    fn read<T: DataType<T = V>>(
        &mut self,
        reader: &mut ColumnReaderImpl<T>,
        place: Place,
        row: u64,
    ) -> Result<()> {
        let wanted = (place.before + place.count - row).min(BATCH_ROWS) as usize;
        (self.values, self.defined, self.repeated) = (Vec::new(), Vec::new(), Vec::new());
        let levels = (Some(&mut self.defined), Some(&mut self.repeated));
        let (found, _, _) = reader.read_records(wanted, levels.0, levels.1, &mut self.values)?;
        if found < wanted {
            return Err(ParquetError::EOF("a column ends before its rows do".to_owned()));
        }
        self.rows = found;
        Ok(())
    }

    /// Places: values and what stands where there is none.
    fn len(&self) -> usize {
        self.defined.len().max(self.repeated.len()).max(self.rows)
    }

    fn has_value(&self, at: usize, place: Place) -> bool {
        self.defined.get(at).is_none_or(|&level| level == place.max_defined)
    }
}
