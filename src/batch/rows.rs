//! Rows that a step gives, put together cell by cell.

use std::sync::Arc;

use arrow_array::builder::{BinaryBuilder, BooleanBuilder, Int64Builder, ListBuilder, StringBuilder};
use arrow_array::{ArrayRef, RecordBatch, RecordBatchOptions};
use arrow_schema::{DataType, Field, Schema, SchemaRef};

use crate::document::DocId;

/// Rows of a batch that is handed on.
const ROWS: usize = 1 << 14;

/// Bytes of texts from which a batch is handed on sooner: offsets have 31 bits.
const BYTES: usize = 32 << 20;

/// What a column holds.
#[derive(Clone, Copy, Debug)]
pub(super) enum Kind {
    Number,
    Text,
    Bytes,
    Flag,
    Numbers,
    Texts,
}

/// A column: its name, what it holds, and whether cells may be empty.
#[derive(Clone, Copy, Debug)]
pub(super) struct Column(pub(super) &'static str, pub(super) Kind, pub(super) bool);

/// A column with something in every cell.
pub(super) const fn of(name: &'static str, kind: Kind) -> Column {
    Column(name, kind, false)
}

/// A column with empty cells.
pub(super) const fn maybe(name: &'static str, kind: Kind) -> Column {
    Column(name, kind, true)
}

/// One cell, of the kind of its column.
#[derive(Clone, Copy, Debug)]
pub(super) enum Cell<'r> {
    Nothing,
    Number(i64),
    Text(&'r str),
    Bytes(&'r [u8]),
    Flag(bool),
    Numbers(&'r [i64]),
    Texts(&'r [String]),
}

impl Cell<'_> {
    /// A count; those of what is in memory stay below 2^63.
    pub(super) fn count(count: usize) -> Self {
        Self::Number(i64::try_from(count).unwrap_or(i64::MAX))
    }

    /// A document.
    pub(super) fn document(id: DocId) -> Self {
        Self::Number(id.as_u32().into())
    }
}

impl<'r> Cell<'r> {
    /// A text, or nothing.
    pub(super) fn text(text: Option<&'r str>) -> Self {
        text.map_or(Self::Nothing, Self::Text)
    }
}

/// The columns as Arrow has them.
pub(super) fn schema(columns: &[Column]) -> SchemaRef {
    let field = |Column(name, kind, is_optional): &Column| {
        let item = |kind| DataType::List(Field::new_list_field(kind, true).into());
        let kind = match kind {
            Kind::Number => DataType::Int64,
            Kind::Text => DataType::Utf8,
            Kind::Bytes => DataType::Binary,
            Kind::Flag => DataType::Boolean,
            Kind::Numbers => item(DataType::Int64),
            Kind::Texts => item(DataType::Utf8),
        };
        Field::new(*name, kind, *is_optional)
    };
    Schema::new(columns.iter().map(field).collect::<Vec<_>>()).into()
}

enum Builder {
    Number(Int64Builder),
    Text(StringBuilder),
    Bytes(BinaryBuilder),
    Flag(BooleanBuilder),
    Numbers(ListBuilder<Int64Builder>),
    Texts(ListBuilder<StringBuilder>),
}

impl Builder {
    fn new(kind: Kind) -> Self {
        match kind {
            Kind::Number => Self::Number(Int64Builder::new()),
            Kind::Text => Self::Text(StringBuilder::new()),
            Kind::Bytes => Self::Bytes(BinaryBuilder::new()),
            Kind::Flag => Self::Flag(BooleanBuilder::new()),
            Kind::Numbers => Self::Numbers(ListBuilder::new(Int64Builder::new())),
            Kind::Texts => Self::Texts(ListBuilder::new(StringBuilder::new())),
        }
    }

    /// Appends a cell, and gives the bytes that it takes.
    fn push(&mut self, cell: Cell<'_>) -> usize {
        match (self, cell) {
            (Self::Number(builder), Cell::Number(number)) => builder.append_value(number),
            (Self::Text(builder), Cell::Text(text)) => {
                builder.append_value(text);
                return text.len();
            }
            (Self::Bytes(builder), Cell::Bytes(bytes)) => {
                builder.append_value(bytes);
                return bytes.len();
            }
            (Self::Flag(builder), Cell::Flag(flag)) => builder.append_value(flag),
            (Self::Numbers(builder), Cell::Numbers(numbers)) => {
                builder.values().append_slice(numbers);
                builder.append(true);
                return size_of_val(numbers);
            }
            (Self::Texts(builder), Cell::Texts(texts)) => {
                texts.iter().for_each(|text| builder.values().append_value(text));
                builder.append(true);
                return texts.iter().map(String::len).sum();
            }
            // Nothing; a cell of another kind cannot be, which tests hold.
            (Self::Number(builder), _) => builder.append_null(),
            (Self::Text(builder), _) => builder.append_null(),
            (Self::Bytes(builder), _) => builder.append_null(),
            (Self::Flag(builder), _) => builder.append_null(),
            (Self::Numbers(builder), _) => builder.append(false),
            (Self::Texts(builder), _) => builder.append(false),
        }
        0
    }

    fn finish(&mut self) -> ArrayRef {
        match self {
            Self::Number(builder) => Arc::new(builder.finish()),
            Self::Text(builder) => Arc::new(builder.finish()),
            Self::Bytes(builder) => Arc::new(builder.finish()),
            Self::Flag(builder) => Arc::new(builder.finish()),
            Self::Numbers(builder) => Arc::new(builder.finish()),
            Self::Texts(builder) => Arc::new(builder.finish()),
        }
    }
}

/// Rows that are not handed on yet, and batches that are ready.
pub(super) struct Rows {
    schema: SchemaRef,
    columns: Vec<Builder>,
    rows: usize,
    bytes: usize,
    ready: Vec<RecordBatch>,
}

impl Rows {
    /// None yet.
    pub(super) fn new(columns: &[Column]) -> Self {
        let builders = columns.iter().map(|Column(_, kind, _)| Builder::new(*kind)).collect();
        Self { schema: schema(columns), columns: builders, rows: 0, bytes: 0, ready: Vec::new() }
    }

    /// The columns.
    pub(super) fn schema(&self) -> SchemaRef {
        Arc::clone(&self.schema)
    }

    /// Adds a row, a cell a column.
    pub(super) fn push<const N: usize>(&mut self, cells: [Cell<'_>; N]) {
        self.extend(cells);
    }

    /// The same of so many cells as there are.
    pub(super) fn extend<'c>(&mut self, cells: impl IntoIterator<Item = Cell<'c>>) {
        let bytes: usize = self.columns.iter_mut().zip(cells).map(|(column, cell)| column.push(cell)).sum();
        self.bytes += bytes;
        self.rows += 1;
        if self.rows >= ROWS || self.bytes >= BYTES {
            self.cut();
        }
    }

    /// The batches that are ready.
    pub(super) fn take(&mut self) -> Vec<RecordBatch> {
        std::mem::take(&mut self.ready)
    }

    /// All that there is.
    pub(super) fn finish(&mut self) -> Vec<RecordBatch> {
        if self.rows > 0 {
            self.cut();
        }
        self.take()
    }

    fn cut(&mut self) {
        let arrays = self.columns.iter_mut().map(Builder::finish).collect();
        let options = RecordBatchOptions::new().with_row_count(Some(self.rows));
        let batch = RecordBatch::try_new_with_options(self.schema(), arrays, &options);
        self.ready.push(batch.expect("a row has a cell for every column"));
        (self.rows, self.bytes) = (0, 0);
    }
}

/// Rows of one key that follow each other, whatever batches they come in.
#[derive(Debug)]
pub(super) struct Group<K, R> {
    key: Option<K>,
    rows: Vec<R>,
}

impl<K, R> Default for Group<K, R> {
    fn default() -> Self {
        Self { key: None, rows: Vec::new() }
    }
}

impl<K: PartialEq, R> Group<K, R> {
    /// Takes a row; hands out those before it if it is of another key.
    pub(super) fn push(&mut self, key: K, row: R, whole: impl FnMut(K, &mut Vec<R>)) {
        if self.key.as_ref() != Some(&key) {
            self.finish(whole);
            self.key = Some(key);
        }
        self.rows.push(row);
    }

    /// Hands out the rows that are left.
    pub(super) fn finish(&mut self, mut whole: impl FnMut(K, &mut Vec<R>)) {
        if let Some(key) = self.key.take() {
            whole(key, &mut self.rows);
            self.rows.clear();
        }
    }
}
