//! The columns of a Parquet file that give fields, and their values.
//!
//! A field inside a structure is found as one in an object of JSON is, and a
//! list stands for its first member, except as a text. The layers that the
//! format puts around the members of lists have no names of their own.

use std::borrow::Cow;

use parquet::basic::{ConvertedType, LogicalType, TimeUnit, Type as Physical};
use parquet::column::reader::{ColumnReader, ColumnReaderImpl};
use parquet::data_type::{ByteArray, DataType};
use parquet::errors::{ParquetError, Result};
use parquet::file::reader::{ChunkReader, FileReader, SerializedFileReader};
use parquet::schema::types::{ColumnDescriptor, SchemaDescriptor, Type};

use jiff::Timestamp;
use jiff::tz::TimeZone;

use crate::read::adapter::Context;
use crate::read::encoding::declared::REPLACED;
use crate::read::fields::{Field, FieldTree, Wanted};
use crate::read::record::{Record, Trouble};
use crate::time::Published;

/// Seconds of a day.
const DAY_SECONDS: i64 = 86_400;

/// What a column's values are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Text,
    Uuid,
    Number,
    Unsigned,
    Date,
    /// An instant, or a time without a zone: so many to a second.
    Time {
        per_second: i64,
        is_instant: bool,
    },
    Odd(&'static str),
}

/// A column that gives fields.
#[derive(Debug)]
pub(crate) struct Column {
    pub(crate) wanted: Vec<Wanted>,
    /// Its number among all that hold values.
    index: usize,
    kind: Kind,
    name: String,
    /// The level at which there is a value.
    max_level: i16,
}

/// What is wanted of a file.
pub(crate) struct Columns<'t> {
    pub(crate) wanted: Vec<Column>,
    /// Fields at places that hold no single value.
    pub(crate) odd: Vec<(Wanted, &'static str)>,
    tree: &'t FieldTree,
}

impl<'t> Columns<'t> {
    /// The error says that no column holds texts, and why.
    pub(crate) fn new(schema: &SchemaDescriptor, context: &Context<'t>) -> std::result::Result<Self, String> {
        let mut columns = Self { wanted: Vec::new(), odd: Vec::new(), tree: context.tree };
        let mut index = 0;
        for field in schema.root_schema().get_fields() {
            let name = field.name();
            let place = columns.tree.below(name).or_else(|| columns.tree.below(&name.to_lowercase()));
            columns.add(field, place, false, &mut index);
        }
        for column in &mut columns.wanted {
            let descriptor = schema.column(column.index);
            (column.kind, column.max_level) = (kind(&descriptor), descriptor.max_def_level());
            column.name = descriptor.path().string();
        }
        let gives_text = |wanted: &Wanted| matches!(wanted.field, Field::Text | Field::Html);
        let is_text =
            |column: &&Column| matches!(column.kind, Kind::Text) && column.wanted.iter().any(gives_text);
        if columns.wanted.iter().any(|column| is_text(&column)) {
            return Ok(columns);
        }
        let of_kind = columns.wanted.iter().find(|column| column.wanted.iter().any(gives_text));
        let odd = columns.odd.iter().find(|(wanted, _)| gives_text(wanted)).map(|(_, kind)| *kind);
        match of_kind.map(|column| column.kind.described()).or(odd) {
            Some(kind) => Err(Trouble::OddText(kind).reason(context.fields)),
            None => {
                let names: Vec<&str> =
                    schema.root_schema().get_fields().iter().map(|field| field.name()).collect();
                Err(format!(
                    "a table without a column for the text; its columns are {}; name the right one with --field \
                     text=COLUMN",
                    names.join(", ")
                ))
            }
        }
    }

    /// Adds the columns of `node`, which stands at `place` of a record.
    fn add(&mut self, node: &Type, place: Option<&FieldTree>, in_list: bool, index: &mut usize) {
        let info = node.get_basic_info();
        let in_list =
            in_list || (info.has_repetition() && info.repetition() == parquet::basic::Repetition::REPEATED);
        let mut wanted: Vec<Wanted> = place.map(|place| place.wanted().to_vec()).unwrap_or_default();
        if in_list {
            self.odd.extend(wanted.iter().filter(|w| w.field == Field::Text).map(|&w| (w, "an array")));
            wanted.retain(|wanted| wanted.field != Field::Text);
        }
        if node.is_primitive() {
            if !wanted.is_empty() {
                self.wanted.push(Column {
                    wanted,
                    index: *index,
                    kind: Kind::Text,
                    name: String::new(),
                    max_level: 0,
                });
            }
            *index += 1;
            return;
        }
        let is = |converted, logical: &LogicalType| {
            info.converted_type() == converted || info.logical_type_ref() == Some(logical)
        };
        let is_map = is(ConvertedType::MAP, &LogicalType::Map)
            || info.converted_type() == ConvertedType::MAP_KEY_VALUE;
        match node.get_fields() {
            [member] if is(ConvertedType::LIST, &LogicalType::List) => {
                let member = match member.is_group().then(|| member.get_fields()) {
                    Some([inner]) if member.name() != "array" && !member.name().ends_with("_tuple") => inner,
                    _ => member,
                };
                self.add(member, place, true, index);
            }
            fields => {
                self.odd.extend(wanted.iter().map(|&wanted| (wanted, "an object")));
                for field in fields {
                    let below = place.filter(|_| !is_map).and_then(|place| place.below(field.name()));
                    self.add(field, below, in_list, index);
                }
            }
        }
    }

    /// The values of a group of rows, for each wanted column.
    pub(crate) fn open<R: ChunkReader + 'static>(
        &self,
        file: &SerializedFileReader<R>,
        group: usize,
    ) -> Result<Vec<Values<'_>>> {
        let (metadata, reader) = (file.metadata().row_group(group), file.get_row_group(group)?);
        let mut opened = Vec::with_capacity(self.wanted.len());
        for column in &self.wanted {
            if column.index >= metadata.num_columns() {
                return Err(ParquetError::General("a group of rows lacks columns".to_owned()));
            }
            // The crate takes these for right.
            let chunk = metadata.column(column.index);
            let start = chunk.dictionary_page_offset().unwrap_or(chunk.data_page_offset());
            if start < 0 || chunk.data_page_offset() < 0 || chunk.compressed_size() < 0 {
                return Err(ParquetError::General(format!(
                    "column {} has no place in the file",
                    column.name
                )));
            }
            opened.push(Values { column, reader: reader.get_column_reader(column.index)? });
        }
        Ok(opened)
    }

    /// What the wanted columns of a group of rows have in bytes, as far as
    /// the index is right.
    pub(crate) fn unpacked_bytes<R: ChunkReader + 'static>(
        &self,
        file: &SerializedFileReader<R>,
        group: usize,
    ) -> u64 {
        let columns = file.metadata().row_group(group).columns();
        let sizes = self.wanted.iter().filter_map(|column| columns.get(column.index));
        sizes.map(|chunk| u64::try_from(chunk.uncompressed_size()).unwrap_or(0)).fold(0, u64::saturating_add)
    }
}

impl Kind {
    /// What it is, where a text is looked for.
    fn described(self) -> &'static str {
        match self {
            Self::Text => "a string",
            Self::Uuid => "a UUID",
            Self::Number | Self::Unsigned => "a number",
            Self::Date | Self::Time { .. } => "a date",
            Self::Odd(kind) => kind,
        }
    }
}

fn kind(column: &ColumnDescriptor) -> Kind {
    use ConvertedType as C;
    let converted = column.converted_type();
    let time = |per_second, is_instant| Kind::Time { per_second, is_instant };
    match (column.physical_type(), column.logical_type_ref()) {
        (Physical::BOOLEAN, _) => Kind::Odd("true or false"),
        (_, Some(LogicalType::Decimal(_))) => Kind::Odd("a decimal number"),
        (_, Some(LogicalType::Time(_))) => Kind::Odd("a time of day"),
        (Physical::INT96, _) => time(1, true),
        (Physical::INT32, Some(LogicalType::Date)) => Kind::Date,
        (Physical::INT64, Some(LogicalType::Timestamp(kind))) => {
            let per_second = match kind.unit {
                TimeUnit::MILLIS => 1_000,
                TimeUnit::MICROS => 1_000_000,
                TimeUnit::NANOS => 1_000_000_000,
            };
            time(per_second, kind.is_adjusted_to_u_t_c)
        }
        (Physical::FIXED_LEN_BYTE_ARRAY, Some(LogicalType::Uuid)) => Kind::Uuid,
        (Physical::FIXED_LEN_BYTE_ARRAY, Some(LogicalType::Float16)) => Kind::Odd("a number"),
        (_, Some(LogicalType::Bson)) => Kind::Odd("BSON"),
        (physical, _) => match (physical, converted) {
            (_, C::DECIMAL) => Kind::Odd("a decimal number"),
            (_, C::BSON) => Kind::Odd("BSON"),
            (_, C::INTERVAL) => Kind::Odd("an interval"),
            (_, C::TIME_MILLIS | C::TIME_MICROS) => Kind::Odd("a time of day"),
            (Physical::INT32, C::DATE) => Kind::Date,
            (Physical::INT64, C::TIMESTAMP_MILLIS) => time(1_000, true),
            (Physical::INT64, C::TIMESTAMP_MICROS) => time(1_000_000, true),
            (Physical::INT32 | Physical::INT64, C::UINT_8 | C::UINT_16 | C::UINT_32 | C::UINT_64) => {
                Kind::Unsigned
            }
            (Physical::BYTE_ARRAY | Physical::FIXED_LEN_BYTE_ARRAY, _) => Kind::Text,
            _ => Kind::Number,
        },
    }
}

/// One value of one row.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Cell {
    Nothing,
    /// Bytes that should be UTF-8.
    Text(ByteArray),
    /// A date, written out.
    Written(String),
    Number(String),
    Odd(&'static str),
}

impl Cell {
    /// Its bytes as a text.
    pub(crate) fn len(&self) -> usize {
        match self {
            Self::Text(bytes) => bytes.len(),
            _ => 0,
        }
    }

    /// Puts it into a record.
    pub(crate) fn put(&self, wanted: &[Wanted], record: &mut Record) {
        match self {
            Self::Nothing => {}
            Self::Written(text) => wanted.iter().for_each(|&wanted| record.put(wanted, text)),
            Self::Number(digits) => wanted.iter().for_each(|&wanted| record.put_number(wanted, digits)),
            Self::Odd(kind) => wanted.iter().for_each(|&wanted| record.put_odd(wanted, kind)),
            Self::Text(bytes) => {
                // Checking first is four times as fast as replacing what may be wrong.
                let text = std::str::from_utf8(bytes.data())
                    .map_or_else(|_| String::from_utf8_lossy(bytes.data()), Cow::Borrowed);
                record.note(matches!(text, Cow::Owned(_)).then_some(REPLACED));
                wanted.iter().for_each(|&wanted| record.put(wanted, &text));
            }
        }
    }
}

/// The values of one column in a group of rows.
pub(crate) struct Values<'c> {
    column: &'c Column,
    reader: ColumnReader,
}

impl Values<'_> {
    /// Those of the next `rows` rows.
    pub(crate) fn read(&mut self, rows: usize) -> Result<Vec<Cell>> {
        let Self { column, reader } = self;
        let kind = column.kind;
        match reader {
            ColumnReader::ByteArrayColumnReader(reader) => {
                cells(reader, column, rows, |value| of_bytes(kind, value))
            }
            ColumnReader::FixedLenByteArrayColumnReader(reader) => {
                cells(reader, column, rows, |value| of_bytes(kind, value.into()))
            }
            ColumnReader::Int32ColumnReader(reader) => {
                cells(reader, column, rows, |value| of_integer(kind, value.into()))
            }
            ColumnReader::Int64ColumnReader(reader) => {
                cells(reader, column, rows, |value| of_integer(kind, value))
            }
            ColumnReader::Int96ColumnReader(reader) => {
                cells(reader, column, rows, |value| of_integer(kind, value.to_seconds()))
            }
            ColumnReader::FloatColumnReader(reader) => {
                cells(reader, column, rows, |value| of_float(kind, value.into()))
            }
            ColumnReader::DoubleColumnReader(reader) => {
                cells(reader, column, rows, |value| of_float(kind, value))
            }
            ColumnReader::BoolColumnReader(reader) => {
                cells(reader, column, rows, |_| Cell::Odd(kind.described()))
            }
        }
    }
}

/// The next `rows` values of `reader`, of a list the first.
fn cells<T: DataType>(
    reader: &mut ColumnReaderImpl<T>,
    column: &Column,
    rows: usize,
    cell: impl Fn(T::T) -> Cell,
) -> Result<Vec<Cell>> {
    let (mut values, mut levels, mut repeats) = (Vec::with_capacity(rows), Vec::new(), Vec::new());
    let (found, _, _) = reader.read_records(rows, Some(&mut levels), Some(&mut repeats), &mut values)?;
    if found < rows {
        return Err(ParquetError::EOF(format!("column {} ends before its rows do", column.name)));
    }
    let mut values = values.into_iter();
    if column.max_level == 0 {
        return Ok(values.map(cell).collect());
    }
    let mut cells = Vec::with_capacity(rows);
    for (place, &level) in levels.iter().enumerate() {
        let value = if level == column.max_level { values.next() } else { None };
        if repeats.get(place).is_none_or(|&repeat| repeat == 0) {
            cells.push(value.map_or(Cell::Nothing, &cell));
        }
    }
    if cells.len() != rows {
        return Err(ParquetError::General(format!("column {} has other rows than its group", column.name)));
    }
    Ok(cells)
}

fn of_bytes(kind: Kind, bytes: ByteArray) -> Cell {
    match kind {
        Kind::Text => Cell::Text(bytes),
        Kind::Uuid => {
            let digits: Vec<String> = bytes.data().iter().map(|byte| format!("{byte:02x}")).collect();
            let parts: Vec<String> = [0..4, 4..6, 6..8, 8..10, 10..16]
                .into_iter()
                .filter_map(|part| Some(digits.get(part)?.concat()))
                .collect();
            Cell::Written(parts.join("-"))
        }
        other => Cell::Odd(other.described()),
    }
}

fn of_integer(kind: Kind, value: i64) -> Cell {
    let written = |published: Option<Published>| {
        published.map_or(Cell::Nothing, |date| Cell::Written(date.to_string()))
    };
    let instant = |seconds: i64| Timestamp::from_second(seconds).ok();
    match kind {
        Kind::Number => Cell::Number(value.to_string()),
        Kind::Unsigned => Cell::Number((value as u64).to_string()),
        Kind::Date => {
            let midnight = value.checked_mul(DAY_SECONDS).and_then(instant);
            written(midnight.map(|instant| Published::Date(instant.to_zoned(TimeZone::UTC).date())))
        }
        Kind::Time { per_second, is_instant } => {
            let instant = instant(value.div_euclid(per_second));
            written(instant.map(|instant| match is_instant {
                true => Published::Instant(instant),
                false => Published::Local(instant.to_zoned(TimeZone::UTC).datetime()),
            }))
        }
        other => Cell::Odd(other.described()),
    }
}

fn of_float(kind: Kind, value: f64) -> Cell {
    match kind {
        // Tables of Python write missing values like that.
        _ if value.is_nan() => Cell::Nothing,
        Kind::Number => Cell::Number(value.to_string()),
        other => Cell::Odd(other.described()),
    }
}
