//! Tables as Parquet, with typed columns.
//!
//! Texts are `STRING`, whole numbers `INT64`, ratios `DOUBLE`, flags `BOOLEAN`
//! and times `TIMESTAMP(MICROS, UTC)`; cells that may be empty are optional.
//! Rows are held back a group at a time and written column by column with the
//! low-level writer: nothing in a table is nested, so levels of definition say
//! all, and Arrow would only be carried along. Columns are packed with zstd.

use std::io;

use parquet::basic::{Compression, LogicalType, Repetition, TimeUnit, Type as Physical, ZstdLevel};
use parquet::column::writer::ColumnWriter;
use parquet::data_type::ByteArray;
use parquet::errors::{ParquetError, Result};
use parquet::file::properties::WriterProperties;
use parquet::file::writer::SerializedFileWriter;
use parquet::schema::types::Type;

use super::{Cell, Column, Kind, RenderTables, Table};
use crate::report::Report;

/// Rows of a group: what is held back, and what a reader unpacks at a time.
const GROUP_ROWS: usize = 1 << 16;

const MICROS: i64 = 1_000_000;

/// Parquet, one file a table.
#[derive(Clone, Copy, Debug, Default)]
pub struct ParquetTables;

impl RenderTables for ParquetTables {
    fn extension(&self) -> &'static str {
        "parquet"
    }

    fn render_table(
        &self,
        table: &Table,
        report: &Report,
        out: &mut (dyn io::Write + Send),
    ) -> io::Result<()> {
        let mut file = TableFile::try_new(table, out, GROUP_ROWS)?;
        file.push(report)?;
        file.finish()?;
        Ok(())
    }
}

/// A file of one table, whose rows come report after report.
pub(crate) struct TableFile<'t, W: io::Write + Send> {
    table: &'t Table,
    file: SerializedFileWriter<W>,
    columns: Vec<Held>,
    held_rows: usize,
    group_rows: usize,
}

impl<'t, W: io::Write + Send> TableFile<'t, W> {
    /// Of no rows yet; of so many it makes a group.
    pub(crate) fn try_new(table: &'t Table, out: W, group_rows: usize) -> io::Result<Self> {
        let properties = WriterProperties::builder()
            .set_compression(Compression::ZSTD(ZstdLevel::default()))
            .set_created_by("wirecopy".into());
        let schema = schema(table).map_err(as_it_was)?.into();
        let file = SerializedFileWriter::new(out, schema, properties.build().into()).map_err(as_it_was)?;
        let columns = table.columns.iter().map(Held::new).collect();
        Ok(Self { table, file, columns, held_rows: 0, group_rows })
    }

    /// Takes the rows that a report has of the table.
    pub(crate) fn push(&mut self, report: &Report) -> io::Result<()> {
        for row in self.table.rows(report) {
            self.columns.iter_mut().zip(row).for_each(|(column, cell)| column.push(&cell));
            self.held_rows += 1;
            if self.held_rows >= self.group_rows {
                self.write_group().map_err(as_it_was)?;
            }
        }
        Ok(())
    }

    /// Bytes of the groups that are written.
    #[cfg(feature = "arrow")]
    pub(crate) fn bytes_written(&self) -> usize {
        self.file.bytes_written()
    }

    /// Writes what is left, and gives back what it wrote to.
    pub(crate) fn finish(mut self) -> io::Result<W> {
        if self.held_rows > 0 {
            self.write_group().map_err(as_it_was)?;
        }
        self.file.into_inner().map_err(as_it_was)
    }

    fn write_group(&mut self) -> Result<()> {
        let mut group = self.file.next_row_group()?;
        for column in &mut self.columns {
            let mut writer = group.next_column()?.expect("the schema has every column of the table");
            column.write(writer.untyped())?;
            writer.close()?;
            column.clear();
        }
        group.close()?;
        self.held_rows = 0;
        Ok(())
    }
}

/// The writer's own error, such as a full disk, as it was.
fn as_it_was(error: ParquetError) -> io::Error {
    match error {
        ParquetError::External(error) => match error.downcast::<io::Error>() {
            Ok(error) => *error,
            Err(error) => io::Error::other(error),
        },
        error => io::Error::other(error),
    }
}

fn schema(table: &Table) -> Result<Type> {
    let field = |column: &Column| {
        let (physical, logical) = match column.kind {
            Kind::Text => (Physical::BYTE_ARRAY, Some(LogicalType::String)),
            Kind::Integer => (Physical::INT64, None),
            Kind::Double => (Physical::DOUBLE, None),
            Kind::Flag => (Physical::BOOLEAN, None),
            Kind::Time => (Physical::INT64, Some(LogicalType::timestamp(true, TimeUnit::MICROS))),
        };
        let repetition = if column.is_optional { Repetition::OPTIONAL } else { Repetition::REQUIRED };
        let field = Type::primitive_type_builder(column.name, physical);
        Ok(field.with_repetition(repetition).with_logical_type(logical).build()?.into())
    };
    let fields = table.columns.iter().map(field).collect::<Result<Vec<_>>>()?;
    Type::group_type_builder(table.name).with_fields(fields).build()
}

/// One column of the rows held back.
struct Held {
    is_optional: bool,
    values: Values,
    /// For each row, whether it has a value.
    levels: Vec<i16>,
}

enum Values {
    Texts(Vec<ByteArray>),
    Numbers(Vec<i64>),
    Ratios(Vec<f64>),
    Flags(Vec<bool>),
}

impl Held {
    fn new(column: &Column) -> Self {
        let values = match column.kind {
            Kind::Text => Values::Texts(Vec::new()),
            Kind::Integer | Kind::Time => Values::Numbers(Vec::new()),
            Kind::Double => Values::Ratios(Vec::new()),
            Kind::Flag => Values::Flags(Vec::new()),
        };
        Self { is_optional: column.is_optional, values, levels: Vec::new() }
    }

    fn clear(&mut self) {
        self.levels.clear();
        match &mut self.values {
            Values::Texts(values) => values.clear(),
            Values::Numbers(values) => values.clear(),
            Values::Ratios(values) => values.clear(),
            Values::Flags(values) => values.clear(),
        }
    }

    fn push(&mut self, cell: &Cell<'_>) {
        self.levels.push(i16::from(cell.kind().is_some()));
        match (&mut self.values, cell) {
            (_, Cell::Nothing) => {}
            (Values::Texts(values), Cell::Text(text)) => values.push((&**text).into()),
            (Values::Numbers(values), Cell::Integer(number)) => values.push(*number),
            (Values::Numbers(values), Cell::Time(second)) => values.push(second.saturating_mul(MICROS)),
            (Values::Ratios(values), Cell::Double(ratio)) => values.push(*ratio),
            (Values::Flags(values), Cell::Flag(flag)) => values.push(*flag),
            (_, cell) => unreachable!("{cell:?} is not of the kind of its column"),
        }
    }

    fn write(&self, writer: &mut ColumnWriter<'_>) -> Result<()> {
        let levels = self.is_optional.then_some(self.levels.as_slice());
        match (writer, &self.values) {
            (ColumnWriter::ByteArrayColumnWriter(writer), Values::Texts(values)) => {
                writer.write_batch(values, levels, None)?
            }
            (ColumnWriter::Int64ColumnWriter(writer), Values::Numbers(values)) => {
                writer.write_batch(values, levels, None)?
            }
            (ColumnWriter::DoubleColumnWriter(writer), Values::Ratios(values)) => {
                writer.write_batch(values, levels, None)?
            }
            (ColumnWriter::BoolColumnWriter(writer), Values::Flags(values)) => {
                writer.write_batch(values, levels, None)?
            }
            _ => unreachable!("the schema is made of the same columns"),
        };
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use bytes::Bytes;
    use parquet::file::reader::{FileReader, SerializedFileReader};
    use parquet::record::Field;

    use super::*;
    use crate::render::sample;
    use crate::render::tables::TABLES;

    fn as_cell(field: &Field) -> Cell<'_> {
        match field {
            Field::Null => Cell::Nothing,
            Field::Str(text) => Cell::Text(text.as_str().into()),
            Field::Long(number) => Cell::Integer(*number),
            Field::Double(ratio) => Cell::Double(*ratio),
            Field::Bool(flag) => Cell::Flag(*flag),
            Field::TimestampMicros(micros) => Cell::Time(micros / MICROS),
            other => panic!("{other:?} is of no kind that is written"),
        }
    }

    #[test]
    fn every_table_reads_back_cell_by_cell() {
        let report = sample::report();
        for table in TABLES {
            let mut out = Vec::new();
            ParquetTables.render_table(table, &report, &mut out).unwrap();
            let file = SerializedFileReader::new(Bytes::from(out)).unwrap();
            let rows: Vec<_> = file.get_row_iter(None).unwrap().map(|row| row.unwrap()).collect();
            let read: Vec<Vec<(&str, Cell<'_>)>> = rows
                .iter()
                .map(|row| {
                    row.get_column_iter().map(|(name, field)| (name.as_str(), as_cell(field))).collect()
                })
                .collect();
            let names = || table.columns.iter().map(|column| column.name);
            let written: Vec<Vec<(&str, Cell<'_>)>> =
                table.rows(&report).map(|row| names().zip(row).collect()).collect();
            assert_eq!(read, written, "{}", table.name);
        }
    }

    #[test]
    fn a_table_without_rows_has_its_columns_all_the_same() {
        let report = Report { repeats: Vec::new(), ..sample::report() };
        let table = TABLES.iter().find(|table| table.name == "repeats").unwrap();
        let mut out = Vec::new();
        ParquetTables.render_table(table, &report, &mut out).unwrap();
        let file = SerializedFileReader::new(Bytes::from(out)).unwrap();
        let schema = file.metadata().file_metadata().schema_descr();
        assert_eq!(schema.num_columns(), table.columns.len());
        assert_eq!(file.metadata().file_metadata().num_rows(), 0);
    }

    #[test]
    fn the_error_of_the_writer_comes_back_as_it_was() {
        struct Full;
        impl io::Write for Full {
            fn write(&mut self, _: &[u8]) -> io::Result<usize> {
                Err(io::ErrorKind::StorageFull.into())
            }
            fn flush(&mut self) -> io::Result<()> {
                Ok(())
            }
        }
        let error = ParquetTables.render_table(&TABLES[1], &sample::report(), &mut Full).unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::StorageFull);
    }
}
